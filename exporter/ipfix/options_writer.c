/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/fixbuf_adapter.h"
#include "exporter/ipfix/options_records_internal.h"

static synfix_status_t fixbuf_failed(const char *what, const GError *problem, synfix_error_t *error)
{
    return synfix_fail(error, SYNFIX_INVALID, "%s: %s", what,
                       problem != NULL ? problem->message : "libfixbuf failed");
}

synfix_status_t options_writer_new(const ipfix_settings_t *settings, uint32_t message_size,
                                   options_writer_t **writer, synfix_error_t *error)
{
    g_autoptr(GError) problem = NULL;
    options_writer_t *made = g_new0(options_writer_t, 1);
    made->settings = settings;
    made->bytes = g_malloc(message_size);
    made->model = fixbuf_model(settings->model);
    made->session = fbSessionAlloc(made->model);
    fbSessionSetDomain(made->session, settings->domain);
    /* libfixbuf sends templates at once that are added after the buffer exists. */
    if (!options_add_templates(made, &problem)) {
        fbSessionFree(made->session);
        made->session = NULL;
        options_writer_free(made);
        return fixbuf_failed("templates", problem, error);
    }
    made->exporter = fbExporterAllocBuffer(made->bytes, (uint16_t)message_size);
    made->buffer = fBufAllocForExport(made->session, made->exporter);
    fBufSetAutomaticMode(made->buffer, FALSE);
    *writer = made;
    return SYNFIX_OK;
}

void options_writer_free(options_writer_t *writer)
{
    if (writer == NULL) {
        return;
    }
    if (writer->buffer != NULL) {
        fBufFree(writer->buffer); /* frees session and exporter */
    }
    fbInfoModelFree(writer->model);
    g_free(writer->bytes);
    g_free(writer);
}

void options_receiver(options_writer_t *writer, options_message_fn receive, void *user)
{
    writer->receive = receive;
    writer->user = user;
}

synfix_status_t options_flush(options_writer_t *writer, synfix_error_t *error)
{
    if (!writer->used) {
        return SYNFIX_OK; /* fbExporterGetMsgLen keeps the old length after an empty emit */
    }
    g_autoptr(GError) problem = NULL;
    const uint32_t records = writer->records;
    writer->used = false;
    writer->records = 0;
    if (!fBufEmit(writer->buffer, &problem)) {
        return fixbuf_failed("options records", problem, error);
    }
    return writer->receive(writer->user, writer->bytes, fbExporterGetMsgLen(writer->exporter), records,
                           error);
}

synfix_status_t options_put(options_writer_t *writer, options_put_fn function, const void *item,
                            uint32_t records, synfix_error_t *error)
{
    g_autoptr(GError) problem = NULL;
    bool done = function(writer, item, &problem);
    if (!done && g_error_matches(problem, FB_ERROR_DOMAIN, FB_ERROR_EOM)) {
        g_clear_error(&problem);
        const synfix_status_t status = options_flush(writer, error);
        if (status != SYNFIX_OK) {
            return status;
        }
        done = function(writer, item, &problem);
    }
    if (!done && g_error_matches(problem, FB_ERROR_DOMAIN, FB_ERROR_EOM)) {
        return synfix_fail(error, SYNFIX_INVALID, "message size too small for templates and options records");
    }
    if (!done) {
        return fixbuf_failed("options records", problem, error);
    }
    writer->used = true;
    writer->records += records;
    return SYNFIX_OK;
}

typedef struct options_record {
    uint16_t template_id;
    const void *data;
    size_t size;
} options_record_t;

static bool put_record(options_writer_t *writer, const void *item, GError **problem)
{
    const options_record_t *record = item;
    return fBufSetInternalTemplate(writer->buffer, record->template_id, problem) &&
           fBufSetExportTemplate(writer->buffer, record->template_id, problem) &&
           fBufAppend(writer->buffer, (uint8_t *)(uintptr_t)record->data, record->size, problem);
}

synfix_status_t options_put_record(options_writer_t *writer, uint16_t template_id, const void *data,
                                   size_t size, synfix_error_t *error)
{
    const options_record_t record = {template_id, data, size};
    return options_put(writer, put_record, &record, 1, error);
}
