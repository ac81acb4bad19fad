/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file record_refusals.h
 * Messages about records that are not observations.
 */
#ifndef APP_ARCHIVE_RECORD_REFUSALS_H
#define APP_ARCHIVE_RECORD_REFUSALS_H

#include "exporter/record_observation/record_observation.h"

/** Advice for a reason of refusal; never NULL. */
typedef const char *(*record_advice_t)(record_reason_t reason);

/** Prints one line for each reason with refused records, each begins with @p subject. @p advice may be NULL.
 * Returns whether there are refused records. */
bool record_refusals_report(const record_converter_t *converter, const char *subject, record_advice_t advice);

#endif
