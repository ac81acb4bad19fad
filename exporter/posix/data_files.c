/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/posix/data_files.h"

/* NULL unless @p name is below @p directory. */
static char *existing(const char *directory, const char *name)
{
    char *path = g_build_filename(directory, name, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        return path;
    }
    g_free(path);
    return NULL;
}

char *data_files_find(const char *name)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    if (program != NULL) {
        g_autofree char *directory = g_path_get_dirname(program);
        g_autofree char *beside = g_canonicalize_filename(SYNFIX_BINDIR_TO_DATADIR, directory);
        char *path = existing(beside, name);
        if (path == NULL && g_str_has_prefix(program, SYNFIX_BUILD_DIR "/")) {
            path = existing(SYNFIX_SOURCE_DATADIR, name);
        }
        if (path != NULL) {
            return path;
        }
    }
    return g_build_filename(SYNFIX_DATADIR, name, NULL);
}
