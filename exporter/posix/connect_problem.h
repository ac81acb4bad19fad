/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file connect_problem.h
 * The reason why an address cannot be reached, with the remedy. For all sinks with a connection. Any thread.
 */
#ifndef EXPORTER_POSIX_CONNECT_PROBLEM_H
#define EXPORTER_POSIX_CONNECT_PROBLEM_H

/** Reason and remedy for the errno @p number of connect() or of a send on a connected socket. Static, or of
 * the C library. */
const char *connect_problem(int number);

/**
 * Copies the message @p text of another library about a connection. In the copy, connect_problem() replaces
 * the text of strerror() and the words after it. NULL: connect_problem() adds nothing to strerror() for the
 * error. The caller frees the copy (g_free).
 */
char *connect_problem_explain(const char *text);

/** Text for the error @p code of getaddrinfo() for @p host, which may have a zone. The caller frees the text
 * (g_free). */
char *connect_name_problem(const char *host, int code);

#endif
