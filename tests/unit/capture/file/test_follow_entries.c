/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/file/follow_entries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES 5000u

/* Directories whose files differ in one property only, as after a copy. */
static follow_entry_t numbered(unsigned number)
{
    static char names[2][32];
    static unsigned turn;
    char *name = names[++turn % 2];
    (void)snprintf(name, sizeof names[0], "capture-%u.pcap", number);
    return (follow_entry_t){.name = name, .inode = 100 + number, .size = 1 << 20, .modified_ns = 1};
}

static void add(follow_entries_t *entries, unsigned number)
{
    follow_entry_t entry = numbered(number);
    entry.name = strdup(entry.name);
    assert_non_null(entry.name);
    assert_true(follow_entries_add(entries, &entry));
}

static bool has(const follow_entries_t *entries, unsigned number)
{
    const follow_entry_t entry = numbered(number);
    return follow_entries_have(entries, &entry);
}

static bool is_even(void *user, const follow_entry_t *entry)
{
    (void)user;
    return entry->inode % 2 == 0;
}

static void added_entries_are_found(void **state)
{
    follow_entries_t entries = {0};
    (void)state;
    assert_false(has(&entries, 0));
    for (unsigned i = 0; i < FILES; i++) {
        assert_false(has(&entries, i));
        add(&entries, i);
        assert_true(has(&entries, i));
    }
    assert_int_equal(entries.count, FILES);
    assert_false(has(&entries, FILES));
    follow_entries_clear(&entries);
    assert_false(has(&entries, 0));
}

static void each_property_counts(void **state)
{
    follow_entries_t entries = {0};
    static char other[] = "other";
    (void)state;
    add(&entries, 1);
    for (unsigned i = 0; i < 4; i++) {
        follow_entry_t entry = numbered(1);
        entry.inode += i == 0;
        entry.size += i == 1;
        entry.modified_ns += i == 2;
        entry.name = i == 3 ? other : entry.name;
        assert_false(follow_entries_have(&entries, &entry));
    }
    follow_entries_clear(&entries);
}

static void removed_entries_are_not_found(void **state)
{
    follow_entries_t entries = {0};
    (void)state;
    for (unsigned i = 0; i < FILES; i++) {
        add(&entries, i);
    }
    follow_entries_keep(&entries, is_even, NULL);
    assert_int_equal(entries.count, FILES / 2);
    for (unsigned i = 0; i < FILES; i++) {
        assert_int_equal(has(&entries, i), i % 2 == 0);
    }
    add(&entries, 1);
    assert_true(has(&entries, 1));
    assert_int_equal(entries.items[0].inode, 100);
    assert_int_equal(entries.items[1].inode, 102);
    follow_entries_clear(&entries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(added_entries_are_found),
        cmocka_unit_test(each_property_counts),
        cmocka_unit_test(removed_entries_are_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
