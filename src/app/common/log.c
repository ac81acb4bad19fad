/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/log.h"
#include "app/common/advice.h"
#include "app/common/standard_error.h"
#include "base/message_text.h"
#include "base/secrets.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct log {
    pthread_mutex_t mutex;
    int level;
    gboolean journal;
    gboolean all_errors;
    gint64 period_start_us;
    unsigned lines; /* in this period */
    unsigned held;  /* not written in this period */
};

static const struct {
    const char *name;
    int level;
} level_names[] = {
    {"error", LOG_LEVEL_ERROR},   {"warn", LOG_LEVEL_WARNING},     {"warning", LOG_LEVEL_WARNING},
    {"notice", LOG_LEVEL_NOTICE}, {"info", LOG_LEVEL_INFORMATION}, {"information", LOG_LEVEL_INFORMATION},
    {"debug", LOG_LEVEL_DEBUG},
};
static const int syslog_priorities[] = {3, 4, 5, 6, 7};

/* $JOURNAL_STREAM contains device and inode of the stream of the journal: standard error may have been
 * redirected since. */
static gboolean journal_reads_us(void)
{
    struct stat file;
    const char *stream = g_getenv("JOURNAL_STREAM");
    if (stream == NULL || fstat(STDERR_FILENO, &file) != 0) {
        return FALSE;
    }
    g_autofree char *own = g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64)file.st_dev,
                                           (guint64)file.st_ino);
    return strcmp(own, stream) == 0;
}

log_t *log_new(int level)
{
    log_t *log = g_new0(log_t, 1);
    (void)pthread_mutex_init(&log->mutex, NULL);
    log->level = level;
    log->journal = journal_reads_us();
    return log;
}

int log_level_of(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(level_names); i++) {
        if (strcmp(level_names[i].name, name) == 0) {
            return level_names[i].level;
        }
    }
    return -1;
}

void log_keep_errors(log_t *log)
{
    log->all_errors = TRUE;
}

void log_set_level(log_t *log, int level)
{
    (void)pthread_mutex_lock(&log->mutex);
    log->level = level;
    (void)pthread_mutex_unlock(&log->mutex);
}

static void put(const log_t *log, int level, const char *text)
{
    g_autofree char *line = log->journal ? g_strdup_printf("<%d>synfix: %s\n", syslog_priorities[level], text)
                                         : g_strdup_printf("synfix: %s\n", text);
    standard_error_write(line);
}

static void log_held(log_t *log)
{
    char text[64];
    if (log->held == 0) {
        return;
    }
    snprintf(text, sizeof text, "%u more message%s suppressed", log->held, plural(log->held));
    put(log, LOG_LEVEL_WARNING, text);
    log->held = 0;
}

/* With the mutex held: whether one more line may be written now. */
static gboolean admit(log_t *log, gint64 now_us)
{
    if (now_us - log->period_start_us > LOG_PERIOD_MS * 1000 || log->period_start_us == 0) {
        log_held(log);
        log->period_start_us = now_us;
        log->lines = 0;
    }
    if (log->lines >= LOG_BURST) {
        log->held++;
        return FALSE;
    }
    log->lines++;
    return TRUE;
}

static void write_line(log_t *log, int level, char *text)
{
    replace_unprintable_bytes(text); /* names of files */
    (void)secrets_mask_message(text);
    level = CLAMP(level, LOG_LEVEL_ERROR, LOG_LEVEL_DEBUG);
    (void)pthread_mutex_lock(&log->mutex);
    const gboolean always = log->all_errors && level == LOG_LEVEL_ERROR;
    if (level <= log->level && (always || admit(log, g_get_monotonic_time()))) {
        put(log, level, text);
    }
    (void)pthread_mutex_unlock(&log->mutex);
}

void log_line(log_t *log, int level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char text[1024];
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    write_line(log, level, text);
}

void log_text(void *log, int level, const char *text)
{
    const char *advice = level <= LOG_LEVEL_WARNING ? advice_for(text) : NULL;
    g_autofree char *line = advice != NULL ? g_strconcat(text, "; ", advice, NULL) : g_strdup(text);
    write_line(log, level, line);
}

void log_free(log_t *log)
{
    if (log == NULL) {
        return;
    }
    log_held(log);
    (void)pthread_mutex_destroy(&log->mutex);
    g_free(log);
}
