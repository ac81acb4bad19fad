/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/init_times.h"
#include "base/byte_order.h"
#include "exporter/ipfix_decoder/key_tree.h"
#include <glib.h>

#define SYSTEM_INIT_TIME_MILLISECONDS 160

struct init_times {
    GTree *table; /* domain -> uint64_t milliseconds */
    uint32_t limit;
};

init_times_t *init_times_new(uint32_t limit)
{
    init_times_t *const times = g_new0(init_times_t, 1);
    times->table = key_tree_new(g_free);
    times->limit = limit;
    return times;
}

void init_times_free(init_times_t *times)
{
    g_tree_destroy(times->table);
    g_free(times);
}

bool init_times_is_base(const ipfix_decoder_field_t *field)
{
    return field->pen == 0 && field->id == SYSTEM_INIT_TIME_MILLISECONDS && field->length == sizeof(uint64_t);
}

void init_times_set(init_times_t *times, uint32_t domain, const ipfix_decoder_value_t *value)
{
    const uint64_t milliseconds = read_be64(value->data);
    uint64_t *known = key_tree_find(times->table, domain);
    if (known != NULL) {
        *known = milliseconds;
    } else if ((uint32_t)g_tree_nnodes(times->table) < times->limit) {
        key_tree_put(times->table, domain, g_memdup2(&milliseconds, sizeof milliseconds));
    }
}

uint64_t init_times_get(const init_times_t *times, uint32_t domain)
{
    if (g_tree_nnodes(times->table) == 0) {
        return 0;
    }
    const uint64_t *const known = key_tree_find(times->table, domain);
    return known != NULL ? *known : 0;
}
