/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file error_cause.h
 * Attribution of a failure to its cause.
 */
#ifndef BASE_ERROR_CAUSE_H
#define BASE_ERROR_CAUSE_H

#include <stddef.h>
#include <synfix/status.h>

/**
 * Sets the cause of @p error (NULL is allowed) unless a function further down has set one; a denied
 * permission is its own cause. A status that is no failure changes nothing.
 * @return @p status
 */
static inline synfix_status_t error_attribute(synfix_error_t *error, synfix_cause_t cause,
                                              synfix_status_t status)
{
    if (status < 0 && error != NULL && error->cause == SYNFIX_CAUSE_NONE) {
        error->cause = status == SYNFIX_PERMISSION ? SYNFIX_CAUSE_ACCESS : cause;
    }
    return status;
}

#endif
