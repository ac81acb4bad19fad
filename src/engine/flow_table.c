/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "engine/flow_table.h"

#include <string.h>

#include "base/huge_pages.h"

bool flow_table_init(flow_table_t *table, uint32_t capacity, uint32_t lifetime_s, counter_t *evicted,
                     counter_t *expired)
{
    const uint32_t shard_flows = (capacity + SYNFIX_FLOW_SHARDS - 1) / SYNFIX_FLOW_SHARDS;
    const uint32_t shard_sets = (shard_flows + FLOW_WAYS - 1) / FLOW_WAYS;
    *table = (flow_table_t){.set_count = shard_sets * SYNFIX_FLOW_SHARDS,
                            .lifetime_s = lifetime_s,
                            .evicted = evicted,
                            .expired = expired};
    const size_t ways = (size_t)table->set_count * FLOW_WAYS;
    table->sets = huge_pages_new(table->set_count * sizeof *table->sets);
    /* The head marks the entries in use, so entries need no initialisation: pages that were never used are
     * zero, and engine_prefetch.c may read them. */
    table->flows = huge_pages_new(ways * sizeof *table->flows);
    table->ipv6 = huge_pages_new_lazy(ways * sizeof *table->ipv6);
    if (table->sets == NULL || table->flows == NULL || table->ipv6 == NULL) {
        flow_table_clear(table);
        return false;
    }
    return true;
}

void flow_table_map(flow_table_t *table)
{
    huge_pages_map(table->sets);
    huge_pages_map(table->flows);
}

void flow_table_clear(flow_table_t *table)
{
    huge_pages_free(table->sets);
    huge_pages_free(table->flows);
    huge_pages_free(table->ipv6);
    table->sets = NULL;
    table->flows = NULL;
    table->ipv6 = NULL;
}

#define REST sizeof(uint32_t) /* offset of the bytes of an address that flow_ipv6_t holds */

void flow_table_set_ipv6(flow_table_t *table, uint32_t index, const synfix_headers_t *ipv6, bool server)
{
    flow_ipv6_t *rest = &table->ipv6[index];
    const synfix_address_t *ends[2] = {&ipv6->source, &ipv6->destination};
    memcpy(rest->client, ends[server]->bytes + REST, sizeof rest->client);
    memcpy(rest->server, ends[!server]->bytes + REST, sizeof rest->server);
}

static bool has_rest(const flow_ipv6_t *rest, const synfix_address_t *client, const synfix_address_t *server)
{
    return memcmp(rest->client, client->bytes + REST, sizeof rest->client) == 0 &&
           memcmp(rest->server, server->bytes + REST, sizeof rest->server) == 0;
}

flow_side_t flow_table_side_ipv6(const flow_table_t *table, uint32_t index, const flow_tuple_t *tuple,
                                 const synfix_headers_t *ipv6)
{
    const flow_t *flow = &table->flows[index];
    if (ipv6 == NULL || flow->ip_version != 6) {
        return FLOW_SIDE_NONE;
    }
    const flow_ipv6_t *rest = &table->ipv6[index];
    if (flow_tuple_equal(flow->tuple, *tuple) && has_rest(rest, &ipv6->source, &ipv6->destination)) {
        return FLOW_SIDE_CLIENT;
    }
    return flow_tuple_equal(flow->tuple, flow_tuple_back(*tuple)) &&
                   has_rest(rest, &ipv6->destination, &ipv6->source)
               ? FLOW_SIDE_SERVER
               : FLOW_SIDE_NONE;
}

flow_position_t flow_table_search(flow_table_t *table, uint32_t index, uint32_t hash,
                                  const flow_tuple_t *tuple, const synfix_headers_t *ipv6, uint32_t seconds)
{
    const uint32_t first = index - index % FLOW_WAYS;
    flow_set_t *set = flow_table_head(table, index);
    for (uint32_t left = flow_set_candidates(set, hash); left != 0; left &= left - 1) {
        const unsigned way = (unsigned)__builtin_ctz(left);
        const flow_side_t side =
            set->stamps[way] != 0 ? flow_table_side(table, first + way, tuple, ipv6) : FLOW_SIDE_NONE;
        if (side == FLOW_SIDE_NONE) {
            continue;
        }
        const bool alive = !bucket_is_older(set->stamps[way], seconds, table->lifetime_s);
        if (!alive) {
            set->stamps[way] = 0;
            flow_table_note_change(table, index);
            counter_add(table->expired, 1);
        }
        return (flow_position_t){
            .index = first + way, .found = alive, .from_server = side == FLOW_SIDE_SERVER};
    }
    return (flow_position_t){.index = index};
}
