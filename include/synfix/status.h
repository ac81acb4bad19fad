/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file status.h
 * What a function answers, and the text that goes with a failure.
 *
 * 0 is success, a positive status is a normal event (end of data, try again later), a negative one a failure.
 * Nothing in the library prints or exits: a function that can fail for a reason a person has to read takes a
 * synfix_error_t, and on failure (only) writes one line into it that names the place and the reason.
 */
#ifndef SYNFIX_STATUS_H
#define SYNFIX_STATUS_H

#include <synfix/export.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum synfix_status {
    SYNFIX_OK = 0,
    SYNFIX_END = 1,           /* no more data; not an error */
    SYNFIX_AGAIN = 2,         /* nothing now, or no room now: call again; not an error */
    SYNFIX_INVALID = -1,      /* an argument, option, line or byte sequence that is not allowed */
    SYNFIX_NO_MEMORY = -2,    /* allocation failed, or a configured bound would be passed */
    SYNFIX_IO = -3,           /* the operating system refused: file, socket, device */
    SYNFIX_NOT_FOUND = -4,    /* no such file, interface, element, module */
    SYNFIX_UNSUPPORTED = -5,  /* well formed, but not something this build can do */
    SYNFIX_TRUNCATED = -6,    /* the input ends in the middle */
    SYNFIX_PERMISSION = -7,   /* the operating system says: not you */
    SYNFIX_DISCONNECTED = -8, /* the peer went away, or was never there */
} synfix_status_t;

/** Room for one line with its end, in bytes. */
#define SYNFIX_ERROR_SIZE 512

/** One line without a line feed: `place: reason`. Owned by the caller; contents only defined after a failure.
 */
typedef struct synfix_error {
    char text[SYNFIX_ERROR_SIZE];
} synfix_error_t;

/** A constant English phrase for @p status; never NULL, also for a number that is none. Any thread. */
SYNFIX_API const char *synfix_status_text(synfix_status_t status);

/**
 * Writes a printf-formatted line into @p error (cut at its size; @p error may be NULL) and returns @p status,
 * so that a failing function can `return synfix_fail(error, SYNFIX_INVALID, "%s:%d: ...", ...)`. Any thread.
 */
SYNFIX_API synfix_status_t synfix_fail(synfix_error_t *error, synfix_status_t status, const char *format, ...)
    SYNFIX_PRINTF(3, 4);

#ifdef __cplusplus
}
#endif

#endif
