/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/limit_report.h"
#include "base/message_text.h"
#include <inttypes.h>
#include <stdbool.h>

/* Lines of one limit in a burst. After a burst, one line a second. */
#define BURST_LINES 20

typedef struct limit_state {
    uint64_t count;
    uint64_t silent; /* lines suppressed since the last one */
    int64_t refilled_us;
    unsigned lines; /* that may still be written */
} limit_state_t;

struct limit_report {
    collect_log_function *log;
    void *user;
    limit_state_t limits[COLLECT_LIMITS];
};

static const struct {
    const char *label; /* of the metric */
    const char *one;   /* of a log line */
    const char *noun;  /* of the summary, after a number */
    const char *rest;  /* of the summary, after the noun */
} words[COLLECT_LIMITS] = {
    [COLLECT_REJECTED] = {"message_rejected", "message rejected", "message", "rejected"},
    [COLLECT_NO_SESSION] = {"no_session", "no valid template yet: datagram discarded", "datagram",
                            "discarded from peers without a valid template"},
    [COLLECT_NO_TEMPLATE] = {"no_template", "data without its template: set skipped", "data set",
                             "skipped because of a missing template"},
    [COLLECT_ENDED] = {"session_ended", "session ended to make room", "session", "ended to make room"},
    [COLLECT_REFUSED_SESSION] = {"session_refused",
                                 "session refused: the table is full of sessions that deliver", "session",
                                 "refused because the table was full"},
    [COLLECT_HANDSHAKE] = {"handshake_timeout", "session ended: the handshake took too long", "handshake",
                           "that took too long"},
    [COLLECT_SESSION_TIMEOUT] = {"session_timeout", "session ended: no message for too long", "session",
                                 "ended without a message for too long"},
    [COLLECT_NOT_PRINTED] = {"not_printed", "record not printed: more output than its messages may cause",
                             "record", "not printed because of the limit of output"},
    [COLLECT_NOT_ARCHIVED] = {"not_archived", "message not archived", "message",
                              "not archived: too many archive files, or another process deleted the file"},
    [COLLECT_KERNEL_DROPS] = {"kernel_drop", "datagrams dropped by the kernel: the receive buffer was full",
                              "datagram", "dropped by the kernel because the receive buffer was full"},
    [COLLECT_MISSING] = {"missing", "records missing", "record", "missing in the sequence"},
    [COLLECT_LATE] = {"late", "missing records arrived late", "missing record", "arrived late"},
    [COLLECT_DUPLICATE] = {"duplicate", "records arrived twice", "record", "arrived twice"},
    [COLLECT_BROKEN] = {"connection_broken", "connection broken", "connection",
                        "ended with an error or inside a message"},
    [COLLECT_IRREGULAR] = {"irregular_sequence", "the sequence numbers do not follow RFC 7011 section 3.1",
                           "domain", "with sequence numbers that do not follow RFC 7011"},
    [COLLECT_INCOMPLETE] = {"incomplete_domain", "records lost or duplicate", "domain",
                            "of a session that ended with lost or duplicate records"},
    [COLLECT_NO_HELLO] = {"no_hello", "no ClientHello and no session: datagram discarded", "datagram",
                          "discarded from peers without a DTLS session"},
    [COLLECT_REFUSED_RECORD] = {"record_refused", "records discarded: the session was refused", "record",
                                "discarded with refused sessions"},
};

limit_report_t *limit_report_new(collect_log_function *log, void *user)
{
    limit_report_t *const report = g_new0(limit_report_t, 1);
    report->log = log;
    report->user = user;
    for (int i = 0; i < COLLECT_LIMITS; i++) {
        report->limits[i].lines = BURST_LINES;
    }
    return report;
}

void limit_report_free(limit_report_t *report)
{
    g_free(report);
}

static bool may_log(limit_state_t *state, int64_t now)
{
    const int64_t seconds = (now - state->refilled_us) / G_USEC_PER_SEC;
    if (seconds > 0) {
        state->lines = (unsigned)MIN(state->lines + seconds, (int64_t)BURST_LINES);
        state->refilled_us = now;
    }
    if (state->lines == 0) {
        state->silent++;
        return false;
    }
    state->lines--;
    return true;
}

void limit_report_add(limit_report_t *report, collect_limit_t limit, uint64_t count, const char *peer,
                      const char *text)
{
    limit_state_t *const state = &report->limits[limit];
    state->count += count;
    if (!may_log(state, g_get_monotonic_time())) {
        return;
    }
    g_autoptr(GString) line = g_string_new(NULL);
    g_string_printf(line, "%s: %s", peer, text != NULL ? text : words[limit].one);
    if (state->silent > 0) {
        g_string_append_printf(line, " (%" PRIu64 " more line%s like this one suppressed)", state->silent,
                               plural(state->silent));
        state->silent = 0;
    }
    report->log(report->user, line->str);
}

void limit_report_end(limit_report_t *report)
{
    for (int i = 0; i < COLLECT_LIMITS; i++) {
        const uint64_t silent = report->limits[i].silent;
        report->limits[i].silent = 0;
        if (silent > 0) {
            g_autofree char *line =
                g_strdup_printf("%s (%" PRIu64 " line%s suppressed)", words[i].one, silent, plural(silent));
            report->log(report->user, line);
        }
    }
}

uint64_t limit_report_count(const limit_report_t *report, collect_limit_t limit)
{
    return report->limits[limit].count;
}

char *limit_report_text(const limit_report_t *report)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < COLLECT_LIMITS; i++) {
        if (i != COLLECT_REJECTED && report->limits[i].count > 0) {
            const uint64_t count = report->limits[i].count;
            g_string_append_printf(text, "%s%" PRIu64 " %s%s %s", text->len > 0 ? "; " : "", count,
                                   words[i].noun, plural(count), words[i].rest);
        }
    }
    return text->len > 0 ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

void limit_report_metrics(const limit_report_t *report, GString *text)
{
    g_string_append(
        text, "# TYPE synfix_collect_limits counter\n"
              "# HELP synfix_collect_limits Messages, records, sets and sessions that were not accepted.\n");
    for (int i = 0; i < COLLECT_LIMITS; i++) {
        g_string_append_printf(text, "synfix_collect_limits_total{limit=\"%s\"} %" PRIu64 "\n",
                               words[i].label, report->limits[i].count);
    }
}
