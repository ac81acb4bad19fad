/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <glib.h>
#include <synfix-export/archive.h>
#include <synfix/batch.h>

#include "exporter/ipfix_decoder/later_templates.h"
#include "exporter/ipfix_decoder/message_decoder.h"
#include "exporter/ipfix_decoder/message_input.h"
#include "exporter/record_observation/record_observation.h"

/* A complete record has more than 40 fields of at least a byte, so a message of 65,535 bytes has fewer. */
#define BATCH_CAPACITY 2048u

struct synfix_archive {
    char *path;
    ipfix_model_t *model;
    message_input_t *input; /* NULL: at its end */
    bool begun;             /* the input is not empty */
    ipfix_decoder_t *decoder;
    later_templates_t *templates;
    record_converter_t *converter;
    synfix_batch_t *batch;  /* observations of the current message */
    size_t next;            /* of the batch */
    synfix_status_t status; /* status of the current message, returned after its observations */
    synfix_error_t error;
    record_converter_stats_t stats;
};

static synfix_status_t on_record(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error)
{
    synfix_archive_t *archive = user;
    const synfix_observation_t *observation = record_converter_convert(archive->converter, record);
    (void)error;
    if (observation != NULL) {
        synfix_batch_add(observation, archive->batch);
    }
    return SYNFIX_OK;
}

static size_t on_direct(void *user, const ipfix_decoder_record_t *record, size_t available)
{
    synfix_archive_t *archive = user;
    size_t length = 0;
    const synfix_observation_t *observation =
        record_converter_direct(archive->converter, record, available, &length);
    if (observation != NULL) {
        synfix_batch_add(observation, archive->batch);
    }
    return length;
}

static void on_layout(void *user, const ipfix_decoder_template_t *layout)
{
    record_converter_layout(((synfix_archive_t *)user)->converter, layout);
}

static const ipfix_decoder_template_t *on_missing(void *user, uint32_t domain, uint16_t id)
{
    return later_templates_find(((synfix_archive_t *)user)->templates, domain, id);
}

synfix_status_t synfix_archive_open(const char *path, uint32_t pen, synfix_archive_t **archive,
                                    synfix_error_t *error)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: is a directory; name its files", path);
    }
    synfix_archive_t *const made = g_new0(synfix_archive_t, 1);
    made->path = g_strdup(path);
    synfix_status_t status = ipfix_model_load(NULL, pen != 0 ? pen : IPFIX_PEN_DEFAULT, &made->model, error);
    if (status == SYNFIX_OK) {
        status = message_input_open(path, &made->input, error);
    }
    if (status == SYNFIX_OK) {
        status = synfix_batch_new(BATCH_CAPACITY, &made->batch, error);
    }
    if (status != SYNFIX_OK) {
        synfix_archive_close(made);
        return status;
    }
    const ipfix_decoder_names_t names = {.find = ipfix_decoder_find_in_model, .user = made->model};
    const ipfix_decoder_events_t events = {
        .record = on_record, .layout = on_layout, .direct = on_direct, .missing = on_missing, .user = made};
    made->templates = later_templates_new(made->path, made->model);
    made->converter = record_converter_new(RECORD_COMPLETE);
    made->decoder = ipfix_decoder_new(&names, NULL, &events);
    *archive = made;
    return SYNFIX_OK;
}

/* Sets that gave no record at all; nothing else would show their loss. */
static synfix_status_t check_sets(synfix_archive_t *archive)
{
    ipfix_decoder_stats_t stats;
    ipfix_decoder_get_stats(archive->decoder, &stats);
    const uint64_t lost = stats.sets_without_template + stats.sets_without_record + stats.reserved_sets;
    return lost == 0
               ? SYNFIX_END
               : synfix_fail(&archive->error, SYNFIX_INVALID,
                             "%s: sets skipped: %" G_GUINT64_FORMAT " without a template, %" G_GUINT64_FORMAT
                             " shorter than one record, %" G_GUINT64_FORMAT
                             " with a reserved id; check the exporter, and the disk",
                             archive->path, stats.sets_without_template, stats.sets_without_record,
                             stats.reserved_sets);
}

/* Nothing more can be read. The records before a cut are whole. */
static void finish(synfix_archive_t *archive)
{
    if (archive->status == SYNFIX_TRUNCATED) {
        size_t length = 0;
        const uint8_t *const message = message_input_rest(archive->input, &length);
        (void)!ipfix_decoder_cut_message(archive->decoder, message, length,
                                         NULL); /* the cut is the failure */
    } else if (archive->status == SYNFIX_END && !archive->begun) {
        archive->status = synfix_fail(
            &archive->error, SYNFIX_TRUNCATED,
            "%s: no IPFIX message, the file is empty; check the program that wrote it", archive->path);
    } else if (archive->status == SYNFIX_END) {
        archive->status = check_sets(archive);
    }
    message_input_close(archive->input);
    archive->input = NULL;
}

/* Reads the next message into the empty batch. A failure is returned after its observations. */
static void fill(synfix_archive_t *archive)
{
    const uint8_t *message = NULL;
    size_t length = 0;
    synfix_error_t reason = {.text = ""};
    archive->status = message_input_next(archive->input, &message, &length, &archive->error);
    if (archive->status == SYNFIX_INVALID) {
        archive->begun = true;
        return; /* the next message follows the damage */
    }
    if (archive->status != SYNFIX_OK) {
        finish(archive);
        return;
    }
    archive->begun = true;
    archive->status = ipfix_decoder_message(archive->decoder, message, length, &reason);
    if (archive->status < 0) {
        (void)synfix_fail(&archive->error, archive->status, "%s: message at byte %" G_GUINT64_FORMAT ": %s",
                          archive->path, message_input_offset(archive->input), reason.text);
    }
}

synfix_status_t synfix_archive_next(synfix_archive_t *archive, const synfix_observation_t **observation,
                                    synfix_error_t *error)
{
    while (archive->next == synfix_batch_count(archive->batch)) {
        const synfix_status_t status = archive->status;
        archive->status = SYNFIX_OK;
        archive->next = 0;
        synfix_batch_clear(archive->batch);
        if (status < 0) {
            return synfix_fail(error, status, "%s", archive->error.text);
        }
        if (archive->input == NULL) {
            return SYNFIX_END;
        }
        fill(archive);
    }
    *observation = synfix_batch_at(archive->batch, archive->next++);
    return SYNFIX_OK;
}

uint64_t synfix_archive_converted(const synfix_archive_t *archive)
{
    record_converter_stats_t stats;
    record_converter_get_stats(archive->converter, &stats);
    return stats.converted;
}

const char *synfix_archive_refused(synfix_archive_t *archive, unsigned index, uint64_t *count,
                                   const char **element)
{
    if (index >= RECORD_REASON_COUNT) {
        return NULL;
    }
    record_converter_get_stats(archive->converter, &archive->stats);
    *count = archive->stats.refused[index];
    *element = archive->stats.element[index];
    return record_reason_text((record_reason_t)index);
}

void synfix_archive_close(synfix_archive_t *archive)
{
    if (archive == NULL) {
        return;
    }
    ipfix_decoder_free(archive->decoder);
    later_templates_free(archive->templates);
    record_converter_free(archive->converter);
    synfix_batch_free(archive->batch);
    message_input_close(archive->input);
    ipfix_model_free(archive->model);
    g_free(archive->path);
    g_free(archive);
}
