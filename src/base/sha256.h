/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sha256.h
 * SHA-256 (FIPS 180-4) of a short text, for the numbers of labels. libsynfix links neither GLib nor
 * OpenSSL, so their implementations are not available here.
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

/** Writes the SHA-256 (FIPS 180-4) of @p length bytes at @p data. Any thread. */
void sha256(const void *data, size_t length, uint8_t digest[32]);

#endif
