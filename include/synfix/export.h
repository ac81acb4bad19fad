/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file export.h
 * Visibility and compiler attributes of the public interface. Only symbols marked SYNFIX_API are exported.
 */
#ifndef SYNFIX_EXPORT_H
#define SYNFIX_EXPORT_H

#if defined(__GNUC__)
#define SYNFIX_API                 __attribute__((visibility("default")))
#define SYNFIX_PRINTF(text, first) __attribute__((format(printf, text, first)))
#define SYNFIX_MUST_CHECK          __attribute__((warn_unused_result))
#else
#define SYNFIX_API
#define SYNFIX_PRINTF(format, first)
#define SYNFIX_MUST_CHECK
#endif

#endif
