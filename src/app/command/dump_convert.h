/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file dump_convert.h
 * `synfix dump --to`: records as observations into sinks.
 */
#ifndef APP_COMMAND_DUMP_CONVERT_H
#define APP_COMMAND_DUMP_CONVERT_H

#include "app/archive/archive_input.h"

typedef struct dump_sinks {
    char **to;
    char **enrich;
    char **load;
} dump_sinks_t;

/**
 * Sends the records of @p paths that pass @p filter to the sinks. @p input has model, follow, progress and
 * times; its callbacks are set here. Returns the exit code: INPUT when a record could not be converted, which
 * is reported.
 */
int dump_convert(archive_input_t *input, const host_filter_t *filter, const dump_sinks_t *sinks,
                 char *const *paths);

/** Reports records that lacked the element of a filter. True when there are any. */
bool dump_report_filter(const record_filter_t *filter);

#endif
