/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <pcap/pcap.h>
#include <string.h>
#include <synfix/decode.h>

#include "app/sigdb_input.h"

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
    for (size_t i = 0; i < sizeof(flow_key_t); i++)
        hash = hash * 33 + bytes[i];
    return hash;
}

static gboolean same_key(gconstpointer left, gconstpointer right)
{
    return memcmp(left, right, sizeof(flow_key_t)) == 0;
}

/* The MSS of the SYN that a SYN+ACK answers; remembers that of a SYN. */
static uint16_t peer_mss(GHashTable *syns, const synfix_headers_t *headers, uint16_t mss, gboolean is_syn)
{
    flow_key_t *key = g_new0(flow_key_t, 1);
    key->from = is_syn ? headers->source : headers->destination;
    key->to = is_syn ? headers->destination : headers->source;
    key->from_port = is_syn ? headers->source_port : headers->destination_port;
    key->to_port = is_syn ? headers->destination_port : headers->source_port;
    if (is_syn) {
        g_hash_table_replace(syns, key, GUINT_TO_POINTER(mss));
        return 0;
    }
    mss = (uint16_t)GPOINTER_TO_UINT(g_hash_table_lookup(syns, key));
    g_free(key);
    return mss;
}

static gboolean read_frame(const synfix_packet_t *packet, GHashTable *syns, sigdb_item_t *item)
{
    synfix_headers_t headers;
    synfix_tcp_options_t options;
    const synfix_verdict_t verdict = synfix_decode(packet, &headers);
    if ((verdict != SYNFIX_VERDICT_SYN && verdict != SYNFIX_VERDICT_SYN_ACK) ||
        headers.options_captured < headers.options_length)
        return FALSE;
    const gboolean is_syn = verdict == SYNFIX_VERDICT_SYN;
    synfix_tcp_options_read(headers.options, headers.options_length, &options);
    const uint16_t mss = peer_mss(syns, &headers, options.mss, is_syn);
    *item = (sigdb_item_t){.number = packet->number,
                           .weight = 1,
                           .direction = is_syn ? SYNFIX_DIRECTION_REQUEST : SYNFIX_DIRECTION_RESPONSE};
    synfix_signature_extract(&headers, &options, mss, &item->signature);
    return TRUE;
}

synfix_status_t sigdb_input_capture(const char *path, sigdb_item_function function, void *context,
                                    synfix_error_t *error)
{
    char reason[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_open_offline(path, reason);
    if (!pcap)
        return synfix_fail(error, SYNFIX_IO, "%s", reason);
    g_autoptr(GHashTable) syns = g_hash_table_new_full(hash_key, same_key, g_free, NULL);
    synfix_packet_t packet = {.link_type = (uint32_t)pcap_datalink_ext(pcap) & 0xffff};
    struct pcap_pkthdr *header;
    sigdb_item_t item;
    int got;
    while ((got = pcap_next_ex(pcap, &header, &packet.data)) == 1) {
        packet.captured_length = header->caplen;
        packet.original_length = MAX(header->len, header->caplen);
        packet.number++;
        if (read_frame(&packet, syns, &item) && !function(&item, context))
            break;
    }
    synfix_status_t status = SYNFIX_OK;
    if (got == PCAP_ERROR)
        status = synfix_fail(error, SYNFIX_TRUNCATED, "%s: %s", path, pcap_geterr(pcap));
    pcap_close(pcap);
    return status;
}
