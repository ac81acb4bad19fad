/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file template_ids.h
 * What every template id was used for, kept in a file across runs: an id belongs to one content for good, so
 * that a collector or an archive never reads yesterday's records with today's template.
 *
 * The file `templates` in the state directory has a line `ID SHA-256` for each content. It is locked while it
 * is used, so several processes may share a directory. One thread at a time for a profile.
 */
#ifndef EXPORTER_IPFIX_TEMPLATE_IDS_H
#define EXPORTER_IPFIX_TEMPLATE_IDS_H

#include "exporter/ipfix/profile.h"

/**
 * Gives each template of @p profile the id that its content had before; a new content keeps its own (see
 * ipfix_profile_load) where that is free, else it gets the next free one. New ones are written down.
 * SYNFIX_IO and SYNFIX_PERMISSION: the directory or file can't be used; SYNFIX_INVALID: not such a file, with
 * the line.
 */
synfix_status_t ipfix_template_ids(const char *directory, ipfix_profile_t *profile,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
