/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "event/ecn_text.h"

#include <stddef.h>
#include <synfix/headers.h>

typedef struct ecn_meaning {
    const char *request;  /* of a SYN */
    const char *answer;   /* of a SYN+ACK */
    const char *received; /* by the sender of the SYN+ACK */
} ecn_meaning_t;

/* RFC 9768, table 2 and section 3.1.3. The index is AE, CWR, ECE. */
static const ecn_meaning_t meanings[8] = {
    [0] = {.request = NULL, .answer = NULL},
    [1] = {.request = "reserved", .answer = "classic"},
    [2] = {.request = "reserved", .answer = "accurate", .received = "not-ect"},
    [3] = {.request = "classic", .answer = "accurate", .received = "ect1"},
    [4] = {.request = "reserved", .answer = "accurate", .received = "ect0"},
    [5] = {.request = "reserved", .answer = "reserved"},
    [6] = {.request = "reserved", .answer = "accurate", .received = "ce"},
    [7] = {.request = "accurate", .answer = "reflected"},
};

static const ecn_meaning_t *meaning_of(uint16_t tcp_flags)
{
    return &meanings[(tcp_flags & (SYNFIX_TCP_AE | SYNFIX_TCP_CWR | SYNFIX_TCP_ECE)) / SYNFIX_TCP_ECE];
}

const char *ecn_text(uint16_t tcp_flags, bool answer)
{
    const ecn_meaning_t *meaning = meaning_of(tcp_flags);
    return answer ? meaning->answer : meaning->request;
}

const char *ecn_received(uint16_t tcp_flags, bool answer)
{
    return answer ? meaning_of(tcp_flags)->received : NULL;
}
