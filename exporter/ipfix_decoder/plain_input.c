/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/plain_input.h"
#include "exporter/ipfix_decoder/zstd_magic.h"
#include "on_demand/zstd.h"
#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd_errors.h>

/* 128 MiB: the default window limit of `zstd`. */
#define ZSTD_WINDOW_LOG 27

#define AHEAD_MIN (1 << 20) /* minimum of remaining bytes for a read-ahead thread */
#define WAIT_MS   1000u     /* a chunk wakes the waiting thread */

/* More than a compressed message of 65,535 bytes. */
#define RAW_SIZE (4u * 65536u)

typedef enum form {
    FORM_UNKNOWN,
    FORM_PLAIN,
    FORM_PACKED,
} form_t;

struct plain_input {
    int fd;
    form_t form;
    read_ahead_t *ahead; /* NULL: the input reads the file itself */
    bool wants_ahead;
    bool ahead_ended; /* data appended later is read by this thread */
    read_ahead_chunk_t *lent;
    read_ahead_chunk_t *lent_before;
    bool streaming;    /* inside a frame that is too large for `raw` */
    uint64_t position; /* of raw[begin] in the file */
    size_t begin;
    size_t end;
    ZSTD_DStream *zstd;
    synfix_status_t failure; /* of a read while damage was skipped; returned by the next call */
    synfix_error_t failure_text;
    /* zeroed so far */
    uint8_t raw[RAW_SIZE];
};

plain_input_t *plain_input_new(int fd, bool packed)
{
    plain_input_t *const input = g_new(plain_input_t, 1);
    memset(input, 0, offsetof(plain_input_t, raw));
    input->fd = fd;
    input->form = packed ? FORM_PACKED : FORM_UNKNOWN;
    return input;
}

void plain_input_free(plain_input_t *input)
{
    if (input != NULL) {
        read_ahead_stop(input->ahead);
        if (input->zstd != NULL) {
            (void)ZSTD_freeDStream(input->zstd);
        }
        close(input->fd);
        g_free(input);
    }
}

void plain_input_read_ahead(plain_input_t *input)
{
    input->wants_ahead = true;
}

static size_t left(const plain_input_t *input)
{
    return input->end - input->begin;
}

static void advance(plain_input_t *input, size_t count)
{
    input->begin += count;
    input->position += count;
}

static synfix_status_t read_some(int fd, uint8_t *to, size_t room, size_t *got, synfix_error_t *error)
{
    ssize_t count;
    do {
        count = read(fd, to, room);
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
        return synfix_fail(error, SYNFIX_IO, "%s", strerror(errno));
    }
    *got = (size_t)count;
    return count == 0 ? SYNFIX_END : SYNFIX_OK;
}

/* Appends bytes of the file to `raw`. SYNFIX_END: the file has no more now. */
static synfix_status_t fill(plain_input_t *input, synfix_error_t *error)
{
    size_t got = 0;
    memmove(input->raw, input->raw + input->begin, left(input));
    input->end -= input->begin;
    input->begin = 0;
    const synfix_status_t status =
        read_some(input->fd, input->raw + input->end, RAW_SIZE - input->end, &got, error);
    input->end += status == SYNFIX_OK ? got : 0;
    return status;
}

/* The first bytes show whether the file is compressed. */
static synfix_status_t recognise(plain_input_t *input, synfix_error_t *error)
{
    while (left(input) < ZSTD_MAGIC_BYTES) {
        const synfix_status_t status = fill(input, error);
        if (status == SYNFIX_END && left(input) > 0) {
            return synfix_fail(error, SYNFIX_TRUNCATED, "the file ends inside a message (%zu bytes)",
                               left(input));
        }
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    input->form = zstd_magic_begins(input->raw + input->begin) ? FORM_PACKED : FORM_PLAIN;
    return SYNFIX_OK;
}

static synfix_status_t read_plain(plain_input_t *input, uint8_t *room, size_t size, size_t *got,
                                  synfix_error_t *error)
{
    if (left(input) == 0) {
        return read_some(input->fd, room, size, got, error);
    }
    *got = MIN(left(input), size);
    memcpy(room, input->raw + input->begin, *got);
    advance(input, *got);
    return SYNFIX_OK;
}

static bool is_whole_frame(const plain_input_t *input, size_t at)
{
    return input->end - at > ZSTD_MAGIC_BYTES && zstd_magic_is_frame(input->raw + at) &&
           !ZSTD_isError(ZSTD_findFrameCompressedSize(input->raw + at, input->end - at));
}

/* Offset in `raw` of the first magic after @p from; `end` without one. */
static size_t find_magic(const plain_input_t *input, size_t from)
{
    const uint8_t *const found = memmem(input->raw + from, input->end - from, zstd_magic, ZSTD_MAGIC_BYTES);
    return found != NULL ? (size_t)(found - input->raw) : input->end;
}

/* Number of bytes at the end of `raw` that may be the beginning of a magic. */
static size_t magic_begun(const plain_input_t *input)
{
    size_t count = MIN(left(input), ZSTD_MAGIC_BYTES - 1);
    while (count > 0 && memcmp(input->raw + input->end - count, zstd_magic, count) != 0) {
        count--;
    }
    return count;
}

/* Moves to the next frame. At the end of the input the beginning of a magic stays: the file may grow. */
static synfix_status_t pass_over(plain_input_t *input, const char *reason, synfix_error_t *error)
{
    const uint64_t damage = input->position;
    size_t next = find_magic(input, MIN(input->begin + 1, input->end));
    synfix_status_t status = SYNFIX_OK;
    while (next == input->end && status == SYNFIX_OK) {
        advance(input, left(input) - magic_begun(input));
        status = fill(input, &input->failure_text);
        next = status == SYNFIX_OK ? find_magic(input, input->begin) : input->begin;
    }
    advance(input, next - input->begin);
    input->failure = status < 0 ? status : SYNFIX_OK;
    return synfix_fail(error, SYNFIX_INVALID,
                       "compressed byte %" PRIu64 ": %s; %" PRIu64 " compressed bytes skipped", damage,
                       reason, input->position - damage);
}

/* As an archive has them: one message. A skippable frame of any length has no content. */
static bool is_small(const plain_input_t *input)
{
    const uint8_t *const frame = input->raw + input->begin;
    const unsigned long long size = ZSTD_getFrameContentSize(frame, left(input));
    /* the values for `unknown` and `error` are the largest ones */
    return size <= PLAIN_INPUT_ROOM && !zstd_magic_is_skippable(frame);
}

static synfix_status_t read_small(plain_input_t *input, size_t length, uint8_t *room, size_t size,
                                  size_t *got, synfix_error_t *error)
{
    const size_t count = ZSTD_decompressDCtx(input->zstd, room, size, input->raw + input->begin, length);
    if (ZSTD_isError(count)) {
        return pass_over(input, ZSTD_getErrorName(count), error);
    }
    advance(input, length);
    *got = count;
    return SYNFIX_OK;
}

static synfix_status_t read_stream(plain_input_t *input, uint8_t *room, size_t size, size_t *got,
                                   synfix_error_t *error)
{
    ZSTD_outBuffer out = {.dst = room, .size = size};
    while (out.pos == 0 && input->streaming) {
        ZSTD_inBuffer in = {.src = input->raw + input->begin, .size = left(input)};
        const size_t hint = ZSTD_decompressStream(input->zstd, &out, &in);
        if (ZSTD_isError(hint)) {
            input->streaming = false;
            return pass_over(input, ZSTD_getErrorName(hint), error);
        }
        advance(input, in.pos);
        input->streaming = hint != 0;
        if (out.pos == 0 && input->streaming && left(input) == 0) {
            const synfix_status_t status = fill(input, error);
            if (status != SYNFIX_OK) {
                return status == SYNFIX_END
                           ? synfix_fail(error, SYNFIX_TRUNCATED, "the compressed file ends in the middle")
                           : status;
            }
        }
    }
    *got = out.pos;
    return SYNFIX_OK;
}

static void begin_stream(plain_input_t *input)
{
    (void)ZSTD_DCtx_reset(input->zstd, ZSTD_reset_session_only);
    input->streaming = true;
}

static bool has_later_frame(const plain_input_t *input)
{
    for (size_t at = find_magic(input, input->begin + 1); at < input->end; at = find_magic(input, at + 1)) {
        if (is_whole_frame(input, at)) {
            return true;
        }
    }
    return false;
}

/* The end of the frame is not in `raw`: more bytes are needed, or the end is damaged. */
static synfix_status_t read_on(plain_input_t *input, synfix_error_t *error)
{
    const bool full = left(input) == RAW_SIZE;
    if (full && is_small(input)) {
        return pass_over(input, "a frame without an end", error);
    }
    if (full) {
        begin_stream(input);
        return SYNFIX_OK;
    }
    const synfix_status_t status = fill(input, error);
    if (status != SYNFIX_END) {
        return status;
    }
    return has_later_frame(input)
               ? pass_over(input, "a frame without an end", error)
               : synfix_fail(error, SYNFIX_TRUNCATED, "the compressed file ends in the middle");
}

/* One step: some bytes, or nothing yet (@p got 0). */
static synfix_status_t step(plain_input_t *input, uint8_t *room, size_t size, size_t *got,
                            synfix_error_t *error)
{
    if (input->streaming) {
        return read_stream(input, room, size, got, error);
    }
    if (left(input) == 0) {
        return fill(input, error);
    }
    const size_t length = ZSTD_findFrameCompressedSize(input->raw + input->begin, left(input));
    if (!ZSTD_isError(length) && is_small(input)) {
        return read_small(input, length, room, size, got, error);
    }
    if (!ZSTD_isError(length)) {
        begin_stream(input);
        return SYNFIX_OK;
    }
    return ZSTD_getErrorCode(length) == ZSTD_error_srcSize_wrong
               ? read_on(input, error)
               : pass_over(input, ZSTD_getErrorName(length), error);
}

static synfix_status_t load_zstd(plain_input_t *input, synfix_error_t *error)
{
    const synfix_status_t status = on_demand_load_zstd(error);
    if (status != SYNFIX_OK) {
        return status;
    }
    input->zstd = ZSTD_createDStream();
    if (input->zstd == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "zstd: out of memory");
    }
    (void)ZSTD_DCtx_setParameter(input->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG);
    return SYNFIX_OK;
}

static synfix_status_t read_packed(plain_input_t *input, uint8_t *room, size_t size, size_t *got,
                                   synfix_error_t *error)
{
    synfix_status_t status = input->zstd == NULL ? load_zstd(input, error) : SYNFIX_OK;
    while (status == SYNFIX_OK && *got == 0) {
        status = step(input, room, size, got, error);
    }
    return status;
}

synfix_status_t plain_input_read(plain_input_t *input, uint8_t *room, size_t size, size_t *got,
                                 synfix_error_t *error)
{
    *got = 0;
    synfix_status_t status = input->failure;
    input->failure = SYNFIX_OK;
    if (status < 0) {
        return synfix_fail(error, status, "%s", input->failure_text.text);
    }
    status = input->form == FORM_UNKNOWN ? recognise(input, error) : SYNFIX_OK;
    if (status != SYNFIX_OK) {
        return status;
    }
    return input->form == FORM_PACKED ? read_packed(input, room, size, got, error)
                                      : read_plain(input, room, size, got, error);
}

static void start_read_ahead(plain_input_t *input)
{
    struct stat file;
    const off_t at = lseek(input->fd, 0, SEEK_CUR);
    input->wants_ahead = false;
    if (at >= 0 && fstat(input->fd, &file) == 0 && S_ISREG(file.st_mode) && file.st_size - at > AHEAD_MIN) {
        input->ahead = read_ahead_start(&(read_ahead_source_t){.descriptor = input->fd});
    }
}

synfix_status_t plain_input_lend(plain_input_t *input, uint8_t **bytes, size_t *length, synfix_error_t *error)
{
    if (input->form != FORM_PLAIN || left(input) > 0 || input->ahead_ended) {
        return SYNFIX_AGAIN;
    }
    if (input->wants_ahead) {
        start_read_ahead(input);
    }
    if (input->ahead == NULL) {
        return SYNFIX_AGAIN;
    }
    read_ahead_return(input->ahead, input->lent_before);
    input->lent_before = input->lent;
    do {
        input->lent = read_ahead_take(input->ahead, WAIT_MS);
    } while (input->lent == NULL);
    *bytes = input->lent->base + AHEAD_ROOM;
    *length = input->lent->length;
    input->ahead_ended = *length == 0;
    if (input->lent->reason != 0) {
        return synfix_fail(error, SYNFIX_IO, "%s", strerror(input->lent->reason));
    }
    return input->ahead_ended ? SYNFIX_END : SYNFIX_OK;
}
