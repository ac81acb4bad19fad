/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/stop_check.h"
#include "files/paused_reader.h"
#include "support/full_pipe.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 4096

typedef struct fixture {
    int pipe[2];
    int asked;   /* calls of waits_on() */
    int waited;  /* of the last one */
    int wait_ms; /* waits up to it */
    int reads;   /* pages to read in each call */
} fixture_t;

int __real_poll(struct pollfd *waited, nfds_t count, int time_ms);
int __wrap_poll(struct pollfd *waited, nfds_t count, int time_ms);

static int read_after_poll = -1; /* a reader that makes room just after a poll that found none */
static unsigned pauses;          /* waits for time alone */

int __wrap_poll(struct pollfd *waited, nfds_t count, int time_ms)
{
    char page[PAGE];
    const int ready = __real_poll(waited, count, time_ms);
    pauses += waited->fd < 0;
    if (ready == 0 && read_after_poll >= 0) {
        assert_int_equal(read(read_after_poll, page, sizeof page), PAGE);
    }
    return ready;
}

static bool waits_on(void *user, int waited_ms)
{
    fixture_t *const fixture = user;
    char page[PAGE];
    fixture->asked++;
    fixture->waited = waited_ms;
    for (int i = 0; i < fixture->reads; i++) {
        assert_int_equal(read(fixture->pipe[0], page, sizeof page), PAGE);
    }
    return waited_ms < fixture->wait_ms || fixture->reads > 0;
}

static int set_up(void **state)
{
    static fixture_t fixture;
    fixture = (fixture_t){.asked = 0};
    *state = &fixture;
    return pipe2(fixture.pipe, O_CLOEXEC);
}

static int tear_down(void **state)
{
    const fixture_t *const fixture = *state;
    (void)close(fixture->pipe[0]);
    return close(fixture->pipe[1]);
}

static void a_reader_that_reads_is_not_awaited(void **state)
{
    fixture_t *const fixture = *state;
    const reader_patience_t patience = {.waits_on = waits_on, .user = fixture};
    char text[6] = "";
    assert_true(reader_is_ready(fixture->pipe[1]));
    assert_true(reader_await(fixture->pipe[1], &patience));
    assert_int_equal(reader_write(fixture->pipe[1], "hello", 5, &patience), 5);
    assert_int_equal(read(fixture->pipe[0], text, 5), 5);
    assert_string_equal(text, "hello");
    assert_int_equal(fixture->asked, 0);
}

static void the_caller_ends_the_wait(void **state)
{
    fixture_t *const fixture = *state;
    const reader_patience_t patience = {.waits_on = waits_on, .user = fixture};
    pipe_fill(fixture->pipe[1]);
    assert_false(reader_is_ready(fixture->pipe[1]));
    errno = 0;
    assert_false(reader_await(fixture->pipe[1], &patience));
    assert_int_equal(errno, ETIMEDOUT);
    assert_string_equal(reader_reason(errno), "the reader pauses; continue or restart the reader");
    assert_string_equal(reader_reason(EPIPE), strerror(EPIPE));
    assert_int_equal(fixture->asked, 1);
    errno = 0;
    assert_int_equal(reader_write(fixture->pipe[1], "hello", 5, &patience), 0);
    assert_int_equal(errno, ETIMEDOUT);
    fixture->wait_ms = 2 * STOP_CHECK_MS;
    assert_false(reader_await(fixture->pipe[1], &patience));
    assert_int_equal(fixture->asked, 2 + 3); /* after no wait, one step and two steps */
    assert_int_equal(fixture->waited, 2 * STOP_CHECK_MS);
}

/* More bytes than a pipe accepts without a wait, while the reader makes room for one page at a time. */
static void a_long_text_does_not_block(void **state)
{
    fixture_t *const fixture = *state;
    const reader_patience_t patience = {.waits_on = waits_on, .user = fixture};
    const size_t size = 5 * PAGE;
    char *const text = calloc(1, size);
    assert_non_null(text);
    pipe_fill(fixture->pipe[1]);
    fixture->reads = 1;
    assert_int_equal(reader_write(fixture->pipe[1], text, size, &patience), size);
    assert_int_equal(fixture->asked, 5);
    fixture->reads = 0;
    assert_int_equal(reader_write(fixture->pipe[1], text, size, &patience), 0);
    assert_int_equal(errno, ETIMEDOUT);
    free(text);
}

/* Each pause of STOP_CHECK_MS would cost the time in which a reader reads megabytes. */
static void room_between_two_polls_causes_no_pause(void **state)
{
    fixture_t *const fixture = *state;
    const reader_patience_t patience = {.waits_on = waits_on, .user = fixture};
    static const char text[3 * PAGE];
    fixture->wait_ms = STOP_CHECK_MS;
    pipe_fill(fixture->pipe[1]);
    read_after_poll = fixture->pipe[0];
    pauses = 0;
    assert_int_equal(reader_write(fixture->pipe[1], text, sizeof text, &patience), sizeof text);
    read_after_poll = -1;
    assert_int_equal(pauses, 0);
}

static void a_closed_pipe_fails_at_once(void **state)
{
    fixture_t *const fixture = *state;
    const reader_patience_t patience = {.waits_on = waits_on, .user = fixture};
    pipe_fill(fixture->pipe[1]);
    assert_int_equal(close(fixture->pipe[0]), 0);
    assert_true(reader_await(fixture->pipe[1], &patience));
    assert_int_equal(reader_write(fixture->pipe[1], "hello", 5, &patience), 0);
    assert_int_equal(errno, EPIPE);
    assert_int_equal(fixture->asked, 0);
    fixture->pipe[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_reader_that_reads_is_not_awaited, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_caller_ends_the_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_text_does_not_block, set_up, tear_down),
        cmocka_unit_test_setup_teardown(room_between_two_polls_causes_no_pause, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_closed_pipe_fails_at_once, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
