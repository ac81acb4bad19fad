/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file limit_report.h
 * Counters of the limits of a collecting process: refused messages, sessions and records. Logs each event at
 * a limited rate.
 */
#ifndef EXPORTER_COLLECTOR_LIMIT_REPORT_H
#define EXPORTER_COLLECTOR_LIMIT_REPORT_H

#include <glib.h>
#include <stdint.h>

typedef enum collect_limit {
    COLLECT_REJECTED,        /* messages that are not valid IPFIX, or that pass a limit of their session */
    COLLECT_NO_SESSION,      /* datagrams of peers that have not sent a valid template */
    COLLECT_NO_TEMPLATE,     /* data sets whose template is missing */
    COLLECT_ENDED,           /* sessions that had to make room */
    COLLECT_REFUSED_SESSION, /* sessions that found no room */
    COLLECT_HANDSHAKE,       /* TLS or DTLS handshakes that took too long */
    COLLECT_SESSION_TIMEOUT, /* sessions without a message for too long */
    COLLECT_NOT_PRINTED,     /* records past the output that their messages may cause */
    COLLECT_NOT_ARCHIVED, /* messages of sessions past the number of archive files, or whose file was deleted
                           */
    COLLECT_KERNEL_DROPS, /* datagrams that the kernel dropped because the socket's buffer was full */
    COLLECT_MISSING,      /* records whose sequence numbers were skipped */
    COLLECT_LATE,         /* of these, records that came later */
    COLLECT_DUPLICATE,    /* records of messages that came before */
    COLLECT_BROKEN,       /* connections that ended with an error, or inside a message */
    COLLECT_IRREGULAR,    /* domains of a session whose sequence numbers do not follow RFC 7011 */
    COLLECT_INCOMPLETE,   /* domains of a session that ended with lost or duplicate records */
    COLLECT_NO_HELLO,     /* datagrams of peers without a DTLS session that cannot begin one */
    COLLECT_REFUSED_RECORD, /* records of sessions over UDP that found no room */
    COLLECT_LIMITS,
} collect_limit_t;

/** Logs one line. @p text is never NULL and valid during the call. */
typedef void collect_log_function(void *user, const char *text);

typedef struct limit_report limit_report_t;

/** All counters are 0. @p log runs in the thread that adds; @p user is passed to it. Never NULL: the caller
 * frees with limit_report_free(). */
limit_report_t *limit_report_new(collect_log_function *log, void *user);
void limit_report_free(limit_report_t *report);

/** Counts @p count, and logs `peer: text`. Each limit logs a burst of lines, then one line a second; the next
 * line, or limit_report_end(), states the number of suppressed lines. @p text NULL: the description of the
 * limit. */
void limit_report_add(limit_report_t *report, collect_limit_t limit, uint64_t count, const char *peer,
                      const char *text);

/** Logs the number of lines that were suppressed since the last line of their limit: at the end of a run, and
 * before limit_report_free(). */
void limit_report_end(limit_report_t *report);

/** The sum of @p limit since the start. */
uint64_t limit_report_count(const limit_report_t *report, collect_limit_t limit);

/** `N description; N description`: all counters that are not 0, without COLLECT_REJECTED. NULL: there are
 * none. g_free it. */
char *limit_report_text(const limit_report_t *report);

/** Appends the counter of each limit as OpenMetrics text. */
void limit_report_metrics(const limit_report_t *report, GString *text);

#endif
