/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/overflow_file.h"
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define CAPACITY 1000u

static spill_t open_one(void)
{
    spill_t spill = {.open = false};
    synfix_error_t error;
    assert_int_equal(spill_open(&spill, "/tmp", CAPACITY, &error), SYNFIX_OK);
    return spill;
}

static synfix_status_t put(spill_t *spill, uint8_t value, size_t length)
{
    uint8_t data[CAPACITY];
    synfix_error_t error;
    memset(data, value, sizeof data);
    const spill_piece_t pieces[] = {{&length, sizeof length}, {data, length}};
    return spill_put(spill, pieces, 2, &error);
}

static void take(spill_t *spill, uint8_t value, size_t length)
{
    size_t found = 0;
    uint8_t data[CAPACITY];
    synfix_error_t error;
    assert_int_equal(spill_read(spill, 0, &found, sizeof found, &error), SYNFIX_OK);
    assert_int_equal(found, length);
    assert_int_equal(spill_read(spill, sizeof found, data, length, &error), SYNFIX_OK);
    for (size_t i = 0; i < length; i++)
        assert_int_equal(data[i], value);
    spill_drop(spill, sizeof found + length);
}

/* Records of odd lengths, so that the end of the file falls into each of their parts. */
static void goes_round(void **state)
{
    (void)state;
    spill_t spill = open_one();
    for (unsigned round = 0; round < 1500; round++) {
        const size_t length = 1 + round * 7 % 300;
        assert_int_equal(put(&spill, (uint8_t)round, length), SYNFIX_OK);
        assert_int_equal(put(&spill, (uint8_t)~round, length / 2), SYNFIX_OK);
        take(&spill, (uint8_t)round, length);
        take(&spill, (uint8_t)~round, length / 2);
        assert_int_equal(spill_count(&spill), 0);
        if (round % 100 == 0)
            spill_trim(&spill);
    }
    spill_close(&spill);
}

static void is_bounded(void **state)
{
    (void)state;
    spill_t spill = open_one();
    assert_int_equal(put(&spill, 1, CAPACITY - sizeof(size_t)), SYNFIX_OK);
    assert_int_equal(spill_count(&spill), CAPACITY);
    assert_int_equal(put(&spill, 2, 0), SYNFIX_AGAIN);
    take(&spill, 1, CAPACITY - sizeof(size_t));
    assert_int_equal(put(&spill, 3, CAPACITY - sizeof(size_t) + 1), SYNFIX_AGAIN);
    assert_int_equal(put(&spill, 4, 10), SYNFIX_OK);
    take(&spill, 4, 10);
    spill_close(&spill);
}

static void what_the_disk_refuses_is_not_in(void **state)
{
    (void)state;
    struct rlimit before;
    struct rlimit limit;
    spill_t spill = open_one();
    assert_int_equal(put(&spill, 1, 100), SYNFIX_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 300;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    const synfix_status_t status = put(&spill, 2, 400);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, SYNFIX_IO);
    assert_int_equal(put(&spill, 3, 500), SYNFIX_OK);
    take(&spill, 1, 100);
    take(&spill, 3, 500);
    assert_int_equal(spill_count(&spill), 0);
    spill_close(&spill);
}

static void places_that_are_none(void **state)
{
    (void)state;
    spill_t spill = {.open = false};
    synfix_error_t error;
    assert_int_equal(spill_open(&spill, "/nowhere", CAPACITY, &error), SYNFIX_IO);
    assert_string_equal(error.text, "/nowhere: No such file or directory");
    assert_int_equal(spill_count(&spill), 0);
    assert_int_equal(put(&spill, 1, 1), SYNFIX_AGAIN);
    spill_close(&spill);
    /* proc knows no files without names, and takes none with one */
    assert_int_equal(spill_open(&spill, "/proc", CAPACITY, &error), SYNFIX_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_round),
        cmocka_unit_test(is_bounded),
        cmocka_unit_test(what_the_disk_refuses_is_not_in),
        cmocka_unit_test(places_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
