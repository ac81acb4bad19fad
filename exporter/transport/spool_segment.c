/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/transport/spool_segment.h"
#include "exporter/transport/spool_index.h"
#include "files/directory_entry.h"
#include "files/file_content.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

spool_segment_t *spool_segment_new(const char *name)
{
    spool_segment_t *const segment = g_new0(spool_segment_t, 1);
    segment->name = g_strdup(name);
    segment->fd = segment->sums_fd = -1;
    return segment;
}

static void close_files(spool_segment_t *segment)
{
    if (segment->fd >= 0) {
        close(segment->fd);
    }
    if (segment->sums_fd >= 0) {
        close(segment->sums_fd);
    }
    segment->fd = segment->sums_fd = -1;
}

void spool_segment_close(spool_segment_t *segment)
{
    message_input_close(segment->input);
    ipfix_decoder_free(segment->reader);
    segment->input = NULL;
    segment->reader = NULL;
    close_files(segment);
}

void spool_segment_free(spool_segment_t *segment)
{
    spool_segment_close(segment);
    g_free(segment->message);
    g_free(segment->name);
    g_free(segment);
}

static directory_entry_t entry_of(const spool_segment_t *segment, int directory)
{
    directory_entry_t entry = {.directory = directory};
    g_strlcpy(entry.name, segment->name, sizeof entry.name);
    return entry;
}

static directory_entry_t entry_of_sums(const spool_segment_t *segment, int directory)
{
    directory_entry_t entry = {.directory = directory};
    g_snprintf(entry.name, sizeof entry.name, "%.*s" SPOOL_SUMS_SUFFIX,
               (int)(strlen(segment->name) - strlen(SPOOL_SUFFIX)), segment->name);
    return entry;
}

int spool_segment_create(spool_segment_t *segment, int directory)
{
    const directory_entry_t entry = entry_of(segment, directory), sums = entry_of_sums(segment, directory);
    segment->fd = file_create(&entry, O_WRONLY | O_APPEND, SPOOL_FILE_MODE);
    if (segment->fd < 0) {
        return -1;
    }
    segment->sums_fd = file_create(&sums, O_WRONLY | O_APPEND, SPOOL_FILE_MODE);
    if (segment->sums_fd < 0) {
        const int number = errno;
        (void)file_remove(&entry);
        close_files(segment);
        errno = number;
        return -1;
    }
    return 0;
}

bool spool_segment_is_missing(const spool_segment_t *segment, int directory)
{
    const directory_entry_t entry = entry_of(segment, directory);
    struct stat state;
    return segment->fd >= 0 ? file_is_replaced(&entry, segment->fd)
                            : file_state(&entry, &state) != 0 && errno == ENOENT;
}

int spool_segment_append(spool_segment_t *segment, const uint8_t *message, size_t length, uint32_t records)
{
    const spool_entry_t entry = {.offset = segment->length,
                                 .before = segment->written,
                                 .length = (uint32_t)length,
                                 .records = records,
                                 .sum = spool_sum(message, length)};
    const off_t sums_length = (off_t)(segment->bytes - segment->length);
    uint8_t bytes[SPOOL_ENTRY_SIZE];
    spool_entry_write(&entry, bytes);
    int number = file_write_whole(segment->sums_fd, bytes, sizeof bytes);
    number = number == 0 ? file_write_whole(segment->fd, message, length) : number;
    if (number != 0) {
        if (ftruncate(segment->fd, (off_t)segment->length) != 0 ||
            ftruncate(segment->sums_fd, sums_length) != 0) {
            spool_segment_finish(segment); /* the incomplete message has no entry */
        }
        errno = number;
        return -1;
    }
    segment->length += length;
    segment->bytes += length + sizeof bytes;
    segment->written += records;
    return 0;
}

void spool_segment_finish(spool_segment_t *segment)
{
    if (segment->fd >= 0) {
        (void)file_sync(segment->fd);
        (void)file_sync(segment->sums_fd);
        close_files(segment);
    }
}

/* A regular file of ours, to read: -1 with errno. */
static int open_to_read(const directory_entry_t *entry, struct stat *state)
{
    const int fd = file_open(entry, O_RDONLY, 0);
    if (fd < 0) {
        return -1;
    }
    const int number = fstat(fd, state) != 0         ? errno
                       : !S_ISREG(state->st_mode)    ? EINVAL
                       : !file_is_ours(entry, state) ? FILE_ERRNO_NOT_OURS
                                                     : 0;
    if (number != 0) {
        close(fd);
        errno = number;
        return -1;
    }
    return fd;
}

/* The messages from `indexed` on follow. All are decoded, for their templates. */
static void begin_without_sums(spool_segment_t *segment)
{
    static const ipfix_decoder_names_t no_names = {0};
    static const ipfix_decoder_events_t no_events = {0};
    segment->input = message_input_take(segment->fd, segment->name);
    segment->reader = ipfix_decoder_new(&no_names, NULL, &no_events);
    segment->fd = -1;
}

int spool_segment_open(spool_segment_t *segment, int directory)
{
    const directory_entry_t entry = entry_of(segment, directory), sums = entry_of_sums(segment, directory);
    struct stat state, sums_state;
    segment->fd = open_to_read(&entry, &state);
    if (segment->fd < 0) {
        return -1;
    }
    segment->length = (uint64_t)state.st_size;
    segment->sums_fd = open_to_read(&sums, &sums_state);
    if (segment->sums_fd < 0) {
        segment->sums_error = errno == ENOENT ? 0 : errno;
        begin_without_sums(segment);
        return 0;
    }
    segment->entries = (uint64_t)sums_state.st_size / SPOOL_ENTRY_SIZE;
    segment->message = segment->message != NULL ? segment->message : g_malloc(READER_MESSAGE_MAX);
    return 0;
}

static bool read_all(int fd, uint64_t offset, uint8_t *data, size_t length)
{
    for (size_t done = 0; done < length;) {
        const ssize_t count = pread(fd, data + done, length - done, (off_t)(offset + done));
        if (count <= 0 && (count == 0 || errno != EINTR)) {
            return false;
        }
        done += count > 0 ? (size_t)count : 0;
    }
    return true;
}

/* Records of messages whose entries could not be read. */
static void note_gap(spool_segment_t *segment, const spool_entry_t *entry)
{
    if (entry->before > segment->expected) {
        segment->lost += entry->before - segment->expected;
    }
    segment->expected = entry->before + entry->records;
}

static bool is_within(const spool_segment_t *segment, const spool_entry_t *entry)
{
    return entry->length <= segment->length && entry->offset <= segment->length - entry->length;
}

static bool read_entry(const spool_segment_t *segment, uint64_t index, spool_entry_t *entry)
{
    uint8_t bytes[SPOOL_ENTRY_SIZE];
    return read_all(segment->sums_fd, index * SPOOL_ENTRY_SIZE, bytes, sizeof bytes) &&
           spool_entry_read(bytes, entry) && entry->length <= READER_MESSAGE_MAX;
}

static bool read_message(const spool_segment_t *segment, const spool_entry_t *entry)
{
    return is_within(segment, entry) &&
           read_all(segment->fd, entry->offset, segment->message, entry->length) &&
           spool_sum(segment->message, entry->length) == entry->sum;
}

static bool next_indexed(spool_segment_t *segment, const uint8_t **data, size_t *length, uint32_t *records)
{
    spool_entry_t entry;
    while (segment->entry < segment->entries) {
        if (!read_entry(segment, segment->entry++, &entry)) {
            segment->damaged++;
            continue;
        }
        note_gap(segment, &entry);
        if (segment->entry == segment->entries && !is_within(segment, &entry) &&
            entry.offset <= segment->length) {
            segment->cut = entry.records;
            break; /* the program was killed while it wrote the message: the message was not counted yet */
        }
        segment->indexed = entry.offset + entry.length;
        if (!read_message(segment, &entry)) {
            segment->damaged++;
            segment->lost += entry.records;
        } else if (entry.records > 0) {
            *data = segment->message;
            *length = entry.length;
            *records = entry.records;
            return true;
        }
    }
    return false;
}

/* Decodes the message, which counts its records and learns its templates. False: not all of it can be
 * decoded. */
static bool count_records(spool_segment_t *segment, const uint8_t *data, size_t length, uint32_t *records)
{
    ipfix_decoder_stats_t before, after;
    synfix_error_t error;
    ipfix_decoder_get_stats(segment->reader, &before);
    const bool good = ipfix_decoder_message(segment->reader, data, length, &error) == SYNFIX_OK;
    ipfix_decoder_get_stats(segment->reader, &after);
    *records = (uint32_t)(after.data_records - before.data_records);
    return good && after.sets_without_template == before.sets_without_template &&
           after.sets_without_record == before.sets_without_record;
}

static bool next_without_sums(spool_segment_t *segment, const uint8_t **data, size_t *length,
                              uint32_t *records)
{
    synfix_error_t error;
    for (;;) {
        const synfix_status_t status = message_input_next(segment->input, data, length, &error);
        if (status != SYNFIX_OK && status != SYNFIX_INVALID) {
            segment->damaged += status == SYNFIX_IO;
            return false; /* at the end, or inside the message that was being written at a kill */
        }
        const bool whole = status == SYNFIX_OK && count_records(segment, *data, *length, records);
        if (status == SYNFIX_OK && message_input_offset(segment->input) < segment->indexed) {
            continue; /* has an entry */
        }
        if (!whole) {
            segment->damaged++;
            segment->lost += status == SYNFIX_OK ? *records : 0;
        } else if (*records > 0) {
            return true;
        }
    }
}

bool spool_segment_next(spool_segment_t *segment, const uint8_t **data, size_t *length, uint32_t *records)
{
    if (segment->input == NULL && next_indexed(segment, data, length, records)) {
        return true;
    }
    if (segment->input == NULL && segment->fd >= 0 && segment->indexed < segment->length) {
        begin_without_sums(segment);
    }
    return segment->input != NULL && next_without_sums(segment, data, length, records);
}

/* Damaged entries at the end hide those before them no further than this. */
#define ENTRIES_TRIED 64u

static uint64_t count_written(spool_segment_t *sums)
{
    spool_entry_t entry;
    for (uint64_t tried = 0; tried < MIN(ENTRIES_TRIED, sums->entries); tried++) {
        if (read_entry(sums, sums->entries - 1 - tried, &entry)) {
            return entry.before + entry.records;
        }
    }
    return 0;
}

uint64_t spool_segment_unread(const spool_segment_t *segment, int directory)
{
    const directory_entry_t entry = entry_of_sums(segment, directory);
    struct stat state;
    spool_segment_t sums = {.sums_fd = open_to_read(&entry, &state)};
    if (sums.sums_fd < 0) {
        return 0;
    }
    sums.entries = (uint64_t)state.st_size / SPOOL_ENTRY_SIZE;
    const uint64_t written = count_written(&sums);
    close(sums.sums_fd);
    return written - MIN(written, segment->expected);
}

void spool_segment_remove(const spool_segment_t *segment, int directory)
{
    const directory_entry_t entry = entry_of(segment, directory), sums = entry_of_sums(segment, directory);
    (void)file_remove(&entry);
    (void)file_remove(&sums);
}

void spool_segment_keep(const spool_segment_t *segment, int directory)
{
    const directory_entry_t entries[] = {entry_of(segment, directory), entry_of_sums(segment, directory)};
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
        g_autofree char *name = g_strconcat(entries[i].name, SPOOL_DAMAGED_SUFFIX, NULL);
        (void)file_rename(&entries[i], name);
    }
}
