/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/archive/archive_input.h"
#include "app/archive/archive_sequence.h"
#include "app/common/exit_codes.h"
#include "base/byte_order.h"
#include "base/clock.h"
#include "exporter/ipfix_decoder/message_input.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* How often a followed file is read again, and the line of progress is written. */
#define FOLLOW_WAIT_US (200 * 1000)
#define PROGRESS_US    (500 * 1000)

/* Damages of one file that are named one by one; further ones are counted. */
#define DAMAGES_NAMED 20u

/* A live capture exports a record at most so long after its packet: the longest --flush. */
#define EXPORT_DELAY_NS (3600 * NS_PER_S)

/* One file while it is read. */
typedef struct archive_file {
    archive_input_t *input;
    const char *path;
    ipfix_decoder_t *decoder;
    message_input_t *messages;
    archive_sequence_t *sequence;
    record_filter_t *times; /* reads the time of the first record; NULL without a time range */
    uint64_t size;          /* bytes; 0: unknown, or compressed */
    int64_t next_ns; /* the next file of the directory was begun at this time at the latest; 0: unknown */
    bool timed;      /* the first record was seen */
    bool live;       /* exported while its packets came: export times and the name's date tell packet times */
    bool ended;      /* nothing more of this file is wanted */
    uint32_t export_time; /* of the message at hand, seconds */
    uint64_t damages;     /* messages that are damaged, in whole or from some record on */
} archive_file_t;

static void complain(archive_input_t *input, const char *text)
{
    app_fail(APP_EXIT_INPUT, "%s", text);
    input->failed = true;
}

static void complain_of_damage(archive_file_t *file, const char *text)
{
    file->input->failed = true;
    if (file->damages++ < DAMAGES_NAMED) {
        complain(file->input, text);
    }
}

static void complain_status(archive_input_t *input, synfix_status_t status, const char *text)
{
    input->denied = input->denied || (!input->failed && status == SYNFIX_PERMISSION);
    complain(input, text);
}

/* A capture that was read later, or a clock that was wrong, makes export times that tell nothing. */
static void look_at_time(archive_file_t *file, const ipfix_decoder_record_t *record)
{
    int64_t time_ns = 0;
    if (file->timed || file->times == NULL || !record_filter_time(file->times, record, &time_ns)) {
        return;
    }
    const int64_t age_ns = (int64_t)record->export_time * NS_PER_S - time_ns;
    file->timed = true;
    file->live = age_ns >= -NS_PER_S && age_ns <= EXPORT_DELAY_NS;
}

static synfix_status_t on_record(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error)
{
    archive_file_t *file = user;
    archive_input_t *input = file->input;
    look_at_time(file, record);
    const synfix_status_t status = input->events.record(input->events.user, record, error);
    input->stopped = input->stopped || status < 0;
    return status;
}

static void on_layout(void *user, const ipfix_decoder_template_t *layout)
{
    archive_file_t *file = user;
    if (file->times != NULL) {
        record_filter_layout(file->times, layout);
    }
    if (file->input->events.layout != NULL) {
        file->input->events.layout(file->input->events.user, layout);
    }
}

/* A record is exported after its packet, and by EXPORT_DELAY_NS at the latest. */
static bool excludes(const host_filter_t *times, int64_t from_ns, int64_t to_ns)
{
    return (times->since_ns != 0 && to_ns < times->since_ns) ||
           (times->until_ns != 0 && from_ns - EXPORT_DELAY_NS >= times->until_ns);
}

/* The whole file by its name: it was begun at the date of its name, and ended when the next one was begun. */
static bool name_excludes(const archive_file_t *file)
{
    int64_t first_ns = 0;
    int64_t span_ns = 0;
    return file->live && archive_name_time(file->path, &first_ns, &span_ns) &&
           excludes(file->input->times, first_ns, file->next_ns != 0 ? file->next_ns : INT64_MAX);
}

/* Whether the data of the message is passed over. */
static bool choose_skip(archive_file_t *file)
{
    const host_filter_t *times = file->input->times;
    const int64_t export_ns = (int64_t)file->export_time * NS_PER_S;
    const bool skip = file->live && times != NULL && excludes(times, export_ns, export_ns + NS_PER_S);
    ipfix_decoder_skip_data(file->decoder, skip);
    return skip;
}

static void check_sequence(archive_file_t *file, const uint8_t *message, size_t length,
                           const ipfix_decoder_stats_t *before, bool whole)
{
    ipfix_decoder_stats_t after;
    ipfix_decoder_get_stats(file->decoder, &after);
    const sequence_records_t records = {
        .data = (uint32_t)(after.data_records - before->data_records),
        .options = (uint32_t)(after.options_records - before->options_records),
    };
    whole = whole && after.sets_without_template == before->sets_without_template;
    archive_sequence_message(file->sequence, message, length, records, whole);
}

static void decode(archive_file_t *file, const uint8_t *message, size_t length)
{
    archive_input_t *input = file->input;
    synfix_error_t error;
    file->export_time = read_be32(message + 4);
    const bool was_timed = file->timed;
    ipfix_decoder_stats_t before;
    ipfix_decoder_get_stats(file->decoder, &before);
    const bool skip = choose_skip(file);
    const bool good = ipfix_decoder_message(file->decoder, message, length, &error) >= 0;
    check_sequence(file, message, length, &before, good && !skip);
    if (!good && !input->stopped) {
        g_autofree char *text = g_strdup_printf("%s: message at byte %" PRIu64 ": %s", file->path,
                                                message_input_offset(file->messages), error.text);
        complain_of_damage(file, text);
    }
    input->messages++;
    if (!was_timed && file->timed && name_excludes(file)) {
        file->ended = true;
    }
}

static void show_progress(archive_file_t *file)
{
    archive_input_t *input = file->input;
    const int64_t now_us = g_get_monotonic_time();
    if (!input->progress || now_us - input->shown_us < PROGRESS_US) {
        return;
    }
    ipfix_decoder_stats_t stats;
    ipfix_decoder_get_stats(file->decoder, &stats);
    input->shown_us = now_us;
    g_autofree char *name = g_path_get_basename(file->path);
    fprintf(stderr, "\r\033[K%s: ", name);
    if (file->size > 0) {
        fprintf(stderr, "%.0f %%, ",
                100.0 * (double)message_input_offset(file->messages) / (double)file->size);
    }
    fprintf(stderr, "%" PRIu64 " records", input->records + stats.data_records);
    fflush(stderr);
}

static bool turn(archive_file_t *file)
{
    archive_input_t *input = file->input;
    show_progress(file);
    if (!input->stopped && input->turn != NULL && !input->turn(input->events.user)) {
        input->stopped = true;
    }
    return !input->stopped && !file->ended;
}

/* At the end of a followed file: whether there is more to expect from it. */
static bool wait_for_more(const archive_input_t *input, bool last)
{
    if (!input->follow || !last || input->directory) {
        return false;
    }
    fflush(stdout);
    g_usleep(FOLLOW_WAIT_US);
    return true;
}

static void report_sets(const archive_file_t *file, uint64_t count, const char *reason)
{
    if (count > 0) {
        g_autofree char *text =
            g_strdup_printf("%s: %" PRIu64 " sets skipped: %s", file->path, count, reason);
        complain(file->input, text);
    }
}

static void report(archive_file_t *file)
{
    archive_input_t *input = file->input;
    ipfix_decoder_stats_t stats;
    ipfix_decoder_get_stats(file->decoder, &stats);
    input->records += stats.data_records;
    if (file->damages > DAMAGES_NAMED) {
        g_autofree char *text = g_strdup_printf("%s: %" PRIu64 " more damaged messages", file->path,
                                                file->damages - DAMAGES_NAMED);
        complain(input, text);
    }
    if (stats.messages == 0 && !input->failed && !input->stopped) {
        g_autofree char *text = g_strdup_printf(
            "%s: no IPFIX message, the file is empty; check the program that wrote it", file->path);
        complain(input, text);
    }
    const uint64_t missing = archive_sequence_missing(file->sequence);
    if (missing > 0 &&
        !input->stopped) { /* no failure: they may have been lost before the file was written */
        app_fail(APP_EXIT_OK,
                 "%s: %" PRIu64 " record%s missing by the sequence numbers (options records included); the "
                 "file is damaged, or messages were lost before it was written",
                 file->path, missing, missing == 1 ? " is" : "s are");
    }
    if (archive_sequence_counts_own(file->sequence) && !input->stopped) {
        app_fail(APP_EXIT_OK,
                 "%s: the sequence numbers count the records of their own message, not those before it (RFC "
                 "7011, section 3.1); missing records are counted by that rule",
                 file->path);
    }
    report_sets(file, stats.sets_without_template, "no template for them");
    report_sets(file, stats.sets_without_record, "shorter than one record of their template");
    report_sets(file, stats.reserved_sets, "their ids are reserved");
}

static void read_messages(archive_file_t *file, bool last)
{
    while (turn(file)) {
        const uint8_t *message = NULL;
        size_t length = 0;
        synfix_error_t error;
        const synfix_status_t status = message_input_next(file->messages, &message, &length, &error);
        if (status == SYNFIX_OK) {
            decode(file, message, length);
        } else if (status == SYNFIX_INVALID) {
            complain_of_damage(file, error.text);
        } else if ((status == SYNFIX_END || status == SYNFIX_TRUNCATED) && wait_for_more(file->input, last)) {
            continue;
        } else {
            if (status < 0) {
                complain(file->input, error.text);
            }
            return;
        }
    }
}

static uint64_t size_of(const char *path)
{
    struct stat file;
    const bool plain = !g_str_has_suffix(path, ".zst") && stat(path, &file) == 0 && S_ISREG(file.st_mode);
    return plain ? (uint64_t)file.st_size : 0;
}

static void read_file(archive_input_t *input, const char *path, int64_t next_ns, bool last)
{
    archive_file_t file = {.input = input, .path = path, .size = size_of(path), .next_ns = next_ns};
    synfix_error_t error;
    const synfix_status_t status = message_input_open(path, &file.messages, &error);
    if (status < 0) {
        complain_status(input, status, error.text);
        return;
    }
    const ipfix_decoder_names_t names = {.find = ipfix_decoder_find_in_model, .user = input->model};
    const ipfix_decoder_events_t events = {.record = on_record, .layout = on_layout, .user = &file};
    const bool timed = input->times != NULL && (input->times->since_ns != 0 || input->times->until_ns != 0);
    file.times = timed ? record_filter_new(input->times) : NULL;
    file.decoder = ipfix_decoder_new(&names, NULL, &events);
    file.sequence = archive_sequence_new();
    read_messages(&file, last);
    report(&file);
    ipfix_decoder_free(file.decoder);
    archive_sequence_free(file.sequence);
    record_filter_free(file.times);
    message_input_close(file.messages);
}

static gint compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The archive's files of a directory in order of their names, which begin with the date. NULL: not readable.
 */
static GPtrArray *list_directory(const char *path, GError **problem)
{
    g_autoptr(GDir) directory = g_dir_open(path, 0, problem);
    if (directory == NULL) {
        return NULL;
    }
    GPtrArray *const files = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while ((name = g_dir_read_name(directory)) != NULL) {
        if (name[0] != '.' && (g_str_has_suffix(name, ".ipfix") || g_str_has_suffix(name, ".ipfix.zst"))) {
            g_ptr_array_add(files, g_build_filename(path, name, NULL));
        }
    }
    g_ptr_array_sort(files, compare_paths);
    return files;
}

/* When file number @p index ended at the latest, by the names behind it; 0: unknown. */
static int64_t end_of(const GPtrArray *files, guint index)
{
    int64_t own_ns = 0;
    int64_t span_ns = 0;
    if (!archive_name_time(g_ptr_array_index(files, index), &own_ns, &span_ns)) {
        return 0;
    }
    for (guint i = index + 1; i < files->len; i++) {
        int64_t first_ns = 0;
        if (archive_name_time(g_ptr_array_index(files, i), &first_ns, &span_ns) && first_ns > own_ns) {
            return first_ns + span_ns;
        }
    }
    return 0;
}

static void read_directory(archive_input_t *input, const char *path, bool last)
{
    g_autoptr(GHashTable) done = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    input->directory = true;
    do {
        g_autoptr(GError) problem = NULL;
        g_autoptr(GPtrArray) files = list_directory(path, &problem);
        if (files == NULL) {
            const bool denied = g_error_matches(problem, G_FILE_ERROR, G_FILE_ERROR_ACCES);
            complain_status(input, denied ? SYNFIX_PERMISSION : SYNFIX_IO, problem->message);
            break;
        }
        if (files->len == 0 && !input->follow) {
            g_autofree char *text = g_strdup_printf("%s: %s in this directory; name files one by one", path,
                                                    input->captures ? "no capture and no IPFIX file"
                                                                    : "no .ipfix or .ipfix.zst file");
            complain(input, text);
        }
        for (guint i = 0; i < files->len && !input->stopped; i++) {
            const char *const file = g_ptr_array_index(files, i);
            if (g_hash_table_add(done, g_strdup(file))) {
                read_file(input, file, end_of(files, i), false);
            }
        }
        fflush(stdout);
        if (input->follow && last && !input->stopped) {
            g_usleep(FOLLOW_WAIT_US);
            input->stopped = input->turn != NULL && !input->turn(input->events.user);
        }
    } while (input->follow && last && !input->stopped);
    input->directory = false;
}

void archive_input_run(archive_input_t *input, char *const *paths)
{
    for (; *paths != NULL && !input->stopped; paths++) {
        const bool last = paths[1] == NULL;
        if (g_file_test(*paths, G_FILE_TEST_IS_DIR)) {
            read_directory(input, *paths, last);
        } else {
            read_file(input, *paths, 0, last);
        }
    }
    if (input->shown_us != 0) {
        fputs("\r\033[K", stderr);
    }
}

int archive_input_exit(const archive_input_t *input)
{
    return input->denied ? APP_EXIT_PERMISSION : input->failed ? APP_EXIT_INPUT : APP_EXIT_OK;
}

void archive_input_note_empty(const archive_input_t *input, uint64_t passed)
{
    if (passed > 0 || input->failed || input->messages == 0) {
        return;
    }
    if (input->records == 0) {
        fputs("synfix: no data record in the input, or none of the time range\n", stderr);
    } else {
        fprintf(stderr, "synfix: none of %" PRIu64 " data records passes the filters\n", input->records);
    }
}
