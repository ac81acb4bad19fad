/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file verdict.h
 * The result of decoding a packet. Each packet gets exactly one verdict, so the counters balance: received
 * = observed SYN + observed SYN+ACK + all other verdicts.
 */
#ifndef SYNFIX_VERDICT_H
#define SYNFIX_VERDICT_H

#include <synfix/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** X(identifier, metric name, description). New verdicts are appended. */
#define SYNFIX_VERDICTS(X)                                                                                   \
    X(SYN, "syn", "observed: SYN")                                                                           \
    X(SYN_ACK, "syn_ack", "observed: SYN+ACK")                                                               \
    X(SEGMENT, "segment", "TCP segment without SYN")                                                         \
    X(BAD_FLAGS, "bad_flags", "SYN together with FIN or RST")                                                \
    X(OPTIONS_CUT, "options_cut", "TCP options cut by the snapshot length")                                  \
    X(NOT_IP, "not_ip", "no IP inside")                                                                      \
    X(NOT_TCP, "not_tcp", "IP, but no TCP inside")                                                           \
    X(ICMP_ERROR, "icmp_error", "ICMP error (quoted packets are not observed)")                              \
    X(LATER_FRAGMENT, "later_fragment", "fragment without the start of the TCP header")                      \
    X(FRAGMENT_SHORT, "fragment_short", "first fragment without the whole TCP header")                       \
    X(CUT, "cut", "headers cut by the snapshot length")                                                      \
    X(BAD_IP, "bad_ip", "impossible IP header")                                                              \
    X(BAD_TCP, "bad_tcp", "impossible TCP header")                                                           \
    X(BAD_LINK, "bad_link", "impossible link or tunnel header")                                              \
    X(NESTED, "nested", "nested deeper than the limit")                                                      \
    X(UNKNOWN_LINK, "unknown_link", "unknown link type")                                                     \
    X(ENCRYPTED, "encrypted", "encrypted payload (ESP, protected 802.11, MACsec)")                           \
    X(FILTERED, "filtered", "excluded by a filter")                                                          \
    X(ENCAPSULATION, "encapsulation", "in an excluded encapsulation")                                        \
    X(SFLOW, "sflow", "sFlow datagram (each sample counts as a packet)")

/** Numbers of SYNFIX_VERDICTS. */
typedef enum synfix_verdict {
#define SYNFIX_VERDICT_ENUM(identifier, name, text) SYNFIX_VERDICT_##identifier,
    SYNFIX_VERDICTS(SYNFIX_VERDICT_ENUM)
#undef SYNFIX_VERDICT_ENUM
        SYNFIX_VERDICT_COUNT
} synfix_verdict_t;

/**
 * Name of a verdict for metrics and logs. Any thread.
 * @param verdict  any number
 * @return constant text (`later_fragment`), never NULL
 */
SYNFIX_API const char *synfix_verdict_name(synfix_verdict_t verdict);

/**
 * Description of a verdict for messages. Any thread.
 * @param verdict  any number
 * @return constant text, never NULL
 */
SYNFIX_API const char *synfix_verdict_text(synfix_verdict_t verdict);

#ifdef __cplusplus
}
#endif

#endif
