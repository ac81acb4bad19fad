/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file expression.h
 * libpcap expressions of captures. Any thread.
 */
#ifndef CAPTURE_FILE_EXPRESSION_H
#define CAPTURE_FILE_EXPRESSION_H

#include <pcap/pcap.h>
#include <stdint.h>
#include <synfix/module.h>

/**
 * Compiles @p text for packets of @p link_type (LINKTYPE_ number of a capture file).
 * @param program  on success owned by the caller: pcap_freecode(); unchanged after a failure
 * @return SYNFIX_INVALID with the cause USAGE: a mistake in @p text, or a restriction of the link type;
 *         SYNFIX_NO_MEMORY; SYNFIX_NOT_FOUND: libpcap is not installed
 */
synfix_status_t expression_compile(const char *text, uint32_t link_type, struct bpf_program *program,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Adds a mistake for the option `filter` of @p options if no link type accepts the expression: the link type
 * of a capture is known when the file is open.
 */
void expression_check(const synfix_options_t *options, synfix_mistakes_t *mistakes);

#endif
