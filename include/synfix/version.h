/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file version.h
 * Version of the library at run time.
 */
#ifndef SYNFIX_VERSION_H
#define SYNFIX_VERSION_H

#include <synfix/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Version of the library that the program runs with. Any thread.
 * @return constant text `MAJOR.MINOR.PATCH`, never NULL
 */
SYNFIX_API const char *synfix_version(void);

#ifdef __cplusplus
}
#endif

#endif
