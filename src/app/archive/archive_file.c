/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/archive/archive_file.h"
#include "app/archive/archive_progress.h"
#include "app/common/exit_codes.h"
#include "base/byte_order.h"
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#define FOLLOW_WAIT_US (200 * 1000) /* interval between two reads of a followed file */

static void complain_of_damage(archive_file_t *file, archive_problem_t problem, const char *text)
{
    if (file->damages++ < ARCHIVE_DAMAGES_NAMED) {
        archive_input_complain(file->input, problem, text);
    } else {
        file->input->problems.counts[problem]++;
    }
}

static synfix_status_t on_record(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error)
{
    archive_file_t *file = user;
    archive_input_t *input = file->input;
    archive_times_record(&file->times, record);
    const synfix_status_t status = input->events.record(input->events.user, record, error);
    input->stopped = input->stopped || status < 0;
    return status;
}

static size_t on_direct(void *user, const ipfix_decoder_record_t *record, size_t available)
{
    const archive_file_t *file = user;
    const archive_input_t *input = file->input;
    return input->events.direct != NULL && archive_times_need_no(&file->times)
               ? input->events.direct(input->events.user, record, available)
               : 0;
}

static void on_layout(void *user, const ipfix_decoder_template_t *layout)
{
    archive_file_t *file = user;
    archive_times_layout(&file->times, layout);
    if (file->input->events.layout != NULL) {
        file->input->events.layout(file->input->events.user, layout);
    }
}

static const ipfix_decoder_template_t *on_missing(void *user, uint32_t domain, uint16_t id)
{
    archive_file_t *file = user;
    return file->input->follow ? NULL : later_templates_find(file->templates, domain, id);
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

static void report_damage(archive_file_t *file, synfix_status_t status, const char *reason)
{
    g_autofree char *text = g_strdup_printf("%s: message at byte %" PRIu64 ": %s", file->path,
                                            message_input_offset(file->messages), reason);
    complain_of_damage(file, status == SYNFIX_NO_MEMORY ? ARCHIVE_PROBLEM_LIMIT : ARCHIVE_PROBLEM_DAMAGED,
                       text);
}

static void decode(archive_file_t *file, const uint8_t *message, size_t length)
{
    archive_input_t *input = file->input;
    synfix_error_t error;
    const bool was_timed = file->times.timed;
    ipfix_decoder_stats_t before;
    ipfix_decoder_get_stats(file->decoder, &before);
    const bool skip = archive_times_skip_message(&file->times, read_be32(message + 4));
    ipfix_decoder_skip_data(file->decoder, skip);
    const synfix_status_t status = ipfix_decoder_message(file->decoder, message, length, &error);
    check_sequence(file, message, length, &before, status >= 0 && !skip);
    if (status < 0 && !input->stopped) {
        report_damage(file, status, error.text);
    }
    input->messages++;
    file->ended = file->ended || (!was_timed && file->times.timed &&
                                  archive_times_skip_file(&file->times, file->path, file->next_ns));
}

/* The records before the cut are whole. */
static void decode_cut(archive_file_t *file, const char *reason)
{
    size_t length = 0;
    synfix_error_t error;
    ipfix_decoder_stats_t before;
    ipfix_decoder_stats_t after;
    const uint8_t *message = message_input_rest(file->messages, &length);
    ipfix_decoder_get_stats(file->decoder, &before);
    ipfix_decoder_skip_data(file->decoder, false);
    (void)!ipfix_decoder_cut_message(file->decoder, message, length, &error); /* the cut is reported */
    ipfix_decoder_get_stats(file->decoder, &after);
    g_autofree char *text = g_strdup_printf("%s; %" PRIu64 " records of that message were read", reason,
                                            after.data_records - before.data_records);
    archive_input_complain(file->input, ARCHIVE_PROBLEM_CUT, text);
}

static bool turn(archive_file_t *file)
{
    archive_input_t *input = file->input;
    if (input->progress) {
        ipfix_decoder_stats_t stats;
        ipfix_decoder_get_stats(file->decoder, &stats);
        archive_progress_show(&input->shown_us, file->path, message_input_offset(file->messages), file->size,
                              input->records + stats.data_records);
    }
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

/* The failure of message_input_next. False: nothing more can be read. */
static bool go_on(archive_file_t *file, synfix_status_t status, const char *reason, bool last)
{
    if (status == SYNFIX_INVALID) {
        complain_of_damage(file,
                           message_input_is_foreign(file->messages) ? ARCHIVE_PROBLEM_FOREIGN
                                                                    : ARCHIVE_PROBLEM_PASSED_OVER,
                           reason);
        return true;
    }
    if ((status == SYNFIX_END || status == SYNFIX_TRUNCATED) && wait_for_more(file->input, last)) {
        return true;
    }
    if (status == SYNFIX_TRUNCATED) {
        decode_cut(file, reason);
    } else if (status < 0) {
        archive_input_complain(file->input, ARCHIVE_PROBLEM_UNREADABLE, reason);
    }
    return false;
}

static void read_messages(archive_file_t *file, bool last)
{
    bool more = true;
    while (more && turn(file)) {
        const uint8_t *message = NULL;
        size_t length = 0;
        synfix_error_t error;
        const synfix_status_t status = message_input_next(file->messages, &message, &length, &error);
        if (status == SYNFIX_OK) {
            decode(file, message, length);
        } else {
            more = go_on(file, status, error.text, last);
        }
    }
}

static uint64_t size_of(const char *path)
{
    struct stat file;
    const bool plain = !g_str_has_suffix(path, ".zst") && stat(path, &file) == 0 && S_ISREG(file.st_mode);
    return plain ? (uint64_t)file.st_size : 0;
}

static void read_opened(archive_file_t *file, bool last)
{
    const ipfix_decoder_names_t names = {.find = ipfix_decoder_find_in_model, .user = file->input->model};
    const ipfix_decoder_events_t events = {
        .record = on_record, .layout = on_layout, .direct = on_direct, .missing = on_missing, .user = file};
    file->decoder = ipfix_decoder_new(&names, NULL, &events);
    file->sequence = archive_sequence_new();
    file->templates = later_templates_new(file->path, file->input->model);
    file->times = archive_times_new(file->input->times);
    read_messages(file, last);
    archive_file_report(file);
    ipfix_decoder_free(file->decoder);
    archive_sequence_free(file->sequence);
    later_templates_free(file->templates);
    archive_times_clear(&file->times);
}

void archive_file_read(archive_input_t *input, const char *path, int64_t next_ns, bool last)
{
    archive_file_t file = {.input = input, .path = path, .size = size_of(path), .next_ns = next_ns};
    synfix_error_t error;
    file.problems = archive_problems_total(&input->problems);
    if (input->same != NULL) {
        same_files_input(input->same, path);
    }
    const synfix_status_t status = message_input_open(path, &file.messages, &error);
    input->problems.files++;
    if (status < 0) {
        input->denied = input->denied || (!input->failed && status == SYNFIX_PERMISSION);
        archive_input_complain(input, ARCHIVE_PROBLEM_UNREADABLE, error.text);
        return;
    }
    if (!input->follow) {
        message_input_read_ahead(file.messages);
    }
    read_opened(&file, last);
    message_input_close(file.messages);
    input->problems.files_good +=
        archive_problems_total(&input->problems) == file.problems && !input->stopped;
}
