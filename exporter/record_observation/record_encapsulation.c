/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Tunnels and rare facts of a record's packet. */
#include "exporter/record_observation/record_headers.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <synfix/observation.h>

#define OUTER_TEXT_MAX 96u /* of outerEncapsulation */

static void copy_address(synfix_address_t *to, const uint8_t *ipv4, const uint8_t *ipv6)
{
    *to = (synfix_address_t){.bytes = {0}};
    if (ipv4 != NULL) {
        memcpy(to->bytes, ipv4, 4);
    } else if (ipv6 != NULL) {
        memcpy(to->bytes, ipv6, 16);
    }
}

static bool any_byte(const synfix_address_t *address)
{
    static const synfix_address_t zero;
    return memcmp(address, &zero, sizeof zero) != 0;
}

/* A tunnel without an outer IP header has outer addresses of 0 in the record. */
static void set_outer(synfix_encapsulation_t *encapsulation, const uint8_t *const *addresses)
{
    const bool ipv4 = addresses[RECORD_OUTER_SOURCE_IPV4] != NULL;
    copy_address(&encapsulation->outer_source, addresses[RECORD_OUTER_SOURCE_IPV4],
                 addresses[RECORD_OUTER_SOURCE_IPV6]);
    copy_address(&encapsulation->outer_destination, addresses[RECORD_OUTER_DESTINATION_IPV4],
                 addresses[RECORD_OUTER_DESTINATION_IPV6]);
    const bool any = any_byte(&encapsulation->outer_source) || any_byte(&encapsulation->outer_destination);
    encapsulation->outer_version = !any ? 0 : ipv4 ? 4 : 6;
}

static void set_encapsulation(synfix_encapsulation_t *encapsulation, const record_values_t *values,
                              const record_table_t *table)
{
    const uint64_t *numbers = values->numbers;
    encapsulation->kind = (uint8_t)numbers[RECORD_ENCAPSULATION_KIND];
    encapsulation->depth = (uint8_t)numbers[RECORD_ENCAPSULATION_DEPTH];
    encapsulation->id = (uint32_t)numbers[RECORD_ENCAPSULATION_ID];
    encapsulation->details = 0;
    if (table->outer || encapsulation->outer_version != 0) {
        set_outer(encapsulation, values->addresses);
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

static void set_details(synfix_headers_t *headers, const record_values_t *values, const record_table_t *table)
{
    const uint64_t *numbers = values->numbers;
    const ipfix_decoder_value_t *outer = &values->texts[RECORD_TEXT_OUTER_ENCAPSULATION];
    char text[OUTER_TEXT_MAX + 1];
    headers->details = (synfix_details_t){.sampling_rate = (uint32_t)numbers[RECORD_SAMPLING]};
    if ((numbers[RECORD_FLAGS] & SYNFIX_FLAG_SAMPLED) != 0 &&
        (table->has.numbers & RECORD_BIT(RECORD_SAMPLING)) != 0) {
        headers->encapsulation.details |= SYNFIX_DETAIL_SAMPLING;
    }
    if (outer->length > 0 && outer->length <= OUTER_TEXT_MAX) {
        memcpy(text, outer->data, outer->length);
        text[outer->length] = '\0';
        read_outer(headers, text);
    }
}

void record_encapsulation_fill(synfix_headers_t *headers, const record_values_t *values,
                               const record_table_t *table)
{
    set_encapsulation(&headers->encapsulation, values, table);
    set_details(headers, values, table);
}
