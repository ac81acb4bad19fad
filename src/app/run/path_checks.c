/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/path_checks.h"

#include "files/write_access.h"
#include <string.h>

/* An option that names a directory, which the module makes, and the file of it that the module opens first;
 * NULL: new files. */
typedef struct directory_option {
    const char *name;
    const char *file;
} directory_option_t;

static const directory_option_t directory_options[] = {{"state", "templates"}, {"spool", NULL}};

static void set_cause(synfix_error_t *error, synfix_cause_t cause, synfix_status_t status)
{
    error->cause = status == SYNFIX_PERMISSION ? SYNFIX_CAUSE_ACCESS : cause;
}

void path_checks_socket(const settings_t *settings, mistakes_t *mistakes)
{
    synfix_error_t reason;
    synfix_error_t error;
    if (settings->query_socket == NULL) {
        return;
    }
    const synfix_status_t status = file_check_written(settings->query_socket, FILE_SOCKET, &reason);
    if (status != SYNFIX_OK) {
        (void)synfix_fail(&error, status, "query-socket: %.480s", reason.text);
        set_cause(&error, SYNFIX_CAUSE_USAGE, status);
        settings_mistake(settings, "query-socket", 0, &error, mistakes);
    }
}

static void check_metrics_file(const settings_t *settings, mistakes_t *mistakes)
{
    synfix_error_t reason;
    synfix_error_t error;
    if (settings->metrics_file == NULL) {
        return;
    }
    const synfix_status_t status = file_check_written(settings->metrics_file, FILE_REPLACED, &reason);
    if (status != SYNFIX_OK) {
        (void)synfix_fail(&error, status, "metrics-file: %.480s", reason.text);
        set_cause(&error, SYNFIX_CAUSE_SINK, status);
        settings_mistake(settings, "metrics-file", 0, &error, mistakes);
    }
}

const char *path_checks_file_of(const module_spec_t *sink)
{
    const synfix_sink_t *functions = sink->module->sink;
    const char *path = functions->output_file != NULL ? functions->output_file(sink->options) : NULL;
    return path != NULL && path[0] != '\0' && strcmp(path, "-") != 0 ? path : NULL;
}

static gboolean is_named(const module_spec_t *sink, const char *name)
{
    return strcmp(sink->module->name, name) == 0;
}

/* A sink with lines adds to its file when live, unless its option `append` is `no` and the file does not
 * rotate. */
static file_use_t use_of(const module_spec_t *sink)
{
    const char *append = synfix_options_string(sink->options, "append");
    const gboolean rotates = synfix_options_integer(sink->options, "rotate-size") > 0 ||
                             synfix_options_duration_ms(sink->options, "rotate-time") > 0;
    if (is_named(sink, "inventory")) {
        return FILE_DATABASE;
    }
    return append == NULL || (strcmp(append, "no") == 0 && !rotates) ? FILE_REPLACED : FILE_APPENDED;
}

/* Names of the sink `file` are date patterns: only a directory without one is known before. */
static synfix_status_t check_pattern(const char *path, synfix_error_t *error)
{
    g_autofree char *directory = g_path_get_dirname(path);
    g_autofree char *name = g_build_filename(directory, "x", NULL);
    return strchr(directory, '%') != NULL ? SYNFIX_OK : file_check_written(name, FILE_REPLACED, error);
}

static synfix_status_t check_target(const module_spec_t *sink, synfix_error_t *error)
{
    const char *path = path_checks_file_of(sink);
    const char *type = synfix_options_string(sink->options, "type");
    if (path == NULL) {
        const char *target = synfix_options_target(sink->options);
        return type != NULL && g_str_has_prefix(type, "unix_") ? file_check_connected(target, error)
                                                               : SYNFIX_OK;
    }
    return is_named(sink, "file") && strchr(path, '%') != NULL
               ? check_pattern(path, error)
               : file_check_written(path, use_of(sink), error);
}

/* Parameters of each check of a sink. */
typedef struct sink_check {
    const settings_t *settings;
    const module_spec_t *sink;
    unsigned item; /* of `to` */
    mistakes_t *mistakes;
} sink_check_t;

static void note(const sink_check_t *check, const char *option, synfix_status_t status,
                 synfix_error_t *reason)
{
    synfix_error_t error;
    if (status != SYNFIX_OK) {
        set_cause(reason, SYNFIX_CAUSE_SINK, status);
        module_spec_describe(check->sink, reason, &error);
        settings_option_mistake(check->settings, "to", check->item, option, &error, check->mistakes);
    }
}

static void check_directory(const sink_check_t *check, const directory_option_t *option)
{
    const char *path = synfix_options_string(check->sink->options, option->name);
    synfix_error_t reason = {.text = ""};
    synfix_error_t error;
    if (path == NULL || path[0] == '\0') {
        return;
    }
    g_autofree char *file = option->file != NULL ? g_build_filename(path, option->file, NULL) : NULL;
    const synfix_status_t status = file != NULL && g_file_test(file, G_FILE_TEST_EXISTS)
                                       ? file_check_written(file, FILE_APPENDED, &reason)
                                       : file_check_directory(path, &reason);
    (void)synfix_fail(&error, status, "%s=%.480s", option->name, reason.text);
    note(check, option->name, status, &error);
}

static void check_sink(const sink_check_t *check)
{
    synfix_error_t error;
    note(check, NULL, check_target(check->sink, &error), &error);
    for (size_t i = 0; i < G_N_ELEMENTS(directory_options); i++) {
        check_directory(check, &directory_options[i]);
    }
}

void path_checks_run(const settings_t *settings, const prepared_t *prepared, mistakes_t *mistakes)
{
    check_metrics_file(settings, mistakes);
    for (guint i = 0; i < prepared->sinks->len; i++) {
        const sink_check_t check = {
            .settings = settings, .sink = prepared->sinks->pdata[i], .item = i, .mistakes = mistakes};
        if (check.sink != NULL) {
            check_sink(&check);
        }
    }
}
