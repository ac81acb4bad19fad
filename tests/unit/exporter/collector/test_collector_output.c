/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/collector/collector_output.h"
#include "support/decode_message.h"
#include "support/temporary_directory.h"
#include <errno.h>
#include <unistd.h>

#define MESSAGES_MAX 10000 /* more than any buffer of a stream holds */

/* The C library may change errno in each call, also in one that succeeds. These do. */
char *__real_strerror(int number);
char *__wrap_strerror(int number);
int __real_close(int descriptor);
int __wrap_close(int descriptor);

char *__wrap_strerror(int number)
{
    char *const text = __real_strerror(number);
    errno = EBADF;
    return text;
}

int __wrap_close(int descriptor)
{
    const int result = __real_close(descriptor);
    errno = EBADF;
    return result;
}

static synfix_status_t write_record(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error)
{
    size_t written = 0;
    return collector_output_record(user, record, &written, error);
}

static synfix_status_t write_until_it_fails(collector_output_t *output, synfix_error_t *error)
{
    g_autoptr(GByteArray) message = example();
    const ipfix_decoder_events_t events = {.record = write_record, .user = output};
    synfix_status_t status = SYNFIX_OK;
    for (int i = 0; i < MESSAGES_MAX && status == SYNFIX_OK; i++) {
        ipfix_decoder_t *const reader = ipfix_decoder_new(&names, NULL, &events);
        status = ipfix_decoder_message(reader, message->data, message->len, error);
        ipfix_decoder_free(reader);
    }
    return status;
}

static void a_full_disk_is_the_reason(void **state)
{
    (void)state;
    static const char *const formats[] = {"text:/dev/full", "json:/dev/full", "csv:/dev/full"};
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        collector_output_t *output = NULL;
        reader_wait_t wait = {.log = NULL};
        synfix_error_t error = {.text = ""};
        assert_int_equal(collector_output_open(formats[i], false, &wait, &output, &error), SYNFIX_OK);
        assert_int_equal(write_until_it_fails(output, &error), SYNFIX_IO);
        assert_string_equal(error.text, "/dev/full: No space left on device");
        collector_output_close(output);
    }
}

static void a_directory_that_is_gone_is_the_reason(void **state)
{
    const char *const directory = *state;
    g_autofree char *below = g_build_filename(directory, "below", NULL);
    g_autofree char *to = g_strdup_printf("file:%s/records.ipfix", below);
    g_autofree char *reason = g_strdup_printf("%s/records.ipfix: No such file or directory", below);
    collector_output_t *output = NULL;
    reader_wait_t wait = {.log = NULL};
    synfix_error_t error = {.text = ""};
    int fd = -1;
    assert_int_equal(g_mkdir(below, 0700), 0);
    assert_int_equal(collector_output_open(to, false, &wait, &output, &error), SYNFIX_OK);
    assert_int_equal(g_rmdir(below), 0);
    assert_int_equal(collector_output_archive(output, true, &fd, (const uint8_t *)"message", 7, &error),
                     SYNFIX_NOT_FOUND);
    assert_string_equal(error.text, reason);
    assert_int_equal(fd, -1);
    collector_output_close(output);
}

static void an_archive_is_a_regular_file(void **state)
{
    static const char *const targets[] = {"file:/dev/null", "file:/dev/stdout", "file:/proc/self/fd/1"};
    reader_wait_t wait = {.log = NULL};
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
        collector_output_t *output = NULL;
        synfix_error_t error = {.text = ""};
        assert_int_equal(collector_output_open(targets[i], false, &wait, &output, &error), SYNFIX_INVALID);
        assert_non_null(strstr(error.text, "not a regular file"));
        assert_null(output);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_is_the_reason),
        cmocka_unit_test(an_archive_is_a_regular_file),
        cmocka_unit_test_setup_teardown(a_directory_that_is_gone_is_the_reason, make_temporary_directory,
                                        remove_temporary_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
