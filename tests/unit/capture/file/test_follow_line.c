/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/file/follow_line.h"
#include <string.h>

static char name[] = " a capture 1.pcap";
static const follow_entry_t entry = {
    .name = name, .inode = 7603923, .size = 3934, .modified_ns = 1796040769285463154};

static size_t written(char *line, size_t size)
{
    FILE *file = fmemopen(line, size, "w");
    assert_non_null(file);
    assert_true(follow_line_write(&entry, file));
    (void)fclose(file);
    const size_t length = strlen(line);
    line[length - 1] = '\0';
    return length - 1;
}

static bool is_same(const char *line)
{
    follow_entry_t read;
    const char *found = follow_line_read(line, true, &read);
    return found != NULL && strcmp(found, name) == 0 && read.inode == entry.inode &&
           read.size == entry.size && read.modified_ns == entry.modified_ns;
}

/* Damage never gives another entry: its file would be read twice, or not at all, without a word. */
static void each_damaged_byte_is_found(void **state)
{
    (void)state;
    char line[128] = "";
    const size_t length = written(line, sizeof line);
    assert_true(is_same(line));
    for (size_t at = 0; at < length; at++) {
        const char good = line[at];
        for (unsigned change = 1; change < 256; change++) {
            follow_entry_t read;
            line[at] = (char)(good ^ (char)change);
            assert_true(line[at] == '\n' || follow_line_read(line, true, &read) == NULL || is_same(line));
        }
        line[at] = good;
    }
    for (size_t cut = 0; cut < length; cut++) {
        follow_entry_t read;
        char shorter[128] = "";
        memcpy(shorter, line, cut);
        assert_null(follow_line_read(shorter, true, &read));
    }
}

static void lines_of_older_versions(void **state)
{
    (void)state;
    follow_entry_t read;
    assert_string_equal(follow_line_read("1 2 3 a capture", false, &read), "a capture");
    assert_int_equal(read.inode * 100 + (uint64_t)(read.size * 10 + read.modified_ns), 123);
    assert_null(follow_line_read("1 2 3 ", false, &read));
    assert_null(follow_line_read("1 2 x a", false, &read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_damaged_byte_is_found),
                                       cmocka_unit_test(lines_of_older_versions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
