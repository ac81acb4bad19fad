/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <synfix/sigdb.h>

#include "app/sigdb/sigdb_input.h"
#include "app/sigdb/table_reader.h"

/* A row while it is read: the first number that is none makes it wrong. */
typedef struct timestamp_reading {
    sigdb_row_t *row;
    synfix_error_t *error;
    synfix_status_t status;
} timestamp_reading_t;

static const char *field(const timestamp_reading_t *reading, const char *name, const char *other)
{
    const char *text = g_hash_table_lookup(reading->row, name);
    if (text == NULL && other != NULL) {
        text = g_hash_table_lookup(reading->row, other);
    }
    return text != NULL && *text ? text : NULL;
}

static uint32_t number(timestamp_reading_t *reading, const char *name, const char *other, uint32_t most,
                       uint32_t fallback)
{
    const char *text = field(reading, name, other);
    guint64 value = fallback;
    if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 0, most, &value, NULL)) {
        reading->status = synfix_fail(reading->error, SYNFIX_INVALID,
                                      "%s: \"%s\" is not a number from 0 to %" PRIu32, name, text, most);
        value = fallback;
    }
    return (uint32_t)value;
}

/* The window's multiple is made by extraction from the row's values. */
static void set_window(timestamp_reading_t *reading, synfix_signature_t *signature)
{
    static const uint8_t sizes[] = {1, 1, 4, 3, 2, 10, 4, 4, 10};
    synfix_tcp_options_t options = {.mss = signature->mss};
    synfix_signature_t made;
    unsigned length = 0;
    for (unsigned i = 0; i < signature->layout_count; i++) {
        const uint8_t kind = signature->layout[i];
        length += kind < sizeof sizes ? sizes[kind] : 4;
        if (kind == SYNFIX_OPTION_TS) {
            options.timestamp_value = number(reading, "ts_val", NULL, UINT32_MAX, 1);
        }
    }
    const synfix_headers_t headers = {
        .ip_version = signature->ip_version,
        .window = (uint16_t)number(reading, "win", "window", UINT16_MAX, 0),
        .tcp_flags = SYNFIX_TCP_SYN | (number(reading, "flags", NULL, UINT16_MAX, 2) & SYNFIX_TCP_ACK),
        .ip_header_length = (uint16_t)((signature->ip_version == 6 ? 40 : 20) + signature->ip_options_length),
        .tcp_header_length = (uint16_t)(number(reading, "doff", NULL, 15, (length + 23) / 4) * 4),
    };
    synfix_signature_extract(&headers, &options, (uint16_t)number(reading, "syn_mss", NULL, UINT16_MAX, 0),
                             &made);
    signature->window = made.window;
    signature->window_kind = made.window_kind;
    signature->window_multiple = made.window_multiple;
}

/* Lists are about that hold sums which ran over: a number below 0 weighs nothing. */
static double weight_of(timestamp_reading_t *reading)
{
    const char *text = field(reading, "connections", "count");
    if (text == NULL) {
        return 1;
    }
    char *end = NULL;
    const double weight = g_ascii_strtod(text, &end);
    if (*end != '\0' || !isfinite(weight)) {
        reading->status =
            synfix_fail(reading->error, SYNFIX_INVALID, "\"%s\" is not a number of connections", text);
    }
    return MAX(weight, 0);
}

/* Without a signature, the few fields that a list of another tool has. */
static char *partial_text(timestamp_reading_t *reading)
{
    const char *layout = field(reading, "opts", "layout");
    if (field(reading, "win", "window") == NULL) {
        reading->status =
            synfix_fail(reading->error, SYNFIX_INVALID,
                        "no signature: neither p0f_raw (or raw_sig) nor window (or win) is there");
        return NULL;
    }
    return g_strdup_printf("4:64:0:%" PRIu32 ":0,%" PRIu32 ":%s::0",
                           number(reading, "mss", NULL, UINT16_MAX, 0),
                           number(reading, "wscale", "scale", UINT8_MAX, 0), layout != NULL ? layout : "");
}

static synfix_status_t read_signature(timestamp_reading_t *reading, sigdb_item_t *item)
{
    const char *text = field(reading, "p0f_raw", "raw_sig");
    g_autofree char *made = text != NULL ? NULL : partial_text(reading);
    item->partial = made != NULL;
    if (made != NULL) {
        text = made;
    }
    if (reading->status < 0) {
        return reading->status;
    }
    return synfix_signature_parse(text, strlen(text), &item->signature, reading->error);
}

/* The layout of the SYN that is answered; an empty one was seen, a missing one was not. */
static uint8_t offers_of(timestamp_reading_t *reading)
{
    const char *layout = g_hash_table_lookup(reading->row, "syn_layout");
    synfix_signature_t syn;
    if (layout == NULL) {
        return 0;
    }
    g_autofree char *text = g_strdup_printf("4:64:0:0:0,0:%s::0", layout);
    if (synfix_signature_parse(text, strlen(text), &syn, reading->error) < 0) {
        reading->status = SYNFIX_INVALID;
        return 0;
    }
    return synfix_signature_offers(&syn);
}

static synfix_status_t read_row(timestamp_reading_t *reading, sigdb_item_t *item)
{
    const synfix_status_t status = read_signature(reading, item);
    if (status < 0) {
        return status;
    }
    if (field(reading, "win", "window") != NULL) {
        set_window(reading, &item->signature);
    }
    item->signature.ttl = (uint8_t)number(reading, "ttl", NULL, UINT8_MAX, item->signature.ttl);
    item->os = field(reading, "os", "label");
    item->name = field(reading, "source", "file");
    item->weight = weight_of(reading);
    const gboolean answer = (number(reading, "flags", NULL, UINT16_MAX, 2) & SYNFIX_TCP_ACK) != 0;
    item->direction = answer ? SYNFIX_DIRECTION_RESPONSE : SYNFIX_DIRECTION_REQUEST;
    item->offers = answer ? offers_of(reading) : 0;
    return reading->status;
}

synfix_status_t sigdb_input_labelled(const char *path, sigdb_item_function function, void *context,
                                     synfix_error_t *error)
{
    table_reader_t *rows = NULL;
    sigdb_item_t item = {0};
    timestamp_reading_t reading = {.error = error};
    synfix_status_t status = table_reader_open(path, &rows, error);
    if (status < 0) {
        return status;
    }
    while (status == SYNFIX_OK && (status = table_reader_next(rows, &reading.row, error)) == SYNFIX_OK) {
        synfix_error_t reason;
        reading.error = &reason;
        item.number = table_reader_line(rows);
        status = read_row(&reading, &item);
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
        /* Tools imitate systems but for just these fields. */
        if (other.label == NULL || other.tool || (match->label != NULL && other.kind > match->kind)) {
            continue;
        }
        if (match->label == NULL || i == 0 || other.kind < match->kind || other.quality > match->quality) {
            *match = other;
        }
    }
}
