/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <synfix/reader.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATABASE_OF_HOST "/etc/synfix/synfix.fp"
#define DATABASE_OF_DATA "sigdb/synfix.fp"

/* The directory of the file that holds this code: the shared library, or the program. */
static bool own_directory(char *directory, size_t size)
{
    static const char here;
    char file[PATH_MAX];
    Dl_info own;
    if (dladdr(&here, &own) == 0 || own.dli_fname == NULL || realpath(own.dli_fname, file) == NULL) {
        return false;
    }
    const char *slash = strrchr(file, '/');
    const size_t length = slash != NULL ? (size_t)(slash - file) : 0;
    if (length == 0 || length >= size) {
        return false;
    }
    memcpy(directory, file, length);
    directory[length] = '\0';
    return true;
}

static bool readable(char *path, size_t size, const char *directory, const char *rest)
{
    const int length = snprintf(path, size, "%s/%s", directory, rest);
    return length > 0 && (size_t)length < size && access(path, R_OK) == 0;
}

/* The build directory has a directory of links to the data of the source tree: exporter/posix/data_files.c.
 * Here it counts only where its owner is that of this file's directory. */
static bool in_build_tree(char *path, size_t size, const char *directory)
{
    static const char *const levels[] = {"synfix-data", "../synfix-data", "../../synfix-data"};
    char data[SYNFIX_PATH_SIZE];
    struct stat found;
    struct stat own;
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        const int length = snprintf(data, sizeof data, "%s/%s", directory, levels[i]);
        if (length > 0 && (size_t)length < sizeof data && lstat(data, &found) == 0 &&
            S_ISDIR(found.st_mode) && stat(directory, &own) == 0 && found.st_uid == own.st_uid) {
            return readable(path, size, data, DATABASE_OF_DATA);
        }
    }
    return false;
}

/* Of the installation or build that this code belongs to. */
static bool beside(char *path, size_t size)
{
    static const char *const to_data[] = {SYNFIX_LIBDIR_TO_DATADIR "/" DATABASE_OF_DATA,
                                          SYNFIX_BINDIR_TO_DATADIR "/" DATABASE_OF_DATA};
    char directory[SYNFIX_PATH_SIZE];
    if (!own_directory(directory, sizeof directory)) {
        return false;
    }
    for (size_t i = 0; i < sizeof to_data / sizeof to_data[0]; i++) {
        if (readable(path, size, directory, to_data[i])) {
            return true;
        }
    }
    return in_build_tree(path, size, directory);
}

synfix_status_t synfix_sigdb_default_path(char *path, size_t size, synfix_error_t *error)
{
    if (beside(path, size) || readable(path, size, SYNFIX_DATADIR, DATABASE_OF_DATA)) {
        return SYNFIX_OK;
    }
    if (sizeof DATABASE_OF_HOST <= size && access(DATABASE_OF_HOST, R_OK) == 0) {
        memcpy(path, DATABASE_OF_HOST, sizeof DATABASE_OF_HOST);
        return SYNFIX_OK;
    }
    return synfix_fail(error, SYNFIX_NOT_FOUND, "no signature database at %s or %s; install one or name one",
                       SYNFIX_DATADIR "/" DATABASE_OF_DATA, DATABASE_OF_HOST);
}
