/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/message_input.h"
#include "exporter/ipfix_decoder/message_decoder.h"
#include "on_demand/zstd.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 128 MiB: the default window limit of `zstd`. */
#define ZSTD_WINDOW_LOG 27

struct message_input {
    char *path;
    int fd;
    bool sniffed;
    ZSTD_DStream *zstd; /* NULL: not compressed */
    bool in_frame;      /* the decompressor is inside a frame */
    uint8_t raw[65536]; /* compressed bytes */
    ZSTD_inBuffer raw_remaining;
    uint8_t plain[2 * 65536];
    size_t begin; /* first byte of plain that was not delivered */
    size_t end;
    uint64_t position; /* offset of plain[begin] in the input */
    uint64_t offset;
};

message_input_t *message_input_take(int fd, const char *path)
{
    message_input_t *const made = g_new0(message_input_t, 1);
    made->path = g_strdup(path);
    made->fd = fd;
    made->raw_remaining.src = made->raw;
    return made;
}

synfix_status_t message_input_open(const char *path, message_input_t **input, synfix_error_t *error)
{
    const int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return synfix_fail(error, errno == ENOENT ? SYNFIX_NOT_FOUND : SYNFIX_IO, "%s: %s", path,
                           g_strerror(errno));
    }
    *input = message_input_take(fd, path);
    return SYNFIX_OK;
}

void message_input_close(message_input_t *input)
{
    if (input != NULL) {
        if (input->zstd != NULL) {
            (void)ZSTD_freeDStream(input->zstd);
        }
        close(input->fd);
        g_free(input->path);
        g_free(input);
    }
}

uint64_t message_input_offset(const message_input_t *input)
{
    return input->offset;
}

static synfix_status_t fail_at(const message_input_t *input, synfix_error_t *error, synfix_status_t status,
                               const char *reason)
{
    return synfix_fail(error, status, "%s: byte %" PRIu64 ": %s", input->path, input->position, reason);
}

static synfix_status_t read_raw(message_input_t *input, uint8_t *to, size_t room, size_t *got,
                                synfix_error_t *error)
{
    ssize_t count;
    do {
        count = read(input->fd, to, room);
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
        return fail_at(input, error, SYNFIX_IO, g_strerror(errno));
    }
    *got = (size_t)count;
    return count == 0 ? SYNFIX_END : SYNFIX_OK;
}

/* Appends decompressed bytes at plain[end]. SYNFIX_END: the file has no more bytes now. */
static synfix_status_t fill_compressed(message_input_t *input, synfix_error_t *error)
{
    ZSTD_outBuffer out = {.dst = input->plain, .size = sizeof input->plain, .pos = input->end};
    while (out.pos == input->end) {
        /* Between two frames and without input, a call of the decompressor would begin a new frame. */
        if (input->in_frame || input->raw_remaining.pos < input->raw_remaining.size) {
            const size_t left = ZSTD_decompressStream(input->zstd, &out, &input->raw_remaining);
            if (ZSTD_isError(left)) {
                return fail_at(input, error, SYNFIX_INVALID, ZSTD_getErrorName(left));
            }
            input->in_frame = left != 0;
        }
        if (out.pos == input->end && input->raw_remaining.pos == input->raw_remaining.size) {
            size_t got = 0;
            const synfix_status_t status = read_raw(input, input->raw, sizeof input->raw, &got, error);
            if (status == SYNFIX_END && input->in_frame) {
                return fail_at(input, error, SYNFIX_TRUNCATED, "the compressed file ends in the middle");
            }
            if (status != SYNFIX_OK) {
                return status;
            }
            input->raw_remaining.size = got;
            input->raw_remaining.pos = 0;
        }
    }
    input->end = out.pos;
    return SYNFIX_OK;
}

/* The first bytes show whether the file is compressed. They belong to the decompressor then. */
static void sniff(message_input_t *input)
{
    static const uint8_t magic[] = {0x28, 0xB5, 0x2F, 0xFD};
    input->sniffed = true;
    if (input->end < sizeof magic || memcmp(input->plain, magic, sizeof magic) != 0) {
        return;
    }
    input->zstd = ZSTD_createDStream();
    g_assert(input->zstd);
    ZSTD_DCtx_setParameter(input->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG);
    memcpy(input->raw, input->plain, input->end);
    input->raw_remaining.size = input->end;
    input->end = 0;
    input->in_frame = true;
}

static synfix_status_t fill(message_input_t *input, synfix_error_t *error)
{
    memmove(input->plain, input->plain + input->begin, input->end - input->begin);
    input->end -= input->begin;
    input->begin = 0;
    if (input->zstd != NULL) {
        return fill_compressed(input, error);
    }
    const size_t room = input->sniffed ? sizeof input->plain - input->end : sizeof input->raw - input->end;
    size_t got = 0;
    const synfix_status_t status = read_raw(input, input->plain + input->end, room, &got, error);
    input->end += got;
    return status;
}

static synfix_status_t need(message_input_t *input, size_t bytes, synfix_error_t *error)
{
    while (input->end - input->begin < bytes) {
        const synfix_status_t status = fill(input, error);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    return SYNFIX_OK;
}

static synfix_status_t ends_inside(message_input_t *input, size_t length, synfix_error_t *error)
{
    return synfix_fail(error, SYNFIX_TRUNCATED,
                       "%s: byte %" PRIu64 ": the file ends inside a message (%zu bytes of %zu)", input->path,
                       input->position, input->end - input->begin, length);
}

/* Files of other known formats are named, with the program that reads them. */
static const char *advice(const uint8_t *head)
{
    static const struct {
        uint8_t magic[4];
        uint8_t length;
        const char *text;
    } others[] = {
        {{0x1F, 0x8B}, 2, "; gzip: write zcat FILE | synfix dump -"},
        {{0xFD, '7', 'z', 'X'}, 4, "; xz: write xzcat FILE | synfix dump -"},
        {{0x04, 0x22, 0x4D, 0x18}, 4, "; lz4: write lz4cat FILE | synfix dump -"},
        {{'B', 'Z', 'h'}, 3, "; bzip2: write bzcat FILE | synfix dump -"},
        {{0xD4, 0xC3, 0xB2, 0xA1}, 4, "; a capture: write synfix read FILE"},
        {{0x4D, 0x3C, 0xB2, 0xA1}, 4, "; a capture: write synfix read FILE"},
        {{0x0A, 0x0D, 0x0D, 0x0A}, 4, "; a capture: write synfix read FILE"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (memcmp(head, others[i].magic, others[i].length) == 0) {
            return others[i].text;
        }
    }
    return "; name an IPFIX file";
}

static synfix_status_t refuse(const message_input_t *input, const char *reason, synfix_error_t *error)
{
    const char *const more = input->position == 0 ? advice(input->plain + input->begin) : "";
    g_autofree char *text = g_strconcat(reason, more, NULL);
    return fail_at(input, error, SYNFIX_INVALID, text);
}

synfix_status_t message_input_next(message_input_t *input, const uint8_t **message, size_t *length,
                                   synfix_error_t *error)
{
    size_t announced = 0;
    synfix_status_t status = need(input, READER_HEADER_SIZE, error);
    if (!input->sniffed && (status >= 0)) {
        sniff(input);
        status = input->zstd != NULL ? need(input, READER_HEADER_SIZE, error) : status;
    }
    if (status == SYNFIX_END && input->end > input->begin) {
        return ends_inside(input, READER_HEADER_SIZE, error);
    }
    if (status != SYNFIX_OK) {
        return status;
    }
    synfix_error_t reason;
    if (ipfix_decoder_header(input->plain + input->begin, &announced, &reason) < 0) {
        return refuse(input, reason.text, error);
    }
    status = need(input, announced, error);
    if (status != SYNFIX_OK) {
        return status == SYNFIX_END ? ends_inside(input, announced, error) : status;
    }
    *message = input->plain + input->begin;
    *length = announced;
    input->offset = input->position;
    input->position += announced;
    input->begin += announced;
    return SYNFIX_OK;
}
