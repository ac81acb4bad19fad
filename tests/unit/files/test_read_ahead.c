/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "files/read_ahead.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define OCTETS (3u * AHEAD_CHUNK + 1000u)

static uint8_t octet_at(size_t place)
{
    return (uint8_t)(place * 2654435761u >> 13);
}

static read_ahead_chunk_t *take(read_ahead_t *ahead)
{
    read_ahead_chunk_t *chunk;
    do {
        chunk = read_ahead_take(ahead, 1000);
    } while (chunk == NULL);
    return chunk;
}

static FILE *make_file(void)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    for (size_t i = 0; i < OCTETS; i++) {
        assert_int_not_equal(fputc(octet_at(i), file), EOF);
    }
    assert_int_equal(fflush(file), 0);
    assert_int_equal(lseek(fileno(file), 0, SEEK_SET), 0);
    return file;
}

static void test_all_in_order(void **state)
{
    (void)state;
    FILE *file = make_file();
    read_ahead_t *ahead = read_ahead_start(&(read_ahead_source_t){.descriptor = fileno(file)});
    assert_non_null(ahead);
    size_t place = 0;
    for (;;) {
        read_ahead_chunk_t *chunk = take(ahead);
        if (chunk->length == 0) {
            assert_int_equal(chunk->reason, 0);
            break;
        }
        for (size_t i = 0; i < chunk->length; i++) {
            assert_int_equal(chunk->base[AHEAD_ROOM + i], octet_at(place + i));
        }
        place += chunk->length;
        memset(chunk->base, 0xFF, AHEAD_ROOM); /* the taker's */
        read_ahead_return(ahead, chunk);
    }
    assert_int_equal(place, OCTETS);
    read_ahead_stop(ahead);
    (void)fclose(file);
}

static ssize_t read_odd(void *user, uint8_t *to, size_t size, size_t *consumed)
{
    unsigned *calls = user;
    assert_int_equal(size, AHEAD_CHUNK);
    *consumed = 2;
    to[0] = octet_at(*calls);
    return ++*calls <= 20 ? 1 : 0;
}

/* More chunks than the reader has, of a function. */
static void test_function(void **state)
{
    (void)state;
    unsigned calls = 0;
    read_ahead_t *ahead = read_ahead_start(&(read_ahead_source_t){.read = read_odd, .user = &calls});
    assert_non_null(ahead);
    for (size_t i = 0; i < 20; i++) {
        read_ahead_chunk_t *chunk = take(ahead);
        assert_int_equal(chunk->length, 1);
        assert_int_equal(chunk->consumed, 2);
        assert_int_equal(chunk->base[AHEAD_ROOM], octet_at(i));
        read_ahead_return(ahead, chunk);
    }
    assert_int_equal(take(ahead)->length, 0);
    read_ahead_stop(ahead);
    assert_int_equal(calls, 21);
}

static void test_stopped_early(void **state)
{
    (void)state;
    FILE *file = make_file();
    read_ahead_t *ahead = read_ahead_start(&(read_ahead_source_t){.descriptor = fileno(file)});
    assert_non_null(ahead);
    (void)take(ahead); /* kept */
    read_ahead_stop(ahead);
    ahead = read_ahead_start(&(read_ahead_source_t){.descriptor = fileno(file)});
    read_ahead_stop(ahead);
    read_ahead_stop(NULL);
    read_ahead_return(NULL, NULL);
    (void)fclose(file);
}

static void test_unreadable(void **state)
{
    (void)state;
    const int directory = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    read_ahead_t *ahead = read_ahead_start(&(read_ahead_source_t){.descriptor = directory});
    assert_non_null(ahead);
    const read_ahead_chunk_t *chunk = take(ahead);
    assert_int_equal(chunk->length, 0);
    assert_int_equal(chunk->reason, EISDIR);
    assert_null(read_ahead_take(ahead, 1));
    read_ahead_stop(ahead);
    (void)close(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_in_order), cmocka_unit_test(test_function),
                                       cmocka_unit_test(test_stopped_early),
                                       cmocka_unit_test(test_unreadable)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
