/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/hosts/hosts_input.h"
#include "app/common/exit_codes.h"
#include "app/common/printable.h"
#include "app/hosts/hosts_archive.h"
#include "app/hosts/hosts_feeder.h"
#include "app/hosts/input_paths.h"
#include "app/run/find_sigdb.h"
#include "capture/file/file_source.h"
#include "exporter/inventory/inventory.h"
#include "hosts/label_cache.h"
#include "module/module_options.h"
#include "values/value.h"

#include <string.h>
#include <synfix/engine.h>
#include <sys/stat.h>

typedef struct capture_reader {
    hosts_input_t *input;
    synfix_engine_t *engine;
    label_cache_t *cache;
    hosts_feeder_t *feeder;
    same_files_t *same;
} capture_reader_t;

static void on_observation(const synfix_observation_t *observation, void *user)
{
    const capture_reader_t *reader = user;
    const hosts_input_t *input = reader->input;
    host_sighting_t sighting;
    if (!host_filter_time(&input->filter, observation->time_ns) ||
        !host_filter_address(&input->filter, &observation->headers->source,
                             observation->headers->ip_version) ||
        !host_sighting_read(&sighting, observation)) {
        return;
    }
    if (observation->fingerprint != NULL) {
        label_cache_number(reader->cache, observation->fingerprint, &sighting);
    }
    hosts_feeder_put(reader->feeder, &sighting);
}

static synfix_status_t push_all(capture_reader_t *reader, void *source, synfix_error_t *error)
{
    g_autofree synfix_packet_t *packets = g_new(synfix_packet_t, SYNFIX_BATCH_MAX);
    synfix_status_t status = SYNFIX_OK;
    while (status == SYNFIX_OK || status == SYNFIX_AGAIN) {
        size_t count = 0;
        status = capture_file_module.source->read(source, packets, SYNFIX_BATCH_MAX, &count, error);
        synfix_engine_push(reader->engine, packets, count);
    }
    return status == SYNFIX_END ? SYNFIX_OK : status;
}

static void note(void *user, int level, const char *text)
{
    (void)user;
    (void)level;
    app_note("%s", text);
}

static synfix_status_t read_capture(capture_reader_t *reader, const char *path, synfix_error_t *error)
{
    synfix_options_t *options = NULL;
    void *source = NULL;
    const synfix_module_context_t context = {.struct_size = sizeof context, .log = note};
    synfix_status_t status = module_options_make(&capture_file_module, path, "", &options, error);
    if (status == SYNFIX_OK) {
        status = capture_file_module.source->open(&context, options, &source, error);
    }
    if (status == SYNFIX_OK) {
        status = push_all(reader, source, error);
        hosts_feeder_drain(reader->feeder);
        capture_file_module.source->close(source);
        reader->input->captures++;
    }
    module_options_free(options);
    return status;
}

static synfix_status_t read_inventory(hosts_input_t *input, const char *path, synfix_error_t *error)
{
    inventory_t *inventory = NULL;
    synfix_status_t status = inventory_open(path, INVENTORY_READ, &inventory, error);
    if (status == SYNFIX_OK) {
        status = inventory_load(inventory, input->model, 0, error);
        input->inventories++;
    }
    inventory_close(inventory);
    return status;
}

/* Failures are reported. */
static synfix_status_t read_archive(const capture_reader_t *reader, const char *path)
{
    hosts_input_t *input = reader->input;
    input->archives++;
    return hosts_archive_read(input->model, &input->filter, reader->same, path, &input->records);
}

static synfix_status_t read_input(capture_reader_t *reader, const char *path, synfix_error_t *error)
{
    if (hosts_archive_is(path)) {
        return read_archive(reader, path);
    }
    same_files_input(reader->same, path);
    return strcmp(path, "-") != 0 && inventory_is_database(path) ? read_inventory(reader->input, path, error)
                                                                 : read_capture(reader, path, error);
}

/* Rewrites the error of the file source: here, a file may also be an IPFIX file or an inventory.
 */
static void report_input(int code, const char *path, const char *reason)
{
    const char *ipfix = strstr(reason, ", but IPFIX; ");
    const char *advice = ipfix != NULL ? ipfix : strstr(reason, "; name a capture file");
    const int length = advice != NULL ? (int)(advice - reason) : (int)strlen(reason);
    g_autofree char *name = printable_copy(path); /* as in the text of an error */
    const bool named = g_str_has_prefix(reason, name) || strcmp(path, "-") == 0;
    const bool once = strcmp(path, "-") == 0 || !g_file_test(path, G_FILE_TEST_IS_REGULAR);
    const char *more = "";
    if (advice != NULL) {
        more =
            once ? "; standard input and pipes: captures only; for IPFIX name a file, or write synfix dump -"
                 : ", no IPFIX file and no inventory; name a file of these kinds";
    }
    app_fail(code, "%s%s%.*s%s", named ? "" : path, named ? "" : ": ", length, reason, more);
}

/* Messages of the file source and of the inventory begin with the path. */
static int read_inputs(capture_reader_t *reader, char *const *paths)
{
    int code = APP_EXIT_OK;
    for (; *paths != NULL; paths++) {
        synfix_error_t error = {.text = ""};
        const synfix_status_t status = read_input(reader, *paths, &error);
        if (status != SYNFIX_OK) {
            const int failure = status == SYNFIX_PERMISSION ? APP_EXIT_PERMISSION : APP_EXIT_INPUT;
            if (error.text[0] != '\0') {
                report_input(failure, *paths, error.text);
            }
            code = code == APP_EXIT_OK ? failure : code;
        }
    }
    synfix_engine_counters(reader->engine, &reader->input->counters);
    return code;
}

static synfix_status_t open_engine(capture_reader_t *reader, char *const *databases, synfix_error_t *error)
{
    synfix_sigdb_t *sigdb = NULL;
    synfix_engine_config_t config;
    synfix_status_t status = database_load(databases, 0, &sigdb, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    synfix_engine_config_init(&config, sizeof config);
    config.sigdb = sigdb;
    config.uptime = SYNFIX_UPTIME_REGRESSION;
    config.on_observation = on_observation;
    config.observation_user = reader;
    status = synfix_engine_new(&config, &reader->engine, error);
    synfix_sigdb_unref(sigdb);
    return status;
}

static void note_others(const char *directory, unsigned files)
{
    app_note("%s: %u file%s with %s not read; a capture ends in .pcap, .pcapng or .cap (also compressed), an "
             "IPFIX file in .ipfix or .ipfix.zst; name others one by one",
             directory, files, plural(files), files == 1 ? "another name" : "other names");
}

static synfix_status_t new_model(const hosts_options_t *options, hosts_input_t *input, synfix_error_t *error)
{
    static const value_rule_t rule = {
        .name = "--host-table", .minimum = HOST_MODEL_HOSTS_MIN, .maximum = HOST_MODEL_HOSTS_MAX};
    int64_t rows = HOST_MODEL_HOSTS_DEFAULT;
    if (options->host_table != NULL && value_parse(&rule, options->host_table, &rows, error) != SYNFIX_OK) {
        return SYNFIX_INVALID;
    }
    const host_model_config_t config = {.hosts = (uint32_t)rows, .evidence = true};
    input->model = host_model_new(&config);
    return input->model != NULL ? SYNFIX_OK : synfix_fail(error, SYNFIX_NO_MEMORY, "hosts: out of memory");
}

int hosts_input_read(const hosts_options_t *options, char *const *paths, hosts_input_t *input)
{
    synfix_error_t error = {.text = ""};
    capture_reader_t reader = {.input = input};
    synfix_status_t status = hosts_filter_parse(options, &input->filter, &error);
    if (status == SYNFIX_OK) {
        status = new_model(options, input, &error);
    }
    if (status == SYNFIX_OK && (reader.cache = label_cache_new(host_model_labels(input->model))) == NULL) {
        status = synfix_fail(&error, SYNFIX_NO_MEMORY, "hosts: out of memory");
    }
    if (status == SYNFIX_OK) {
        status = open_engine(&reader, options->sigdb, &error);
    }
    if (status != SYNFIX_OK) {
        label_cache_free(reader.cache);
        return app_fail(status == SYNFIX_INVALID ? APP_EXIT_USAGE : app_exit_of_error(status, &error), "%s",
                        error.text);
    }
    input->began = true;
    reader.feeder = hosts_feeder_new(input->model);
    char **expanded = input_paths_expand(paths, note_others);
    reader.same = same_files_new();
    const int code = read_inputs(&reader, expanded);
    same_files_free(reader.same);
    g_strfreev(expanded);
    hosts_feeder_free(reader.feeder);
    synfix_engine_free(reader.engine);
    label_cache_free(reader.cache);
    return code;
}

bool hosts_input_has_content(const hosts_input_t *input, int code)
{
    host_model_stats_t stats = {.hosts = 0};
    if (input->model != NULL) {
        host_model_stats(input->model, &stats);
    }
    return code == APP_EXIT_OK || stats.hosts > 0;
}

void hosts_input_clear(hosts_input_t *input)
{
    host_model_free(input->model);
}

void hosts_options_clear(hosts_options_t *options)
{
    g_strfreev(options->sigdb);
    g_strfreev(options->nets);
    g_free(options->host_table);
    g_free(options->since);
    g_free(options->until);
    g_free(options->os);
}
