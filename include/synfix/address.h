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
 * Writes @p address (IP @p version 4 or 6) as RFC 5952 text into @p text, which has
 * SYNFIX_ADDRESS_TEXT_SIZE bytes. Returns the length without the terminating NUL. Any thread.
 */
SYNFIX_API size_t synfix_address_format(const synfix_address_t *address, uint8_t version, char *text);

#ifdef __cplusplus
}
#endif

#endif
