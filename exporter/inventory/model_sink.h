/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file model_sink.h
 * A sink that fills a host model of the caller: for commands that read captures and print hosts.
 */
#ifndef EXPORTER_INVENTORY_MODEL_SINK_H
#define EXPORTER_INVENTORY_MODEL_SINK_H

#include "hosts/host_filter.h"
#include "hosts/host_model.h"
#include <synfix/module.h>

/** The value of module_spec_t.argument for model_module; both pointers must outlive the pipeline. */
typedef struct model_sink_argument {
    host_model_t *model;
    const host_filter_t *filter; /* applies times and nets only; NULL: all hosts */
} model_sink_argument_t;

extern const synfix_module_t model_module;

#endif
