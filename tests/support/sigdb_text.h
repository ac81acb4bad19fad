/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sigdb_text.h
 * Databases of tests, written as text. Include after cmocka.h.
 */
#ifndef SUPPORT_SIGDB_TEXT_H
#define SUPPORT_SIGDB_TEXT_H

#include <string.h>
#include <synfix/sigdb.h>

/** A database of @p text, whose file name is `t.fp`. The test fails where the text is wrong. */
static inline synfix_sigdb_t *sigdb_of_quality(const char *text, uint8_t min_quality)
{
    synfix_error_t error = {.text = ""};
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    if (synfix_sigdb_load_text(sigdb, "t.fp", text, strlen(text), &error) != SYNFIX_OK) {
        fail_msg("%s in\n%s", error.text, text);
    }
    assert_int_equal(synfix_sigdb_set_min_quality(sigdb, min_quality, &error), SYNFIX_OK);
    assert_int_equal(synfix_sigdb_finish(sigdb, &error), SYNFIX_OK);
    return sigdb;
}

/** The same without a minimum of the quality. */
static inline synfix_sigdb_t *sigdb_of(const char *text)
{
    return sigdb_of_quality(text, 0);
}

#endif
