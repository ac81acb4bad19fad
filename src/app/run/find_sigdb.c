/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/find_sigdb.h"

#include <glib.h>
#include <string.h>
#include <unistd.h>

#include <synfix/reader.h>

/* The library names file, line and reason. */
static synfix_status_t fail_load(synfix_status_t status, const synfix_error_t *reason, synfix_error_t *error)
{
    const gboolean advise = status == SYNFIX_INVALID && strstr(reason->text, "; ") == NULL;
    return synfix_fail(error, status, "%.440s%s", reason->text,
                       advise ? "; correct the line; synfix sigdb lint lists all mistakes" : "");
}

static synfix_status_t load_all(synfix_sigdb_t *sigdb, char *const *paths, unsigned min_quality,
                                synfix_error_t *error)
{
    for (char *const *path = paths; *path != NULL; path++) {
        synfix_error_t reason = {.text = ""};
        const synfix_status_t status = synfix_sigdb_load(sigdb, *path, &reason);
        if (status < 0) {
            return fail_load(status, &reason, error);
        }
    }
    const synfix_status_t status = synfix_sigdb_set_min_quality(sigdb, (uint8_t)min_quality, error);
    return status < 0 ? status : synfix_sigdb_finish(sigdb, error);
}

static synfix_status_t load_new(char *const *paths, unsigned min_quality, synfix_sigdb_t **sigdb,
                                synfix_error_t *error)
{
    synfix_sigdb_t *made = synfix_sigdb_new();
    if (made == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "signature database: out of memory");
    }
    const synfix_status_t status = load_all(made, paths, min_quality, error);
    if (status < 0) {
        synfix_sigdb_unref(made);
        return status;
    }
    *sigdb = made;
    return SYNFIX_OK;
}

synfix_status_t database_load(char *const *paths, unsigned min_quality, synfix_sigdb_t **sigdb,
                              synfix_error_t *error)
{
    char path[SYNFIX_PATH_SIZE];
    char *const own[] = {path, NULL};
    if (paths != NULL) {
        return load_new(paths, min_quality, sigdb, error);
    }
    const synfix_status_t status = synfix_sigdb_default_path(path, sizeof path, error);
    return status < 0 ? status : load_new(own, min_quality, sigdb, error);
}
