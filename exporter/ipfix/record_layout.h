/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file record_layout.h
 * The packet fields of the profiles as shipped, written at places that are known when the program is
 * compiled: a third of the instructions that places from a table take. Other profiles, and records of
 * tunnels, use the table.
 */
#ifndef EXPORTER_IPFIX_RECORD_LAYOUT_H
#define EXPORTER_IPFIX_RECORD_LAYOUT_H

#include "exporter/ipfix/packet_elements.h"
#include <stddef.h>

/** Writes the fields of one layout at @p at, in network byte order. */
typedef void (*record_layout_t)(uint8_t *at, const synfix_observation_t *observation);

/** The layout with exactly these @p count fields in this order; NULL when there is none. */
record_layout_t record_layout_find(const packet_field_t *fields, size_t count);

#endif
