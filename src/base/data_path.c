/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/data_path.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PACKAGE_DATA "/usr/share/synfix"
#define BUILD_DATA   "synfix-data"

/* libsynfix.so, synfix.so.0.2.0 */
static bool names_library(const char *name)
{
    const char *suffix = strstr(name, ".so");
    while (suffix != NULL && suffix[3] != '\0' && suffix[3] != '.') {
        suffix = strstr(suffix + 1, ".so");
    }
    return suffix != NULL;
}

/* Whether the program was started as an argument of the dynamic loader (ld.so(8)), as emulators of processors
 * do. */
static bool is_loader(const char *program)
{
    const char *name = strrchr(program, '/') + 1;
    return strncmp(name, "ld", 2) == 0 && names_library(name);
}

/* The shared library that contains this code, else the program. dladdr() names the program as it was called,
 * which may be no path. */
static bool own_file(char file[PATH_MAX], const char **to_data)
{
    static const char here;
    Dl_info own;
    char program[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1); /* has no links */
    const bool has_program = length > 0 && program[0] == '/';
    program[has_program ? length : 0] = '\0';
    const bool found = dladdr(&here, &own) != 0 && own.dli_fname != NULL &&
                       strchr(own.dli_fname, '/') != NULL && realpath(own.dli_fname, file) != NULL;
    const bool is_library = found && names_library(strrchr(file, '/'));
    *to_data = is_library ? SYNFIX_LIBDIR_TO_DATADIR : SYNFIX_BINDIR_TO_DATADIR;
    if (!is_library && has_program && !(found && is_loader(program))) {
        memcpy(file, program, sizeof program);
    }
    return found || has_program;
}

static bool is_readable(char *path, size_t size, const char *directory, const char *name)
{
    const int length = snprintf(path, size, "%s/%s", directory, name);
    return length > 0 && (size_t)length < size && access(path, R_OK) == 0;
}

/* A directory near a program that another user created, as in /tmp, is not the build directory. */
static bool is_trusted(const char *directory, const char *file)
{
    struct stat found;
    struct stat own;
    return lstat(directory, &found) == 0 && S_ISDIR(found.st_mode) && stat(file, &own) == 0 &&
           found.st_uid == own.st_uid;
}

/* Programs of the tests are two directories below the build directory. */
static bool in_build_tree(const char *name, char *path, size_t size, const char *directory, const char *file)
{
    static const char *const levels[] = {BUILD_DATA, "../" BUILD_DATA, "../../" BUILD_DATA};
    char data[PATH_MAX];
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        const int length = snprintf(data, sizeof data, "%s/%s", directory, levels[i]);
        if (length > 0 && (size_t)length < sizeof data && is_trusted(data, file) &&
            is_readable(path, size, data, name)) {
            return true;
        }
    }
    return false;
}

/* In the installation or build that the code belongs to. */
static bool next_to_program(const char *name, char *path, size_t size)
{
    char file[PATH_MAX];
    char directory[PATH_MAX];
    char relative[PATH_MAX];
    const char *to_data = NULL;
    if (!own_file(file, &to_data)) {
        return false;
    }
    memcpy(directory, file, sizeof file);
    *strrchr(directory, '/') = '\0'; /* realpath() returned an absolute path */
    const int length = snprintf(relative, sizeof relative, "%s/%s", to_data, name);
    if (length > 0 && (size_t)length < sizeof relative && is_readable(path, size, directory, relative)) {
        char *const resolved = realpath(path, NULL);
        const bool fits = resolved != NULL && strlen(resolved) < size;
        if (fits) {
            memcpy(path, resolved, strlen(resolved) + 1);
        }
        free(resolved);
        return fits;
    }
    return in_build_tree(name, path, size, directory, file);
}

bool data_path_find(const char *name, char *path, size_t size)
{
    const bool found = next_to_program(name, path, size) || is_readable(path, size, SYNFIX_DATADIR, name) ||
                       is_readable(path, size, PACKAGE_DATA, name);
    if (!found && size > 0) {
        (void)snprintf(path, size, "%s/%s", SYNFIX_DATADIR, name);
    }
    return found;
}
