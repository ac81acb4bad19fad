/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file template_ids.h
 * Records the content of every template id in a file across runs. An id keeps its content, so a collector or
 * an archive never decodes old records with a new template. The file `templates` in the state directory has a
 * line `ID SHA-256` for each content. The file is locked while it is used, so several processes may share the
 * directory. One thread at a time may use a profile.
 */
#ifndef EXPORTER_IPFIX_TEMPLATE_IDS_H
#define EXPORTER_IPFIX_TEMPLATE_IDS_H

#include "exporter/ipfix/profile.h"

/** Lines of the file that are no entries; they stay. */
typedef struct template_ids_damage {
    unsigned lines;
    unsigned first_line; /* its number, from 1; 0: none */
} template_ids_damage_t;

/**
 * Assigns each template of @p profile the id that its content had before. New content keeps its computed id
 * (see ipfix_profile_load) if that id is free, otherwise the next free one, and is appended to the file.
 * Returns SYNFIX_IO or SYNFIX_PERMISSION if the directory or file cannot be used, SYNFIX_INVALID if no line
 * of the file is an entry. Other lines that are no entries are counted in @p damage.
 */
synfix_status_t ipfix_template_ids(const char *directory, ipfix_profile_t *profile,
                                   template_ids_damage_t *damage, synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
