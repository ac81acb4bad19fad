/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/kafka/kafka_settings.h"
#include "files/file_content.h"
#include <errno.h>
#include <glib.h>
#include <string.h>

#define FILE_MAX 65536

typedef struct setting_reader {
    kafka_setting_fn take;
    void *user;
    synfix_error_t *error;
} setting_reader_t;

/* `${NAME}` at @p at: appends the variable, and returns the character after it; NULL: there is none. */
static const char *append_variable(GString *value, const char *at, synfix_error_t *error)
{
    const char *end = strchr(at, '}');
    if (end == NULL) {
        (void)synfix_fail(error, SYNFIX_INVALID, "kafka: a ${ in a value has no }; write ${NAME}");
        return NULL;
    }
    g_autofree char *name = g_strndup(at + 2, (gsize)(end - at - 2));
    const char *text = g_getenv(name);
    if (text == NULL) {
        (void)synfix_fail(
            error, SYNFIX_INVALID,
            "kafka: the environment variable %s is not set; set the variable, or correct the name", name);
        return NULL;
    }
    g_string_append(value, text);
    return end + 1;
}

/* A value up to @p stop (',' or the end). Returns the character after it; NULL on failure. */
static const char *read_value(const char *at, char stop, GString *value, synfix_error_t *error)
{
    while (at != NULL && *at != '\0' && *at != stop) {
        if (at[0] == '$' && at[1] == '{') {
            at = append_variable(value, at, error);
            continue;
        }
        if (stop != '\0' && at[0] == '\\' && (at[1] == ',' || at[1] == '\\')) {
            at++;
        }
        g_string_append_c(value, *at++);
    }
    return at;
}

/* One `name=value`; @p where is for messages, and @p number counts from 1. */
static const char *read_setting(const setting_reader_t *reader, const char *at, char stop, const char *where,
                                unsigned number)
{
    const size_t length = strcspn(at, stop == ',' ? "=," : "=");
    if (length == 0 || at[length] != '=') {
        (void)synfix_fail(reader->error, SYNFIX_INVALID,
                          "kafka: %s: setting %u is not name=value; write \\, for a comma inside a value",
                          where, number);
        return NULL;
    }
    g_autofree char *name = g_strstrip(g_strndup(at, length));
    g_autoptr(GString) value = g_string_new(NULL);
    at += length + 1;
    at += stop == '\0' ? strspn(at, " \t") : 0; /* a line of a file, whose other spaces are stripped too */
    at = read_value(at, stop, value, reader->error);
    if (at != NULL && reader->take != NULL && !reader->take(reader->user, name, value->str, reader->error)) {
        at = NULL;
    }
    return at;
}

static synfix_status_t read_list(const setting_reader_t *reader, const char *list)
{
    unsigned number = 0;
    while (list[0] != '\0') {
        list = read_setting(reader, list, ',', "set", ++number);
        if (list == NULL) {
            return SYNFIX_INVALID;
        }
        list += *list == ',';
    }
    return SYNFIX_OK;
}

static synfix_status_t read_file(const char *option, const char *path, char **text, synfix_error_t *error)
{
    size_t length = 0;
    synfix_error_t reason;
    const synfix_status_t status = file_read_whole(path, FILE_MAX, text, &length, &reason);
    return status == SYNFIX_OK ? SYNFIX_OK
                               : synfix_fail(error, SYNFIX_INVALID,
                                             "kafka: %s: %.400s; check the path and the read permission",
                                             option, reason.text);
}

static synfix_status_t read_set_file(const setting_reader_t *reader, const char *path)
{
    g_autofree char *text = NULL;
    synfix_status_t status = read_file("set-file", path, &text, reader->error);
    if (status != SYNFIX_OK) {
        return status;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (unsigned i = 0; lines[i] != NULL; i++) {
        const char *line = g_strstrip(lines[i]);
        if (line[0] != '\0' && line[0] != '#' && read_setting(reader, line, '\0', path, i + 1) == NULL) {
            return SYNFIX_INVALID;
        }
    }
    return SYNFIX_OK;
}

static synfix_status_t read_password(const setting_reader_t *reader, const char *path)
{
    g_autofree char *text = NULL;
    const synfix_status_t status = read_file("password-file", path, &text, reader->error);
    if (status != SYNFIX_OK) {
        return status;
    }
    text[strcspn(text, "\r\n")] = '\0';
    if (text[0] == '\0') {
        return synfix_fail(reader->error, SYNFIX_INVALID, "kafka: password-file: %s: the first line is empty",
                           path);
    }
    return reader->take == NULL || reader->take(reader->user, "sasl.password", text, reader->error)
               ? SYNFIX_OK
               : SYNFIX_INVALID;
}

/* The readers of the three options, in the order in which a later setting replaces an earlier one. */
static const struct {
    const char *option;
    synfix_status_t (*read)(const setting_reader_t *reader, const char *text);
} sources[] = {{"set-file", read_set_file}, {"set", read_list}, {"password-file", read_password}};

synfix_status_t kafka_settings_read(const synfix_options_t *options, kafka_setting_fn take, void *user,
                                    synfix_error_t *error)
{
    const setting_reader_t reader = {take, user, error};
    synfix_status_t status = SYNFIX_OK;
    for (size_t i = 0; status == SYNFIX_OK && i < G_N_ELEMENTS(sources); i++) {
        const char *const text = synfix_options_string(options, sources[i].option);
        status = text != NULL ? sources[i].read(&reader, text) : SYNFIX_OK;
    }
    return status;
}

void kafka_settings_check(const synfix_options_t *options, kafka_setting_fn take, void *user,
                          synfix_mistakes_t *mistakes)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sources); i++) {
        synfix_error_t error;
        const setting_reader_t reader = {take, user, &error};
        const char *const text = synfix_options_string(options, sources[i].option);
        if (text != NULL) {
            (void)synfix_mistakes_add(mistakes, sources[i].option, sources[i].read(&reader, text), &error);
        }
    }
}
