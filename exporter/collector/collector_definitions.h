/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file collector_definitions.h
 * Definition files that let collectors name our elements, generated from the information model.
 */
#ifndef EXPORTER_COLLECTOR_COLLECTOR_DEFINITIONS_H
#define EXPORTER_COLLECTOR_COLLECTOR_DEFINITIONS_H

#include "exporter/information_model/information_model.h"
#include <glib.h>

typedef struct collector_format {
    const char *name; /* of --format */
    const char *file; /* under ipfix-templates/collectors/ */
    const char *tool;
    void (*write)(const ipfix_model_t *model, GString *out);
} collector_format_t;

/** Terminated by an entry whose name is NULL. */
extern const collector_format_t collector_formats[];

/** Returns NULL for an unknown name. */
const collector_format_t *collector_format_find(const char *name);

/** Appends a Lua script for Wireshark that names the elements of @p model. */
void collector_write_wireshark(const ipfix_model_t *model, GString *out);

#endif
