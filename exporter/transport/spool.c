/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/transport/spool.h"
#include "exporter/ipfix/transport_session.h"
#include "exporter/ipfix_decoder/message_decoder.h"
#include "exporter/ipfix_decoder/message_input.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEGMENT_BYTES_MAX (16u << 20)
#define SUFFIX            ".ipfix"

typedef struct segment {
    char *path;
    uint64_t bytes;
    uint64_t records; /* of this run, not yet taken; 0 with again */
    bool again;       /* all in it was sent once */
    bool former;
} segment_t;

struct spool {
    char *directory;
    spool_config_t config;
    uint64_t content;         /* of the templates: part of each name, whatever the profile's name */
    ipfix_session_t *session; /* makes the beginning of each file */
    int lock;
    GQueue segments; /* oldest first; the last may be open for writing */
    uint64_t bytes;
    uint64_t next_number;
    int fd; /* of the last segment, -1: none is being written */
    message_input_t *input;
    ipfix_decoder_t *reader; /* of the first segment, while it is taken out */
};

static void say(const spool_t *spool, int level, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void say(const spool_t *spool, int level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    spool->config.log(spool->config.log_user, level, text);
}

static void segment_free(gpointer data)
{
    segment_t *const segment = data;
    g_free(segment->path);
    g_free(segment);
}

static gint compare_segments(gconstpointer a, gconstpointer b, gpointer user)
{
    (void)user;
    return strcmp(((const segment_t *)a)->path, ((const segment_t *)b)->path);
}

/* What an earlier run left. Names are numbers of fixed width, so that their order is that of time. */
static synfix_status_t find_former(spool_t *spool, synfix_error_t *error)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(GDir) directory = g_dir_open(spool->directory, 0, &problem);
    if (!directory) {
        return synfix_fail(error, SYNFIX_IO, "%s", problem->message);
    }
    const char *name;
    while ((name = g_dir_read_name(directory))) {
        char *end;
        const guint64 number = g_ascii_strtoull(name, &end, 10);
        if (!g_str_has_suffix(name, SUFFIX) || *end != '-') {
            continue;
        }
        if (strtoull(end + 1, NULL, 16) != spool->content) {
            say(spool, 1, "spool %s: %s was made with other settings and stays (synfix dump reads it)",
                spool->directory, name);
            spool->next_number = MAX(spool->next_number, number + 1);
            continue;
        }
        struct stat facts;
        segment_t *const segment = g_new0(segment_t, 1);
        segment->path = g_build_filename(spool->directory, name, NULL);
        segment->former = true;
        segment->bytes = stat(segment->path, &facts) == 0 ? (uint64_t)facts.st_size : 0;
        spool->bytes += segment->bytes;
        spool->next_number = MAX(spool->next_number, number + 1);
        g_queue_insert_sorted(&spool->segments, segment, compare_segments, NULL);
    }
    return SYNFIX_OK;
}

static synfix_status_t lock_directory(spool_t *spool, synfix_error_t *error)
{
    g_autofree char *path = g_build_filename(spool->directory, "lock", NULL);
    if (g_mkdir_with_parents(spool->directory, 0750) != 0) {
        return synfix_fail(error, SYNFIX_IO, "spool %s: %s", spool->directory, g_strerror(errno));
    }
    spool->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (spool->lock < 0) {
        return synfix_fail(error, SYNFIX_IO, "spool %s: %s", path, g_strerror(errno));
    }
    if (flock(spool->lock, LOCK_EX | LOCK_NB) != 0) {
        return synfix_fail(error, SYNFIX_IO, "spool %s: in use by another process", spool->directory);
    }
    return SYNFIX_OK;
}

synfix_status_t spool_open(const spool_config_t *config, spool_t **spool, synfix_error_t *error)
{
    spool_t *const made = g_new0(spool_t, 1);
    const ipfix_session_config_t session = {.settings = config->settings};
    made->config = *config;
    made->directory = g_strdup(config->directory);
    made->lock = made->fd = -1;
    made->next_number = 1;
    made->content = ipfix_profile_digest(config->settings->profile);
    g_queue_init(&made->segments);
    synfix_status_t status = lock_directory(made, error);
    status = status < 0 ? status : find_former(made, error);
    status = status < 0 ? status : ipfix_session_new(&session, &made->session, error);
    if (status < 0) {
        spool_close(made);
        return status;
    }
    if (made->segments.length > 0) {
        say(made, 2, "spool %s: %u files of an earlier run", made->directory, made->segments.length);
    }
    *spool = made;
    return SYNFIX_OK;
}

static void finish_writing(spool_t *spool)
{
    if (spool->fd >= 0) {
        fsync(spool->fd);
        close(spool->fd);
        spool->fd = -1;
    }
}

static void stop_reading(spool_t *spool)
{
    message_input_close(spool->input);
    ipfix_decoder_free(spool->reader);
    spool->input = NULL;
    spool->reader = NULL;
}

void spool_close(spool_t *spool)
{
    if (!spool) {
        return;
    }
    finish_writing(spool);
    stop_reading(spool);
    g_queue_clear_full(&spool->segments, segment_free);
    if (spool->session) {
        ipfix_session_free(spool->session);
    }
    if (spool->lock >= 0) {
        close(spool->lock);
    }
    g_free(spool->directory);
    g_free(spool);
}

bool spool_is_empty(const spool_t *spool)
{
    return spool->segments.length == 0;
}

/* All of it at the end of the segment, or nothing. */
static synfix_status_t append(spool_t *spool, segment_t *segment, const uint8_t *data, size_t length,
                              synfix_error_t *error)
{
    size_t done = 0;
    while (done < length) {
        const ssize_t count = write(spool->fd, data + done, length - done);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            const int problem = errno;
            if (ftruncate(spool->fd, (off_t)segment->bytes) != 0) {
                finish_writing(spool); /* the reader stops at the half message */
            }
            return synfix_fail(error, SYNFIX_IO, "spool %s: %s", spool->directory, g_strerror(problem));
        }
        done += (size_t)count;
    }
    segment->bytes += length;
    spool->bytes += length;
    return SYNFIX_OK;
}

static synfix_status_t emit(void *user, const uint8_t *message, size_t length, uint32_t records,
                            synfix_error_t *error)
{
    spool_t *const spool = user;
    (void)records;
    return append(spool, g_queue_peek_tail(&spool->segments), message, length, error);
}

static void drop_segment(spool_t *spool, segment_t *segment)
{
    if (segment == g_queue_peek_head(&spool->segments)) {
        stop_reading(spool);
    }
    if (segment == g_queue_peek_tail(&spool->segments)) {
        finish_writing(spool);
    }
    g_queue_remove(&spool->segments, segment);
    spool->bytes -= MIN(spool->bytes, segment->bytes);
    g_unlink(segment->path);
    segment_free(segment);
}

static synfix_status_t begin_segment(spool_t *spool, int64_t now_ns, synfix_error_t *error)
{
    segment_t *const segment = g_new0(segment_t, 1);
    segment->path = g_strdup_printf("%s/%020" PRIu64 "-%016" PRIx64 SUFFIX, spool->directory,
                                    spool->next_number++, spool->content);
    spool->fd = open(segment->path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0640);
    if (spool->fd < 0) {
        const synfix_status_t status =
            synfix_fail(error, SYNFIX_IO, "spool %s: %s", segment->path, g_strerror(errno));
        segment_free(segment);
        return status;
    }
    g_queue_push_tail(&spool->segments, segment);
    const synfix_status_t status = ipfix_session_begin(spool->session, now_ns, emit, spool, error);
    if (status < 0) {
        drop_segment(spool, segment);
    }
    return status;
}

static segment_t *find_again(const spool_t *spool)
{
    for (const GList *link = spool->segments.head; link; link = link->next) {
        segment_t *const segment = link->data;
        if (segment->again) {
            return segment;
        }
    }
    return NULL;
}

/* Copies of what a collector was sent already make room for what none has seen. */
static bool drop_retained(spool_t *spool)
{
    segment_t *const segment = find_again(spool);
    if (segment) {
        say(spool, 1, "spool %s: %s dropped: its records were sent once, room is short", spool->directory,
            segment->path);
        drop_segment(spool, segment);
    }
    return segment != NULL;
}

static synfix_status_t add(spool_t *spool, const uint8_t *message, size_t length, uint32_t records,
                           bool again, int64_t now_ns, synfix_error_t *error)
{
    const uint64_t limit = MIN(SEGMENT_BYTES_MAX, spool->config.limit_bytes / 8);
    segment_t *segment = spool->fd >= 0 ? g_queue_peek_tail(&spool->segments) : NULL;
    /* What was sent once has segments of its own: they go first when room is short. */
    if (segment && (segment->bytes > limit || again != segment->again)) {
        finish_writing(spool);
        segment = NULL;
    }
    if (!segment) {
        const synfix_status_t status = begin_segment(spool, now_ns, error);
        if (status < 0) {
            return status;
        }
        segment = g_queue_peek_tail(&spool->segments);
        segment->again = again;
    }
    uint8_t whole[IPFIX_MESSAGE_SIZE_MAX];
    memcpy(whole, message, length);
    ipfix_session_stamp(spool->session, message, length, records, now_ns, whole);
    const synfix_status_t status = append(spool, segment, whole, length, error);
    if (status >= 0) {
        segment->records += again ? 0 : records;
    }
    return status;
}

synfix_status_t spool_add(spool_t *spool, const uint8_t *message, size_t length, uint32_t records, bool again,
                          int64_t now_ns, synfix_error_t *error)
{
    if (again && spool->bytes + length > spool->config.limit_bytes / 2) {
        return synfix_fail(error, SYNFIX_IO, "spool %s: the rest is for records never sent",
                           spool->directory);
    }
    synfix_status_t status;
    while ((status = add(spool, message, length, records, again, now_ns, error)) < 0 && !again &&
           drop_retained(spool)) {
    }
    return status;
}

static synfix_status_t start_reading(spool_t *spool, segment_t *segment)
{
    const ipfix_decoder_names_t names = {0};
    const ipfix_decoder_events_t events = {0};
    synfix_error_t error;
    if (spool->segments.length == 1) {
        finish_writing(spool);
    }
    const synfix_status_t status = message_input_open(segment->path, &spool->input, &error);
    if (status < 0) {
        say(spool, 0, "spool: %s", error.text);
        return status;
    }
    spool->reader = ipfix_decoder_new(&names, NULL, &events);
    return SYNFIX_OK;
}

/* The next message of the first segment that holds observations; its templates the session has already. */
static synfix_status_t take_from(spool_t *spool, segment_t *segment, spool_message_t *message)
{
    synfix_error_t error;
    synfix_status_t status = spool->input ? SYNFIX_OK : start_reading(spool, segment);
    while (status == SYNFIX_OK) {
        ipfix_decoder_stats_t before, after;
        status = message_input_next(spool->input, &message->data, &message->length, &error);
        ipfix_decoder_get_stats(spool->reader, &before);
        if (status == SYNFIX_OK) {
            status = ipfix_decoder_message(spool->reader, message->data, message->length, &error);
        }
        ipfix_decoder_get_stats(spool->reader, &after);
        message->records = (uint32_t)(after.data_records - before.data_records);
        if (status == SYNFIX_OK && message->records > 0) {
            return SYNFIX_OK;
        }
    }
    if (status < 0) {
        say(spool, segment->former ? 2 : 0, "spool: %s", error.text);
    }
    return SYNFIX_END;
}

synfix_status_t spool_next(spool_t *spool, spool_message_t *message)
{
    segment_t *segment;
    while ((segment = g_queue_peek_head(&spool->segments))) {
        if (take_from(spool, segment, message) == SYNFIX_OK) {
            message->former = segment->former;
            message->again = segment->again;
            segment->records -= MIN(segment->records, message->records);
            return SYNFIX_OK;
        }
        drop_segment(spool, segment);
    }
    return SYNFIX_END;
}

/* Whether @p segment is one that must go now. */
static bool is_surplus(const spool_t *spool, const segment_t *segment, int64_t now_ns, bool *old)
{
    struct stat facts;
    if (spool->segments.length == 1 && spool->fd >= 0) {
        return false;
    }
    *old = stat(segment->path, &facts) == 0 &&
           now_ns / 1000000 - (int64_t)facts.st_mtime * 1000 > spool->config.limit_age_ms;
    return *old || spool->bytes > spool->config.limit_bytes;
}

uint64_t spool_trim(spool_t *spool, int64_t now_ns)
{
    uint64_t lost = 0;
    bool old = false;
    segment_t *segment;
    while ((segment = g_queue_peek_head(&spool->segments)) && is_surplus(spool, segment, now_ns, &old)) {
        if (!old && drop_retained(spool)) {
            continue;
        }
        say(spool, 1, "spool %s: %s dropped: %s", spool->directory, segment->path,
            old ? "too old" : "no room within the limit");
        lost += segment->records;
        drop_segment(spool, segment);
    }
    return lost;
}
