/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "app/sigdb/sigdb_input.h"

typedef struct {
    unsigned count;
    sigdb_item_t last;
    char os[32];
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
} seen_t;

static gboolean remember(const sigdb_item_t *item, void *context)
{
    seen_t *seen = context;
    seen->count++;
    seen->last = *item;
    (void)snprintf(seen->os, sizeof seen->os, "%s", item->os ? item->os : "");
    synfix_signature_format(&item->signature, seen->text);
    return TRUE;
}

static synfix_status_t read_text(const char *text, gboolean zipped, seen_t *seen, synfix_error_t *error)
{
    char directory[] = "/tmp/synfix-labelled-XXXXXX";
    assert_non_null(mkdtemp(directory));
    g_autofree char *path = g_build_filename(directory, "rows", NULL);
    gzFile file = gzopen(path, zipped ? "wb" : "wbT");
    assert_non_null(file);
    assert_int_equal(gzputs(file, text), (int)strlen(text));
    assert_int_equal(gzclose(file), Z_OK);
    memset(seen, 0, sizeof *seen);
    const synfix_status_t status = sigdb_input_labelled(path, remember, seen, error);
    unlink(path);
    rmdir(directory);
    return status;
}

static void reads_json(void **state)
{
    (void)state;
    static const char row[] =
        "{\"os\": \"Linux\", \"ttl\": 50, \"flags\": 18, \"win\": 62727, \"ts_val\": null,"
        " \"opts\": [\"mss\"], \"p0f_raw\": \"4:64:0:1460:62727,0:mss:df:0\"}\n";
    seen_t seen;
    synfix_error_t error = {.text = ""};
    for (int zipped = 0; zipped < 2; zipped++) {
        assert_int_equal(read_text(row, zipped, &seen, &error), SYNFIX_OK);
        assert_int_equal(seen.count, 1);
        assert_string_equal(seen.os, "Linux");
        assert_string_equal(seen.text, "4:50+14:0:1460:62727,0:mss:df:0");
        assert_int_equal(seen.last.direction, SYNFIX_DIRECTION_RESPONSE);
        assert_int_equal(seen.last.signature.window, 62727);
        assert_false(seen.last.partial);
    }
}

/* p0f writes a multiple of the MSS as such; other programs write the window in bytes. */
static void finds_the_multiple_of_a_window_in_the_text(void **state)
{
    (void)state;
    static const char row[] =
        "{\"os\": \"F5\", \"flags\": 2, \"p0f_raw\": \"4:255+0:0:1392:4176,0:mss:df,id+:0\"}\n";
    seen_t seen;
    synfix_error_t error = {.text = ""};
    assert_int_equal(read_text(row, FALSE, &seen, &error), SYNFIX_OK);
    assert_string_equal(seen.text, "4:255+0:0:1392:mss*3,0:mss:df,id+:0");
    assert_int_equal(seen.last.signature.window, 4176);
}

static void reads_csv(void **state)
{
    (void)state;
    seen_t seen;
    synfix_error_t error = {.text = ""};
    assert_int_equal(read_text("window,mss,wscale,opts,os,connections\n"
                               "64860,1380,8,\"mss,nop,ws,nop,nop,sok\",Windows,12\n",
                               FALSE, &seen, &error),
                     SYNFIX_OK);
    assert_int_equal(seen.count, 1);
    assert_string_equal(seen.text, "4:64+0:0:1380:mss*47,8:mss,nop,ws,nop,nop,sok::0");
    assert_true(seen.last.partial);
    assert_float_equal(seen.last.weight, 12, 1e-9);
}

static void refuses_with_line(void **state)
{
    (void)state;
    seen_t seen;
    synfix_error_t error = {.text = ""};
    assert_int_equal(read_text("{\"p0f_raw\": \"4:64:0:0:0,0:::0\"}\n{broken\n", FALSE, &seen, &error),
                     SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "rows:2: not a JSON object"));
    assert_int_equal(seen.count, 1);
    assert_int_equal(read_text("{\"p0f_raw\": \"4:64:0:0:0,0::df\"}\n", FALSE, &seen, &error),
                     SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "rows:1: column "));
    static const struct {
        const char *rows;
        const char *reason;
    } wrong[] = {
        {"os,p0f_raw\nLinux\n", "rows:2: 1 fields, the first line names 2"},
        {"os,mss\nLinux,1460\n", "rows:2: no signature"},
        {"os,win,mss\nLinux,1,65536\n", "rows:2: mss: \"65536\" is not a number from 0 to 65535"},
        {"os,win,connections\nLinux,1,few\n", "rows:2: \"few\" is not a number of connections"},
        {"os,win,connections\nLinux,1,inf\n", "rows:2: \"inf\" is not a number of connections"},
        {"{\"win\": \"12x\"}\n", "rows:1: win: \"12x\" is not a number from 0 to 65535"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        assert_int_equal(read_text(wrong[i].rows, FALSE, &seen, &error), SYNFIX_INVALID);
        if (!strstr(error.text, wrong[i].reason)) {
            fail_msg("%s: %s", wrong[i].rows, error.text);
        }
        assert_int_equal(seen.count, 0);
    }
    assert_int_equal(sigdb_input_labelled("/nonexistent.csv", remember, &seen, &error), SYNFIX_NOT_FOUND);
}

static void refuses_what_is_cut_or_too_long(void **state)
{
    (void)state;
    seen_t seen;
    synfix_error_t error = {.text = ""};
    char *text = g_strnfill(70000, 'x');
    assert_int_equal(read_text(text, FALSE, &seen, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "rows:1: a line of 65535 bytes and more"));
    g_free(text);
    /* half of a gzip file */
    static const uint8_t cut[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0x4c};
    char path[] = "/tmp/synfix-labelled-XXXXXX";
    const int file = mkstemp(path);
    assert_true(file >= 0 && write(file, cut, sizeof cut) == (ssize_t)sizeof cut);
    close(file);
    assert_int_equal(sigdb_input_labelled(path, remember, &seen, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "the compressed file is cut off"));
    unlink(path);
}

/* Bytes that are no text, and a gzipped text whose checksum is wrong. */
static void names_damaged_files(void **state)
{
    (void)state;
    static const uint8_t zipped[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xe3, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0};
    static const struct {
        const void *bytes;
        size_t length;
        const char *reason;
    } cases[] = {
        {zipped, sizeof zipped, ":1: incorrect data check"},
        {"{\0}\n", 4, ":1: neither text nor gzipped text"},
        {"os,win\n\x1b\n", 9, ":2: neither text nor gzipped text"},
        {"os,win\n\xC2\x9B,1\n", 12, ":2: neither text nor gzipped text"}, /* U+009B */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        seen_t seen = {.count = 0};
        synfix_error_t error = {.text = ""};
        char path[] = "/tmp/synfix-labelled-XXXXXX";
        const int file = mkstemp(path);
        assert_true(file >= 0 && write(file, cases[i].bytes, cases[i].length) == (ssize_t)cases[i].length);
        close(file);
        assert_int_equal(sigdb_input_labelled(path, remember, &seen, &error), SYNFIX_INVALID);
        unlink(path);
        assert_string_equal(error.text + strlen(path), cases[i].reason);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_damaged_files),
        cmocka_unit_test(reads_json),
        cmocka_unit_test(finds_the_multiple_of_a_window_in_the_text),
        cmocka_unit_test(reads_csv),
        cmocka_unit_test(refuses_with_line),
        cmocka_unit_test(refuses_what_is_cut_or_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
