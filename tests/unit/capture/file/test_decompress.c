/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/file/decompress.h"
#include <errno.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define PLAIN  (300u << 10)
#define PACKED (2u * PLAIN)

/* Half of it noise, so that it stays long. */
static uint8_t byte_at(size_t offset)
{
    uint64_t mixed = offset * UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ mixed >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
    return (uint8_t)((mixed >> 32 & 1) != 0 ? mixed >> 56 : 7);
}

static size_t pack_gzip(const uint8_t *plain, size_t length, uint8_t *packed)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)plain,
                       .avail_in = (uInt)length,
                       .next_out = packed,
                       .avail_out = PACKED};
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    const size_t made = stream.total_out;
    (void)deflateEnd(&stream);
    return made;
}

static size_t pack_zstd(const uint8_t *plain, size_t length, uint8_t *packed)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    (void)ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    const size_t made = ZSTD_compress2(context, packed, PACKED, plain, length);
    assert_false(ZSTD_isError(made));
    (void)ZSTD_freeCCtx(context);
    return made;
}

static size_t pack_xz(const uint8_t *plain, size_t length, uint8_t *packed)
{
    size_t made = 0;
    assert_int_equal(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, plain, length, packed, &made, PACKED),
                     LZMA_OK);
    return made;
}

static size_t pack_lz4(const uint8_t *plain, size_t length, uint8_t *packed)
{
    const LZ4F_preferences_t wish = {.frameInfo = {.contentChecksumFlag = LZ4F_contentChecksumEnabled}};
    const size_t made = LZ4F_compressFrame(packed, PACKED, plain, length, &wish);
    assert_false(LZ4F_isError(made));
    return made;
}

static const struct {
    const decompress_kind_t *kind;
    size_t (*pack)(const uint8_t *plain, size_t length, uint8_t *packed);
} kinds[] = {{&decompress_gzip, pack_gzip},
             {&decompress_zstd, pack_zstd},
             {&decompress_xz, pack_xz},
             {&decompress_lz4, pack_lz4}};

#define KINDS (sizeof kinds / sizeof kinds[0])

typedef struct fixture {
    uint8_t plain[PLAIN];
    uint8_t packed[2 * PACKED];
    uint8_t got[2 * PLAIN + 1];
} fixture_t;

static int set_up(void **state)
{
    fixture_t *fixture = calloc(1, sizeof *fixture);
    *state = fixture;
    for (size_t i = 0; fixture != NULL && i < PLAIN; i++) {
        fixture->plain[i] = byte_at(i);
    }
    return fixture == NULL;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

typedef struct outcome {
    size_t length;
    synfix_status_t problem;
    char text[128];
    uint64_t consumed;
} outcome_t;

/* Decompresses @p length packed bytes, of which the first @p known are passed directly and the others are in
 * a file. Each call has room for @p room bytes. */
static outcome_t decompress(fixture_t *fixture, size_t length, size_t known, size_t room)
{
    outcome_t outcome = {.problem = SYNFIX_OK};
    const char *text = "";
    const int file = memfd_create("packed", MFD_CLOEXEC);
    assert_int_equal(write(file, fixture->packed, length), length);
    assert_int_equal(lseek(file, (off_t)known, SEEK_SET), known);
    const decompress_kind_t *kind = decompress_kind_of(fixture->packed);
    assert_non_null(kind);
    decompressor_t *made = decompress_new(kind, file, fixture->packed, known);
    assert_non_null(made);
    for (;;) {
        const size_t left = sizeof fixture->got - outcome.length;
        const ssize_t got = decompress_read(made, fixture->got + outcome.length, room < left ? room : left);
        if (got < 0 && errno == EAGAIN) {
            continue;
        }
        if (got < 0) {
            assert_int_equal(errno, EBADMSG);
        }
        if (got <= 0) {
            break;
        }
        outcome.length += (size_t)got;
    }
    outcome.problem = decompress_problem(made, &text);
    strncpy(outcome.text, text, sizeof outcome.text - 1);
    outcome.consumed = decompress_consumed(made);
    decompress_free(made);
    (void)close(file);
    return outcome;
}

static void same_as_plain(const fixture_t *fixture, size_t from, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (fixture->got[from + i] != fixture->plain[(from + i) % PLAIN]) {
            fail_msg("byte %zu differs", from + i);
        }
    }
}

static void test_whole(void **state)
{
    fixture_t *fixture = *state;
    static const size_t rooms[] = {1u << 20, 4096, 1000, 7};
    for (size_t k = 0; k < KINDS; k++) {
        const size_t length = kinds[k].pack(fixture->plain, PLAIN, fixture->packed);
        assert_true(length > PLAIN / 4);
        assert_ptr_equal(decompress_kind_of(fixture->packed), kinds[k].kind);
        for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
            const outcome_t outcome = decompress(fixture, length, i % 2 == 0 ? 4 : length, rooms[i]);
            assert_int_equal(outcome.problem, SYNFIX_OK);
            assert_int_equal(outcome.length, PLAIN);
            assert_int_equal(outcome.consumed, length);
            same_as_plain(fixture, 0, PLAIN);
        }
    }
    assert_null(decompress_kind_of((const uint8_t *)"BZh9"));
}

/* One stream behind the other, then zeros. */
static void test_several(void **state)
{
    fixture_t *fixture = *state;
    for (size_t k = 0; k < KINDS; k++) {
        const size_t length = kinds[k].pack(fixture->plain, PLAIN, fixture->packed);
        memcpy(fixture->packed + length, fixture->packed, length);
        memset(fixture->packed + 2 * length, 0, 1000);
        outcome_t outcome = decompress(fixture, 2 * length + 1000, length, PLAIN);
        assert_int_equal(outcome.problem, SYNFIX_OK);
        assert_int_equal(outcome.length, 2 * PLAIN);
        same_as_plain(fixture, 0, 2 * PLAIN);
        memcpy(fixture->packed + length, "and this is nothing else", 24);
        outcome = decompress(fixture, length + 24, 4, PLAIN);
        assert_int_equal(outcome.problem, SYNFIX_INVALID);
        assert_int_equal(outcome.length, PLAIN);
        assert_non_null(strstr(outcome.text, "something else follows the data at byte "));
        assert_int_equal(strtoul(strstr(outcome.text, "byte ") + 5, NULL, 10), length);
    }
}

/* A skippable frame in front of the others, as pzstd writes them. */
static void test_zstd_in_parts(void **state)
{
    fixture_t *fixture = *state;
    static const uint8_t passed_over[12] = {0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4};
    size_t at = 0;
    for (size_t part = 0; part < 3; part++) {
        memcpy(fixture->packed + at, passed_over, sizeof passed_over);
        at += sizeof passed_over;
        at += pack_zstd(fixture->plain + part * PLAIN / 3, PLAIN / 3, fixture->packed + at);
    }
    const outcome_t outcome = decompress(fixture, at, 4, 5000);
    assert_int_equal(outcome.problem, SYNFIX_OK);
    assert_int_equal(outcome.length, PLAIN);
    same_as_plain(fixture, 0, PLAIN);
}

static void test_truncated(void **state)
{
    fixture_t *fixture = *state;
    for (size_t k = 0; k < KINDS; k++) {
        const size_t length = kinds[k].pack(fixture->plain, PLAIN, fixture->packed);
        size_t before = 0;
        for (size_t cut = 4; cut < length; cut += cut < 64 || cut > length - 64 ? 1 : 4999) {
            const outcome_t outcome = decompress(fixture, cut, 4, 1u << 20);
            assert_int_equal(outcome.problem, SYNFIX_TRUNCATED);
            assert_int_equal(strtoul(strstr(outcome.text, "byte ") + 5, NULL, 10), cut);
            assert_true(outcome.length >= before); /* all that can be had of it */
            before = outcome.length;
            same_as_plain(fixture, 0, outcome.length);
        }
        assert_true(before >= PLAIN / 2);
    }
}

/* Each has a checksum over all of it: what is wrong never goes unnoticed. */
static void test_corrupt(void **state)
{
    fixture_t *fixture = *state;
    for (size_t k = 0; k < KINDS; k++) {
        const size_t length = kinds[k].pack(fixture->plain, PLAIN, fixture->packed);
        for (size_t at = 100; at < length; at += 9973) {
            fixture->packed[at] ^= 0x55;
            const outcome_t outcome = decompress(fixture, length, 4, 1u << 20);
            assert_true(outcome.problem == SYNFIX_INVALID || outcome.problem == SYNFIX_TRUNCATED);
            assert_int_equal(strncmp(outcome.text, kinds[k].kind->name, strlen(kinds[k].kind->name)), 0);
            fixture->packed[at] ^= 0x55;
        }
        assert_int_equal(decompress(fixture, length, 4, 1u << 20).problem, SYNFIX_OK);
    }
}

/* A window of 2 GiB is requested by a header of a few bytes. */
static void test_memory(void **state)
{
    fixture_t *fixture = *state;
    static const uint8_t greedy[] = {0x28, 0xB5, 0x2F, 0xFD, 0, 21 << 3, 0, 0, 0};
    memcpy(fixture->packed, greedy, sizeof greedy);
    const outcome_t outcome = decompress(fixture, sizeof greedy, 4, 100);
    assert_int_equal(outcome.problem, SYNFIX_INVALID);
    assert_non_null(strstr(outcome.text, DECOMPRESS_TOO_LARGE));
}

/* A pipe that gives byte by byte: nothing waits inside for more. */
static void test_pipe(void **state)
{
    fixture_t *fixture = *state;
    for (size_t k = 0; k < KINDS; k++) {
        int ends[2];
        size_t length = 0;
        const size_t packed = kinds[k].pack(fixture->plain, 600, fixture->packed);
        assert_int_equal(pipe(ends), 0);
        decompressor_t *made = decompress_new(kinds[k].kind, ends[0], fixture->packed, 4);
        for (size_t at = 4; at < packed; at++) {
            ssize_t got;
            assert_int_equal(write(ends[1], fixture->packed + at, 1), 1);
            do {
                got = decompress_read(made, fixture->got + length, 100);
                length += got > 0 ? (size_t)got : 0;
            } while (decompress_pending(made));
            assert_true(got > 0 || errno == EAGAIN);
        }
        (void)close(ends[1]);
        assert_int_equal(decompress_read(made, fixture->got + length, 100), 0);
        assert_int_equal(length, 600);
        same_as_plain(fixture, 0, length);
        decompress_free(made);
        (void)close(ends[0]);
    }
    decompress_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),         cmocka_unit_test(test_several),
        cmocka_unit_test(test_zstd_in_parts), cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_corrupt),       cmocka_unit_test(test_memory),
        cmocka_unit_test(test_pipe),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
