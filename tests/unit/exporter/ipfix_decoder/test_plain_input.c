/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "exporter/ipfix_decoder/plain_input.h"
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zstd.h>

/* A magic, then bytes that are no frame: a reserved bit of the frame header is set. */
static const uint8_t damage[] = {0x28, 0xB5, 0x2F, 0xFD, 0x08, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55};

typedef struct fixture {
    int writer; /* -1: closed */
    plain_input_t *input;
    uint8_t room[PLAIN_INPUT_ROOM];
    size_t got;
    synfix_error_t error;
} fixture_t;

static int set_up(void **state)
{
    static fixture_t fixture;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
        return -1;
    }
    fixture = (fixture_t){.writer = ends[0], .input = plain_input_new(ends[1], true)};
    /* the writer never reads this byte: its close then resets the connection */
    if (write(ends[1], "", 1) != 1) {
        return -1;
    }
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_t *const fixture = *state;
    plain_input_free(fixture->input);
    if (fixture->writer >= 0) {
        (void)close(fixture->writer);
    }
    return 0;
}

static void put(const fixture_t *fixture, const void *bytes, size_t length)
{
    assert_int_equal(write(fixture->writer, bytes, length), (ssize_t)length);
}

static void put_frame(const fixture_t *fixture, const char *text, size_t skipped)
{
    uint8_t frame[256];
    const size_t length = ZSTD_compress(frame, sizeof frame, text, strlen(text), 1);
    assert_false(ZSTD_isError(length));
    put(fixture, frame + skipped, length - skipped);
}

static void finish(fixture_t *fixture, int how)
{
    if (how == SHUT_WR) {
        assert_int_equal(shutdown(fixture->writer, SHUT_WR), 0);
    } else {
        (void)close(fixture->writer);
        fixture->writer = -1;
    }
}

static synfix_status_t read_next(fixture_t *fixture)
{
    return plain_input_read(fixture->input, fixture->room, sizeof fixture->room, &fixture->got,
                            &fixture->error);
}

/* The reader reports the damage, then the failure: the input did not end. */
static void a_failed_read_behind_damage_is_reported(void **state)
{
    fixture_t *const fixture = *state;
    put(fixture, damage, sizeof damage);
    finish(fixture, SHUT_RDWR);
    assert_int_equal(read_next(fixture), SYNFIX_INVALID);
    assert_non_null(strstr(fixture->error.text, "12 compressed bytes skipped"));
    assert_int_equal(read_next(fixture), SYNFIX_IO);
    assert_non_null(strstr(fixture->error.text, "reset"));
    assert_int_equal(read_next(fixture), SYNFIX_END);
}

static void the_end_behind_damage_is_the_end(void **state)
{
    fixture_t *const fixture = *state;
    put(fixture, damage, sizeof damage);
    finish(fixture, SHUT_WR);
    assert_int_equal(read_next(fixture), SYNFIX_INVALID);
    assert_int_equal(read_next(fixture), SYNFIX_END);
}

static void a_frame_behind_damage_is_read(void **state)
{
    fixture_t *const fixture = *state;
    put(fixture, damage, sizeof damage);
    put_frame(fixture, "behind", 0);
    finish(fixture, SHUT_WR);
    assert_int_equal(read_next(fixture), SYNFIX_INVALID);
    assert_int_equal(read_next(fixture), SYNFIX_OK);
    assert_int_equal(fixture->got, strlen("behind"));
    assert_memory_equal(fixture->room, "behind", fixture->got);
    assert_int_equal(read_next(fixture), SYNFIX_END);
}

/* The first bytes of a magic at the end of the input may be those of a frame that is being written. */
static void the_beginning_of_a_magic_stays(void **state)
{
    fixture_t *const fixture = *state;
    put(fixture, damage, sizeof damage);
    put(fixture, damage, 2);
    finish(fixture, SHUT_WR);
    assert_int_equal(read_next(fixture), SYNFIX_INVALID);
    assert_non_null(strstr(fixture->error.text, "12 compressed bytes skipped"));
    assert_int_equal(read_next(fixture), SYNFIX_TRUNCATED);
}

/* More bytes than the reader holds at once. */
#define LONG_FRAME 300000u

static void append_skippable(FILE *file, uint8_t kind, uint32_t length)
{
    static const uint8_t content[LONG_FRAME];
    const uint8_t start[8] = {
        0x50 | kind, 0x2A, 0x4D, 0x18, length & 0xFF, length >> 8 & 0xFF, (uint8_t)(length >> 16)};
    assert_int_equal(fwrite(start, 1, sizeof start, file), sizeof start);
    assert_int_equal(fwrite(content, 1, length, file), length);
}

static void append_frame(FILE *file, const char *text)
{
    uint8_t frame[256];
    const size_t length = ZSTD_compress(frame, sizeof frame, text, strlen(text), 1);
    assert_int_equal(fwrite(frame, 1, length, file), length);
}

/* Other programs put them before each frame (pzstd), or an index after all frames. */
static void skippable_frames_are_recognised_and_have_no_content(void **state)
{
    (void)state;
    uint8_t room[PLAIN_INPUT_ROOM];
    size_t got = 0;
    synfix_error_t error;
    FILE *const file = tmpfile();
    assert_non_null(file);
    append_skippable(file, 0, 4);
    append_frame(file, "first");
    append_skippable(file, 15, LONG_FRAME);
    append_frame(file, "second");
    append_skippable(file, 14, LONG_FRAME);
    rewind(file);
    plain_input_t *const input = plain_input_new(dup(fileno(file)), false);
    assert_int_equal(plain_input_read(input, room, sizeof room, &got, &error), SYNFIX_OK);
    assert_int_equal(got, strlen("first"));
    assert_int_equal(plain_input_read(input, room, sizeof room, &got, &error), SYNFIX_OK);
    assert_int_equal(got, strlen("second"));
    assert_memory_equal(room, "second", got);
    assert_int_equal(plain_input_read(input, room, sizeof room, &got, &error), SYNFIX_END);
    plain_input_free(input);
    assert_int_equal(fclose(file), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_failed_read_behind_damage_is_reported, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_end_behind_damage_is_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_frame_behind_damage_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_beginning_of_a_magic_stays, set_up, tear_down),
        cmocka_unit_test(skippable_frames_are_recognised_and_have_no_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
