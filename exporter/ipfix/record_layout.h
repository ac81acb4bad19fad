/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file record_layout.h
 * The packet fields of the shipped profiles at positions that are compile-time constants. This path needs a
 * third of the instructions of the position table. Other profiles and records of tunnelled packets use the
 * table.
 */
#ifndef EXPORTER_IPFIX_RECORD_LAYOUT_H
#define EXPORTER_IPFIX_RECORD_LAYOUT_H

#include "exporter/ipfix/packet_elements.h"
#include <stddef.h>
#include <synfix/plain_observation.h>
#include <synfix/status.h>

/** Writes the fields of one layout at @p at, in network byte order. Returns SYNFIX_OK, so that an encoder may
 * end with this call. */
typedef synfix_status_t (*record_layout_t)(uint8_t *at, const synfix_observation_t *observation);

/** The same from the headers as received, for the layouts of IPv4. */
typedef void (*plain_layout_t)(uint8_t *at, const synfix_plain_observation_t *observation);

/** Returns the layout with exactly these @p count fields in this order; NULL: none. */
record_layout_t record_layout_find(const packet_field_t *fields, size_t count);
plain_layout_t plain_layout_find(const packet_field_t *fields, size_t count);

#endif
