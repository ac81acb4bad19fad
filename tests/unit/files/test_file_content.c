/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "files/file_content.h"
#include "support/directory_with_file.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

static void reads_bounded_regular_files(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    synfix_error_t error;
    assert_int_equal(file_read_whole("mine", 5, &text, &length, &error), SYNFIX_OK);
    assert_int_equal(length, 5);
    assert_string_equal(text, "hello");
    free(text);
    assert_int_equal(file_read_whole("mine", 4, &text, &length, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "longer than 4 bytes"));
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(file_read_whole("pipe", 100, &text, &length, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "not a regular file"));
    assert_int_equal(file_read_whole("none", 100, &text, &length, &error), SYNFIX_NOT_FOUND);
}

/* The room grows by pieces: contents around their ends. */
static void whole_files_of_any_length(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 16383, 16384, 16385, 32768, 100000};
    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autofree char *wanted = g_malloc(lengths[i] + 1);
        memset(wanted, 'x', lengths[i]);
        wanted[lengths[i]] = '\0';
        assert_true(g_file_set_contents("long", wanted, (gssize)lengths[i], NULL));
        char *text = NULL;
        size_t length = 1;
        assert_int_equal(file_read_whole("long", lengths[i], &text, &length, NULL), SYNFIX_OK);
        assert_int_equal(length, lengths[i]);
        assert_string_equal(text, wanted);
        free(text);
    }
}

static void writes_all_bytes_or_states_the_error(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    const int descriptor = open("mine", O_WRONLY | O_TRUNC);
    assert_int_equal(file_write_whole(descriptor, "", 0), 0);
    assert_int_equal(file_write_whole(descriptor, "one ", 4), 0);
    assert_int_equal(file_write_whole(descriptor, "two", 3), 0);
    (void)close(descriptor);
    assert_int_equal(file_read_whole("mine", 100, &text, &length, NULL), SYNFIX_OK);
    assert_string_equal(text, "one two");
    free(text);
    assert_int_equal(file_write_whole(-1, "one", 3), EBADF);
    const int full = open("/dev/full", O_WRONLY);
    if (full >= 0) {
        assert_int_equal(file_write_whole(full, "one", 3), ENOSPC);
        (void)close(full);
    }
}

static void what_is_left_of_an_open_file(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    const int descriptor = open("mine", O_RDONLY);
    assert_int_equal(lseek(descriptor, 3, SEEK_SET), 3);
    assert_int_equal(file_read_rest(descriptor, 2, &text, &length), 0);
    assert_int_equal(length, 2);
    assert_string_equal(text, "lo");
    free(text);
    assert_int_equal(lseek(descriptor, 0, SEEK_SET), 0);
    assert_int_equal(file_read_rest(descriptor, 2, &text, &length), EFBIG);
    (void)close(descriptor);
    assert_int_equal(file_read_rest(-1, 2, &text, &length), EBADF);
}

static void *write_the_rest(void *user)
{
    const int *const writer = user;
    g_usleep(20000);
    const bool written = write(*writer, "rest", 4) == 4;
    return close(*writer) == 0 && written ? user : NULL;
}

/* The reader finds no bytes while the writer pauses; only its end is the end. */
static void a_pipe_whose_writer_pauses_is_read_to_its_end(void **state)
{
    (void)state;
    int ends[2];
    char *text = NULL;
    size_t length = 0;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(write(ends[1], "the ", 4), 4);
    assert_int_equal(file_await(ends[0]), 0);
    GThread *const writer = g_thread_new("writer", write_the_rest, &ends[1]);
    assert_int_equal(file_read_rest(ends[0], 100, &text, &length), 0);
    assert_non_null(g_thread_join(writer));
    assert_int_equal(length, 8);
    assert_string_equal(text, "the rest");
    assert_int_equal(file_await(ends[0]), 0); /* no writer any more */
    free(text);
    (void)close(ends[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_bounded_regular_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(whole_files_of_any_length, set_up, tear_down),
        cmocka_unit_test_setup_teardown(writes_all_bytes_or_states_the_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_left_of_an_open_file, set_up, tear_down),
        cmocka_unit_test(a_pipe_whose_writer_pauses_is_read_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
