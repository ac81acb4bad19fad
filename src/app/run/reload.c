/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/reload.h"
#include "app/run/allowed_files.h"
#include "app/run/capture_metrics.h"

/* Objects created before the first change. */
typedef struct renewal {
    prepared_t prepared;
    pending_filter_t *kernel_filter;
    gboolean metrics_change;
    metrics_t *metrics; /* with metrics_change; NULL: metrics are not served any more */
} renewal_t;

static void renewal_clear(renewal_t *renewal)
{
    pipeline_discard_kernel_filter(renewal->kernel_filter);
    metrics_free(renewal->metrics);
    prepared_clear(&renewal->prepared);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(renewal_t, renewal_clear)

static synfix_status_t make_metrics(const reload_t *reload, const settings_t *settings, renewal_t *renewal,
                                    synfix_error_t *error)
{
    renewal->metrics_change = g_strcmp0(settings->metrics_listen, reload->now->metrics_listen) != 0;
    if (!renewal->metrics_change || settings->metrics_listen == NULL) {
        return SYNFIX_OK;
    }
    const synfix_status_t status = metrics_listen(settings->metrics_listen, &renewal->metrics, error);
    const metrics_source_t source = capture_metrics_source(reload->setup, reload->started->metrics_hosts);
    return status < 0 ? status : metrics_start(renewal->metrics, &source, error);
}

/* The kernel does not take a restriction back. */
static synfix_status_t check_allowed(const reload_t *reload, const settings_t *settings,
                                     const prepared_t *prepared, synfix_error_t *error)
{
    char missing[256];
    if (reload->setup->allowed == NULL) {
        return SYNFIX_OK;
    }
    landlock_rules_t *wanted = allowed_files(settings, prepared);
    const bool misses = landlock_missing(reload->setup->allowed, wanted, missing, sizeof missing);
    landlock_rules_free(wanted);
    return misses
               ? synfix_fail(error, SYNFIX_PERMISSION,
                             "%s: not among the files and ports of the start; restart the program, or start "
                             "with --landlock no",
                             missing)
               : SYNFIX_OK;
}

/* A filter that passes everything is made here too: pipeline_set_filter() would have to allocate one. */
static synfix_status_t make_filter(prepared_t *prepared, synfix_error_t *error)
{
    if (prepared->filter == NULL) {
        prepared->filter = header_filter_new();
    }
    return prepared->filter != NULL ? SYNFIX_OK
                                    : synfix_fail(error, SYNFIX_NO_MEMORY, "filter: out of memory");
}

static synfix_status_t make(const reload_t *reload, const settings_t *settings, renewal_t *renewal,
                            mistakes_t *mistakes, synfix_error_t *error)
{
    prepared_t *prepared = &renewal->prepared;
    prepare_run(settings, NULL, true, prepared, mistakes);
    synfix_status_t status = mistakes_status(mistakes, error);
    if (status >= 0) {
        status = check_allowed(reload, settings, prepared, error);
    }
    if (status >= 0) {
        status = make_filter(prepared, error);
    }
    if (status >= 0) {
        status =
            pipeline_check_cpus(reload->setup->pipeline, prepared->has_cpus ? prepared->cpus : NULL, error);
    }
    if (status >= 0) {
        status = make_metrics(reload, settings, renewal, error);
    }
    if (status >= 0) {
        status = pipeline_make_kernel_filter(
            reload->setup->pipeline, settings->filter, settings->kernel_filter, prepared->uptime,
            header_filter_encapsulations(prepared->filter), &renewal->kernel_filter, error);
    }
    return status;
}

/* None of this can fail. */
static void use(const reload_t *reload, const settings_t *settings, renewal_t *renewal)
{
    const prepared_t *prepared = &renewal->prepared;
    pipeline_t *pipeline = reload->setup->pipeline;
    pipeline_set_uptime(pipeline, prepared->uptime);
    pipeline_use_kernel_filter(pipeline, g_steal_pointer(&renewal->kernel_filter));
    pipeline_set_sigdb(pipeline, prepared->sigdb);
    pipeline_set_filter(pipeline, prepared->filter);
    pipeline_set_signatures(pipeline, prepared->signatures);
    pipeline_set_flush(pipeline, (uint32_t)settings->flush);
    if (g_strcmp0(settings->cpus, reload->now->cpus) != 0) {
        pipeline_set_cpus(pipeline, prepared->has_cpus ? prepared->cpus : NULL);
    }
    if (renewal->metrics_change) {
        metrics_free(*reload->metrics);
        *reload->metrics = g_steal_pointer(&renewal->metrics);
    }
    log_set_level(reload->log, log_level_of(settings->log_level));
}

/* Performs the changes in the kernel and in the pipeline that can fail, each one as a whole. Outputs come
 * last, because promiscuous mode can be switched back. */
static synfix_status_t change(const reload_t *reload, const settings_t *settings, const prepared_t *prepared,
                              synfix_error_t *error)
{
    pipeline_t *pipeline = reload->setup->pipeline;
    synfix_error_t ignored;
    synfix_status_t status = pipeline_set_promiscuous(pipeline, settings->promiscuous, error);
    if (status < 0) {
        return status;
    }
    status = setup_change_outputs(reload->setup, prepared, (uint32_t)settings->domain, error);
    if (status < 0 && pipeline_set_promiscuous(pipeline, reload->now->promiscuous, &ignored) < 0) {
        log_line(reload->log, LOG_LEVEL_WARNING, "%s", ignored.text);
    }
    return status;
}

synfix_status_t reload_apply(const reload_t *reload, const settings_t *settings, mistakes_t *mistakes)
{
    g_auto(renewal_t) renewal = {.kernel_filter = NULL};
    synfix_error_t error;
    synfix_status_t status = make(reload, settings, &renewal, mistakes, &error);
    if (status >= 0) {
        status = change(reload, settings, &renewal.prepared, &error);
    }
    if (status >= 0) {
        use(reload, settings, &renewal);
    } else if (mistakes_count(mistakes) == 0) {
        mistakes_add(mistakes, NULL, 0, &error);
    }
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
