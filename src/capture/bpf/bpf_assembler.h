/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file bpf_assembler.h
 * Assembler for classic BPF programs with labels. Jumps go forward only, and conditional jumps reach 255
 * instructions: for longer distances the assembler inserts unconditional jumps.
 */
#ifndef CAPTURE_BPF_BPF_ASSEMBLER_H
#define CAPTURE_BPF_BPF_ASSEMBLER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ASSEMBLER_LABELS 1024u

/** Created by assembler_label, used by any number of jumps, and bound once, after all of them. */
typedef uint16_t label_t;

/** The next instruction. */
#define LABEL_NEXT 0u

typedef struct assembler_step {
    uint16_t code;
    label_t yes; /* targets of a jump */
    label_t no;
    uint32_t k;
} assembler_step_t;

/** About 50 KiB: too large for the stack. Initialise with zeros. */
typedef struct assembler {
    assembler_step_t steps[BPF_MAXINSNS];
    uint16_t count;
    uint16_t positions[ASSEMBLER_LABELS];
    uint16_t label_count;
    uint16_t bound_at; /* position of the newest label */
    bool full;         /* the program is too long */
} assembler_t;

/** A new label, which is not bound yet. At most ASSEMBLER_LABELS. */
label_t assembler_label(assembler_t *a);
/** The label stands for the next instruction. */
void assembler_bind(assembler_t *a, label_t label);

/** Appends an instruction that is not a jump. */
void assembler_step(assembler_t *a, unsigned code, uint32_t k);

/** Appends a jump to @p label, which is bound later. */
void assembler_go(assembler_t *a, label_t label);

/**
 * Appends a conditional jump: to @p yes if the accumulator is @p value (BPF_JEQ), above it (BPF_JGT), not
 * below it (BPF_JGE) or shares a bit with it (BPF_JSET), else to @p no.
 */
void assembler_branch(assembler_t *a, unsigned test, uint32_t value, label_t yes, label_t no);

static inline void assembler_go_if(assembler_t *a, unsigned test, uint32_t value, label_t label)
{
    assembler_branch(a, test, value, label, LABEL_NEXT);
}

static inline void assembler_go_unless(assembler_t *a, unsigned test, uint32_t value, label_t label)
{
    assembler_branch(a, test, value, LABEL_NEXT, label);
}

/**
 * Writes the program to @p program. Returns its length; 0 if it exceeds @p room or did not fit into the
 * assembler.
 */
size_t assembler_finish(const assembler_t *a, struct sock_filter *program, size_t room);

#endif
