/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/build_pipeline.h"
#include "app/common/same_files.h"
#include "app/config/setting_values.h"
#include "app/run/allowed_files.h"
#include "app/run/dry_run.h"
#include "app/run/path_checks.h"
#include "app/service/privileges.h"
#include "base/error_cause.h"

#include <string.h>

/* A shorter timeout causes more wake-ups. With several interfaces, packets wait for the merge by time, so a
 * shorter timeout is used. */
#define READ_TIMEOUT_ONE_MS     250
#define READ_TIMEOUT_SEVERAL_MS 100

static int64_t read_timeout_ms(const settings_t *settings)
{
    const gboolean several =
        settings->interface != NULL && settings->interface[0] != NULL && settings->interface[1] != NULL;
    if (settings->read_timeout > 0) {
        return settings->read_timeout;
    }
    return several ? READ_TIMEOUT_SEVERAL_MS : READ_TIMEOUT_ONE_MS;
}

static synfix_status_t set_number(module_spec_t *spec, const char *name, int64_t number, const char *unit,
                                  synfix_error_t *error)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT "%s", number, unit);
    return module_options_set(spec->options, name, text, error);
}

static synfix_status_t set_interface_options(module_spec_t *spec, const settings_t *settings,
                                             synfix_error_t *error)
{
    const struct {
        const char *name;
        int64_t number;
        const char *unit;
    } numbers[] = {
        {"buffer", settings->buffer, ""},
        {"snaplen", settings->snaplen, ""},
        {"promiscuous", settings->promiscuous, ""},
        {"kernel-filter", settings->kernel_filter, ""},
        {"timeout", read_timeout_ms(settings), "ms"},
    };
    synfix_status_t status = module_options_set(spec->options, "fanout", settings->fanout, error);
    for (size_t i = 0; status >= 0 && i < G_N_ELEMENTS(numbers); i++) {
        status = set_number(spec, numbers[i].name, numbers[i].number, numbers[i].unit, error);
    }
    return status;
}

static synfix_status_t make_source(const synfix_module_t *module, const char *target,
                                   const settings_t *settings, bool live, GPtrArray *sources,
                                   synfix_error_t *error)
{
    module_spec_t *spec = NULL;
    synfix_status_t status = live && values_is_sflow(target)
                                 ? module_spec_of(module, target, &spec, error)
                                 : module_spec_of_target(module, target, &spec, error);
    if (status < 0) {
        return status;
    }
    g_ptr_array_add(sources, spec);
    if (settings->filter != NULL) {
        status = module_options_set(spec->options, "filter", settings->filter, error);
    }
    if (status >= 0 && !live && settings->follow != NULL && settings->follow_state != NULL) {
        status = module_options_set(spec->options, "state", settings->follow_state, error);
    }
    return status >= 0 && live ? set_interface_options(spec, settings, error) : status;
}

/* `sflow://:6343` instead of an interface selects another source. */
static const char *source_name(const settings_t *settings, bool live, const char *input)
{
    return live ? values_is_sflow(input) ? "sflow" : "live" : settings->follow != NULL ? "follow" : "file";
}

static synfix_status_t make_sources(const registry_t *registry, const settings_t *settings,
                                    char *const *inputs, bool live, GPtrArray *sources, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    for (char *const *input = inputs; status >= 0 && *input != NULL; input++) {
        const char *name = source_name(settings, live, *input);
        const synfix_module_t *module = registry_find(registry, SYNFIX_MODULE_SOURCE, name);
        status = module == NULL ? synfix_fail(error, SYNFIX_UNSUPPORTED, "this build has no source %s", name)
                                : make_source(module, *input, settings, live, sources, error);
    }
    return status;
}

static module_spec_t *const *specs_of(const GPtrArray *specs)
{
    return (module_spec_t *const *)specs->pdata;
}

static pipeline_config_t config_of(const setup_t *setup, const settings_t *settings, bool live)
{
    const prepared_t *prepared = &setup->prepared;
    pipeline_config_t config;
    pipeline_config_init(&config);
    config.live = live;
    config.ends_without_sinks = !live && settings->follow != NULL;
    config.engine.fingerprint_slots = (uint32_t)settings->fingerprint_slots;
    config.engine.handshakes = (uint32_t)settings->handshakes;
    config.engine.hosts = (uint32_t)settings->hosts;
    config.engine.uptime = prepared->uptime;
    config.engine.signatures = prepared->signatures;
    config.engine.sigdb = prepared->sigdb;
    config.hosts = setup->hosts;
    config.host_changes = settings->host_changes;
    config.filter = prepared->filter;
    config.workers = prepared->workers;
    config.cpus = prepared->has_cpus ? prepared->cpus : NULL;
    config.observation_domain = (uint32_t)settings->domain;
    config.flush_ms = (uint32_t)settings->flush;
    config.drop_when_full = settings->drop;
    config.queue_bytes = (uint32_t)settings->queue;
    config.overflow_bytes = (uint64_t)settings->overflow;
    const char *const directory = g_getenv("TMPDIR");
    config.overflow_directory = directory != NULL && directory[0] != '\0' ? directory : NULL;
    config.sink_timeout_ms = (uint32_t)settings->sink_timeout;
    config.enrichers = specs_of(prepared->enrichers);
    config.enricher_count = prepared->enrichers->len;
    config.sinks = specs_of(prepared->sinks);
    config.sink_count = prepared->sinks->len;
    return config;
}

static synfix_status_t make_hosts(setup_t *setup, const settings_t *settings, synfix_error_t *error)
{
    const host_model_config_t config = {.hosts = (uint32_t)settings->host_table, .evidence = true};
    if (!settings->host_changes && settings->query_socket == NULL && !settings->metrics_hosts) {
        return SYNFIX_OK;
    }
    setup->hosts = host_model_new(&config);
    return setup->hosts != NULL ? SYNFIX_OK
                                : synfix_fail(error, SYNFIX_NO_MEMORY, "host-table: out of memory");
}

/* The sources are open, the sinks are not. */
typedef struct confinement {
    setup_t *setup;
    const settings_t *settings;
    log_t *log;
} confinement_t;

/* The capture starts without Landlock too. If the setting requires Landlock, a warning is logged. */
static void restrict_files(const confinement_t *confinement)
{
    const bool required = strcmp(confinement->settings->landlock, "yes") == 0;
    synfix_error_t error;
    allowed_files_make_directories(&confinement->setup->prepared);
    landlock_rules_t *rules = allowed_files(confinement->settings, &confinement->setup->prepared);
    if (landlock_apply(rules, &error) == SYNFIX_OK) {
        confinement->setup->allowed = rules;
        return;
    }
    log_line(confinement->log, required ? LOG_LEVEL_WARNING : LOG_LEVEL_INFORMATION,
             "%s: files and ports are not restricted", error.text);
    landlock_rules_free(rules);
}

/* Sinks may reopen their files later, with the reduced privileges. */
static synfix_status_t drop_privileges(void *user, synfix_error_t *error)
{
    const confinement_t *confinement = user;
    const settings_t *settings = confinement->settings;
    synfix_status_t status =
        error_attribute(error, SYNFIX_CAUSE_USAGE, privileges_drop(settings->user, settings->group, error));
    if (status >= 0) {
        path_checks_run(settings, &confinement->setup->prepared, confinement->setup->mistakes);
        status = mistakes_status(confinement->setup->mistakes, error);
    }
    if (status >= 0 && strcmp(settings->landlock, "no") != 0 && !settings->dry_run) {
        restrict_files(confinement);
    }
    return status;
}

static void unref_spec(void *spec)
{
    module_spec_unref(spec);
}

synfix_status_t setup_open(setup_t *setup, const settings_t *settings, char *const *inputs, bool live,
                           log_t *log, synfix_error_t *error)
{
    g_autoptr(GPtrArray) sources = g_ptr_array_new_with_free_func(unref_spec);
    synfix_status_t status = make_hosts(setup, settings, error);
    if (status < 0) {
        return status;
    }
    pipeline_config_t config = config_of(setup, settings, live);
    g_autoptr(same_files_t) same = same_files_new();
    for (char *const *input = inputs; !live && *input != NULL; input++) {
        same_files_input(same, *input);
    }
    status = make_sources(setup->prepared.registry, settings, inputs, live, sources, error);
    if (status < 0) {
        return error_attribute(error, SYNFIX_CAUSE_USAGE, status);
    }
    config.sources = specs_of(sources);
    config.source_count = sources->len;
    config.log = log_text;
    config.log_user = log;
    confinement_t confinement = {.setup = setup, .settings = settings, .log = log};
    if (live) {
        config.on_sources_open = drop_privileges;
        config.sources_open_user = &confinement;
    }
    if (settings->dry_run) {
        setup->plan = g_string_new(NULL);
        status = dry_run_append(setup->plan, &config, settings, error);
        config.sink_count = 0;
    }
    return status < 0 ? error_attribute(error, SYNFIX_CAUSE_USAGE, status)
                      : pipeline_new(&config, &setup->pipeline, error);
}

synfix_status_t setup_open_observations(setup_t *setup, const settings_t *settings,
                                        const observation_source_t *source, log_t *log, synfix_error_t *error)
{
    pipeline_config_t config = config_of(setup, settings, false);
    config.observations = source->run;
    config.observations_user = source->user;
    config.log = log_text;
    config.log_user = log;
    return pipeline_new(&config, &setup->pipeline, error);
}

/* A module that only the new configuration loads requires a restart. */
static synfix_status_t check_loaded(const setup_t *setup, const GPtrArray *specs, synfix_error_t *error)
{
    for (guint i = 0; i < specs->len; i++) {
        const module_spec_t *spec = specs->pdata[i];
        const synfix_module_t *module = spec->module;
        if (registry_find(setup->prepared.registry, module->kind, module->name) != module) {
            return synfix_fail(error, SYNFIX_INVALID,
                               "%s: a module that `load` names is new; restart the program", spec->text);
        }
    }
    return SYNFIX_OK;
}

synfix_status_t setup_change_outputs(const setup_t *setup, const prepared_t *prepared,
                                     uint32_t observation_domain, synfix_error_t *error)
{
    synfix_status_t status = check_loaded(setup, prepared->enrichers, error);
    if (status >= 0) {
        status = check_loaded(setup, prepared->sinks, error);
    }
    const output_config_t wanted = {.sinks = specs_of(prepared->sinks),
                                    .sink_count = prepared->sinks->len,
                                    .enrichers = specs_of(prepared->enrichers),
                                    .enricher_count = prepared->enrichers->len,
                                    .observation_domain = observation_domain};
    return status < 0 ? status : pipeline_set_outputs(setup->pipeline, &wanted, error);
}

void setup_release(setup_t *setup)
{
    pipeline_free(setup->pipeline);
    host_model_free(setup->hosts);
    landlock_rules_free(setup->allowed);
    if (setup->plan != NULL) {
        g_string_free(setup->plan, TRUE);
    }
    prepared_clear(&setup->prepared); /* last: it unloads the code of modules */
    *setup = (setup_t){.pipeline = NULL};
}
