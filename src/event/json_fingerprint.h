/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file json_fingerprint.h
 * Members of JSON records that follow from the fingerprint alone. They are most of a record, and few
 * fingerprints have most of the packets: a cache keeps their text.
 */
#ifndef EVENT_JSON_FINGERPRINT_H
#define EVENT_JSON_FINGERPRINT_H

#include <synfix/module.h>

#include "event/text_writer.h"

/** Bytes of one entry's text: the members of nearly all fingerprints. Longer ones are written each time. */
#define JSON_CACHE_TEXT 1000u

/**
 * Text of fingerprints, by (slot, stamp) of synfix_fingerprint_t. One thread uses it, for the observations of
 * one engine or converter; a stamp of 0 is never kept.
 */
typedef struct json_cache json_cache_t;

/**
 * create and destroy of an encoding (synfix_encoding_t) whose encoder is a json_cache_t: about 8 MiB of
 * address space, of which the entries that were written use memory. @p settings outlive the cache.
 */
synfix_status_t json_cache_create(const void *settings, unsigned worker, void **encoder,
                                  synfix_error_t *error);
void json_cache_destroy(void *encoder);
/** The settings of json_cache_create. */
const void *json_cache_settings(const json_cache_t *cache);

/** Writes the date and time of seconds since the epoch as in "2022-10-28T09:46:19"; most packets have the
 * second of the one before. @p cache may be NULL. */
void json_cache_second(text_writer_t *line, json_cache_t *cache, int64_t seconds);

/** The two groups of members, each to be written after another member of the same object. Valid until the
 * next call. */
typedef struct json_fingerprint_text {
    const char *match; /* `,"signature":` to `"initial_ttl":64` */
    const char *stack; /* `,"options":` to `"link":"Ethernet"` */
    uint16_t match_length;
    uint16_t stack_length;
} json_fingerprint_text_t;

/** False when @p fingerprint cannot be kept: json_fingerprint_match and json_fingerprint_stack write it. */
bool json_cache_text(json_cache_t *cache, const synfix_fingerprint_t *fingerprint,
                     json_fingerprint_text_t *text);

/** Writes the members from "signature" to "initial_ttl". */
void json_fingerprint_match(text_writer_t *line, const synfix_fingerprint_t *fingerprint);
/** Writes the members from "options" to "link". */
void json_fingerprint_stack(text_writer_t *line, const synfix_fingerprint_t *fingerprint);

/** Facts of a fingerprint about its sender, as one object, see synfix_event_host. */
void json_host(text_writer_t *line, const synfix_fingerprint_t *fingerprint);

#endif
