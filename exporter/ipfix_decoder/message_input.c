/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/message_input.h"
#include "exporter/ipfix_decoder/message_decoder.h"
#include "exporter/ipfix_decoder/message_shape.h"
#include "exporter/ipfix_decoder/plain_input.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* A file that does not begin with a message is searched this far for one: its first bytes may be damaged. */
#define FIRST_MESSAGE_WITHIN 65536u

/* A message after as many bytes as another. */
#define LOOK_AHEAD_MAX (2u * 65536u)

struct message_input {
    char *path;
    plain_input_t *bytes;
    uint8_t *window; /* own, or bytes that were lent */
    size_t begin;    /* first byte of the window that was not delivered */
    size_t end;
    uint64_t position; /* offset of window[begin] in the input */
    uint64_t offset;
    bool begun;              /* a message was found */
    bool refused;            /* the input has no messages */
    synfix_status_t waiting; /* a failure that was met while looking ahead; SYNFIX_OK: none */
    synfix_error_t waiting_error;
    /* zeroed so far */
    uint8_t own[LOOK_AHEAD_MAX + PLAIN_INPUT_LENT];
};

message_input_t *message_input_take(int fd, const char *path)
{
    message_input_t *const made = g_new(message_input_t, 1);
    memset(made, 0,
           offsetof(message_input_t, own)); /* the buffer is large, and most archives have many files */
    made->path = g_strdup(path);
    made->window = made->own;
    made->bytes = plain_input_new(fd, g_str_has_suffix(path, ".ipfix.zst"));
    return made;
}

synfix_status_t message_input_open(const char *path, message_input_t **input, synfix_error_t *error)
{
    const int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        const synfix_status_t status = errno == ENOENT                     ? SYNFIX_NOT_FOUND
                                       : errno == EACCES || errno == EPERM ? SYNFIX_PERMISSION
                                                                           : SYNFIX_IO;
        return synfix_fail(error, status, "%s: %s", path, strerror(errno));
    }
    *input = message_input_take(fd, path);
    return SYNFIX_OK;
}

void message_input_close(message_input_t *input)
{
    if (input != NULL) {
        plain_input_free(input->bytes);
        g_free(input->path);
        g_free(input);
    }
}

void message_input_read_ahead(message_input_t *input)
{
    plain_input_read_ahead(input->bytes);
}

uint64_t message_input_offset(const message_input_t *input)
{
    return input->offset;
}

bool message_input_is_foreign(const message_input_t *input)
{
    return input->refused;
}

const uint8_t *message_input_rest(const message_input_t *input, size_t *length)
{
    *length = input->end - input->begin;
    return input->window + input->begin;
}

static size_t left(const message_input_t *input)
{
    return input->end - input->begin;
}

static const uint8_t *here(const message_input_t *input)
{
    return input->window + input->begin;
}

static void advance(message_input_t *input, size_t count)
{
    input->begin += count;
    input->position += count;
}

static synfix_status_t fail_at(const message_input_t *input, synfix_error_t *error, synfix_status_t status,
                               const char *reason)
{
    return synfix_fail(error, status, "%s: byte %" PRIu64 ": %s", input->path, input->position, reason);
}

static synfix_status_t take_waiting(message_input_t *input, synfix_error_t *error)
{
    const synfix_status_t status = input->waiting;
    input->waiting = SYNFIX_OK;
    return synfix_fail(error, status, "%s", input->waiting_error.text);
}

static void move_to_own(message_input_t *input)
{
    memmove(input->own, here(input), left(input));
    input->window = input->own;
    input->end -= input->begin;
    input->begin = 0;
}

/* The rest of the window goes in front of the bytes that were lent; a long one stays, and they go after it.
 */
static void append_lent(message_input_t *input, uint8_t *bytes, size_t length)
{
    const size_t rest = left(input);
    if (rest > PLAIN_INPUT_FRONT) {
        move_to_own(input);
        memcpy(input->own + input->end, bytes, length);
        input->end += length;
        return;
    }
    memcpy(bytes - rest, here(input), rest);
    input->window = bytes - rest;
    input->begin = 0;
    input->end = rest + length;
}

static synfix_status_t read_more(message_input_t *input, synfix_error_t *reason)
{
    uint8_t *bytes = NULL;
    size_t got = 0;
    synfix_status_t status = plain_input_lend(input->bytes, &bytes, &got, reason);
    if (status == SYNFIX_OK) {
        append_lent(input, bytes, got);
    } else if (status == SYNFIX_AGAIN) {
        move_to_own(input);
        status = plain_input_read(input->bytes, input->own + input->end, sizeof input->own - input->end, &got,
                                  reason);
        input->end += got;
    }
    return status;
}

/* Appends bytes at the end of the window. SYNFIX_END: the input has no more now. */
static synfix_status_t fill(message_input_t *input, synfix_error_t *error)
{
    synfix_error_t reason;
    if (input->waiting < 0) {
        return take_waiting(input, error);
    }
    const synfix_status_t status = read_more(input, &reason);
    if (status == SYNFIX_INVALID) {
        return synfix_fail(error, status, "%s: %s", input->path, reason.text);
    }
    return status < 0 ? fail_at(input, error, status, reason.text) : status;
}

static synfix_status_t need(message_input_t *input, size_t bytes, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    while (status == SYNFIX_OK && left(input) < bytes) {
        status = fill(input, error);
    }
    return status;
}

/* As need, for bytes after the next message: a failure waits until these bytes are wanted. */
static bool look_ahead(message_input_t *input, size_t bytes)
{
    if (input->waiting == SYNFIX_OK) {
        const synfix_status_t status = need(input, bytes, &input->waiting_error);
        input->waiting = status < 0 ? status : SYNFIX_OK;
    }
    return left(input) >= bytes;
}

static synfix_status_t ends_inside(message_input_t *input, size_t length, synfix_error_t *error)
{
    return synfix_fail(error, SYNFIX_TRUNCATED,
                       "%s: byte %" PRIu64 ": the file ends inside a message (%zu bytes of %zu)", input->path,
                       input->position, left(input), length);
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
        {{0xD4, 0xC3, 0xB2, 0xA1}, 4, "; for a capture, write synfix read FILE"},
        {{0x4D, 0x3C, 0xB2, 0xA1}, 4, "; for a capture, write synfix read FILE"},
        {{0xA1, 0xB2, 0xC3, 0xD4}, 4, "; for a capture, write synfix read FILE"},
        {{0xA1, 0xB2, 0x3C, 0x4D}, 4, "; for a capture, write synfix read FILE"},
        {{'S', 'Q', 'L', 'i'}, 4, "; for an inventory, write synfix hosts FILE"},
        {{0x0A, 0x0D, 0x0D, 0x0A}, 4, "; for a capture, write synfix read FILE"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (memcmp(head, others[i].magic, others[i].length) == 0) {
            return others[i].text;
        }
    }
    return "; name an IPFIX file";
}

static synfix_status_t refuse(message_input_t *input, const char *reason, synfix_error_t *error)
{
    g_autofree char *text = g_strconcat(reason, advice(here(input)), NULL);
    input->refused = true;
    return fail_at(input, error, SYNFIX_INVALID, text);
}

/* Whether a whole message is @p at bytes after the beginning; more input is read for it. */
static bool is_message_at(message_input_t *input, size_t at)
{
    if (left(input) - at < MESSAGE_SHAPE_HEADER) {
        return false;
    }
    const size_t length = message_shape_length(here(input) + at);
    return length > 0 && look_ahead(input, at + length) &&
           message_shape_is_message(here(input) + at, left(input) - at);
}

/* Bytes from the beginning to the next message; 0: none within @p limit, at most 65,536. */
static size_t find_message(message_input_t *input, size_t limit)
{
    (void)look_ahead(input, limit + 1);
    for (size_t at = 1; at < limit && at < left(input); at++) {
        if (is_message_at(input, at)) {
            return at;
        }
    }
    return 0;
}

/* Whether the last bytes of the input may become a message when the input grows. */
static bool is_cut_message_at(const message_input_t *input, size_t at)
{
    const uint8_t *const data = here(input) + at;
    const size_t rest = left(input) - at;
    return rest >= 4 && message_shape_length(data) > rest;
}

static size_t skip_to_cut_message(const message_input_t *input)
{
    size_t at = 1;
    while (at < left(input) && !is_cut_message_at(input, at)) {
        at++;
    }
    return at;
}

/* Moves after damaged bytes, to the next message. */
static synfix_status_t pass_over(message_input_t *input, const char *reason, synfix_error_t *error)
{
    const uint64_t damage = input->position;
    size_t next = 0;
    while ((next = find_message(input, READER_MESSAGE_MAX)) == 0 && left(input) > READER_MESSAGE_MAX) {
        advance(input, READER_MESSAGE_MAX - 1);
    }
    advance(input, next > 0 ? next : skip_to_cut_message(input));
    return synfix_fail(error, SYNFIX_INVALID, "%s: byte %" PRIu64 ": %s; %" PRIu64 " bytes skipped",
                       input->path, damage, reason, input->position - damage);
}

static synfix_status_t no_message(message_input_t *input, const char *reason, synfix_error_t *error)
{
    if (!input->begun && find_message(input, FIRST_MESSAGE_WITHIN) == 0) {
        return refuse(input, reason, error);
    }
    input->begun = true;
    return pass_over(input, reason, error);
}

/* A wrong length would cost other messages. The length is right if the sets end there, or if another message
 * begins there. At the end of the input it is right unless there is a message inside. */
static bool length_is_right(message_input_t *input, size_t length)
{
    if (message_shape_is_closed(here(input), length)) {
        return true;
    }
    (void)look_ahead(input, length + MESSAGE_SHAPE_HEADER);
    return left(input) > length ? message_shape_begins(here(input) + length, left(input) - length)
                                : find_message(input, length) == 0;
}

/* The end of the input is inside a message, or a damaged length leads beyond the end. */
static synfix_status_t at_end(message_input_t *input, size_t length, synfix_error_t *error)
{
    return left(input) > MESSAGE_SHAPE_HEADER && !message_shape_is_cut(here(input), left(input)) &&
                   find_message(input, left(input)) > 0
               ? pass_over(input, "a message of a wrong length", error)
               : ends_inside(input, length, error);
}

static synfix_status_t deliver(message_input_t *input, size_t announced, const uint8_t **message,
                               size_t *length)
{
    input->begun = true;
    *message = here(input);
    *length = announced;
    input->offset = input->position;
    advance(input, announced);
    return SYNFIX_OK;
}

synfix_status_t message_input_next(message_input_t *input, const uint8_t **message, size_t *length,
                                   synfix_error_t *error)
{
    size_t announced = 0;
    synfix_error_t reason;
    synfix_status_t status = input->refused ? SYNFIX_END : need(input, READER_HEADER_SIZE, error);
    if (status == SYNFIX_END && left(input) > 0 && !input->refused) {
        return ends_inside(input, READER_HEADER_SIZE, error);
    }
    if (status != SYNFIX_OK) {
        return status;
    }
    if (ipfix_decoder_header(here(input), &announced, &reason) < 0) {
        return no_message(input, reason.text, error);
    }
    status = need(input, announced, error);
    if (status != SYNFIX_OK) {
        return status == SYNFIX_END ? at_end(input, announced, error) : status;
    }
    return length_is_right(input, announced) ? deliver(input, announced, message, length)
                                             : pass_over(input, "a message of a wrong length", error);
}
