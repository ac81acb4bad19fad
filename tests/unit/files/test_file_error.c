/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "files/file_error.h"
#include <errno.h>
#include <string.h>

static void status_and_text_of_each_errno(void **state)
{
    (void)state;
    static const struct {
        int number;
        synfix_status_t status;      /* of file_status */
        synfix_status_t status_path; /* of file_fail */
        const char *text;            /* NULL: that of strerror */
    } table[] = {
        {ENOENT, SYNFIX_NOT_FOUND, SYNFIX_NOT_FOUND, NULL},
        {ENOTDIR, SYNFIX_NOT_FOUND, SYNFIX_NOT_FOUND, NULL},
        {EACCES, SYNFIX_PERMISSION, SYNFIX_PERMISSION, NULL},
        {EPERM, SYNFIX_PERMISSION, SYNFIX_PERMISSION, NULL},
        {ELOOP, SYNFIX_PERMISSION, SYNFIX_PERMISSION, "a symbolic link of another user"},
        {EMLINK, SYNFIX_PERMISSION, SYNFIX_PERMISSION, "a file with a second name"},
        {ENXIO, SYNFIX_IO, SYNFIX_IO, "no process reads this pipe; start the reader first"},
        {EINVAL, SYNFIX_IO, SYNFIX_IO, "not a regular file"},
        {FILE_ERRNO_SOCKET, SYNFIX_IO, SYNFIX_IO, "this file is a socket; choose another path"},
        {EISDIR, SYNFIX_IO, SYNFIX_INVALID, NULL},
        {ENAMETOOLONG, SYNFIX_IO, SYNFIX_INVALID, NULL},
        {ENOSPC, SYNFIX_IO, SYNFIX_IO, NULL},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *text = table[i].text != NULL ? table[i].text : strerror(table[i].number);
        synfix_error_t error;
        assert_ptr_equal(strstr(file_reason(table[i].number), text), file_reason(table[i].number));
        assert_int_equal(file_status(table[i].number), table[i].status);
        errno = table[i].number;
        assert_int_equal(file_fail("a/b", &error), table[i].status_path);
        assert_ptr_equal(strstr(error.text, "a/b: "), error.text);
        assert_ptr_equal(strstr(error.text, text), error.text + strlen("a/b: "));
    }
}

/* The user did not name the entry, and cannot name another one. */
static void an_entry_of_the_program_is_removed(void **state)
{
    (void)state;
    static const int numbers[] = {EISDIR, ELOOP, EMLINK, EINVAL, FILE_ERRNO_SOCKET};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        assert_non_null(
            strstr(file_entry_reason(numbers[i]), "; remove this entry, or name another directory"));
    }
    assert_string_equal(file_entry_reason(ENXIO), file_reason(ENXIO));
    assert_string_equal(file_entry_reason(ENOSPC), strerror(ENOSPC));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_and_text_of_each_errno),
        cmocka_unit_test(an_entry_of_the_program_is_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
