/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file record_elements.h
 * The elements that a record is turned into an observation from. Elements are found by name, so that an
 * archive with another private enterprise number is read too: its type records (RFC 5610) name the elements.
 */
#ifndef EXPORTER_RECORD_OBSERVATION_RECORD_ELEMENTS_H
#define EXPORTER_RECORD_OBSERVATION_RECORD_ELEMENTS_H

#include <stdint.h>

/* X(identifier, element, greatest value, bytes of its type): at most 64. */
#define RECORD_NUMBERS(X)                                                                                    \
    X(KIND, "observationKind", 4, 1)                                                                         \
    X(FLAGS, "observationFlags", UINT32_MAX, 4)                                                              \
    X(START_MS, "flowStartMilliseconds", RECORD_TIME_MAX_MS, 8)                                              \
    X(TIME_MS, "observationTimeMilliseconds", RECORD_TIME_MAX_MS, 8)                                         \
    X(TIME_US, "observationTimeMicroseconds", UINT64_MAX, 8)                                                 \
    X(TIME_NS, "observationTimeNanoseconds", UINT64_MAX, 8)                                                  \
    X(START_S, "flowStartSeconds", UINT32_MAX, 4)                                                            \
    X(START_US, "flowStartMicroseconds", UINT64_MAX, 8)                                                      \
    X(START_NS, "flowStartNanoseconds", UINT64_MAX, 8)                                                       \
    X(FLOW_ID, "flowId", UINT64_MAX, 8)                                                                      \
    X(INTERFACE, "ingressInterface", UINT32_MAX, 4)                                                          \
    X(SOURCE_PORT, "sourceTransportPort", UINT16_MAX, 2)                                                     \
    X(DESTINATION_PORT, "destinationTransportPort", UINT16_MAX, 2)                                           \
    X(DIRECTION, "biflowDirection", UINT8_MAX, 1)                                                            \
    X(OCTETS, "octetDeltaCount", UINT32_MAX, 8)                                                              \
    X(IP_LENGTH, "ipTotalLength", UINT32_MAX, 8)                                                             \
    X(TTL, "ipTTL", UINT8_MAX, 1)                                                                            \
    X(TRAFFIC_CLASS, "ipClassOfService", UINT8_MAX, 1)                                                       \
    X(FRAGMENT_ID, "fragmentIdentification", UINT32_MAX, 4)                                                  \
    X(FRAGMENT_FLAGS, "fragmentFlags", UINT8_MAX, 1)                                                         \
    X(FLOW_LABEL, "flowLabelIPv6", UINT32_MAX, 4)                                                            \
    X(SEQUENCE, "tcpSequenceNumber", UINT32_MAX, 4)                                                          \
    X(ACKNOWLEDGEMENT, "tcpAcknowledgementNumber", UINT32_MAX, 4)                                            \
    X(TCP_FLAGS, "tcpControlBits", UINT16_MAX, 2)                                                            \
    X(WINDOW, "tcpWindowSize", UINT16_MAX, 2)                                                                \
    X(URGENT_POINTER, "tcpUrgentPointer", UINT16_MAX, 2)                                                     \
    X(PAYLOAD, "tcpPayloadLength", UINT32_MAX, 2)                                                            \
    X(TIMESTAMP_VALUE, "tcpTimestampValue", UINT32_MAX, 4)                                                   \
    X(TIMESTAMP_ECHO, "tcpTimestampEcho", UINT32_MAX, 4)                                                     \
    X(VLAN, "vlanId", UINT16_MAX, 2)                                                                         \
    X(CUSTOMER_VLAN, "dot1qCustomerVlanId", UINT16_MAX, 2)                                                   \
    X(VLAN_COUNT, "vlanTagCount", UINT8_MAX, 1)                                                              \
    X(MPLS_DEPTH, "mplsLabelStackDepth", UINT8_MAX, 4)                                                       \
    X(MPLS_LABEL, "mplsTopLabel", UINT32_MAX, 4)                                                             \
    X(ENCAPSULATION_KIND, "encapsulationKind", UINT8_MAX, 1)                                                 \
    X(ENCAPSULATION_ID, "encapsulationId", UINT32_MAX, 4)                                                    \
    X(ENCAPSULATION_DEPTH, "encapsulationDepth", UINT8_MAX, 1)                                               \
    X(SAMPLING, "samplingPacketInterval", UINT32_MAX, 4)                                                     \
    X(DISTANCE, "hopDistance", UINT8_MAX, 1)                                                                 \
    X(INITIAL_TTL, "initialTtl", UINT8_MAX, 1)                                                               \
    X(LINK_MTU, "linkMtu", UINT16_MAX, 2)                                                                    \
    X(MATCH_KIND, "osMatchKind", 4, 1)                                                                       \
    X(QUALITY, "osMatchQuality", 100, 1)                                                                     \
    X(FAMILY_QUALITY, "osFamilyQuality", 100, 1)                                                             \
    X(CANDIDATES, "osCandidateCount", UINT8_MAX, 1)                                                          \
    X(LABEL_ID, "osLabelId", UINT32_MAX, 4)                                                                  \
    X(FREQUENCY, "timestampFrequency", UINT16_MAX, 2)                                                        \
    X(FREQUENCY_MEASURED, "timestampFrequencyMeasured", UINT32_MAX, 4)                                       \
    X(UPTIME, "systemUptime", UINT64_MAX, 4)                                                                 \
    X(MODULUS, "systemUptimeModulus", UINT64_MAX, 4)                                                         \
    X(RELIABILITY, "systemUptimeReliability", 3, 1)                                                          \
    X(CHANGE_REASONS, "hostChangeReasons", UINT32_MAX, 4)                                                    \
    X(SHARING_SCORE, "hostSharingScore", 100, 1)

/** A time beyond the year 2262 does not fit in nanoseconds of 64 bits. */
#define RECORD_TIME_MAX_MS (UINT64_C(9223372036854) - 1)

/* X(identifier, element, bytes). */
#define RECORD_ADDRESSES(X)                                                                                  \
    X(SOURCE_IPV4, "sourceIPv4Address", 4)                                                                   \
    X(DESTINATION_IPV4, "destinationIPv4Address", 4)                                                         \
    X(SOURCE_IPV6, "sourceIPv6Address", 16)                                                                  \
    X(DESTINATION_IPV6, "destinationIPv6Address", 16)                                                        \
    X(OUTER_SOURCE_IPV4, "outerSourceIPv4Address", 4)                                                        \
    X(OUTER_DESTINATION_IPV4, "outerDestinationIPv4Address", 4)                                              \
    X(OUTER_SOURCE_IPV6, "outerSourceIPv6Address", 16)                                                       \
    X(OUTER_DESTINATION_IPV6, "outerDestinationIPv6Address", 16)

/* X(identifier, element, longest text in bytes). */
#define RECORD_TEXTS(X)                                                                                      \
    X(SIGNATURE, "tcpSignature", 319)                                                                        \
    X(LABEL, "osLabel", 255)                                                                                 \
    X(CLASS, "osClass", 255)                                                                                 \
    X(FAMILY, "osFamily", 255)                                                                               \
    X(FLAVOR, "osFlavor", 255)                                                                               \
    X(LINK_LABEL, "linkLabel", 255)                                                                          \
    X(OTHER_LABELS, "osOtherLabels", 1024)                                                                   \
    X(COMMUNITY_ID, "communityId", 255)                                                                      \
    X(MUON_FINGERPRINT, "muonFingerprint", 255)                                                              \
    X(OUTER_ENCAPSULATION, "outerEncapsulation", 96)                                                         \
    X(LABEL_BEFORE, "osLabelBefore", 255)                                                                    \
    X(LABEL_AFTER, "osLabelAfter", 255)

#define RECORD_NUMBER_ENUM(identifier, element, greatest, bytes) RECORD_##identifier,
typedef enum record_number { RECORD_NUMBERS(RECORD_NUMBER_ENUM) RECORD_NUMBER_COUNT } record_number_t;
#undef RECORD_NUMBER_ENUM

#define RECORD_ADDRESS_ENUM(identifier, element, bytes) RECORD_##identifier,
typedef enum record_address { RECORD_ADDRESSES(RECORD_ADDRESS_ENUM) RECORD_ADDRESS_COUNT } record_address_t;
#undef RECORD_ADDRESS_ENUM

#define RECORD_TEXT_ENUM(identifier, element, longest) RECORD_TEXT_##identifier,
typedef enum record_text { RECORD_TEXTS(RECORD_TEXT_ENUM) RECORD_TEXT_COUNT } record_text_t;
#undef RECORD_TEXT_ENUM

_Static_assert(RECORD_NUMBER_COUNT <= 64, "the set of numbers is one word");

#endif
