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
                                    .way = check->way,
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

static uint32_t counted(uint8_t way, sequence_records_t records)
{
    return records.data + ((way & SEQUENCE_DATA_ONLY) != 0 ? 0 : records.options);
}

/* Number of the first record of a message. */
static uint32_t first_of(uint8_t way, uint32_t sequence, sequence_records_t records)
{
    return sequence - ((way & SEQUENCE_OWN) != 0 ? counted(way, records) : 0);
}

static bool explains(const sequence_check_t *check, uint8_t way, uint32_t sequence,
                     sequence_records_t records)
{
    return first_of(way, sequence, records) == check->ways[way].expected;
}

/* Whether @p way was contradicted more often than the present one. The rule of the RFC is tried again: a loss
 * can look like another way. */
static bool is_worse(const sequence_check_t *check, uint8_t way)
{
    return check->ways[way].wrong > check->ways[check->way].wrong + (way == 0 ? 1 : 0);
}

static void choose_way(sequence_check_t *check, uint32_t sequence, sequence_records_t records)
{
    if (!check->known || explains(check, check->way, sequence, records)) {
        return;
    }
    for (uint8_t way = 0; way < SEQUENCE_WAYS; way++) {
        if (explains(check, way, sequence, records) && !is_worse(check, way)) {
            check->way = way;
            check->expected = check->ways[way].expected;
            return;
        }
    }
}

static void note_ways(sequence_check_t *check, bool known, uint32_t sequence, sequence_records_t records)
{
    for (uint8_t way = 0; way < SEQUENCE_WAYS; way++) {
        check->ways[way].wrong += known && !explains(check, way, sequence, records);
        check->ways[way].expected = first_of(way, sequence, records) + counted(way, records);
    }
}

/* The numbers of an exporter never point inside the message before. The message before again has its first
 * number. */
static bool is_inside_last(const sequence_check_t *check, uint32_t first)
{
    const uint32_t back = check->expected - first;
    return check->known && back > 0 && back < counted(check->way, check->last);
}

static sequence_result_t take(sequence_check_t *check, uint32_t sequence, sequence_records_t records,
                              bool whole, uint32_t *about)
{
    const bool known = check->known;
    choose_way(check, sequence, records);
    const uint32_t first = first_of(check->way, sequence, records);
    if (is_inside_last(check, first)) {
        check->irregular = true;
        return SEQUENCE_IRREGULAR;
    }
    const sequence_result_t result = take_number(check, first, counted(check->way, records), whole, about);
    if (result != SEQUENCE_LATE && result != SEQUENCE_DUPLICATE) {
        check->last = records;
        note_ways(check, known && result != SEQUENCE_RESTART, sequence, records);
    }
    return result;
}

sequence_result_t sequence_check_message(sequence_check_t *check, uint32_t sequence,
                                         sequence_records_t records, bool whole, uint32_t *count)
{
    uint32_t about = records.data + records.options;
    const sequence_result_t result =
        check->irregular ? SEQUENCE_GOOD : take(check, sequence, records, whole, &about);
    if (count != NULL) {
        *count = about;
    }
    return result;
}
