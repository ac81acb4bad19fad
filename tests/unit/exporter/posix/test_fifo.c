/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/posix/fifo.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static char *directory;
static char *path;

/* fifo_open of a path. */
static int open_path(const char *name, int flags, mode_t mode, bool wait)
{
    directory_entry_t place = DIRECTORY_ENTRY_CLOSED;
    if (directory_entry_open(&place, name, DIRECTORY_ENTRY_FOLLOW, NULL) != SYNFIX_OK) {
        return -1;
    }
    const int descriptor = fifo_open(&place, flags, mode, wait);
    const int number = errno;
    directory_entry_close(&place);
    errno = number;
    return descriptor;
}

static int make(void **state)
{
    (void)state;
    directory = g_dir_make_tmp("synfix-pipe-XXXXXX", NULL);
    path = g_build_filename(directory, "pipe", NULL);
    return mkfifo(path, 0600);
}

static int clean(void **state)
{
    (void)state;
    g_unlink(path);
    g_rmdir(directory);
    g_free(path);
    g_free(directory);
    return 0;
}

static void nobody_reads(void **state)
{
    (void)state;
    assert_int_equal(open_path(path, O_WRONLY, 0600, false), -1);
    assert_int_equal(errno, ENXIO);
    assert_string_equal(file_reason(ENXIO), "no process reads this pipe; start the reader first");
}

static void somebody_reads(void **state)
{
    (void)state;
    const int reader = open(path, O_RDONLY | O_NONBLOCK);
    const int writer = open_path(path, O_WRONLY, 0600, false);
    assert_true(writer >= 0);
    assert_int_equal(fcntl(writer, F_GETFL) & O_NONBLOCK, 0);
    assert_int_equal(write(writer, "a", 1), 1);
    close(writer);
    close(reader);
}

static void *read_one(void *user)
{
    static char byte;
    const int reader = open(user, O_RDONLY);
    assert_int_equal(read(reader, &byte, 1), 1);
    close(reader);
    return &byte;
}

static void a_reader_is_waited_for(void **state)
{
    (void)state;
    pthread_t thread;
    void *byte = NULL;
    assert_int_equal(pthread_create(&thread, NULL, read_one, path), 0);
    const int writer = open_path(path, O_WRONLY, 0600, true);
    assert_int_equal(write(writer, "b", 1), 1);
    assert_int_equal(pthread_join(thread, &byte), 0);
    assert_int_equal(*(char *)byte, 'b');
    close(writer);
}

static void a_signal_ends_the_waiting(void **state)
{
    (void)state;
    sigset_t set;
    int received = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    assert_int_equal(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
    assert_int_equal(raise(SIGTERM), 0);
    assert_int_equal(open_path(path, O_WRONLY, 0600, true), -1);
    assert_int_equal(errno, EINTR);
    assert_int_equal(sigwait(&set, &received), 0);
    assert_int_equal(pthread_sigmask(SIG_UNBLOCK, &set, NULL), 0);
}

static void others_are_opened(void **state)
{
    (void)state;
    const int descriptor = open_path("/dev/null", O_WRONLY, 0600, false);
    assert_true(descriptor >= 0);
    close(descriptor);
    assert_int_equal(open_path("/nowhere/x", O_WRONLY | O_CREAT, 0600, false), -1);
    assert_int_equal(errno, ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_reads),           cmocka_unit_test(somebody_reads),
        cmocka_unit_test(a_reader_is_waited_for), cmocka_unit_test(a_signal_ends_the_waiting),
        cmocka_unit_test(others_are_opened),
    };
    return cmocka_run_group_tests(tests, make, clean);
}
