/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file bench_input.h
 * Packets in memory for the benchmarks; any failure ends the program.
 */
#ifndef BENCH_INPUT_H
#define BENCH_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <synfix/packet.h>

typedef struct buffered_input {
    synfix_packet_t *packets;
    size_t count;
    uint8_t *bytes;
    size_t length;
    size_t capacity;
    uint32_t link_type;
} buffered_input_t;

_Noreturn void bench_fail(const char *what);

/** The packets of a capture. */
void input_read(buffered_input_t *input, const char *path);
/** @p count SYNs of one kind, all with other addresses. */
void input_make(buffered_input_t *input, size_t count);
/** Another window and MSS in each SYN: no two signatures are the same. */
void input_make_distinct(buffered_input_t *input);
void input_free(buffered_input_t *input);

#endif
