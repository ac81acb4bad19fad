/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/sequence_check.h"
#include <stddef.h>

/* A number that is further back belongs to an exporter that began again. */
#define LATE_MAX 65536u

static void note_gap(sequence_check_t *check, uint32_t first, uint32_t count)
{
    check->gaps[check->next_gap] = (sequence_gap_t){first, count};
    check->next_gap = (check->next_gap + 1) % SEQUENCE_GAPS;
    check->lost += count;
}

/* Takes @p records from @p first out of a gap. False: no gap holds them all. A gap that is filled in the
 * middle keeps its larger part. */
static bool fill_gap(sequence_check_t *check, uint32_t first, uint32_t records)
{
    for (size_t i = 0; i < SEQUENCE_GAPS; i++) {
        sequence_gap_t *const gap = &check->gaps[i];
        const uint32_t before = first - gap->first;
        if (gap->count == 0 || before >= gap->count || records > gap->count - before) {
            continue;
        }
        const uint32_t behind = gap->count - before - records;
        *gap = before > behind ? (sequence_gap_t){gap->first, before}
                               : (sequence_gap_t){first + records, behind};
        check->lost -= records;
        check->late += records;
        return true;
    }
    return false;
}

static sequence_result_t take_old(sequence_check_t *check, uint32_t sequence, uint32_t records, bool whole)
{
    if (fill_gap(check, sequence, records)) {
        return SEQUENCE_LATE;
    }
    if (sequence == 0 || check->expected - sequence > LATE_MAX) {
        *check = (sequence_check_t){.known = whole,
                                    .expected = sequence + records,
                                    .lost = check->lost,
                                    .duplicate = check->duplicate,
                                    .late = check->late,
                                    .restarts = check->restarts + 1};
        return SEQUENCE_RESTART;
    }
    check->duplicate += records;
    return records > 0 ? SEQUENCE_DUPLICATE : SEQUENCE_GOOD;
}

static sequence_result_t take_number(sequence_check_t *check, uint32_t sequence, uint32_t records, bool whole,
                                     uint32_t *count)
{
    const uint32_t ahead = sequence - check->expected;
    const bool known = check->known;
    *count = records;
    if (known && ahead > INT32_MAX) {
        return take_old(check, sequence, records, whole);
    }
    check->known = whole;
    check->expected = sequence + records;
    if (!known || ahead == 0) {
        return SEQUENCE_GOOD;
    }
    note_gap(check, sequence - ahead, ahead);
    *count = ahead;
    return SEQUENCE_GAP;
}

/* The numbers of an exporter that follows the RFC never point inside the message before. The message before
 * again has its first number. */
static bool is_inside_last(const sequence_check_t *check, uint32_t sequence)
{
    const uint32_t back = check->expected - sequence;
    const uint32_t last = check->last.data + (check->data_only ? 0 : check->last.options);
    return check->known && back > 0 && back < last;
}

sequence_result_t sequence_check_message(sequence_check_t *check, uint32_t sequence,
                                         sequence_records_t records, bool whole, uint32_t *count)
{
    uint32_t about = records.data + records.options;
    sequence_result_t result = SEQUENCE_GOOD;
    if (!check->irregular && is_inside_last(check, sequence)) {
        if (!check->data_only && check->expected - sequence == check->last.options) {
            check->data_only = true;
            check->expected = sequence;
        } else {
            check->irregular = true;
            result = SEQUENCE_IRREGULAR;
        }
    }
    if (!check->irregular) {
        const bool data_only = check->data_only;
        result =
            take_number(check, sequence, records.data + (data_only ? 0 : records.options), whole, &about);
        check->data_only = data_only;
        check->last = result == SEQUENCE_LATE || result == SEQUENCE_DUPLICATE ? check->last : records;
    }
    if (count != NULL) {
        *count = about;
    }
    return result;
}
