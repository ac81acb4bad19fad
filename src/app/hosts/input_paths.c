/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/hosts/input_paths.h"

#include <glib.h>
#include <stdbool.h>

static bool ends_with_one_of(const char *name, const char *const *suffixes)
{
    for (; *suffixes != NULL; suffixes++) {
        if (g_str_has_suffix(name, *suffixes)) {
            return true;
        }
    }
    return false;
}

static bool is_capture_name(const char *name)
{
    static const char *const packed[] = {".gz", ".zst", ".xz", ".lz4", NULL};
    static const char *const captures[] = {".pcap", ".pcapng", ".cap", NULL};
    g_autofree char *plain = g_strdup(name);
    if (ends_with_one_of(plain, packed)) {
        *g_strrstr(plain, ".") = '\0';
    }
    return name[0] != '.' && ends_with_one_of(plain, captures);
}

static bool is_archive_name(const char *name)
{
    static const char *const archives[] = {".ipfix", ".ipfix.zst", NULL};
    return name[0] != '.' && ends_with_one_of(name, archives);
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

/* Appends the captures of directory @p path; returns whether the path itself is an input too. */
static bool add_captures(GPtrArray *found, const char *path)
{
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    g_autoptr(GPtrArray) captures = g_ptr_array_new();
    bool archives = false;
    for (const char *name; directory != NULL && (name = g_dir_read_name(directory)) != NULL;) {
        if (is_capture_name(name)) {
            g_ptr_array_add(captures, g_build_filename(path, name, NULL));
        }
        archives = archives || is_archive_name(name);
    }
    g_ptr_array_sort(captures, by_name);
    for (guint i = 0; i < captures->len; i++) {
        g_ptr_array_add(found, captures->pdata[i]);
    }
    return archives || captures->len == 0;
}

char **input_paths_expand(char *const *paths)
{
    GPtrArray *found = g_ptr_array_new();
    for (; *paths != NULL; paths++) {
        if (!g_file_test(*paths, G_FILE_TEST_IS_DIR) || add_captures(found, *paths)) {
            g_ptr_array_add(found, g_strdup(*paths));
        }
    }
    g_ptr_array_add(found, NULL);
    return (char **)g_ptr_array_free(found, FALSE);
}
