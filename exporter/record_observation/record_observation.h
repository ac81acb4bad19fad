/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file record_observation.h
 * Converts data records of an archive to observations.
 *
 * For records of the profile `full`, sinks write the same output as for the packets. Other profiles lack
 * elements; their records may suffice for the host model (RECORD_FOR_HOSTS).
 *
 * One thread at a time. Memory is bounded: 65,536 labels, 16,384 fingerprints, tables of the
 * templates.
 */
#ifndef EXPORTER_RECORD_OBSERVATION_RECORD_OBSERVATION_H
#define EXPORTER_RECORD_OBSERVATION_RECORD_OBSERVATION_H

#include "exporter/ipfix_decoder/message_decoder.h"
#include <synfix/observation.h>

/** The parts of an observation that the user needs. */
typedef enum record_extent {
    RECORD_COMPLETE,  /* everything that a sink writes */
    RECORD_FOR_HOSTS, /* for the host model: time, addresses, kind, match, signature or uptime */
} record_extent_t;

/* X(identifier, text): reasons why a record contains no observation. */
#define RECORD_REASONS(X)                                                                                    \
    X(FOREIGN, "records of another exporter (no element observationKind)")                                   \
    X(INCOMPLETE, "records of a shorter profile")                                                            \
    X(VALUE, "records with a value out of its range")                                                        \
    X(SIGNATURE, "records with a malformed signature")                                                       \
    X(LABEL, "records whose label is not in the label table")                                                \
    X(LIMIT, "records with more different labels than 65,536")

#define RECORD_REASON_ENUM(identifier, text) RECORD_##identifier,
typedef enum record_reason { RECORD_REASONS(RECORD_REASON_ENUM) RECORD_REASON_COUNT } record_reason_t;
#undef RECORD_REASON_ENUM

typedef struct record_converter_stats {
    uint64_t converted;
    uint64_t refused[RECORD_REASON_COUNT];
    /* element of the first record of the reason: the missing one, or the one with the wrong value; "" none */
    char element[RECORD_REASON_COUNT][READER_NAME_SIZE];
} record_converter_stats_t;

typedef struct record_converter record_converter_t;

/** Never NULL. One converter may serve several decoders, one after the other. */
record_converter_t *record_converter_new(record_extent_t extent);
void record_converter_free(record_converter_t *converter);

/** For ipfix_decoder_events_t.layout: a template was announced, its address may be that of an earlier one. */
void record_converter_layout(record_converter_t *converter, const ipfix_decoder_template_t *layout);

/**
 * The observation of @p record, valid until the next call; NULL when the record contains no observation,
 * which is counted with its reason. Options records give NULL too and are not counted; the label table is
 * kept. packet_number is the flowId, as `synfix read` numbers packets; labels live as long as the converter.
 * Annotations are not in records.
 */
const synfix_observation_t *record_converter_convert(record_converter_t *converter,
                                                     const ipfix_decoder_record_t *record);

/**
 * For ipfix_decoder_events_t.direct: the observation of most records, of a packet without a tunnel whose
 * fingerprint was seen before, as record_converter_convert returns it. Sets @p length to that of the record,
 * 0 with NULL: the record is to be decoded and converted.
 */
const synfix_observation_t *record_converter_direct(record_converter_t *converter,
                                                    const ipfix_decoder_record_t *record, size_t available,
                                                    size_t *length);

/** Copies the counters since the start. */
void record_converter_get_stats(const record_converter_t *converter, record_converter_stats_t *stats);

/** "records of a shorter profile"; never NULL. */
const char *record_reason_text(record_reason_t reason);

#endif
