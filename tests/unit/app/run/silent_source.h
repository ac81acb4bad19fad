/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file silent_source.h
 * A source that has no packets and does not end.
 */
#ifndef TESTS_SILENT_SOURCE_H
#define TESTS_SILENT_SOURCE_H

#include "support/pause.h"
#include "support/test_modules.h"

static inline synfix_status_t silent_open(const synfix_module_context_t *context,
                                          const synfix_options_t *options, void **instance,
                                          synfix_error_t *error)
{
    (void)context, (void)options, (void)error;
    static int none;
    *instance = &none;
    return SYNFIX_OK;
}

static inline synfix_status_t silent_read(void *instance, synfix_packet_t *packets, size_t capacity,
                                          size_t *count, synfix_error_t *error)
{
    (void)instance, (void)packets, (void)capacity, (void)error;
    *count = 0;
    pause_briefly();
    return SYNFIX_AGAIN;
}

static inline void silent_stats(void *instance, synfix_source_stats_t *stats)
{
    (void)instance;
    *stats = (synfix_source_stats_t){.received = 0};
}

static inline void silent_close(void *instance)
{
    (void)instance;
}

static const synfix_source_t silent_functions = {
    .open = silent_open, .read = silent_read, .stats = silent_stats, .close = silent_close};
static const synfix_module_t silent_module = SOURCE_MODULE("silent", &silent_functions);

#endif
