/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file input_paths.h
 * Inputs of a command: a directory of captures stands for its captures.
 */
#ifndef APP_HOSTS_INPUT_PATHS_H
#define APP_HOSTS_INPUT_PATHS_H

/** Receives the number of files of a directory, not hidden, that have no name of a capture or IPFIX file. */
typedef void (*input_paths_others_t)(const char *directory, unsigned files);

/**
 * Returns @p paths (ended by NULL) with each directory that holds captures replaced by these captures in the
 * order of their names, numbers by their value. Such a directory stays in the list, after them, if it holds
 * IPFIX files as well. @p others (may be NULL) is called once for each directory with files that are left
 * out. g_strfreev the result.
 *
 * A capture is not hidden and ends, in letters of any case, in .pcap, .pcapng or .cap, then perhaps digits
 * and a number after a dot (c.pcap2, as tcpdump -C writes it; c.pcap.2, as log rotation does), then perhaps
 * the suffix of a compression.
 */
char **input_paths_expand(char *const *paths, input_paths_others_t others);

#endif
