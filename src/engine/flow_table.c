/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "engine/flow_table.h"

#include <string.h>

#include "base/huge_pages.h"
#include "engine/flow_insert.h"

#define SPARE  6u  /* one more way for each six flows: then the ways suffice for all of them */
#define UNEVEN 32u /* one more flow of a shard for each 32: shards do not fill evenly either */

_Static_assert((uint64_t)SYNFIX_HANDSHAKES_MAX *(SPARE + 1) / SPARE / (SYNFIX_FLOW_SHARDS * FLOW_WAYS) <
                   (1u << 16),
               "the sets of a shard, see flow_table_other_set");

bool flow_table_init(flow_table_t *table, uint32_t capacity, uint32_t lifetime_s, counter_t *evicted,
                     counter_t *expired)
{
    const uint32_t shard_flows = (capacity + SYNFIX_FLOW_SHARDS - 1) / SYNFIX_FLOW_SHARDS;
    const uint32_t shard_ways = shard_flows + (shard_flows + SPARE - 1) / SPARE;
    const uint32_t shard_sets = (shard_ways + FLOW_WAYS - 1) / FLOW_WAYS;
    *table = (flow_table_t){.set_count = shard_sets * SYNFIX_FLOW_SHARDS,
                            .shard_sets = shard_sets,
                            .shard_flows = shard_flows + shard_flows / UNEVEN,
                            .lifetime = lifetime_s << 2,
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

void flow_table_set_ipv6(const flow_table_t *table, uint32_t index, const synfix_headers_t *ipv6, bool server)
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
    if (ipv6 == NULL || (flow->state & FLOW_IPV6) == 0) {
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

bool flow_table_forecast_second(const flow_table_t *table, uint32_t hash, flow_forecast_t *forecast)
{
    const uint32_t set = flow_table_other_set(table, forecast->index / FLOW_WAYS, hash);
    flow_set_t *head = &table->sets[set];
    const uint32_t found = flow_set_candidates(head, hash) & head->displaced;
    if (found == 0) {
        return false;
    }
    *forecast = (flow_forecast_t){head, set * FLOW_WAYS + (unsigned)__builtin_ctz(found), true};
    return true;
}

/* Looks for a flow in one set. Without it, position.set is NULL. */
static flow_position_t search_set(const flow_table_t *table, uint32_t set, uint32_t hash,
                                  const flow_tuple_t *tuple, const synfix_headers_t *ipv6)
{
    flow_set_t *head = &table->sets[set];
    for (uint32_t left = flow_set_candidates(head, hash); left != 0; left &= left - 1) {
        const unsigned way = (unsigned)__builtin_ctz(left);
        const uint32_t index = set * FLOW_WAYS + way;
        const flow_side_t side =
            head->stamps[way] != 0 ? flow_table_side(table, index, tuple, ipv6) : FLOW_SIDE_NONE;
        if (side != FLOW_SIDE_NONE) {
            return (flow_position_t){
                .set = head, .index = index, .found = true, .from_server = side == FLOW_SIDE_SERVER};
        }
    }
    return (flow_position_t){.set = NULL};
}

/* The flow at @p position leaves, because its time is over. */
static void clear_way(flow_table_t *table, uint32_t hash, flow_position_t position)
{
    const unsigned way = position.index % FLOW_WAYS;
    flow_table_release(table, position.index / FLOW_WAYS, way);
    position.set->stamps[way] = 0;
    position.set->kept = (uint8_t)(position.set->kept & ~(1u << way));
    position.set->settled = 0;
    table->shards[flow_shard(hash)].used--;
    flow_table_note_change(table, position.set);
    counter_add(table->expired, 1);
}

flow_position_t flow_table_search(flow_table_t *table, uint32_t hash, const flow_tuple_t *tuple,
                                  const synfix_headers_t *ipv6, uint32_t now, bool expire)
{
    const uint32_t set = flow_table_set(table, hash);
    flow_position_t position = search_set(table, set, hash, tuple, ipv6);
    if (position.set == NULL && flow_set_may_miss(&table->sets[set], hash)) {
        position = search_set(table, flow_table_other_set(table, set, hash), hash, tuple, ipv6);
    }
    if (position.set != NULL) {
        if (!flow_set_is_over(position.set->stamps[position.index % FLOW_WAYS], now, table->lifetime)) {
            return position;
        }
        if (expire) {
            clear_way(table, hash, position);
        }
    }
    return (flow_position_t){.set = &table->sets[set], .index = set * FLOW_WAYS};
}
