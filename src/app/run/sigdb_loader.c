/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/sigdb_loader.h"
#include "app/run/find_sigdb.h"
#include "base/thread_start.h"

#include <glib.h>

struct sigdb_loader {
    char *const *paths;
    unsigned min_quality;
    bool has_thread;
    pthread_t thread;
    synfix_sigdb_t *sigdb;
    synfix_status_t status;
    synfix_error_t error;
};

static void *load(void *user)
{
    sigdb_loader_t *const loader = user;
    loader->status = database_load(loader->paths, loader->min_quality, &loader->sigdb, &loader->error);
    return NULL;
}

sigdb_loader_t *sigdb_loader_begin(char *const *paths, unsigned min_quality, bool beside)
{
    sigdb_loader_t *const loader = g_new0(sigdb_loader_t, 1);
    synfix_error_t refused; /* not reported: sigdb_loader_end() loads instead */
    loader->paths = paths;
    loader->min_quality = min_quality;
    loader->has_thread =
        beside && thread_start(&loader->thread, load, loader, "sigdb", &refused) == SYNFIX_OK;
    return loader;
}

synfix_status_t sigdb_loader_end(sigdb_loader_t *loader, synfix_sigdb_t **sigdb, synfix_error_t *error)
{
    if (loader->has_thread) {
        (void)pthread_join(loader->thread, NULL);
    } else {
        (void)load(loader);
    }
    const synfix_status_t status = loader->status;
    if (status < 0) {
        *error = loader->error;
    } else {
        *sigdb = loader->sigdb;
    }
    g_free(loader);
    return status;
}
