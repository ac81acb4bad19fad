/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file read_source.h
 * For tests of the sources that read files. Include cmocka.h before this file.
 */
#ifndef SUPPORT_READ_SOURCE_H
#define SUPPORT_READ_SOURCE_H

#include "module/module_options.h"
#include <string.h>
#include <synfix/module.h>

/** Opens a source; settings are `name=value&...` or NULL. */
static inline synfix_status_t open_file_source(const synfix_module_t *module,
                                               const synfix_module_context_t *context, const char *target,
                                               const char *settings, void **instance, synfix_error_t *error)
{
    synfix_options_t *options = NULL;
    assert_int_equal(module_options_make(module, target, settings, &options, error), SYNFIX_OK);
    const synfix_status_t status = module->source->open(context, options, instance, error);
    module_options_free(options);
    return status;
}

/** The content of a file: number of packets, the last packet, and the status that ended the read. */
typedef struct file_content_seen {
    synfix_status_t status;
    size_t packets;
    synfix_packet_t last; /* without data */
    synfix_error_t error;
} file_content_seen_t;

/** Opens @p target and reads it to its end. */
static inline file_content_seen_t read_source(const synfix_module_t *module, const char *target,
                                              const char *settings)
{
    static const synfix_module_context_t context = {.struct_size = sizeof context};
    file_content_seen_t seen = {.error = {.text = ""}};
    void *instance = NULL;
    seen.status = open_file_source(module, &context, target, settings, &instance, &seen.error);
    if (seen.status != SYNFIX_OK) {
        return seen;
    }
    do {
        synfix_packet_t packets[7];
        size_t count = 0;
        seen.status = module->source->read(instance, packets, 7, &count, &seen.error);
        seen.packets += count;
        if (count > 0) {
            seen.last = packets[count - 1];
            seen.last.data = NULL;
        }
    } while (seen.status == SYNFIX_OK || seen.status == SYNFIX_AGAIN);
    module->source->close(instance);
    return seen;
}

#endif
