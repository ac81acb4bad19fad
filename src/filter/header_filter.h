/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file header_filter.h
 * Filter for decoded headers: lists of ports and addresses that a packet must or must not match, and the
 * tunnels and tags that it may be in. All lists are combined with AND.
 *
 * A filter is built by one thread, then constant and reference-counted: any thread may evaluate it.
 */
#ifndef FILTER_HEADER_FILTER_H
#define FILTER_HEADER_FILTER_H

#include <stdbool.h>
#include <synfix/headers.h>
#include <synfix/status.h>

typedef struct header_filter header_filter_t;

typedef enum filter_side {
    FILTER_SOURCE = 1,
    FILTER_DESTINATION = 2,
    FILTER_EITHER = 3,
} filter_side_t;

/** Maximum number of ports, ranges or subnets in one list. */
#define FILTER_ITEMS_MAX 65536u

/** Makes an empty filter, which passes everything, with one reference. NULL without memory. */
header_filter_t *header_filter_new(void);
header_filter_t *header_filter_ref(header_filter_t *filter);
/** NULL is allowed. */
void header_filter_unref(header_filter_t *filter);

/** Adds a list of ports: `80`, `22,80,443`, `1024-65535`. @p deny: matching packets are dropped; otherwise
 * all others are. */
synfix_status_t header_filter_add_ports(header_filter_t *filter, filter_side_t side, bool deny,
                                        const char *text, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Adds a list of addresses and subnets: `192.0.2.1,10.0.0.0/8,2001:db8::/32`. */
synfix_status_t header_filter_add_addresses(header_filter_t *filter, filter_side_t side, bool deny,
                                            const char *text, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Sets the tunnels and tags that packets may be in: names of synfix_encapsulation_name(), `all`, `none`,
 * and names with a `-` before them, which are removed. A list that begins with a removal starts from `all`.
 * Items apply in their order.
 */
synfix_status_t header_filter_set_encapsulations(header_filter_t *filter, const char *text,
                                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

/** NULL: all. */
synfix_encapsulations_t header_filter_encapsulations(const header_filter_t *filter);

/** Whether a packet with these headers passes. Encapsulations are checked by the decoder. */
bool header_filter_pass(const header_filter_t *filter, const synfix_headers_t *headers);

#endif
