/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/prepare_run.h"
#include "app/common/log.h"
#include "app/config/load_settings.h"
#include "app/config/setting_values.h"
#include "app/run/find_sigdb.h"
#include "app/run/sink_files.h"
#include "app/service/metrics_server.h"
#include "app/service/privileges.h"
#include "base/error_cause.h"
#include "capture/builtin_sources.h"
#include "capture/live/interface_source.h"
#include "exporter/builtin_modules.h"

#include <string.h>

static synfix_status_t add_all(registry_t *registry, const synfix_module_t *const *modules,
                               synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    for (; status >= 0 && *modules != NULL; modules++) {
        status = registry_add(registry, *modules, error);
    }
    return status;
}

synfix_status_t registry_of_program(char *const *load, registry_t **registry, synfix_error_t *error)
{
    registry_t *made = registry_new();
    if (made == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "modules: no memory");
    }
    synfix_status_t status = add_all(made, capture_sources, error);
    if (status >= 0) {
        status = add_all(made, exporter_sinks, error);
    }
    if (status >= 0) {
        status = add_all(made, exporter_enrichers, error);
    }
    for (char *const *path = load; status >= 0 && path != NULL && *path != NULL; path++) {
        status = g_file_test(*path, G_FILE_TEST_IS_DIR) ? registry_load_directory(made, *path, error)
                                                        : registry_load(made, *path, error);
    }
    if (status < 0) {
        registry_free(made);
        return error_attribute(error, SYNFIX_CAUSE_USAGE, status);
    }
    *registry = made;
    return SYNFIX_OK;
}

/* Arguments of prepare_run(). */
typedef struct preparation {
    const settings_t *settings;
    prepared_t *prepared;
    mistakes_t *mistakes;
} preparation_t;

static void note(const preparation_t *run, const char *setting, unsigned item, synfix_status_t status,
                 synfix_error_t *error)
{
    if (status < 0) {
        (void)error_attribute(error, SYNFIX_CAUSE_USAGE, status);
        settings_mistake(run->settings, setting, item, error, run->mistakes);
    }
}

static void prepare_engine(const preparation_t *run, bool live)
{
    const settings_t *settings = run->settings;
    prepared_t *prepared = run->prepared;
    synfix_error_t error;
    note(run, "uptime", 0, values_uptime(settings, &prepared->uptime, &error), &error);
    note(run, "signatures", 0, values_signatures(settings, &prepared->signatures, &error), &error);
    note(run, "workers", 0, values_workers(settings, live, &prepared->workers, &error), &error);
    prepared->has_cpus = settings->cpus != NULL;
    if (prepared->has_cpus) {
        note(run, "cpus", 0, values_cpus(settings->cpus, prepared->cpus, &error), &error);
    }
    values_filter(settings, &prepared->filter, run->mistakes);
    const synfix_status_t loaded =
        database_load(settings->sigdb, (unsigned)settings->min_quality, &prepared->sigdb, &error);
    if (loaded == SYNFIX_IO || loaded == SYNFIX_NOT_FOUND) {
        (void)error_attribute(&error, SYNFIX_CAUSE_INPUT,
                              loaded); /* a file cannot be read: nothing is wrong in it */
    }
    note(run, "sigdb", 0, loaded, &error);
}

/* `sink-timeout` is a setting, and an option of a sink that overrides it. */
static synfix_status_t set_timeout(const settings_t *settings, module_spec_t *spec, synfix_error_t *error)
{
    g_autofree char *timeout = g_strdup_printf("%" G_GINT64_FORMAT "ms", settings->sink_timeout);
    return options_set(spec->options, "sink-timeout", timeout, error);
}

static void prepare_modules(const preparation_t *run, synfix_module_kind_t kind, const char *setting,
                            char *const *texts, GPtrArray *specs)
{
    for (unsigned i = 0; texts != NULL && texts[i] != NULL; i++) {
        module_spec_t *spec = NULL;
        synfix_error_t error;
        synfix_status_t status = module_spec_parse(run->prepared->registry, kind, texts[i], &spec, &error);
        if (status >= 0) {
            g_ptr_array_add(specs, spec);
            status = set_timeout(run->settings, spec, &error);
        }
        if (status >= 0) {
            status = module_spec_check(spec, &error);
        }
        note(run, setting, i, status, &error);
    }
}

static void prepare_outputs(const preparation_t *run, char *const *inputs)
{
    char default_sink[] = "text:-";
    char *const default_sinks[] = {default_sink, NULL};
    prepared_t *prepared = run->prepared;
    synfix_error_t error;
    const synfix_status_t status = registry_of_program(run->settings->load, &prepared->registry, &error);
    note(run, "load", 0, status, &error);
    if (status < 0) {
        return;
    }
    char *const *sinks = run->settings->to != NULL ? run->settings->to : default_sinks;
    prepare_modules(run, SYNFIX_MODULE_ENRICHER, "enrich", run->settings->enrich, prepared->enrichers);
    prepare_modules(run, SYNFIX_MODULE_SINK, "to", sinks, prepared->sinks);
    unsigned item = 0;
    if (prepared->sinks->len == g_strv_length((char **)(uintptr_t)sinks)) {
        note(run, "to", item, sink_files_check(prepared->sinks, inputs, &item, &error), &error);
    }
}

/* An interface may appear later; the specification of a source must be right now. */
static synfix_status_t check_sflow(const preparation_t *run, const char *text, synfix_error_t *error)
{
    module_spec_t *spec = NULL;
    synfix_status_t status =
        module_spec_parse(run->prepared->registry, SYNFIX_MODULE_SOURCE, text, &spec, error);
    status = status < 0 ? status : module_spec_check(spec, error);
    module_spec_unref(spec);
    return status;
}

/* Every packet of such a source is in the encapsulation sflow. */
static void check_sflow_passes(const preparation_t *run)
{
    synfix_error_t error;
    if ((filter_encapsulations(run->prepared->filter) &
         SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_SFLOW)) == 0) {
        (void)synfix_fail(&error, SYNFIX_INVALID,
                          "encapsulations: the list excludes sflow, so that sflow:// delivers nothing; add "
                          "sflow to the list");
        note(run, "encapsulations", 0, SYNFIX_INVALID, &error);
    }
}

static void check_interfaces(const preparation_t *run)
{
    synfix_error_t error;
    char *const *names = run->settings->interface;
    if (names == NULL || names[0] == NULL) {
        (void)synfix_fail(&error, SYNFIX_INVALID,
                          "capture: no interface named; write -i NAME, or interface = NAME in [capture]");
        note(run, "interface", 0, SYNFIX_INVALID, &error);
        return;
    }
    for (unsigned i = 0; names[i] != NULL; i++) {
        if (g_strv_contains((const gchar *const *)names + i + 1, names[i])) {
            note(run, "interface", i,
                 synfix_fail(&error, SYNFIX_INVALID, "%s: the interface is named twice; name it once",
                             names[i]),
                 &error);
        }
        if (values_is_sflow(names[i])) {
            note(run, "interface", i, check_sflow(run, names[i], &error), &error);
            check_sflow_passes(run);
        }
    }
}

static synfix_status_t check_fanout(const char *text, synfix_error_t *error)
{
    fanout_mode_t mode;
    return fanout_mode_of(text, &mode)
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID, "fanout: '%s' is unknown; write auto, hash or inner",
                             text);
}

static void check_hosts(const preparation_t *run)
{
    const settings_t *settings = run->settings;
    synfix_error_t error;
    unsigned mode = 0;
    note(run, "query-socket-mode", 0, values_socket_mode(settings->query_socket_mode, &mode, &error), &error);
    if (settings->metrics_hosts && settings->metrics_listen == NULL) {
        (void)synfix_fail(&error, SYNFIX_INVALID,
                          "metrics-hosts: there is no listener; set metrics-listen too");
        note(run, "metrics-hosts", 0, SYNFIX_INVALID, &error);
    }
}

/* Settings of `capture` only. */
static void check_capture(const preparation_t *run)
{
    const settings_t *settings = run->settings;
    synfix_error_t error;
    check_interfaces(run);
    note(run, "fanout", 0, check_fanout(settings->fanout, &error), &error);
    const bool any =
        settings->interface != NULL && g_strv_contains((const gchar *const *)settings->interface, "any");
    note(run, "filter", 0, socket_filter_check(settings->filter, any, &error), &error);
    note(run, "user", 0, privileges_check(settings->user, settings->group, &error), &error);
    check_hosts(run);
    if (settings->metrics_listen != NULL) {
        note(run, "metrics-listen", 0, metrics_check(settings->metrics_listen, &error), &error);
    }
}

static void unref_spec(void *spec)
{
    module_spec_unref(spec);
}

void prepare_run(const settings_t *settings, char *const *inputs, bool live, prepared_t *prepared,
                 mistakes_t *mistakes)
{
    const preparation_t run = {.settings = settings, .prepared = prepared, .mistakes = mistakes};
    int level = 0;
    synfix_error_t error;
    prepared->enrichers = g_ptr_array_new_with_free_func(unref_spec);
    prepared->sinks = g_ptr_array_new_with_free_func(unref_spec);
    note(&run, "log-level", 0, load_log_level(settings, &level, &error), &error);
    prepare_engine(&run, live);
    prepare_outputs(&run, inputs);
    if (live) {
        check_capture(&run);
    }
}

void prepared_clear(prepared_t *prepared)
{
    g_clear_pointer(&prepared->enrichers, g_ptr_array_unref);
    g_clear_pointer(&prepared->sinks, g_ptr_array_unref);
    g_clear_pointer(&prepared->filter, filter_unref);
    g_clear_pointer(&prepared->sigdb, synfix_sigdb_unref);
    g_clear_pointer(&prepared->registry, registry_free); /* last: it unloads the code of modules */
}
