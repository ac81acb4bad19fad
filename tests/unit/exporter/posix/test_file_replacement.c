/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/posix/file_replacement.h"
#include "files/file_content.h"
#include "support/directory_with_file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file system has no files without a name; or it refuses every new file. The name of the function depends
 * on the size of off_t. */
static bool without_unnamed_files;
static bool full;

/* Variadic as in the library: a callee may use the area for parameters that callers of such functions
 * reserve. */
int __real_openat64(int directory, const char *name, int flags, ...);
int __wrap_openat64(int directory, const char *name, int flags, ...);
int __real_openat(int directory, const char *name, int flags, ...);
int __wrap_openat(int directory, const char *name, int flags, ...);

static bool is_refused(int flags)
{
    const bool unnamed = (flags & O_TMPFILE) == O_TMPFILE;
    errno = unnamed && without_unnamed_files ? EOPNOTSUPP : ENOSPC;
    return (unnamed && without_unnamed_files) || (full && (unnamed || (flags & O_CREAT) != 0));
}

static mode_t mode_of(int flags, va_list *rest)
{
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(*rest, mode_t) : 0;
}

#define WRAPPER(function)                                                                                    \
    int __wrap_##function(int directory, const char *name, int flags, ...)                                   \
    {                                                                                                        \
        va_list rest;                                                                                        \
        va_start(rest, flags);                                                                               \
        const mode_t mode = mode_of(flags, &rest);                                                           \
        va_end(rest);                                                                                        \
        return is_refused(flags) ? -1 : __real_##function(directory, name, flags, mode);                     \
    }
WRAPPER(openat64)
WRAPPER(openat)
#undef WRAPPER

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

/* The file has a temporary name then, which does not stay. */
static void a_file_system_without_unnamed_files(void **state)
{
    (void)state;
    file_replacement_t replacement = FILE_REPLACEMENT_NONE;
    synfix_error_t error;
    char *text = NULL;
    size_t length = 0;
    without_unnamed_files = true;
    assert_int_equal(file_replacement_begin(&replacement, "mine", 0644, &error), SYNFIX_OK);
    assert_int_equal(count_names(), 2);
    assert_int_equal(write(replacement.descriptor, "new", 3), 3);
    assert_int_equal(file_replacement_commit(&replacement), 0);
    assert_int_equal(count_names(), 1);
    assert_int_equal(file_read_whole("mine", 100, &text, &length, &error), SYNFIX_OK);
    assert_string_equal(text, "new");
    free(text);
    assert_int_equal(file_replacement_begin(&replacement, "mine", 0644, &error), SYNFIX_OK);
    file_replacement_abandon(&replacement);
    assert_int_equal(count_names(), 1);
    without_unnamed_files = false;
}

/* The reason is that of the file system, and the old file stays. */
static void a_full_file_system(void **state)
{
    (void)state;
    file_replacement_t replacement = FILE_REPLACEMENT_NONE;
    synfix_error_t error;
    for (int named = 0; named < 2; named++) {
        without_unnamed_files = named == 1;
        full = true;
        assert_int_equal(file_replacement_begin(&replacement, "mine", 0644, &error), SYNFIX_IO);
        full = false;
        assert_string_equal(error.text, "mine: No space left on device");
        assert_int_equal(file_replacement_begin(&replacement, "mine", 0644, &error),
                         SYNFIX_OK); /* not in use */
        file_replacement_abandon(&replacement);
    }
    without_unnamed_files = false;
    assert_int_equal(count_names(), 1);
    assert_int_equal(file_replacement_begin(&replacement, "none/x", 0644, &error), SYNFIX_NOT_FOUND);
}

/* A directory takes the place meanwhile: nothing is left but what was there. */
static void a_name_that_cannot_be_taken(void **state)
{
    (void)state;
    file_replacement_t replacement = FILE_REPLACEMENT_NONE;
    for (int named = 0; named < 2; named++) {
        without_unnamed_files = named == 1;
        assert_int_equal(file_replacement_begin(&replacement, "place", 0644, NULL), SYNFIX_OK);
        assert_int_equal(mkdir("place", 0755), 0);
        assert_int_equal(file_replacement_commit(&replacement), -1);
        assert_int_equal(errno, EISDIR);
        assert_int_equal(rmdir("place"), 0);
        assert_int_equal(count_names(), 1);
    }
    without_unnamed_files = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_replacement_comes_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(leftovers_go, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_system_without_unnamed_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_file_system, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_name_that_cannot_be_taken, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
