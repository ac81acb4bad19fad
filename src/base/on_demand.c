/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/on_demand.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>

static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

/* A data pointer and a function pointer have the same representation (POSIX dlsym). */
static synfix_status_t find_functions(on_demand_t *library, void *handle, synfix_error_t *error)
{
    char *slot = library->functions;
    for (const char *name = library->names; *name != '\0'; name += strlen(name) + 1) {
        void *function = dlsym(handle, name);
        if (function == NULL) {
            return synfix_fail(error, SYNFIX_UNSUPPORTED, "%s has no function %s: another version is needed",
                               library->library, name);
        }
        memcpy(slot, &function, sizeof function);
        slot += sizeof function;
    }
    return SYNFIX_OK;
}

/* dlopen() has no error numbers, only texts of glibc (dl-load.c). The program sets no locale, so glibc does
 * not translate the texts. */
static const char *advice_for(const char *reason)
{
    if (strstr(reason, "failed to map segment") != NULL || strstr(reason, "cannot map zero-fill") != NULL ||
        strstr(reason, "cannot allocate memory") != NULL) {
        return "allow more memory (ulimit -v, ulimit -d)";
    }
    const bool files = strstr(reason, strerror(EMFILE)) != NULL || strstr(reason, "Error 24") != NULL;
    return files ? "raise the limit of open files (ulimit -n)" : "install its package";
}

static synfix_status_t load(on_demand_t *library, synfix_error_t *error)
{
    void *handle = dlopen(library->library, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        const char *reason = dlerror();
        return synfix_fail(error, SYNFIX_UNSUPPORTED, "the library %s cannot be loaded (%s); %s",
                           library->library, reason, advice_for(reason));
    }
    return find_functions(library, handle, error);
}

synfix_status_t on_demand_load(on_demand_t *library, synfix_error_t *error)
{
    if (atomic_load_explicit(&library->ready, memory_order_acquire)) {
        return SYNFIX_OK;
    }
    (void)pthread_mutex_lock(&loading);
    const bool ready = atomic_load_explicit(&library->ready, memory_order_relaxed);
    const synfix_status_t status = ready ? SYNFIX_OK : load(library, error);
    if (status == SYNFIX_OK) {
        atomic_store_explicit(&library->ready, true, memory_order_release);
    }
    (void)pthread_mutex_unlock(&loading);
    return status;
}
