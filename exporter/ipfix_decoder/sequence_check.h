/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sequence_check.h
 * Sequence numbers of one exporter and observation domain (RFC 7011 section 3.1): lost, duplicate and late
 * records.
 */
#ifndef EXPORTER_IPFIX_DECODER_SEQUENCE_CHECK_H
#define EXPORTER_IPFIX_DECODER_SEQUENCE_CHECK_H

#include <stdbool.h>
#include <stdint.h>

/* Gaps that later messages may still fill. */
#define SEQUENCE_GAPS 8u

typedef struct sequence_gap {
    uint32_t first;
    uint32_t count; /* 0: free */
} sequence_gap_t;

/** Records of a message. */
typedef struct sequence_records {
    uint32_t data;
    uint32_t options;
} sequence_records_t;

/** All zero before the first message. */
typedef struct sequence_check {
    bool known;              /* expected is valid */
    uint32_t expected;       /* number of the next message */
    bool data_only;          /* the exporter does not count options records */
    bool irregular;          /* the exporter counts in another way, as softflowd 1.1: not checked */
    sequence_records_t last; /* of the message before expected */
    uint32_t next_gap;
    sequence_gap_t gaps[SEQUENCE_GAPS];
    uint64_t lost; /* records that did not arrive, without those that arrived late */
    uint64_t duplicate;
    uint64_t late;
    uint64_t restarts; /* the exporter began again */
} sequence_check_t;

typedef enum sequence_result {
    SEQUENCE_GOOD,
    SEQUENCE_GAP,
    SEQUENCE_LATE,
    SEQUENCE_DUPLICATE,
    SEQUENCE_RESTART,
    SEQUENCE_IRREGULAR, /* once: the numbers do not follow the RFC */
} sequence_result_t;

/**
 * Takes the number @p sequence of a message with @p records. A number inside the message before shows an
 * exporter that does not count options records, or counts in another way. @p whole: all records were counted;
 * after a message that is not whole, the next number is accepted without a check. @p count (may be NULL)
 * receives the records that the result is about.
 */
sequence_result_t sequence_check_message(sequence_check_t *check, uint32_t sequence,
                                         sequence_records_t records, bool whole, uint32_t *count);

#endif
