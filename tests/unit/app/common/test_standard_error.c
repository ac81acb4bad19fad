/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/common/standard_error.h"
#include "support/child_process.h"
#include "support/full_pipe.h"
#include "support/skip.h"
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct fixture {
    int before;  /* standard error of the test */
    int pipe[2]; /* standard error now */
} fixture_t;

static int set_up(void **state)
{
    static fixture_t fixture;
    *state = &fixture;
    assert_int_equal(pipe2(fixture.pipe, O_CLOEXEC), 0);
    fixture.before = dup(STDERR_FILENO);
    return dup2(fixture.pipe[1], STDERR_FILENO) < 0;
}

static int tear_down(void **state)
{
    fixture_t *const fixture = *state;
    assert_true(dup2(fixture->before, STDERR_FILENO) >= 0);
    (void)close(fixture->before);
    (void)close(fixture->pipe[1]);
    return close(fixture->pipe[0]);
}

/* All that the pipe has. */
static size_t drain(const fixture_t *fixture, char *data, size_t size)
{
    size_t length = 0;
    assert_int_equal(fcntl(fixture->pipe[0], F_SETFL, O_NONBLOCK), 0);
    for (ssize_t count = 0; (count = read(fixture->pipe[0], data + length, size - length)) > 0;) {
        length += (size_t)count;
    }
    return length;
}

static void lines_arrive(void **state)
{
    char data[64] = "";
    standard_error_write("one\ntwo\n");
    (void)drain(*state, data, sizeof data - 1);
    assert_string_equal(data, "one\ntwo\n");
}

/* The number of lines is known to a reader that reads again. */
static void a_paused_reader_stops_nothing(void **state)
{
    static char data[1 << 20];
    char later[256] = "";
    standard_error_skip();
    pipe_fill(((fixture_t *)*state)->pipe[1]);
    standard_error_write("one\ntwo\n");
    standard_error_write("three\n");
    const size_t length = drain(*state, data, sizeof data);
    assert_null(memmem(data, length, "one", 3));
    standard_error_write("four\n");
    (void)drain(*state, later, sizeof later - 1);
    assert_string_equal(later,
                        "synfix: 3 lines of the log omitted or cut, because the reader of standard error "
                        "paused\nfour\n");
}

/* Longer than a pipe with room accepts without a wait. The reader receives the start and the end of the line.
 */
static void a_long_line_stops_nothing(void **state)
{
    static char line[64 * 1024];
    static char data[1 << 20];
    fixture_t *const fixture = *state;
    char page[4096];
    memset(line, 'x', sizeof line - 2);
    line[sizeof line - 2] = '\n';
    standard_error_skip();
    pipe_fill(fixture->pipe[1]);
    assert_int_equal(read(fixture->pipe[0], page, sizeof page), (int)sizeof page);
    standard_error_write(line);
    standard_error_write("lost\n");
    (void)drain(fixture, data, sizeof data);
    memset(data, 0, sizeof data);
    standard_error_write("four\n");
    (void)drain(fixture, data, sizeof data - 1);
    assert_string_equal(data,
                        "\nsynfix: 2 lines of the log omitted or cut, because the reader of standard error "
                        "paused\nfour\n");
}

static void progress_does_not_wait(void **state)
{
    static char data[1 << 20];
    fixture_t *const fixture = *state;
    standard_error_show("5 %");
    assert_int_equal(drain(fixture, data, sizeof data), 3);
    pipe_fill(fixture->pipe[1]);
    standard_error_show("6 %");
    const size_t length = drain(fixture, data, sizeof data);
    assert_null(memmem(data, length, "6 %", 3));
}

static int terminal_reading = -1, terminal_writing = -1;

/* In a process of its own, which a write that blocks ends by a signal. */
static int write_to_terminal(void)
{
    static char line[64 * 1024];
    memset(line, 'x', sizeof line - 2);
    line[sizeof line - 2] = '\n';
    (void)alarm(60);
    if (dup2(terminal_writing, STDERR_FILENO) < 0) {
        return 1;
    }
    standard_error_skip();
    standard_error_write(line);
    standard_error_write("lost\n");
    return fcntl(terminal_writing, F_GETFL) & O_NONBLOCK; /* other programs share that file */
}

static bool open_terminal(void)
{
    char name[64];
    terminal_reading = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal_reading < 0 || grantpt(terminal_reading) != 0 || unlockpt(terminal_reading) != 0 ||
        ptsname_r(terminal_reading, name, sizeof name) != 0) {
        return false;
    }
    terminal_writing = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    return terminal_writing >= 0;
}

/* The terminal has some room, but not for the line. */
static void a_terminal_stops_nothing(void **state)
{
    (void)state;
    char some[50];
    if (access("/proc/self/fd", X_OK) != 0 || !open_terminal()) {
        SKIP("no pseudo terminals; mount /proc and /dev/pts");
    }
    pipe_fill(terminal_writing);
    struct pollfd now = {.fd = terminal_writing, .events = POLLOUT};
    while (poll(&now, 1, 0) == 0) {
        assert_true(read(terminal_reading, some, sizeof some) > 0);
    }
    const int status = status_of_child(write_to_terminal);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    (void)close(terminal_writing);
    (void)close(terminal_reading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_terminal_stops_nothing), /* first: standard error is opened once */
        cmocka_unit_test_setup_teardown(lines_arrive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_paused_reader_stops_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_line_stops_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(progress_does_not_wait, set_up, tear_down),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
