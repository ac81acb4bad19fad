/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/output/output_internal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SUFFIX_MAX        32u
#define TARGET_LENGTH_MAX (PATH_MAX - SUFFIX_MAX)

static synfix_status_t read_kind(output_t *output, const synfix_options_t *options, synfix_error_t *error)
{
    const char *type = synfix_options_string(options, "type");
    const bool redis = synfix_options_string(options, "mode") != NULL; /* the sink has REDIS_OPTIONS */
    if (strcmp(output->target, "-") == 0) {
        output->kind = OUTPUT_STDOUT;
    } else if (strcmp(type, "file") == 0) {
        output->kind = OUTPUT_FILE;
    } else if (strcmp(type, "unix_stream") == 0) {
        output->kind = OUTPUT_STREAM;
    } else if (strcmp(type, "unix_dgram") == 0) {
        output->kind = OUTPUT_DATAGRAM;
    } else if (redis && strcmp(type, "redis") == 0) {
        output->kind = OUTPUT_REDIS;
    } else {
        return synfix_fail(error, SYNFIX_INVALID,
                           "%s: type must be file, unix_stream or unix_dgram%s, not %s", output->target,
                           redis ? ", or redis" : "", type);
    }
    return SYNFIX_OK;
}

synfix_status_t output_read_options(output_t *output, const synfix_options_t *options, synfix_error_t *error)
{
    const char *target = synfix_options_target(options);
    const char *append = synfix_options_string(options, "append");
    if (target[0] == '\0') {
        target = "-";
    }
    if (strlen(target) > TARGET_LENGTH_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: the name is too long", synfix_options_scheme(options));
    }
    output->target = strdup(target);
    if (output->target == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", target);
    }
    synfix_status_t status = read_kind(output, options, error);
    if (status == SYNFIX_OK && output->kind == OUTPUT_REDIS) {
        status = redis_new(target, options, &output->stopping, &output->redis, error);
    }
    if (status != SYNFIX_OK) {
        return status;
    }
    output->rotate_size = (uint64_t)synfix_options_integer(options, "rotate-size");
    output->rotate_time_ns = synfix_options_duration_ms(options, "rotate-time") * 1000000;
    output->keep = (uint32_t)synfix_options_integer(options, "keep");
    bool adds = output->context != NULL && output->context->live;
    if (append != NULL && strcmp(append, "yes") == 0) {
        adds = true;
    } else if (append != NULL && strcmp(append, "no") == 0) {
        adds = false;
    } else if (append != NULL && strcmp(append, "auto") != 0) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: append must be yes, no or auto, not %s", target,
                           append);
    }
    struct stat state;
    const bool special = stat(target, &state) == 0 && !S_ISREG(state.st_mode); /* a pipe, /dev/null */
    if (output->kind != OUTPUT_FILE || adds || special || output->rotate_size != 0 ||
        output->rotate_time_ns != 0) {
        return SYNFIX_OK;
    }
    output->replaces = true;
    return SYNFIX_OK;
}

synfix_status_t output_check(const synfix_options_t *options, synfix_error_t *error)
{
    const synfix_module_context_t context = {.struct_size = sizeof context, .live = true};
    output_t *output = calloc(1, sizeof *output);
    if (output == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", synfix_options_scheme(options));
    }
    output->context = &context;
    output->descriptor = -1;
    output->replacement = (file_replacement_t)FILE_REPLACEMENT_NONE;
    const synfix_status_t status = output_read_options(output, options, error);
    output_close(output);
    return status;
}

const char *output_file(const synfix_options_t *options)
{
    const char *target = synfix_options_target(options);
    if (strcmp(synfix_options_string(options, "type"), "file") != 0) {
        return NULL;
    }
    return target[0] == '\0' ? "-" : target;
}
