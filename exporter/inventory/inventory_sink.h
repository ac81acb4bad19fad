/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file inventory_sink.h
 * The sink `inventory:PATH`: hosts in an SQLite database.
 */
#ifndef EXPORTER_INVENTORY_INVENTORY_SINK_H
#define EXPORTER_INVENTORY_INVENTORY_SINK_H

#include <synfix/module.h>

extern const synfix_module_t inventory_module;

#endif
