/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/collector_output.h"
#include "exporter/collector/reader_stream.h"
#include "files/directory_entry.h"
#include "files/file_content.h"
#include "files/paused_reader.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Names of archives that a directory may hold already. */
#define FILE_MODE       0644
#define ARCHIVE_NUMBERS 1000000u
#define STANDARD_OUTPUT "standard output"

struct collector_output {
    char *path; /* NULL: standard output */
    FILE *out;  /* printed */
    reader_wait_t *wait;
    dump_t *dump;
    bool special;    /* file_path_is_special(): needs no name */
    bool nameless;   /* no link at the creation: the count of links does not show a deletion */
    bool unflushed;  /* printed records since the last flush */
    bool unread;     /* the reader of standard output has closed the pipe, as `head` does */
    unsigned number; /* number of the last archive; names up to it exist */
    unsigned archives;
    unsigned archives_unproven;
};

/* Archives are created with the first message: check now that this is possible. */
static synfix_status_t check_archive(const char *path, synfix_error_t *error)
{
    g_autofree char *directory = g_path_get_dirname(path);
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: %s", path, file_reason(EISDIR));
    }
    if (file_path_is_special(path)) {
        return synfix_fail(
            error, SYNFIX_INVALID,
            "%s: not a regular file; each session needs an archive of its own: choose another name", path);
    }
    if (access(directory, W_OK | X_OK) != 0) {
        return synfix_fail(error, SYNFIX_IO, "%s: %s", path, file_reason(errno));
    }
    return g_file_test(directory, G_FILE_TEST_IS_DIR)
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_IO, "%s: %s", path, file_reason(ENOTDIR));
}

/* The stream owns @p descriptor unless that is standard output. NULL, with errno; @p descriptor stays open.
 */
static FILE *open_stream(int descriptor, const char *path, reader_wait_t *wait)
{
    if (reader_stream_is_needed(descriptor)) {
        return reader_stream_open(descriptor, path != NULL, path != NULL ? path : STANDARD_OUTPUT, wait);
    }
    return path != NULL ? fdopen(descriptor, "a") : stdout;
}

/* No process can read the records of a deleted file. */
static bool is_deleted(const collector_output_t *output, int fd)
{
    return !output->special && !output->nameless && file_has_no_name(fd);
}

/* After each opening of a printed output. */
static void note_link(collector_output_t *output)
{
    output->special = output->path == NULL || file_path_is_special(output->path);
    output->nameless = file_has_no_name(fileno(output->out));
}

static void log_deletion(const collector_output_t *output)
{
    g_autofree char *text = g_strdup_printf(
        "%s: another process deleted the file while it was written; a new file begins", output->path);
    output->wait->log(output->wait->log_user, text);
}

/* NULL, with @p error. */
static FILE *open_appended(const char *path, reader_wait_t *wait, synfix_error_t *error)
{
    directory_entry_t entry = DIRECTORY_ENTRY_CLOSED;
    if (directory_entry_open(&entry, path, DIRECTORY_ENTRY_FOLLOW, error) != SYNFIX_OK) {
        return NULL;
    }
    const int descriptor = file_open(&entry, O_WRONLY | O_CREAT | O_APPEND, FILE_MODE);
    FILE *const out = descriptor >= 0 ? open_stream(descriptor, path, wait) : NULL;
    if (out == NULL) {
        (void)file_fail(path, error);
        (void)(descriptor >= 0 && close(descriptor));
    }
    directory_entry_close(&entry);
    return out;
}

/* The sinks of other commands have options, as in file:PATH?compress=zstd. */
static bool has_options(const char *where)
{
    const char *const mark = strchr(where, '?');
    const size_t name = mark != NULL ? strspn(mark + 1, "abcdefghijklmnopqrstuvwxyz-") : 0;
    return name > 0 && mark[1 + name] == '=';
}

static synfix_status_t begin_archives(const char *where, const char *path, collector_output_t **output,
                                      synfix_error_t *error)
{
    if (path == NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "--to: '%s' has no path; write file:PATH", where);
    }
    const synfix_status_t status = check_archive(path, error);
    if (status < 0) {
        return status;
    }
    collector_output_t *const archive = g_new0(collector_output_t, 1);
    archive->path = g_strdup(path);
    *output = archive;
    return SYNFIX_OK;
}

/* The format @p kind of @p where. */
static synfix_status_t read_format(const char *where, const char *kind, dump_format_t *format,
                                   synfix_error_t *error)
{
    *format = DUMP_TEXT;
    if (strcmp(kind, "-") != 0 && dump_format_parse(kind, format, NULL) < 0) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "--to: '%s' is unknown; write text, json, csv, json:PATH, or file:PATH for IPFIX",
                           where);
    }
    if (strcmp(where + strlen(kind), ":") == 0) { /* an unset variable in a script */
        return synfix_fail(error, SYNFIX_INVALID,
                           "--to: %s: a target is missing; write %s:- (standard output) or %s:FILE", where,
                           kind, kind);
    }
    return SYNFIX_OK;
}

/* @p path NULL: standard output. */
static synfix_status_t open_dump(const char *path, dump_format_t format, bool options, reader_wait_t *wait,
                                 collector_output_t **output, synfix_error_t *error)
{
    collector_output_t *const made = g_new0(collector_output_t, 1);
    made->path = g_strdup(path);
    made->wait = wait;
    made->out =
        path != NULL ? open_appended(made->path, wait, error) : open_stream(STDOUT_FILENO, NULL, wait);
    if (made->out == NULL) {
        const synfix_status_t status = path != NULL ? SYNFIX_IO : file_fail(STANDARD_OUTPUT, error);
        collector_output_close(made);
        return status;
    }
    note_link(made);
    made->dump = dump_new(format, options, made->out);
    *output = made;
    return SYNFIX_OK;
}

synfix_status_t collector_output_open(const char *where, bool options, reader_wait_t *wait,
                                      collector_output_t **output, synfix_error_t *error)
{
    const char *const target = strchr(where, ':');
    g_autofree char *kind = g_strndup(where, strcspn(where, ":"));
    const char *const path =
        target != NULL && target[1] != '\0' && strcmp(target + 1, "-") != 0 ? target + 1 : NULL;
    dump_format_t format;
    if (has_options(where)) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "--to: '%s': outputs of collect have no options; write %.*s", where,
                           (int)strcspn(where, "?"), where);
    }
    if (strcmp(kind, "file") == 0) {
        return begin_archives(where, path, output, error);
    }
    const synfix_status_t status = read_format(where, kind, &format, error);
    return status == SYNFIX_OK ? open_dump(path, format, options, wait, output, error) : status;
}

void collector_output_close(collector_output_t *output)
{
    dump_free(output->dump);
    if (output->out != NULL && output->out != stdout) {
        fclose(output->out);
    }
    g_free(output->path);
    g_free(output);
}

/* A reader of standard output that ended, as `head` does, is no failure. */
static synfix_status_t fail_write(collector_output_t *output, int reason, synfix_error_t *error)
{
    output->unread = reason == EPIPE && output->path == NULL;
    return output->unread
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_IO, "%s: %s",
                             output->path != NULL ? output->path : STANDARD_OUTPUT, reader_reason(reason));
}

synfix_status_t collector_output_record(collector_output_t *output, const ipfix_decoder_record_t *record,
                                        size_t *written, synfix_error_t *error)
{
    *written = 0;
    if (output->dump == NULL || output->unread) {
        return SYNFIX_OK;
    }
    const synfix_status_t status = dump_record(output->dump, record, error);
    *written = dump_last_length(output->dump);
    output->unflushed = output->unflushed || *written > 0;
    return status < 0 ? fail_write(output, dump_problem(output->dump), error) : status;
}

void collector_output_layout(collector_output_t *output, const ipfix_decoder_template_t *layout)
{
    if (output->dump != NULL) {
        dump_layout(output->dump, layout);
    }
}

synfix_status_t collector_output_reopen(collector_output_t *output, synfix_error_t *error)
{
    if (output->dump == NULL || output->path == NULL) {
        return SYNFIX_OK;
    }
    if (!output->unread && fflush(output->out) != 0) {
        return fail_write(output, errno, error);
    }
    FILE *const out = open_appended(output->path, output->wait, error);
    if (out == NULL) {
        return SYNFIX_IO;
    }
    struct stat status;
    const bool fresh = fstat(fileno(out), &status) == 0 && status.st_size == 0;
    if (is_deleted(output, fileno(output->out))) {
        log_deletion(output);
    }
    (void)fclose(output->out); /* empty */
    output->out = out;
    note_link(output);
    dump_continue(output->dump, out, fresh);
    return SYNFIX_OK;
}

/* If the new file cannot be opened, the deleted file stays open, and the next flush tries again. This is a
 * failure only if records were printed since the last flush. */
static synfix_status_t replace_deleted(collector_output_t *output, bool records, synfix_error_t *error)
{
    const synfix_status_t status = collector_output_reopen(output, error);
    return records ? status : SYNFIX_OK;
}

synfix_status_t collector_output_flush(collector_output_t *output, synfix_error_t *error)
{
    const bool records = output->unflushed;
    output->unflushed = false;
    if (output->out == NULL || output->unread) {
        return SYNFIX_OK;
    }
    if (fflush(output->out) != 0) {
        return fail_write(output, errno, error);
    }
    return is_deleted(output, fileno(output->out)) ? replace_deleted(output, records, error) : SYNFIX_OK;
}

bool collector_output_is_unread(const collector_output_t *output)
{
    return output->unread;
}

bool collector_output_is_archive(const collector_output_t *output)
{
    return output->dump == NULL;
}

/* Creates the file @p fd with the first free name: existing archives are not overwritten. */
static synfix_status_t create_archive(collector_output_t *output, int *fd, synfix_error_t *error)
{
    directory_entry_t entry = DIRECTORY_ENTRY_CLOSED;
    const synfix_status_t status = directory_entry_open(&entry, output->path, DIRECTORY_ENTRY_NAME, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    g_autofree char *base = g_strdup(entry.name);
    const char *const dot = strrchr(base, '.');
    const int stem = dot != NULL ? (int)(dot - base) : (int)strlen(base);
    do {
        output->number++;
        if (output->number > 1 &&
            (size_t)snprintf(entry.name, sizeof entry.name, "%.*s-%u%s", stem, base, output->number,
                             dot != NULL ? dot : "") >= sizeof entry.name) {
            errno = ENAMETOOLONG;
            break;
        }
        *fd = file_create(&entry, O_WRONLY | O_APPEND, FILE_MODE);
    } while (*fd < 0 && errno == EEXIST && output->number < ARCHIVE_NUMBERS);
    const int reason = errno;
    directory_entry_close(&entry);
    return *fd >= 0 ? SYNFIX_OK : synfix_fail(error, SYNFIX_IO, "%s: %s", output->path, file_reason(reason));
}

static bool may_create(const collector_output_t *output, bool proven)
{
    return output->archives < COLLECT_ARCHIVES_MAX &&
           (proven || output->archives_unproven < COLLECT_ARCHIVES_MAX / 2);
}

static synfix_status_t open_archive(collector_output_t *output, bool proven, int *fd, synfix_error_t *error)
{
    if (!may_create(output, proven)) {
        return SYNFIX_AGAIN;
    }
    const synfix_status_t status = create_archive(output, fd, error);
    output->archives += status == SYNFIX_OK;
    output->archives_unproven += status == SYNFIX_OK && !proven;
    if (status == SYNFIX_OK) {
        output->nameless = file_has_no_name(*fd);
    }
    return status;
}

synfix_status_t collector_output_archive(collector_output_t *output, bool proven, int *fd,
                                         const uint8_t *data, size_t length, synfix_error_t *error)
{
    if (*fd >= 0 && is_deleted(output, *fd)) {
        return SYNFIX_END;
    }
    const synfix_status_t status = *fd < 0 ? open_archive(output, proven, fd, error) : SYNFIX_OK;
    if (status != SYNFIX_OK) {
        return status;
    }
    const int number = file_write_whole(*fd, data, length);
    return number == 0 ? SYNFIX_OK
                       : synfix_fail(error, SYNFIX_IO, "%s: %s", output->path, file_reason(number));
}
