/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/interface_list.h"
#include <net/if.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define INTERFACES_MAX 1024u
#define ALIAS_MAX      256

static void entry_clear(void *data)
{
    interface_entry_t *const entry = data;
    g_free(entry->name);
    g_free(entry->description);
}

/* `ip link set dev NAME alias TEXT` */
static char *read_alias(const char *name)
{
    g_autofree char *path = g_strdup_printf("/sys/class/net/%s/ifalias", name);
    char text[ALIAS_MAX] = "";
    FILE *file = strchr(name, '/') == NULL ? fopen(path, "re") : NULL;
    if (file != NULL) {
        const size_t length = fread(text, 1, sizeof text - 1, file);
        text[length] = '\0';
        (void)fclose(file);
    }
    g_strstrip(text);
    return g_strdup(text[0] != '\0' ? text : name);
}

static void add(GArray *list, unsigned index, const char *name)
{
    if (index != 0 && list->len < INTERFACES_MAX) {
        const interface_entry_t entry = {index, g_strdup(name), read_alias(name)};
        g_array_append_val(list, entry);
    }
}

static void add_all(GArray *list)
{
    struct if_nameindex *const all = if_nameindex();
    for (const struct if_nameindex *at = all; at != NULL && at->if_index != 0; at++) {
        add(list, at->if_index, at->if_name);
    }
    if (all != NULL) {
        if_freenameindex(all);
    }
}

GArray *interface_list_read(const synfix_module_context_t *context)
{
    GArray *const list = g_array_new(FALSE, FALSE, sizeof(interface_entry_t));
    g_array_set_clear_func(list, entry_clear);
    const bool known = context != NULL && context->live && context->interface != NULL &&
                       context->struct_size > offsetof(synfix_module_context_t, interface);
    for (size_t i = 0; known; i++) {
        const char *const name = context->interface(context->user, i);
        if (name == NULL) {
            break;
        }
        if (strcmp(name, "any") == 0) {
            add_all(list);
        } else {
            add(list, if_nametoindex(name), name);
        }
    }
    return list;
}
