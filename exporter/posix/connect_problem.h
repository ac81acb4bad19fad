/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file connect_problem.h
 * The reason why an address cannot be reached, with the remedy. For all sinks with a connection. Any thread.
 */
#ifndef EXPORTER_POSIX_CONNECT_PROBLEM_H
#define EXPORTER_POSIX_CONNECT_PROBLEM_H

/** Text for the errno @p number of connect() or of a send on a connected socket. Static, or of the C library.
 */
const char *connect_problem(int number);

/**
 * Copies the message @p text of another library about a connection. The copy ends with connect_problem()
 * instead of the text of strerror() and the words after it. NULL: connect_problem() has no text of its own
 * for the error. Free it (g_free).
 */
char *connect_problem_explain(const char *text);

/** Text for the error @p code of getaddrinfo() for @p host, which may have a zone. Free it (g_free). */
char *connect_name_problem(const char *host, int code);

#endif
