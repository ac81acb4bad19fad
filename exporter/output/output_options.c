/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/output/output_internal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define SUFFIX_MAX        32u
#define TARGET_LENGTH_MAX (PATH_MAX - SUFFIX_MAX)

static output_kind_t kind_of(const synfix_options_t *options)
{
    const char *type = synfix_options_string(options, "type");
    if (strcmp(synfix_options_target(options), "-") == 0) {
        return OUTPUT_STDOUT;
    }
    return strcmp(type, "unix_stream") == 0  ? OUTPUT_STREAM
           : strcmp(type, "unix_dgram") == 0 ? OUTPUT_DATAGRAM
           : strcmp(type, "redis") == 0      ? OUTPUT_REDIS
                                             : OUTPUT_FILE;
}

/* An empty target is an unset variable in a script rather than standard output. */
static synfix_status_t check_target(const synfix_options_t *options, synfix_error_t *error)
{
    const char *target = synfix_options_target(options);
    const char *scheme = synfix_options_scheme(options);
    if (target[0] == '\0') {
        return synfix_fail(error, SYNFIX_INVALID,
                           "%s: a target is missing; write %s:- (standard output) or %s:FILE", scheme, scheme,
                           scheme);
    }
    return strlen(target) <= TARGET_LENGTH_MAX
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID,
                             "%s: the name has %zu bytes; write a name of at most %u bytes", scheme,
                             strlen(target), (unsigned)TARGET_LENGTH_MAX);
}

/* Whether lines are added to the file: as the option states, by default when live. */
static bool adds(const output_t *output, const synfix_options_t *options)
{
    const char *append = synfix_options_string(options, "append");
    return append != NULL && strcmp(append, "auto") != 0 ? strcmp(append, "yes") == 0
                                                         : output->context != NULL && output->context->live;
}

synfix_status_t output_read_options(output_t *output, const synfix_options_t *options, synfix_error_t *error)
{
    const char *target = synfix_options_target(options);
    synfix_status_t status = check_target(options, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    output->target = strdup(target);
    if (output->target == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", target);
    }
    output->kind = kind_of(options);
    if (output->kind == OUTPUT_REDIS) {
        status = redis_new(target, options, &output->stopping, &output->redis, error);
    }
    output->rotate_size = (uint64_t)synfix_options_integer(options, "rotate-size");
    output->rotate_time_ns = synfix_options_duration_ms(options, "rotate-time") * 1000000;
    output->keep = (uint32_t)synfix_options_integer(options, "keep");
    output->replaces = output->kind == OUTPUT_FILE && !adds(output, options) &&
                       !file_path_is_special(target) && output->rotate_size == 0 &&
                       output->rotate_time_ns == 0;
    return status;
}

void output_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    synfix_options_check(options, mistakes);
    const synfix_status_t status = synfix_mistakes_add(mistakes, NULL, check_target(options, &error), &error);
    if (status == SYNFIX_OK && kind_of(options) == OUTPUT_REDIS &&
        !synfix_mistakes_concern(mistakes, "type")) {
        redis_check(synfix_options_target(options), options, mistakes);
    }
}

const char *output_file(const synfix_options_t *options)
{
    const char *target = synfix_options_target(options);
    return strcmp(synfix_options_string(options, "type"), "file") == 0 && target[0] != '\0' ? target : NULL;
}
