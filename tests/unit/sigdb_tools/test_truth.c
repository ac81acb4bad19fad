/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sigdb_tools/sigdb_tools.h"

static synfix_label_t label(const char *os_class, const char *name)
{
    return (synfix_label_t){.type = 's', .os_class = os_class, .name = name, .flavor = "", .text = name};
}

static void families(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"Android", "Linux"},
        {"Linux (dropbear)", "Linux"},
        {"Mac OS X", "Apple"},
        {"macOS or iOS", "Apple"},
        {"iOS", "Apple"},
        {"Cisco IOS", "Cisco"},
        {"masscan", "masscan"},
        {"Windows 10", "Windows"},
        {"Windows CE", "Windows CE"},
        {"OpenIndiana", "Solaris"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        assert_string_equal(sigdb_family(pairs[i][0]), pairs[i][1]);
    }
    assert_true(sigdb_is_undecided("Proxy or middlebox"));
    assert_false(sigdb_is_undecided("Linux"));
}

static void judges_the_family(void **state)
{
    (void)state;
    const synfix_label_t linux_label = label("unix", "Linux");
    const synfix_label_t proxy = label("other", "Proxy or middlebox");
    assert_int_equal(sigdb_label_outcome(&linux_label, "Android"), SIGDB_RIGHT);
    assert_int_equal(sigdb_label_outcome(&linux_label, "Windows"), SIGDB_WRONG);
    assert_int_equal(sigdb_label_outcome(&proxy, "Windows"), SIGDB_UNDECIDED);
    assert_int_equal(sigdb_label_outcome(&proxy, "Proxy"), SIGDB_RIGHT);
    assert_int_equal(sigdb_label_outcome(&linux_label, "Proxy"), SIGDB_WRONG);
    assert_int_equal(sigdb_label_outcome(NULL, "Windows"), SIGDB_UNDECIDED);
}

static void judges_the_class(void **state)
{
    (void)state;
    const synfix_label_t apple = label("unix", "macOS or iOS");
    const synfix_label_t windows = label("win", "Windows");
    const synfix_label_t printer = label("other", "Brother");
    assert_true(sigdb_class_is_right(&apple, "FreeBSD"));
    assert_true(sigdb_class_is_right(&apple, "Android"));
    assert_false(sigdb_class_is_right(&apple, "Windows"));
    assert_true(sigdb_class_is_right(&windows, "Windows"));
    assert_true(sigdb_class_is_right(&printer, "Cisco"));
}

static void an_embedded_system_is_no_desktop(void **state)
{
    (void)state;
    const synfix_label_t linux_label = label("unix", "Linux");
    const synfix_label_t windows = label("win", "Windows");
    const synfix_label_t ce = label("other", "Windows CE");
    const synfix_label_t qnx = label("unix", "QNX");
    const synfix_label_t printer = label("other", "Brother");
    assert_int_equal(sigdb_label_outcome(&windows, "embedded"), SIGDB_WRONG);
    assert_int_equal(sigdb_label_outcome(&printer, "embedded"), SIGDB_RIGHT);
    assert_int_equal(sigdb_label_outcome(&qnx, "embedded"), SIGDB_RIGHT);
    assert_int_equal(sigdb_label_outcome(&ce, "embedded"), SIGDB_RIGHT);
    assert_int_equal(sigdb_label_outcome(&linux_label, "embedded"), SIGDB_UNDECIDED);
    assert_int_equal(sigdb_label_outcome(&linux_label, "Cisco"), SIGDB_WRONG);
    assert_true(sigdb_is_desktop(&windows));
    assert_false(sigdb_is_desktop(&ce));
    assert_true(sigdb_is_embedded("Cisco IOS"));
    assert_false(sigdb_is_embedded("HP-UX"));
    assert_false(sigdb_is_embedded("Windows"));
}

static void an_answer_with_several_families_is_right_for_each(void **state)
{
    (void)state;
    const synfix_label_t bsd = label("unix", "FreeBSD or macOS");
    const synfix_label_t linux_label = label("unix", "FreeBSD or Linux");
    const synfix_label_t qnx = label("unix", "NetBSD or QNX");
    const synfix_label_t apple = label("unix", "macOS or iOS");
    assert_int_equal(sigdb_label_outcome(&bsd, "FreeBSD"), SIGDB_RIGHT);
    assert_int_equal(sigdb_label_outcome(&bsd, "iOS"), SIGDB_RIGHT);
    assert_int_equal(sigdb_label_outcome(&bsd, "OpenBSD"), SIGDB_WRONG);
    assert_int_equal(sigdb_label_outcome(&bsd, "embedded"), SIGDB_WRONG);
    assert_int_equal(sigdb_label_outcome(&linux_label, "embedded"), SIGDB_UNDECIDED);
    assert_int_equal(sigdb_label_outcome(&qnx, "embedded"), SIGDB_RIGHT);
    assert_true(sigdb_is_desktop(&bsd));
    assert_false(sigdb_names_one_family("FreeBSD or macOS"));
    assert_true(sigdb_names_one_family("macOS or iOS"));
    assert_true(sigdb_names_one_family("Proxy or middlebox"));
    assert_int_equal(sigdb_label_outcome(&apple, "macOS"), SIGDB_RIGHT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families),
        cmocka_unit_test(judges_the_family),
        cmocka_unit_test(judges_the_class),
        cmocka_unit_test(an_embedded_system_is_no_desktop),
        cmocka_unit_test(an_answer_with_several_families_is_right_for_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
