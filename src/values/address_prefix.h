/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file address_prefix.h
 * Address prefixes (CIDR) as values. Any thread.
 */
#ifndef VALUES_ADDRESS_PREFIX_H
#define VALUES_ADDRESS_PREFIX_H

#include <stdbool.h>
#include <string.h>
#include <synfix/address.h>
#include <synfix/status.h>

typedef struct address_prefix {
    synfix_address_t address; /* bits after the prefix are 0 */
    uint8_t ip_version;       /* 4 or 6 */
    uint8_t length;           /* bits: 0 to 32 or 128 */
} address_prefix_t;

/**
 * Parses `192.0.2.0/24`, `2001:db8::/32` or an address, which is a prefix of its full length. Bits after the
 * prefix length have to be 0. SYNFIX_INVALID with the reason, which contains @p text; *prefix is then
 * undefined.
 */
synfix_status_t address_prefix_parse(const char *text, address_prefix_t *prefix,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * An IPv4-mapped prefix (RFC 4291 section 2.5.5.2) becomes the IPv4 prefix: `::ffff:10.0.0.0/104` means
 * 10.0.0.0/8. Others do not change.
 */
void address_prefix_unmap(address_prefix_t *prefix);

/** Returns whether @p address of IP version @p ip_version is in @p prefix. */
static inline bool address_prefix_has(const address_prefix_t *prefix, const synfix_address_t *address,
                                      uint8_t ip_version)
{
    const unsigned whole = prefix->length / 8u;
    const unsigned rest = prefix->length % 8u;
    if (prefix->ip_version != ip_version || memcmp(prefix->address.bytes, address->bytes, whole) != 0) {
        return false;
    }
    return rest == 0 || ((prefix->address.bytes[whole] ^ address->bytes[whole]) >> (8 - rest)) == 0;
}

#endif
