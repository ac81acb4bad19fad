/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/service/landlock.h"
#include "support/skip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SKIPPED 77

typedef struct places {
    char *root;
    char *written;
    char *readable;
    char *other;
} places_t;

static int set_up(void **state)
{
    places_t *places = g_new0(places_t, 1);
    places->root = g_dir_make_tmp("synfix-landlock-XXXXXX", NULL);
    places->written = g_build_filename(places->root, "written", NULL);
    places->readable = g_build_filename(places->root, "readable", NULL);
    places->other = g_build_filename(places->root, "other", NULL);
    char *const directories[] = {places->written, places->readable, places->other};
    for (size_t i = 0; i < G_N_ELEMENTS(directories); i++) {
        g_autofree char *file = g_build_filename(directories[i], "file", NULL);
        assert_int_equal(g_mkdir(directories[i], 0755), 0);
        assert_true(g_file_set_contents(file, "x", 1, NULL));
    }
    *state = places;
    return 0;
}

static int tear_down(void **state)
{
    places_t *places = *state;
    char *const directories[] = {places->written, places->readable, places->other};
    for (size_t i = 0; i < G_N_ELEMENTS(directories); i++) {
        g_autofree char *file = g_build_filename(directories[i], "file", NULL);
        g_unlink(file);
        g_rmdir(directories[i]);
        g_free(directories[i]);
    }
    g_rmdir(places->root);
    g_free(places->root);
    g_free(places);
    return 0;
}

static bool opens(const char *directory, const char *name, int flags)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    const int descriptor = open(path, flags | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
        close(descriptor);
    }
    return descriptor >= 0;
}

static bool may_connect(uint16_t port)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool denied =
        connect(descriptor, (const struct sockaddr *)&address, sizeof address) != 0 && errno == EACCES;
    close(descriptor);
    return !denied;
}

/* In a process of its own: the restriction cannot be lifted. The number of the first check that fails. */
static int check_files(const places_t *places, landlock_rules_t *rules)
{
    synfix_error_t error;
    g_autofree char *renamed = g_build_filename(places->written, "renamed", NULL);
    g_autofree char *made = g_build_filename(places->written, "made", NULL);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || landlock_apply(rules, &error) != SYNFIX_OK) {
        return SKIPPED;
    }
    const bool checks[] = {
        opens(places->written, "file", O_RDWR),
        opens(places->written, "made", O_WRONLY | O_CREAT),
        g_rename(made, renamed) == 0,
        g_unlink(renamed) == 0,
        opens(places->readable, "file", O_RDONLY),
        !opens(places->readable, "file", O_WRONLY),
        !opens(places->readable, "made", O_WRONLY | O_CREAT),
        !opens(places->other, "file", O_RDONLY),
        !opens(places->other, "made", O_WRONLY | O_CREAT),
        opens("/etc", "passwd", O_RDONLY),
    };
    for (int i = 0; i < (int)G_N_ELEMENTS(checks); i++) {
        if (!checks[i]) {
            return i + 1;
        }
    }
    return 0;
}

static int check_ports(const places_t *places, landlock_rules_t *rules)
{
    synfix_error_t error;
    (void)places;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || landlock_apply(rules, &error) != SYNFIX_OK ||
        may_connect(2)) { /* an older kernel restricts no ports */
        return SKIPPED;
    }
    return may_connect(1) ? 0 : 1;
}

static void run_apart(const places_t *places, int (*check)(const places_t *, landlock_rules_t *))
{
    landlock_rules_t *rules = landlock_rules_new();
    landlock_allow_directory(rules, places->written, LANDLOCK_WRITE);
    landlock_allow_directory(rules, places->readable, LANDLOCK_READ);
    landlock_allow_file(rules, "/etc/passwd", LANDLOCK_READ);
    landlock_allow_port(rules, 1);
    const pid_t child = fork();
    if (child == 0) {
        _exit(check(places, rules));
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    landlock_rules_free(rules);
    if (WEXITSTATUS(status) == SKIPPED) {
        SKIP("this kernel has no Landlock; start a kernel from 5.13 on with lsm=landlock");
    }
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void files_of_other_directories_are_out_of_reach(void **state)
{
    run_apart(*state, check_files);
}

static void other_ports_are_out_of_reach(void **state)
{
    run_apart(*state, check_ports);
}

static void missing_rules_are_named(void **state)
{
    const places_t *places = *state;
    char text[256];
    g_autofree char *below = g_build_filename(places->written, "not", "yet", NULL);
    g_autofree char *beside = g_strconcat(places->readable, "-too", NULL);
    landlock_rules_t *allowed = landlock_rules_new();
    landlock_rules_t *wanted = landlock_rules_new();
    landlock_allow_directory(allowed, places->written, LANDLOCK_WRITE);
    landlock_allow_directory(allowed, places->readable, LANDLOCK_READ);
    landlock_allow_port(allowed, 4739);
    landlock_allow_directory(wanted, below, LANDLOCK_WRITE);
    landlock_allow_directory(wanted, places->written, LANDLOCK_READ);
    landlock_allow_port(wanted, 4739);
    assert_false(landlock_missing(allowed, wanted, text, sizeof text));
    landlock_allow_port(wanted, 4740);
    assert_true(landlock_missing(allowed, wanted, text, sizeof text));
    assert_string_equal(text, "TCP port 4740");
    landlock_allow_directory(wanted, places->readable, LANDLOCK_WRITE);
    assert_true(landlock_missing(allowed, wanted, text, sizeof text));
    assert_ptr_equal(strstr(text, places->readable), text);
    assert_int_equal(g_mkdir(beside, 0755), 0); /* the same beginning is not the same directory */
    landlock_rules_t *other = landlock_rules_new();
    landlock_allow_directory(other, beside, LANDLOCK_READ);
    assert_true(landlock_missing(allowed, other, text, sizeof text));
    assert_int_equal(g_rmdir(beside), 0);
    landlock_rules_free(allowed);
    landlock_rules_free(wanted);
    landlock_rules_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_of_other_directories_are_out_of_reach, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_ports_are_out_of_reach, set_up, tear_down),
        cmocka_unit_test_setup_teardown(missing_rules_are_named, set_up, tear_down),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
