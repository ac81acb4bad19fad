/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "hosts/system_support.h"
#include <stdbool.h>
#include <string.h>
#include <synfix/embed.h>

#define NS_PER_SECOND INT64_C(1000000000)
#define AT_2007_07    (INT64_C(1183248000) * NS_PER_SECOND)
#define AT_2010       (INT64_C(1262304000) * NS_PER_SECOND)
#define AT_2016       (INT64_C(1451606400) * NS_PER_SECOND)
#define AT_2040       (INT64_C(2208988800) * NS_PER_SECOND)
#define AT_2026       (INT64_C(1767225600) * NS_PER_SECOND)

static void the_status_follows_the_time(void **state)
{
    (void)state;
    const system_support_t *support = system_support_find("Windows", "XP or Server 2003");
    char text[SUPPORT_TEXT_SIZE];
    assert_non_null(support);
    assert_int_equal(system_support_status(support, AT_2010), SUPPORT_UNKNOWN);
    assert_int_equal(system_support_status(support, AT_2016), SUPPORT_ENDED);
    system_support_format(support, AT_2016, text);
    assert_string_equal(text, "ended 2015-07");
    support = system_support_find("Windows", "10 or 11");
    assert_int_equal(system_support_status(support, AT_2016), SUPPORT_UNKNOWN);
    assert_int_equal(system_support_status(support, AT_2026), SUPPORT_PARTLY);
    system_support_format(support, AT_2026, text);
    assert_string_equal(text, "ended in part");
    assert_int_equal(system_support_status(support, AT_2040), SUPPORT_PARTLY); /* time_t may have 32 bits */
    system_support_format(NULL, AT_2026, text);
    assert_string_equal(text, "");
    assert_null(system_support_find("Windows", ""));
    /* a date without a month is the end of its year */
    support = system_support_find("macOS", "10.2 or 10.3 (Mac OS X)");
    assert_int_equal(system_support_status(support, AT_2007_07), SUPPORT_PARTLY);
    assert_int_equal(system_support_status(support, AT_2010), SUPPORT_ENDED);
}

static bool has_label(const synfix_sigdb_t *sigdb, const system_support_t *support)
{
    const synfix_label_t *label = NULL;
    for (uint32_t i = 0; (label = synfix_sigdb_label(sigdb, i)) != NULL; i++) {
        if (strcmp(label->name, support->family) == 0 && strcmp(label->flavor, support->flavor) == 0) {
            return true;
        }
    }
    return false;
}

static void every_entry_is_a_label_of_the_database(void **state)
{
    (void)state;
    const char *const paths[] = {SYNFIX_SOURCE_DIR "/sigdb/synfix.fp"};
    synfix_sigdb_t *sigdb = NULL;
    synfix_error_t error = {.text = ""};
    const system_support_t *support = NULL;
    assert_int_equal(synfix_sigdb_open(paths, 1, 0, &sigdb, &error), SYNFIX_OK);
    for (size_t i = 0; (support = system_support_at(i)) != NULL; i++) {
        if (!has_label(sigdb, support)) {
            print_message("no label '%s' with '%s'\n", support->family, support->flavor);
        }
        assert_true(has_label(sigdb, support));
        assert_true(support->oldest_end == NULL || support->newest_end == NULL ||
                    strcmp(support->oldest_end, support->newest_end) <= 0);
        assert_true(support->oldest_end != NULL || support->newest_end != NULL);
    }
    synfix_sigdb_unref(sigdb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_status_follows_the_time),
        cmocka_unit_test(every_entry_is_a_label_of_the_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
