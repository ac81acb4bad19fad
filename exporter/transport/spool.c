/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/transport/spool.h"
#include "base/clock.h"
#include "exporter/ipfix/transport_session.h"
#include "exporter/transport/spool_segment.h"
#include "files/directory_entry.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define SEGMENT_BYTES_MAX (16u << 20)
/* Files of damaged segments that are kept for a person to look at: the newest. */
#define DAMAGED_MAX 16u

typedef spool_segment_t segment_t;

struct spool {
    char *directory;
    int directory_fd; /* the open directory */
    spool_config_t config;
    uint64_t content;         /* of the templates: part of each name, whatever the profile's name */
    ipfix_session_t *session; /* makes the beginning of each file */
    int lock;
    GQueue segments; /* oldest first; the last may be open for writing */
    uint64_t bytes;
    uint64_t next_number;
    bool writing; /* the last segment */
    bool reading; /* the first segment */
    uint64_t damaged_own;
    uint64_t damaged_former;
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
    spool_segment_free(data);
}

static gint compare_segments(gconstpointer a, gconstpointer b, gpointer user)
{
    (void)user;
    return strcmp(((const segment_t *)a)->name, ((const segment_t *)b)->name);
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the directory that end in @p suffix, in order. */
static GPtrArray *list_names(const spool_t *spool, const char *suffix)
{
    GPtrArray *const names = g_ptr_array_new_with_free_func(g_free);
    const int fd = openat(spool->directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *const directory = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        if (g_str_has_suffix(entry->d_name, suffix)) {
            g_ptr_array_add(names, g_strdup(entry->d_name));
        }
    }
    if (directory != NULL) {
        closedir(directory);
    } else if (fd >= 0) {
        close(fd);
    }
    g_ptr_array_sort(names, compare_names);
    return names;
}

static void add_former(spool_t *spool, const char *name)
{
    struct stat state;
    directory_entry_t entry = {.directory = spool->directory_fd};
    g_strlcpy(entry.name, name, sizeof entry.name);
    if (file_state(&entry, &state) != 0 || !file_is_ours(&entry, &state)) {
        say(spool, 1, "spool %s: %s is a link, or a file of another user: not changed", spool->directory,
            name);
        return;
    }
    segment_t *const segment = spool_segment_new(name);
    segment->former = true;
    segment->bytes = (uint64_t)state.st_size;
    spool->bytes += segment->bytes;
    g_queue_insert_sorted(&spool->segments, segment, compare_segments, NULL);
}

/* Finds the segments of an earlier run. Names are numbers of fixed width, so that their order is that of
 * time. */
static void find_former(spool_t *spool)
{
    g_autoptr(GPtrArray) names = list_names(spool, SPOOL_SUFFIX);
    for (guint i = 0; i < names->len; i++) {
        const char *const name = g_ptr_array_index(names, i);
        char *end;
        const guint64 number = g_ascii_strtoull(name, &end, 10);
        if (*end != '-') {
            continue;
        }
        spool->next_number = MAX(spool->next_number, number + 1);
        if (strtoull(end + 1, NULL, 16) == spool->content) {
            add_former(spool, name);
        } else {
            say(spool, 1, "spool %s: %s was made with other settings and stays (synfix dump reads it)",
                spool->directory, name);
        }
    }
}

static synfix_status_t lock_directory(spool_t *spool, synfix_error_t *error)
{
    directory_entry_t lock = {.directory = -1, .name = "lock"};
    synfix_error_t reason;
    const synfix_status_t status = file_directory_open(spool->directory, 0750, &spool->directory_fd, &reason);
    if (status != SYNFIX_OK) {
        return synfix_fail(error, SYNFIX_IO, "spool %s", reason.text);
    }
    lock.directory = spool->directory_fd;
    spool->lock = file_open(&lock, O_RDWR | O_CREAT, 0640);
    if (spool->lock < 0) {
        return synfix_fail(error, SYNFIX_IO, "spool %s/lock: %s", spool->directory, file_reason(errno));
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
    made->lock = made->directory_fd = -1;
    made->next_number = 1;
    made->content = ipfix_profile_digest(config->settings->profile);
    g_queue_init(&made->segments);
    synfix_status_t status = lock_directory(made, error);
    status = status < 0 ? status : ipfix_session_new(&session, &made->session, error);
    if (status < 0) {
        spool_close(made);
        return status;
    }
    find_former(made);
    if (made->segments.length > 0) {
        say(made, 2, "spool %s: %u files of an earlier run", made->directory, made->segments.length);
    }
    *spool = made;
    return SYNFIX_OK;
}

static void finish_writing(spool_t *spool)
{
    if (spool->writing) {
        spool_segment_finish(g_queue_peek_tail(&spool->segments));
        spool->writing = false;
    }
}

static void stop_reading(spool_t *spool)
{
    if (spool->reading) {
        spool_segment_close(g_queue_peek_head(&spool->segments));
        spool->reading = false;
    }
}

void spool_close(spool_t *spool)
{
    if (spool == NULL) {
        return;
    }
    finish_writing(spool);
    stop_reading(spool);
    g_queue_clear_full(&spool->segments, segment_free);
    if (spool->session != NULL) {
        ipfix_session_free(spool->session);
    }
    if (spool->lock >= 0) {
        close(spool->lock);
    }
    if (spool->directory_fd >= 0) {
        close(spool->directory_fd);
    }
    g_free(spool->directory);
    g_free(spool);
}

bool spool_is_empty(const spool_t *spool)
{
    return spool->segments.length == 0;
}

static synfix_status_t append(spool_t *spool, segment_t *segment, const uint8_t *data, size_t length,
                              uint32_t records, synfix_error_t *error)
{
    const uint64_t before = segment->bytes;
    if (spool_segment_append(segment, data, length, records) != 0) {
        const int number = errno;
        spool->writing = segment->fd >= 0;
        return synfix_fail(error, SYNFIX_IO, "spool %s: %s", spool->directory, file_reason(number));
    }
    spool->bytes += segment->bytes - before;
    return SYNFIX_OK;
}

static synfix_status_t emit(void *user, const uint8_t *message, size_t length, uint32_t records,
                            synfix_error_t *error)
{
    spool_t *const spool = user;
    (void)records; /* options records: each connection sends its own */
    return append(spool, g_queue_peek_tail(&spool->segments), message, length, 0, error);
}

/* Takes the segment out, and its files with it unless @p keep. */
static void drop_segment(spool_t *spool, segment_t *segment, bool keep)
{
    if (segment == g_queue_peek_head(&spool->segments)) {
        stop_reading(spool);
    }
    if (segment == g_queue_peek_tail(&spool->segments)) {
        finish_writing(spool);
    }
    g_queue_remove(&spool->segments, segment);
    spool->bytes -= MIN(spool->bytes, segment->bytes);
    if (keep) {
        spool_segment_keep(segment, spool->directory_fd);
    } else {
        spool_segment_remove(segment, spool->directory_fd);
    }
    spool_segment_free(segment);
}

static synfix_status_t begin_segment(spool_t *spool, int64_t now_ns, synfix_error_t *error)
{
    g_autofree char *name =
        g_strdup_printf("%020" PRIu64 "-%016" PRIx64 SPOOL_SUFFIX, spool->next_number++, spool->content);
    segment_t *const segment = spool_segment_new(name);
    segment->begun_ns = monotonic_ns();
    if (spool_segment_create(segment, spool->directory_fd) != 0) {
        const synfix_status_t status =
            synfix_fail(error, SYNFIX_IO, "spool %s/%s: %s", spool->directory, name, file_reason(errno));
        spool_segment_free(segment);
        return status;
    }
    spool->writing = true;
    g_queue_push_tail(&spool->segments, segment);
    const synfix_status_t status = ipfix_session_begin(spool->session, now_ns, emit, spool, error);
    if (status < 0) {
        drop_segment(spool, segment, false);
    }
    return status;
}

static segment_t *find_again(const spool_t *spool)
{
    for (const GList *link = spool->segments.head; link != NULL; link = link->next) {
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
    if (segment != NULL) {
        say(spool, 1, "spool %s: %s dropped: its records were sent once, room is short", spool->directory,
            segment->name);
        drop_segment(spool, segment, false);
    }
    return segment != NULL;
}

static synfix_status_t add(spool_t *spool, const uint8_t *message, size_t length, uint32_t records,
                           bool again, int64_t now_ns, synfix_error_t *error)
{
    const uint64_t limit = MIN(SEGMENT_BYTES_MAX, spool->config.limit_bytes / 8);
    segment_t *segment = spool->writing ? g_queue_peek_tail(&spool->segments) : NULL;
    /* Messages that were sent once have segments of their own, which are deleted first when room is short. */
    if (segment != NULL && (segment->bytes > limit || again != segment->again)) {
        finish_writing(spool);
        segment = NULL;
    }
    if (segment == NULL) {
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
    const synfix_status_t status = append(spool, segment, whole, length, records, error);
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

/* The oldest of the files that were kept go when there are too many. */
static void trim_damaged(const spool_t *spool)
{
    g_autoptr(GPtrArray) names = list_names(spool, SPOOL_DAMAGED_SUFFIX);
    for (guint i = 0; i + DAMAGED_MAX < names->len; i++) {
        (void)unlinkat(spool->directory_fd, g_ptr_array_index(names, i), 0);
    }
}

/* Counts what damage has cost, and keeps the file for a person to look at. */
static void report_damage(spool_t *spool, segment_t *segment)
{
    const uint64_t lost = segment->former || segment->again ? segment->lost : segment->records;
    say(spool, 0,
        "spool %s: %s: %" PRIu64 " damaged messages, %" PRIu64 " records lost; the file is kept as %s%s",
        spool->directory, segment->name, segment->damaged, lost, segment->name, SPOOL_DAMAGED_SUFFIX);
    *(segment->former ? &spool->damaged_former : &spool->damaged_own) += segment->again ? 0 : lost;
}

static void end_segment(spool_t *spool, segment_t *segment)
{
    const bool damaged = segment->damaged > 0;
    if (damaged) {
        report_damage(spool, segment);
    }
    drop_segment(spool, segment, damaged);
    if (damaged) {
        trim_damaged(spool);
    }
}

void spool_take_damage(spool_t *spool, uint64_t *own, uint64_t *former)
{
    *own = spool->damaged_own;
    *former = spool->damaged_former;
    spool->damaged_own = spool->damaged_former = 0;
}

static bool start_reading(spool_t *spool, segment_t *segment)
{
    if (spool->segments.length == 1) {
        finish_writing(spool);
    }
    spool->reading = spool_segment_open(segment, spool->directory_fd) == 0;
    if (!spool->reading) {
        say(spool, 0, "spool %s/%s: %s", spool->directory, segment->name, file_reason(errno));
        segment->damaged++;
    }
    return spool->reading;
}

synfix_status_t spool_next(spool_t *spool, spool_message_t *message)
{
    segment_t *segment;
    while ((segment = g_queue_peek_head(&spool->segments)) != NULL) {
        if ((spool->reading || start_reading(spool, segment)) &&
            spool_segment_next(segment, &message->data, &message->length, &message->records)) {
            message->former = segment->former;
            message->again = segment->again;
            segment->records -= MIN(segment->records, message->records);
            return SYNFIX_OK;
        }
        end_segment(spool, segment);
    }
    return SYNFIX_END;
}

/* A step of the wall clock makes no file of this run old. */
static bool is_old(const spool_t *spool, const segment_t *segment, const spool_times_t *now)
{
    struct stat facts;
    directory_entry_t entry = {.directory = spool->directory_fd};
    g_strlcpy(entry.name, segment->name, sizeof entry.name);
    const int64_t age_ms = !segment->former ? (now->monotonic_ns - segment->begun_ns) / NS_PER_MS
                           : file_state(&entry, &facts) == 0
                               ? now->wall_ns / NS_PER_MS - (int64_t)facts.st_mtime * 1000
                               : 0;
    return age_ms > spool->config.limit_age_ms;
}

/* Whether @p segment is one that must go now. */
static bool is_surplus(const spool_t *spool, const segment_t *segment, const spool_times_t *now, bool *old)
{
    if (spool->segments.length == 1 && spool->writing) {
        return false;
    }
    *old = is_old(spool, segment, now);
    return *old || spool->bytes > spool->config.limit_bytes;
}

uint64_t spool_trim(spool_t *spool, const spool_times_t *now)
{
    uint64_t lost = 0;
    bool old = false;
    segment_t *segment;
    while ((segment = g_queue_peek_head(&spool->segments)) != NULL && is_surplus(spool, segment, now, &old)) {
        if (!old && drop_retained(spool)) {
            continue;
        }
        const uint64_t former = segment->former ? spool_segment_unread(segment, spool->directory_fd) : 0;
        say(spool, 1, "spool %s: %s dropped with %" PRIu64 " records: %s", spool->directory, segment->name,
            segment->records + former, old ? "too old" : "no room within the limit");
        lost += segment->records;
        spool->damaged_former += former;
        drop_segment(spool, segment, false);
    }
    return lost;
}
