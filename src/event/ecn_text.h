/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file ecn_text.h
 * Negotiation of ECN by the flags AE, CWR and ECE of a SYN or SYN+ACK (RFC 3168, RFC 9768 table 2).
 */
#ifndef EVENT_ECN_TEXT_H
#define EVENT_ECN_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/**
 * Returns the kind of ECN that a packet with @p tcp_flags requests or accepts:
 *
 * - NULL: no flag is set, no ECN
 * - `classic`: RFC 3168. SYN: CWR and ECE; SYN+ACK: ECE
 * - `accurate`: AccECN (RFC 9768). SYN: all three flags; SYN+ACK: see ecn_received
 * - `reflected`: a SYN+ACK with all three flags, which agrees to nothing
 * - `reserved`: other combinations; a server treats such a SYN as a request for AccECN
 */
const char *ecn_text(uint16_t tcp_flags, bool answer);

/**
 * The ECN field of the IP header that the SYN had when it reached the server, as a SYN+ACK of AccECN reports:
 * `not-ect`, `ect1`, `ect0` or `ce`; NULL without AccECN. `ect1` has the flags of a classic SYN: a server
 * that reflects them sends the same.
 */
const char *ecn_received(uint16_t tcp_flags, bool answer);

#endif
