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

/** How an exporter counts: a set of these. 0: by the RFC, all records of the messages before. */
enum {
    SEQUENCE_DATA_ONLY = 1u, /* no options records */
    SEQUENCE_OWN = 2u,       /* the records of the message itself too (Open vSwitch, softflowd) */
    SEQUENCE_WAYS = 4u,
};

/** One of the ways to count. */
typedef struct sequence_way {
    uint32_t expected; /* first record of the next message */
    uint32_t wrong;    /* messages whose number was another one */
} sequence_way_t;

/** All zero before the first message. */
typedef struct sequence_check {
    bool known;        /* expected is valid */
    bool irregular;    /* the exporter counts in another way still: not checked */
    uint8_t way;       /* how the exporter counts, by the numbers until now */
    uint32_t expected; /* first record of the next message */
    sequence_way_t ways[SEQUENCE_WAYS];
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
 * Takes the number @p sequence of a message with @p records. Where the number contradicts the way to count
 * that held until now, and another way explains it and was not contradicted more often, that way holds from
 * then on. A number inside the message before that no way explains shows an exporter that counts otherwise.
 * @p whole: all records were counted; after a message that is not whole, the next number is accepted without
 * a check. @p count (may be NULL) receives the records that the result is about.
 */
sequence_result_t sequence_check_message(sequence_check_t *check, uint32_t sequence,
                                         sequence_records_t records, bool whole, uint32_t *count);

#endif
