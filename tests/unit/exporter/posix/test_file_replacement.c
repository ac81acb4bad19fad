/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file_content.h"
#include "exporter/posix/file_replacement.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A directory with `mine`, a file of 5 bytes; the working directory of each test. */
static int set_up(void **state)
{
    char *const directory = strdup("/tmp/synfix-place-XXXXXX");
    *state = directory;
    if (!mkdtemp(directory) || chdir(directory) != 0) {
        return -1;
    }
    FILE *const file = fopen("mine", "w");
    fputs("hello", file);
    return fclose(file);
}

static int tear_down(void **state)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
    const int result = system(command);
    free(*state);
    return result;
}

static unsigned count_names(void)
{
    FILE *const list = popen("ls -A | wc -l", "r");
    unsigned count = 0;
    assert_int_equal(fscanf(list, "%u", &count), 1);
    pclose(list);
    return count;
}

static void a_replacement_comes_whole(void **state)
{
    (void)state;
    file_replacement_t replacement = FILE_REPLACEMENT_NONE, second;
    synfix_error_t error;
    char *text = NULL;
    size_t length = 0;
    assert_int_equal(file_replacement_begin(&replacement, "mine", 0644, &error), SYNFIX_OK);
    assert_int_equal(write(replacement.descriptor, "new", 3), 3);
    assert_int_equal(file_replacement_begin(&second, "./mine", 0644, &error), SYNFIX_IO);
    assert_non_null(strstr(error.text, "in use"));
    assert_int_equal(file_replacement_commit(&replacement), 0);
    assert_int_equal(file_read_whole("mine", 100, &text, &length, &error), SYNFIX_OK);
    assert_string_equal(text, "new");
    free(text);
    assert_int_equal(count_names(), 1);
    assert_int_equal(file_replacement_begin(&replacement, "mine", 0644, &error), SYNFIX_OK);
    file_replacement_abandon(&replacement);
    assert_int_equal(count_names(), 1);
}

static void put_file(const char *name)
{
    FILE *const file = fopen(name, "w");
    assert_non_null(file);
    fclose(file);
}

/* Files of a killed run are removed; files that may belong to another process stay. */
static void leftovers_go(void **state)
{
    (void)state;
    file_replacement_t replacement = FILE_REPLACEMENT_NONE;
    put_file("out.4711.tmp");
    put_file("out.0123456789abcdef.tmp");
    put_file("out.word.tmp");
    put_file("other.4711.tmp");
    assert_int_equal(symlink("mine", "out.1.tmp"), 0);
    assert_int_equal(link("mine", "out.2.tmp"), 0);
    assert_int_equal(file_replacement_begin(&replacement, "out", 0644, NULL), SYNFIX_OK);
    file_replacement_abandon(&replacement);
    assert_int_equal(access("out.4711.tmp", F_OK), -1);
    assert_int_equal(access("out.0123456789abcdef.tmp", F_OK), -1);
    assert_int_equal(access("out.word.tmp", F_OK), 0);
    assert_int_equal(access("other.4711.tmp", F_OK), 0);
    assert_int_equal(access("out.1.tmp", F_OK), 0);
    assert_int_equal(access("out.2.tmp", F_OK), 0);
    assert_int_equal(access("mine", F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_replacement_comes_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(leftovers_go, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
