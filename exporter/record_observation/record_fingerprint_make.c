/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/record_observation/record_fingerprint_make.h"
#include <glib.h>
#include <string.h>

static bool layout_has(const synfix_signature_t *signature, uint8_t kind)
{
    return memchr(signature->layout, kind, signature->layout_count) != NULL;
}

/* The option was read to its end: a last option that the header cuts off has no value and makes the options
 * `bad`. */
static bool option_complete(const synfix_signature_t *signature, uint8_t kind, uint32_t value)
{
    const bool last = signature->layout_count > 0 && signature->layout[signature->layout_count - 1] == kind;
    const bool cut = last && value == 0 && (signature->quirks & (uint32_t)SYNFIX_QUIRK_BAD) != 0;
    return layout_has(signature, kind) && !cut;
}

static void make_options(synfix_tcp_options_t *options, const synfix_signature_t *signature)
{
    const uint32_t quirks = signature->quirks;
    *options = (synfix_tcp_options_t){
        .layout_count = signature->layout_count,
        .eol_padding = signature->eol_padding,
        .window_scale = signature->window_scale,
        .mss = signature->mss,
        .has_mss = option_complete(signature, SYNFIX_OPTION_MSS, signature->mss),
        .has_window_scale = option_complete(signature, SYNFIX_OPTION_WS, signature->window_scale),
        .has_timestamps =
            option_complete(signature, SYNFIX_OPTION_TS, quirks & (uint32_t)SYNFIX_QUIRK_TS1_ZERO),
        .nonzero_padding = (quirks & (uint32_t)SYNFIX_QUIRK_EOL_NONZERO) != 0,
        .malformed = (quirks & (uint32_t)SYNFIX_QUIRK_BAD) != 0,
        .zero_timestamp = (quirks & (uint32_t)SYNFIX_QUIRK_TS1_ZERO) != 0,
        .nonzero_echo = (quirks & (uint32_t)SYNFIX_QUIRK_TS2_NONZERO) != 0,
        .excess_scale = (quirks & (uint32_t)SYNFIX_QUIRK_SCALE_EXCESS) != 0,
    };
    memcpy(options->layout, signature->layout, sizeof options->layout);
}

static synfix_status_t find_label(record_labels_t *labels, const record_table_t *table,
                                  const record_values_t *values, const synfix_label_t **label)
{
    const uint64_t kind = values->numbers[RECORD_MATCH_KIND];
    const record_label_t wanted = {
        .id = (uint32_t)values->numbers[RECORD_LABEL_ID],
        .generic = kind == SYNFIX_MATCH_GENERIC || kind == SYNFIX_MATCH_FUZZY_GENERIC,
        .text = values->texts[RECORD_TEXT_LABEL],
        .os_class = values->texts[RECORD_TEXT_CLASS],
        .family = values->texts[RECORD_TEXT_FAMILY],
        .flavor = values->texts[RECORD_TEXT_FLAVOR],
    };
    if (wanted.id == 0) {
        return SYNFIX_OK;
    }
    if ((table->has.texts & RECORD_BIT(RECORD_TEXT_LABEL)) == 0) {
        *label = record_labels_find(labels, wanted.id);
        return *label != NULL ? SYNFIX_OK : SYNFIX_NOT_FOUND;
    }
    *label = record_labels_add(labels, &wanted);
    return *label != NULL ? SYNFIX_OK : SYNFIX_NO_MEMORY;
}

/* A label of which the record has only the text. NULL: none, or more than the limit. */
static const synfix_label_t *text_label(record_labels_t *labels, const ipfix_decoder_value_t *text)
{
    const record_label_t wanted = {.text = *text};
    const synfix_label_t *label = record_labels_add(labels, &wanted);
    return label != NULL && label->text[0] != '\0' ? label : NULL;
}

static void find_others(record_labels_t *labels, const ipfix_decoder_value_t *joined, synfix_match_t *match)
{
    ipfix_decoder_value_t rest = *joined;
    for (unsigned i = 0; i < SYNFIX_OTHERS_MAX && rest.length > 0; i++) {
        const uint8_t *colon = memchr(rest.data, ':', rest.length);
        const uint32_t length = colon != NULL ? (uint32_t)(colon - rest.data) : rest.length;
        const uint32_t passed = colon != NULL ? length + 1 : length;
        const ipfix_decoder_value_t one = {rest.data, length};
        match->others[i] = text_label(labels, &one);
        rest = (ipfix_decoder_value_t){rest.data + passed, rest.length - passed};
        if (match->others[i] == NULL) {
            return;
        }
    }
}

static synfix_status_t make_match(record_labels_t *labels, const record_table_t *table,
                                  const record_values_t *values, synfix_fingerprint_t *fingerprint)
{
    const uint64_t *numbers = values->numbers;
    const uint64_t flags = numbers[RECORD_FLAGS];
    synfix_match_t *match = &fingerprint->match;
    const unsigned guessed = fingerprint->signature.ttl + (unsigned)numbers[RECORD_DISTANCE];
    *match = (synfix_match_t){
        .kind = (uint8_t)numbers[RECORD_MATCH_KIND],
        .quality = (uint8_t)numbers[RECORD_QUALITY],
        .family_quality = (uint8_t)numbers[RECORD_FAMILY_QUALITY],
        .candidate_count = (uint8_t)numbers[RECORD_CANDIDATES],
        .distance = (uint8_t)numbers[RECORD_DISTANCE],
        .initial_ttl =
            (uint8_t)((table->has.numbers & RECORD_BIT(RECORD_INITIAL_TTL)) != 0 ? numbers[RECORD_INITIAL_TTL]
                                                                                 : MIN(guessed, UINT8_MAX)),
        .random_ttl = (flags & (uint32_t)SYNFIX_FLAG_RANDOM_TTL) != 0,
        .excess_distance = (flags & (uint32_t)SYNFIX_FLAG_EXCESS_DISTANCE) != 0,
        .tool = (flags & (uint32_t)SYNFIX_FLAG_TOOL) != 0,
    };
    find_others(labels, &values->texts[RECORD_TEXT_OTHER_LABELS], match);
    return find_label(labels, table, values, &match->label);
}

synfix_status_t record_fingerprint_make(record_labels_t *labels, const record_table_t *table,
                                        const record_values_t *values, record_fingerprint_t *made)
{
    synfix_fingerprint_t *fingerprint = &made->fingerprint;
    const ipfix_decoder_value_t *text = &values->texts[RECORD_TEXT_SIGNATURE];
    if (text->length == 0 || synfix_signature_parse((const char *)text->data, text->length,
                                                    &fingerprint->signature, NULL) != SYNFIX_OK) {
        return SYNFIX_INVALID;
    }
    const synfix_label_t *link = text_label(labels, &values->texts[RECORD_TEXT_LINK_LABEL]);
    memcpy(fingerprint->text, text->data, text->length); /* shorter than the field: it was parsed */
    fingerprint->text[text->length] = '\0';
    fingerprint->text_length = (uint16_t)text->length;
    fingerprint->layout_text_length =
        (uint16_t)synfix_layout_format(&fingerprint->signature, fingerprint->layout_text);
    fingerprint->link_mtu = (uint16_t)values->numbers[RECORD_LINK_MTU];
    fingerprint->link_label = link != NULL ? link->text : NULL;
    make_options(&made->options, &fingerprint->signature);
    made->stamps = layout_has(&fingerprint->signature, SYNFIX_OPTION_TS);
    return make_match(labels, table, values, fingerprint);
}
