/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_file/archive_limit.h"
#include "exporter/ipfix_decoder/message_input.h"
#include "exporter/ipfix_file/ipfix_file.h"
#include "exporter/ipfix_file/name_pattern.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct archived {
    char *name;
    int64_t modified_ns;
    uint64_t bytes;
} archived_t;

static void clear(void *element)
{
    archived_t *file = element;
    g_free(file->name);
}

static int by_age(const void *one, const void *other)
{
    const archived_t *left = one;
    const archived_t *right = other;
    if (left->modified_ns != right->modified_ns) {
        return left->modified_ns < right->modified_ns ? -1 : 1;
    }
    return strcmp(left->name, right->name);
}

static bool is_finished(const name_pattern_t *pattern, const char *base, const char *name)
{
    return name_pattern_is_exact(pattern) && name_pattern_matches(pattern, name) &&
           (!g_str_has_suffix(name, ARCHIVE_PART_SUFFIX) || g_str_has_suffix(base, ARCHIVE_PART_SUFFIX));
}

/* Whether the file begins with an IPFIX message, or has one after damage: a foreign file can have a name of
 * the target. */
static bool is_archive(int directory, const char *name)
{
    const int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    const uint8_t *message = NULL;
    size_t length = 0;
    message_input_t *const input = message_input_take(fd, name);
    const synfix_status_t status = message_input_next(input, &message, &length, NULL);
    const bool found = status == SYNFIX_OK || (status == SYNFIX_INVALID && !message_input_is_foreign(input));
    message_input_close(input);
    return found;
}

/* The finished files of the target, the oldest first. */
static GArray *list_files(const char *directory, const char *base)
{
    GArray *files = g_array_new(FALSE, FALSE, sizeof(archived_t));
    g_array_set_clear_func(files, clear);
    g_autoptr(name_pattern_t) finished = name_pattern_new(base, "");
    g_autoptr(GDir) entries = g_dir_open(directory, 0, NULL);
    const char *name = NULL;
    while (entries != NULL && (name = g_dir_read_name(entries)) != NULL) {
        g_autofree char *path = g_build_filename(directory, name, NULL);
        struct stat info;
        if (is_finished(finished, base, name) && lstat(path, &info) == 0 && S_ISREG(info.st_mode)) {
            const archived_t file = {.name = g_strdup(name),
                                     .modified_ns =
                                         (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec,
                                     .bytes = (uint64_t)info.st_size};
            g_array_append_val(files, file);
        }
    }
    g_array_sort(files, by_age);
    return files;
}

static bool remove_file(const archive_limit_t *limit, int directory, const char *name)
{
    const bool removed = unlinkat(directory, name, 0) == 0;
    if (!removed) {
        g_autofree char *text =
            g_strdup_printf("%s: not removed (%s); check the owner of the directory", name, strerror(errno));
        limit->log(limit->user, 0, text);
    }
    return removed;
}

static void report_foreign(const archive_limit_t *limit, const char *name)
{
    g_autofree char *text = g_strdup_printf(
        "%s: has a name of the archive, but is no IPFIX file; not removed and not counted", name);
    limit->log(limit->user, 1, text);
}

static unsigned remove_oldest(const archive_limit_t *limit, int directory, const GArray *files)
{
    uint64_t sum = 0;
    unsigned removed = 0;
    for (guint i = 0; i < files->len; i++) {
        sum += g_array_index(files, archived_t, i).bytes;
    }
    for (guint i = 0; i + 1 < files->len && sum > limit->bytes_max; i++) {
        const archived_t *file = &g_array_index(files, archived_t, i);
        if (!is_archive(directory, file->name)) {
            sum -= file->bytes;
            report_foreign(limit, file->name);
        } else if (remove_file(limit, directory, file->name)) {
            sum -= file->bytes;
            removed++;
        }
    }
    return removed;
}

unsigned archive_limit_apply(const archive_limit_t *limit)
{
    if (limit->bytes_max == 0) {
        return 0;
    }
    g_autofree char *path = g_path_get_dirname(limit->target);
    g_autofree char *base = g_path_get_basename(limit->target);
    const int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        return 0; /* the next file cannot be made either, which is reported */
    }
    g_autoptr(GArray) files = list_files(path, base);
    const unsigned removed = remove_oldest(limit, directory, files);
    (void)close(directory);
    return removed;
}
