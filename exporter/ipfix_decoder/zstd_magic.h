/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file zstd_magic.h
 * The first bytes of zstd data (RFC 8878, section 3.1): a frame, or a skippable frame, as pzstd writes before
 * each frame. Pure functions, any thread.
 */
#ifndef EXPORTER_IPFIX_DECODER_ZSTD_MAGIC_H
#define EXPORTER_IPFIX_DECODER_ZSTD_MAGIC_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/** Bytes of a magic. */
#define ZSTD_MAGIC_BYTES 4u

/** Begins a frame. */
static const uint8_t zstd_magic[ZSTD_MAGIC_BYTES] = {0x28, 0xB5, 0x2F, 0xFD};

/** Whether @p bytes (ZSTD_MAGIC_BYTES) begin a frame with content. */
static inline bool zstd_magic_is_frame(const uint8_t *bytes)
{
    return memcmp(bytes, zstd_magic, ZSTD_MAGIC_BYTES) == 0;
}

/** Whether @p bytes (ZSTD_MAGIC_BYTES) begin a frame without content. */
static inline bool zstd_magic_is_skippable(const uint8_t *bytes)
{
    static const uint8_t later[ZSTD_MAGIC_BYTES - 1] = {0x2A, 0x4D, 0x18};
    return (bytes[0] & 0xF0) == 0x50 && memcmp(bytes + 1, later, sizeof later) == 0;
}

/** Whether compressed data may begin with @p bytes (ZSTD_MAGIC_BYTES). */
static inline bool zstd_magic_begins(const uint8_t *bytes)
{
    return zstd_magic_is_frame(bytes) || zstd_magic_is_skippable(bytes);
}

#endif
