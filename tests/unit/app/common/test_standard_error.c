/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/common/standard_error.h"
#include "support/full_pipe.h"
#include <fcntl.h>
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
    assert_string_equal(later, "synfix: 3 lines of the log omitted, because the reader of standard error "
                               "paused\nfour\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_arrive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_paused_reader_stops_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
