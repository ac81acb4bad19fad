/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/decompress.h"
#include "on_demand/zstd.h"
#include <stdlib.h>

#define WINDOW_LOG_MAX 27
_Static_assert(1u << WINDOW_LOG_MAX == DECOMPRESS_MEMORY_MAX,
               "the window is the memory that a stream requests");

typedef struct zstd_state {
    ZSTD_DStream *stream;
    size_t next; /* bytes that the decoder can use next */
} zstd_state_t;

static void end(void *user)
{
    zstd_state_t *state = user;
    (void)ZSTD_freeDStream(state->stream);
    free(state);
}

static void *begin(void)
{
    zstd_state_t *state = malloc(sizeof *state);
    if (state == NULL) {
        return NULL;
    }
    *state = (zstd_state_t){.stream = ZSTD_createDStream(), .next = 1};
    if (state->stream != NULL &&
        !ZSTD_isError(ZSTD_DCtx_setParameter(state->stream, ZSTD_d_windowLogMax, WINDOW_LOG_MAX))) {
        return state;
    }
    end(state);
    return NULL;
}

/* One block for each call: a failing call reports no progress, so earlier output must come from an earlier
 * call. */
static decompress_result_t step(void *user, decompress_piece_t *piece, const char **reason)
{
    zstd_state_t *state = user;
    ZSTD_inBuffer in = {.src = piece->in,
                        .size = piece->input_remaining < state->next ? piece->input_remaining : state->next};
    ZSTD_outBuffer out = {.dst = piece->out, .size = piece->output_remaining};
    const size_t result = ZSTD_decompressStream(state->stream, &out, &in);
    piece->in += in.pos;
    piece->input_remaining -= in.pos;
    piece->out += out.pos;
    piece->output_remaining -= out.pos;
    if (ZSTD_isError(result)) {
        *reason = ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge
                      ? DECOMPRESS_TOO_LARGE
                      : ZSTD_getErrorName(result);
        return DECOMPRESS_BROKEN;
    }
    state->next = result == 0 ? 1 : result;
    return result == 0 ? DECOMPRESS_STREAM_END : DECOMPRESS_NEED_INPUT;
}

static bool again(void *state)
{
    (void)state; /* continues without preparation */
    return true;
}

const decompress_kind_t decompress_zstd = {
    .name = "zstd", .load = on_demand_load_zstd, .begin = begin, .step = step, .again = again, .end = end};
