/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/allowed_files.h"
#include "base/data_path.h"
#include "base/file_place.h"
#include "module/module_spec.h"
#include "values/endpoint.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#define PORT_DNS 53u
#define PORT_ANY 0u /* a connection from an own address (source=) binds to a port that the kernel chooses */

/* Libraries, name services, certificates, time zones, interfaces; no directories of users, no spool of other
 * programs. */
static const char *const system_directories[] = {
    "/usr",  "/lib", "/lib32", "/lib64", "/libx32",      "/bin", "/sbin", "/etc",
    "/proc", "/sys", "/dev",   "/run",   "/var/lib/sss", "/opt", "/nix",  "/gnu",
};

/* No sink has its files there. */
static const char *const guarded_directories[] = {"/bin",    "/boot", "/etc",  "/lib", "/lib32", "/lib64",
                                                  "/libx32", "/opt",  "/sbin", "/usr", NULL};

/* Variables of libraries that name files and directories. */
static const char *const variables[] = {"LD_LIBRARY_PATH", "OPENSSL_CONF", "OPENSSL_MODULES",
                                        "SSL_CERT_FILE",   "SSL_CERT_DIR", "TZDIR"};

static const endpoint_rule_t port_required = {.form = "ADDRESS:PORT", .any_host = true};

/* Directories that the module makes. */
static const char *const written_options[] = {"state", "spool", NULL};

/* Permissions of such a directory: as the modules choose them (template_ids.c, spool.c). */
#define DIRECTORY_MODE 0750

static void allow_environment(landlock_rules_t *rules)
{
    for (size_t i = 0; i < G_N_ELEMENTS(variables); i++) {
        g_auto(GStrv) paths =
            g_strsplit(g_getenv(variables[i]) != NULL ? g_getenv(variables[i]) : "", ":", -1);
        for (char **path = paths; *path != NULL; path++) {
            if (g_path_is_absolute(*path)) {
                landlock_allow_file(rules, *path, LANDLOCK_READ);
                landlock_allow_directory(rules, *path, LANDLOCK_READ);
            }
        }
    }
}

static void allow_program(landlock_rules_t *rules)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    char templates[PATH_MAX];
    char database[PATH_MAX];
    (void)data_path_find("ipfix-templates", templates, sizeof templates);
    (void)data_path_find("sigdb/synfix.fp", database, sizeof database);
    if (program != NULL) {
        landlock_allow_file(rules, program, LANDLOCK_READ);
    }
    landlock_allow_directory(rules, templates, LANDLOCK_READ);
    landlock_allow_file(rules, database, LANDLOCK_READ);
}

/* Each directory of a date pattern is below the part before the first conversion. */
static void allow_target(landlock_rules_t *rules, const char *target)
{
    g_autofree char *fixed = g_strdup(target);
    char *const conversion = strchr(fixed, '%');
    if (conversion != NULL) {
        *conversion = '\0';
        g_autofree char *whole = g_strconcat(fixed, "x", NULL); /* `a/%Y`: the directory is `a` */
        landlock_allow_file(rules, whole, LANDLOCK_WRITE);
    } else if (strcmp(target, "-") != 0) {
        landlock_allow_file(rules, target, LANDLOCK_WRITE);
    }
}

/* Only the module knows the port of a target without one: every port is allowed. */
static void allow_ports_of(landlock_rules_t *rules, const char *target)
{
    g_auto(GStrv) endpoints = g_strsplit(target, ",", -1);
    for (char **text = endpoints; target[0] != '/' && target[0] != '.' && *text != NULL; text++) {
        endpoint_t endpoint;
        if (endpoint_parse(*text, &port_required, &endpoint, NULL) == SYNFIX_OK) {
            landlock_allow_port(rules, endpoint.number);
        } else {
            landlock_allow_ports(rules);
        }
    }
}

static bool has_text(const char *text)
{
    return text != NULL && text[0] != '\0';
}

/* An option that names a file that exists, as certificates, profiles and databases do. */
static void allow_named_file(landlock_rules_t *rules, const char *value)
{
    if (has_text(value) && g_file_test(value, G_FILE_TEST_EXISTS)) {
        landlock_allow_file(rules, value, LANDLOCK_READ);
        landlock_allow_directory(rules, value, LANDLOCK_READ);
    }
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
    for (size_t i = 0; i < G_N_ELEMENTS(system_directories); i++) {
        if (g_file_test(system_directories[i], G_FILE_TEST_IS_DIR)) {
            landlock_allow_directory(rules, system_directories[i], LANDLOCK_READ);
        }
    }
    landlock_allow_port(rules, PORT_DNS);
    landlock_allow_port(rules, PORT_ANY);
    allow_state(rules);
    allow_environment(rules);
    allow_program(rules);
    allow_settings(rules, settings);
    for (guint i = 0; i < prepared->sinks->len; i++) {
        allow_sink(rules, prepared->sinks->pdata[i]);
    }
    for (guint i = 0; i < prepared->enrichers->len; i++) {
        allow_options(rules, prepared->enrichers->pdata[i]);
    }
    return rules;
}
