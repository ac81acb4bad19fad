/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file text_cache.h
 * Parts of text records that follow from the fingerprint alone. They are most of a record, and few
 * fingerprints have most of the packets: a cache keeps their text.
 */
#ifndef EVENT_TEXT_CACHE_H
#define EVENT_TEXT_CACHE_H

#include <synfix/module.h>

#include "event/text_writer.h"

/** Bytes of one entry's text: both parts of nearly all fingerprints. Longer ones are written each time. */
#define TEXT_CACHE_ENTRY 1000u

/** Writes one part of a record; @p format is text_parts_t.format. */
typedef void text_part_t(text_writer_t *line, const synfix_fingerprint_t *fingerprint, const void *format);

/** The parts that a format writes, with the TCP parameters of the packet between them. */
typedef struct text_parts {
    text_part_t *match; /* from the signature to the initial TTL */
    text_part_t *stack; /* from the option layout to the link */
    const void *format; /* outlives the cache; may be NULL */
} text_parts_t;

/**
 * Text of fingerprints, by (slot, stamp) of synfix_fingerprint_t. One thread uses it, for the observations of
 * one engine or converter; a stamp of 0 is never kept.
 */
typedef struct text_cache text_cache_t;

/**
 * An empty cache: about 8 MiB of address space, of which the entries that were written use memory. @p parts
 * and @p settings outlive the cache. NULL: no memory.
 */
text_cache_t *text_cache_new(const text_parts_t *parts, const void *settings);
/** Accepts NULL. The type is that of synfix_encoding_t.destroy. */
void text_cache_free(void *cache);
/** The settings of text_cache_new. */
const void *text_cache_settings(const text_cache_t *cache);

/** Writes the date and time of seconds since the epoch as in "2022-10-28T09:46:19"; most packets have the
 * second of the one before. @p cache may be NULL. */
void text_cache_second(text_writer_t *line, text_cache_t *cache, int64_t seconds);

/** Both parts of one fingerprint. Valid until the next call. */
typedef struct text_cached {
    const char *match;
    const char *stack;
    uint16_t match_length;
    uint16_t stack_length;
} text_cached_t;

/** False when the text of @p fingerprint cannot be kept: the functions of text_parts_t write it. */
bool text_cache_read(text_cache_t *cache, const synfix_fingerprint_t *fingerprint, text_cached_t *text);

#endif
