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

static void assert_expanded(const char *directory, char *const *paths, const char *expected)
{
    char **found = input_paths_expand(paths);
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
    touch(directory, "records.ipfix.zst");
    assert_expanded(directory, paths, "- D/a.pcapng D/b.pcap.zst D/c.cap D x.pcap");
    clear(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_directory_stands_for_its_captures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
