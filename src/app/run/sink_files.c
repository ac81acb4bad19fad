/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/sink_files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct sink_files {
    GHashTable *seen; /* canonical path to module_spec_t */
    char *const *inputs;
};

/* Absolute, without `.`, `..` and symbolic links; the last part need not exist. */
static char *canonical_path(const char *path)
{
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);
    char *whole = realpath(absolute, NULL);
    if (whole != NULL) {
        return whole;
    }
    g_autofree char *directory = g_path_get_dirname(absolute);
    g_autofree char *name = g_path_get_basename(absolute);
    char *resolved = realpath(directory, NULL);
    char *made = g_build_filename(resolved != NULL ? resolved : directory, name, NULL);
    free(resolved);
    return made;
}

static const char *file_of(const module_spec_t *spec)
{
    const synfix_sink_t *sink = spec->module->sink;
    return sink->output_file != NULL ? sink->output_file(spec->options) : NULL;
}

/* Devices take the output of several sinks. */
static gboolean is_device(const char *path)
{
    struct stat file;
    return stat(path, &file) == 0 && S_ISCHR(file.st_mode);
}

static const char *replaced_input(const char *path, char *const *inputs)
{
    struct stat output;
    struct stat input;
    if (stat(path, &output) != 0 || !S_ISREG(output.st_mode)) {
        return NULL;
    }
    for (; inputs != NULL && *inputs != NULL; inputs++) {
        if (stat(*inputs, &input) == 0 && input.st_dev == output.st_dev && input.st_ino == output.st_ino) {
            return *inputs;
        }
    }
    return NULL;
}

sink_files_t *sink_files_new(char *const *inputs)
{
    sink_files_t *files = g_new0(sink_files_t, 1);
    files->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    files->inputs = inputs;
    return files;
}

void sink_files_free(sink_files_t *files)
{
    g_hash_table_unref(files->seen);
    g_free(files);
}

synfix_status_t sink_files_add(sink_files_t *files, const module_spec_t *sink, synfix_error_t *error)
{
    const char *path = file_of(sink);
    if (path == NULL || is_device(path)) {
        return SYNFIX_OK;
    }
    const gboolean standard_output = strcmp(path, "-") == 0;
    g_autofree char *key = standard_output ? g_strdup(path) : canonical_path(path);
    const module_spec_t *other = g_hash_table_lookup(files->seen, key);
    const char *input = standard_output ? NULL : replaced_input(path, files->inputs);
    if (other != NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: %s %s; choose another target", sink->text,
                           standard_output ? "standard output is in use by"
                                           : "writes the same file as the sink",
                           other->text);
    }
    if (input != NULL) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "%s: would replace %s, which is an input; choose another output file", sink->text,
                           input);
    }
    (void)g_hash_table_insert(files->seen, g_steal_pointer(&key), (void *)(uintptr_t)sink); /* only read */
    return SYNFIX_OK;
}
