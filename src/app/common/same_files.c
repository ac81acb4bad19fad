/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/same_files.h"
#include "app/common/exit_codes.h"
#include <string.h>
#include <sys/stat.h>

struct same_files {
    GHashTable *names; /* device and inode: the name of the first input */
};

same_files_t *same_files_new(void)
{
    same_files_t *files = g_new(same_files_t, 1);
    files->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return files;
}

void same_files_free(same_files_t *files)
{
    if (files != NULL) {
        g_hash_table_destroy(files->names);
        g_free(files);
    }
}

void same_files_input(same_files_t *files, const char *path)
{
    struct stat file;
    if (stat(path, &file) != 0 || !S_ISREG(file.st_mode)) {
        return;
    }
    char *identity = g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64)file.st_dev,
                                     (guint64)file.st_ino);
    const char *first = g_hash_table_lookup(files->names, identity);
    if (first == NULL) {
        (void)g_hash_table_insert(files->names, identity, g_strdup(path));
        return;
    }
    if (strcmp(first, path) == 0) {
        app_note("%s: named twice: read and counted twice; name the file once", path);
    } else {
        app_note("%s: the same file as %s: read and counted twice; name one of the files", path, first);
    }
    g_free(identity);
}
