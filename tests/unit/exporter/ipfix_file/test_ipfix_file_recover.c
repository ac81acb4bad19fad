/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix_decoder/message_input.h"
#include "exporter/ipfix_file/ipfix_file.h"
#include "support/file_sink.h"
#include <unistd.h>

static void test_recover_cuts_to_whole_messages(void **state)
{
    static const char *const ways[] = {"none", "zstd"};
    for (size_t i = 0; i < 2; i++) {
        synfix_sink_stats_t stats;
        g_autofree char *path = g_build_filename(*state, ways[i], NULL);
        g_autofree char *part = g_strconcat(path, ".part", NULL);
        g_autofree char *specification = g_strconcat("file:", path, "?size=1400&compress=", ways[i], NULL);
        file_sink_run(specification, &stats);
        assert_int_equal(g_rename(path, part), 0);
        GStatBuf before;
        assert_int_equal(g_stat(part, &before), 0);
        assert_int_equal(truncate(part, before.st_size - 7), 0);
        ipfix_file_recovered_t recovered;
        synfix_error_t error = {.text = ""};
        assert_int_equal(ipfix_file_recover(part, &recovered, &error), SYNFIX_OK);
        assert_string_equal(recovered.name, path);
        assert_true(recovered.messages > 10);
        assert_true(recovered.bytes_dropped > 0);
        GStatBuf after;
        assert_int_equal(g_stat(path, &after), 0);
        assert_int_equal((uint64_t)after.st_size + recovered.bytes_dropped, (uint64_t)before.st_size - 7);
        g_free(recovered.name);
    }
}

/* Damages the first bytes of the message or frame in the middle of @p path. */
static void damage_the_middle(const char *path, const char *magic, gsize magic_length)
{
    g_autofree char *data = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(path, &data, &length, NULL));
    char *const found = memmem(data + length / 2, length / 2, magic, magic_length);
    assert_non_null(found);
    found[0] = 0x55;
    assert_true(g_file_set_contents(path, data, (gssize)length, NULL));
}

static void test_recover_passes_over_damage(void **state)
{
    static const struct {
        const char *way;
        const char *magic;
        gsize length;
    } cases[] = {{"none", "\x00\x0A\x05", 3}, {"zstd", "\x28\xB5\x2F\xFD", 4}};
    for (size_t i = 0; i < 2; i++) {
        synfix_sink_stats_t stats;
        ipfix_file_recovered_t whole, damaged;
        synfix_error_t error = {.text = ""};
        g_autofree char *path = g_build_filename(*state, cases[i].way, NULL);
        g_autofree char *part = g_strconcat(path, ".part", NULL);
        g_autofree char *specification =
            g_strconcat("file:", path, "?size=1400&compress=", cases[i].way, NULL);
        file_sink_run(specification, &stats);
        assert_int_equal(g_rename(path, part), 0);
        assert_int_equal(ipfix_file_recover(part, &whole, &error), SYNFIX_OK);
        assert_int_equal(whole.bytes_damaged, 0);
        assert_int_equal(g_rename(path, part), 0);
        damage_the_middle(part, cases[i].magic, cases[i].length);
        assert_int_equal(ipfix_file_recover(part, &damaged, &error), SYNFIX_OK);
        assert_int_equal(damaged.messages, whole.messages - 1);
        assert_int_equal(damaged.bytes_dropped, 0);
        assert_in_range(damaged.bytes_damaged, 1, 1500);
        g_free(whole.name);
        g_free(damaged.name);
    }
}

/* Five bytes of damage look like a header whose length ends in the last five bytes: reader and recovery agree
 * where the message begins. */
static void test_reader_and_recovery_agree(void **state)
{
    uint8_t bytes[5 + 24 + 16] = {0, 10, 0, 24, 0x6B, 0, 10, 0, 24, [21] = 1, [24] = 8, [29] = 0, 10, 1, 8};
    const uint8_t *message = NULL;
    size_t length = 0;
    ipfix_file_recovered_t recovered;
    message_input_t *input = NULL;
    synfix_error_t error;
    g_autofree char *part = g_build_filename(*state, "a.ipfix.part", NULL);
    memset(bytes + 25, 0xFF, 4); /* the data of the set */
    assert_true(g_file_set_contents(part, (const char *)bytes, sizeof bytes, NULL));
    assert_int_equal(ipfix_file_recover(part, &recovered, &error), SYNFIX_OK);
    assert_int_equal(recovered.messages, 1);
    assert_int_equal(recovered.bytes_damaged, 5);
    assert_int_equal(recovered.bytes_dropped, 16);
    assert_int_equal(message_input_open(recovered.name, &input, &error), SYNFIX_OK);
    assert_int_equal(message_input_next(input, &message, &length, &error), SYNFIX_INVALID);
    assert_int_equal(message_input_next(input, &message, &length, &error), SYNFIX_OK);
    assert_int_equal(length, 24);
    assert_int_equal(message_input_next(input, &message, &length, &error), SYNFIX_END);
    message_input_close(input);
    g_free(recovered.name);
}

#define HEADER(length) 0, 10, 0, (length), 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1
#define MESSAGE        HEADER(24), 1, 0, 0, 8, 1, 2, 3, 4
/* a frame of one stored block */
#define STORED(content)                                                                                      \
    0x28, 0xB5, 0x2F, 0xFD, 0x20, (content), ((content) << 3 | 1) & 0xFF, (content) >> 5, 0
#define SKIPPABLE 0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4

/* Programs such as pzstd write skippable frames, and frames that hold several messages or a part of one. */
static void test_messages_in_frames_of_other_programs(void **state)
{
    static const struct {
        const char *name;
        uint8_t data[96];
        gssize length;
        uint64_t messages; /* 0: not changed */
    } cases[] = {
        {"one message a frame", {STORED(24), MESSAGE, SKIPPABLE, STORED(24), MESSAGE}, 78, 2},
        {"two messages in a frame", {SKIPPABLE, STORED(48), MESSAGE, MESSAGE}, 69, 2},
        {"a message in two frames", {STORED(16), HEADER(24), STORED(8), 1, 0, 0, 8, 1, 2, 3, 4}, 42, 1},
        {"no message", {SKIPPABLE, STORED(4), 't', 'e', 'x', 't'}, 25, 0},
        {"no content", {SKIPPABLE, SKIPPABLE}, 24, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *part = g_build_filename(*state, "frames.ipfix.zst.part", NULL);
        ipfix_file_recovered_t recovered = {0};
        synfix_error_t error = {.text = ""};
        assert_true(g_file_set_contents(part, (const char *)cases[i].data, cases[i].length, NULL));
        const synfix_status_t status = ipfix_file_recover(part, &recovered, &error);
        if (status != (cases[i].messages > 0 ? SYNFIX_OK : SYNFIX_INVALID) ||
            recovered.messages != cases[i].messages || recovered.bytes_dropped != 0) {
            fail_msg("%s: %u messages, %u bytes dropped; %s", cases[i].name, (unsigned)recovered.messages,
                     (unsigned)recovered.bytes_dropped, error.text);
        }
        assert_int_equal(g_unlink(cases[i].messages > 0 ? recovered.name : part), 0);
        g_free(recovered.name);
    }
}

static void test_a_large_file_without_a_message_stays(void **state)
{
    ipfix_file_recovered_t recovered;
    synfix_error_t error = {.text = ""};
    g_autofree char *part = g_build_filename(*state, "large.ipfix.part", NULL);
    g_autofree char *data = g_malloc0(1 << 20);
    data[1] = 10;
    assert_true(g_file_set_contents(part, data, 1 << 20, NULL));
    assert_int_equal(ipfix_file_recover(part, &recovered, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "not changed"));
    assert_int_equal(g_unlink(part), 0);
}

/* Only what this target can have left is touched, and of that nothing that is no IPFIX. */
static void test_strangers_are_left_alone(void **state)
{
    static const struct {
        const char *name;
        const char *target;
        const char *content;
        gssize length;
        bool stays;
    } cases[] = {
        {"archive.iso.part", "a.ipfix", "x", 1, true},
        {"zebra.mkv.part", "%Y.ipfix", "x", 1, true},
        {"rec.db.part", "rec.ipfix", "\0\12\0\20", 4, true},
        {"ab.ipfix.part", "a.ipfix", "\0\12", 2, true},
        {"2026.ipfix.part", "%Y.ipfix", "\0\12", 2, false},
        {"2026-3.ipfix.part", "%Y.ipfix", "\0\12", 2, false},
        {"20x6.ipfix.part", "%Y.ipfix", "\0\12", 2, true},
        {"a.ipfix.part", "a.ipfix", "text", 4, true},
        {"a-7.ipfix.part", "a.ipfix", "\0\12", 2, false},
        {"a.part", "a", "", 0, false},
        {"a-b.ipfix.part", "a.ipfix", "\0\12", 2, true},
        {"5% a-1.part", "5%% a", "\0\12", 2, false},
        {"r11:05.x.part", "r%R.x", "\0\12", 2, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        g_autofree char *part = g_build_filename(*state, cases[i].name, NULL);
        g_autofree char *target = g_build_filename(*state, cases[i].target, NULL);
        assert_true(g_file_set_contents(part, cases[i].content, cases[i].length, NULL));
        ipfix_file_recover_all(target, false, log_nothing, NULL);
        if (g_file_test(part, G_FILE_TEST_EXISTS) != cases[i].stays) {
            fail_msg("%s, target %s", cases[i].name, cases[i].target);
        }
        (void)g_unlink(part);
    }
    g_autofree char *part = g_build_filename(*state, "p.txt.part", NULL);
    synfix_error_t error;
    assert_true(g_file_set_contents(part, "text", -1, NULL));
    assert_int_equal(ipfix_file_recover(part, NULL, &error), SYNFIX_INVALID);
    assert_true(g_file_test(part, G_FILE_TEST_EXISTS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_recover_cuts_to_whole_messages, make_temporary_directory,
                                        remove_temporary_directory),
        cmocka_unit_test_setup_teardown(test_recover_passes_over_damage, make_temporary_directory,
                                        remove_temporary_directory),
        cmocka_unit_test_setup_teardown(test_reader_and_recovery_agree, make_temporary_directory,
                                        remove_temporary_directory),
        cmocka_unit_test_setup_teardown(test_messages_in_frames_of_other_programs, make_temporary_directory,
                                        remove_temporary_directory),
        cmocka_unit_test_setup_teardown(test_a_large_file_without_a_message_stays, make_temporary_directory,
                                        remove_temporary_directory),
        cmocka_unit_test_setup_teardown(test_strangers_are_left_alone, make_temporary_directory,
                                        remove_temporary_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
