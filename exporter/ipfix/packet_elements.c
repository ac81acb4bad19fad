/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/packet_elements.h"
#include "exporter/ipfix/packet_values.h"

void packet_offsets_clear(packet_offsets_t *offsets, uint16_t scratch)
{
    *offsets = (packet_offsets_t){.tunnel = false};
    for (unsigned i = 0; i < PACKET_FIELD_COUNT; i++) {
        offsets->at[i] = scratch;
    }
}

void packet_offsets_set(packet_offsets_t *offsets, packet_field_t field, uint16_t at)
{
    offsets->at[field] = at;
    switch (field) {
#define IS_FIELD(name, size, space, id, value) case PACKET_##name:
        PACKET_HEADER_NUMBERS(IS_FIELD)
        offsets->header = true;
        break;
        PACKET_TUNNEL_NUMBERS(IS_FIELD)
        PACKET_TUNNEL_ADDRESSES(IS_FIELD)
        offsets->tunnel = true;
        break;
        PACKET_RARE_NUMBERS(IS_FIELD)
        PACKET_LINK_ADDRESSES(IS_FIELD)
        offsets->rare = true;
        break;
        PACKET_UPTIME_NUMBERS(IS_FIELD)
        offsets->uptime = true;
        break;
        PACKET_HOST_CHANGE_NUMBERS(IS_FIELD)
        offsets->host_change = true;
        break;
#undef IS_FIELD
    default:
        break;
    }
}

packet_field_t packet_field_reduced(packet_field_t field, uint16_t bytes)
{
    if (bytes == sizeof(uint32_t) && field == PACKET_PACKETS) {
        return PACKET_PACKETS_SHORT;
    }
    return bytes == sizeof(uint32_t) && field == PACKET_OCTETS ? PACKET_OCTETS_SHORT : field;
}

#define WRITE_NUMBER(name, bits, space, id, value) write_be##bits(record + offsets->at[PACKET_##name], value);
#define WRITE_ADDRESS(name, length, space, id, address)                                                      \
    memcpy(record + offsets->at[PACKET_##name], (address).bytes, length);

#define WRITE_MAC(name, length, space, id, address)                                                          \
    memcpy(record + offsets->at[PACKET_##name], address, length);

static void write_header(uint8_t *record, const packet_offsets_t *offsets,
                         const synfix_observation_t *observation)
{
    const synfix_headers_t *headers = observation->headers;
    const synfix_encapsulation_t *wrap = &headers->encapsulation;
    PACKET_HEADER_NUMBERS(WRITE_NUMBER)
}

static void write_tunnel(uint8_t *record, const packet_offsets_t *offsets, const synfix_encapsulation_t *wrap)
{
    PACKET_TUNNEL_NUMBERS(WRITE_NUMBER)
    PACKET_TUNNEL_ADDRESSES(WRITE_ADDRESS)
}

static void write_rare(uint8_t *record, const packet_offsets_t *offsets, const synfix_headers_t *headers)
{
    const synfix_encapsulation_t *wrap = &headers->encapsulation;
    PACKET_RARE_NUMBERS(WRITE_NUMBER)
    PACKET_LINK_ADDRESSES(WRITE_MAC)
}

static void write_uptime(uint8_t *record, const packet_offsets_t *offsets,
                         const synfix_observation_t *observation)
{
    PACKET_UPTIME_NUMBERS(WRITE_NUMBER)
}

static void write_host_change(uint8_t *record, const packet_offsets_t *offsets,
                              const synfix_observation_t *observation)
{
    PACKET_HOST_CHANGE_NUMBERS(WRITE_NUMBER)
}

void packet_fields_write(uint8_t *record, const packet_offsets_t *offsets,
                         const synfix_observation_t *observation)
{
    const synfix_headers_t *headers = observation->headers;
    const synfix_encapsulation_t *wrap = &headers->encapsulation;
    const bool counts = counts_packet(observation);
    const uint64_t time_ms = milliseconds(observation->time_ns);
    PACKET_NUMBERS(WRITE_NUMBER)
    PACKET_ADDRESSES(WRITE_ADDRESS)
    if (offsets->header) {
        write_header(record, offsets, observation);
    }
    if (offsets->tunnel) {
        write_tunnel(record, offsets, wrap);
    }
    if (offsets->rare) {
        write_rare(record, offsets, headers);
    }
    if (offsets->uptime) {
        write_uptime(record, offsets, observation);
    }
    if (offsets->host_change) {
        write_host_change(record, offsets, observation);
    }
}

uint64_t packet_field_number(packet_field_t field, const synfix_observation_t *observation)
{
    const synfix_headers_t *headers = observation->headers;
    const synfix_encapsulation_t *wrap = &headers->encapsulation;
    const bool counts = counts_packet(observation);
    const uint64_t time_ms = milliseconds(observation->time_ns);
    switch (field) {
#define NUMBER(name, bits, space, id, value)                                                                 \
    case PACKET_##name:                                                                                      \
        return value;
        PACKET_NUMBERS(NUMBER)
        PACKET_HEADER_NUMBERS(NUMBER)
        PACKET_TUNNEL_NUMBERS(NUMBER)
        PACKET_RARE_NUMBERS(NUMBER)
        PACKET_UPTIME_NUMBERS(NUMBER)
        PACKET_HOST_CHANGE_NUMBERS(NUMBER)
#undef NUMBER
    default:
        return 0;
    }
}
