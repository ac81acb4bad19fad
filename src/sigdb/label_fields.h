/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file label_fields.h
 * Lines of synfix's grammar that describe the `sig` lines below them (sigdb/README.md).
 */
#ifndef SIGDB_LABEL_FIELDS_H
#define SIGDB_LABEL_FIELDS_H

#include "sigdb/labels.h"

/** Applies `name = value` to @p entry; @p direction is that of the section. Returns NULL, or the reason why
 * the line is invalid, a constant.
 */
const char *sigdb_read_label_field(synfix_sigdb_t *sigdb, slice_t classes, uint8_t direction, slice_t name,
                                   slice_t value, sigdb_entry_t *entry);

/** `added_options = 19,29`: option kinds that a path or a socket adds. Returns NULL, or a constant reason. */
const char *sigdb_read_added_options(synfix_sigdb_t *sigdb, slice_t value);

#endif
