/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/enrichers/sha1_block.h"
#include <stdio.h>
#include <string.h>

static void known_digests(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        const char *digest;
    } table[] = {
        {"", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
        {"abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
        /* 55 bytes, the longest */
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "c1c8bbdc22796e28c0e15163d20899b65621d65a"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        uint8_t digest[SHA1_SIZE];
        char text[2 * SHA1_SIZE + 1];
        sha1_short((const uint8_t *)table[i].message, strlen(table[i].message), digest);
        for (size_t j = 0; j < SHA1_SIZE; j++) {
            (void)snprintf(text + 2 * j, 3, "%02x", digest[j]);
        }
        assert_string_equal(text, table[i].digest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_digests)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
