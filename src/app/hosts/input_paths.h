/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file input_paths.h
 * Inputs of a command: a directory of captures stands for its captures.
 */
#ifndef APP_HOSTS_INPUT_PATHS_H
#define APP_HOSTS_INPUT_PATHS_H

/**
 * Returns @p paths (ended by NULL) with each directory that holds captures (.pcap, .pcapng or .cap, plain or
 * compressed; no hidden file) replaced by these captures in the order of their names. Such a directory stays
 * in the list, behind them, if it holds IPFIX files as well. g_strfreev the result.
 */
char **input_paths_expand(char *const *paths);

#endif
