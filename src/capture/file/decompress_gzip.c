/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#define ZLIB_CONST /* bytes to read are const */
#include "capture/file/decompress.h"
#include "on_demand/zlib.h"
#include <limits.h>
#include <stdlib.h>

#define GZIP_ONLY (15 + 16) /* the largest window, and no other wrapping */

static void *begin(void)
{
    z_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL || inflateInit2(stream, GZIP_ONLY) == Z_OK) {
        return stream;
    }
    free(stream);
    return NULL;
}

static decompress_result_t step(void *state, decompress_piece_t *piece, const char **reason)
{
    z_stream *stream = state;
    stream->next_in = piece->in;
    stream->avail_in = piece->input_remaining < UINT_MAX ? (uInt)piece->input_remaining : UINT_MAX;
    stream->next_out = piece->out;
    stream->avail_out = piece->output_remaining < UINT_MAX ? (uInt)piece->output_remaining : UINT_MAX;
    const int result = inflate(stream, Z_NO_FLUSH);
    piece->input_remaining -= (size_t)(stream->next_in - piece->in);
    piece->output_remaining -= (size_t)(stream->next_out - piece->out);
    piece->in = stream->next_in;
    piece->out = stream->next_out;
    if (result == Z_STREAM_END) {
        return DECOMPRESS_STREAM_END;
    }
    if (result == Z_OK || result == Z_BUF_ERROR) {
        return DECOMPRESS_NEED_INPUT;
    }
    *reason = stream->msg == NULL ? zError(result) : stream->msg;
    return DECOMPRESS_BROKEN;
}

static bool again(void *state)
{
    return inflateReset(state) == Z_OK;
}

static void end(void *state)
{
    (void)inflateEnd(state);
    free(state);
}

const decompress_kind_t decompress_gzip = {
    .name = "gzip", .load = on_demand_load_zlib, .begin = begin, .step = step, .again = again, .end = end};
