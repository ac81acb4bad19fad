/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "sigdb/layout_alternatives.h"

static slice_t slice(const char *text)
{
    return (slice_t){text, strlen(text)};
}

/* The sixth field of @p sig. */
static slice_t sixth_field(slice_t sig)
{
    const char *at = sig.at;
    const char *const end = sig.at + sig.length;
    for (unsigned colons = 0; colons < 5 && at < end; at++) {
        colons += *at == ':';
    }
    const char *const colon = memchr(at, ':', (size_t)(end - at));
    return (slice_t){at, (size_t)((colon != NULL ? colon : end) - at)};
}

/* Each sig on its own line; `stop` ends all. */
static const char *collect(void *context, slice_t sig, slice_t layout)
{
    char *text = context;
    assert_ptr_equal(layout.at, sixth_field(sig).at);
    assert_int_equal(layout.length, sixth_field(sig).length);
    (void)snprintf(text + strlen(text), 1024 - strlen(text), "%.*s\n", (int)sig.length, sig.at);
    return strstr(text, "stop") != NULL ? "stopped" : NULL;
}

static void each_layout_becomes_a_sig(void **state)
{
    (void)state;
    static const struct {
        const char *sig;
        const char *made;
        const char *reason;
    } cases[] = {
        {"4:64:0:*:1,0:mss:df:0", "4:64:0:*:1,0:mss:df:0\n", NULL},
        {"4:64:0:*:1|2,0:mss|nop,ws:df:0", "4:64:0:*:1|2,0:mss:df:0\n4:64:0:*:1|2,0:nop,ws:df:0\n", NULL},
        {"4:64:0:*:1,0:@two:df:0", "4:64:0:*:1,0:mss,sok:df:0\n4:64:0:*:1,0:mss:df:0\n", NULL},
        {"4:64:0:*:1,0:ws|@two,?30:df:0",
         "4:64:0:*:1,0:ws:df:0\n4:64:0:*:1,0:mss,sok,?30:df:0\n4:64:0:*:1,0:mss,?30:df:0\n", NULL},
        {"4:64:0:*:1,0:|mss:df:0", "4:64:0:*:1,0::df:0\n4:64:0:*:1,0:mss:df:0\n", NULL},
        /* the parser of the entry reports other mistakes */
        {"4:64", "4:64\n", NULL},
        {"4:64:0:*:1,0:mss", "4:64:0:*:1,0:mss\n", NULL},
        {"4:64:0:*:1,0:mss|:df:0", "", "a layout is missing after the last |"},
        {"4:64:0:*:1,0:@three:df:0", "", "an unknown name of layouts; define the name above this line"},
        {"4:64:0:*:1,0:@:df:0", "", "an unknown name of layouts; define the name above this line"},
        {"4:64:0:*:1,0:stop|mss:df:0", "4:64:0:*:1,0:stop:df:0\n", "stopped"},
    };
    layout_names_t names = {0};
    assert_null(layout_names_add(&names, slice("two mss,sok|mss")));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char made[1024] = "";
        const char *reason = layouts_expand(&names, slice(cases[i].sig), collect, made);
        print_message("%s\n", cases[i].sig);
        assert_string_equal(made, cases[i].made);
        if (cases[i].reason == NULL) {
            assert_null(reason);
        } else {
            assert_string_equal(reason, cases[i].reason);
        }
    }
}

static void names_are_checked(void **state)
{
    (void)state;
    layout_names_t names = {0};
    static char texts[SIGDB_LAYOUT_NAMES_MAX][8];
    assert_string_equal(layout_names_add(&names, slice("alone")),
                        "layouts needs a name and layouts, separated by |");
    assert_string_equal(layout_names_add(&names, slice("a @b")),
                        "layouts contains layouts, no names and no colons");
    assert_string_equal(layout_names_add(&names, slice("a mss|")), "a layout is missing after the last |");
    for (int i = 0; i < SIGDB_LAYOUT_NAMES_MAX; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "%c mss", 'a' + i);
        assert_null(layout_names_add(&names, slice(texts[i])));
    }
    assert_string_equal(layout_names_add(&names, slice("b mss")), "a name of layouts that is in use");
    assert_string_equal(layout_names_add(&names, slice("zz mss")), "too many names of layouts");
}

static void too_much_is_refused(void **state)
{
    (void)state;
    const layout_names_t names = {0};
    char sig[2048] = "4:64:0:*:1,0:";
    char made[1024] = "";
    for (unsigned i = 0; i < SIGDB_LAYOUTS_MAX; i++) {
        strcat(sig, "mss|");
    }
    strcat(sig, "mss:df:0");
    assert_string_equal(layouts_expand(&names, slice(sig), collect, made), "too many layouts");
    memset(sig, 'x', sizeof sig - 1);
    assert_string_equal(layouts_expand(&names, slice(sig), collect, made), "a sig that is too long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_layout_becomes_a_sig),
        cmocka_unit_test(names_are_checked),
        cmocka_unit_test(too_much_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
