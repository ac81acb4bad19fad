/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pcap/pcap.h>
#include <string.h>
#include <synfix/embed.h>

static void link_types_are_those_of_files(void **state)
{
    (void)state;
    assert_int_equal(synfix_link_type_from_dlt(DLT_EN10MB), 1);
    assert_int_equal(synfix_link_type_from_dlt(DLT_RAW), 101);
    assert_int_equal(synfix_link_type_from_dlt(14), 101);
    assert_int_equal(synfix_link_type_from_dlt(DLT_LINUX_SLL), 113);
    assert_int_equal(synfix_link_type_from_dlt(DLT_ATM_RFC1483), 100);
    assert_int_equal(synfix_link_type_from_dlt(-1), UINT32_MAX);
}

static void a_database_in_one_call(void **state)
{
    (void)state;
    const char *const paths[] = {SYNFIX_SOURCE_DIR "/sigdb/synfix.fp", SYNFIX_SOURCE_DIR "/no-such-file"};
    synfix_sigdb_t *sigdb = NULL;
    synfix_error_t error;
    synfix_sigdb_info_t info;
    assert_int_equal(synfix_sigdb_open(paths, 1, 50, &sigdb, &error), SYNFIX_OK);
    synfix_sigdb_info(sigdb, &info);
    assert_true(info.request_entries > 0);
    synfix_sigdb_unref(sigdb);
    assert_true(synfix_sigdb_open(paths, 2, 0, &sigdb, &error) < 0);
    assert_non_null(strstr(error.text, "no-such-file"));
    assert_true(synfix_sigdb_open(paths, 1, 101, &sigdb, &error) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(link_types_are_those_of_files),
                                       cmocka_unit_test(a_database_in_one_call)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
