/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "uptime/host_table.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/huge_pages.h"

static size_t region_count(const host_table_t *table)
{
    return (table->set_count + HOST_REGION_SETS - 1) / HOST_REGION_SETS;
}

/* Sets of a region: the last one may have fewer. */
static uint32_t region_sets(const host_table_t *table, size_t region)
{
    const uint32_t left = table->set_count - (uint32_t)region * HOST_REGION_SETS;
    return left < HOST_REGION_SETS ? left : HOST_REGION_SETS;
}

/* Divides the entries among the regions. Returns their number. */
static size_t divide(host_table_t *table, uint32_t capacity)
{
    const size_t count = region_count(table);
    size_t entries = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t share = (uint64_t)region_sets(table, i) * HOST_REGION_ENTRIES;
        table->regions[i].room =
            count == 1 ? capacity : (uint32_t)((share + HOST_REGION_SETS - 1) / HOST_REGION_SETS);
        entries += table->regions[i].room;
    }
    return entries;
}

static bool make_entries(host_table_t *table, size_t entries)
{
    /* Memory is touched only when hosts appear, so a large bound costs nothing by itself. A forecast may
     * point after the last entry. */
    table->hosts = huge_pages_new_lazy((entries + 1) * sizeof *table->hosts);
    table->samples = huge_pages_new_lazy(entries * sizeof *table->samples);
    return table->hosts != NULL && table->samples != NULL;
}

bool host_table_init(host_table_t *table, uint32_t capacity, uint32_t lifetime_s, counter_t *evicted,
                     counter_t *expired)
{
    const uint32_t count = (capacity * HOST_SPREAD + SET_WAYS - 1) / SET_WAYS;
    *table =
        (host_table_t){.set_count = count, .lifetime_s = lifetime_s, .evicted = evicted, .expired = expired};
    table->sets = huge_pages_new(count * sizeof *table->sets);
    table->regions = calloc(region_count(table), sizeof *table->regions);
    if (table->sets == NULL || table->regions == NULL || !make_entries(table, divide(table, capacity))) {
        host_table_clear(table);
        return false;
    }
    return true;
}

void host_table_map(host_table_t *table)
{
    huge_pages_map(table->sets);
}

void host_table_clear(host_table_t *table)
{
    huge_pages_free(table->sets);
    huge_pages_free(table->hosts);
    huge_pages_free(table->samples);
    free(table->regions);
    table->sets = NULL;
    table->hosts = NULL;
    table->samples = NULL;
    table->regions = NULL;
}

typedef struct place {
    host_set_t *set;
    set_choice_t host;
} place_t;

/* Notes the oldest host of @p set in @p oldest, if the host is older than the one there. */
static inline void look_for_older(place_t *oldest, host_set_t *set, uint32_t hash, uint32_t now)
{
    const set_choice_t host = set_choose(set->stamps, hash, now, SET_AGE_NONE);
    if (host.age > oldest->host.age) {
        *oldest = (place_t){set, host};
    }
}

#define NEAR 4u /* sets: then the hosts that leave are as old as in a table of full sets */

/* Finds an old host in the region of set @p index, whose entries are all in use. @p hash decides among
 * equally old ones: otherwise each new host would evict its predecessor. */
static place_t find_old(host_table_t *table, size_t index, uint32_t hash, uint32_t now)
{
    const size_t number = index / HOST_REGION_SETS;
    host_region_t *region = &table->regions[number];
    host_set_t *first = &table->sets[number * HOST_REGION_SETS];
    const uint32_t count = region_sets(table, number);
    const unsigned turn = hash >> 12; /* bits that decide nothing else */
    place_t oldest = {.host.age = SET_AGE_NONE};
    for (uint32_t i = 0; i < NEAR; i++) {
        const uint32_t near = (uint32_t)(index % HOST_REGION_SETS) + (i + turn) % NEAR;
        look_for_older(&oldest, &first[near < count ? near : near % count], hash, now);
    }
    while (oldest.set == NULL) {
        look_for_older(&oldest, &first[region->hand], hash, now);
        region->hand = (region->hand + (oldest.set == NULL)) % count;
    }
    return oldest;
}

static void count_loss(const host_table_t *table, uint32_t stamp, uint32_t now)
{
    if ((stamp & STAMP_USED) != 0) {
        counter_add(stamp_is_older(stamp, now, table->lifetime_s) ? table->expired : table->evicted, 1);
    }
}

/* Gives an entry to a way of set @p index, which has none. Returns this way, or another one of the set
 * whose host leaves. */
static unsigned give_entry(host_table_t *table, size_t index, unsigned way, uint32_t hash, uint32_t now)
{
    host_set_t *set = &table->sets[index];
    host_region_t *region = &table->regions[index / HOST_REGION_SETS];
    if (region->used < region->room) {
        set->entries[way] = (uint16_t)++region->used;
        return way;
    }
    const place_t old = find_old(table, index, hash, now);
    if (old.set == set) {
        return old.host.way;
    }
    count_loss(table, old.set->stamps[old.host.way], now);
    set->entries[way] = old.set->entries[old.host.way];
    old.set->entries[old.host.way] = old.set->tags[old.host.way] = 0;
    old.set->stamps[old.host.way] = 0;
    return way;
}

/* Returns the entry for a new host. The connections and readings of the former host stay: without anchors
 * they are not valid. */
static host_t *take(host_table_t *table, size_t index, unsigned way, uint32_t hash, uint32_t now)
{
    host_set_t *set = &table->sets[index];
    if (set->entries[way] == 0) {
        way = give_entry(table, index, way, hash, now);
    }
    host_t *host = &table->hosts[host_table_index(table, index, way)];
    count_loss(table, set->stamps[way], now);
    set->tags[way] = (uint16_t)hash;
    set->stamps[way] = now | STAMP_USED;
    memset(host, 0, offsetof(host_t, connections));
    return host;
}

/* The entry for a host that the set does not hold, or whose time is over: in this case its @p way. */
static __attribute__((noinline)) host_t *begin(host_table_t *table, uint32_t hash,
                                               const synfix_address_t *address, uint8_t ip_version,
                                               uint32_t now, unsigned way)
{
    const size_t index = host_table_set(table, hash);
    if (way == SET_WAYS) {
        way = set_victim(table->sets[index].stamps, hash, now);
    }
    host_t *host = take(table, index, way, hash, now);
    host->address = *address;
    host->ip_version = ip_version & 0xFu;
    host->clock = 0;
    return host;
}

host_t *host_table_get(host_table_t *table, uint32_t hash, const synfix_address_t *address,
                       uint8_t ip_version, uint32_t now)
{
    const size_t index = host_table_set(table, hash);
    host_set_t *set = &table->sets[index];
    for (uint32_t left = match8_u16(set->tags, (uint16_t)hash); left != 0; left &= left - 1) {
        const unsigned way = (unsigned)__builtin_ctz(left);
        host_t *host = &table->hosts[host_table_index(table, index, way)];
        const uint32_t stamp = set->stamps[way];
        if (stamp == 0 || !host_is(host, address, ip_version)) {
            continue;
        }
        if (__builtin_expect(stamp_is_older(stamp, now, table->lifetime_s), 0)) {
            return begin(table, hash, address, ip_version, now, way);
        }
        set->stamps[way] = now | STAMP_USED;
        return host;
    }
    return begin(table, hash, address, ip_version, now, SET_WAYS);
}
