/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/dump_convert.h"
#include "app/archive/record_refusals.h"
#include "app/common/exit_codes.h"
#include "app/common/standard_error.h"
#include "app/config/load_settings.h"
#include "app/report/report.h"
#include "app/run/build_pipeline.h"
#include "app/service/signal_thread.h"
#include "exporter/record_observation/record_observation.h"
#include <inttypes.h>

/* Interval of the progress line: short enough to show progress, long enough to read the line. */
#define TICK_MS 500

typedef struct conversion {
    archive_input_t *input;
    char *const *paths;
    record_filter_t *filter;
    bool filtered;
    record_converter_t *converter;
    uint64_t passed;
    pipeline_feed_t *feed;
    setup_t setup;
} conversion_t;

static synfix_status_t on_record(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error)
{
    conversion_t *conversion = user;
    (void)error;
    if (conversion->filtered && !record_filter_pass(conversion->filter, record)) {
        return SYNFIX_OK;
    }
    conversion->passed += record->layout->scope_count == 0;
    const synfix_observation_t *observation = record_converter_convert(conversion->converter, record);
    if (observation != NULL) {
        pipeline_feed_put(conversion->feed, observation);
    }
    return SYNFIX_OK;
}

static size_t on_direct(void *user, const ipfix_decoder_record_t *record, size_t available)
{
    conversion_t *conversion = user;
    size_t length = 0;
    if (conversion->filtered) {
        return 0;
    }
    const synfix_observation_t *observation =
        record_converter_direct(conversion->converter, record, available, &length);
    if (observation != NULL) {
        conversion->passed++;
        pipeline_feed_put(conversion->feed, observation);
    }
    return length;
}

static void on_layout(void *user, const ipfix_decoder_template_t *layout)
{
    conversion_t *conversion = user;
    record_filter_layout(conversion->filter, layout);
    record_converter_layout(conversion->converter, layout);
}

static bool on_turn(void *user)
{
    return pipeline_feed_turn(((conversion_t *)user)->feed);
}

static synfix_status_t feed_all(void *user, pipeline_feed_t *feed, synfix_error_t *error)
{
    conversion_t *conversion = user;
    (void)error;
    conversion->feed = feed;
    conversion->input->events = (ipfix_decoder_events_t){
        .record = on_record, .layout = on_layout, .direct = on_direct, .user = conversion};
    conversion->input->turn = on_turn;
    g_autoptr(same_files_t) same = same_files_new();
    conversion->input->same = same;
    archive_input_run(conversion->input, conversion->paths);
    return SYNFIX_OK;
}

static void on_stop(void *user)
{
    standard_error_skip();
    pipeline_stop(((conversion_t *)user)->setup.pipeline);
}

static const char *advice_for(record_reason_t reason)
{
    switch (reason) {
    case RECORD_INCOMPLETE:
        return "archive with profile=full";
    case RECORD_FOREIGN:
        return "print these records with --format";
    default:
        return "print these records with --format text";
    }
}

bool dump_report_filter(const record_filter_t *filter)
{
    record_filter_stats_t stats;
    record_filter_get_stats(filter, &stats);
    if (stats.without_element > 0) {
        app_fail(APP_EXIT_INPUT,
                 "dump: %" PRIu64 " records skipped: no element %s for the filter; omit that filter",
                 stats.without_element, stats.element);
    }
    return stats.without_element > 0;
}

static int run(conversion_t *conversion)
{
    synfix_error_t error = {.text = ""};
    const signal_thread_config_t config = {.on_stop = on_stop, .tick_ms = TICK_MS, .user = conversion};
    signal_thread_t *signals = NULL;
    synfix_status_t status = signal_thread_new(&config, &signals, &error);
    if (status == SYNFIX_OK) {
        status = pipeline_run(conversion->setup.pipeline, &error);
    }
    signal_thread_free(signals);
    const int code = report_conclude(conversion->setup.pipeline, TRUE, status, &error, APP_EXIT_INPUT);
    const bool refused = record_refusals_report(conversion->converter, "dump", advice_for);
    const bool left_out = dump_report_filter(conversion->filter);
    archive_input_note_empty(conversion->input, conversion->passed);
    archive_problems_report(&conversion->input->problems, "dump", conversion->input->records);
    if (code != APP_EXIT_OK) {
        return code;
    }
    const int input_code = archive_input_exit(conversion->input);
    return input_code == APP_EXIT_OK && (refused || left_out) ? APP_EXIT_INPUT : input_code;
}

static int open_and_run(conversion_t *conversion, const settings_t *settings)
{
    synfix_error_t error = {.text = ""};
    const observation_source_t source = {.run = feed_all, .user = conversion};
    g_autoptr(log_t) log = log_new(log_level_of(settings->log_level));
    signal_thread_block();
    const synfix_status_t status =
        setup_open_observations(&conversion->setup, settings, &source, log, &error);
    return status < 0 ? app_fail(app_exit_of_error(status, &error), "%s", error.text) : run(conversion);
}

int dump_convert(archive_input_t *input, const host_filter_t *filter, const dump_sinks_t *sinks,
                 char *const *paths)
{
    g_autoptr(settings_t) settings = settings_new();
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    conversion_t conversion = {.input = input, .paths = paths};
    settings->to = g_strdupv(sinks->to);
    settings->enrich = g_strdupv(sinks->enrich);
    settings->load = g_strdupv(sinks->load);
    prepare_run(settings, paths, false, &conversion.setup.prepared, mistakes);
    int code = load_report(mistakes, FALSE);
    if (code == APP_EXIT_OK) {
        conversion.filter = record_filter_new(filter);
        conversion.filtered = record_filter_is_set(conversion.filter);
        conversion.converter = record_converter_new(RECORD_COMPLETE);
        code = open_and_run(&conversion, settings);
    }
    setup_release(&conversion.setup);
    record_filter_free(conversion.filter);
    record_converter_free(conversion.converter);
    return code;
}
