/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The files in the directory of a spool. */
#include "base/message_text.h"
#include "exporter/transport/spool_internal.h"
#include "files/directory_entry.h"
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

static gint compare_segments(gconstpointer a, gconstpointer b, gpointer user)
{
    (void)user;
    return strcmp(((const spool_segment_t *)a)->name, ((const spool_segment_t *)b)->name);
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *spool_list_names(const spool_t *spool, const char *suffix)
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
        spool_say(spool, 1, "spool %s: %s is a link, or a file of another user: not changed; remove the file",
                  spool->directory, name);
        return;
    }
    spool_segment_t *const segment = spool_segment_new(name);
    segment->former = true;
    segment->bytes = (uint64_t)state.st_size;
    spool->bytes += segment->bytes;
    g_queue_insert_sorted(&spool->segments, segment, compare_segments, NULL);
}

static void say_stays(const spool_t *spool, const char *name, const char *reason)
{
    spool_say(spool, 1, "spool %s: %s %s and stays (synfix dump reads it)", spool->directory, name, reason);
}

bool spool_parse_number(const char *text, uint64_t *number)
{
    *number = g_ascii_strtoull(text, NULL, 10); /* UINT64_MAX, if it is greater than that */
    return strspn(text, "0123456789") == SPOOL_NUMBER_LENGTH && *number <= SPOOL_NUMBER_MAX;
}

bool spool_parse_name(const char *name, uint64_t *number, uint64_t *content)
{
    const char *const digest = name + SPOOL_NUMBER_LENGTH + 1;
    if (!spool_parse_number(name, number) || digest[-1] != '-' ||
        strspn(digest, "0123456789abcdef") != SPOOL_DIGEST_LENGTH ||
        !g_str_has_prefix(digest + SPOOL_DIGEST_LENGTH, SPOOL_SUFFIX)) {
        return false;
    }
    if (content != NULL) {
        *content = g_ascii_strtoull(digest, NULL, 16);
    }
    return true;
}

/* Names are numbers of fixed width, so that their order is that of time. */
void spool_find_former(spool_t *spool)
{
    g_autoptr(GPtrArray) names = spool_list_names(spool, SPOOL_SUFFIX);
    for (guint i = 0; i < names->len; i++) {
        const char *const name = g_ptr_array_index(names, i);
        uint64_t number;
        uint64_t content;
        if (!spool_parse_name(name, &number, &content) || strlen(name) != SPOOL_NAME_LENGTH) {
            say_stays(spool, name, "does not have the name of a spool file");
            continue;
        }
        spool->next_number = MAX(spool->next_number, number + 1);
        if (content != spool->content) {
            say_stays(spool, name, "was made with other settings");
        } else if (spool_sent_has(spool, number, name)) {
            say_stays(spool, name, "was sent before");
        } else {
            add_former(spool, name);
        }
    }
}

void spool_lose_missing(spool_t *spool, spool_segment_t *segment)
{
    uint64_t number;
    const bool sent =
        spool_parse_name(segment->name, &number, NULL) && spool_sent_has(spool, number, segment->name);
    spool_say(spool, sent ? 1 : 0, "spool %s: %s (%" PRIu64 " record%s) was %s by another process%s",
              spool->directory, segment->name, segment->records, plural(segment->records),
              sent ? "sent" : "removed or moved", sent ? "" : "; its records count as lost");
    spool->damaged_own += sent ? 0 : segment->records;
    spool_drop(spool, segment, SPOOL_FORGET);
}

bool spool_drop_missing(spool_t *spool, spool_segment_t *segment)
{
    if (segment->former || !spool_segment_is_missing(segment, spool->directory_fd)) {
        return false;
    }
    spool_lose_missing(spool, segment);
    return true;
}

void spool_check_files(spool_t *spool)
{
    GList *next;
    (void)spool_has_lock(spool); /* another process that has the lock sends the files */
    for (GList *link = spool->segments.head; link != NULL; link = next) {
        next = link->next;
        (void)spool_drop_missing(spool, link->data);
    }
}
