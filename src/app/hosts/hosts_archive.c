/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/hosts/hosts_archive.h"
#include "app/archive/archive_input.h"
#include "app/archive/record_refusals.h"
#include "app/common/exit_codes.h"
#include "exporter/ipfix_decoder/message_input.h"
#include "exporter/ipfix_decoder/zstd_magic.h"
#include "exporter/record_observation/record_observation.h"
#include "hosts/label_cache.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct archive_reader {
    host_model_t *model;
    const host_filter_t *filter;
    record_converter_t *converter;
    label_cache_t *cache;
} archive_reader_t;

/* A compressed file may also be a capture, and a file with the name of an archive may be anything. The first
 * message may be damaged. */
static bool begins_with_message(const char *path)
{
    message_input_t *input = NULL;
    const uint8_t *message = NULL;
    size_t length = 0;
    if (message_input_open(path, &input, NULL) != SYNFIX_OK) {
        return false;
    }
    synfix_status_t status = message_input_next(input, &message, &length, NULL);
    if (status == SYNFIX_INVALID) {
        status = message_input_next(input, &message, &length, NULL);
    }
    message_input_close(input);
    return status == SYNFIX_OK;
}

static bool has_archive_name(const char *path)
{
    return g_str_has_suffix(path, ".ipfix") || g_str_has_suffix(path, ".ipfix.zst");
}

/* An IPFIX message begins with its version, 10 (RFC 7011, section 3.1), unless the file is damaged. */
bool hosts_archive_is(const char *path)
{
    uint8_t start[ZSTD_MAGIC_BYTES] = {0};
    if (strcmp(path, "-") == 0 || g_file_test(path, G_FILE_TEST_IS_DIR)) {
        return path[0] != '-';
    }
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        return false; /* a pipe can be read only once */
    }
    FILE *stream = fopen(path, "re");
    const size_t count = stream != NULL ? fread(start, 1, sizeof start, stream) : 0;
    if (stream != NULL) {
        fclose(stream);
    }
    if (count < sizeof start) {
        return false;
    }
    const bool packed = zstd_magic_begins(start);
    return (start[0] == 0 && start[1] == 10) ||
           ((packed || has_archive_name(path)) && begins_with_message(path));
}

static void add_change(const archive_reader_t *reader, const synfix_observation_t *observation)
{
    const synfix_host_change_t *from = observation->host_change;
    const synfix_label_t before = {
        .type = 's', .os_class = "", .name = "", .flavor = "", .text = from->before};
    const synfix_label_t after = {.type = 's', .os_class = "", .name = "", .flavor = "", .text = from->after};
    host_labels_t *labels = host_model_labels(reader->model);
    const host_change_t change = {
        .time_ns = observation->time_ns,
        .reasons = from->reasons,
        .score = from->score,
        .before = host_labels_at(labels, host_labels_add(labels, &before)),
        .after = host_labels_at(labels, host_labels_add(labels, &after)),
    };
    host_key_t key;
    host_key_read(&key, observation->headers, observation->from_server);
    host_model_add_change(reader->model, &key, &change);
}

static void add_observation(const archive_reader_t *reader, const synfix_observation_t *observation)
{
    host_sighting_t sighting;
    if (observation->host_change != NULL) {
        add_change(reader, observation);
    } else if (host_sighting_read(&sighting, observation)) {
        if (observation->fingerprint != NULL) {
            label_cache_number(reader->cache, observation->fingerprint, &sighting);
        }
        (void)host_model_add(reader->model, &sighting, NULL);
    }
}

static void add_if_wanted(const archive_reader_t *reader, const synfix_observation_t *observation)
{
    if (host_filter_time(reader->filter, observation->time_ns) &&
        host_filter_address(reader->filter, &observation->headers->source,
                            observation->headers->ip_version)) {
        add_observation(reader, observation);
    }
}

static synfix_status_t on_record(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error)
{
    const archive_reader_t *reader = user;
    (void)error;
    const synfix_observation_t *observation = record_converter_convert(reader->converter, record);
    if (observation != NULL) {
        add_if_wanted(reader, observation);
    }
    return SYNFIX_OK;
}

static size_t on_direct(void *user, const ipfix_decoder_record_t *record, size_t available)
{
    const archive_reader_t *reader = user;
    size_t length = 0;
    const synfix_observation_t *observation =
        record_converter_direct(reader->converter, record, available, &length);
    if (observation != NULL) {
        add_if_wanted(reader, observation);
    }
    return length;
}

static void on_layout(void *user, const ipfix_decoder_template_t *layout)
{
    record_converter_layout(((archive_reader_t *)user)->converter, layout);
}

static synfix_status_t read_all(archive_reader_t *reader, const ipfix_model_t *model, same_files_t *same,
                                const char *path, uint64_t *records)
{
    char *const paths[] = {(char *)(uintptr_t)path, NULL}; /* only read */
    archive_input_t input = {
        .model = model,
        .events = {.record = on_record, .layout = on_layout, .direct = on_direct, .user = reader},
        .captures = true,
        .times = reader->filter,
        .same = same};
    record_converter_stats_t stats;
    archive_input_run(&input, paths);
    record_converter_get_stats(reader->converter, &stats);
    *records += stats.converted;
    const bool refused = record_refusals_report(reader->converter, path, NULL);
    const bool several = input.problems.files > 1 || archive_problems_total(&input.problems) > 1;
    if (several) { /* a single problem was named */
        archive_problems_report(&input.problems, path, input.records);
    }
    return input.denied ? SYNFIX_PERMISSION : refused || input.failed ? SYNFIX_TRUNCATED : SYNFIX_OK;
}

synfix_status_t hosts_archive_read(host_model_t *model, const host_filter_t *filter, same_files_t *same,
                                   const char *path, uint64_t *records)
{
    synfix_error_t error;
    ipfix_model_t *elements = NULL;
    if (ipfix_model_load(NULL, IPFIX_PEN_DEFAULT, &elements, &error) != SYNFIX_OK) {
        app_fail(APP_EXIT_INPUT, "%s", error.text);
        return SYNFIX_IO;
    }
    archive_reader_t reader = {.model = model,
                               .filter = filter,
                               .converter = record_converter_new(RECORD_FOR_HOSTS),
                               .cache = label_cache_new(host_model_labels(model))};
    const synfix_status_t status =
        reader.cache != NULL ? read_all(&reader, elements, same, path, records) : SYNFIX_NO_MEMORY;
    label_cache_free(reader.cache);
    record_converter_free(reader.converter);
    ipfix_model_free(elements);
    return status;
}
