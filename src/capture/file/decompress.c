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
    bool later; /* a complete stream was read, and the next one has no output yet */
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
    decompressor_t *decompressor = calloc(1, sizeof *decompressor);
    if (decompressor == NULL) {
        return NULL;
    }
    decompressor->kind = kind;
    decompressor->descriptor = descriptor;
    decompressor->bytes_read = decompressor->end = length;
    decompressor->buffer = malloc(length > BUFFER ? length : BUFFER);
    decompressor->state = kind->begin();
    if (decompressor->buffer == NULL || decompressor->state == NULL) {
        decompress_free(decompressor);
        return NULL;
    }
    memcpy(decompressor->buffer, start, length);
    return decompressor;
}

void decompress_free(decompressor_t *decompressor)
{
    if (decompressor == NULL) {
        return;
    }
    if (decompressor->state != NULL) {
        decompressor->kind->end(decompressor->state);
    }
    free(decompressor->buffer);
    free(decompressor);
}

/* Consumed bytes of the file. */
static uint64_t input_offset(const decompressor_t *decompressor)
{
    return decompressor->bytes_read - (decompressor->end - decompressor->begin);
}

static void fail(decompressor_t *decompressor, synfix_status_t status, const char *reason, uint64_t at)
{
    decompressor->problem = status;
    (void)snprintf(decompressor->text, sizeof decompressor->text, "%s: %s at byte %llu of the file",
                   decompressor->kind->name, reason, (unsigned long long)at);
}

static bool refill(decompressor_t *decompressor)
{
    const ssize_t got = read(decompressor->descriptor, decompressor->buffer, BUFFER);
    if (got < 0) {
        return false;
    }
    decompressor->begin = 0;
    decompressor->end = (size_t)got;
    decompressor->bytes_read += (uint64_t)got;
    decompressor->ended = got == 0;
    return true;
}

/* After a complete stream: zeros are padding, anything else must be another stream. */
static bool begin_next(decompressor_t *decompressor)
{
    while (decompressor->begin < decompressor->end && decompressor->buffer[decompressor->begin] == 0) {
        decompressor->begin++;
    }
    decompressor->full = false;
    if (decompressor->begin == decompressor->end) {
        return true;
    }
    decompressor->whole = false;
    decompressor->later = true;
    decompressor->later_at = input_offset(decompressor);
    return decompressor->kind->again(decompressor->state);
}

/* Decompresses into @p bytes and returns the number of bytes; a failure may follow them. */
static size_t step(decompressor_t *decompressor, uint8_t *bytes, size_t room)
{
    const char *reason = "the decompression makes no progress";
    if (decompressor->whole && !begin_next(decompressor)) {
        fail(decompressor, SYNFIX_NO_MEMORY, "out of memory", input_offset(decompressor));
    }
    if (decompressor->whole || decompressor->problem != SYNFIX_OK) {
        return 0;
    }
    const size_t left = decompressor->end - decompressor->begin;
    decompress_piece_t piece = {.in = decompressor->buffer + decompressor->begin,
                                .input_remaining = left,
                                .out = bytes,
                                .output_remaining = room};
    const decompress_result_t result = decompressor->kind->step(decompressor->state, &piece, &reason);
    const bool stuck = left > 0 && piece.input_remaining == left && piece.output_remaining == room;
    decompressor->begin = decompressor->end - piece.input_remaining;
    decompressor->full = piece.output_remaining == 0;
    decompressor->whole = result == DECOMPRESS_STREAM_END;
    decompressor->later = decompressor->later && piece.output_remaining == room;
    if (result == DECOMPRESS_BROKEN || (stuck && !decompressor->whole)) {
        fail(decompressor, SYNFIX_INVALID, decompressor->later ? "something else follows the data" : reason,
             decompressor->later ? decompressor->later_at : input_offset(decompressor));
    }
    return room - piece.output_remaining;
}

static ssize_t nothing(decompressor_t *decompressor)
{
    if (decompressor->problem == SYNFIX_OK && decompressor->ended && decompressor->whole) {
        return 0;
    }
    if (decompressor->problem == SYNFIX_OK && decompressor->ended) {
        fail(decompressor, SYNFIX_TRUNCATED, "the compressed data end too early,", decompressor->bytes_read);
    }
    errno = decompressor->problem != SYNFIX_OK ? EBADMSG : EAGAIN;
    return -1;
}

ssize_t decompress_read(decompressor_t *decompressor, uint8_t *bytes, size_t room)
{
    size_t made = 0;
    if (decompressor->problem != SYNFIX_OK) {
        return nothing(decompressor);
    }
    if (!decompress_pending(decompressor) && !decompressor->ended && !refill(decompressor)) {
        return -1;
    }
    do {
        made += step(decompressor, bytes + made, room - made);
    } while (made < room && decompressor->problem == SYNFIX_OK && decompress_pending(decompressor));
    return made > 0 ? (ssize_t)made : nothing(decompressor);
}

bool decompress_pending(const decompressor_t *decompressor)
{
    return decompressor->begin < decompressor->end || decompressor->full;
}

uint64_t decompress_consumed(const decompressor_t *decompressor)
{
    return decompressor->bytes_read;
}

synfix_status_t decompress_problem(const decompressor_t *decompressor, const char **text)
{
    *text = decompressor->text;
    return decompressor->problem;
}
