/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "files/directory_entry.h"
#include "support/directory_with_file.h"
#include "support/skip.h"
#include <errno.h>
#include <fcntl.h>

#define NOBODY 65534

/* A link that belongs to another user; needs root. False: this process is not root. */
static bool foreign_link(const char *target, const char *name)
{
    assert_int_equal(symlink(target, name), 0);
    return geteuid() == 0 && lchown(name, NOBODY, NOBODY) == 0;
}

static synfix_status_t try_open(const char *path, directory_entry_last_t last, synfix_error_t *error)
{
    directory_entry_t place = DIRECTORY_ENTRY_CLOSED;
    const synfix_status_t status = directory_entry_open(&place, path, last, error);
    directory_entry_close(&place);
    return status;
}

static void finds_names(void **state)
{
    (void)state;
    directory_entry_t place = DIRECTORY_ENTRY_CLOSED;
    synfix_error_t error;
    struct stat file;
    assert_int_equal(directory_entry_open(&place, "mine", DIRECTORY_ENTRY_FOLLOW, &error), SYNFIX_OK);
    assert_string_equal(place.name, "mine");
    assert_int_equal(file_state(&place, &file), 0);
    assert_int_equal(file.st_size, 5);
    directory_entry_close(&place);
    assert_int_equal(directory_entry_open(&place, "./..//././/new", DIRECTORY_ENTRY_FOLLOW, &error),
                     SYNFIX_OK);
    assert_string_equal(place.name, "new");
    directory_entry_close(&place);
}

static void refuses_what_is_no_name(void **state)
{
    (void)state;
    char longest[NAME_MAX + 3] = "", path[PATH_MAX + 2];
    synfix_error_t error;
    memset(longest, 'a', NAME_MAX + 1);
    memset(path, '/', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_int_equal(try_open("", DIRECTORY_ENTRY_FOLLOW, &error), SYNFIX_NOT_FOUND);
    assert_int_equal(try_open("/", DIRECTORY_ENTRY_FOLLOW, &error), SYNFIX_INVALID);
    assert_int_equal(try_open("..", DIRECTORY_ENTRY_FOLLOW, &error), SYNFIX_INVALID);
    assert_int_equal(try_open("mine/", DIRECTORY_ENTRY_FOLLOW, &error), SYNFIX_NOT_FOUND);
    assert_int_equal(try_open("mine/x", DIRECTORY_ENTRY_FOLLOW, &error), SYNFIX_NOT_FOUND);
    assert_int_equal(try_open("nothing/x", DIRECTORY_ENTRY_FOLLOW, &error), SYNFIX_NOT_FOUND);
    assert_non_null(strstr(error.text, "nothing/x"));
    assert_int_equal(try_open(longest, DIRECTORY_ENTRY_FOLLOW, &error), SYNFIX_INVALID);
    assert_int_equal(try_open(path, DIRECTORY_ENTRY_FOLLOW, &error), SYNFIX_INVALID);
}

static void follows_own_links(void **state)
{
    (void)state;
    directory_entry_t place = DIRECTORY_ENTRY_CLOSED;
    assert_int_equal(mkdir("directory", 0755), 0);
    assert_int_equal(symlink("directory", "other"), 0);
    assert_int_equal(symlink("../mine", "directory/link"), 0);
    assert_int_equal(symlink("loop", "loop"), 0);
    assert_int_equal(directory_entry_open(&place, "other/link", DIRECTORY_ENTRY_FOLLOW, NULL), SYNFIX_OK);
    assert_string_equal(place.name, "mine");
    directory_entry_close(&place);
    assert_int_equal(directory_entry_open(&place, "other/link", DIRECTORY_ENTRY_NAME, NULL), SYNFIX_OK);
    assert_string_equal(place.name, "link");
    assert_int_equal(file_open(&place, O_WRONLY, 0), -1);
    assert_int_equal(errno, ELOOP);
    directory_entry_close(&place);
    assert_int_equal(try_open("loop", DIRECTORY_ENTRY_FOLLOW, NULL), SYNFIX_PERMISSION);
}

static void refuses_links_of_others(void **state)
{
    (void)state;
    synfix_error_t error;
    assert_int_equal(mkdir("directory", 0755), 0);
    if (!foreign_link("mine", "file") || !foreign_link("directory", "way")) {
        SKIP("links of another user are needed; run as root");
    }
    assert_int_equal(try_open("file", DIRECTORY_ENTRY_FOLLOW, &error), SYNFIX_PERMISSION);
    assert_non_null(strstr(error.text, "symbolic link of another user"));
    assert_int_equal(try_open("way/new", DIRECTORY_ENTRY_FOLLOW, &error), SYNFIX_PERMISSION);
    assert_int_equal(try_open("file", DIRECTORY_ENTRY_NAME, &error), SYNFIX_OK);
}

static void descriptors_have_names(void **state)
{
    (void)state;
    directory_entry_t place = DIRECTORY_ENTRY_CLOSED;
    char path[64];
    const int mine = open("mine", O_WRONLY);
    (void)snprintf(path, sizeof path, "/dev/fd/%d", mine);
    assert_int_equal(directory_entry_open(&place, path, DIRECTORY_ENTRY_FOLLOW, NULL), SYNFIX_OK);
    assert_true(place.kernel_links);
    const int again = file_open(&place, O_WRONLY, 0);
    assert_true(again >= 0);
    close(again);
    close(mine);
    directory_entry_close(&place);
}

static void makes_directories(void **state)
{
    (void)state;
    struct stat made;
    int directory = -1;
    assert_int_equal(file_directory_open("a/b/c", 0750, &directory, NULL), SYNFIX_OK);
    close(directory);
    assert_int_equal(stat("a/b/c", &made), 0);
    assert_int_equal(made.st_mode & 07777, 0750);
    assert_int_equal(file_directory_open("a/none", 0, &directory, NULL), SYNFIX_NOT_FOUND);
    assert_int_equal(file_directory_open("mine", 0750, &directory, NULL), SYNFIX_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_what_is_no_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(follows_own_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_links_of_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(descriptors_have_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(makes_directories, set_up, tear_down),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
