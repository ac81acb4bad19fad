/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "files/overflow_file.h"
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define CAPACITY 1000u

static overflow_file_t open_one(void)
{
    overflow_file_t overflow = {.open = false};
    synfix_error_t error;
    assert_int_equal(overflow_file_open(&overflow, "/tmp", CAPACITY, &error), SYNFIX_OK);
    return overflow;
}

static synfix_status_t put(overflow_file_t *overflow, uint8_t value, size_t length)
{
    uint8_t data[CAPACITY];
    synfix_error_t error;
    memset(data, value, sizeof data);
    const overflow_piece_t pieces[] = {{&length, sizeof length}, {data, length}};
    return overflow_file_put(overflow, pieces, 2, &error);
}

static void take(overflow_file_t *overflow, uint8_t value, size_t length)
{
    size_t found = 0;
    uint8_t data[CAPACITY];
    synfix_error_t error;
    assert_int_equal(overflow_file_read(overflow, 0, &found, sizeof found, &error), SYNFIX_OK);
    assert_int_equal(found, length);
    assert_int_equal(overflow_file_read(overflow, sizeof found, data, length, &error), SYNFIX_OK);
    for (size_t i = 0; i < length; i++) {
        assert_int_equal(data[i], value);
    }
    overflow_file_drop(overflow, sizeof found + length);
}

/* Records of odd lengths, so that the end of the file falls into each of their parts. */
static void goes_round(void **state)
{
    (void)state;
    overflow_file_t overflow = open_one();
    for (unsigned round = 0; round < 1500; round++) {
        const size_t length = 1 + round * 7 % 300;
        assert_int_equal(put(&overflow, (uint8_t)round, length), SYNFIX_OK);
        assert_int_equal(put(&overflow, (uint8_t)~round, length / 2), SYNFIX_OK);
        take(&overflow, (uint8_t)round, length);
        take(&overflow, (uint8_t)~round, length / 2);
        assert_int_equal(overflow_file_count(&overflow), 0);
        if (round % 100 == 0) {
            overflow_file_trim(&overflow);
        }
    }
    overflow_file_close(&overflow);
}

static void is_bounded(void **state)
{
    (void)state;
    overflow_file_t overflow = open_one();
    assert_int_equal(put(&overflow, 1, CAPACITY - sizeof(size_t)), SYNFIX_OK);
    assert_int_equal(overflow_file_count(&overflow), CAPACITY);
    assert_int_equal(put(&overflow, 2, 0), SYNFIX_AGAIN);
    take(&overflow, 1, CAPACITY - sizeof(size_t));
    assert_int_equal(put(&overflow, 3, CAPACITY - sizeof(size_t) + 1), SYNFIX_AGAIN);
    assert_int_equal(put(&overflow, 4, 10), SYNFIX_OK);
    take(&overflow, 4, 10);
    overflow_file_close(&overflow);
}

static void refused_records_are_not_in(void **state)
{
    (void)state;
    struct rlimit before;
    struct rlimit limit;
    overflow_file_t overflow = open_one();
    assert_int_equal(put(&overflow, 1, 100), SYNFIX_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 300;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    const synfix_status_t status = put(&overflow, 2, 400);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, SYNFIX_IO);
    assert_int_equal(put(&overflow, 3, 500), SYNFIX_OK);
    take(&overflow, 1, 100);
    take(&overflow, 3, 500);
    assert_int_equal(overflow_file_count(&overflow), 0);
    overflow_file_close(&overflow);
}

static void directories_without_files(void **state)
{
    (void)state;
    overflow_file_t overflow = {.open = false};
    synfix_error_t error;
    assert_int_equal(overflow_file_open(&overflow, "/nowhere", CAPACITY, &error), SYNFIX_IO);
    assert_string_equal(error.text, "/nowhere: No such file or directory");
    assert_int_equal(overflow_file_count(&overflow), 0);
    assert_int_equal(put(&overflow, 1, 1), SYNFIX_AGAIN);
    overflow_file_close(&overflow);
    /* the proc file system refuses files without a name, and new files with one */
    assert_int_equal(overflow_file_open(&overflow, "/proc", CAPACITY, &error), SYNFIX_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_round),
        cmocka_unit_test(is_bounded),
        cmocka_unit_test(refused_records_are_not_in),
        cmocka_unit_test(directories_without_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
