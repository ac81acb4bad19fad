/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file byte_order.h
 * Unaligned reads and writes in network byte order and in that of this machine, and reads in little-endian
 * order.
 */
#ifndef BASE_BYTE_ORDER_H
#define BASE_BYTE_ORDER_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define BE16(value) (value)
#define BE32(value) (value)
#define BE64(value) (value)
#define LE16(value) __builtin_bswap16(value)
#define LE32(value) __builtin_bswap32(value)
#define LE64(value) __builtin_bswap64(value)
#else
#define BE16(value) __builtin_bswap16(value)
#define BE32(value) __builtin_bswap32(value)
#define BE64(value) __builtin_bswap64(value)
#define LE16(value) (value)
#define LE32(value) (value)
#define LE64(value) (value)
#endif

static inline uint16_t read_be16(const uint8_t *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return BE16(value);
}

static inline uint32_t read_be32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return BE32(value);
}

/** Whether the number at @p at is @p value where @p mask has ones. The constants are swapped, not the number.
 */
static inline bool masked_be32_equals(const uint8_t *at, uint32_t mask, uint32_t value)
{
    uint32_t number;
    memcpy(&number, at, sizeof number);
    return (number & BE32(mask)) == BE32(value);
}

static inline uint64_t read_be64(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return BE64(value);
}

static inline uint32_t read_native32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline void write_native32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, sizeof value);
}

static inline void write_be16(uint8_t *at, uint16_t value)
{
    value = BE16(value);
    memcpy(at, &value, sizeof value);
}

static inline void write_be32(uint8_t *at, uint32_t value)
{
    value = BE32(value);
    memcpy(at, &value, sizeof value);
}

static inline void write_be64(uint8_t *at, uint64_t value)
{
    value = BE64(value);
    memcpy(at, &value, sizeof value);
}

/** A little-endian number; also for hashes of bytes that are the same on each processor. */
static inline void write_le32(uint8_t *at, uint32_t value)
{
    value = LE32(value);
    memcpy(at, &value, sizeof value);
}

static inline void write_le64(uint8_t *at, uint64_t value)
{
    value = LE64(value);
    memcpy(at, &value, sizeof value);
}

static inline uint16_t read_le16(const uint8_t *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return LE16(value);
}

static inline uint32_t read_le32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return LE32(value);
}

/** A little-endian 64-bit number. */
static inline uint64_t read_le64(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return LE64(value);
}

#endif
