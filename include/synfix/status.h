/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file status.h
 * Return values, and the error text of a failure.
 *
 * 0 is success. A positive status is a normal event (end of data, try again later). A negative status is a
 * failure. The library never prints and never exits: a function whose failure has a reason takes a
 * synfix_error_t and, on failure only, writes one line that names the object and the reason.
 */
#ifndef SYNFIX_STATUS_H
#define SYNFIX_STATUS_H

#include <synfix/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The result of a function. */
typedef enum synfix_status {
    SYNFIX_OK = 0,
    SYNFIX_END = 1,           /* end of data; not an error */
    SYNFIX_AGAIN = 2,         /* no data or no room at the moment: call again; not an error */
    SYNFIX_INVALID = -1,      /* an argument, option, line or byte sequence is not valid */
    SYNFIX_NO_MEMORY = -2,    /* an allocation failed, or a configured limit is reached */
    SYNFIX_IO = -3,           /* an operation of the operating system failed: file, socket, device */
    SYNFIX_NOT_FOUND = -4,    /* the file, interface, element or module does not exist */
    SYNFIX_UNSUPPORTED = -5,  /* valid, but not supported by this build */
    SYNFIX_TRUNCATED = -6,    /* the input ends early */
    SYNFIX_PERMISSION = -7,   /* the operating system denied the operation */
    SYNFIX_DISCONNECTED = -8, /* the peer closed the connection or is unreachable */
} synfix_status_t;

/** Size of an error text in bytes, with the terminating NUL. */
#define SYNFIX_ERROR_SIZE 512

/** The part that failed, as far as the function that reports the error knows. Exit codes of the program
 * follow from this. */
typedef enum synfix_cause {
    SYNFIX_CAUSE_NONE = 0,   /* not attributed: only the status is known */
    SYNFIX_CAUSE_USAGE = 1,  /* option, configuration or database */
    SYNFIX_CAUSE_INPUT = 2,  /* capture file */
    SYNFIX_CAUSE_SINK = 3,   /* file, socket or peer of a sink */
    SYNFIX_CAUSE_ACCESS = 4, /* the operating system denies permission */
    SYNFIX_CAUSE_DEVICE = 5, /* network interface */
} synfix_cause_t;

/**
 * One line `OBJECT: reason` without a line feed. The caller owns the structure. The content is defined only
 * after a failure.
 */
typedef struct synfix_error {
    char text[SYNFIX_ERROR_SIZE];
    synfix_cause_t cause;
} synfix_error_t;

/**
 * English description of a status. Any thread.
 * @param status  any number
 * @return constant text, never NULL
 */
SYNFIX_API const char *synfix_status_text(synfix_status_t status);

/**
 * Writes the reason of a failure, so that a failing function can `return synfix_fail(error, SYNFIX_INVALID,
 * "%s:%d: ...", ...)`. Any thread.
 * @param error   owned by the caller; gets the line, truncated at its size, and the cause
 *                SYNFIX_CAUSE_NONE; NULL: nothing is written
 * @param status  of the failure
 * @param format  as for printf(); must not refer to the text of @p error
 * @return @p status
 */
SYNFIX_API synfix_status_t synfix_fail(synfix_error_t *error, synfix_status_t status, const char *format, ...)
    SYNFIX_PRINTF(3, 4);

#ifdef __cplusplus
}
#endif

#endif
