/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file stream_store.h
 * Stores of data that another core reads once. They bypass the caches: an ordinary store to a line in the
 * cache of another core waits for this line, and all later stores wait behind it. Each line is to be written
 * whole. Ordinary stores where the compiler offers no others.
 */
#ifndef BASE_STREAM_STORE_H
#define BASE_STREAM_STORE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __x86_64__
#include <emmintrin.h>
#endif

/** Copies @p size bytes, a multiple of 16. Both addresses are multiples of 16. */
static inline void stream_copy(void *to, const void *from, size_t size)
{
#ifdef __x86_64__
    for (size_t at = 0; at < size; at += sizeof(__m128i)) {
        const void *part = (const char *)from + at;
        void *target = (char *)to + at;
        _mm_stream_si128(target, _mm_load_si128(part));
    }
#else
    memcpy(to, from, size);
#endif
}

static inline void stream_u32(uint32_t *to, uint32_t value)
{
#ifdef __x86_64__
    _mm_stream_si32((int *)to, (int)value);
#else
    *to = value;
#endif
}

static inline void stream_u64(uint64_t *to, uint64_t value)
{
#ifdef __x86_64__
    void *target = to;
    _mm_stream_si64(target, (long long)value);
#else
    *to = value;
#endif
}

static inline void stream_pointer(const void **to, const void *value)
{
#ifdef __x86_64__
    void *target = to;
    _mm_stream_si64(target, (long long)(uintptr_t)value);
#else
    *to = value;
#endif
}

/** Orders the stores of this thread before those that follow. Precedes the store that publishes the data. */
static inline void stream_end(void)
{
#ifdef __x86_64__
    _mm_sfence();
#endif
}

#endif
