/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/decompress.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER (512u << 10)

struct decompressor {
    const decompress_kind_t *kind;
    void *state;
    int descriptor;
    bool ended; /* end of file */
    bool full;  /* the last step filled its output: more output may follow */
    bool whole; /* between two streams */
    bool later; /* a complete stream lies behind, and the next one has no output yet */
    uint64_t later_at;
    uint64_t bytes_read; /* from the descriptor, with the bytes that were passed at the start */
    uint8_t *buffer;
    size_t begin;
    size_t end;
    synfix_status_t problem;
    char text[128];
};

/* Add new formats here. */
static const struct {
    uint8_t magic[DECOMPRESS_MAGIC];
    uint8_t mask[DECOMPRESS_MAGIC];
    const decompress_kind_t *kind;
} beginnings[] = {
    {{0x1F, 0x8B, 8}, {0xFF, 0xFF, 0xFF}, &decompress_gzip},
    {{0x28, 0xB5, 0x2F, 0xFD}, {0xFF, 0xFF, 0xFF, 0xFF}, &decompress_zstd},
    {{0x50, 0x2A, 0x4D, 0x18},
     {0xF0, 0xFF, 0xFF, 0xFF},
     &decompress_zstd}, /* skippable frame, as written by pzstd */
    {{0xFD, '7', 'z', 'X'}, {0xFF, 0xFF, 0xFF, 0xFF}, &decompress_xz},
    {{0x04, 0x22, 0x4D, 0x18}, {0xFF, 0xFF, 0xFF, 0xFF}, &decompress_lz4},
};

const decompress_kind_t *decompress_kind_of(const uint8_t *start)
{
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        size_t same = 0;
        while (same < DECOMPRESS_MAGIC &&
               (start[same] & beginnings[i].mask[same]) == beginnings[i].magic[same]) {
            same++;
        }
        if (same == DECOMPRESS_MAGIC) {
            return beginnings[i].kind;
        }
    }
    return NULL;
}

decompressor_t *decompress_new(const decompress_kind_t *kind, int descriptor, const uint8_t *start,
                               size_t length)
{
    decompressor_t *unpack = calloc(1, sizeof *unpack);
    if (unpack == NULL) {
        return NULL;
    }
    unpack->kind = kind;
    unpack->descriptor = descriptor;
    unpack->bytes_read = unpack->end = length;
    unpack->buffer = malloc(length > BUFFER ? length : BUFFER);
    unpack->state = kind->begin();
    if (unpack->buffer == NULL || unpack->state == NULL) {
        decompress_free(unpack);
        return NULL;
    }
    memcpy(unpack->buffer, start, length);
    return unpack;
}

void decompress_free(decompressor_t *unpack)
{
    if (unpack == NULL) {
        return;
    }
    if (unpack->state != NULL) {
        unpack->kind->end(unpack->state);
    }
    free(unpack->buffer);
    free(unpack);
}

/* Consumed bytes of the file. */
static uint64_t place(const decompressor_t *unpack)
{
    return unpack->bytes_read - (unpack->end - unpack->begin);
}

static void fail(decompressor_t *unpack, synfix_status_t status, const char *reason, uint64_t at)
{
    unpack->problem = status;
    (void)snprintf(unpack->text, sizeof unpack->text, "%s: %s at byte %llu of the file", unpack->kind->name,
                   reason, (unsigned long long)at);
}

static bool refill(decompressor_t *unpack)
{
    const ssize_t got = read(unpack->descriptor, unpack->buffer, BUFFER);
    if (got < 0) {
        return false;
    }
    unpack->begin = 0;
    unpack->end = (size_t)got;
    unpack->bytes_read += (uint64_t)got;
    unpack->ended = got == 0;
    return true;
}

/* After a complete stream: zeros are padding, anything else must be another stream. */
static bool begin_next(decompressor_t *unpack)
{
    while (unpack->begin < unpack->end && unpack->buffer[unpack->begin] == 0) {
        unpack->begin++;
    }
    unpack->full = false;
    if (unpack->begin == unpack->end) {
        return true;
    }
    unpack->whole = false;
    unpack->later = true;
    unpack->later_at = place(unpack);
    return unpack->kind->again(unpack->state);
}

/* Decompresses into @p bytes and returns the number of bytes; a failure may follow them. */
static size_t step(decompressor_t *unpack, uint8_t *bytes, size_t room)
{
    const char *reason = "no way on";
    if (unpack->whole && !begin_next(unpack)) {
        fail(unpack, SYNFIX_NO_MEMORY, "out of memory", place(unpack));
    }
    if (unpack->whole || unpack->problem != SYNFIX_OK) {
        return 0;
    }
    const size_t left = unpack->end - unpack->begin;
    decompress_piece_t piece = {.in = unpack->buffer + unpack->begin,
                                .input_remaining = left,
                                .out = bytes,
                                .output_remaining = room};
    const decompress_result_t result = unpack->kind->step(unpack->state, &piece, &reason);
    const bool stuck = left > 0 && piece.input_remaining == left && piece.output_remaining == room;
    unpack->begin = unpack->end - piece.input_remaining;
    unpack->full = piece.output_remaining == 0;
    unpack->whole = result == DECOMPRESS_STREAM_END;
    unpack->later = unpack->later && piece.output_remaining == room;
    if (result == DECOMPRESS_BROKEN || (stuck && !unpack->whole)) {
        fail(unpack, SYNFIX_INVALID, unpack->later ? "something else follows the data" : reason,
             unpack->later ? unpack->later_at : place(unpack));
    }
    return room - piece.output_remaining;
}

static ssize_t nothing(decompressor_t *unpack)
{
    if (unpack->problem == SYNFIX_OK && unpack->ended && unpack->whole) {
        return 0;
    }
    if (unpack->problem == SYNFIX_OK && unpack->ended) {
        fail(unpack, SYNFIX_TRUNCATED, "the compressed data end too early,", unpack->bytes_read);
    }
    errno = unpack->problem != SYNFIX_OK ? EBADMSG : EAGAIN;
    return -1;
}

ssize_t decompress_read(decompressor_t *unpack, uint8_t *bytes, size_t room)
{
    size_t made = 0;
    if (unpack->problem != SYNFIX_OK) {
        return nothing(unpack);
    }
    if (!decompress_pending(unpack) && !unpack->ended && !refill(unpack)) {
        return -1;
    }
    do {
        made += step(unpack, bytes + made, room - made);
    } while (made < room && unpack->problem == SYNFIX_OK && decompress_pending(unpack));
    return made > 0 ? (ssize_t)made : nothing(unpack);
}

bool decompress_pending(const decompressor_t *unpack)
{
    return unpack->begin < unpack->end || unpack->full;
}

uint64_t decompress_consumed(const decompressor_t *unpack)
{
    return unpack->bytes_read;
}

synfix_status_t decompress_problem(const decompressor_t *unpack, const char **text)
{
    *text = unpack->text;
    return unpack->problem;
}
