/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file address.h
 * An IP address as a value.
 */
#ifndef SYNFIX_ADDRESS_H
#define SYNFIX_ADDRESS_H

#include <stddef.h>
#include <stdint.h>
#include <synfix/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An address in network byte order. An IPv4 address uses the first four bytes; the other twelve are 0. */
typedef struct synfix_address {
    uint8_t bytes[16];
} synfix_address_t;

/** Size of the longest text in bytes, with the terminating NUL. */
#define SYNFIX_ADDRESS_TEXT_SIZE 46

/**
 * Writes an address as text, in the form of RFC 5952. Any thread.
 * @param address  an address of that version
 * @param version  IP version, 4 or 6
 * @param text     buffer of SYNFIX_ADDRESS_TEXT_SIZE bytes, owned by the caller
 * @return length in bytes without the terminating NUL
 */
SYNFIX_API size_t synfix_address_format(const synfix_address_t *address, uint8_t version, char *text);

#ifdef __cplusplus
}
#endif

#endif
