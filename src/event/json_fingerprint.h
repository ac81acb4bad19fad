/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file json_fingerprint.h
 * Members of JSON records that follow from the fingerprint alone.
 */
#ifndef EVENT_JSON_FINGERPRINT_H
#define EVENT_JSON_FINGERPRINT_H

#include "event/text_cache.h"

/** create of an encoding (synfix_encoding_t) whose encoder is a text_cache_t with the members below, for
 * observations; text_cache_free is its destroy. @p settings outlive the cache. */
synfix_status_t json_cache_create(const void *settings, unsigned worker, void **encoder,
                                  synfix_error_t *error);

/** Writes the members from "signature" to "initial_ttl". */
void json_fingerprint_match(text_writer_t *line, const synfix_fingerprint_t *fingerprint);
/** Writes the members from "options" to "link". */
void json_fingerprint_stack(text_writer_t *line, const synfix_fingerprint_t *fingerprint);

/** Facts of a fingerprint about its sender, as one object, see synfix_event_host. */
void json_host(text_writer_t *line, const synfix_fingerprint_t *fingerprint);

#endif
