/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/record_observation/record_headers.h"
#include "base/ntp_time.h"
#include "exporter/record_observation/record_view.h"
#include <string.h>
#include <synfix/observation.h>

#define FIXED_IPV4       20u
#define FIXED_IPV6       40u
#define TCP_HEADER_MIN   20u
#define TCP_HEADER_MAX   60u
#define FRAGMENT_TO_BITS 5 /* fragmentFlags holds the three flags of IPv4 in its upper bits */

#define BIT(name) RECORD_BIT(RECORD_##name)

/* The part below a millisecond of a time of RFC 7011, section 6.1.10. */
static int64_t below_millisecond(uint64_t ntp)
{
    return (int64_t)(ntp_fraction(ntp, NS_PER_S) % NS_PER_MS);
}

VIEW_INLINE int64_t time_of(const record_view_t *view)
{
    const record_table_t *table = view->table;
    const uint64_t milliseconds = table->time == RECORD_TIME_MS ? view_number(view, RECORD_TIME_MS)
                                                                : view_number(view, RECORD_START_MS);
    const int64_t time_ns = (int64_t)milliseconds * NS_PER_MS;
    if ((table->has.numbers & BIT(TIME_NS)) != 0) {
        return time_ns + below_millisecond(view_number(view, RECORD_TIME_NS));
    }
    return (table->has.numbers & BIT(TIME_US)) != 0
               ? time_ns + below_millisecond(view_number(view, RECORD_TIME_US)) / 1000 * 1000
               : time_ns;
}

static inline void copy_addresses(synfix_headers_t *headers, bool ipv4, const uint8_t *source,
                                  const uint8_t *destination)
{
    if (ipv4) {
        headers->source = (synfix_address_t){.bytes = {0}};
        headers->destination = (synfix_address_t){.bytes = {0}};
        memcpy(headers->source.bytes, source, 4);
        memcpy(headers->destination.bytes, destination, 4);
    } else {
        memcpy(headers->source.bytes, source, 16);
        memcpy(headers->destination.bytes, destination, 16);
    }
}

VIEW_INLINE void set_lengths(synfix_headers_t *headers, const record_view_t *view,
                             const synfix_signature_t *signature)
{
    const uint16_t options = signature != NULL ? signature->ip_options_length : 0;
    const uint16_t header = (uint16_t)((view->table->ipv4 ? FIXED_IPV4 : FIXED_IPV6) + options);
    const uint32_t total = (uint32_t)(view->numbers == NULL || view->table->length == RECORD_OCTETS
                                          ? view_number(view, RECORD_OCTETS)
                                          : view_number(view, RECORD_IP_LENGTH));
    const uint32_t payload = (uint32_t)view_number(view, RECORD_PAYLOAD);
    const uint64_t tcp = (uint64_t)total - header - payload;
    headers->ip_total_length = total;
    headers->payload_length = payload;
    headers->ip_options_length = options;
    headers->ip_header_length = header;
    headers->tcp_header_length =
        (uint16_t)(tcp >= TCP_HEADER_MIN && tcp <= TCP_HEADER_MAX ? tcp : TCP_HEADER_MIN);
}

VIEW_INLINE uint8_t ip_flags(const record_view_t *view, const synfix_signature_t *signature)
{
    const unsigned reserved = signature != NULL && (signature->quirks & (uint32_t)SYNFIX_QUIRK_RESERVED) != 0
                                  ? SYNFIX_IP_RESERVED
                                  : 0;
    return (uint8_t)(view_number_if(view, RECORD_FRAGMENT_FLAGS) >> FRAGMENT_TO_BITS | reserved);
}

VIEW_INLINE void set_ip(synfix_headers_t *headers, const record_view_t *view,
                        const synfix_signature_t *signature)
{
    const uint32_t flags = (uint32_t)view_number(view, RECORD_FLAGS);
    const bool own_ttl =
        view->numbers == NULL || (view->table->has.numbers & BIT(TTL)) != 0 || signature == NULL;
    headers->ip_version = view->table->ipv4 ? 4 : 6;
    headers->ttl = own_ttl ? (uint8_t)view_number(view, RECORD_TTL) : signature->ttl;
    headers->traffic_class = (uint8_t)view_number(view, RECORD_TRAFFIC_CLASS);
    headers->ip_flags = ip_flags(view, signature);
    headers->fragment_id = (uint32_t)view_number(view, RECORD_FRAGMENT_ID);
    headers->flow_label = (uint32_t)view_number_if(view, RECORD_FLOW_LABEL);
    headers->truncated = (flags & (uint32_t)SYNFIX_FLAG_TRUNCATED) != 0;
    headers->first_fragment = (flags & (uint32_t)SYNFIX_FLAG_FRAGMENT) != 0;
}

VIEW_INLINE void set_tcp(synfix_headers_t *headers, const record_view_t *view)
{
    headers->source_port = (uint16_t)view_number(view, RECORD_SOURCE_PORT);
    headers->destination_port = (uint16_t)view_number(view, RECORD_DESTINATION_PORT);
    headers->sequence = (uint32_t)view_number(view, RECORD_SEQUENCE);
    headers->acknowledgement = (uint32_t)view_number(view, RECORD_ACKNOWLEDGEMENT);
    headers->tcp_flags = (uint16_t)view_number(view, RECORD_TCP_FLAGS);
    headers->window = (uint16_t)view_number(view, RECORD_WINDOW);
    headers->urgent_pointer = (uint16_t)view_number(view, RECORD_URGENT_POINTER);
}

/* Tags and labels of the frame, which are no tunnels. */
VIEW_INLINE void set_tags(synfix_encapsulation_t *encapsulation, const record_view_t *view)
{
    encapsulation->vlan_count = (uint8_t)view_number(view, RECORD_VLAN_COUNT);
    encapsulation->vlan_id = (uint16_t)view_number(view, RECORD_VLAN);
    encapsulation->customer_vlan_id = (uint16_t)view_number(view, RECORD_CUSTOMER_VLAN);
    encapsulation->mpls_count = (uint8_t)view_number(view, RECORD_MPLS_DEPTH);
    encapsulation->mpls_label = (uint32_t)view_number(view, RECORD_MPLS_LABEL);
}

VIEW_INLINE void set_all(synfix_headers_t *headers, const record_view_t *view,
                         const synfix_signature_t *signature)
{
    set_ip(headers, view, signature);
    set_tcp(headers, view);
    set_lengths(headers, view, signature);
    set_tags(&headers->encapsulation, view);
}

int64_t record_time(const record_values_t *values, const record_table_t *table)
{
    return time_of(&(record_view_t){.numbers = values->numbers, .table = table});
}

void record_headers_fill(synfix_headers_t *headers, const record_values_t *values,
                         const record_table_t *table, const synfix_signature_t *signature)
{
    const record_view_t view = {.numbers = values->numbers, .table = table};
    const uint8_t *const *addresses = values->addresses;
    copy_addresses(headers, table->ipv4, addresses[table->ipv4 ? RECORD_SOURCE_IPV4 : RECORD_SOURCE_IPV6],
                   addresses[table->ipv4 ? RECORD_DESTINATION_IPV4 : RECORD_DESTINATION_IPV6]);
    set_all(headers, &view, signature);
    record_encapsulation_fill(headers, values, table);
}

/* The packet before may have come through a tunnel. */
static void forget_tunnel(synfix_encapsulation_t *encapsulation)
{
    encapsulation->kind = 0;
    encapsulation->depth = 0;
    encapsulation->id = 0;
    encapsulation->details = 0;
    if (encapsulation->outer_version != 0) {
        encapsulation->outer_source = (synfix_address_t){.bytes = {0}};
        encapsulation->outer_destination = (synfix_address_t){.bytes = {0}};
        encapsulation->outer_version = 0;
    }
}

static void set_sampling(synfix_headers_t *headers, const record_view_t *view)
{
    const bool sampled = (view_number(view, RECORD_FLAGS) & SYNFIX_FLAG_SAMPLED) != 0 &&
                         (view->table->in_place & BIT(SAMPLING)) != 0;
    headers->details = (synfix_details_t){.sampling_rate = (uint32_t)view_number_if(view, RECORD_SAMPLING)};
    headers->encapsulation.details = sampled ? SYNFIX_DETAIL_SAMPLING : 0;
}

bool record_direct_begin(const record_table_t *table, const uint8_t *start, record_direct_t *direct)
{
    const record_view_t view = {.start = start, .table = table};
    if (!table->direct) {
        return false;
    }
    direct->kind = (uint8_t)view_number(&view, RECORD_KIND);
    direct->flags = (uint32_t)view_number(&view, RECORD_FLAGS);
    return direct->kind != 0 && direct->kind < SYNFIX_OBSERVATION_UPTIME &&
           view_number_if(&view, RECORD_TIME_MS) <= RECORD_TIME_MAX_MS &&
           view_number_if(&view, RECORD_START_MS) <= RECORD_TIME_MAX_MS &&
           view_number(&view, RECORD_OCTETS) <= UINT32_MAX &&
           view_number(&view, RECORD_MPLS_DEPTH) <= UINT8_MAX;
}

void record_direct_fill(const record_table_t *table, const uint8_t *start,
                        const synfix_signature_t *signature, synfix_headers_t *headers,
                        record_direct_t *direct)
{
    const record_view_t view = {.start = start, .table = table};
    copy_addresses(headers, table->ipv4, start + table->source_offset, start + table->destination_offset);
    set_all(headers, &view, signature);
    forget_tunnel(&headers->encapsulation);
    set_sampling(headers, &view);
    direct->time_ns = time_of(&view);
    direct->flow_id = view_number(&view, RECORD_FLOW_ID);
    direct->interface_id = (uint32_t)view_number(&view, RECORD_INTERFACE);
    direct->timestamp_value = (uint32_t)view_number(&view, RECORD_TIMESTAMP_VALUE);
    direct->timestamp_echo = (uint32_t)view_number(&view, RECORD_TIMESTAMP_ECHO);
}
