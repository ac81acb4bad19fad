/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/database.h"

#include <glib.h>
#include <unistd.h>

static gboolean runs_from_build_tree(void)
{
    char path[4096];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length < 0)
        return FALSE;
    path[length] = '\0';
    return g_str_has_prefix(path, SYNFIX_BUILD_DIR "/");
}

static const char *find(void)
{
    static const char *const places[] = {
        SYNFIX_SOURCE_DATADIR "/sigdb/synfix.fp",
        SYNFIX_DATADIR "/sigdb/synfix.fp",
        "/etc/synfix/synfix.fp",
    };
    for (size_t i = runs_from_build_tree() ? 0 : 1; i < G_N_ELEMENTS(places); i++)
        if (access(places[i], R_OK) == 0)
            return places[i];
    return NULL;
}

static synfix_status_t load_all(synfix_sigdb_t *sigdb, char *const *paths, synfix_error_t *error)
{
    for (char *const *path = paths; *path; path++) {
        const synfix_status_t status = synfix_sigdb_load(sigdb, *path, error);
        if (status < 0)
            return status;
    }
    return synfix_sigdb_finish(sigdb, error);
}

synfix_status_t database_load(char *const *paths, synfix_sigdb_t **sigdb, synfix_error_t *error)
{
    char *const own[] = {g_strdup(paths ? NULL : find()), NULL};
    synfix_status_t status = SYNFIX_NO_MEMORY;
    synfix_sigdb_t *made = NULL;
    if (!paths && !own[0])
        status = synfix_fail(error, SYNFIX_NOT_FOUND, "synfix.fp: no signature database in %s (give --sigdb)",
                             SYNFIX_DATADIR "/sigdb");
    else if ((made = synfix_sigdb_new()) != NULL)
        status = load_all(made, paths ? paths : own, error);
    else
        synfix_fail(error, status, "signature database: no memory");
    g_free(own[0]);
    if (status < 0) {
        synfix_sigdb_unref(made);
        return status;
    }
    *sigdb = made;
    return SYNFIX_OK;
}
