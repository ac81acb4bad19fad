/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file skip.h
 * A test that cannot run prints the reason and ends as skipped; so does its program. Include cmocka.h before
 * this file.
 */
#ifndef SUPPORT_SKIP_H
#define SUPPORT_SKIP_H

/** Exit code of a skipped program: SKIP_RETURN_CODE of ctest. */
#define SKIP_CODE 77

static unsigned skipped_tests; /* of this program */

/** Ends the running test as skipped and prints the reason, which follows the arguments of printf. */
#define SKIP(...)                                                                                            \
    do {                                                                                                     \
        skipped_tests++;                                                                                     \
        print_message("skipped: " __VA_ARGS__);                                                              \
        print_message("\n");                                                                                 \
        skip();                                                                                              \
    } while (0)

/**
 * Exit code of a program whose tests may skip themselves. cmocka counts a skipped test as passed; here a
 * program of which no test failed and at least one was skipped is skipped.
 * @param failed result of cmocka_run_group_tests()
 */
static inline int tests_exit_code(int failed)
{
    return failed == 0 && skipped_tests > 0 ? SKIP_CODE : failed;
}

#endif
