/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/setting_values.h"

#include <sched.h>
#include <string.h>
#include <unistd.h>

synfix_status_t values_filter(const settings_t *settings, filter_t **filter, const char **about,
                              synfix_error_t *error)
{
    static const char *const port_names[] = {"source-ports",     "destination-ports",     "ports",
                                             "not-source-ports", "not-destination-ports", "not-ports"};
    static const char *const address_names[] = {
        "source-addresses",     "destination-addresses",     "addresses",
        "not-source-addresses", "not-destination-addresses", "not-addresses"};
    static const filter_side_t sides[] = {FILTER_SOURCE, FILTER_DESTINATION, FILTER_EITHER};
    filter_t *made = filter_new();
    if (!made) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "filter: no memory");
    }
    synfix_status_t status = SYNFIX_OK;
    bool any = false;
    for (unsigned i = 0; i < SETTINGS_FILTER_LISTS; i++) {
        const filter_side_t side = sides[i % G_N_ELEMENTS(sides)];
        const bool deny = i >= G_N_ELEMENTS(sides);
        /* an option that is repeated adds to its list: lists are combined with AND, what is in one with OR */
        g_autofree char *ports = settings->ports[i] ? g_strjoinv(",", settings->ports[i]) : NULL;
        g_autofree char *addresses = settings->addresses[i] ? g_strjoinv(",", settings->addresses[i]) : NULL;
        any = any || ports || addresses;
        if (status >= 0 && ports && (*about = port_names[i])) {
            status = filter_add_ports(made, side, deny, ports, error);
        }
        if (status >= 0 && addresses && (*about = address_names[i])) {
            status = filter_add_addresses(made, side, deny, addresses, error);
        }
    }
    if (status >= 0 && settings->encapsulations && (*about = "encapsulations")) {
        g_autofree char *names = g_strjoinv(",", settings->encapsulations);
        status = filter_set_encapsulations(made, names, error);
        any = true;
    }
    if (status < 0 || !any) {
        g_clear_pointer(&made, filter_unref);
    }
    *filter = made;
    return status;
}

synfix_status_t values_workers(const settings_t *settings, bool live, unsigned *workers,
                               synfix_error_t *error)
{
    guint64 number = 0;
    const guint64 cpus = (guint64)MAX(sysconf(_SC_NPROCESSORS_ONLN), 1);
    if (settings->ordered && !live) {
        number = 1;
    } else if (strcmp(settings->workers, "auto") == 0) {
        number = MIN(cpus, PIPELINE_WORKERS_MAX);
    } else if (!g_ascii_string_to_unsigned(settings->workers, 10, 1, PIPELINE_WORKERS_MAX, &number, NULL)) {
        return synfix_fail(error, SYNFIX_INVALID, "workers: '%s' is neither auto nor a number from 1 to %u",
                           settings->workers, PIPELINE_WORKERS_MAX);
    }
    *workers = (unsigned)number;
    return SYNFIX_OK;
}

/* The place of @p word among @p names, -1 when it is none of them. */
static int place_of(const char *word, const char *const *names)
{
    for (int i = 0; names[i]; i++) {
        if (strcmp(names[i], word) == 0) {
            return i;
        }
    }
    return -1;
}

synfix_status_t values_uptime(const settings_t *settings, synfix_uptime_mode_t *mode, synfix_error_t *error)
{
    static const char *const names[] = {"off", "regression", "p0f", NULL};
    const int place = place_of(settings->uptime, names);
    if (place < 0) {
        return synfix_fail(error, SYNFIX_INVALID, "uptime: '%s' is none of off, regression, p0f",
                           settings->uptime);
    }
    *mode = (synfix_uptime_mode_t)place;
    return SYNFIX_OK;
}

synfix_status_t values_signatures(const settings_t *settings, synfix_signature_mode_t *mode,
                                  synfix_error_t *error)
{
    static const char *const names[] = {"packet", "p0f", NULL};
    const int place = place_of(settings->signatures, names);
    if (place < 0) {
        return synfix_fail(error, SYNFIX_INVALID, "signatures: '%s' is neither packet nor p0f",
                           settings->signatures);
    }
    *mode = (synfix_signature_mode_t)place;
    return SYNFIX_OK;
}

/* Worker k runs on the k-th CPU of the list, which begins again when it is shorter. */
synfix_status_t values_cpus(const char *text, int cpus[PIPELINE_WORKERS_MAX], synfix_error_t *error)
{
    g_auto(GStrv) words = g_strsplit(text, ",", PIPELINE_WORKERS_MAX);
    const guint count = g_strv_length(words);
    for (guint i = 0; i < count; i++) {
        guint64 number = 0;
        if (!g_ascii_string_to_unsigned(g_strstrip(words[i]), 10, 0, CPU_SETSIZE - 1, &number, NULL)) {
            return synfix_fail(error, SYNFIX_INVALID, "cpus: '%s' is no list of CPU numbers", text);
        }
        if (number >= (guint64)sysconf(_SC_NPROCESSORS_CONF)) {
            return synfix_fail(error, SYNFIX_INVALID, "cpus: there is no CPU %u, the last one is %ld",
                               (unsigned)number, sysconf(_SC_NPROCESSORS_CONF) - 1);
        }
        cpus[i] = (int)number;
    }
    if (count == 0) {
        return synfix_fail(error, SYNFIX_INVALID, "cpus: an empty list");
    }
    for (guint i = count; i < PIPELINE_WORKERS_MAX; i++) {
        cpus[i] = cpus[i % count];
    }
    return SYNFIX_OK;
}
