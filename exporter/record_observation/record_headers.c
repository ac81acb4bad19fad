/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/record_observation/record_headers.h"
#include "base/ntp_time.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <synfix/observation.h>

#define FIXED_IPV4       20u
#define FIXED_IPV6       40u
#define OUTER_TEXT_MAX   96u /* of outerEncapsulation */
#define TCP_HEADER_MIN   20u
#define TCP_HEADER_MAX   60u
#define FRAGMENT_TO_BITS 5 /* fragmentFlags holds the three flags of IPv4 in its upper bits */

#define BIT(name) RECORD_BIT(RECORD_##name)

/* Of all kinds. The addresses are checked separately: one IP version suffices. */
#define HOSTS_ALL    (BIT(KIND) | BIT(FLAGS) | BIT(SOURCE_PORT) | BIT(DESTINATION_PORT) | BIT(TIMESTAMP_VALUE))
#define HOSTS_PACKET (BIT(DISTANCE) | BIT(LINK_MTU) | BIT(MATCH_KIND) | BIT(QUALITY) | BIT(LABEL_ID))
#define HOSTS_UPTIME (BIT(DIRECTION) | BIT(FREQUENCY) | BIT(UPTIME) | BIT(MODULUS) | BIT(RELIABILITY))

#define HOSTS_CHANGE (BIT(DIRECTION) | BIT(CHANGE_REASONS) | BIT(SHARING_SCORE))

#define COMPLETE_ALL                                                                                         \
    (BIT(FLOW_ID) | BIT(TIME_NS) | BIT(TTL) | BIT(TRAFFIC_CLASS) | BIT(TCP_FLAGS) | BIT(SEQUENCE) |          \
     BIT(ACKNOWLEDGEMENT) | BIT(WINDOW) | BIT(PAYLOAD) | BIT(TIMESTAMP_ECHO) | BIT(VLAN) |                   \
     BIT(CUSTOMER_VLAN) | BIT(VLAN_COUNT) | BIT(MPLS_DEPTH) | BIT(MPLS_LABEL) | BIT(INTERFACE))
#define COMPLETE_PACKET                                                                                      \
    (BIT(OCTETS) | BIT(FRAGMENT_ID) | BIT(URGENT_POINTER) | BIT(INITIAL_TTL) | BIT(FAMILY_QUALITY) |         \
     BIT(CANDIDATES))
#define COMPLETE_UPTIME (BIT(IP_LENGTH) | BIT(FREQUENCY_MEASURED))

#define OUTER_ADDRESSES                                                                                      \
    (BIT(OUTER_SOURCE_IPV4) | BIT(OUTER_DESTINATION_IPV4) | BIT(OUTER_SOURCE_IPV6) |                         \
     BIT(OUTER_DESTINATION_IPV6))

#define TEXT_BIT(name) ((uint32_t)RECORD_BIT(RECORD_TEXT_##name))

static const record_set_t needs[2][3] = {
    /* for hosts: packet, uptime, host change */
    {{.numbers = HOSTS_ALL | HOSTS_PACKET, .texts = TEXT_BIT(SIGNATURE)},
     {.numbers = HOSTS_ALL | HOSTS_UPTIME},
     {.numbers = HOSTS_ALL | HOSTS_CHANGE, .texts = TEXT_BIT(LABEL_BEFORE) | TEXT_BIT(LABEL_AFTER)}},
    /* complete: packet, uptime, host change */
    {{.numbers = HOSTS_ALL | HOSTS_PACKET | COMPLETE_ALL | COMPLETE_PACKET,
      .texts = TEXT_BIT(SIGNATURE) | TEXT_BIT(LABEL) | TEXT_BIT(CLASS) | TEXT_BIT(FAMILY) | TEXT_BIT(FLAVOR) |
               TEXT_BIT(LINK_LABEL) | TEXT_BIT(OTHER_LABELS)},
     {.numbers = HOSTS_ALL | HOSTS_UPTIME | COMPLETE_ALL | COMPLETE_UPTIME},
     {.numbers = HOSTS_ALL | HOSTS_CHANGE | COMPLETE_ALL | BIT(IP_LENGTH),
      .texts = TEXT_BIT(LABEL_BEFORE) | TEXT_BIT(LABEL_AFTER)}},
};

static bool has_both(const record_set_t *has, record_address_t one, record_address_t other)
{
    const uint64_t both = RECORD_BIT(one) | RECORD_BIT(other);
    return (has->addresses & both) == both;
}

/* What only packets of one IP version, or only packets in tunnels, have. */
static const char *missing_of_family(const record_set_t *has, bool packet, bool complete)
{
    const bool ipv4 = has_both(has, RECORD_SOURCE_IPV4, RECORD_DESTINATION_IPV4);
    if (!ipv4 && !has_both(has, RECORD_SOURCE_IPV6, RECORD_DESTINATION_IPV6)) {
        return "sourceIPv4Address or sourceIPv6Address";
    }
    if (complete && !ipv4 && packet && (has->numbers & BIT(FLOW_LABEL)) == 0) {
        return "flowLabelIPv6";
    }
    if (complete && (has->numbers & BIT(ENCAPSULATION_KIND)) != 0 &&
        (has->numbers & BIT(ENCAPSULATION_DEPTH)) == 0) {
        return "encapsulationDepth";
    }
    return (has->numbers & (BIT(START_MS) | BIT(TIME_MS))) == 0 ? "flowStartMilliseconds" : NULL;
}

static void find_missing(record_table_t *table)
{
    for (unsigned shape = 0; shape < RECORD_SHAPES; shape++) {
        for (unsigned extent = 0; extent < 2; extent++) {
            const bool complete = extent == RECORD_COMPLETE;
            const char *missing = record_set_missing(&needs[complete][shape], &table->has);
            table->missing[extent][shape] =
                missing != NULL ? missing : missing_of_family(&table->has, shape == 0, complete);
        }
    }
}

void record_table_complete(record_table_t *table)
{
    const record_set_t *has = &table->has;
    table->ipv4 = has_both(has, RECORD_SOURCE_IPV4, RECORD_DESTINATION_IPV4);
    table->outer = (has->addresses & (uint32_t)OUTER_ADDRESSES) != 0;
    table->length = (has->numbers & BIT(IP_LENGTH)) != 0 ? RECORD_IP_LENGTH : RECORD_OCTETS;
    table->time = (has->numbers & BIT(TIME_MS)) != 0 ? RECORD_TIME_MS : RECORD_START_MS;
    find_missing(table);
}

/* The part below a millisecond of a time of RFC 7011, section 6.1.10. */
static int64_t below_millisecond(uint64_t ntp)
{
    return (int64_t)(ntp_fraction(ntp, NS_PER_S) % NS_PER_MS);
}

int64_t record_time(const record_values_t *values, const record_table_t *table)
{
    const uint64_t *numbers = values->numbers;
    const record_set_t *has = &table->has;
    const int64_t time_ns = (int64_t)numbers[table->time] * NS_PER_MS;
    if ((has->numbers & BIT(TIME_NS)) != 0) {
        return time_ns + below_millisecond(numbers[RECORD_TIME_NS]);
    }
    return (has->numbers & BIT(TIME_US)) != 0
               ? time_ns + below_millisecond(numbers[RECORD_TIME_US]) / 1000 * 1000
               : time_ns;
}

static void copy_address(synfix_address_t *to, const uint8_t *ipv4, const uint8_t *ipv6)
{
    *to = (synfix_address_t){.bytes = {0}};
    if (ipv4 != NULL) {
        memcpy(to->bytes, ipv4, 4);
    } else if (ipv6 != NULL) {
        memcpy(to->bytes, ipv6, 16);
    }
}

static void fill_lengths(synfix_headers_t *headers, const uint64_t *numbers, const record_table_t *table,
                         const synfix_signature_t *signature)
{
    const uint16_t options = signature != NULL ? signature->ip_options_length : 0;
    const uint16_t header = (uint16_t)((table->ipv4 ? FIXED_IPV4 : FIXED_IPV6) + options);
    const uint32_t total = (uint32_t)numbers[table->length];
    const uint32_t payload = (uint32_t)numbers[RECORD_PAYLOAD];
    const uint64_t tcp = (uint64_t)total - header - payload;
    headers->ip_total_length = total;
    headers->payload_length = payload;
    headers->ip_options_length = options;
    headers->ip_header_length = header;
    headers->tcp_header_length =
        (uint16_t)(tcp >= TCP_HEADER_MIN && tcp <= TCP_HEADER_MAX ? tcp : TCP_HEADER_MIN);
}

static uint8_t ip_flags(const uint64_t *numbers, const synfix_signature_t *signature)
{
    const unsigned reserved = signature != NULL && (signature->quirks & (uint32_t)SYNFIX_QUIRK_RESERVED) != 0
                                  ? SYNFIX_IP_RESERVED
                                  : 0;
    return (uint8_t)(numbers[RECORD_FRAGMENT_FLAGS] >> FRAGMENT_TO_BITS | reserved);
}

static void fill_ip(synfix_headers_t *headers, const uint64_t *numbers, const record_table_t *table,
                    const synfix_signature_t *signature)
{
    const bool own_ttl = (table->has.numbers & BIT(TTL)) != 0 || signature == NULL;
    headers->ip_version = table->ipv4 ? 4 : 6;
    headers->ttl = own_ttl ? (uint8_t)numbers[RECORD_TTL] : signature->ttl;
    headers->traffic_class = (uint8_t)numbers[RECORD_TRAFFIC_CLASS];
    headers->ip_flags = ip_flags(numbers, signature);
    headers->fragment_id = (uint32_t)numbers[RECORD_FRAGMENT_ID];
    headers->flow_label = (uint32_t)numbers[RECORD_FLOW_LABEL];
    headers->truncated = (numbers[RECORD_FLAGS] & (uint32_t)SYNFIX_FLAG_TRUNCATED) != 0;
    headers->first_fragment = (numbers[RECORD_FLAGS] & (uint32_t)SYNFIX_FLAG_FRAGMENT) != 0;
}

static void fill_tcp(synfix_headers_t *headers, const uint64_t *numbers)
{
    headers->source_port = (uint16_t)numbers[RECORD_SOURCE_PORT];
    headers->destination_port = (uint16_t)numbers[RECORD_DESTINATION_PORT];
    headers->sequence = (uint32_t)numbers[RECORD_SEQUENCE];
    headers->acknowledgement = (uint32_t)numbers[RECORD_ACKNOWLEDGEMENT];
    headers->tcp_flags = (uint16_t)numbers[RECORD_TCP_FLAGS];
    headers->window = (uint16_t)numbers[RECORD_WINDOW];
    headers->urgent_pointer = (uint16_t)numbers[RECORD_URGENT_POINTER];
}

static bool any_byte(const synfix_address_t *address)
{
    static const synfix_address_t zero;
    return memcmp(address, &zero, sizeof zero) != 0;
}

/* A tunnel without an outer IP header has outer addresses of 0 in the record. */
static void fill_outer(synfix_encapsulation_t *encapsulation, const uint8_t *const *addresses)
{
    const bool ipv4 = addresses[RECORD_OUTER_SOURCE_IPV4] != NULL;
    copy_address(&encapsulation->outer_source, addresses[RECORD_OUTER_SOURCE_IPV4],
                 addresses[RECORD_OUTER_SOURCE_IPV6]);
    copy_address(&encapsulation->outer_destination, addresses[RECORD_OUTER_DESTINATION_IPV4],
                 addresses[RECORD_OUTER_DESTINATION_IPV6]);
    const bool any = any_byte(&encapsulation->outer_source) || any_byte(&encapsulation->outer_destination);
    encapsulation->outer_version = !any ? 0 : ipv4 ? 4 : 6;
}

static void fill_encapsulation(synfix_encapsulation_t *encapsulation, const record_values_t *values,
                               const record_table_t *table)
{
    const uint64_t *numbers = values->numbers;
    encapsulation->kind = (uint8_t)numbers[RECORD_ENCAPSULATION_KIND];
    encapsulation->depth = (uint8_t)numbers[RECORD_ENCAPSULATION_DEPTH];
    encapsulation->id = (uint32_t)numbers[RECORD_ENCAPSULATION_ID];
    encapsulation->vlan_count = (uint8_t)numbers[RECORD_VLAN_COUNT];
    encapsulation->vlan_id = (uint16_t)numbers[RECORD_VLAN];
    encapsulation->customer_vlan_id = (uint16_t)numbers[RECORD_CUSTOMER_VLAN];
    encapsulation->mpls_count = (uint8_t)numbers[RECORD_MPLS_DEPTH];
    encapsulation->mpls_label = (uint32_t)numbers[RECORD_MPLS_LABEL];
    encapsulation->details = 0;
    if (table->outer || encapsulation->outer_version != 0) {
        fill_outer(encapsulation, values->addresses);
    }
}

/* Number of the encapsulation with this name; 0: none. */
static uint8_t kind_of(const char *name)
{
    for (unsigned kind = 1; kind < SYNFIX_ENCAPSULATION_COUNT; kind++) {
        if (strcmp(synfix_encapsulation_name(kind), name) == 0) {
            return (uint8_t)kind;
        }
    }
    return 0;
}

/* outerEncapsulation: `KIND:ID`, `KIND:ID:ENDPOINT` or `:ENDPOINT`. Text of another form sets nothing. */
static void read_outer(synfix_headers_t *headers, const char *text)
{
    synfix_details_t *details = &headers->details;
    char name[32] = "";
    int end = 0;
    if (sscanf(text, "%31[^:]:%" SCNu32 "%n", name, &details->outer_id, &end) == 2) {
        details->outer_kind = kind_of(name);
        headers->encapsulation.details |= details->outer_kind != 0 ? SYNFIX_DETAIL_OUTER : 0;
    }
    if (sscanf(text + end, ":%16" SCNx64, &details->endpoint_id) == 1 && details->endpoint_id != 0) {
        headers->encapsulation.details |= SYNFIX_DETAIL_ENDPOINT;
    }
}

static void fill_details(synfix_headers_t *headers, const record_values_t *values,
                         const record_table_t *table)
{
    const uint64_t *numbers = values->numbers;
    const ipfix_decoder_value_t *outer = &values->texts[RECORD_TEXT_OUTER_ENCAPSULATION];
    char text[OUTER_TEXT_MAX + 1];
    headers->details = (synfix_details_t){.sampling_rate = (uint32_t)numbers[RECORD_SAMPLING]};
    if ((numbers[RECORD_FLAGS] & SYNFIX_FLAG_SAMPLED) != 0 && (table->has.numbers & BIT(SAMPLING)) != 0) {
        headers->encapsulation.details |= SYNFIX_DETAIL_SAMPLING;
    }
    if (outer->length > 0 && outer->length <= OUTER_TEXT_MAX) {
        memcpy(text, outer->data, outer->length);
        text[outer->length] = '\0';
        read_outer(headers, text);
    }
}

void record_headers_fill(synfix_headers_t *headers, const record_values_t *values,
                         const record_table_t *table, const synfix_signature_t *signature)
{
    const uint8_t *const *addresses = values->addresses;
    copy_address(&headers->source, table->ipv4 ? addresses[RECORD_SOURCE_IPV4] : NULL,
                 addresses[RECORD_SOURCE_IPV6]);
    copy_address(&headers->destination, table->ipv4 ? addresses[RECORD_DESTINATION_IPV4] : NULL,
                 addresses[RECORD_DESTINATION_IPV6]);
    fill_ip(headers, values->numbers, table, signature);
    fill_tcp(headers, values->numbers);
    fill_lengths(headers, values->numbers, table, signature);
    fill_encapsulation(&headers->encapsulation, values, table);
    fill_details(headers, values, table);
}
