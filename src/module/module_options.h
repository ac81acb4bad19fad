/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file module_options.h
 * Option values of modules: parsing of `scheme:target?key=value&key=value`.
 *
 * `scheme://host:port?key=value` is accepted too: a leading `//` is not part of the target. The target is
 * used as it is written; in a value `%26` is `&` and `%25` is `%`.
 */
#ifndef MODULE_MODULE_OPTIONS_H
#define MODULE_MODULE_OPTIONS_H

#include <synfix/module.h>

/** Size of a scheme in bytes, with the terminating NUL. */
#define OPTIONS_SCHEME_SIZE 32u

/**
 * Parses @p text with the options of @p module, and adds every unknown, repeated or empty option to
 * @p mistakes. synfix_options_check() adds the values that are wrong.
 * @return the caller's, also with mistakes: module_options_free(). NULL: another scheme, or out of memory
 */
synfix_options_t *module_options_read(const synfix_module_t *module, const char *text,
                                      synfix_mistakes_t *mistakes);

/** As module_options_read(), with target and settings as separate texts, see module_options_make(). */
synfix_options_t *module_options_read_parts(const synfix_module_t *module, const char *target,
                                            const char *settings, synfix_mistakes_t *mistakes);

/**
 * Parses the options of @p module, and checks the values by type, range and choices.
 * @param target   may hold any character
 * @param settings `key=value&...`, may be NULL
 * @param options  on success owned by the caller: module_options_free()
 * @return SYNFIX_INVALID: the message is the first mistake, and *options is unchanged
 */
synfix_status_t module_options_make(const synfix_module_t *module, const char *target, const char *settings,
                                    synfix_options_t **options, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Sets an option that the specification leaves out; a value given there, and an option that the module does
 * not have, stay as they are.
 * @return SYNFIX_INVALID when @p text is no value of the option.
 */
synfix_status_t module_options_set(synfix_options_t *options, const char *name, const char *text,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Same scheme, target and values; `1s` and `1000ms` are equal. */
bool module_options_equal(const synfix_options_t *one, const synfix_options_t *other);

/** NULL is allowed. */
void module_options_free(synfix_options_t *options);

/** Checks @p text as a value of @p option; the message names the option. */
synfix_status_t module_options_check(const synfix_option_t *option, const char *text,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
