/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/allowed_files.h"
#include "app/run/allowed_targets.h"
#include "files/directory_entry.h"
#include "module/module_spec.h"

#include <string.h>
#include <unistd.h>

/* No sink has its files there. */
static const char *const guarded_directories[] = {"/bin",    "/boot", "/etc",  "/lib", "/lib32", "/lib64",
                                                  "/libx32", "/opt",  "/sbin", "/usr", NULL};

/* Directories that the module makes. */
static const char *const written_options[] = {"state", "spool", NULL};

/* Permissions of such a directory: as the modules choose them (template_ids.c, spool.c). */
#define DIRECTORY_MODE 0750

static bool has_text(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static void allow_options(landlock_rules_t *rules, const module_spec_t *spec)
{
    const synfix_option_t *option = spec->module->options;
    for (; option != NULL && option->name != NULL; option++) {
        if (option->type == SYNFIX_OPTION_STRING) {
            const char *value = synfix_options_string(spec->options, option->name);
            allow_named_file(rules, value);
            if (has_text(value) && g_strv_contains(written_options, option->name)) {
                landlock_allow_directory(rules, value, LANDLOCK_WRITE);
            }
            if (has_text(value) && strcmp(option->name, "failover") == 0) {
                allow_ports_of(rules, value);
            }
        }
    }
}

/* A failure is the module's to report: its open makes the directory again. */
static void make_directory(const char *path)
{
    int directory = -1;
    if (file_directory_open(path, DIRECTORY_MODE, &directory, NULL) == SYNFIX_OK) {
        (void)close(directory);
    }
}

void allowed_files_make_directories(const prepared_t *prepared)
{
    for (guint i = 0; i < prepared->sinks->len; i++) {
        const module_spec_t *spec = prepared->sinks->pdata[i];
        const synfix_option_t *option = spec->module->options;
        for (; option != NULL && option->name != NULL; option++) {
            if (g_strv_contains(written_options, option->name) &&
                has_text(synfix_options_string(spec->options, option->name))) {
                make_directory(synfix_options_string(spec->options, option->name));
            }
        }
    }
}

static void allow_sink(landlock_rules_t *rules, const module_spec_t *spec)
{
    const synfix_sink_t *sink = spec->module->sink;
    const char *file = sink->output_file != NULL ? sink->output_file(spec->options) : NULL;
    allow_options(rules, spec);
    if (file != NULL) {
        allow_target(rules, file);
    } else {
        allow_ports_of(rules, synfix_options_target(spec->options));
    }
}

static bool has_unknown_files(const settings_t *settings, const prepared_t *prepared)
{
    bool unknown = settings->load != NULL;
    for (guint i = 0; !unknown && i < prepared->sinks->len; i++) {
        const module_spec_t *spec = prepared->sinks->pdata[i];
        unknown = strcmp(spec->module->name, "kafka") == 0; /* brokers name further brokers */
    }
    return unknown;
}

/* The service manager separates several directories by colons. */
static void allow_state(landlock_rules_t *rules)
{
    const char *directories = g_getenv("STATE_DIRECTORY");
    g_auto(GStrv) paths = g_strsplit(directories != NULL ? directories : "", ":", -1);
    for (char **path = paths; *path != NULL; path++) {
        if (g_file_test(*path, G_FILE_TEST_IS_DIR)) {
            landlock_allow_directory(rules, *path, LANDLOCK_WRITE);
        }
    }
}

static void allow_settings(landlock_rules_t *rules, const settings_t *settings)
{
    const char *const written[] = {settings->metrics_file, settings->query_socket};
    for (size_t i = 0; i < G_N_ELEMENTS(written); i++) {
        if (written[i] != NULL) {
            allow_target(rules, written[i]);
        }
    }
    if (settings->config != NULL) {
        landlock_allow_file(rules, settings->config, LANDLOCK_READ);
    }
    for (char *const *path = settings->sigdb; path != NULL && *path != NULL; path++) {
        landlock_allow_file(rules, *path, LANDLOCK_READ);
    }
    if (settings->metrics_listen != NULL) {
        allow_ports_of(rules, settings->metrics_listen);
    }
}

/* A reload of a configuration file may name any file, and a module of others may write any. */
static bool is_strict(const settings_t *settings)
{
    return strcmp(settings->landlock, "yes") == 0 || (settings->config == NULL && settings->load == NULL);
}

/* Everything but system directories. */
static void allow_most(landlock_rules_t *rules)
{
    g_autoptr(GDir) root = g_dir_open("/", 0, NULL);
    const char *name = NULL;
    landlock_allow_directory(rules, "/", LANDLOCK_READ);
    landlock_allow_ports(rules);
    while (root != NULL && (name = g_dir_read_name(root)) != NULL) {
        g_autofree char *path = g_strconcat("/", name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK) &&
            !g_strv_contains(guarded_directories, path)) {
            landlock_allow_directory(rules, path, LANDLOCK_WRITE);
        }
    }
}

landlock_rules_t *allowed_files(const settings_t *settings, const prepared_t *prepared)
{
    landlock_rules_t *rules = landlock_rules_new();
    if (!is_strict(settings)) {
        allow_most(rules);
    }
    if (has_unknown_files(settings, prepared)) {
        landlock_allow_directory(rules, "/", LANDLOCK_READ);
        landlock_allow_ports(rules);
    }
    allow_system(rules);
    allow_state(rules);
    allow_settings(rules, settings);
    for (guint i = 0; i < prepared->sinks->len; i++) {
        allow_sink(rules, prepared->sinks->pdata[i]);
    }
    for (guint i = 0; i < prepared->enrichers->len; i++) {
        allow_options(rules, prepared->enrichers->pdata[i]);
    }
    return rules;
}
