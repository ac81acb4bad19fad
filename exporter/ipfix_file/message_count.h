/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file message_count.h
 * Counts the messages of an open IPFIX file as a reader finds them. A compressed file is decompressed: the
 * number of its frames is not that of its messages, because other programs write frames with several or none.
 */
#ifndef EXPORTER_IPFIX_FILE_MESSAGE_COUNT_H
#define EXPORTER_IPFIX_FILE_MESSAGE_COUNT_H

#include <stdint.h>

/**
 * Reads the file of @p descriptor from its beginning, and moves the position of the descriptor.
 * @param path the name of the file; `.ipfix.zst` at its end means a compressed file
 * @param most the count ends there
 * @return messages up to a failure to read; damaged messages do not count
 */
uint64_t message_count(int descriptor, const char *path, uint64_t most);

#endif
