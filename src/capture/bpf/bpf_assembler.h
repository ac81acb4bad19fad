/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file bpf_assembler.h
 * Programs of classic BPF, written with labels. Jumps of that machine go forward only and conditional ones
 * reach 255 instructions: whichever reaches farther gets an unconditional one behind it.
 */
#ifndef CAPTURE_BPF_BPF_ASSEMBLER_H
#define CAPTURE_BPF_BPF_ASSEMBLER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ASSEMBLER_LABELS 1024u

/** Made by assembler_label, used by any number of jumps, bound once behind all of them. */
typedef uint16_t label_t;

/** Where execution goes on without a jump. */
#define LABEL_NEXT 0u

typedef struct assembler_step {
    uint16_t code;
    label_t yes; /* of jumps */
    label_t no;
    uint32_t k;
} assembler_step_t;

/** Some 50 KiB: not for the stack. Start with zeros. */
typedef struct assembler {
    assembler_step_t steps[BPF_MAXINSNS];
    uint16_t count;
    uint16_t places[ASSEMBLER_LABELS];
    uint16_t label_count;
    uint16_t bound_at; /* place of the newest label */
    bool full;         /* something did not fit */
} assembler_t;

label_t assembler_label(assembler_t *a);
void assembler_bind(assembler_t *a, label_t label);

/** Any instruction but jumps. */
void assembler_step(assembler_t *a, unsigned code, uint32_t k);

void assembler_go(assembler_t *a, label_t label);

/** Jumps to @p yes if the accumulator is @p value (BPF_JEQ), above it (BPF_JGT), not below it (BPF_JGE) or
 * has one of its bits (BPF_JSET), else to @p no. */
void assembler_branch(assembler_t *a, unsigned test, uint32_t value, label_t yes, label_t no);

static inline void assembler_go_if(assembler_t *a, unsigned test, uint32_t value, label_t label)
{
    assembler_branch(a, test, value, label, LABEL_NEXT);
}

static inline void assembler_go_unless(assembler_t *a, unsigned test, uint32_t value, label_t label)
{
    assembler_branch(a, test, value, LABEL_NEXT, label);
}

/** Writes the program to @p program. Its length; 0 when it is longer than @p room, or did not fit in the
 * assembler. */
size_t assembler_finish(const assembler_t *a, struct sock_filter *program, size_t room);

#endif
