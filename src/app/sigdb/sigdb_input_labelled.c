/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <synfix/sigdb.h>

#include "app/sigdb/sigdb_input.h"
#include "app/sigdb/table_reader.h"

/* Functions that return the value of a field report a mistake in `status` and `error`. */
typedef struct row_reader {
    sigdb_row_t *row;
    synfix_error_t *error;
    synfix_status_t status;
} row_reader_t;

static const char *field(const row_reader_t *reader, const char *name, const char *other)
{
    const char *text = g_hash_table_lookup(reader->row, name);
    if (text == NULL && other != NULL) {
        text = g_hash_table_lookup(reader->row, other);
    }
    return text != NULL && *text ? text : NULL;
}

static uint32_t number(row_reader_t *reader, const char *name, const char *other, uint32_t most,
                       uint32_t fallback)
{
    const char *text = field(reader, name, other);
    guint64 value = fallback;
    if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 0, most, &value, NULL)) {
        reader->status = synfix_fail(reader->error, SYNFIX_INVALID,
                                     "%s: \"%s\" is not a number from 0 to %" PRIu32, name, text, most);
        value = fallback;
    }
    return (uint32_t)value;
}

/* A list has the window in bytes, in a field or in the text of the signature. The extraction of signatures,
 * with headers made of the row's values, finds the multiple of the MSS or MTU. */
static void set_window(row_reader_t *reader, synfix_signature_t *signature)
{
    static const uint8_t sizes[] = {1, 1, 4, 3, 2, 10, 4, 4, 10};
    synfix_tcp_options_t options = {.mss = signature->mss};
    synfix_signature_t made;
    unsigned length = 0;
    for (unsigned i = 0; i < signature->layout_count; i++) {
        const uint8_t kind = signature->layout[i];
        length += kind < sizeof sizes ? sizes[kind] : 4;
        if (kind == SYNFIX_OPTION_TS) {
            options.timestamp_value = number(reader, "ts_val", NULL, UINT32_MAX, 1);
        }
    }
    const synfix_headers_t headers = {
        .ip_version = signature->ip_version,
        .window = (uint16_t)number(reader, "win", "window", UINT16_MAX, signature->window),
        .tcp_flags = SYNFIX_TCP_SYN | (number(reader, "flags", NULL, UINT16_MAX, 2) & SYNFIX_TCP_ACK),
        .ip_header_length = (uint16_t)((signature->ip_version == 6 ? 40 : 20) + signature->ip_options_length),
        .tcp_header_length = (uint16_t)(number(reader, "doff", NULL, 15, (length + 23) / 4) * 4),
    };
    synfix_signature_extract(&headers, &options, (uint16_t)number(reader, "syn_mss", NULL, UINT16_MAX, 0),
                             &made);
    signature->window = made.window;
    signature->window_kind = made.window_kind;
    signature->window_multiple = made.window_multiple;
}

/* Some published lists contain negative counts, which are sums that overflowed: such a row has weight 0. */
static double weight_of(row_reader_t *reader)
{
    const char *text = field(reader, "connections", "count");
    if (text == NULL) {
        return 1;
    }
    char *end = NULL;
    const double weight = g_ascii_strtod(text, &end);
    if (*end != '\0' || !isfinite(weight)) {
        reader->status =
            synfix_fail(reader->error, SYNFIX_INVALID, "\"%s\" is not a number of connections", text);
    }
    return MAX(weight, 0);
}

/* A signature from the few fields that lists of other tools have. */
static char *partial_text(row_reader_t *reader)
{
    const char *layout = field(reader, "opts", "layout");
    if (field(reader, "win", "window") == NULL) {
        reader->status =
            synfix_fail(reader->error, SYNFIX_INVALID,
                        "no signature: neither p0f_raw (or raw_sig) nor window (or win) is there");
        return NULL;
    }
    return g_strdup_printf("4:64:0:%" PRIu32 ":0,%" PRIu32 ":%s::0",
                           number(reader, "mss", NULL, UINT16_MAX, 0),
                           number(reader, "wscale", "scale", UINT8_MAX, 0), layout != NULL ? layout : "");
}

static synfix_status_t read_signature(row_reader_t *reader, sigdb_item_t *item)
{
    const char *text = field(reader, "p0f_raw", "raw_sig");
    g_autofree char *made = text != NULL ? NULL : partial_text(reader);
    item->partial = made != NULL;
    if (made != NULL) {
        text = made;
    }
    if (reader->status < 0) {
        return reader->status;
    }
    return synfix_signature_parse(text, strlen(text), &item->signature, reader->error);
}

/* The options that the answered SYN offered. An empty layout is a SYN without options, a missing one an
 * unknown SYN. */
static uint8_t offers_of(row_reader_t *reader)
{
    const char *layout = g_hash_table_lookup(reader->row, "syn_layout");
    synfix_signature_t syn;
    if (layout == NULL) {
        return 0;
    }
    g_autofree char *text = g_strdup_printf("4:64:0:0:0,0:%s::0", layout);
    if (synfix_signature_parse(text, strlen(text), &syn, reader->error) < 0) {
        reader->status = SYNFIX_INVALID;
        return 0;
    }
    return synfix_signature_offers(&syn);
}

static synfix_status_t read_row(row_reader_t *reader, sigdb_item_t *item)
{
    const synfix_status_t status = read_signature(reader, item);
    if (status < 0) {
        return status;
    }
    if (field(reader, "win", "window") != NULL || item->signature.window_kind == SYNFIX_WINDOW_PLAIN) {
        set_window(reader, &item->signature);
    }
    item->signature.ttl = (uint8_t)number(reader, "ttl", NULL, UINT8_MAX, item->signature.ttl);
    item->os = field(reader, "os", "label");
    item->name = field(reader, "source", "file");
    item->weight = weight_of(reader);
    const gboolean answer = (number(reader, "flags", NULL, UINT16_MAX, 2) & SYNFIX_TCP_ACK) != 0;
    item->direction = answer ? SYNFIX_DIRECTION_RESPONSE : SYNFIX_DIRECTION_REQUEST;
    item->offers = answer ? offers_of(reader) : 0;
    return reader->status;
}

synfix_status_t sigdb_input_labelled(const char *path, sigdb_item_function function, void *context,
                                     synfix_error_t *error)
{
    table_reader_t *rows = NULL;
    sigdb_item_t item = {0};
    row_reader_t reader = {.error = error};
    synfix_status_t status = table_reader_open(path, &rows, error);
    if (status < 0) {
        return status;
    }
    while (status == SYNFIX_OK && (status = table_reader_next(rows, &reader.row, error)) == SYNFIX_OK) {
        synfix_error_t reason;
        reader.error = &reason;
        item.number = table_reader_line(rows);
        status = read_row(&reader, &item);
        if (status < 0) {
            status = synfix_fail(error, status, "%s:%" PRIu64 ": %s", path, item.number, reason.text);
        } else if (!function(&item, context)) {
            status = SYNFIX_END;
        }
    }
    table_reader_close(rows);
    return status < 0 ? status : SYNFIX_OK;
}

static void match_one(const synfix_sigdb_t *sigdb, const sigdb_item_t *item,
                      const synfix_signature_t *signature, synfix_match_t *match)
{
    if (item->direction == SYNFIX_DIRECTION_RESPONSE) {
        synfix_sigdb_match_answer(sigdb, signature, item->offers, match);
    } else {
        synfix_sigdb_match(sigdb, item->direction, signature, match);
    }
}

void sigdb_input_match(const synfix_sigdb_t *sigdb, const sigdb_item_t *item, synfix_match_t *match)
{
    static const struct {
        uint8_t ttl;
        uint32_t quirks;
    } guesses[] = {
        {64, SYNFIX_QUIRK_DF | SYNFIX_QUIRK_ID_NONZERO},
        {64, SYNFIX_QUIRK_DF},
        {128, SYNFIX_QUIRK_DF | SYNFIX_QUIRK_ID_NONZERO},
        {255, SYNFIX_QUIRK_DF | SYNFIX_QUIRK_ID_NONZERO},
        {64, 0},
        {128, 0},
        {255, 0},
    };
    match_one(sigdb, item, &item->signature, match);
    for (size_t i = 0; item->partial && i < G_N_ELEMENTS(guesses); i++) {
        synfix_signature_t signature = item->signature;
        synfix_match_t other;
        signature.ttl = guesses[i].ttl;
        signature.quirks = guesses[i].quirks;
        match_one(sigdb, item, &signature, &other);
        /* These are the fields in which signatures of tools differ from those of systems. */
        if (other.label == NULL || other.tool || (match->label != NULL && other.kind > match->kind)) {
            continue;
        }
        if (match->label == NULL || i == 0 || other.kind < match->kind || other.quality > match->quality) {
            *match = other;
        }
    }
}
