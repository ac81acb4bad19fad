/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file interface_list.h
 * The interfaces that a live pipeline captures: index, name and description.
 */
#ifndef EXPORTER_IPFIX_INTERFACE_LIST_H
#define EXPORTER_IPFIX_INTERFACE_LIST_H

#include <glib.h>
#include <synfix/module.h>

typedef struct interface_entry {
    uint32_t index; /* ifIndex */
    char *name;
    char *description; /* the interface's alias; its name where it has none */
} interface_entry_t;

/** interface_entry_t of the interfaces of @p context as they are now, at most 1024; empty without interfaces.
 */
GArray *interface_list_read(const synfix_module_context_t *context);

#endif
