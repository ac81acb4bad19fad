/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix_file/ipfix_file.h"
#include "support/file_sink.h"

/* A file that another process puts in the place of ours does not get its name. */
static void test_replaced_while_written(void **state)
{
    synfix_error_t error;
    ipfix_file_t *archive = NULL;
    g_autofree char *path = g_build_filename(*state, "a.ipfix", NULL);
    g_autofree char *part = g_strconcat(path, ARCHIVE_PART_SUFFIX, NULL);
    const ipfix_file_config_t config = {.target = path};
    assert_int_equal(ipfix_file_new(&config, &archive, &error), SYNFIX_OK);
    assert_int_equal(ipfix_file_begin(archive, 0, &error), SYNFIX_OK);
    assert_int_equal(g_unlink(part), 0);
    assert_true(g_file_set_contents(part, "other", -1, NULL));
    assert_int_equal(ipfix_file_end(archive, &error), SYNFIX_IO);
    assert_non_null(strstr(error.text, "replaced"));
    assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    assert_int_equal(file_size(part), 5);
    ipfix_file_free(archive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_replaced_while_written, make_temporary_directory,
                                        remove_temporary_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
