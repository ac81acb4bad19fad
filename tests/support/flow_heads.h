/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file flow_heads.h
 * For tests of the handshake table: whether the heads of its sets agree with each other.
 */
#ifndef SUPPORT_FLOW_HEADS_H
#define SUPPORT_FLOW_HEADS_H

#include <stdlib.h>

#include "engine/flow_table.h"

static inline bool flow_head_counts(const flow_table_t *table, uint32_t set, uint32_t *absent, uint32_t *used)
{
    const flow_set_t *head = &table->sets[set];
    for (unsigned way = 0; way < FLOW_WAYS; way++) {
        *used += head->stamps[way] != 0;
        if ((head->displaced >> way & 1) == 0) {
            continue;
        }
        const uint32_t first = flow_table_other_set(table, set, head->tags[way]);
        if (first == set || head->stamps[way] == 0 || (head->settled >> way & 1) != 0 ||
            !flow_set_may_miss(&table->sets[first], head->tags[way])) {
            return false;
        }
        absent[first]++;
    }
    return true;
}

/** The number of displaced flows; -1: the heads contradict each other. */
static inline int flow_heads_check(const flow_table_t *table)
{
    uint32_t *absent = calloc(table->set_count, sizeof *absent);
    bool good = absent != NULL;
    int displaced = 0;
    for (uint32_t shard = 0; good && shard < SYNFIX_FLOW_SHARDS; shard++) {
        uint32_t used = 0;
        for (uint32_t i = 0; good && i < table->shard_sets; i++) {
            good = flow_head_counts(table, shard * table->shard_sets + i, absent, &used);
        }
        good = good && used == table->shards[shard].used;
    }
    for (uint32_t set = 0; good && set < table->set_count; set++) {
        const flow_set_t *head = &table->sets[set];
        good = head->absent_count == absent[set] && (head->absent != 0) == (absent[set] != 0);
        displaced += (int)absent[set];
    }
    free(absent);
    return good ? displaced : -1;
}

#endif
