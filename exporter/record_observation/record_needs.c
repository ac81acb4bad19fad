/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Which elements a template has to have, and what follows from those that it has. */
#include "exporter/record_observation/record_headers.h"

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

/* Elements that only packets of one IP version, or only packets in tunnels, have. */
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

/* The direct way checks no others. */
static bool checks_are_known(const record_plan_t *plan)
{
    uint64_t slots = 0;
    for (unsigned i = 0; i < plan->check_count; i++) {
        slots |= RECORD_BIT(plan->checks[i].slot);
    }
    return (slots & ~RECORD_RANGES) == 0;
}

/* Everything that an observation of a packet has apart from its fingerprint stands at a fixed offset. */
static bool is_direct(const record_table_t *table)
{
    return table->missing[RECORD_COMPLETE][0] == NULL && table->key_last > table->key_first &&
           !table->outer && (table->has.numbers & BIT(ENCAPSULATION_KIND)) == 0 &&
           table->length == RECORD_OCTETS && table->own.step_count == 0 &&
           (table->has.numbers & ~RECORD_FINGERPRINT_NUMBERS & ~table->in_place) == 0 &&
           checks_are_known(&table->own);
}

void record_table_complete(record_table_t *table)
{
    const record_set_t *has = &table->has;
    table->ipv4 = has_both(has, RECORD_SOURCE_IPV4, RECORD_DESTINATION_IPV4);
    table->outer = (has->addresses & (uint32_t)OUTER_ADDRESSES) != 0;
    table->length = (has->numbers & BIT(IP_LENGTH)) != 0 ? RECORD_IP_LENGTH : RECORD_OCTETS;
    table->time = (has->numbers & BIT(TIME_MS)) != 0 ? RECORD_TIME_MS : RECORD_START_MS;
    find_missing(table);
    table->direct = is_direct(table);
    table->source_offset = table->address_offsets[table->ipv4 ? RECORD_SOURCE_IPV4 : RECORD_SOURCE_IPV6];
    table->destination_offset =
        table->address_offsets[table->ipv4 ? RECORD_DESTINATION_IPV4 : RECORD_DESTINATION_IPV6];
}
