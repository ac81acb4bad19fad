/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file tcp_options.h
 * TCP options of a SYN or SYN+ACK, parsed as in p0f 3.09b (process.c).
 */
#ifndef SYNFIX_TCP_OPTIONS_H
#define SYNFIX_TCP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Maximum number of options (p0f's limit). A packet with more options is malformed. */
#define SYNFIX_OPTION_LAYOUT_MAX 24

/** Option kinds that have a name in the text form (IANA TCP parameters). */
#define SYNFIX_OPTION_EOL  0u
#define SYNFIX_OPTION_NOP  1u
#define SYNFIX_OPTION_MSS  2u
#define SYNFIX_OPTION_WS   3u
#define SYNFIX_OPTION_SOK  4u
#define SYNFIX_OPTION_SACK 5u
#define SYNFIX_OPTION_TS   8u

/** The options of one TCP header. */
typedef struct synfix_tcp_options {
    uint8_t layout[SYNFIX_OPTION_LAYOUT_MAX]; /* kinds in wire order; unused ones 0 */
    uint8_t layout_count;
    uint8_t eol_padding;  /* bytes after the EOL; 0 without EOL */
    uint8_t window_scale; /* value of the option; 0 when absent */
    bool has_mss;
    bool has_window_scale;
    bool has_timestamps;
    bool nonzero_padding;     /* a byte after EOL is not 0 */
    bool malformed;           /* quirk `bad` */
    bool zero_timestamp;      /* a timestamp option has the own value 0 */
    bool nonzero_echo;        /* a timestamp option has an echoed value that is not 0 */
    bool excess_scale;        /* a window scale is above 14 */
    uint16_t mss;             /* 0 when absent */
    uint32_t timestamp_value; /* 0 when absent */
    uint32_t timestamp_echo;
} synfix_tcp_options_t;

/**
 * Parses TCP options. Cannot fail: `malformed` marks invalid options. Any thread.
 * @param options  bytes after the fixed TCP header; may be NULL if @p length is 0
 * @param length   in bytes, 0 to 40
 * @param result   owned by the caller, all fields are set
 */
SYNFIX_API void synfix_tcp_options_read(const uint8_t *options, size_t length, synfix_tcp_options_t *result);

#ifdef __cplusplus
}
#endif

#endif
