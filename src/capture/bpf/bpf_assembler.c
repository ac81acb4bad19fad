/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/bpf/bpf_assembler.h"
#include <assert.h>
#include <stdbool.h>

#define REACH 255u /* of a conditional jump */

static assembler_step_t *add(assembler_t *a, unsigned code, uint32_t k)
{
    a->full |= a->count == BPF_MAXINSNS;
    assembler_step_t *step = &a->steps[a->full ? a->count - 1u : a->count++];
    *step = (assembler_step_t){.code = (uint16_t)code, .k = k};
    return step;
}

static bool conditional(const assembler_step_t *step)
{
    return BPF_CLASS(step->code) == BPF_JMP && BPF_OP(step->code) != BPF_JA;
}

static bool jumps(const assembler_step_t *step)
{
    return BPF_CLASS(step->code) == BPF_JMP && BPF_OP(step->code) == BPF_JA;
}

label_t assembler_label(assembler_t *a)
{
    a->full |= a->label_count + 1u == ASSEMBLER_LABELS;
    return a->full ? a->label_count : ++a->label_count; /* 0 is LABEL_NEXT */
}

void assembler_bind(assembler_t *a, label_t label)
{
    a->positions[label] = a->count;
    a->bound_at = a->count;
}

void assembler_step(assembler_t *a, unsigned code, uint32_t k)
{
    (void)add(a, code, k);
}

void assembler_go(assembler_t *a, label_t label)
{
    assembler_step_t *last = a->count > 0 && a->bound_at != a->count ? &a->steps[a->count - 1] : NULL;
    if (last != NULL && conditional(last) && last->no == LABEL_NEXT) {
        last->no = label;
    } else if (last != NULL && conditional(last) && last->yes == LABEL_NEXT) {
        last->yes = label;
    } else {
        add(a, BPF_JMP | BPF_JA, 0)->yes = label;
    }
}

void assembler_branch(assembler_t *a, unsigned test, uint32_t value, label_t yes, label_t no)
{
    assembler_step_t *step = add(a, BPF_JMP | test | BPF_K, value);
    step->yes = yes;
    step->no = no;
}

/* Number of the step that is executed next; a jump to a jump leads to the target of the second jump. */
static unsigned target(const assembler_t *a, unsigned from, label_t label)
{
    unsigned position = label == LABEL_NEXT ? from + 1u : a->positions[label];
    while (position < a->count && jumps(&a->steps[position])) {
        position = a->positions[a->steps[position].yes];
    }
    assert(position > from && position < a->count); /* bound, and later */
    return position;
}

/* How a branch of a conditional jump gets to its target. */
typedef enum branch_way {
    DIRECT,
    SHARED,
    OWN
} branch_way_t; /* the latter two: over a jump after another step, after this one */

typedef struct program_layout {
    uint16_t positions[BPF_MAXINSNS + 1]; /* of each step in the program */
    uint8_t ways[BPF_MAXINSNS][2];
} program_layout_t;

static label_t branch_of(const assembler_step_t *step, unsigned side)
{
    return side == 0 ? step->yes : step->no;
}

static size_t lay_out(const assembler_t *a, program_layout_t *layout)
{
    unsigned position = 0;
    for (unsigned i = 0; i < a->count; i++) {
        layout->positions[i] = (uint16_t)position;
        position += 1u + (layout->ways[i][0] == OWN) + (layout->ways[i][1] == OWN);
    }
    layout->positions[a->count] = (uint16_t)position;
    return position;
}

/* Where the jump after step @p i for one side stands. */
static unsigned island(const program_layout_t *layout, unsigned i, unsigned side)
{
    return layout->positions[i] + 1u + (side == 1 && layout->ways[i][0] == OWN);
}

/* The next jump to @p goal that is there already and can be reached from @p i; 0: none. */
static unsigned find_island(const assembler_t *a, const program_layout_t *layout, unsigned i, unsigned goal)
{
    for (unsigned j = i + 1; j < a->count && (unsigned)(layout->positions[j] - layout->positions[i]) <= REACH;
         j++) {
        for (unsigned side = 0; side < 2; side++) {
            if (layout->ways[j][side] == OWN && target(a, j, branch_of(&a->steps[j], side)) == goal &&
                island(layout, j, side) - layout->positions[i] - 1u <= REACH) {
                return island(layout, j, side);
            }
        }
    }
    return 0;
}

/* Whether another branch turned out to be longer than thought. From the end, since later jumps are shared.
 */
static bool stretch(const assembler_t *a, program_layout_t *layout)
{
    bool any = false;
    for (unsigned i = a->count; i-- > 0;) {
        for (unsigned side = 0; side < 2 && conditional(&a->steps[i]); side++) {
            const unsigned goal = target(a, i, branch_of(&a->steps[i], side));
            uint8_t *way = &layout->ways[i][side];
            const uint8_t before = *way;
            if (*way == DIRECT && layout->positions[goal] - layout->positions[i] - 1u > REACH) {
                *way = SHARED;
            }
            if (*way == SHARED && find_island(a, layout, i, goal) == 0) {
                *way = OWN;
            }
            any |= *way != before;
        }
    }
    return any;
}

static void write_branches(const assembler_t *a, const program_layout_t *layout, unsigned i,
                           struct sock_filter *program)
{
    struct sock_filter *out = &program[layout->positions[i]];
    for (unsigned side = 0; side < 2; side++) {
        const unsigned goal = target(a, i, branch_of(&a->steps[i], side));
        unsigned position = layout->positions[goal];
        if (layout->ways[i][side] == SHARED) {
            position = find_island(a, layout, i, goal);
        }
        if (layout->ways[i][side] == OWN) {
            position = island(layout, i, side);
            program[position] =
                (struct sock_filter){.code = BPF_JMP | BPF_JA, .k = layout->positions[goal] - position - 1u};
        }
        *(side == 0 ? &out->jt : &out->jf) = (uint8_t)(position - layout->positions[i] - 1u);
    }
}

size_t assembler_finish(const assembler_t *a, struct sock_filter *program, size_t room)
{
    program_layout_t layout = {.positions = {0}};
    if (a->full) {
        return 0;
    }
    size_t length = lay_out(a, &layout);
    while (stretch(a, &layout)) {
        length = lay_out(a, &layout);
    }
    if (length > room) {
        return 0;
    }
    for (unsigned i = 0; i < a->count; i++) {
        const assembler_step_t *step = &a->steps[i];
        struct sock_filter *out = &program[layout.positions[i]];
        *out = (struct sock_filter){.code = step->code, .k = step->k};
        if (conditional(step)) {
            write_branches(a, &layout, i, program);
        } else if (jumps(step)) {
            out->k = layout.positions[target(a, i, step->yes)] - layout.positions[i] - 1u;
        }
    }
    return length;
}
