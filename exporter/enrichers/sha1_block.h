/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sha1_block.h
 * SHA-1 (RFC 3174) of one short message: Community ID is made of it. Not for security.
 */
#ifndef EXPORTER_ENRICHERS_SHA1_BLOCK_H
#define EXPORTER_ENRICHERS_SHA1_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#define SHA1_SIZE 20u
/** Longest message: with its padding it fills one block. */
#define SHA1_MESSAGE_MAX 55u

/** Digest of @p length (at most SHA1_MESSAGE_MAX) bytes. */
void sha1_short(const uint8_t *message, size_t length, uint8_t digest[SHA1_SIZE]);

#endif
