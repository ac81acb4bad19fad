/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file stack.h
 * The part of a signature that the TCP implementation decides, not the path: the order of the options and the
 * window survive where a middlebox removes options, clamps the MSS, or sets ECN bits. Pure
 * functions.
 */
#ifndef HOSTS_STACK_H
#define HOSTS_STACK_H

#include <stdbool.h>
#include <stdint.h>
#include <synfix/signature.h>

/** Option kinds in wire order without padding and NOP, four bits each, the first in the lowest. 0: no option.
 */
typedef uint32_t option_order_t;

/** The order of the options of @p signature. */
option_order_t option_order(const synfix_signature_t *signature);

/**
 * Whether one order follows from the other by removing options. Two orders that do not are of two
 * implementations, or of one whose configuration changed.
 */
bool option_orders_agree(option_order_t a, option_order_t b);

/** The one with more options. */
option_order_t option_order_longer(option_order_t a, option_order_t b);

/** Whether the windows are of two implementations or settings: not when the number on the wire is the same,
 * nor when the multiple of MSS or MTU is. */
bool windows_differ(const synfix_signature_t *a, const synfix_signature_t *b);

/** A number for the window of windows_differ, without the MSS. */
uint32_t window_value(const synfix_signature_t *signature);

#endif
