/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file network_interfaces.h
 * The network interfaces of this host, for users.
 */
#ifndef APP_COMMAND_NETWORK_INTERFACES_H
#define APP_COMMAND_NETWORK_INTERFACES_H

#include <glib.h>

/** Appends a line `NAME  up|down` for each interface, then `any`. FALSE: the system does not list them
 * (errno). */
gboolean network_interfaces_list(GString *out);

/** The names in one line, as in `eth0, lo, any`. The caller frees it. */
char *network_interfaces_names(void);

#endif
