/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "files/write_access.h"
#include "support/skip.h"
#include "support/working_directory.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* The working directory of each test has `file`, `directory`, `pipe` and `socket`. */
static int set_up(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
    if (enter_temporary_directory(state) != 0 || g_mkdir("directory", 0755) != 0 ||
        mkfifo("pipe", 0600) != 0 || !g_file_set_contents("file", "text", -1, NULL)) {
        return -1;
    }
    const int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    const int bound = bind(descriptor, (const struct sockaddr *)&address, sizeof address);
    (void)close(descriptor);
    return bound;
}

static void answers_by_kind_and_use(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *reason; /* behind the path; NULL: may be written */
        file_use_t use;
    } table[] = {
        {"file", NULL, FILE_APPENDED},
        {"file", NULL, FILE_REPLACED},
        {"file", NULL, FILE_DATABASE},
        {"file", ": not a socket; choose another path", FILE_SOCKET},
        {"new", NULL, FILE_APPENDED},
        {"new", NULL, FILE_REPLACED},
        {"new", NULL, FILE_DATABASE},
        {"new", NULL, FILE_SOCKET},
        {"directory", ": Is a directory", FILE_APPENDED},
        {"directory", ": Is a directory", FILE_REPLACED},
        {"directory", ": Is a directory", FILE_DATABASE},
        {"directory", ": not a socket; choose another path", FILE_SOCKET},
        {"pipe", NULL, FILE_APPENDED},
        {"pipe", NULL, FILE_REPLACED},
        {"pipe", ": not a regular file", FILE_DATABASE},
        {"pipe", ": not a socket; choose another path", FILE_SOCKET},
        {"socket", ": this file is a socket; choose another path", FILE_APPENDED},
        {"socket", ": this file is a socket; choose another path", FILE_REPLACED},
        {"socket", ": this file is a socket; choose another path", FILE_DATABASE},
        {"socket", NULL, FILE_SOCKET},
        {"none/new", ": No such file or directory", FILE_APPENDED},
        {"file/new", ": Not a directory", FILE_REPLACED},
        {"/dev/null", NULL, FILE_APPENDED},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        synfix_error_t error = {.text = ""};
        g_autofree char *wanted =
            table[i].reason != NULL ? g_strconcat(table[i].path, table[i].reason, NULL) : NULL;
        const synfix_status_t status = file_check_written(table[i].path, table[i].use, &error);
        assert_string_equal(error.text, wanted != NULL ? wanted : "");
        assert_int_equal(status == SYNFIX_OK, wanted == NULL);
    }
    assert_false(g_file_test("new", G_FILE_TEST_EXISTS));
}

/* A second name may be one of another user's file. */
static void refuses_a_second_name_where_others_may_write(void **state)
{
    (void)state;
    synfix_error_t error;
    assert_int_equal(link("file", "directory/again"), 0);
    assert_int_equal(file_check_written("directory/again", FILE_APPENDED, &error), SYNFIX_OK);
    assert_int_equal(chmod("directory", 0777), 0);
    assert_int_equal(file_check_written("directory/again", FILE_APPENDED, &error), SYNFIX_PERMISSION);
    assert_int_equal(file_check_written("directory/again", FILE_REPLACED, &error), SYNFIX_OK);
}

static void directories_that_will_be_made(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *reason;
    } table[] = {
        {"directory", NULL},
        {"directory/", NULL},
        {"one/two/three", NULL},
        {"directory/one/two", NULL},
        {"file", "file: Not a directory"},
        {"file/one", "file/one: Not a directory"},
        {"pipe", "pipe: Not a directory"},
        {"", ": No such file or directory"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        synfix_error_t error = {.text = ""};
        const synfix_status_t status = file_check_directory(table[i].path, &error);
        assert_string_equal(error.text, table[i].reason != NULL ? table[i].reason : "");
        assert_int_equal(status == SYNFIX_OK, table[i].reason == NULL);
    }
    assert_false(g_file_test("one", G_FILE_TEST_EXISTS));
}

static void sockets_of_others(void **state)
{
    (void)state;
    synfix_error_t error;
    assert_int_equal(file_check_connected("socket", &error), SYNFIX_OK);
    assert_int_equal(file_check_connected("none", &error), SYNFIX_NOT_FOUND);
    assert_string_equal(error.text, "none: No such file or directory");
    assert_int_equal(file_check_connected("file", &error), SYNFIX_INVALID);
    assert_string_equal(error.text, "file: not a socket; choose another path");
    assert_true(file_is_pipe("pipe"));
    assert_false(file_is_pipe("file"));
    assert_false(file_is_pipe("none"));
}

/* The effective user decides; root as another user. */
static void permissions(void **state)
{
    (void)state;
    synfix_error_t error;
    const uid_t user = geteuid();
    assert_int_equal(chmod("directory", 0555) | chmod("file", 0444) | chmod("pipe", 0444), 0);
    if (user == 0 && seteuid(65534) != 0) {
        SKIP("the kernel does not let root become another user (%s); run in a plain user namespace",
             strerror(errno));
    }
    const synfix_status_t answers[] = {
        file_check_written("directory/new", FILE_APPENDED, &error),
        file_check_written("directory/new", FILE_SOCKET, &error),
        file_check_written("file", FILE_APPENDED, &error),
        file_check_written("file", FILE_DATABASE, &error),
        file_check_written("pipe", FILE_APPENDED, &error),
        file_check_directory("directory/one/two", &error),
        file_check_directory("directory", &error),
    };
    assert_int_equal(seteuid(user), 0);
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
        assert_int_equal(answers[i], SYNFIX_PERMISSION);
    }
    assert_string_equal(error.text, "directory: Permission denied");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_by_kind_and_use, set_up, leave_temporary_directory),
        cmocka_unit_test_setup_teardown(refuses_a_second_name_where_others_may_write, set_up,
                                        leave_temporary_directory),
        cmocka_unit_test_setup_teardown(directories_that_will_be_made, set_up, leave_temporary_directory),
        cmocka_unit_test_setup_teardown(sockets_of_others, set_up, leave_temporary_directory),
        cmocka_unit_test_setup_teardown(permissions, set_up, leave_temporary_directory),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
