/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/decompress.h"
#include "on_demand/lzma.h"
#include <stdlib.h>

static bool again(void *state)
{
    return lzma_stream_decoder(state, DECOMPRESS_MEMORY_MAX, 0) == LZMA_OK;
}

static void end(void *state)
{
    lzma_end(state);
    free(state);
}

static void *begin(void)
{
    lzma_stream *stream = malloc(sizeof *stream);
    if (stream == NULL) {
        return NULL;
    }
    *stream = (lzma_stream)LZMA_STREAM_INIT;
    if (again(stream)) {
        return stream;
    }
    end(stream);
    return NULL;
}

static const char *reason_of(lzma_ret result)
{
    switch (result) {
    case LZMA_FORMAT_ERROR:
        return "no header of a stream";
    case LZMA_OPTIONS_ERROR:
        return "options that are not supported";
    case LZMA_MEMLIMIT_ERROR:
        return DECOMPRESS_TOO_LARGE;
    case LZMA_MEM_ERROR:
        return "out of memory";
    case LZMA_DATA_ERROR:
        return "corrupt data";
    default:
        return "cannot be decompressed";
    }
}

static decompress_result_t step(void *state, decompress_piece_t *piece, const char **reason)
{
    lzma_stream *stream = state;
    stream->next_in = piece->in;
    stream->avail_in = piece->input_remaining;
    stream->next_out = piece->out;
    stream->avail_out = piece->output_remaining;
    const lzma_ret result = lzma_code(stream, LZMA_RUN);
    piece->in = stream->next_in;
    piece->input_remaining = stream->avail_in;
    piece->out = stream->next_out;
    piece->output_remaining = stream->avail_out;
    if (result == LZMA_STREAM_END) {
        return DECOMPRESS_STREAM_END;
    }
    if (result == LZMA_OK || result == LZMA_BUF_ERROR) {
        return DECOMPRESS_NEED_INPUT;
    }
    *reason = reason_of(result);
    return DECOMPRESS_BROKEN;
}

const decompress_kind_t decompress_xz = {
    .name = "xz", .load = on_demand_load_lzma, .begin = begin, .step = step, .again = again, .end = end};
