/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sigdb/sigdb_internal.h"
#include <stdio.h>
#include <string.h>

static synfix_signature_t parsed(const char *text)
{
    synfix_signature_t signature;
    assert_int_equal(synfix_signature_parse(text, strlen(text), &signature, NULL), SYNFIX_OK);
    return signature;
}

/* A clamped MSS leaves the window, whose multiple follows from the MSS of before, or that less timestamps. */
static void the_window_with_another_mss(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint16_t mss;
        uint8_t kind;
        uint16_t multiple;
    } table[] = {
        {"4:64+0:0:1380:29200,7:mss::0", 1460, SYNFIX_WINDOW_MSS, 20},
        {"4:64+0:0:1380:28960,7:mss::0", 1460, SYNFIX_WINDOW_MSS, 20}, /* of 1448 */
        {"4:64+0:0:1380:65535,7:mss::0", 1460, SYNFIX_WINDOW_PLAIN, 0},
        {"4:64+0:0:1380:0,7:mss::0", 1460, SYNFIX_WINDOW_PLAIN, 0},
        {"4:64+0:0:1380:mss*10,7:mss::0", 1460, SYNFIX_WINDOW_PLAIN, 0},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const synfix_signature_t signature = parsed(table[i].text);
        synfix_signature_t changed;
        sigdb_with_mss(&signature, table[i].mss, &changed);
        assert_int_equal(changed.mss, table[i].mss);
        assert_int_equal(changed.window, signature.window);
        assert_int_equal(changed.window_kind, table[i].kind);
        assert_int_equal(changed.window_multiple, table[i].multiple);
    }
}

static void layouts_without_added_options(void **state)
{
    (void)state;
    static const struct {
        const char *layout;
        const char *wanted; /* NULL: not found, or not so many NOPs */
        int nops[SIGDB_ADDED_VARIED];
    } table[] = {
        {"mss,?30,nop,nop,ws,nop", "mss,ws,nop", {2}},
        {"nop,nop,?30,mss", "mss", {2}}, /* in front */
        {"mss,nop,ws,sok,ts,nop,nop,?30", "mss,nop,ws,sok,ts", {2}},
        {"mss,?30,nop,ws", NULL, {2}},
        {"mss,?30", "mss", {0}},
        {"mss,nop,ws", NULL, {0}},
        {"mss,?30,eol+1", "mss", {0}}, /* the padding aligned the added option */
        /* the added option replaces NOPs */
        {"mss,?30,sok,nop,ws", "mss,nop,nop,sok,nop,ws", {-2}},
        {"mss,sok,ts,?30,ws", "mss,sok,ts,nop,ws", {-1}},
        /* or the padding at the end */
        {"mss,nop,ws,nop,nop,ts,sok,?30", "mss,nop,ws,nop,nop,ts,sok,eol+1", {0}},
        {"mss,nop,ws,nop,nop,ts,sok,?30,eol+2", "mss,nop,ws,nop,nop,ts,sok,eol+1", {0}},
        {"mss,nop,ws,sok,?30,nop,nop,eol+0", "mss,nop,ws,sok,eol+1", {2}},
        {"mss,?99,?30,eol+2", "mss,?99", {0}}, /* of unknown size: the end is unknown */
        /* two, each with its NOPs */
        {"nop,nop,?30,mss,?31,nop,nop,sok,nop,ws", "mss,nop,nop,sok,nop,ws", {2, 0}},
        {"mss,?30,nop,?31,?31,nop,ws", NULL, {1, 1}},
        {"mss,?30,nop,?31,?31,nop,ws", "mss,nop,nop,nop,ws,eol+1", {1, -1}},
        {"nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,?30",
         NULL,
         {-3}},
    };
    const uint64_t added[4] = {UINT64_C(3) << 30};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char text[SYNFIX_SIGNATURE_TEXT_SIZE];
        char whole[SYNFIX_SIGNATURE_TEXT_SIZE];
        synfix_signature_t changed;
        (void)snprintf(whole, sizeof whole, "4:64+0:0:1460:1,0:%s::0", table[i].layout);
        const synfix_signature_t signature = parsed(whole);
        const bool found = sigdb_without_added(&signature, added, table[i].nops, &changed);
        assert_int_equal(found, table[i].wanted != NULL);
        if (found) {
            (void)synfix_signature_format(&changed, text);
            (void)snprintf(whole, sizeof whole, "4:64+0:0:1460:1,0:%s::0", table[i].wanted);
            if (strcmp(text, whole) != 0) {
                fail_msg("%s: %s", table[i].layout, text);
            }
        }
    }
}

static void added_options_are_counted(void **state)
{
    (void)state;
    const uint64_t added[4] = {UINT64_C(1) << 19, 0, UINT64_C(1) << (174 - 128)};
    const synfix_signature_t both = parsed("4:64+0:0:1460:1,0:nop,nop,?19,mss,?174,?172::0");
    const synfix_signature_t none = parsed("4:64+0:0:1460:1,0:mss,nop,ws::0");
    assert_int_equal(sigdb_count_added(&both, added), 2);
    assert_int_equal(sigdb_count_added(&none, added), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_window_with_another_mss),
        cmocka_unit_test(layouts_without_added_options),
        cmocka_unit_test(added_options_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
