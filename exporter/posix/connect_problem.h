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
 * The message @p text of another library about a connection, with the text of connect_problem() in the place
 * of strerror() and of all that follows. NULL: connect_problem() has no other text. Free it (g_free).
 */
char *connect_problem_explain(const char *text);

/** Text for the error @p code of getaddrinfo() for @p host, which may have a zone. Free it (g_free). */
char *connect_name_problem(const char *host, int code);

#endif
