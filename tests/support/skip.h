/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file skip.h
 * A test that cannot run here says why. Include cmocka.h before this file.
 */
#ifndef SUPPORT_SKIP_H
#define SUPPORT_SKIP_H

/** Ends the running test as skipped and prints the reason, which follows the arguments of printf. */
#define SKIP(...)                                                                                            \
    do {                                                                                                     \
        print_message("skipped: " __VA_ARGS__);                                                              \
        print_message("\n");                                                                                 \
        skip();                                                                                              \
    } while (0)

#endif
