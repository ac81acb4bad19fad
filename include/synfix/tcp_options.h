/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file tcp_options.h
 * TCP options of a SYN or SYN+ACK, read the way p0f 3.09b reads them.
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

/** Options that are looked at; more of them are malformed (p0f's limit). */
#define SYNFIX_OPTION_LAYOUT_MAX 24

/** Option kinds that have a name in the text form (IANA TCP parameters). */
#define SYNFIX_OPTION_EOL  0u
#define SYNFIX_OPTION_NOP  1u
#define SYNFIX_OPTION_MSS  2u
#define SYNFIX_OPTION_WS   3u
#define SYNFIX_OPTION_SOK  4u
#define SYNFIX_OPTION_SACK 5u
#define SYNFIX_OPTION_TS   8u

typedef struct synfix_tcp_options {
    uint8_t layout[SYNFIX_OPTION_LAYOUT_MAX]; /* kinds in wire order; unused ones 0 */
    uint8_t layout_count;
    uint8_t eol_padding;  /* bytes after the EOL; 0 without one */
    uint8_t window_scale; /* value of the option; 0 when absent */
    bool has_mss;
    bool has_window_scale;
    bool has_timestamps;
    bool nonzero_padding;     /* a byte that is not 0 after EOL (D11) */
    bool malformed;           /* quirk `bad` */
    bool zero_timestamp;      /* any timestamp option with own value 0 */
    bool nonzero_echo;        /* any timestamp option with an echoed value that is not 0 */
    bool excess_scale;        /* any window scale over 14 */
    uint16_t mss;             /* 0 when absent */
    uint32_t timestamp_value; /* 0 when absent */
    uint32_t timestamp_echo;
} synfix_tcp_options_t;

/** Reads @p length (0 to 40) bytes at @p options. Never fails: what is wrong is told in `malformed`. Any
 * thread. */
SYNFIX_API void synfix_tcp_options_read(const uint8_t *options, size_t length, synfix_tcp_options_t *result);

#ifdef __cplusplus
}
#endif

#endif
