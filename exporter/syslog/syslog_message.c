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

/* The choices of the options are the names of the tables. */
static unsigned number_of(const char *name, const char *const *names, size_t count)
{
    for (unsigned i = 0; i < count; i++) {
        if (names[i] != NULL && strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return 0;
}

static void read_priorities(const synfix_options_t *options, syslog_settings_t *settings)
{
    static const char *const names[2] = {"severity", "change-severity"};
    const unsigned facility =
        number_of(synfix_options_string(options, "facility"), facilities, G_N_ELEMENTS(facilities));
    for (unsigned i = 0; i < 2; i++) {
        settings->priority[i] = facility * 8 + number_of(synfix_options_string(options, names[i]), severities,
                                                         G_N_ELEMENTS(severities));
    }
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

static synfix_status_t check_app(const synfix_options_t *options, synfix_error_t *error)
{
    return check_field("app-name", synfix_options_string(options, "app-name"), SYSLOG_APP_NAME_MAX, error);
}

static synfix_status_t check_hostname(const synfix_options_t *options, synfix_error_t *error)
{
    const char *given = synfix_options_string(options, "hostname");
    g_autofree char *hostname = given != NULL ? g_strdup(given) : own_hostname();
    return check_field("hostname", hostname, SYSLOG_HOSTNAME_MAX, error);
}

void syslog_settings_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    (void)synfix_mistakes_add(mistakes, "app-name", check_app(options, &error), &error);
    (void)synfix_mistakes_add(mistakes, "hostname", check_hostname(options, &error), &error);
}

static void make_header(const synfix_options_t *options, syslog_settings_t *settings)
{
    const char *app = synfix_options_string(options, "app-name");
    const char *given = synfix_options_string(options, "hostname");
    g_autofree char *hostname = given != NULL ? g_strdup(given) : own_hostname();
    settings->header[0] =
        settings->local ? g_strdup_printf("%s[%ld]: ", app, (long)getpid()) : g_strdup("1 ");
    settings->header[1] =
        settings->local ? g_strdup("") : g_strdup_printf(" %s %s %ld ", hostname, app, (long)getpid());
}

synfix_status_t syslog_settings_read(const synfix_options_t *options, bool local, syslog_settings_t *settings,
                                     synfix_error_t *error)
{
    const char *format = synfix_options_string(options, "format");
    *settings = (syslog_settings_t){.message_max = (uint32_t)synfix_options_integer(options, "max-size")};
    synfix_status_t status = check_app(options, error);
    status = status == SYNFIX_OK ? check_hostname(options, error) : status;
    if (status != SYNFIX_OK) {
        return status;
    }
    settings->local = strcmp(format, "local") == 0 || (strcmp(format, "auto") == 0 && local);
    read_priorities(options, settings);
    make_header(options, settings);
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
    writer_date_time(line, writer_seconds(time_ns, &rest), '-', 'T');
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

static synfix_status_t encode(void *encoder, const synfix_observation_t *observation, synfix_block_t *block)
{
    const syslog_settings_t *settings = text_cache_settings(encoder);
    text_writer_t line = writer_begin(block);
    char *const length_at = line.at;
    writer_bytes(&line, "\0\0\0", LENGTH_SIZE);
    write_header(&line, settings, observation);
    json_event(&line, encoder, observation, true, false);
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
    .block_size = TEXT_BLOCK_SIZE, .create = json_cache_create, .encode = encode, .destroy = text_cache_free};

uint32_t syslog_message_at(const synfix_block_t *block, uint32_t offset, syslog_message_t *message)
{
    memcpy(&message->length, block->data + offset, sizeof message->length);
    message->bytes = block->data + offset + LENGTH_SIZE;
    return offset + LENGTH_SIZE + message->length;
}
