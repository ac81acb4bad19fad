/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/collector/reader_stream.h"
#include "support/full_pipe.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

typedef struct fixture {
    int pipe[2]; /* its reader pauses */
    reader_wait_t wait;
    FILE *out;
    unsigned lines;
} fixture_t;

static void count_line(void *user, const char *text)
{
    assert_non_null(strstr(text, "the pipe: the reader pauses; no message is received"));
    ((fixture_t *)user)->lines++;
}

static int set_up(void **state)
{
    static fixture_t fixture;
    fixture = (fixture_t){.wait = {.log = count_line, .log_user = &fixture}};
    *state = &fixture;
    assert_int_equal(pipe2(fixture.pipe, O_CLOEXEC), 0);
    fixture.out = reader_stream_open(fixture.pipe[1], true, "the pipe", &fixture.wait);
    return fixture.out == NULL;
}

static int tear_down(void **state)
{
    fixture_t *const fixture = *state;
    (void)fclose(fixture->out);
    return close(fixture->pipe[0]);
}

static void a_reader_that_reads_gets_all(void **state)
{
    fixture_t *const fixture = *state;
    char text[6] = "";
    assert_true(fputs("hello", fixture->out) >= 0);
    assert_int_equal(fflush(fixture->out), 0);
    assert_int_equal(read(fixture->pipe[0], text, 5), 5);
    assert_string_equal(text, "hello");
    assert_int_equal(fixture->lines, 0);
}

static void a_second_request_to_end_does_not_wait(void **state)
{
    fixture_t *const fixture = *state;
    pipe_fill(fixture->pipe[1]);
    atomic_store(&fixture->wait.ends, 2);
    assert_true(fputs("hello", fixture->out) >= 0);
    assert_int_equal(fflush(fixture->out), EOF);
    assert_int_equal(errno, ETIMEDOUT);
}

static void a_long_pause_is_noted_once(void **state)
{
    fixture_t *const fixture = *state;
    pipe_fill(fixture->pipe[1]);
    atomic_store(&fixture->wait.ends, 1);
    assert_true(fputs("hello", fixture->out) >= 0);
    assert_int_equal(fflush(fixture->out), EOF);
    assert_int_equal(fixture->lines, 1);
    assert_true(fputs("again", fixture->out) >= 0);
    assert_int_equal(fflush(fixture->out), EOF); /* no second wait */
    assert_int_equal(fixture->lines, 1);
}

static void a_closed_pipe_fails_at_once(void **state)
{
    fixture_t *const fixture = *state;
    pipe_fill(fixture->pipe[1]);
    assert_int_equal(close(fixture->pipe[0]), 0);
    assert_true(fputs("hello", fixture->out) >= 0);
    assert_int_equal(fflush(fixture->out), EOF);
    assert_int_equal(errno, EPIPE);
    fixture->pipe[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void a_regular_file_needs_no_wait(void **state)
{
    const fixture_t *const fixture = *state;
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_false(reader_stream_is_needed(fileno(file)));
    assert_true(reader_stream_is_needed(fixture->pipe[1]));
    (void)fclose(file);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_reader_that_reads_gets_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_second_request_to_end_does_not_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_pause_is_noted_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_closed_pipe_fails_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_regular_file_needs_no_wait, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
