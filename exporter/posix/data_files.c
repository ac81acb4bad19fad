/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/posix/data_files.h"
#include <dlfcn.h>
#include <stdbool.h>
#include <sys/stat.h>

#define PACKAGE_DATA "/usr/share/synfix" /* where /proc is not mounted */
#define BUILD_DATA   "synfix-data"
#define BUILD_LEVELS 3 /* programs of the tests lie two directories below the build directory */

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

/* A directory near a program that another user created, as in /tmp, is not the build directory. */
static bool is_trusted(const char *directory, const char *program)
{
    struct stat found;
    struct stat own;
    return lstat(directory, &found) == 0 && S_ISDIR(found.st_mode) && stat(program, &own) == 0 &&
           found.st_uid == own.st_uid;
}

/* The build directory has a directory of links to the data of the source tree; no path is compiled in. */
static char *in_build_tree(const char *program, const char *name)
{
    char *path = NULL;
    g_autofree char *directory = g_path_get_dirname(program);
    for (unsigned level = 0; path == NULL && level < BUILD_LEVELS; level++) {
        g_autofree char *data = g_build_filename(directory, BUILD_DATA, NULL);
        path = is_trusted(data, program) ? existing(data, name) : NULL;
        char *parent = g_path_get_dirname(directory);
        g_free(directory);
        directory = parent;
    }
    return path;
}

/* Of the installation or build that @p binary belongs to. */
static char *beside(const char *binary, const char *to_data, const char *name)
{
    g_autofree char *directory = g_path_get_dirname(binary);
    g_autofree char *data = g_canonicalize_filename(to_data, directory);
    char *path = existing(data, name);
    return path != NULL ? path : in_build_tree(binary, name);
}

/* The shared library that this code is part of; NULL: none. g_free it. */
static char *own_library(void)
{
    static const char here;
    Dl_info own = {.dli_fname = NULL};
    return dladdr(&here, &own) != 0 && own.dli_fname != NULL ? g_canonicalize_filename(own.dli_fname, NULL)
                                                             : NULL;
}

char *data_files_find(const char *name)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    char *path = program != NULL ? beside(program, SYNFIX_BINDIR_TO_DATADIR, name) : NULL;
    if (path == NULL) {
        g_autofree char *library = own_library();
        path = library != NULL ? beside(library, SYNFIX_LIBDIR_TO_DATADIR, name) : NULL;
    }
    path = path != NULL ? path : existing(SYNFIX_DATADIR, name);
    path = path != NULL ? path : existing(PACKAGE_DATA, name);
    return path != NULL ? path : g_build_filename(SYNFIX_DATADIR, name, NULL);
}
