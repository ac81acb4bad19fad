/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>
#include <synfix/decode.h>
#include <synfix/module.h>

#include "app/sigdb/sigdb_input.h"
#include "capture/file/file_source.h"
#include "module/module_options.h"

typedef struct flow_key {
    synfix_address_t from;
    synfix_address_t to;
    uint16_t from_port;
    uint16_t to_port;
} flow_key_t;

static guint hash_key(gconstpointer data)
{
    const uint8_t *bytes = data;
    guint hash = 5381;
    for (size_t i = 0; i < sizeof(flow_key_t); i++) {
        hash = hash * 33 + bytes[i];
    }
    return hash;
}

static gboolean same_key(gconstpointer left, gconstpointer right)
{
    return memcmp(left, right, sizeof(flow_key_t)) == 0;
}

enum { OFFERS_SHIFT = 16 };

/* MSS and offers of the SYN that a SYN+ACK answers. */
static guint32 answered_syn(GHashTable *syns, const synfix_headers_t *headers)
{
    flow_key_t key;
    memset(&key, 0, sizeof key);
    key.from = headers->destination;
    key.to = headers->source;
    key.from_port = headers->destination_port;
    key.to_port = headers->source_port;
    return GPOINTER_TO_UINT(g_hash_table_lookup(syns, &key));
}

static void remember_syn(GHashTable *syns, const synfix_headers_t *headers,
                         const synfix_signature_t *signature)
{
    flow_key_t *key = g_new0(flow_key_t, 1);
    key->from = headers->source;
    key->to = headers->destination;
    key->from_port = headers->source_port;
    key->to_port = headers->destination_port;
    const guint32 syn = signature->mss | (guint32)synfix_signature_offers(signature) << OFFERS_SHIFT;
    g_hash_table_replace(syns, key, GUINT_TO_POINTER(syn));
}

static gboolean read_frame(const synfix_packet_t *packet, GHashTable *syns, sigdb_item_t *item)
{
    synfix_headers_t headers;
    synfix_tcp_options_t options;
    const synfix_verdict_t verdict = synfix_decode(packet, &headers);
    if ((verdict != SYNFIX_VERDICT_SYN && verdict != SYNFIX_VERDICT_SYN_ACK) ||
        headers.options_captured < headers.options_length) {
        return FALSE;
    }
    const gboolean is_syn = verdict == SYNFIX_VERDICT_SYN;
    synfix_tcp_options_read(headers.options, headers.options_length, &options);
    const guint32 syn = is_syn ? 0 : answered_syn(syns, &headers);
    *item = (sigdb_item_t){.number = packet->number,
                           .weight = 1,
                           .offers = (uint8_t)(syn >> OFFERS_SHIFT),
                           .direction = is_syn ? SYNFIX_DIRECTION_REQUEST : SYNFIX_DIRECTION_RESPONSE};
    synfix_signature_extract(&headers, &options, (uint16_t)syn, &item->signature);
    if (is_syn) {
        remember_syn(syns, &headers, &item->signature);
    }
    return TRUE;
}

/* Reads all packets of an open source; SYNFIX_END: @p function ended the run. */
static synfix_status_t read_all(void *instance, sigdb_item_function function, void *context,
                                synfix_error_t *error)
{
    g_autoptr(GHashTable) syns = g_hash_table_new_full(hash_key, same_key, g_free, NULL);
    g_autofree synfix_packet_t *packets = g_new0(synfix_packet_t, SYNFIX_BATCH_MAX);
    synfix_status_t status = SYNFIX_OK;
    while (status == SYNFIX_OK || status == SYNFIX_AGAIN) {
        size_t count = 0;
        sigdb_item_t item;
        status = capture_file_module.source->read(instance, packets, SYNFIX_BATCH_MAX, &count, error);
        for (size_t i = 0; i < count; i++) {
            if (read_frame(&packets[i], syns, &item) && !function(&item, context)) {
                return SYNFIX_END;
            }
        }
    }
    return status;
}

/* Through the source that `read` has: the same formats, the same link layers, the same numbers of frames. */
synfix_status_t sigdb_input_capture(const char *path, sigdb_item_function function, void *context,
                                    synfix_error_t *error)
{
    const synfix_source_t *source = capture_file_module.source;
    const synfix_module_context_t module_context = {.struct_size = sizeof module_context};
    synfix_options_t *options = NULL;
    void *instance = NULL;
    synfix_status_t status = module_options_make(&capture_file_module, path, "", &options, error);
    if (status < 0) {
        return status;
    }
    status = source->open(&module_context, options, &instance, error);
    if (status >= 0) {
        status = read_all(instance, function, context, error);
        source->close(instance);
    }
    module_options_free(options);
    return status < 0 ? status : SYNFIX_OK;
}
