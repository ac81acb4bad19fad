/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/enrichers/private_copy.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void the_copy_stays(void **state)
{
    (void)state;
    char path[] = "/tmp/synfix-copy-XXXXXX";
    char name[PRIVATE_COPY_PATH_SIZE];
    char text[16] = "";
    int copy = -1;
    synfix_error_t error;
    const int file = mkstemp(path);
    assert_int_equal(write(file, "content", 7), 7);
    assert_int_equal(private_copy_open(path, &copy, name, &error), SYNFIX_OK);
    assert_int_equal(ftruncate(file, 0), 0);
    const int again = open(name, O_RDONLY | O_CLOEXEC);
    assert_int_equal(read(again, text, sizeof text), 7);
    assert_string_equal(text, "content");
    (void)(close(again) + close(copy) + close(file) + unlink(path));
}

static void refusals(void **state)
{
    (void)state;
    char long_file[] = "/tmp/synfix-copy-XXXXXX";
    const int file = mkstemp(long_file);
    assert_int_equal(ftruncate(file, PRIVATE_COPY_MAX + 1), 0);
    const struct {
        const char *path;
        const char *reason;
    } table[] = {{"/nonexistent", "/nonexistent: "},
                 {"/dev/zero", "not a regular file"},
                 {long_file, "larger than 1024 MiB"}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char name[PRIVATE_COPY_PATH_SIZE];
        int copy = -1;
        synfix_error_t error;
        assert_true(private_copy_open(table[i].path, &copy, name, &error) < 0);
        assert_non_null(strstr(error.text, table[i].reason));
        assert_int_equal(copy, -1);
    }
    (void)(close(file) + unlink(long_file));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_copy_stays), cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
