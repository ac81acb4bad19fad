/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/syslog/syslog_message.h"

#include <glib.h>
#include <string.h>
#include <synfix/event.h>
#include <unistd.h>

#include "event/json_event.h"
#include "exporter/formats/text_sink.h"

#define LENGTH_SIZE 4u

/* Names as syslog.conf(5) has them; the index is the number of RFC 5424, tables 1 and 2. */
static const char *const facilities[] = {
    "kern",   "user",   "mail",     "daemon", "auth",   "syslog", "lpr",    "news",
    "uucp",   "cron",   "authpriv", "ftp",    NULL,     NULL,     NULL,     NULL,
    "local0", "local1", "local2",   "local3", "local4", "local5", "local6", "local7",
};
static const char *const severities[] = {"emerg",   "alert",  "crit", "err",
                                         "warning", "notice", "info", "debug"};

static synfix_status_t find(const char *option, const char *name, const char *const *names, size_t count,
                            unsigned *number, synfix_error_t *error)
{
    for (unsigned i = 0; i < count; i++) {
        if (names[i] != NULL && strcmp(names[i], name) == 0) {
            *number = i;
            return SYNFIX_OK;
        }
    }
    g_autoptr(GString) all = g_string_new(NULL);
    for (size_t i = 0; i < count; i++) {
        g_string_append_printf(all, "%s%s", names[i] != NULL ? " " : "", names[i] != NULL ? names[i] : "");
    }
    return synfix_fail(error, SYNFIX_INVALID, "syslog: %s must be one of%s, not %s", option, all->str, name);
}

static synfix_status_t read_priorities(const synfix_options_t *options, syslog_settings_t *settings,
                                       synfix_error_t *error)
{
    static const char *const names[2] = {"severity", "change-severity"};
    unsigned facility = 0;
    synfix_status_t status = find("facility", synfix_options_string(options, "facility"), facilities,
                                  G_N_ELEMENTS(facilities), &facility, error);
    for (unsigned i = 0; i < 2 && status == SYNFIX_OK; i++) {
        unsigned severity = 0;
        status = find(names[i], synfix_options_string(options, names[i]), severities,
                      G_N_ELEMENTS(severities), &severity, error);
        settings->priority[i] = facility * 8 + severity;
    }
    return status;
}

/* RFC 5424 section 6: header fields are printable ASCII without spaces. */
static synfix_status_t check_field(const char *option, const char *text, size_t maximum,
                                   synfix_error_t *error)
{
    const size_t length = strlen(text);
    for (size_t i = 0; i < length; i++) {
        if (text[i] < 33 || text[i] > 126) {
            return synfix_fail(error, SYNFIX_INVALID,
                               "syslog: %s: '%s' has a byte that is not printable ASCII", option, text);
        }
    }
    return length > 0 && length <= maximum
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID, "syslog: %s: write 1 to %zu characters", option, maximum);
}

static char *own_hostname(void)
{
    char name[SYSLOG_HOSTNAME_MAX + 1] = "";
    return g_strdup(gethostname(name, sizeof name - 1) == 0 && name[0] != '\0' ? name : "-");
}

static synfix_status_t read_header(const synfix_options_t *options, syslog_settings_t *settings,
                                   synfix_error_t *error)
{
    const char *app = synfix_options_string(options, "app-name");
    const char *given = synfix_options_string(options, "hostname");
    g_autofree char *hostname = given != NULL ? g_strdup(given) : own_hostname();
    synfix_status_t status = check_field("app-name", app, SYSLOG_APP_NAME_MAX, error);
    if (status == SYNFIX_OK) {
        status = check_field("hostname", hostname, SYSLOG_HOSTNAME_MAX, error);
    }
    if (status != SYNFIX_OK) {
        return status;
    }
    if (settings->local) {
        settings->header[0] = g_strdup_printf("%s[%ld]: ", app, (long)getpid());
        settings->header[1] = g_strdup("");
    } else {
        settings->header[0] = g_strdup("1 ");
        settings->header[1] = g_strdup_printf(" %s %s %ld ", hostname, app, (long)getpid());
    }
    return SYNFIX_OK;
}

static synfix_status_t read_format(const synfix_options_t *options, bool local, syslog_settings_t *settings,
                                   synfix_error_t *error)
{
    const char *format = synfix_options_string(options, "format");
    settings->local = strcmp(format, "local") == 0 || (strcmp(format, "auto") == 0 && local);
    if (!settings->local && strcmp(format, "auto") != 0 && strcmp(format, "rfc5424") != 0) {
        return synfix_fail(error, SYNFIX_INVALID, "syslog: format must be rfc5424, local or auto, not %s",
                           format);
    }
    return SYNFIX_OK;
}

synfix_status_t syslog_settings_read(const synfix_options_t *options, bool local, syslog_settings_t *settings,
                                     synfix_error_t *error)
{
    *settings = (syslog_settings_t){.message_max = (uint32_t)synfix_options_integer(options, "max-size")};
    synfix_status_t status = read_format(options, local, settings, error);
    if (status == SYNFIX_OK) {
        status = read_priorities(options, settings, error);
    }
    if (status == SYNFIX_OK) {
        status = read_header(options, settings, error);
    }
    if (status != SYNFIX_OK) {
        return status;
    }
    settings->prefix = g_strdup(synfix_options_string(options, "prefix"));
    settings->key =
        g_strdup_printf("%d %u %u %u %s%s%s", settings->local, settings->priority[0], settings->priority[1],
                        settings->message_max, settings->header[0], settings->header[1], settings->prefix);
    return SYNFIX_OK;
}

void syslog_settings_clear(syslog_settings_t *settings)
{
    g_free(settings->header[0]);
    g_free(settings->header[1]);
    g_free(settings->prefix);
    g_free(settings->key);
}

/* RFC 3339 with microseconds, the finest that RFC 5424 permits. */
static void write_time(text_writer_t *line, int64_t time_ns)
{
    uint32_t rest = 0;
    text_date_time(line, writer_seconds(time_ns, &rest), '-', 'T');
    writer_char(line, '.');
    writer_padded(line, rest / 1000, 6);
    writer_char(line, 'Z');
}

static void write_header(text_writer_t *line, const syslog_settings_t *settings,
                         const synfix_observation_t *observation)
{
    writer_char(line, '<');
    writer_unsigned(line, settings->priority[observation->host_change != NULL]);
    writer_char(line, '>');
    writer_text(line, settings->header[0]);
    if (!settings->local) {
        write_time(line, observation->time_ns);
        writer_text(line, settings->header[1]);
        writer_text(line, synfix_event_type(observation)); /* MSGID */
        writer_text(line, " - ");                          /* no structured data */
    }
    writer_text(line, settings->prefix);
}

static synfix_status_t create(const void *settings, unsigned worker, void **encoder, synfix_error_t *error)
{
    (void)worker;
    (void)error;
    *encoder = (void *)(uintptr_t)settings; /* read only */
    return SYNFIX_OK;
}

static synfix_status_t encode(void *encoder, const synfix_observation_t *observation, synfix_block_t *block)
{
    const syslog_settings_t *settings = encoder;
    text_writer_t line = writer_begin(block);
    char *const length_at = line.at;
    writer_bytes(&line, "\0\0\0", LENGTH_SIZE);
    write_header(&line, settings, observation);
    json_event(&line, observation, true, false);
    if (!line.full) {
        const uint32_t length = (uint32_t)(line.at - length_at) - LENGTH_SIZE;
        if (length > settings->message_max) {
            return SYNFIX_INVALID;
        }
        memcpy(length_at, &length, sizeof length);
    }
    return writer_commit(&line, observation, block);
}

const synfix_encoding_t syslog_encoding = {
    .block_size = LINE_BLOCK_SIZE, .create = create, .encode = encode, .destroy = line_destroy};

uint32_t syslog_message_at(const synfix_block_t *block, uint32_t offset, syslog_message_t *message)
{
    memcpy(&message->length, block->data + offset, sizeof message->length);
    message->bytes = block->data + offset + LENGTH_SIZE;
    return offset + LENGTH_SIZE + message->length;
}
