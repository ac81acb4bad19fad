/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/reload.h"
#include "app/config/setting_values.h"
#include "app/run/find_sigdb.h"

/* Everything that a reload needs and that may fail. */
typedef struct renewal {
    filter_t *filter;
    synfix_sigdb_t *sigdb;
    synfix_uptime_mode_t uptime;
    synfix_signature_mode_t signatures;
    int cpus[PIPELINE_WORKERS_MAX];
    gboolean listens_anew;
    metrics_t *metrics;
} rehandshake_t;

static synfix_status_t listen_anew(const reload_t *reload, const settings_t *settings, rehandshake_t *renewal,
                                   synfix_error_t *error)
{
    renewal->listens_anew = g_strcmp0(settings->metrics_listen, reload->now->metrics_listen) != 0;
    if (!renewal->listens_anew || !settings->metrics_listen) {
        return SYNFIX_OK;
    }
    const synfix_status_t status = metrics_listen(settings->metrics_listen, &renewal->metrics, error);
    return status < 0 ? status : metrics_start(renewal->metrics, reload->setup->pipeline, error);
}

static synfix_status_t prepare(const reload_t *reload, const settings_t *settings, rehandshake_t *renewal,
                               synfix_error_t *error)
{
    const char *about = NULL;
    synfix_status_t status = setup_check(settings, true, error);
    if (status >= 0) {
        status = values_filter(settings, &renewal->filter, &about, error);
    }
    if (status >= 0) {
        status = values_uptime(settings, &renewal->uptime, error);
    }
    if (status >= 0) {
        status = values_signatures(settings, &renewal->signatures, error);
    }
    if (status >= 0 && settings->cpus) {
        status = values_cpus(settings->cpus, renewal->cpus, error);
    }
    if (status >= 0) {
        status = database_load(settings->sigdb, &renewal->sigdb, error);
    }
    return status < 0 ? status : listen_anew(reload, settings, renewal, error);
}

static void use(const reload_t *reload, const settings_t *settings, rehandshake_t *renewal)
{
    pipeline_t *pipeline = reload->setup->pipeline;
    pipeline_set_sigdb(pipeline, renewal->sigdb);
    pipeline_set_filter(pipeline, renewal->filter);
    pipeline_set_signatures(pipeline, renewal->signatures);
    pipeline_set_flush(pipeline, (uint32_t)settings->flush);
    pipeline_set_promiscuous(pipeline, settings->promiscuous);
    if (g_strcmp0(settings->cpus, reload->now->cpus) != 0) {
        pipeline_set_cpus(pipeline, settings->cpus ? renewal->cpus : NULL);
    }
    if (renewal->listens_anew) {
        metrics_free(*reload->metrics);
        *reload->metrics = g_steal_pointer(&renewal->metrics);
    }
    log_set_level(reload->log, log_level_of(settings->log_level));
}

synfix_status_t reload_apply(const reload_t *reload, const settings_t *settings, synfix_error_t *error)
{
    pipeline_t *pipeline = reload->setup->pipeline;
    rehandshake_t renewal = {.filter = NULL};
    synfix_status_t status = prepare(reload, settings, &renewal, error);
    if (status >= 0) {
        status = setup_change_outputs(reload->setup, settings, error);
    }
    if (status >= 0) {
        pipeline_set_uptime(pipeline, renewal.uptime); /* the filter looks at it */
        status = pipeline_set_kernel_filter(pipeline, settings->filter, settings->kernel_filter,
                                            filter_encapsulations(renewal.filter), error);
    }
    if (status >= 0) {
        use(reload, settings, &renewal);
    }
    metrics_free(renewal.metrics);
    filter_unref(renewal.filter);
    synfix_sigdb_unref(renewal.sigdb);
    return status;
}

void reload_log(const reload_t *reload, const settings_t *settings)
{
    g_autoptr(GString) now = g_string_new(NULL);
    g_autoptr(GString) later = g_string_new(NULL);
    settings_changes(reload->now, settings, TRUE, now);
    settings_changes(reload->started, settings, FALSE, later);
    log_line(reload->log, LOG_LEVEL_NOTICE, "reloaded: database, filters, sinks; changed: %s",
             now->len > 0 ? now->str : "nothing else");
    if (later->len > 0) {
        log_line(reload->log, LOG_LEVEL_WARNING, "changed in the configuration, but a restart is needed: %s",
                 later->str);
    }
}
