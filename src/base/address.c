/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/byte_order.h"
#include "base/decimal_digits.h"
#include <synfix/address.h>

#define GROUPS 8u

/* inet_ntop prints with sprintf, which takes ten times as long. */
static char *put_ipv4(char *at, const uint8_t bytes[4])
{
    for (unsigned i = 0; i < 4; i++) {
        at = decimal_put_octet(at, bytes[i]);
    }
    return at - 1;
}

/* A group without leading zeros. */
static char *put_group(char *at, unsigned group)
{
    static const char digits[] = "0123456789abcdef";
    unsigned shift = group >= 0x1000 ? 12 : group >= 0x100 ? 8 : group >= 0x10 ? 4 : 0;
    for (;; shift -= 4) {
        *at++ = digits[group >> shift & 0xF];
        if (shift == 0) {
            return at;
        }
    }
}

typedef struct zero_run {
    unsigned first;
    unsigned count;
} zero_run_t;

/* The first one of the longest runs of two zero groups or more (RFC 5952, section 4.2). */
static zero_run_t longest_run(const unsigned groups[GROUPS])
{
    zero_run_t longest = {.count = 0};
    unsigned count = 0;
    for (unsigned i = 0; i < GROUPS; i++) {
        count = groups[i] == 0 ? count + 1 : 0;
        if (count >= 2 && count > longest.count) {
            longest = (zero_run_t){i + 1 - count, count};
        }
    }
    return longest;
}

/* IPv4-mapped and IPv4-compatible addresses end in the text of an IPv4 address (RFC 5952, section 5). */
static bool ends_in_ipv4(const unsigned groups[GROUPS], const zero_run_t *zeros)
{
    return zeros->first == 0 && (zeros->count == 6 || (zeros->count == 5 && groups[5] == 0xFFFF));
}

static char *put_ipv6(char *at, const uint8_t bytes[16])
{
    unsigned groups[GROUPS];
    for (unsigned i = 0; i < GROUPS; i++) {
        groups[i] = read_be16(bytes + 2 * (size_t)i);
    }
    const zero_run_t zeros = longest_run(groups);
    for (unsigned i = 0; i < GROUPS; i++) {
        if (i - zeros.first < zeros.count) {
            if (i == zeros.first) {
                *at++ = ':'; /* the second one stands before the next group */
            }
            continue;
        }
        if (i > 0) {
            *at++ = ':';
        }
        if (i == GROUPS - 2 && ends_in_ipv4(groups, &zeros)) {
            return put_ipv4(at, bytes + 12);
        }
        at = put_group(at, groups[i]);
    }
    if (zeros.first + zeros.count == GROUPS) {
        *at++ = ':';
    }
    return at;
}

size_t synfix_address_format(const synfix_address_t *address, uint8_t version, char *text)
{
    char *const end = version == 6 ? put_ipv6(text, address->bytes) : put_ipv4(text, address->bytes);
    *end = '\0';
    return (size_t)(end - text);
}
