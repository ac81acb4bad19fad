/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file interface_name.h
 * Advice about a name that no interface has. Any thread.
 */
#ifndef VALUES_INTERFACE_NAME_H
#define VALUES_INTERFACE_NAME_H

/**
 * How to write @p name, which no interface has: without quotes, a comment or several names in one. Of a name
 * without such a mistake: the command that lists the interfaces. Never NULL.
 */
const char *interface_name_advice(const char *name);

#endif
