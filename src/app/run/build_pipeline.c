/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/build_pipeline.h"
#include "app/common/exit_codes.h"
#include "app/config/setting_values.h"
#include "app/run/dry_run.h"
#include "app/run/find_sigdb.h"
#include "app/service/metrics_server.h"
#include "app/service/privileges.h"
#include "capture/builtin_sources.h"
#include "capture/live/interface_source.h"
#include "exporter/builtin_modules.h"
#include "exporter/builtin_modules_check.h"
#include "module/module_options.h"

#include <sched.h>
#include <string.h>
#include <unistd.h>

/* Parts of a pipeline with the strings that they point to. */
typedef struct parts {
    GArray *parts;
    GPtrArray *strings;
} parts_t;

static void parts_clear(parts_t *list)
{
    g_array_unref(list->parts);
    g_ptr_array_unref(list->strings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(parts_t, parts_clear)

static parts_t parts_new(void)
{
    return (parts_t){
        .parts = g_array_new(FALSE, TRUE, sizeof(module_spec_t)),
        .strings = g_ptr_array_new_with_free_func(g_free),
    };
}

static void parts_add(parts_t *list, const synfix_module_t *module, char *text, const char *target)
{
    const module_spec_t part = {.module = module, .text = text, .target = target};
    g_array_append_val(list->parts, part);
    g_ptr_array_add(list->strings, text);
}

static const module_spec_t *parts_data(const parts_t *list)
{
    return (const module_spec_t *)(const void *)list->parts->data;
}

synfix_status_t setup_registry(char *const *load, registry_t **registry, synfix_error_t *error)
{
    registry_t *made = registry_new();
    if (!made) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "modules: no memory");
    }
    synfix_status_t status = SYNFIX_OK;
    for (size_t i = 0; status >= 0 && capture_sources[i]; i++) {
        status = registry_add(made, capture_sources[i], error);
    }
    for (size_t i = 0; status >= 0 && exporter_sinks[i]; i++) {
        status = registry_add(made, exporter_sinks[i], error);
    }
    for (size_t i = 0; status >= 0 && exporter_enrichers[i]; i++) {
        status = registry_add(made, exporter_enrichers[i], error);
    }
    for (char *const *path = load; status >= 0 && path && *path; path++) {
        status = g_file_test(*path, G_FILE_TEST_IS_DIR) ? registry_load_directory(made, *path, error)
                                                        : registry_load(made, *path, error);
    }
    if (status < 0) {
        registry_free(made);
        return status;
    }
    *registry = made;
    return SYNFIX_OK;
}

static void append_value(GString *text, const char *key, const char *value)
{
    settings_append_value(text, text->len > 0 ? '&' : 0, key, value);
}

static bool has_option(const synfix_module_t *module, const char *name)
{
    for (const synfix_option_t *option = module->options; option && option->name; option++) {
        if (strcmp(option->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Each block that is handed over wakes somebody; but packets of several interfaces wait for each other in the
 * ring. */
#define READ_TIMEOUT_ONE_MS     250
#define READ_TIMEOUT_SEVERAL_MS 100

static int64_t read_timeout_ms(const settings_t *settings)
{
    const gboolean several = settings->interface && settings->interface[0] && settings->interface[1];
    if (settings->read_timeout > 0) {
        return settings->read_timeout;
    }
    return several ? READ_TIMEOUT_SEVERAL_MS : READ_TIMEOUT_ONE_MS;
}

static char *source_text(const synfix_module_t *module, const settings_t *settings, bool live)
{
    GString *text = g_string_new(NULL);
    if (settings->filter) {
        append_value(text, "filter", settings->filter);
    }
    if (live) {
        const struct {
            const char *key;
            int64_t number;
        } numbers[] = {
            {"buffer", settings->buffer},
            {"snaplen", settings->snaplen},
            {"promiscuous", settings->promiscuous},
            {"kernel-filter", settings->kernel_filter},
        };
        for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
            g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, numbers[i].number);
            if (has_option(module, numbers[i].key)) {
                append_value(text, numbers[i].key, value);
            }
        }
        if (settings->fanout && has_option(module, "fanout")) {
            append_value(text, "fanout", settings->fanout);
        }
        g_autofree char *timeout = g_strdup_printf("%" G_GINT64_FORMAT "ms", read_timeout_ms(settings));
        if (has_option(module, "timeout")) {
            append_value(text, "timeout", timeout);
        }
    }
    return g_string_free(text, FALSE);
}

/* The path of a sink that writes one, else NULL. */
static char *sink_path(const char *text)
{
    const char *target = strchr(text, ':');
    if (!target || target[1] == '-' || g_str_has_prefix(target, "://") ||
        g_str_has_prefix(target, ":/dev/") || strstr(target, "type=unix_") || strstr(target, "type=redis")) {
        return NULL;
    }
    return g_strndup(target + 1, strcspn(target + 1, "?"));
}

/* Lines go to standard output without a target too. */
static bool is_standard_output(const char *text)
{
    static const char *const lines[] = {"text:", "json:", "eve:", "ecs:", "csv:", "zeek:", "p0f:", NULL};
    const char *target = strchr(text, ':');
    const size_t length = target ? strcspn(target + 1, "?") : 1;
    g_autofree char *scheme = target ? g_strndup(text, (size_t)(target + 1 - text)) : NULL;
    return (length == 1 && target && target[1] == '-') ||
           (length == 0 && g_strv_contains(lines, (const char *)scheme));
}

/* Two sinks with one target would write over each other, and the loss would show only at the end. */
static synfix_status_t check_paths(char *const *texts, synfix_error_t *error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const char *output = NULL;
    for (; *texts; texts++) {
        g_autofree char *path = sink_path(*texts);
        if (is_standard_output(*texts)) {
            if (output) {
                return synfix_fail(error, SYNFIX_INVALID, "%s: standard output is taken by %s", *texts,
                                   output);
            }
            output = *texts;
        }
        if (path && !g_hash_table_add(seen, g_steal_pointer(&path))) {
            return synfix_fail(error, SYNFIX_INVALID, "%s: another sink has the same target", *texts);
        }
    }
    return SYNFIX_OK;
}

/* A sink's own `sink-timeout` counts before the one for all. */
static char *sink_text(const synfix_module_t *module, const char *text, const settings_t *settings)
{
    const char *query = strchr(text, '?');
    if (!has_option(module, "sink-timeout") ||
        (query && (strstr(query, "?sink-timeout=") || strstr(query, "&sink-timeout=")))) {
        return g_strdup(text);
    }
    return g_strdup_printf("%s%csink-timeout=%" G_GINT64_FORMAT "ms", text, query ? '&' : '?',
                           settings->sink_timeout);
}

/* Sinks as `scheme:target`, enrichers as `name?key=value`. */
static synfix_status_t add_modules(parts_t *list, const setup_t *setup, const settings_t *settings,
                                   synfix_module_kind_t kind, char *const *texts, synfix_error_t *error)
{
    if (kind == SYNFIX_MODULE_SINK && texts && check_paths(texts, error) != SYNFIX_OK) {
        return SYNFIX_INVALID;
    }
    for (char *const *text = texts; text && *text; text++) {
        const bool sink = kind == SYNFIX_MODULE_SINK;
        g_autofree char *name = g_strndup(*text, strcspn(*text, sink ? ":" : "?"));
        const synfix_module_t *module = registry_find(setup->registry, kind, name);
        if (!module) {
            return synfix_fail(error, SYNFIX_INVALID, "%s: no such %s (see synfix modules)", *text,
                               sink ? "sink" : "enricher");
        }
        if (sink) {
            parts_add(list, module, sink_text(module, *text, settings), NULL);
        } else {
            const char *options = strchr(*text, '?');
            parts_add(list, module, g_strdup(options ? options + 1 : NULL), "");
        }
    }
    return SYNFIX_OK;
}

static synfix_status_t configure(pipeline_config_t *config, const settings_t *settings, bool live,
                                 const char **about, synfix_error_t *error)
{
    config->live = live;
    config->engine.fingerprint_slots = (uint32_t)settings->fingerprint_slots;
    config->engine.handshakes = (uint32_t)settings->handshakes;
    config->engine.hosts = (uint32_t)settings->hosts;
    config->observation_domain = (uint32_t)settings->domain;
    config->flush_ms = (uint32_t)settings->flush;
    config->drop_when_full = settings->drop;
    config->queue_bytes = (uint32_t)settings->queue;
    config->overflow_bytes = (uint64_t)settings->overflow;
    config->overflow_folder = g_getenv("TMPDIR");
    config->sink_timeout_ms = (uint32_t)settings->sink_timeout;
    *about = "uptime";
    synfix_status_t status = values_uptime(settings, &config->engine.uptime, error);
    if (status < 0) {
        return status;
    }
    *about = "signatures";
    status = values_signatures(settings, &config->engine.signatures, error);
    if (status < 0) {
        return status;
    }
    *about = "workers";
    return values_workers(settings, live, &config->workers, error);
}

/* What `enrich` and `to` ask for. */
static synfix_status_t add_outputs(const setup_t *setup, const settings_t *settings, parts_t *enrichers,
                                   parts_t *sinks, synfix_error_t *error)
{
    char default_sink[] = "text:-";
    char *const default_sinks[] = {default_sink, NULL};
    const synfix_status_t status =
        add_modules(enrichers, setup, settings, SYNFIX_MODULE_ENRICHER, settings->enrich, error);
    return status < 0 ? status
                      : add_modules(sinks, setup, settings, SYNFIX_MODULE_SINK,
                                    settings->to ? settings->to : default_sinks, error);
}

synfix_status_t setup_change_outputs(const setup_t *setup, const settings_t *settings, synfix_error_t *error)
{
    g_auto(parts_t) sinks = parts_new();
    g_auto(parts_t) enrichers = parts_new();
    synfix_error_t reason;
    const synfix_status_t status = add_outputs(setup, settings, &enrichers, &sinks, &reason);
    if (status <
        0) { /* all settings are good, they were checked: it is a module that was not there at the start */
        return synfix_fail(error, status, "%s: what `load` names comes with a restart", reason.text);
    }
    const output_config_t wanted = {.sinks = parts_data(&sinks),
                                    .sink_count = sinks.parts->len,
                                    .enrichers = parts_data(&enrichers),
                                    .enricher_count = enrichers.parts->len,
                                    .observation_domain = (uint32_t)settings->domain};
    return pipeline_set_outputs(setup->pipeline, &wanted, error);
}

/* Makes the pipeline of registry, database and filter, which stand in @p setup. */
static synfix_status_t open_pipeline(setup_t *setup, pipeline_config_t *config, const settings_t *settings,
                                     char *const *inputs, synfix_error_t *error)
{
    g_auto(parts_t) sources = parts_new();
    g_auto(parts_t) sinks = parts_new();
    g_auto(parts_t) enrichers = parts_new();
    const synfix_module_t *source =
        registry_find(setup->registry, SYNFIX_MODULE_SOURCE, config->live ? "live" : "file");
    if (!source) {
        return synfix_fail(error, SYNFIX_UNSUPPORTED, "this build has no such source");
    }
    for (char *const *input = inputs; *input; input++) {
        parts_add(&sources, source, source_text(source, settings, config->live), *input);
    }
    synfix_status_t status = add_outputs(setup, settings, &enrichers, &sinks, error);
    if (status < 0) {
        return status;
    }
    config->sources = parts_data(&sources);
    config->source_count = sources.parts->len;
    config->enrichers = parts_data(&enrichers);
    config->enricher_count = enrichers.parts->len;
    config->sinks = parts_data(&sinks);
    config->sink_count = sinks.parts->len;
    if (settings->dry_run) {
        setup->plan = g_string_new(NULL);
        status = plan_append(setup->plan, config, settings, error);
        config->sink_count = 0;
    }
    return status < 0 ? status : pipeline_new(config, &setup->pipeline, error);
}

/* Everything that can be had without opening a source or a sink. *about: the setting that is looked at. */
static synfix_status_t prepare(setup_t *setup, pipeline_config_t *config, const settings_t *settings,
                               bool live, const char **about, synfix_error_t *error)
{
    pipeline_config_init(config);
    synfix_status_t status = configure(config, settings, live, about, error);
    if (status >= 0 && settings->cpus) {
        *about = "cpus";
        status = values_cpus(settings->cpus, setup->cpus, error);
        config->cpus = setup->cpus;
    }
    if (status >= 0) {
        *about = "load";
        status = setup_registry(settings->load, &setup->registry, error);
    }
    if (status >= 0) {
        status = values_filter(settings, &setup->filter, about, error);
    }
    if (status >= 0) {
        *about = "sigdb";
        status = database_load(settings->sigdb, &setup->sigdb, error);
    }
    config->engine.sigdb = setup->sigdb;
    config->filter = setup->filter;
    return status;
}

/* Whatever the sinks open they may have to open again: with the rights that they will have then. */
static synfix_status_t drop_privileges(void *user, synfix_error_t *error)
{
    const settings_t *settings = user;
    return privileges_drop(settings->user, settings->group, error);
}

synfix_status_t setup_open(setup_t *setup, const settings_t *settings, char *const *inputs, bool live,
                           log_t *log, synfix_error_t *error)
{
    pipeline_config_t config;
    const char *about = NULL;
    const synfix_status_t status = prepare(setup, &config, settings, live, &about, error);
    if (status < 0) {
        return status;
    }
    config.log = log_text;
    config.log_user = log;
    if (live) {
        config.on_sources_open = drop_privileges;
        config.sources_open_user = (void *)(uintptr_t)settings; /* only read there */
    }
    return open_pipeline(setup, &config, settings, inputs, error);
}

/* Whether the options of all these modules are good. */
static synfix_status_t check_parts(const parts_t *list, synfix_error_t *error)
{
    const module_spec_t *parts = parts_data(list);
    synfix_status_t status = SYNFIX_OK;
    for (guint i = 0; status >= 0 && i < list->parts->len; i++) {
        synfix_options_t *options = NULL;
        status = pipeline_part_options(&parts[i], &options, error);
        if (status >= 0) {
            status = exporter_check(parts[i].module, options, error);
        }
        options_free(options);
    }
    return status;
}

static synfix_status_t check_modules(const setup_t *setup, const settings_t *settings,
                                     synfix_module_kind_t kind, synfix_error_t *error)
{
    g_auto(parts_t) parts = parts_new();
    char *const *texts = kind == SYNFIX_MODULE_SINK ? settings->to : settings->enrich;
    const synfix_status_t status = add_modules(&parts, setup, settings, kind, texts, error);
    return status < 0 ? status : check_parts(&parts, error);
}

/* What only `capture` has. */
static synfix_status_t check_capture(const settings_t *settings, const char **about, synfix_error_t *error)
{
    fanout_mode_t mode;
    *about = "log-level";
    if (log_level_of(settings->log_level) < 0) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "log-level: '%s' is none of error, warning, notice, information, debug",
                           settings->log_level);
    }
    *about = "interface";
    for (char *const *name = settings->interface; name && *name; name++) {
        if (g_strv_contains((const gchar *const *)name + 1, *name)) {
            return synfix_fail(error, SYNFIX_INVALID, "%s: named twice", *name);
        }
    }
    *about = "fanout";
    if (!fanout_mode_of(settings->fanout, &mode)) {
        return synfix_fail(error, SYNFIX_INVALID, "fanout: '%s' is none of auto, hash, inner",
                           settings->fanout);
    }
    *about = "filter";
    synfix_status_t status = socket_filter_check(settings->filter, error);
    if (status < 0) {
        return status;
    }
    *about = "user";
    status = privileges_check(settings->user, settings->group, error);
    if (status < 0 || !settings->metrics_listen) {
        return status;
    }
    *about = "metrics-listen";
    return metrics_check(settings->metrics_listen, error);
}

synfix_status_t setup_check(const settings_t *settings, bool live, synfix_error_t *error)
{
    g_auto(setup_t) setup = {.registry = NULL};
    pipeline_config_t config;
    const char *about = NULL;
    synfix_status_t status = prepare(&setup, &config, settings, live, &about, error);
    if (status >= 0) {
        about = "enrich";
        status = check_modules(&setup, settings, SYNFIX_MODULE_ENRICHER, error);
    }
    if (status >= 0) {
        about = "to";
        status = check_modules(&setup, settings, SYNFIX_MODULE_SINK, error);
    }
    if (status >= 0 && live) {
        status = check_capture(settings, &about, error);
    }
    if (status < 0) {
        settings_locate_error(settings, about, error);
    }
    return status;
}

void setup_release(setup_t *setup)
{
    pipeline_free(setup->pipeline);
    filter_unref(setup->filter);
    synfix_sigdb_unref(setup->sigdb);
    if (setup->plan) {
        g_string_free(setup->plan, TRUE);
    }
    registry_free(setup->registry); /* last: it unloads the code of modules */
    *setup = (setup_t){.registry = NULL};
}

/* Whether @p text speaks of the file, interface or host whose name has @p length characters. */
static bool begins_with(const char *text, const char *name, size_t length)
{
    return length > 0 && strncmp(text, name, length) == 0;
}

int setup_exit_of(synfix_status_t status, const settings_t *settings, char *const *inputs, int of_input,
                  const synfix_error_t *error)
{
    const int code = app_exit_of(status);
    if (code != APP_EXIT_INPUT && code != APP_EXIT_USAGE) {
        return code;
    }
    for (char *const *input = inputs; *input; input++) {
        if (begins_with(error->text, *input, strlen(*input))) {
            return of_input;
        }
    }
    for (char *const *sink = settings->to; code == APP_EXIT_INPUT && sink && *sink; sink++) {
        const char *target = *sink + strcspn(*sink, ":");
        target += *target == ':';
        if (begins_with(error->text, target, strcspn(target, "?"))) {
            return APP_EXIT_SINK;
        }
    }
    return code;
}
