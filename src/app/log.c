/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct log {
    GMutex mutex;
    int level;
    gboolean journal;
    gint64 period_start_us;
    unsigned lines; /* in this period */
    unsigned held;  /* not written in this period */
};

static const char *const level_names[] = {"error", "warning", "notice", "information", "debug"};
static const int syslog_priorities[] = {3, 4, 5, 6, 7};

log_t *log_new(int level)
{
    log_t *log = g_new0(log_t, 1);
    g_mutex_init(&log->mutex);
    log->level = level;
    log->journal = g_getenv("JOURNAL_STREAM") != NULL;
    return log;
}

void log_free(log_t *log)
{
    if (!log)
        return;
    g_mutex_clear(&log->mutex);
    g_free(log);
}

int log_level_of(const char *name)
{
    for (int i = 0; i < (int)G_N_ELEMENTS(level_names); i++)
        if (strcmp(level_names[i], name) == 0)
            return i;
    return -1;
}

void log_set_level(log_t *log, int level)
{
    g_mutex_lock(&log->mutex);
    log->level = level;
    g_mutex_unlock(&log->mutex);
}

static void put(const log_t *log, int level, const char *text)
{
    if (log->journal)
        fprintf(stderr, "<%d>synfix: %s\n", syslog_priorities[level], text);
    else
        fprintf(stderr, "synfix: %s\n", text);
}

/* With the mutex held: whether one more line may be written now. */
static gboolean admit(log_t *log, gint64 now_us)
{
    if (now_us - log->period_start_us > LOG_PERIOD_MS * 1000 || log->period_start_us == 0) {
        if (log->held > 0) {
            char text[64];
            snprintf(text, sizeof text, "%u more messages were held back", log->held);
            put(log, LOG_LEVEL_WARNING, text);
        }
        log->period_start_us = now_us;
        log->lines = 0;
        log->held = 0;
    }
    if (log->lines >= LOG_BURST) {
        log->held++;
        return FALSE;
    }
    log->lines++;
    return TRUE;
}

void log_text(void *user, int level, const char *text)
{
    log_t *log = user;
    level = CLAMP(level, 0, (int)G_N_ELEMENTS(level_names) - 1);
    g_mutex_lock(&log->mutex);
    if (level <= log->level && admit(log, g_get_monotonic_time()))
        put(log, level, text);
    g_mutex_unlock(&log->mutex);
}

void log_line(log_t *log, int level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char text[1024];
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    log_text(log, level, text);
}
