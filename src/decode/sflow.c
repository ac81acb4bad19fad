/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "decode/sflow.h"

#include "decode/decoder.h"

enum {
    SFLOW_VERSION = 5,
    ADDRESS_IPV4 = 1,
    ADDRESS_IPV6 = 2,
    FLOW_SAMPLE = 1,          /* enterprise 0 */
    EXPANDED_FLOW_SAMPLE = 3, /* enterprise 0 */
    SAMPLED_HEADER = 1,       /* enterprise 0 */
    FLOW_SAMPLE_SIZE = 32,
    EXPANDED_FLOW_SAMPLE_SIZE = 44,
    SAMPLED_HEADER_SIZE = 16,
    INTERFACE_FORMAT = 0xC0000000u, /* upper two bits: not 0 when the value is no ifIndex */
    INTERFACE_UNKNOWN = 0x3FFFFFFF,
};

/* From the agent's address to the number of samples: sub-agent, sequence, uptime. */
#define HEADER_REST 12u
#define LINK_NONE   UINT32_MAX

/* Length of the header up to the number of samples, or 0 for a wrong one. @p left bytes are at @p at. */
static size_t header_length(const uint8_t *at, size_t left)
{
    if (left < 8 || read_be32(at) != SFLOW_VERSION) {
        return 0;
    }
    const uint32_t type = read_be32(at + 4);
    return type == ADDRESS_IPV4 ? 12 + HEADER_REST : type == ADDRESS_IPV6 ? 24 + HEADER_REST : 0;
}

void step_sflow(decoder_t *d)
{
    if (!decoder_has(d, 8, SYNFIX_VERDICT_NOT_TCP)) {
        return;
    }
    const size_t length = header_length(d->at, d->left);
    if (length == 0) {
        decoder_stop(d, SYNFIX_VERDICT_NOT_TCP);
    } else if (decoder_has(d, length + 4, SYNFIX_VERDICT_NOT_TCP)) {
        decoder_enter_tunnel(d, SYNFIX_ENCAPSULATION_SFLOW, 0);
        decoder_stop(d, SYNFIX_VERDICT_SFLOW);
    }
}

bool sflow_begin(sflow_reader_t *reader, const synfix_packet_t *datagram)
{
    synfix_headers_t headers;
    decoder_t d;
    decoder_run(datagram, &headers, &d);
    if (d.verdict != SYNFIX_VERDICT_SFLOW) {
        return false;
    }
    const size_t length = header_length(d.at, d.left);
    *reader = (sflow_reader_t){.datagram = *datagram,
                               .outer = headers.encapsulation,
                               .at = d.at + length + 4,
                               .end = d.at + d.left,
                               .samples = read_be32(d.at + length),
                               .cut = d.cut || d.fragment};
    return true;
}

static bool stop(sflow_reader_t *reader)
{
    reader->broken = true;
    reader->samples = reader->records = 0;
    return false;
}

/* Format and length of an XDR block at *@p at; *@p body and *@p body_end receive its content, which a cut
 * capture may end early. */
static bool open_block(sflow_reader_t *reader, const uint8_t **at, const uint8_t *end, uint32_t *format,
                       const uint8_t **body, const uint8_t **body_end)
{
    if (end - *at < 8) {
        return stop(reader);
    }
    const uint32_t length = read_be32(*at + 4);
    const size_t left = (size_t)(end - *at) - 8;
    if (length > left && !reader->cut) {
        return stop(reader);
    }
    *format = read_be32(*at);
    *body = *at + 8;
    *body_end = *body + (length < left ? length : left);
    *at = *body_end;
    return true;
}

/* 0 for a value that is no ifIndex: several interfaces, a discarded packet, unknown. */
static uint32_t interface_of(uint32_t value)
{
    return (value & INTERFACE_FORMAT) != 0 || value == INTERFACE_UNKNOWN ? 0 : value;
}

static uint32_t expanded_interface(const uint8_t *at)
{
    return read_be32(at) == 0 ? interface_of(read_be32(at + 4)) : 0;
}

static void begin_flow_sample(sflow_reader_t *reader, const uint8_t *body, const uint8_t *end)
{
    reader->current.sampling_rate = read_be32(body + 8);
    reader->current.packet.interface_id = interface_of(read_be32(body + 20));
    reader->current.output_interface = interface_of(read_be32(body + 24));
    reader->records = read_be32(body + 28);
    reader->record = body + FLOW_SAMPLE_SIZE;
    reader->records_end = end;
}

static void begin_expanded_sample(sflow_reader_t *reader, const uint8_t *body, const uint8_t *end)
{
    reader->current.sampling_rate = read_be32(body + 12);
    reader->current.packet.interface_id = expanded_interface(body + 24);
    reader->current.output_interface = expanded_interface(body + 32);
    reader->records = read_be32(body + 40);
    reader->record = body + EXPANDED_FLOW_SAMPLE_SIZE;
    reader->records_end = end;
}

/* Opens the next sample; other formats (counters, other enterprises) have no records. False at the end. */
static bool next_sample(sflow_reader_t *reader)
{
    const uint8_t *body = NULL;
    const uint8_t *end = NULL;
    uint32_t format = 0;
    if (reader->samples == 0) {
        return false;
    }
    reader->samples--;
    if (!open_block(reader, &reader->at, reader->end, &format, &body, &end)) {
        return false;
    }
    const size_t size = (size_t)(end - body);
    reader->records = 0;
    if (format == FLOW_SAMPLE || format == EXPANDED_FLOW_SAMPLE) {
        if (size < (format == FLOW_SAMPLE ? FLOW_SAMPLE_SIZE : EXPANDED_FLOW_SAMPLE_SIZE)) {
            return stop(reader);
        }
        (format == FLOW_SAMPLE ? begin_flow_sample : begin_expanded_sample)(reader, body, end);
    }
    return true;
}

/* LINKTYPE_ number of a header protocol of sFlow. */
static uint32_t link_type_of(uint32_t protocol)
{
    static const uint8_t types[] = {
        [1] = 1,    /* Ethernet */[3] = 6,    /* token ring */[4] = 10, /* FDDI */
        [5] = 107,  /* frame relay */[7] = 9, /* PPP */[11] = 228,      /* IPv4 */
        [12] = 229, /* IPv6 */[13] = 219,     /* MPLS */[14] = 50,      /* PPP over SONET */
        [15] = 105,                                                     /* 802.11 */
    };
    return protocol < sizeof types && types[protocol] != 0 ? types[protocol] : LINK_NONE;
}

/* Reads a sampled header of @p body, of which @p left bytes follow its fields. False: the datagram is bad. */
static bool read_sampled_header(sflow_reader_t *reader, const uint8_t *body, size_t left)
{
    synfix_packet_t *packet = &reader->current.packet;
    const uint32_t frame = read_be32(body + 4);
    const uint32_t stripped = read_be32(body + 8);
    const uint32_t size = read_be32(body + 12);

    if (size > left && !reader->cut) {
        return stop(reader);
    }
    packet->data = body + SAMPLED_HEADER_SIZE;
    packet->captured_length = size < left ? size : (uint32_t)left;
    packet->original_length = frame > stripped ? frame - stripped : frame;
    if (packet->original_length < packet->captured_length) {
        packet->original_length = packet->captured_length;
    }
    packet->link_type = link_type_of(read_be32(body));
    return true;
}

/* A record of the current sample: true if it is a packet, which reader->current is then. */
static bool read_record(sflow_reader_t *reader)
{
    const uint8_t *body = NULL;
    const uint8_t *end = NULL;
    uint32_t format = 0;

    reader->records--;
    if (!open_block(reader, &reader->record, reader->records_end, &format, &body, &end) ||
        format != SAMPLED_HEADER) {
        return false;
    }
    const size_t length = (size_t)(end - body);
    return length < SAMPLED_HEADER_SIZE ? stop(reader)
                                        : read_sampled_header(reader, body, length - SAMPLED_HEADER_SIZE);
}

bool sflow_next(sflow_reader_t *reader, sflow_sample_t *sample)
{
    for (;;) {
        while (reader->records > 0) {
            if (read_record(reader)) {
                *sample = reader->current;
                sample->packet.number = reader->datagram.number | (uint64_t)reader->sampled++
                                                                      << SYNFIX_SAMPLE_SHIFT;
                sample->packet.time_ns = reader->datagram.time_ns;
                sample->packet.user = reader->datagram.user;
                return true;
            }
        }
        if (!next_sample(reader)) {
            return false;
        }
    }
}

synfix_verdict_t sflow_rest(const sflow_reader_t *reader)
{
    return !reader->broken ? SYNFIX_VERDICT_SFLOW
           : reader->cut   ? SYNFIX_VERDICT_CUT
                           : SYNFIX_VERDICT_BAD_LINK;
}

synfix_verdict_t sflow_decode(const sflow_reader_t *reader, const sflow_sample_t *sample,
                              synfix_encapsulations_t wanted, synfix_headers_t *headers)
{
    synfix_encapsulation_t outer = reader->outer;
    outer.vlan_count = outer.mpls_count = 0;
    const synfix_verdict_t verdict = decoder_decode_sampled(&sample->packet, &outer, headers, wanted);
    if (verdict <= SYNFIX_VERDICT_BAD_FLAGS) {
        headers->encapsulation.details |= SYNFIX_DETAIL_SAMPLING;
        headers->details.sampling_rate = sample->sampling_rate;
        headers->details.output_interface = sample->output_interface;
    }
    return verdict == SYNFIX_VERDICT_SFLOW ? SYNFIX_VERDICT_NOT_TCP : verdict;
}
