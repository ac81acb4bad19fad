/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/hosts/host_list.h"

#include <stddef.h>
#include <string.h>

typedef struct collection {
    GArray *hosts;
    const host_filter_t *filter;
} collection_t;

char *host_system_text(const host_row_t *row)
{
    char tools[HOST_TOOLS_TEXT_SIZE];
    const bool is_known = row->label->number != HOST_LABEL_UNKNOWN;
    if (!row->tool) {
        return g_strdup(is_known ? row->label->text : "Unknown");
    }
    host_tools_format(row, tools);
    return is_known && !row->label->tool ? g_strconcat(row->label->text, " + ", tools, NULL)
                                         : g_strdup(tools);
}

static uint16_t system_columns(const host_row_t *row)
{
    if (!row->tool) {
        return (uint16_t)g_utf8_strlen(row->label->text, -1);
    }
    g_autofree char *text = host_system_text(row);
    return (uint16_t)g_utf8_strlen(text, -1);
}

static bool add_host(const host_row_t *row, void *user)
{
    const collection_t *collection = user;
    if (!host_filter_row(collection->filter, row)) {
        return true;
    }
    const listed_host_t host = {.key = row->key,
                                .label = row->label,
                                .last_ns = row->last_ns,
                                .observations = row->observations,
                                .uptime_seconds = row->uptime.seconds,
                                .slot = row->slot,
                                .system_columns = system_columns(row),
                                .score = row->score,
                                .quality = row->quality,
                                .tool = row->tool};
    g_array_append_val(collection->hosts, host);
    return true;
}

GArray *host_list_new(host_model_t *model, const host_filter_t *filter)
{
    const collection_t collection = {.hosts = g_array_new(FALSE, FALSE, sizeof(listed_host_t)),
                                     .filter = filter};
    host_model_each(model, add_host, (void *)(uintptr_t)&collection); /* only read there */
    return collection.hosts;
}

static int by_address(gconstpointer a, gconstpointer b)
{
    return host_key_compare(&((const listed_host_t *)a)->key, &((const listed_host_t *)b)->key);
}

static int by_label(gconstpointer a, gconstpointer b)
{
    const int order =
        strcmp(((const listed_host_t *)a)->label->text, ((const listed_host_t *)b)->label->text);
    return order != 0 ? order : by_address(a, b);
}

#define GREATEST_FIRST(name, field)                                                                          \
    static int name(gconstpointer a, gconstpointer b)                                                        \
    {                                                                                                        \
        const listed_host_t *x = a;                                                                          \
        const listed_host_t *y = b;                                                                          \
        return x->field != y->field ? (x->field < y->field ? 1 : -1) : by_address(a, b);                     \
    }
GREATEST_FIRST(by_observations, observations)
GREATEST_FIRST(by_last, last_ns)
GREATEST_FIRST(by_score, score)
GREATEST_FIRST(by_uptime, uptime_seconds)

GCompareFunc host_list_order(const char *name)
{
    static const struct {
        const char *name;
        GCompareFunc compare;
    } orders[] = {{"address", by_address}, {"system", by_label}, {"seen", by_observations},
                  {"last", by_last},       {"share", by_score},  {"uptime", by_uptime}};
    for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
        if (strcmp(orders[i].name, name) == 0) {
            return orders[i].compare;
        }
    }
    return NULL;
}

const char *listed_host_family(const listed_host_t *host)
{
    if (host->tool) {
        return "Tools and scanners";
    }
    return host->label->number == HOST_LABEL_UNKNOWN || host->label->family[0] == '\0' ? "Unknown"
                                                                                       : host->label->family;
}
