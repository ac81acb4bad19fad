/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/file/buffered_input.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#define BYTES  (4u << 20)
#define RECORD 70001u

static char directory[] = "/tmp/test_input_XXXXXX";
static char path[64];

static int make_directory(void **state)
{
    (void)state;
    if (mkdtemp(directory) == NULL) {
        return -1;
    }
    (void)snprintf(path, sizeof path, "%s/input", directory);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    return rmdir(directory);
}

static uint8_t byte_at(size_t offset)
{
    return (uint8_t)(offset * 2654435761u >> 13);
}

/* Records longer than the room in front of a chunk, across the change from own reads to a thread's. */
static void test_long_records(void **state)
{
    (void)state;
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    for (size_t i = 0; i < BYTES; i++) {
        assert_int_not_equal(fputc(byte_at(i), file), EOF);
    }
    assert_int_equal(fclose(file), 0);
    buffered_input_t input;
    synfix_error_t error;
    assert_int_equal(buffered_input_open(&input, path, &error), SYNFIX_OK);
    size_t offset = 0;
    synfix_status_t status;
    while ((status = buffered_input_fill(&input, RECORD, &error)) == SYNFIX_OK || status == SYNFIX_AGAIN) {
        if (status == SYNFIX_AGAIN) {
            continue;
        }
        for (size_t i = 0; i < RECORD; i++) {
            assert_int_equal(input.buffer[input.begin + i], byte_at(offset + i));
        }
        input.begin += RECORD;
        offset += RECORD;
    }
    assert_int_equal(status, SYNFIX_TRUNCATED);
    assert_int_equal(offset + input_remaining_bytes(&input), BYTES);
    assert_non_null(input.ahead);
    buffered_input_close(&input);
    (void)unlink(path);
}

static void nothing(int number)
{
    (void)number;
}

/* A wait for a pipe ends at a signal, which may be a request to stop. */
static void test_signal(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(path, 0600), 0);
    const int writer = open(path, O_RDWR | O_CLOEXEC);
    assert_true(writer >= 0);
    const struct sigaction action = {.sa_handler = nothing, .sa_flags = SA_RESTART};
    const struct itimerval often = {.it_interval = {.tv_usec = 5000}, .it_value = {.tv_usec = 5000}};
    const struct itimerval never = {.it_value = {.tv_usec = 0}};
    buffered_input_t input;
    synfix_error_t error;
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(buffered_input_open(&input, path, &error), SYNFIX_OK);
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    assert_int_equal(buffered_input_fill(&input, 1, &error), SYNFIX_AGAIN);
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    assert_int_equal(write(writer, "x", 1), 1);
    assert_int_equal(buffered_input_fill(&input, 1, &error), SYNFIX_OK);
    assert_int_equal(input.buffer[input.begin], 'x');
    buffered_input_close(&input);
    (void)close(writer);
    (void)unlink(path);
}

/* A pipe without a writer is an input that has nothing yet, not one at its end. */
static void test_pipe_without_writer(void **state)
{
    (void)state;
    buffered_input_t input;
    synfix_error_t error;
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(buffered_input_open(&input, path, &error), SYNFIX_OK);
    assert_int_equal(buffered_input_fill(&input, 1, &error), SYNFIX_AGAIN);
    const int writer = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(writer >= 0);
    assert_int_equal(write(writer, "x", 1), 1);
    assert_int_equal(buffered_input_fill(&input, 1, &error), SYNFIX_OK);
    assert_int_equal(buffered_input_fill(&input, 2, &error), SYNFIX_AGAIN);
    (void)close(writer);
    assert_int_equal(buffered_input_fill(&input, 2, &error), SYNFIX_TRUNCATED);
    buffered_input_close(&input);
    (void)unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_long_records),
        cmocka_unit_test(test_signal),
        cmocka_unit_test(test_pipe_without_writer),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
