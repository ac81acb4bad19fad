/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file init_times.h
 * When the exporter of each observation domain started (element 160, systemInitTimeMilliseconds): the base of
 * times relative to sysUpTime.
 */
#ifndef EXPORTER_IPFIX_DECODER_INIT_TIMES_H
#define EXPORTER_IPFIX_DECODER_INIT_TIMES_H

#include "exporter/ipfix_decoder/message_decoder.h"

typedef struct init_times init_times_t;

/** @p limit: domains at most; times of further domains are not kept. */
init_times_t *init_times_new(uint32_t limit);
void init_times_free(init_times_t *times);

/** Whether @p field is systemInitTimeMilliseconds, to which relative times of a domain refer (RFC 7011). */
bool init_times_is_base(const ipfix_decoder_field_t *field);
/** Stores the time of @p domain, which replaces an earlier one. */
void init_times_set(init_times_t *times, uint32_t domain, const ipfix_decoder_value_t *value);

/** Milliseconds since 1970; 0: not known. */
uint64_t init_times_get(const init_times_t *times, uint32_t domain);

#endif
