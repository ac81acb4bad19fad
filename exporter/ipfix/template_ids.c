/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/template_ids.h"
#include "files/directory_entry.h"
#include "files/file_content.h"
#include "files/file_lock.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

#define DIGEST_LENGTH 64 /* hexadecimal digits of a SHA-256 */
#define FILE_MAX      (8 << 20)
/* Ten seconds in all. */
#define LOCK_TRIES    100
#define LOCK_PAUSE_US 100000

typedef struct ids {
    const char *path;
    int fd;
    GHashTable *by_content; /* digest -> id */
    GHashTable *used;       /* id -> digest */
    GString *added;         /* lines that are not written yet */
    unsigned lines;
    template_ids_damage_t damage;
    synfix_error_t *error;
} ids_t;

static synfix_status_t fail(const ids_t *ids, const char *what)
{
    const int reason = errno;
    return synfix_fail(ids->error, file_status(reason), "%s: %s%s", ids->path, what, file_reason(reason));
}

static void learn(ids_t *ids, const char *digest, guint id)
{
    char *const kept = g_strdup(digest);
    g_hash_table_insert(ids->by_content, kept, GUINT_TO_POINTER(id));
    g_hash_table_insert(ids->used, GUINT_TO_POINTER(id), kept);
}

static bool read_line(ids_t *ids, char *line)
{
    char *const digest = strchr(line, ' ');
    guint64 id = 0;
    if (digest != NULL) {
        *digest = '\0';
    }
    if (digest == NULL || strlen(digest + 1) != DIGEST_LENGTH ||
        strspn(digest + 1, "0123456789abcdef") != DIGEST_LENGTH ||
        !g_ascii_string_to_unsigned(line, 10, IPFIX_TEMPLATE_ID_FIRST, IPFIX_TEMPLATE_ID_LAST, &id, NULL) ||
        g_hash_table_contains(ids->used, GUINT_TO_POINTER((guint)id)) ||
        g_hash_table_contains(ids->by_content, digest + 1)) {
        return false;
    }
    learn(ids, digest + 1, (guint)id);
    return true;
}

static synfix_status_t refuse(const ids_t *ids, unsigned line)
{
    return synfix_fail(ids->error, SYNFIX_INVALID,
                       "%s:%u: not 'ID SHA-256'; name another directory, or remove the file", ids->path,
                       line);
}

/* Skips damaged lines. A file that contains only such lines is not a list of templates, and stays unchanged.
 */
static synfix_status_t read_lines(ids_t *ids, char *text)
{
    for (char *rest = text; *rest != '\0';) {
        char *const line = strsep(&rest, "\n");
        ids->lines++;
        if (!read_line(ids, line)) {
            ids->damage.first_line = ids->damage.lines++ == 0 ? ids->lines : ids->damage.first_line;
        }
    }
    return ids->damage.lines == 0 || ids->damage.lines < ids->lines ? SYNFIX_OK
                                                                    : refuse(ids, ids->damage.first_line);
}

/* Whether a last line without line feed may be part of an entry: an interrupted write leaves such a line, and
 * a power failure leaves zeros. */
static bool is_interrupted(const char *line, size_t length)
{
    size_t good = 0;
    while (good < length && memchr("0123456789abcdef ", line[good], sizeof "0123456789abcdef ") != NULL) {
        good++;
    }
    return good == length;
}

static synfix_status_t read_file(ids_t *ids)
{
    g_autofree char *text = NULL;
    size_t length = 0;
    const int problem = file_read_rest(ids->fd, FILE_MAX, &text, &length);
    if (problem == EFBIG) {
        return synfix_fail(
            ids->error, SYNFIX_INVALID,
            "%s: too large for a list of templates; remove the file, or name another directory", ids->path);
    }
    if (problem != 0) {
        errno = problem;
        return fail(ids, "");
    }
    const char *const end = memrchr(text, '\n', length);
    const gsize whole = end != NULL ? (gsize)(end - text) + 1 : 0;
    if (whole == 0 && !is_interrupted(text, length)) {
        return refuse(ids, 1);
    }
    for (char *zero = text; (zero = memchr(zero, '\0', (size_t)(text + whole - zero))) != NULL;) {
        *zero = '?'; /* a zero would hide the lines after it */
    }
    text[whole] = '\0';
    const synfix_status_t status = read_lines(ids, text);
    return status == SYNFIX_OK && whole < length && ftruncate(ids->fd, (off_t)whole) != 0 ? fail(ids, "")
                                                                                          : status;
}

static synfix_status_t write_added(const ids_t *ids)
{
    errno = file_write_whole(ids->fd, ids->added->str, ids->added->len);
    return errno == 0 && (ids->added->len == 0 || file_sync(ids->fd) == 0) ? SYNFIX_OK : fail(ids, "");
}

static guint next_free(const ids_t *ids, guint id)
{
    while (g_hash_table_contains(ids->used, GUINT_TO_POINTER(id))) {
        id = id == IPFIX_TEMPLATE_ID_LAST ? IPFIX_TEMPLATE_ID_FIRST : id + 1;
    }
    return id;
}

static synfix_status_t assign(ids_t *ids, ipfix_template_t *template)
{
    g_autofree char *digest = ipfix_template_digest(template);
    guint id = GPOINTER_TO_UINT(g_hash_table_lookup(ids->by_content, digest));
    if (id == 0) {
        if (g_hash_table_size(ids->used) > (IPFIX_TEMPLATE_ID_LAST - IPFIX_TEMPLATE_ID_FIRST) / 2) {
            return synfix_fail(ids->error, SYNFIX_INVALID,
                               "%s: no id is free; remove the file, or name another directory", ids->path);
        }
        id = next_free(ids, template->id);
        learn(ids, digest, id);
        g_string_append_printf(ids->added, "%u %s\n", id, digest);
    }
    template->id = (uint16_t)id;
    return SYNFIX_OK;
}

static synfix_status_t use(ids_t *ids, ipfix_profile_t *profile)
{
    synfix_status_t status = read_file(ids);
    for (unsigned i = 0; status == SYNFIX_OK && i < IPFIX_VARIANTS; i++) {
        if (profile->templates[i].id != 0) {
            status = assign(ids, &profile->templates[i]);
        }
    }
    return status == SYNFIX_OK ? write_added(ids) : status;
}

/* A process holds the lock only while it reads and extends the file. After LOCK_TRIES the holder is assumed
 * to be hostile or stopped. */
static synfix_status_t lock_file(const ids_t *ids)
{
    for (int i = 0; file_lock(ids->fd) != 0; i++) {
        if (!file_lock_is_held(errno) || i == LOCK_TRIES) {
            return file_lock_fail(
                ids->path,
                "another process keeps the file locked; end that process, or name another directory",
                ids->error);
        }
        g_usleep(LOCK_PAUSE_US);
    }
    return SYNFIX_OK;
}

static synfix_status_t open_file(ids_t *ids, const char *directory)
{
    directory_entry_t entry = {.directory = -1, .name = "templates"};
    struct stat state;
    const synfix_status_t status = file_directory_open(directory, 0750, &entry.directory, ids->error);
    if (status != SYNFIX_OK) {
        return status;
    }
    ids->fd = file_open(&entry, O_RDWR | O_CREAT | O_APPEND, 0640);
    synfix_status_t opened = SYNFIX_OK;
    if (ids->fd < 0 || fstat(ids->fd, &state) != 0) {
        const int reason = errno;
        opened = synfix_fail(ids->error, file_status(reason), "%s: %s", ids->path, file_entry_reason(reason));
    } else if (!S_ISREG(state.st_mode)) {
        opened = synfix_fail(ids->error, SYNFIX_INVALID, "%s: %s", ids->path, file_entry_reason(EINVAL));
    } else {
        opened = lock_file(ids);
    }
    if (opened != SYNFIX_OK && ids->fd >= 0) {
        close(ids->fd);
    }
    directory_entry_close(&entry);
    return opened;
}

synfix_status_t ipfix_template_ids(const char *directory, ipfix_profile_t *profile,
                                   template_ids_damage_t *damage, synfix_error_t *error)
{
    g_autofree char *path = g_build_filename(directory, "templates", NULL);
    ids_t ids = {.path = path, .fd = -1, .error = error};
    *damage = ids.damage;
    const synfix_status_t opened = open_file(&ids, directory);
    if (opened != SYNFIX_OK) {
        return opened;
    }
    ids.by_content = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    ids.used = g_hash_table_new(g_direct_hash, g_direct_equal);
    ids.added = g_string_new(NULL);
    const synfix_status_t status = use(&ids, profile);
    g_hash_table_destroy(ids.used);
    g_hash_table_destroy(ids.by_content);
    g_string_free(ids.added, TRUE);
    close(ids.fd);
    *damage = ids.damage;
    return status;
}
