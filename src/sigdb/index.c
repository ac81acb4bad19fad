/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A hash index of the entries. An entry has a record for each of its windows. The key of a record consists of
 * its group (direction, layout, padding and IP options) and of each of MSS, scale and window that has a
 * single value; its mask states which of them. A lookup finds the group, which records the masks in use, and
 * then makes one probe for each mask: its cost hardly depends on the number of entries.
 */
#include <stdlib.h>
#include <string.h>

#include "base/byte_order.h"
#include "base/hash_mix.h"
#include "sigdb/index_windows.h"
#include "sigdb/sigdb_internal.h"

enum { MASK_MSS = 1, MASK_SCALE = 2, MASK_PLAIN = 4, MASK_MULTIPLE = 8 };

typedef struct key_fields {
    uint32_t mss;
    uint32_t scale;
    uint32_t window;
    uint32_t multiple;
} key_fields_t;

static uint64_t group_key(uint32_t direction, uint32_t olen, const uint8_t *kinds, uint8_t count,
                          uint8_t eol_padding)
{
    const uint64_t rest = (uint64_t)direction << 32 | olen << 16 | (count * 256u + eol_padding);
    return hash_mix(hash_mix(read_le64(kinds), read_le64(kinds + 8)), hash_mix(read_le64(kinds + 16), rest));
}

static uint64_t full_key(uint64_t group, unsigned mask, const key_fields_t *fields)
{
    const uint64_t first = (uint64_t)mask << 32 | ((mask & MASK_SCALE) ? fields->scale : 0);
    uint64_t second = (mask & MASK_MSS) ? fields->mss : 0;
    if (mask & MASK_PLAIN) {
        second |= (uint64_t)fields->window << 32;
    }
    if (mask & MASK_MULTIPLE) {
        second |= (uint64_t)fields->multiple << 32;
    }
    return hash_mix(group ^ first, second ^ (group >> 32));
}

static bool single(const sigdb_set_t *set)
{
    return set->count == 1 && set->ranges[0].low == set->ranges[0].high;
}

static uint32_t multiple_key(unsigned signature_kind, uint32_t multiple)
{
    return signature_kind * 65536u + multiple;
}

static unsigned key_mask(const sigdb_entry_t *entry, const sigdb_window_t *window, key_fields_t *fields)
{
    unsigned mask = 0;
    *fields = (key_fields_t){0};
    if (single(&entry->mss)) {
        mask |= MASK_MSS;
        fields->mss = entry->mss.ranges[0].low;
    }
    if (single(&entry->scale)) {
        mask |= MASK_SCALE;
        fields->scale = entry->scale.ranges[0].low;
    }
    if (window->low != window->high || window->kind == SIGDB_WINDOW_ANY) {
        return mask;
    }
    if (window->kind == SIGDB_WINDOW_PLAIN) {
        fields->window = window->low;
        return mask | MASK_PLAIN;
    }
    fields->multiple =
        multiple_key(window->kind == SIGDB_WINDOW_MSS ? SYNFIX_WINDOW_MSS : SYNFIX_WINDOW_MTU, window->low);
    return mask | MASK_MULTIPLE;
}

/* The slot of the group; a slot without masks is empty. */
static sigdb_index_group_t *find_group(const sigdb_index_t *index, uint64_t key)
{
    uint64_t at = key;
    while (index->groups[at & index->group_mask].masks != 0 &&
           index->groups[at & index->group_mask].key != key) {
        at++;
    }
    return &index->groups[at & index->group_mask];
}

/* Room for the groups of one more entry. A database has far fewer groups than entries. */
static bool reserve_groups(sigdb_index_t *index)
{
    enum { GROUPS_FIRST = 256, GROUPS_OF_ENTRY = 2 };
    const uint32_t size = index->groups == NULL ? 0 : index->group_mask + 1;
    if (2 * (index->group_count + GROUPS_OF_ENTRY) <= size) {
        return true;
    }
    sigdb_index_t larger = {.group_mask = (size == 0 ? GROUPS_FIRST : size * 2) - 1};
    larger.groups = calloc((size_t)larger.group_mask + 1, sizeof *larger.groups);
    if (larger.groups == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < size; i++) {
        if (index->groups[i].masks != 0) {
            *find_group(&larger, index->groups[i].key) = index->groups[i];
        }
    }
    free(index->groups);
    index->groups = larger.groups;
    index->group_mask = larger.group_mask;
    return true;
}

/* @p record has all fields but those of the chain and the window. */
static void add_record(sigdb_index_t *index, const sigdb_entry_t *entry, uint64_t group,
                       const sigdb_window_t *window, sigdb_index_node_t record)
{
    key_fields_t fields;
    const unsigned mask = key_mask(entry, window, &fields);
    sigdb_index_group_t *found = find_group(index, group);
    index->group_count += found->masks == 0;
    found->key = group;
    found->masks |= (uint16_t)(1u << mask);
    record.key = full_key(group, mask, &fields);
    record.window_kind = window->kind;
    record.window_low = window->low;
    record.window_span = (uint16_t)(window->high - window->low);
    uint32_t *head = &index->heads[record.key & index->head_mask];
    record.next = *head;
    index->records[index->record_count] = record;
    *head = ++index->record_count;
}

static void add_records(sigdb_index_t *index, const sigdb_entry_t *entry, uint32_t entry_index,
                        const text_layout_t *layout, bool timestamps_nopped)
{
    const uint64_t group =
        group_key(entry->direction, entry->olen, layout->kinds, layout->count, layout->eol_padding);
    const index_windows_t windows = index_windows(entry);
    sigdb_index_node_t record = {.entry = entry_index, .timestamps_nopped = timestamps_nopped};
    sigdb_excluding_quirks(entry, timestamps_nopped, &record.quirks, &record.refused_quirks);
    for (unsigned i = windows.count; i-- > 0;) {
        add_record(index, entry, group, &windows.ranges[i], record);
    }
}

/* Records that the entries may need. */
static uint32_t count_records(const synfix_sigdb_t *sigdb)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < sigdb->entries.count; i++) {
        const sigdb_entry_t *entry = sigdb_entry(sigdb, i);
        count += index_windows(entry).count * (entry->timestamps_nopped ? 2 : 1);
    }
    return count;
}

synfix_status_t sigdb_index_build(synfix_sigdb_t *sigdb)
{
    sigdb_index_t *index = &sigdb->index;
    const uint32_t most = count_records(sigdb);
    uint32_t size = 64;
    while (size < most * 2) {
        size *= 2;
    }
    index->records = calloc((size_t)most + 1, sizeof *index->records);
    index->heads = calloc(size, sizeof *index->heads);
    if (index->records == NULL || index->heads == NULL || !reserve_groups(index)) {
        return SYNFIX_NO_MEMORY;
    }
    index->head_mask = size - 1;
    /* From the last entry to the first: each chain then has the order of the database. */
    for (uint32_t i = sigdb->entries.count; i-- > 0;) {
        const sigdb_entry_t *entry = sigdb_entry(sigdb, i);
        text_layout_t timestamps_nopped;
        if (!reserve_groups(index)) {
            return SYNFIX_NO_MEMORY;
        }
        if (entry->timestamps_nopped && sigdb_layout_nopped(&entry->layout, &timestamps_nopped)) {
            add_records(index, entry, i, &timestamps_nopped, true);
        }
        add_records(index, entry, i, &entry->layout, false);
    }
    return SYNFIX_OK;
}

void sigdb_index_free(sigdb_index_t *index)
{
    free(index->records);
    free(index->heads);
    free(index->groups);
}

/* The numbers of a signature that a window is compared with, by the kind of the window. */
typedef struct window_numbers {
    uint32_t of[SIGDB_WINDOW_ANY + 1];
} window_numbers_t;

static window_numbers_t window_numbers(const synfix_signature_t *signature)
{
    const uint32_t none = UINT32_MAX; /* outside every range */
    const uint32_t multiple = signature->window_multiple;
    return (window_numbers_t){{
        [SIGDB_WINDOW_PLAIN] = signature->window,
        [SIGDB_WINDOW_MSS] = signature->window_kind == SYNFIX_WINDOW_MSS ? multiple : none,
        [SIGDB_WINDOW_MTU] = signature->window_kind == SYNFIX_WINDOW_MTU ? multiple : none,
    }};
}

/* Whether quirks and window alone exclude the entry of @p record: a fraction of the work of a comparison. */
static inline bool is_excluded(const sigdb_index_node_t *record, uint32_t quirks,
                               const window_numbers_t *numbers)
{
    return ((record->quirks & ~quirks) | (record->refused_quirks & quirks)) != 0 ||
           numbers->of[record->window_kind] - record->window_low > record->window_span;
}

void sigdb_index_visit(const sigdb_index_t *index, synfix_direction_t direction,
                       const synfix_signature_t *signature, sigdb_visit_t visit, void *context)
{
    const uint64_t group = group_key(direction, signature->ip_options_length, signature->layout,
                                     signature->layout_count, signature->eol_padding);
    const key_fields_t fields = {
        .mss = signature->mss,
        .scale = signature->window_scale,
        .window = signature->window,
        .multiple = multiple_key(signature->window_kind, signature->window_multiple),
    };
    const window_numbers_t numbers = window_numbers(signature);
    for (unsigned masks = find_group(index, group)->masks; masks != 0; masks &= masks - 1) {
        const uint64_t key = full_key(group, (unsigned)__builtin_ctz(masks), &fields);
        for (uint32_t at = index->heads[key & index->head_mask]; at != 0; at = index->records[at - 1].next) {
            const sigdb_index_node_t *record = &index->records[at - 1];
            if (record->key == key && !is_excluded(record, signature->quirks, &numbers)) {
                visit(context, record->entry, record->timestamps_nopped);
            }
        }
    }
}
