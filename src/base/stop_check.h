/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file stop_check.h
 * Interval at which a waiting thread checks for a stop request.
 */
#ifndef BASE_STOP_CHECK_H
#define BASE_STOP_CHECK_H

/**
 * Interval in milliseconds at which a wait that no other event ends is interrupted to check for a stop
 * request. A stop may be late by this interval; ten wake-ups a second cost no measurable time.
 */
#define STOP_CHECK_MS 100

#endif
