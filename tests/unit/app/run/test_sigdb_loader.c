/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/run/sigdb_loader.h"
#include <string.h>

static void both_ways_load_the_same(void **state)
{
    (void)state;
    char path[] = SYNFIX_SOURCE_DIR "/sigdb/synfix.fp";
    char *const paths[] = {path, NULL};
    synfix_sigdb_info_t info[2];
    for (int beside = 0; beside < 2; beside++) {
        synfix_sigdb_t *sigdb = NULL;
        synfix_error_t error;
        sigdb_loader_t *const loader = sigdb_loader_begin(paths, 0, beside != 0);
        assert_int_equal(sigdb_loader_end(loader, &sigdb, &error), SYNFIX_OK);
        synfix_sigdb_info(sigdb, &info[beside]);
        synfix_sigdb_unref(sigdb);
    }
    assert_true(info[0].request_entries > 0);
    assert_int_equal(info[0].request_entries, info[1].request_entries);
    assert_int_equal(info[0].response_entries, info[1].response_entries);
    assert_int_equal(info[0].label_count, info[1].label_count);
}

static void both_ways_fail_alike(void **state)
{
    (void)state;
    char path[] = "/nonexistent/synfix.fp";
    char *const paths[] = {path, NULL};
    synfix_error_t errors[2];
    for (int beside = 0; beside < 2; beside++) {
        synfix_sigdb_t *sigdb = NULL;
        sigdb_loader_t *const loader = sigdb_loader_begin(paths, 0, beside != 0);
        assert_int_equal(sigdb_loader_end(loader, &sigdb, &errors[beside]), SYNFIX_NOT_FOUND);
        assert_null(sigdb);
    }
    assert_string_equal(errors[0].text, errors[1].text);
    assert_non_null(strstr(errors[0].text, path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways_load_the_same),
        cmocka_unit_test(both_ways_fail_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
