/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/collector_output.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARCHIVES_MAX 100000

struct collect_output {
    char *path; /* NULL: standard output */
    FILE *out;  /* printed */
    dump_t *dump;
    bool unread; /* who read standard output has gone away, as `head` does */
};

/* Archives begin with the first message: that they can is looked at before. */
static synfix_status_t check_archive(const char *path, synfix_error_t *error)
{
    g_autofree char *directory = g_path_get_dirname(path);
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: %s", path, g_strerror(EISDIR));
    }
    if (access(directory, W_OK | X_OK) != 0) {
        return synfix_fail(error, SYNFIX_IO, "%s: %s", path, g_strerror(errno));
    }
    return g_file_test(directory, G_FILE_TEST_IS_DIR)
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_IO, "%s: %s", path, g_strerror(ENOTDIR));
}

synfix_status_t collect_output_open(const char *where, bool options, collect_output_t **output,
                                    synfix_error_t *error)
{
    const char *const colon = strchr(where, ':');
    g_autofree char *kind = colon ? g_strndup(where, (size_t)(colon - where)) : g_strdup(where);
    const char *const path = colon && colon[1] != '\0' && strcmp(colon + 1, "-") != 0 ? colon + 1 : NULL;
    dump_format_t format = DUMP_TEXT;
    if (strcmp(kind, "file") == 0) {
        if (!path) {
            return synfix_fail(error, SYNFIX_INVALID, "'%s': file: needs a path", where);
        }
        const synfix_status_t status = check_archive(path, error);
        if (status < 0) {
            return status;
        }
        collect_output_t *const archive = g_new0(collect_output_t, 1);
        archive->path = g_strdup(path);
        *output = archive;
        return SYNFIX_OK;
    }
    if (strcmp(kind, "-") != 0 && dump_format_parse(kind, &format, NULL) < 0) {
        return synfix_fail(error, SYNFIX_INVALID, "'%s' is none of text, json, csv, -, file:PATH", where);
    }
    FILE *const out = path ? fopen(path, "ae") : stdout;
    if (!out) {
        return synfix_fail(error, SYNFIX_IO, "%s: %s", path, g_strerror(errno));
    }
    collect_output_t *const made = g_new0(collect_output_t, 1);
    made->path = g_strdup(path);
    made->out = out;
    made->dump = dump_new(format, options, out);
    *output = made;
    return SYNFIX_OK;
}

void collect_output_close(collect_output_t *output)
{
    dump_free(output->dump);
    if (output->out && output->path) {
        fclose(output->out);
    }
    g_free(output->path);
    g_free(output);
}

synfix_status_t collect_output_record(collect_output_t *output, const ipfix_decoder_record_t *record,
                                      synfix_error_t *error)
{
    if (!output->dump || output->unread) {
        return SYNFIX_OK;
    }
    const synfix_status_t status = dump_record(output->dump, record, error);
    output->unread = status == SYNFIX_DISCONNECTED && !output->path;
    return output->unread ? SYNFIX_OK : status;
}

void collect_output_layout(collect_output_t *output, const ipfix_decoder_template_t *layout)
{
    if (output->dump) {
        dump_layout(output->dump, layout);
    }
}

synfix_status_t collect_output_flush(collect_output_t *output, synfix_error_t *error)
{
    if (output->out && !output->unread && fflush(output->out) != 0) {
        output->unread = errno == EPIPE && !output->path;
        return output->unread
                   ? SYNFIX_OK
                   : synfix_fail(error, SYNFIX_IO, "%s: %s", output->path ? output->path : "standard output",
                                 g_strerror(errno));
    }
    return SYNFIX_OK;
}

bool collect_output_is_unread(const collect_output_t *output)
{
    return output->unread;
}

bool collect_output_is_archive(const collect_output_t *output)
{
    return output->dump == NULL;
}

/* The first name that is free: an archive of yesterday is not ours to write over. */
static int create_archive(const char *path)
{
    const char *const slash = strrchr(path, '/');
    const char *const dot = strrchr(slash ? slash : path, '.');
    const int stem = dot ? (int)(dot - path) : (int)strlen(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_APPEND, 0644);
    for (int number = 2; fd < 0 && errno == EEXIST && number < ARCHIVES_MAX; number++) {
        g_autofree char *name = g_strdup_printf("%.*s-%d%s", stem, path, number, dot ? dot : "");
        fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_APPEND, 0644);
    }
    return fd;
}

synfix_status_t collect_output_archive(const collect_output_t *output, int *fd, const uint8_t *message,
                                       size_t length, synfix_error_t *error)
{
    if (*fd < 0) {
        *fd = create_archive(output->path);
    }
    size_t done = 0;
    while (*fd >= 0 && done < length) {
        const ssize_t count = write(*fd, message + done, length - done);
        if (count < 0 && errno != EINTR) {
            break;
        }
        done += count > 0 ? (size_t)count : 0;
    }
    return done == length ? SYNFIX_OK
                          : synfix_fail(error, SYNFIX_IO, "%s: %s", output->path, g_strerror(errno));
}
