/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file profile_parser.h
 * The text of a profile file as lists of elements. Private to profile*.c.
 */
#ifndef EXPORTER_IPFIX_PROFILE_PARSER_H
#define EXPORTER_IPFIX_PROFILE_PARSER_H

#include "exporter/ipfix/element_values.h"
#include "exporter/ipfix/profile.h"

typedef struct profile_entry {
    const ipfix_element_t *element; /* of the model */
    const element_source_t *field;
    uint16_t length;  /* in the template: bytes, or IPFIX_VARIABLE */
    bool untunnelled; /* not in templates of tunnelled packets */
} profile_entry_t;

typedef struct profile_list {
    profile_entry_t entries[IPFIX_FIELDS_MAX];
    unsigned count;
} profile_list_t;

/** Lists in the order observation, uptime, host change. A list that the file does not have is empty. */
typedef struct profile_lists {
    profile_list_t of[IPFIX_LISTS];
} profile_lists_t;

/**
 * Parses @p text, which is changed. @p path begins error messages. @p compat_cert appends the elements of
 * CERT to the list of observations. SYNFIX_INVALID with `path:line: reason`; *lists is then undefined.
 */
synfix_status_t profile_parse(const ipfix_model_t *model, const char *path, char *text, bool compat_cert,
                              profile_lists_t *lists, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Returns whether @p list has the element @p name. */
bool profile_list_has(const profile_list_t *list, const char *name);

/** Fills the templates of @p profile from @p lists and assigns their ids (profile_templates.c). */
void profile_build_templates(ipfix_profile_t *profile, const profile_lists_t *lists);

#endif
