/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The first stage: the verdict of a packet, and all data that the later stages need. */
#include <string.h>

#include "decode/plain_frame.h"
#include "engine/engine_internal.h"
#include "engine/fingerprint_key_build.h"
#include "engine/flow_hash.h"

_Static_assert(SYNFIX_VERDICT_SYN == 0 && SYNFIX_VERDICT_SYN_ACK == 1 && SYNFIX_VERDICT_SEGMENT == 2 &&
                   SYNFIX_VERDICT_BAD_FLAGS == 3,
               "the verdicts with TCP headers come first");

#define LINKTYPE_ETHERNET 1u

/* Turns the verdict of the decoder into the verdict of the engine. */
static synfix_verdict_t judge(const synfix_engine_config_t *config, synfix_verdict_t verdict,
                              const synfix_headers_t *headers)
{
    if (verdict > SYNFIX_VERDICT_BAD_FLAGS) {
        return verdict;
    }
    if (config->filter != NULL && !config->filter(headers, config->filter_user)) {
        return SYNFIX_VERDICT_FILTERED;
    }
    if (verdict <= SYNFIX_VERDICT_SYN_ACK && headers->options_captured < headers->options_length) {
        return SYNFIX_VERDICT_OPTIONS_CUT;
    }
    return verdict;
}

/* Whether the options of a segment can hold a sample for uptime. */
static bool segment_matters(const synfix_engine_config_t *config, const synfix_headers_t *headers)
{
    static const uint8_t timestamps[4] = {1, 1, 8, 10}; /* the layout of every stack in use */
    if (config->uptime == SYNFIX_UPTIME_REGRESSION) {
        return headers->options_captured >= ENGINE_STAMPED_OPTIONS &&
               memcmp(headers->options, timestamps, sizeof timestamps) == 0;
    }
    return config->uptime == SYNFIX_UPTIME_P0F;
}

/* A segment has no key: the field holds its options. */
static void keep_options(packet_context_t *work)
{
    const uint8_t *options = work->headers.options;
    const uint8_t length = work->headers.options_captured;
    uint8_t *kept = fingerprint_key_options(&work->key, FINGERPRINT_OPTIONS_MAX);
    if (length == ENGINE_STAMPED_OPTIONS) { /* nearly always */
        memcpy(kept, options, ENGINE_STAMPED_OPTIONS);
    } else {
        memcpy(kept, options, length);
    }
    work->headers.options = kept;
}

static inline void note_flow_ipv4(packet_context_t *work, const uint8_t *ip)
{
    work->tuple = flow_tuple_ipv4(ip);
    work->flow_hash = flow_hash_ipv4(work->tuple);
}

static inline void note_flow(packet_context_t *work, synfix_verdict_t verdict)
{
    if (verdict <= SYNFIX_VERDICT_SEGMENT) {
        work->tuple = flow_tuple(&work->headers);
        work->flow_hash = flow_hash(&work->headers, work->tuple);
    }
}

static inline void note_packet(packet_context_t *work, const synfix_packet_t *packet,
                               synfix_verdict_t verdict)
{
    work->time_ns = packet->time_ns;
    work->number = packet->number;
    work->interface_id = packet->interface_id;
    work->user = packet->user;
    work->verdict = (uint8_t)verdict;
}

/* The MAC addresses at @p frame. */
static inline void note_link(synfix_headers_t *headers, const uint8_t *frame)
{
    memcpy(headers->details.link_addresses, frame, sizeof headers->details.link_addresses);
    headers->encapsulation.details |= SYNFIX_DETAIL_LINK;
}

/* What the headers of a decoded packet do not hold. */
static void note_decoded(packet_context_t *work, const synfix_packet_t *packet, synfix_verdict_t verdict)
{
    note_flow(work, verdict);
    if (verdict <= SYNFIX_VERDICT_SYN_ACK && packet->link_type == LINKTYPE_ETHERNET &&
        packet->captured_length >= PLAIN_LINK_LENGTH) {
        note_link(&work->headers, packet->data);
    }
}

/* True when there is work for the later stages. The flow is noted. */
static inline __attribute__((always_inline)) bool prepare(const synfix_engine_config_t *config,
                                                          const synfix_packet_t *packet,
                                                          synfix_verdict_t verdict, packet_context_t *work)
{
    synfix_headers_t *headers = &work->headers;
    if (verdict > SYNFIX_VERDICT_SEGMENT ||
        (verdict == SYNFIX_VERDICT_SEGMENT && !segment_matters(config, headers))) {
        return false;
    }
    note_packet(work, packet, verdict);
    if (verdict == SYNFIX_VERDICT_SEGMENT) {
        work->time_ms = engine_milliseconds(packet->time_ns);
        keep_options(work);
        return true;
    }
    work->seconds = bucket_seconds(packet->time_ns);
    work->place = fingerprint_key_build(headers, &work->key, &work->key_hash);
    headers->options = fingerprint_key_options(&work->key, headers->options_length);
    return true;
}

_Static_assert(PLAIN_STAMPED <= sizeof(fingerprint_key_t), "the headers of a segment fit into its key");

/* Keeps the bytes of a plain segment for engine_headers_decode; payload_length holds the number of captured
 * bytes. */
static inline void prepare_segment(const synfix_packet_t *packet, const uint8_t *ip, packet_context_t *work)
{
    memcpy(&work->key, ip, PLAIN_STAMPED);
    work->headers.payload_length = packet->captured_length;
    work->headers.options = NULL;
    note_flow_ipv4(work, ip);
    note_packet(work, packet, SYNFIX_VERDICT_SEGMENT);
    work->time_ms = engine_milliseconds(packet->time_ns);
}

void engine_addresses_decode(packet_context_t *work)
{
    plain_read_addresses(&work->headers, (const uint8_t *)&work->key);
}

void engine_headers_decode(packet_context_t *work)
{
    (void)plain_read_headers(&work->headers, (const uint8_t *)&work->key,
                             work->headers.payload_length - PLAIN_LINK_LENGTH);
}

/* Whether something looks at the headers of every segment. */
static inline bool reads_segments(const synfix_engine_config_t *config)
{
    return config->filter != NULL || config->uptime == SYNFIX_UPTIME_P0F;
}

/* Inline in the loop over packets: a call and its arguments cost as much as the verdict of a segment. @p
 * whole: reads_segments. @p engine: processes the samples of sFlow at once, so that *@p next is another
 * context afterwards; NULL: the caller processes them. */
static inline __attribute__((always_inline)) bool classify(const synfix_engine_config_t *config,
                                                           synfix_engine_t *engine,
                                                           const synfix_packet_t *packet, bool whole,
                                                           packet_context_t **next, synfix_verdict_t *verdict)
{
    packet_context_t *work = *next;
    const uint8_t *ip = plain_ipv4(packet);
    const bool segment = ip != NULL && !whole && !plain_has_syn(ip);
    if (segment && plain_is_stamped_segment(packet, ip)) {
        *verdict = SYNFIX_VERDICT_SEGMENT;
        if (config->uptime == SYNFIX_UPTIME_OFF) {
            return false;
        }
        prepare_segment(packet, ip, work);
        return true;
    }
    if (segment && plain_is_segment(ip)) {
        *verdict = SYNFIX_VERDICT_SEGMENT;
        return false;
    }
    if (ip == NULL) {
        *verdict = synfix_decode_wanted(packet, &work->headers, config->encapsulations);
        if (__builtin_expect(engine != NULL && *verdict == SYNFIX_VERDICT_SFLOW, 0)) {
            *next = engine_push_sflow(engine, packet);
            return false;
        }
        note_decoded(work, packet, *verdict);
    } else {
        note_flow_ipv4(work, ip);
        *verdict = plain_read_headers(&work->headers, ip, packet->captured_length - PLAIN_LINK_LENGTH);
        note_link(&work->headers, packet->data);
    }
    *verdict = judge(config, *verdict, &work->headers);
    return prepare(config, packet, *verdict, work);
}

bool engine_classify(const synfix_engine_config_t *config, const synfix_packet_t *packet,
                     packet_context_t *work, synfix_verdict_t *verdict)
{
    return classify(config, NULL, packet, reads_segments(config), &work, verdict);
}

void synfix_engine_push_later(synfix_engine_t *engine, const synfix_packet_t *packets, size_t packet_count)
{
    const bool whole = reads_segments(&engine->config);
    packet_context_t *work = &engine->work[engine->waiting];
    uint64_t bytes = 0;
    for (size_t i = 0; i < packet_count; i++) {
        synfix_verdict_t verdict;
        bytes += packets[i].original_length;
        if (classify(&engine->config, engine, &packets[i], whole, &work, &verdict)) {
            work = engine_join_group(engine, work);
        }
        counter_add(&engine->counters.verdicts[verdict], 1);
    }
    counter_add(&engine->counters.packets_received, packet_count);
    counter_add(&engine->counters.octets_received, bytes);
}

bool engine_classify_sample(const synfix_engine_config_t *config, const sflow_reader_t *reader,
                            const sflow_sample_t *sample, packet_context_t *work, synfix_verdict_t *verdict)
{
    *verdict = sflow_decode(reader, sample, config->encapsulations, &work->headers);
    note_decoded(work, &sample->packet, *verdict);
    *verdict = judge(config, *verdict, &work->headers);
    return prepare(config, &sample->packet, *verdict, work);
}

/* Copies the options to the end of @p copy, four bytes at a time. */
static const uint8_t *copy_options(uint8_t copy[FINGERPRINT_OPTIONS_MAX], const uint8_t *options,
                                   size_t length)
{
    uint8_t *begin = copy + FINGERPRINT_OPTIONS_MAX - length;
    size_t at = 0;
    for (; at + 4 <= length; at += 4) {
        memcpy(begin + at, options + at, 4);
    }
    for (; at < length; at++) {
        begin[at] = options[at];
    }
    return begin;
}

/* The encapsulations in the headers; of several tunnels only the innermost one. */
static synfix_encapsulations_t encapsulations_of(const synfix_encapsulation_t *encapsulation)
{
    synfix_encapsulations_t found = SYNFIX_ENCAPSULATION_BIT(encapsulation->kind % 32u);
    if (encapsulation->vlan_count > 0) {
        found |= SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_VLAN);
    }
    if (encapsulation->vlan_count > 1) {
        found |= SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_QINQ);
    }
    if (encapsulation->mpls_count > 0) {
        found |= SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_MPLS);
    }
    return found & ~SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_NONE);
}

bool engine_classify_headers(const synfix_engine_config_t *config, const synfix_packet_t *packet,
                             const synfix_headers_t *headers, packet_context_t *work,
                             synfix_verdict_t *verdict)
{
    /* a key reads the bytes before the options, which the caller's headers need not have */
    uint8_t options[FINGERPRINT_OPTIONS_MAX] = {0};
    work->headers = *headers;
    if (headers->options_length > FINGERPRINT_OPTIONS_MAX ||
        headers->options_captured > headers->options_length) {
        *verdict = SYNFIX_VERDICT_BAD_TCP;
    } else {
        work->headers.options = copy_options(options, headers->options, headers->options_captured);
    }
    if (config->encapsulations != SYNFIX_ENCAPSULATIONS_ALL &&
        (encapsulations_of(&headers->encapsulation) & ~config->encapsulations) != 0) {
        *verdict = SYNFIX_VERDICT_ENCAPSULATION;
    }
    note_flow(work, *verdict);
    *verdict = judge(config, *verdict, &work->headers);
    return prepare(config, packet, *verdict, work);
}
