/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sha1_block.h
 * SHA-1 (RFC 3174) of one short message, for Community ID. An own function: GChecksum and OpenSSL's EVP
 * allocate for each digest, and an enricher must not allocate for each observation. The message is always one
 * block. Not for security.
 */
#ifndef EXPORTER_ENRICHERS_SHA1_BLOCK_H
#define EXPORTER_ENRICHERS_SHA1_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#define SHA1_SIZE 20u
/** Maximum message length: message and padding fill one block. */
#define SHA1_MESSAGE_MAX 55u

/** Writes the digest of @p length bytes (at most SHA1_MESSAGE_MAX). */
void sha1_short(const uint8_t *message, size_t length, uint8_t digest[SHA1_SIZE]);

#endif
