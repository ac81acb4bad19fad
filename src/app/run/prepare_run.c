/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/prepare_run.h"
#include "app/common/exit_codes.h"
#include "app/config/setting_values.h"
#include "app/run/follow_sinks.h"
#include "app/run/path_checks.h"
#include "app/run/sigdb_loader.h"
#include "app/run/sink_files.h"
#include "app/run/sink_text.h"
#include "app/service/metrics_server.h"
#include "app/service/privileges.h"
#include "base/error_cause.h"
#include "capture/builtin_sources.h"
#include "capture/live/interface_source.h"
#include "exporter/builtin_modules.h"
#include "module/option_mistakes.h"

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

static synfix_status_t load_path(registry_t *registry, const char *path, synfix_error_t *error)
{
    const synfix_status_t status = g_file_test(path, G_FILE_TEST_IS_DIR)
                                       ? registry_load_directory(registry, path, error)
                                       : registry_load(registry, path, error);
    return error_attribute(error, SYNFIX_CAUSE_USAGE, status);
}

synfix_status_t registry_of_program(char *const *load, registry_t **registry, synfix_error_t *error)
{
    registry_t *made = registry_new();
    if (made == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "modules: out of memory");
    }
    synfix_status_t status = add_all(made, capture_sources, error);
    if (status >= 0) {
        status = add_all(made, exporter_sinks, error);
    }
    if (status >= 0) {
        status = add_all(made, exporter_enrichers, error);
    }
    for (char *const *path = load; status >= 0 && path != NULL && *path != NULL; path++) {
        status = load_path(made, *path, error);
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
    prepared->uptime = values_uptime(settings);
    prepared->signatures = values_signatures(settings);
    note(run, "workers", 0, values_workers(settings, live, &prepared->workers, &error), &error);
    prepared->has_cpus = settings->cpus != NULL;
    if (prepared->has_cpus) {
        note(run, "cpus", 0, values_cpus(settings->cpus, prepared->cpus, &error), &error);
    }
    values_filter(settings, &prepared->filter, run->mistakes);
}

static void prepare_sigdb(const preparation_t *run, sigdb_loader_t *loader)
{
    synfix_error_t error;
    const synfix_status_t loaded = sigdb_loader_end(loader, &run->prepared->sigdb, &error);
    if (loaded == SYNFIX_IO || loaded == SYNFIX_NOT_FOUND) {
        (void)error_attribute(&error, SYNFIX_CAUSE_INPUT,
                              loaded); /* a file that cannot be read has no wrong line */
    }
    note(run, "sigdb", 0, loaded, &error);
}

/* `sink-timeout` is a setting, and an option of a sink that overrides it. */
static synfix_status_t set_timeout(const settings_t *settings, module_spec_t *spec, synfix_error_t *error)
{
    g_autofree char *timeout = g_strdup_printf("%" G_GINT64_FORMAT "ms", settings->sink_timeout);
    return module_options_set(spec->options, "sink-timeout", timeout, error);
}

static void adapt_to_follow(module_spec_t *spec, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    (void)synfix_mistakes_add(mistakes, "append", follow_sinks_append(spec, &error), &error);
    if (follow_sinks_replaces(spec)) {
        (void)app_fail(
            APP_EXIT_OK,
            "%s: the next start replaces this file; add rotate-time=1d or rotate-size=", spec->name);
    }
}

/* Adds each mistake at the line of its option, after the name of the specification. */
static void note_all(const preparation_t *run, const char *setting, unsigned item, const module_spec_t *spec,
                     const synfix_mistakes_t *mistakes)
{
    for (size_t i = 0; i < option_mistakes_count(mistakes); i++) {
        const option_mistake_t *mistake = option_mistakes_at(mistakes, i);
        synfix_error_t error = mistake->error;
        if (spec != NULL) {
            module_spec_describe(spec, &mistake->error, &error);
        }
        (void)error_attribute(&error, SYNFIX_CAUSE_USAGE, mistake->status);
        settings_option_mistake(run->settings, setting, item, mistake->option, &error, run->mistakes);
    }
}

/* Parses and checks one specification. NULL: the specification cannot be parsed. */
static module_spec_t *prepare_module(const preparation_t *run, synfix_module_kind_t kind, const char *setting,
                                     unsigned item, const char *text)
{
    synfix_error_t error;
    synfix_mistakes_t *mistakes = option_mistakes_new();
    if (mistakes == NULL) {
        note(run, setting, item, synfix_fail(&error, SYNFIX_NO_MEMORY, "%s: out of memory", text), &error);
        return NULL;
    }
    const registry_t *const registry = run->prepared->registry;
    g_autofree char *whole = kind == SYNFIX_MODULE_SINK ? sink_text_complete(registry, text) : g_strdup(text);
    module_spec_t *spec = module_spec_read(registry, kind, whole, mistakes);
    if (spec != NULL) {
        (void)synfix_mistakes_add(mistakes, "sink-timeout", set_timeout(run->settings, spec, &error), &error);
        if (kind == SYNFIX_MODULE_SINK && run->settings->follow != NULL) {
            adapt_to_follow(spec, mistakes);
        }
        module_spec_check(spec, mistakes);
    }
    note_all(run, setting, item, spec, mistakes);
    option_mistakes_free(mistakes);
    return spec;
}

/* The first one beyond the maximum is named. */
static void check_number(const preparation_t *run, const char *setting, const GPtrArray *specs,
                         unsigned maximum)
{
    synfix_error_t error;
    if (specs->len > maximum) {
        (void)synfix_fail(&error, SYNFIX_INVALID, "%s: %u entries, at most %u are possible; remove some",
                          setting, specs->len, maximum);
        note(run, setting, maximum, SYNFIX_INVALID, &error);
    }
}

static void prepare_modules(const preparation_t *run, synfix_module_kind_t kind, const char *setting,
                            char *const *texts, GPtrArray *specs)
{
    for (unsigned i = 0; texts != NULL && texts[i] != NULL; i++) {
        g_ptr_array_add(specs, prepare_module(run, kind, setting, i, texts[i]));
    }
}

/* After a module that cannot be loaded, the other modules are checked, too. */
static synfix_status_t prepare_registry(const preparation_t *run)
{
    synfix_error_t error;
    const synfix_status_t status = registry_of_program(NULL, &run->prepared->registry, &error);
    note(run, "load", 0, status, &error);
    char *const *paths = run->settings->load;
    for (unsigned i = 0; status >= 0 && paths != NULL && paths[i] != NULL; i++) {
        note(run, "load", i, load_path(run->prepared->registry, paths[i], &error), &error);
    }
    return status;
}

static void prepare_outputs(const preparation_t *run, char *const *inputs)
{
    char default_sink[] = "text:-";
    char *const default_sinks[] = {default_sink, NULL};
    prepared_t *prepared = run->prepared;
    synfix_error_t error;
    if (prepare_registry(run) < 0) {
        return;
    }
    char *const *sinks = run->settings->to != NULL ? run->settings->to : default_sinks;
    prepare_modules(run, SYNFIX_MODULE_ENRICHER, "enrich", run->settings->enrich, prepared->enrichers);
    prepare_modules(run, SYNFIX_MODULE_SINK, "to", sinks, prepared->sinks);
    check_number(run, "enrich", prepared->enrichers, PIPELINE_ENRICHERS_MAX);
    check_number(run, "to", prepared->sinks, PIPELINE_SINKS_MAX);
    g_autoptr(sink_files_t) files = sink_files_new(inputs);
    for (unsigned i = 0; i < prepared->sinks->len; i++) {
        if (prepared->sinks->pdata[i] != NULL) {
            note(run, "to", i, sink_files_add(files, prepared->sinks->pdata[i], &error), &error);
        }
    }
}

/* An interface may appear later; the specification of a source must be right now. */
static void check_sflow(const preparation_t *run, unsigned item, const char *text)
{
    module_spec_unref(prepare_module(run, SYNFIX_MODULE_SOURCE, "interface", item, text));
}

/* Every packet of such a source is in the encapsulation sflow. */
static void check_sflow_passes(const preparation_t *run)
{
    synfix_error_t error;
    if ((header_filter_encapsulations(run->prepared->filter) &
         SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_SFLOW)) == 0) {
        (void)synfix_fail(&error, SYNFIX_INVALID,
                          "encapsulations: the list excludes sflow, so that sflow:// delivers nothing; add "
                          "sflow to the list");
        note(run, "encapsulations", 0, SYNFIX_INVALID, &error);
    }
}

/* Whether @p names contains `any` and another interface, whose packets would arrive twice. */
static gboolean has_interface_beside_any(char *const *names)
{
    gboolean beside = FALSE;
    for (char *const *name = names; *name != NULL; name++) {
        beside = beside || (strcmp(*name, "any") != 0 && !values_is_sflow(*name));
    }
    return beside && g_strv_contains((const gchar *const *)names, "any");
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
    if (has_interface_beside_any(names)) {
        (void)synfix_fail(&error, SYNFIX_INVALID,
                          "any: includes all other interfaces; write either any or names of interfaces");
        note(run, "interface", 0, SYNFIX_INVALID, &error);
    }
    for (unsigned i = 0; names[i] != NULL; i++) {
        if (g_strv_contains((const gchar *const *)names + i + 1, names[i])) {
            note(run, "interface", i,
                 synfix_fail(&error, SYNFIX_INVALID,
                             "%s: the interface is named twice; remove one of the names", names[i]),
                 &error);
        }
        if (values_is_sflow(names[i])) {
            check_sflow(run, i, names[i]);
            check_sflow_passes(run);
        }
    }
}

static void check_hosts(const preparation_t *run)
{
    const settings_t *settings = run->settings;
    synfix_error_t error;
    unsigned mode = 0;
    note(run, "query-socket-mode", 0, values_socket_mode(settings->query_socket_mode, &mode, &error), &error);
    path_checks_socket(settings, run->mistakes);
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
    const bool any =
        settings->interface != NULL && g_strv_contains((const gchar *const *)settings->interface, "any");
    note(run, "filter", 0, socket_filter_check(settings->filter, any, &error), &error);
    note(run, "user", 0, privileges_check_user(settings->user, &error), &error);
    note(run, "group", 0, privileges_check_group(settings->user, settings->group, &error), &error);
    check_hosts(run);
    if (settings->metrics_listen != NULL) {
        note(run, "metrics-listen", 0, metrics_check(settings->metrics_listen, &error), &error);
    }
}

/* Settings that the source of `read` has as options. The link types of the files are not known yet. */
static void check_reading(const preparation_t *run)
{
    const settings_t *settings = run->settings;
    const synfix_module_t *module = registry_find(run->prepared->registry, SYNFIX_MODULE_SOURCE,
                                                  settings->follow != NULL ? "follow" : "file");
    synfix_mistakes_t *mistakes = option_mistakes_new();
    module_spec_t *spec = NULL;
    synfix_error_t error;
    synfix_status_t status =
        mistakes == NULL
            ? synfix_fail(&error, SYNFIX_NO_MEMORY, "filter: out of memory")
            : module_spec_of_target(module, settings->follow != NULL ? settings->follow : "-", &spec, &error);
    if (status >= 0 && settings->filter != NULL) {
        status = module_options_set(spec->options, "filter", settings->filter, &error);
    }
    note(run, "filter", 0, status, &error);
    if (status >= 0) {
        module_spec_check(spec, mistakes);
    }
    for (size_t i = 0; mistakes != NULL && i < option_mistakes_count(mistakes); i++) {
        const option_mistake_t *mistake = option_mistakes_at(mistakes, i);
        error = mistake->error;
        note(run, mistake->option[0] != '\0' ? mistake->option : "follow", 0, mistake->status, &error);
    }
    module_spec_unref(spec);
    option_mistakes_free(mistakes);
}

static void unref_spec(void *spec)
{
    module_spec_unref(spec);
}

void prepare_run(const settings_t *settings, char *const *inputs, bool live, prepared_t *prepared,
                 mistakes_t *mistakes)
{
    const preparation_t run = {.settings = settings, .prepared = prepared, .mistakes = mistakes};
    prepared->enrichers = g_ptr_array_new_with_free_func(unref_spec);
    prepared->sinks = g_ptr_array_new_with_free_func(unref_spec);
    /* The default sink opens at once; an IPFIX sink reads elements, which takes as long as loading the
     * database. */
    sigdb_loader_t *const loader =
        sigdb_loader_begin(settings->sigdb, (unsigned)settings->min_quality, settings->to != NULL);
    g_autoptr(mistakes_t) of_outputs = mistakes_new();
    const preparation_t outputs = {.settings = settings, .prepared = prepared, .mistakes = of_outputs};
    prepare_engine(&run, live);
    prepare_outputs(&outputs, inputs);
    prepare_sigdb(&run, loader);
    mistakes_append(mistakes, of_outputs);
    if (live) {
        check_capture(&run);
    } else if (prepared->registry != NULL) {
        check_reading(&run);
    }
}

void prepared_clear(prepared_t *prepared)
{
    g_clear_pointer(&prepared->enrichers, g_ptr_array_unref);
    g_clear_pointer(&prepared->sinks, g_ptr_array_unref);
    g_clear_pointer(&prepared->filter, header_filter_unref);
    g_clear_pointer(&prepared->sigdb, synfix_sigdb_unref);
    g_clear_pointer(&prepared->registry, registry_free); /* last: it unloads the code of modules */
}
