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
#include <sys/socket.h>

static int open_fails; /* errno of open() */

int __real_open(const char *path, int flags, ...);
int __real_open64(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);

#define WRAPPER(function)                                                                                    \
    int __wrap_##function(const char *path, int flags, ...)                                                  \
    {                                                                                                        \
        va_list rest;                                                                                        \
        va_start(rest, flags);                                                                               \
        const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;                               \
        va_end(rest);                                                                                        \
        errno = open_fails;                                                                                  \
        return open_fails != 0 ? -1 : __real_##function(path, flags, mode);                                  \
    }
WRAPPER(open)
WRAPPER(open64) /* of programs whose off_t has 64 bits */

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
    assert_int_equal(errno, FILE_ERRNO_SOCKET);
    assert_int_equal(file_open_regular("socket"), -1);
    assert_int_equal(errno, EINVAL);
    const directory_entry_t pipe = {.directory = AT_FDCWD, .name = "idle"};
    assert_int_equal(mkfifo("idle", 0600), 0);
    assert_int_equal(file_open(&pipe, O_WRONLY, 0), -1);
    assert_int_equal(errno, ENXIO);
}

/* As /dev/stdout of a service whose standard output is a socket. */
static void a_socket_behind_a_descriptor_is_not_a_pipe(void **state)
{
    (void)state;
    char path[64];
    directory_entry_t place = DIRECTORY_ENTRY_CLOSED;
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    assert_int_equal(directory_entry_open(&place, path, DIRECTORY_ENTRY_FOLLOW, NULL), SYNFIX_OK);
    assert_int_equal(file_open(&place, O_WRONLY, 0), -1);
    assert_int_equal(errno, FILE_ERRNO_SOCKET);
    directory_entry_close(&place);
    (void)close(descriptor);
}

/* A device without a driver and a file whose storage is lost have the error of a socket. */
static void the_error_of_a_socket_names_the_kind_of_file(void **state)
{
    (void)state;
    open_fails = ENXIO;
    assert_int_equal(file_open_regular("/dev/null"), -1);
    assert_int_equal(errno, EINVAL);
    assert_int_equal(file_open_regular("mine"), -1);
    assert_int_equal(errno, EIO);
    open_fails = 0;
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
        cmocka_unit_test_setup_teardown(a_socket_behind_a_descriptor_is_not_a_pipe, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_error_of_a_socket_names_the_kind_of_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(descriptors_pipes_and_devices_are_special, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
