/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/find_sigdb.h"

#include <glib.h>
#include <string.h>
#include <unistd.h>

#include "exporter/posix/data_files.h"

#define DATABASE_OF_HOST "/etc/synfix/synfix.fp"

static char *find(void)
{
    g_autofree char *path = data_files_find("sigdb/synfix.fp");
    const gboolean of_host = access(path, R_OK) != 0 && access(DATABASE_OF_HOST, R_OK) == 0;
    return of_host ? g_strdup(DATABASE_OF_HOST) : g_steal_pointer(&path);
}

/* The library names file, line and reason. */
static synfix_status_t fail_load(synfix_status_t status, const synfix_error_t *reason, synfix_error_t *error)
{
    const gboolean advise = status == SYNFIX_INVALID && strstr(reason->text, "; ") == NULL;
    return synfix_fail(error, status, "%.440s%s", reason->text,
                       advise ? "; correct the line, see docs/reference/signatures.md" : "");
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

synfix_status_t database_load(char *const *paths, unsigned min_quality, synfix_sigdb_t **sigdb,
                              synfix_error_t *error)
{
    char *const own[] = {paths != NULL ? NULL : find(), NULL};
    synfix_status_t status = SYNFIX_NO_MEMORY;
    synfix_sigdb_t *made = NULL;
    if (own[0] != NULL && access(own[0], R_OK) != 0) {
        status =
            synfix_fail(error, SYNFIX_NOT_FOUND, "%s: no signature database; name one with --sigdb", own[0]);
    } else if ((made = synfix_sigdb_new()) != NULL) {
        status = load_all(made, paths != NULL ? paths : own, min_quality, error);
    } else {
        synfix_fail(error, status, "signature database: no memory");
    }
    g_free(own[0]);
    if (status < 0) {
        synfix_sigdb_unref(made);
        return status;
    }
    *sigdb = made;
    return SYNFIX_OK;
}
