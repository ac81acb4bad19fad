/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "files/directory_entry.h"
#include "support/directory_with_file.h"
#include <errno.h>
#include <fcntl.h>

static void a_new_file_needs_a_free_name(void **state)
{
    (void)state;
    directory_entry_t place = DIRECTORY_ENTRY_CLOSED;
    struct stat made;
    assert_int_equal(directory_entry_open(&place, "link", DIRECTORY_ENTRY_NAME, NULL), SYNFIX_OK);
    assert_int_equal(symlink("nothing", "link"), 0);
    assert_int_equal(file_create(&place, O_WRONLY, 0644), -1);
    assert_int_equal(errno, EEXIST);
    assert_int_equal(file_open(&place, O_WRONLY | O_CREAT, 0644), -1);
    assert_int_equal(errno, ELOOP);
    assert_int_equal(lstat("nothing", &made), -1);
    assert_int_equal(unlink("link"), 0);
    const int descriptor = file_open(&place, O_WRONLY | O_CREAT, 0644);
    assert_true(descriptor >= 0);
    close(descriptor);
    assert_int_equal(file_rename_new(&place, "mine"), -1);
    assert_int_equal(errno, EEXIST);
    assert_int_equal(file_rename_new(&place, "moved"), 0);
    assert_int_equal(stat("moved", &made), 0);
    directory_entry_close(&place);
}

static void a_second_name_is_refused_where_others_write(void **state)
{
    (void)state;
    directory_entry_t place = DIRECTORY_ENTRY_CLOSED;
    assert_int_equal(mkdir("shared", 0777), 0);
    assert_int_equal(chmod("shared", 0777), 0);
    assert_int_equal(link("mine", "shared/mine"), 0);
    assert_int_equal(directory_entry_open(&place, "shared/mine", DIRECTORY_ENTRY_FOLLOW, NULL), SYNFIX_OK);
    assert_int_equal(file_open(&place, O_WRONLY | O_APPEND, 0), -1);
    assert_int_equal(errno, EMLINK);
    directory_entry_close(&place);
    /* In a directory of this user only, a second name is the user's own wish. */
    assert_int_equal(directory_entry_open(&place, "mine", DIRECTORY_ENTRY_FOLLOW, NULL), SYNFIX_OK);
    const int descriptor = file_open(&place, O_WRONLY | O_APPEND, 0);
    assert_true(descriptor >= 0);
    close(descriptor);
    directory_entry_close(&place);
}

/* The error of a FIFO without a reader would name a pipe. */
static void a_socket_is_not_a_pipe(void **state)
{
    (void)state;
    const directory_entry_t place = {.directory = AT_FDCWD, .name = "socket"};
    assert_int_equal(mknod("socket", S_IFSOCK | 0600, 0), 0);
    assert_int_equal(file_open(&place, O_RDWR | O_CREAT, 0600), -1);
    assert_int_equal(errno, EINVAL);
    const directory_entry_t pipe = {.directory = AT_FDCWD, .name = "idle"};
    assert_int_equal(mkfifo("idle", 0600), 0);
    assert_int_equal(file_open(&pipe, O_WRONLY, 0), -1);
    assert_int_equal(errno, ENXIO);
}

static void descriptors_pipes_and_devices_are_special(void **state)
{
    char descriptor[64];
    (void)state;
    const int open_file = open("mine", O_RDONLY | O_CLOEXEC);
    (void)snprintf(descriptor, sizeof descriptor, "/proc/self/fd/%d", open_file);
    assert_int_equal(symlink(descriptor, "to-descriptor"), 0);
    assert_int_equal(symlink("mine", "to-file"), 0);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_true(file_path_is_special(descriptor));
    assert_true(file_path_is_special("to-descriptor"));
    assert_true(file_path_is_special("pipe"));
    assert_true(file_path_is_special("/dev/null"));
    assert_false(file_path_is_special("mine"));
    assert_false(file_path_is_special("to-file"));
    assert_false(file_path_is_special("nothing"));
    assert_false(file_path_is_special("nothing/below"));
    (void)close(open_file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_file_needs_a_free_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_second_name_is_refused_where_others_write, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_socket_is_not_a_pipe, set_up, tear_down),
        cmocka_unit_test_setup_teardown(descriptors_pipes_and_devices_are_special, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
