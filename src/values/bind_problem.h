/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file bind_problem.h
 * The reason why an address and port cannot be bound, with the remedy. For listeners on IP addresses. Any
 * thread.
 */
#ifndef VALUES_BIND_PROBLEM_H
#define VALUES_BIND_PROBLEM_H

/** Reason and remedy for the errno @p number of bind(); without a remedy: the text of strerror(). Valid as
 * that of strerror(). */
const char *bind_problem(int number);

#endif
