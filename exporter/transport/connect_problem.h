/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file connect_problem.h
 * Why an address cannot be reached, as text with the remedy. For all sinks that connect a socket themselves.
 * Any thread.
 */
#ifndef EXPORTER_TRANSPORT_CONNECT_PROBLEM_H
#define EXPORTER_TRANSPORT_CONNECT_PROBLEM_H

/** Text for the errno @p number of connect() or of a send on a connected socket. Static, or of the C library.
 */
const char *connect_problem(int number);

/** Text for the error @p code of getaddrinfo() for @p host, which may have a zone. Free it (g_free). */
char *connect_name_problem(const char *host, int code);

#endif
