/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file annotation_columns.h
 * Columns for annotations of enrichers, which the user names: `csv:x?annotations=source_country,source_asn`.
 * The list is the settings of the encoding (an interned text); each worker parses the list once.
 */
#ifndef EXPORTER_FORMATS_ANNOTATION_COLUMNS_H
#define EXPORTER_FORMATS_ANNOTATION_COLUMNS_H

#include <synfix/module.h>

#define ANNOTATION_COLUMNS_OPTION                                                                            \
    {                                                                                                        \
        .name = "annotations", .type = SYNFIX_OPTION_STRING,                                                 \
        .help = "further columns: names of annotations of enrichers, separated by commas"                    \
    }

typedef struct annotation_columns {
    unsigned count;
    char **names; /* ends with NULL */
} annotation_columns_t;

/** synfix_module_t.check of a line sink with annotation columns: those of output_check, and each name that
 * has other characters than letters, digits and _, or occurs twice, or too many names. */
void annotation_columns_check(const synfix_options_t *options, synfix_mistakes_t *mistakes);

/** The list as settings and key of an encoding: equal lists are the same pointer. Never NULL, never freed. */
const char *annotation_columns_list(const synfix_options_t *options);

/** Parses a list of annotation_columns_list. */
annotation_columns_t *annotation_columns_new(const char *list);
void annotation_columns_free(annotation_columns_t *columns);

/** Text of the annotation called @p name; NULL: the observation has none. */
const char *annotation_columns_find(const synfix_observation_t *observation, const char *name);

#endif
