/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The first stage: the verdict of a packet, and all data that the later stages need. */
#include <string.h>

#include "engine/engine_plain.h"

_Static_assert(SYNFIX_VERDICT_SYN == 0 && SYNFIX_VERDICT_SYN_ACK == 1 && SYNFIX_VERDICT_SEGMENT == 2 &&
                   SYNFIX_VERDICT_BAD_FLAGS == 3,
               "the verdicts with TCP headers come first");

/* Turns the verdict of the decoder into the verdict of the engine. */
static synfix_verdict_t engine_verdict(const synfix_engine_config_t *config, synfix_verdict_t verdict,
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
    if (config->uptime == SYNFIX_UPTIME_REGRESSION) {
        return headers->options_captured >= PLAIN_STAMPED_OPTIONS &&
               plain_options_are_stamped(headers->options);
    }
    return config->uptime == SYNFIX_UPTIME_P0F;
}

static void keep_options(packet_context_t *context)
{
    const uint8_t *options = context->headers.options;
    const uint8_t length = context->headers.options_captured;
    if (length == PLAIN_STAMPED_OPTIONS) { /* nearly always: a fixed length needs no call */
        memcpy(context->options, options, PLAIN_STAMPED_OPTIONS);
    } else {
        memcpy(context->options, options, length);
    }
    context->headers.options = context->options;
}

static void note_flow(packet_context_t *context, synfix_verdict_t verdict)
{
    if (verdict <= SYNFIX_VERDICT_SEGMENT) {
        context->tuple = flow_tuple(&context->headers);
        context->flow_hash = flow_hash(&context->headers, context->tuple);
    }
}

/* The MAC addresses at @p frame. */
static inline void note_link(synfix_headers_t *headers, const uint8_t *frame)
{
    memcpy(headers->details.link_addresses, frame, sizeof headers->details.link_addresses);
    headers->encapsulation.details |= SYNFIX_DETAIL_LINK;
}

/* Facts about a decoded packet that its headers do not contain. */
static void note_decoded(packet_context_t *context, const synfix_packet_t *packet, synfix_verdict_t verdict)
{
    note_flow(context, verdict);
    if (verdict <= SYNFIX_VERDICT_SYN_ACK && packet->link_type == PLAIN_LINK_TYPE &&
        packet->captured_length >= PLAIN_LINK_LENGTH) {
        note_link(&context->headers, packet->data);
    }
}

/* Fills the context of a decoded packet whose flow is noted. True if there is work for the later stages. */
static bool prepare(const synfix_engine_config_t *config, const synfix_packet_t *packet,
                    synfix_verdict_t verdict, packet_context_t *context)
{
    synfix_headers_t *headers = &context->headers;
    if (verdict > SYNFIX_VERDICT_SEGMENT ||
        (verdict == SYNFIX_VERDICT_SEGMENT && !segment_matters(config, headers))) {
        return false;
    }
    note_packet(context, packet, verdict, false, headers->ip_version);
    context->packet.flags = engine_header_flags(headers);
    if (verdict == SYNFIX_VERDICT_SEGMENT) {
        context->time_ms = engine_milliseconds(packet->time_ns);
        keep_options(context);
        return true;
    }
    context->sequence = headers->sequence;
    context->now = stamp_time(packet->time_ns);
    context->timestamps_at = fingerprint_key_make(headers, &context->key, &context->key_hash);
    headers->options = fingerprint_key_options(&context->key, headers->options_length);
    return true;
}

const synfix_headers_t *engine_headers(synfix_engine_t *engine, const packet_context_t *context)
{
    if (!context->plain) {
        return &context->headers;
    }
    const uint8_t *ip = context->packet.headers + PLAIN_LINK_LENGTH;
    synfix_headers_t *headers = &engine->headers;
    plain_read_right(headers, ip);
    if (context->verdict == SYNFIX_VERDICT_SEGMENT) {
        headers->truncated = truncated_flag(ip, context->captured) != 0;
        headers->options = context->options;
        return headers;
    }
    headers->truncated = (context->packet.flags & SYNFIX_FLAG_TRUNCATED) != 0;
    headers->options = fingerprint_key_options(&context->key, headers->options_length);
    note_link(headers, context->packet.headers);
    return headers;
}

/* Results of the first stage for a packet. */
typedef struct finding {
    synfix_verdict_t verdict;
    bool wanted;            /* the context holds the packet for the later stages */
    packet_context_t *next; /* the context to use: another one after samples of sFlow */
} finding_t;

/* Any packet, by its decoded headers. @p engine: see classify. */
static __attribute__((noinline)) finding_t classify_decoded(const synfix_engine_config_t *config,
                                                            synfix_engine_t *engine,
                                                            const synfix_packet_t *packet,
                                                            packet_context_t *context)
{
    synfix_verdict_t verdict = synfix_decode_wanted(packet, &context->headers, config->encapsulations);
    if (__builtin_expect(engine != NULL && verdict == SYNFIX_VERDICT_SFLOW, 0)) {
        return (finding_t){verdict, false, engine_push_sflow(engine, packet, context)};
    }
    note_decoded(context, packet, verdict);
    verdict = engine_verdict(config, verdict, &context->headers);
    return (finding_t){verdict, prepare(config, packet, verdict, context), context};
}

/* Inline in the loop over packets: a call and its arguments cost as much as the verdict of a segment. @p
 * link_type: plain_link_type. @p engine: processes the samples of sFlow at once; NULL: the caller processes
 * them.
 */
static inline __attribute__((always_inline)) finding_t classify(const synfix_engine_config_t *config,
                                                                synfix_engine_t *engine,
                                                                const synfix_packet_t *packet,
                                                                uint32_t link_type, packet_context_t *context)
{
    const uint8_t *ip = plain_ipv4(packet, link_type);
    if (ip != NULL && plain_has_syn(ip)) {
        synfix_verdict_t verdict;
        const bool wanted = classify_handshake(packet, ip, context, &verdict);
        if (wanted) {
            note_flow_ipv4(context, ip, plain_flow_hash(ip));
        }
        return (finding_t){verdict, wanted, context};
    }
    if (ip != NULL && plain_is_stamped_segment(packet, ip)) {
        const bool wanted = config->uptime != SYNFIX_UPTIME_OFF;
        if (wanted) {
            keep_segment(packet, ip, context);
            note_flow_ipv4(context, ip, plain_flow_hash(ip));
        }
        return (finding_t){SYNFIX_VERDICT_SEGMENT, wanted, context};
    }
    if (ip != NULL && plain_is_segment(ip)) {
        return (finding_t){SYNFIX_VERDICT_SEGMENT, false, context};
    }
    return classify_decoded(config, engine, packet, context);
}

bool engine_classify(const synfix_engine_config_t *config, const synfix_packet_t *packet,
                     packet_context_t *context, synfix_verdict_t *verdict)
{
    const finding_t finding = classify(config, NULL, packet, plain_link_type(config), context);
    *verdict = finding.verdict;
    return finding.wanted;
}

void synfix_engine_push_later(synfix_engine_t *engine, const synfix_packet_t *packets, size_t packet_count)
{
    const uint32_t link_type = plain_link_type(&engine->config);
    packet_context_t *context = &engine->contexts[engine->waiting];
    uint64_t bytes = 0;
    for (size_t i = 0; i < packet_count; i++) {
        const finding_t finding = classify(&engine->config, engine, &packets[i], link_type, context);
        context = finding.wanted ? engine_join_group(engine, context) : finding.next;
        bytes += packets[i].original_length;
        counter_add(&engine->counters.verdicts[finding.verdict], 1);
    }
    engine_note_waiting(engine, context);
    counter_add(&engine->counters.packets_received, packet_count);
    counter_add(&engine->counters.octets_received, bytes);
}

bool engine_classify_sample(const synfix_engine_config_t *config, const sflow_reader_t *reader,
                            const sflow_sample_t *sample, packet_context_t *context,
                            synfix_verdict_t *verdict)
{
    *verdict = sflow_decode(reader, sample, config->encapsulations, &context->headers);
    note_decoded(context, &sample->packet, *verdict);
    *verdict = engine_verdict(config, *verdict, &context->headers);
    return prepare(config, &sample->packet, *verdict, context);
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
                             const synfix_headers_t *headers, packet_context_t *context,
                             synfix_verdict_t *verdict)
{
    /* a key reads the bytes before the options, which the caller's headers need not have */
    uint8_t options[FINGERPRINT_OPTIONS_MAX] = {0};
    context->headers = *headers;
    if (headers->options_length > FINGERPRINT_OPTIONS_MAX ||
        headers->options_captured > headers->options_length) {
        *verdict = SYNFIX_VERDICT_BAD_TCP;
    } else {
        context->headers.options = copy_options(options, headers->options, headers->options_captured);
    }
    if (config->encapsulations != SYNFIX_ENCAPSULATIONS_ALL &&
        (encapsulations_of(&headers->encapsulation) & ~config->encapsulations) != 0) {
        *verdict = SYNFIX_VERDICT_ENCAPSULATION;
    }
    note_flow(context, *verdict);
    *verdict = engine_verdict(config, *verdict, &context->headers);
    return prepare(config, packet, *verdict, context);
}
