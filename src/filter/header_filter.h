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

typedef struct filter filter_t;

typedef enum filter_side {
    FILTER_SOURCE = 1,
    FILTER_DESTINATION = 2,
    FILTER_EITHER = 3,
} filter_side_t;

/** Maximum number of ports, ranges or subnets in one list. */
#define FILTER_ITEMS_MAX 65536u

/** Makes an empty filter, which passes everything, with one reference. NULL without memory. */
filter_t *filter_new(void);
filter_t *filter_ref(filter_t *filter);
/** NULL is allowed. */
void filter_unref(filter_t *filter);

/** Adds a list of ports: `80`, `22,80,443`, `1024-65535`. @p deny: what matches is dropped, else what does
 * not. */
synfix_status_t filter_add_ports(filter_t *filter, filter_side_t side, bool deny, const char *text,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Adds a list of addresses and subnets: `192.0.2.1,10.0.0.0/8,2001:db8::/32`. */
synfix_status_t filter_add_addresses(filter_t *filter, filter_side_t side, bool deny, const char *text,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Sets the tunnels and tags that packets may be in: names of synfix_encapsulation_name(), `all`, `none`,
 * and names with a `-` before them, which are removed. A list that begins with a removal starts from `all`.
 * Items apply in their order.
 */
synfix_status_t filter_set_encapsulations(filter_t *filter, const char *text,
                                          synfix_error_t *error) SYNFIX_MUST_CHECK;

/** NULL: all. */
synfix_encapsulations_t filter_encapsulations(const filter_t *filter);

/** Whether a packet with these headers passes. Encapsulations are checked by the decoder. */
bool filter_pass(const filter_t *filter, const synfix_headers_t *headers);

#endif
