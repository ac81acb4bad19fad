/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file record_labels.h
 * Labels of records. An observation points to a label that lives as long as its database; here the labels
 * live as long as this collection. Not for several threads at once.
 */
#ifndef EXPORTER_RECORD_OBSERVATION_RECORD_LABELS_H
#define EXPORTER_RECORD_OBSERVATION_RECORD_LABELS_H

#include "exporter/ipfix_decoder/message_decoder.h"
#include <synfix/match.h>

/** Different labels at most, links included: a foreign file must not fill the memory. */
#define RECORD_LABELS_MAX 65536u

typedef struct record_labels record_labels_t;

/** The five values of a label as records hold them; text `?` means "none". Data may be NULL with length 0. */
typedef struct record_label {
    uint32_t id;
    bool generic; /* by the kind of the match; the id decides where it fits the texts */
    ipfix_decoder_value_t text;
    ipfix_decoder_value_t os_class;
    ipfix_decoder_value_t family;
    ipfix_decoder_value_t flavor;
} record_label_t;

/** Never NULL. */
record_labels_t *record_labels_new(void);
void record_labels_free(record_labels_t *labels);

/** The one label with these values; bytes that are no valid UTF-8 and control characters become other
 * characters. NULL when there are RECORD_LABELS_MAX others. */
const synfix_label_t *record_labels_add(record_labels_t *labels, const record_label_t *label);

/** Keeps a row of the label table (options records with the scope osLabelId); other options records are
 * ignored. */
void record_labels_learn(record_labels_t *labels, const ipfix_decoder_record_t *record);

/** The row of the label table; NULL when no record had it. */
const synfix_label_t *record_labels_find(const record_labels_t *labels, uint32_t id);

#endif
