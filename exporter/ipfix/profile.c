/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/profile.h"
#include "exporter/ipfix/profile_parser.h"
#include "files/directory_entry.h"
#include "files/file_content.h"
#include <errno.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

#define PROFILE_SUFFIX   ".profile"
#define PROFILE_FILE_MAX 65536

static bool is_path(const char *name)
{
    return strchr(name, '/') != NULL || strchr(name, '.') != NULL;
}

static char *profile_path(const char *directory, const char *name)
{
    if (is_path(name)) {
        return g_strdup(name);
    }
    g_autofree char *shipped = directory == NULL ? ipfix_templates_directory() : NULL;
    g_autofree char *file = g_strconcat(name, PROFILE_SUFFIX, NULL);
    return g_build_filename(directory != NULL ? directory : shipped, file, NULL);
}

static int by_name(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* Names of the profiles in @p directory, as a user writes them, for a message. */
static char *list_profiles(const char *directory)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) entries = g_dir_open(directory, 0, NULL);
    const char *entry = NULL;
    while (entries != NULL && (entry = g_dir_read_name(entries)) != NULL) {
        if (g_str_has_suffix(entry, PROFILE_SUFFIX)) {
            g_ptr_array_add(names, g_strndup(entry, strlen(entry) - strlen(PROFILE_SUFFIX)));
        }
    }
    g_ptr_array_sort(names, by_name);
    g_ptr_array_add(names, NULL);
    return g_strjoinv(", ", (char **)names->pdata);
}

static synfix_status_t fail_to_read(const char *path, const char *name, int number, synfix_error_t *error)
{
    const bool missing = number == ENOENT;
    const char *reason = number == EINVAL ? "not a regular file" : strerror(number);
    if (missing && !is_path(name)) {
        g_autofree char *directory = g_path_get_dirname(path);
        g_autofree char *known = list_profiles(directory);
        return synfix_fail(error, SYNFIX_INVALID, "profile '%s' is unknown; write %s or the path of a file",
                           name, known);
    }
    return synfix_fail(error, missing ? SYNFIX_NOT_FOUND : SYNFIX_IO, "profile '%s': %s", name, reason);
}

synfix_status_t ipfix_profile_load(const ipfix_model_t *model, const char *directory, const char *name,
                                   bool compat_cert, ipfix_profile_t **profile, synfix_error_t *error)
{
    g_autofree char *path = profile_path(directory, name);
    g_autofree char *text = NULL;
    size_t length = 0;
    const int descriptor = file_open_regular(path);
    const int number = descriptor < 0 ? errno : file_read_rest(descriptor, PROFILE_FILE_MAX, &text, &length);
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    if (number != 0 && number != EFBIG) {
        return fail_to_read(path, name, number, error);
    }
    if (number == EFBIG || strlen(text) != length) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "%s: not a profile: a NUL byte, or more than %d bytes; name a profile file", path,
                           PROFILE_FILE_MAX);
    }
    g_autofree profile_lists_t *lists = g_new(profile_lists_t, 1);
    const synfix_status_t status = profile_parse(model, path, text, compat_cert, lists, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    ipfix_profile_t *const made = g_new0(ipfix_profile_t, 1);
    made->name = g_strdup(name);
    made->model = model;
    made->label_table =
        profile_list_has(&lists->of[0], "osLabelId") && !profile_list_has(&lists->of[0], "osLabel");
    profile_build_templates(made, lists);
    *profile = made;
    return SYNFIX_OK;
}

void ipfix_profile_free(ipfix_profile_t *profile)
{
    if (profile != NULL) {
        g_free(profile->name);
        g_free(profile);
    }
}
