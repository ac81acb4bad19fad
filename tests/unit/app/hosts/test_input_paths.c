/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/hosts/input_paths.h"
#include <glib.h>
#include <glib/gstdio.h>

static void touch(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    assert_true(g_file_set_contents(path, "", 0, NULL));
}

static void clear(const char *directory)
{
    g_autoptr(GDir) open = g_dir_open(directory, 0, NULL);
    for (const char *name; (name = g_dir_read_name(open)) != NULL;) {
        g_autofree char *path = g_build_filename(directory, name, NULL);
        assert_int_equal(g_unlink(path), 0);
    }
    assert_int_equal(g_rmdir(directory), 0);
}

static unsigned calls;
static unsigned left_out;

static void on_others(const char *directory, unsigned files)
{
    assert_true(g_file_test(directory, G_FILE_TEST_IS_DIR));
    calls++;
    left_out = files;
}

static void assert_expanded(const char *directory, char *const *paths, const char *expected)
{
    calls = 0;
    left_out = 0;
    char **found = input_paths_expand(paths, on_others);
    g_autofree char *joined = g_strjoinv(" ", found);
    GString *plain = g_string_new(joined);
    g_string_replace(plain, directory, "D", 0);
    assert_string_equal(plain->str, expected);
    g_string_free(plain, TRUE);
    g_strfreev(found);
}

static void a_directory_stands_for_its_captures(void **state)
{
    (void)state;
    g_autofree char *directory = g_dir_make_tmp("synfix-paths-XXXXXX", NULL);
    char input[] = "-";
    char file[] = "x.pcap";
    char *paths[] = {input, directory, file, NULL};
    assert_expanded(directory, paths, "- D x.pcap");
    touch(directory, "b.pcap.zst");
    touch(directory, "a.pcapng");
    touch(directory, "c.cap");
    touch(directory, ".hidden.pcap");
    touch(directory, "notes.txt.gz");
    touch(directory, "pcap");
    assert_expanded(directory, paths, "- D/a.pcapng D/b.pcap.zst D/c.cap x.pcap");
    assert_int_equal(calls, 1);
    assert_int_equal(left_out, 2);
    touch(directory, "records.ipfix.zst");
    assert_expanded(directory, paths, "- D/a.pcapng D/b.pcap.zst D/c.cap D x.pcap");
    clear(directory);
}

static void captures_with_numbers(void **state)
{
    static const char *const captures[] = {"c.pcap",   "c.pcap1",   "c.pcap2",   "c.pcap9",
                                           "c.pcap10", "c.pcap.1",  "c.pcap3.4", "c.PCAP11",
                                           "c.Cap",    "c.pcapng7", "c.cap5.gz", "c.pcap6.GZ"};
    static const char *const others[] = {"c.pcap.", "c.pcap1.", "c.pcap.x", "c.pcap1.2.3", "c.pcapx",
                                         "pcap1",   "c1",       "1.1",      "c.pcap.bak",  "x.pcap~"};
    (void)state;
    g_autofree char *directory = g_dir_make_tmp("synfix-paths-XXXXXX", NULL);
    g_autofree char *inner = g_build_filename(directory, "inner", NULL);
    char *paths[] = {directory, NULL};
    assert_int_equal(g_mkdir(inner, 0700), 0);
    for (size_t i = 0; i < G_N_ELEMENTS(captures); i++) {
        touch(directory, captures[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        touch(directory, others[i]);
    }
    assert_expanded(directory, paths,
                    "D/c.Cap D/c.PCAP11 D/c.cap5.gz D/c.pcap D/c.pcap.1 D/c.pcap1 D/c.pcap2 D/c.pcap3.4 "
                    "D/c.pcap6.GZ D/c.pcap9 D/c.pcap10 D/c.pcapng7");
    assert_int_equal(calls, 1);
    assert_int_equal(left_out, G_N_ELEMENTS(others));
    assert_int_equal(g_rmdir(inner), 0);
    clear(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_directory_stands_for_its_captures),
                                       cmocka_unit_test(captures_with_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
