/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/run/log_start.h"
#include "app/config/setting_values.h"
#include "module/module_spec.h"

#include <string.h>

/* Each setting of the group `filter` that is set, as in the configuration; `none` without one. */
static char *filter_text(const settings_t *settings)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (const setting_t *entry = settings_table; entry->name != NULL; entry++) {
        const void *field = (const char *)settings + entry->offset;
        g_autofree char *value = NULL;
        if (g_strcmp0(entry->group, "filter") != 0) {
            continue;
        }
        if (entry->kind == SETTING_LIST) {
            char **const *list = field;
            value = *list != NULL ? g_strjoinv(",", *list) : NULL;
        } else {
            char *const *single = field;
            value = g_strdup(*single);
        }
        if (value != NULL) {
            g_string_append_printf(text, "%s%s = %s", text->len > 0 ? "; " : "", entry->name, value);
        }
    }
    return g_strdup(text->len > 0 ? text->str : "none");
}

/* Names only: options may hold secrets. */
static void log_specs(log_t *log, const char *what, const GPtrArray *specs)
{
    for (guint i = 0; i < specs->len; i++) {
        const module_spec_t *spec = specs->pdata[i];
        log_line(log, LOG_LEVEL_NOTICE, "%s: %s", what, spec->name);
    }
}

/* Limits of network interfaces; a source of sFlow reports its own buffer. */
static char *capture_limits(const settings_t *settings)
{
    bool captures = false;
    for (char *const *name = settings->interface; *name != NULL; name++) {
        captures = captures || !values_is_sflow(*name);
    }
    return captures ? g_strdup_printf("kernel buffer %" G_GINT64_FORMAT " KiB, %" G_GINT64_FORMAT
                                      " bytes of a packet; ",
                                      settings->buffer / 1024, settings->snaplen)
                    : g_strdup("");
}

static void log_limits(log_t *log, const settings_t *settings)
{
    g_autofree char *capture = capture_limits(settings);
    log_line(log, LOG_LEVEL_NOTICE,
             "limits: %seach worker: %" G_GINT64_FORMAT " signatures, %" G_GINT64_FORMAT
             " handshakes, %" G_GINT64_FORMAT " hosts; queue to each sink: %" G_GINT64_FORMAT " KiB",
             capture, settings->fingerprint_slots, settings->handshakes, settings->hosts,
             settings->queue / 1024);
}

void log_start(log_t *log, const settings_t *settings, const prepared_t *prepared)
{
    g_autofree char *interfaces = g_strjoinv(", ", settings->interface);
    g_autofree char *filter = filter_text(settings);
    log_line(log, LOG_LEVEL_NOTICE, "interfaces: %s", interfaces);
    log_line(log, LOG_LEVEL_NOTICE, "filter: %s", filter);
    log_specs(log, "sink", prepared->sinks);
    log_specs(log, "enricher", prepared->enrichers);
    log_limits(log, settings);
}
