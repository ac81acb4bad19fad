/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/decompress.h"
#include "on_demand/lz4.h"
#include <stdlib.h>

typedef struct lz4_state {
    LZ4F_dctx *context;
    size_t next; /* bytes that the decoder can use next */
} lz4_state_t;

static void end(void *user)
{
    lz4_state_t *state = user;
    (void)LZ4F_freeDecompressionContext(state->context);
    free(state);
}

static void *begin(void)
{
    lz4_state_t *state = malloc(sizeof *state);
    if (state == NULL) {
        return NULL;
    }
    *state = (lz4_state_t){.context = NULL, .next = 1};
    if (!LZ4F_isError(LZ4F_createDecompressionContext(&state->context, LZ4F_VERSION))) {
        return state;
    }
    free(state);
    return NULL;
}

/* One block for each call: a failing call reports no progress, so earlier output must come from an earlier
 * call. */
static decompress_result_t step(void *user, decompress_piece_t *piece, const char **reason)
{
    lz4_state_t *state = user;
    size_t used = piece->input_remaining < state->next ? piece->input_remaining : state->next;
    size_t made = piece->output_remaining;
    const size_t result = LZ4F_decompress(state->context, piece->out, &made, piece->in, &used, NULL);
    if (LZ4F_isError(result)) {
        *reason = LZ4F_getErrorName(result);
        return DECOMPRESS_BROKEN;
    }
    piece->in += used;
    piece->input_remaining -= used;
    piece->out += made;
    piece->output_remaining -= made;
    state->next = result == 0 ? 1 : result;
    return result == 0 ? DECOMPRESS_STREAM_END : DECOMPRESS_NEED_INPUT;
}

static bool again(void *state)
{
    (void)state; /* continues without preparation */
    return true;
}

const decompress_kind_t decompress_lz4 = {
    .name = "lz4", .load = on_demand_load_lz4, .begin = begin, .step = step, .again = again, .end = end};
