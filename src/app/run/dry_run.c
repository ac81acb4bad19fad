/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/dry_run.h"
#include "app/common/printable.h"
#include "exporter/ipfix/message_encoder.h"
#include "module/module_spec.h"

#include "base/secrets.h"
#include <string.h>

#define LABEL_FORMAT "%-10s "
#define INDENT       "           "
#define LINE_WIDTH   100u

/* Appends a word, and breaks the line before it passes LINE_WIDTH. */
static void append_wrapped(GString *text, gsize *column, const char *word)
{
    const gsize length = strlen(word);
    if (*column > strlen(INDENT) && *column + 1 + length > LINE_WIDTH) {
        g_string_append(text, "\n" INDENT);
        *column = strlen(INDENT);
    }
    if (*column > strlen(INDENT)) {
        g_string_append_c(text, ' ');
        ++*column;
    }
    g_string_append(text, word);
    *column += length;
}

static void append_options(GString *text, const synfix_module_t *module, const synfix_options_t *options)
{
    gsize column = strlen(INDENT);
    const gsize before = text->len;
    g_string_append(text, INDENT);
    for (const synfix_option_t *option = module->options; option != NULL && option->name != NULL; option++) {
        const char *value = synfix_options_string(options, option->name);
        if (value == NULL) {
            continue;
        }
        g_autofree char *word = g_strdup_printf("%s=%s", option->name, value);
        replace_unprintable_bytes(word);
        (void)secrets_mask_option(word);
        append_wrapped(text, &column, word);
    }
    if (column == strlen(INDENT)) {
        g_string_truncate(text, before);
    } else {
        g_string_append_c(text, '\n');
    }
}

static bool has_field(const ipfix_template_t *template, const ipfix_element_t *element)
{
    for (unsigned i = 0; i < template->field_count; i++) {
        if (template->fields[i] == element) {
            return true;
        }
    }
    return false;
}

/* Appends the names of all fields; for a template of tunnels only those that @p plain does not have. */
static void append_template(GString *text, const ipfix_template_t *template, const ipfix_template_t *plain)
{
    g_string_append_printf(text, LABEL_FORMAT "%u: %s, IPv%u%s, %u fields\n", "template", template->id,
                           template->uptime ? "uptime" : "observation", template->ip_version,
                           template->outer_version == 0   ? ""
                           : template->outer_version == 4 ? ", in a tunnel over IPv4"
                                                          : ", in a tunnel over IPv6",
                           template->field_count);
    gsize column = strlen(INDENT);
    g_string_append(text, INDENT);
    if (template != plain) {
        append_wrapped(text, &column, "as without a tunnel, and");
    }
    for (unsigned i = 0; i < template->field_count; i++) {
        if (template == plain || !has_field(plain, template->fields[i])) {
            append_wrapped(text, &column, template->fields[i]->name);
        }
    }
    g_string_append_c(text, '\n');
}

static bool has_option(const synfix_module_t *module, const char *name)
{
    for (const synfix_option_t *option = module->options; option != NULL && option->name != NULL; option++) {
        if (strcmp(option->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* A sink writes IPFIX records when it has the option `profile`, unless its `format` differs. */
static bool writes_ipfix(const synfix_module_t *module, const synfix_options_t *options)
{
    const char *format = synfix_options_string(options, "format");
    return has_option(module, "profile") && (format == NULL || strcmp(format, "ipfix") == 0);
}

static synfix_status_t append_templates(GString *text, const synfix_options_t *options, GHashTable *seen,
                                        synfix_error_t *error)
{
    ipfix_settings_t settings;
    const synfix_status_t status = ipfix_settings_init(&settings, NULL, options, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        const ipfix_template_t *template = &settings.profile->templates[i];
        /* sinks with equal templates have equal ids: print each template once */
        if (template->id != 0 && g_hash_table_add(seen, GUINT_TO_POINTER(template->id))) {
            append_template(text, template, template - i % IPFIX_TUNNELS);
        }
    }
    ipfix_settings_clear(&settings);
    return SYNFIX_OK;
}

static void append_spec(GString *text, const char *label, const module_spec_t *spec)
{
    g_autofree char *target = printable_copy(synfix_options_target(spec->options));
    g_string_append_printf(text, LABEL_FORMAT "%s%s%s: %s\n", label, spec->module->name,
                           target[0] != '\0' ? " " : "", target, spec->module->summary);
    append_options(text, spec->module, spec->options);
}

static synfix_status_t append_specs(GString *text, const char *label, module_spec_t *const *specs,
                                    size_t count, GString *templates, GHashTable *seen, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    for (size_t i = 0; i < count && status == SYNFIX_OK; i++) {
        append_spec(text, label, specs[i]);
        if (specs[i]->module->kind == SYNFIX_MODULE_SINK &&
            writes_ipfix(specs[i]->module, specs[i]->options)) {
            status = append_templates(templates, specs[i]->options, seen, error);
        }
    }
    return status;
}

/* Appends each setting of the group `filter` as it is written in the configuration. */
static void append_filters(GString *text, const settings_t *settings)
{
    for (const setting_t *entry = settings_table; entry->name != NULL; entry++) {
        if (g_strcmp0(entry->group, "filter") != 0) {
            continue;
        }
        const void *field = (const char *)settings + entry->offset;
        if (entry->kind == SETTING_TEXT) {
            char *const *value = field;
            if (*value != NULL) {
                g_autofree char *shown = printable_copy(*value);
                g_string_append_printf(text, LABEL_FORMAT "libpcap: %s\n", "filter", shown);
            }
            continue;
        }
        char **const *list = field;
        for (char **value = *list; value != NULL && *value != NULL; value++) {
            g_string_append_printf(text, LABEL_FORMAT "%s: %s\n", "filter", entry->name, *value);
        }
    }
}

static void append_database(GString *text, const synfix_sigdb_t *sigdb)
{
    synfix_sigdb_info_t info;
    if (sigdb == NULL) {
        return;
    }
    synfix_sigdb_info(sigdb, &info);
    g_string_append_printf(text, LABEL_FORMAT "%s %s: %u requests, %u responses, %u MTUs, %u labels\n",
                           "database", info.name, info.version, info.request_entries, info.response_entries,
                           info.mtu_entries, info.label_count);
}

static void append_workers(GString *text, const pipeline_config_t *config, const settings_t *settings)
{
    const char *reason = NULL;
    const unsigned workers = pipeline_workers_of(config, &reason);
    g_string_append_printf(text, LABEL_FORMAT "%u%s; uptime: %s; signatures: %s\n", "workers", workers,
                           workers > 1 ? "" : ", records in packet order", settings->uptime,
                           settings->signatures);
    g_string_append_printf(text, INDENT "each: %u signatures, %u handshakes, %u hosts remembered\n",
                           config->engine.fingerprint_slots, config->engine.handshakes, config->engine.hosts);
    g_string_append_printf(text, INDENT "queue to each sink: %u bytes, ", config->queue_bytes);
    if (config->drop_when_full) {
        g_string_append(text, "records are dropped when the queue is full");
    } else if (config->sink_count > 1 && config->overflow_bytes > 0) {
        g_string_append_printf(text, "then %" G_GUINT64_FORMAT " bytes on disk, then reading waits",
                               config->overflow_bytes);
    } else {
        g_string_append(text, "reading waits when the queue is full");
    }
    g_string_append_printf(text, "; flush after %u ms\n", config->flush_ms);
}

synfix_status_t dry_run_append(GString *text, const pipeline_config_t *config, const settings_t *settings,
                               synfix_error_t *error)
{
    g_autoptr(GString) templates = g_string_new(NULL);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    synfix_status_t status =
        append_specs(text, "source", config->sources, config->source_count, templates, seen, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    append_filters(text, settings);
    append_database(text, config->engine.sigdb);
    append_workers(text, config, settings);
    status =
        append_specs(text, "enricher", config->enrichers, config->enricher_count, templates, seen, error);
    if (status == SYNFIX_OK) {
        status = append_specs(text, "sink", config->sinks, config->sink_count, templates, seen, error);
    }
    g_string_append(text, templates->str);
    return status;
}
