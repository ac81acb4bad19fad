/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/command/collect_confinement.h"
#include "support/skip.h"
#include "support/working_directory.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static int try(const char *path, int flags)
{
    const int descriptor = open(path, flags, 0600);
    return descriptor >= 0 ? close(descriptor) : errno;
}

/* The number of the first attempt that does not end as it should; 0: none. */
static int attempts(void)
{
    static const char *const listen[] = {"udp://127.0.0.1:0", "tls://127.0.0.1:0?cert=keys/cert&key=keys/key",
                                         NULL};
    static const char *const outputs[] = {"json:out/records", "text", NULL};
    const collect_names_t names = {.listen = listen, .outputs = outputs, .metrics_file = "metrics/file"};
    static const struct {
        const char *path;
        int flags;
        int result;
    } table[] = {
        {"out/records", O_WRONLY | O_CREAT, 0},
        {"metrics/file", O_WRONLY | O_CREAT, 0},
        {"keys/key", O_RDONLY, 0},
        {"keys/key", O_WRONLY, EACCES},
        {"other/file", O_RDONLY, EACCES},
        {"other/new", O_WRONLY | O_CREAT, EACCES},
    };
    synfix_error_t error;
    if (collect_restrict_files(&names, &error) != SYNFIX_OK) {
        return -1;
    }
    for (int i = 0; i < (int)G_N_ELEMENTS(table); i++) {
        if (try(table[i].path, table[i].flags) != table[i].result) {
            return i + 1;
        }
    }
    return 0;
}

static void only_what_the_command_line_names(void **state)
{
    (void)state;
    static const char *const directories[] = {"out", "metrics", "keys", "other"};
    if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) < 1) {
        SKIP("this kernel has no Landlock; start a kernel from 5.13 on with lsm=landlock");
    }
    for (size_t i = 0; i < G_N_ELEMENTS(directories); i++) {
        assert_int_equal(g_mkdir(directories[i], 0700), 0);
    }
    assert_true(g_file_set_contents("keys/key", "key", 3, NULL) &&
                g_file_set_contents("keys/cert", "cert", 4, NULL) &&
                g_file_set_contents("other/file", "text", 4, NULL));
    const pid_t child = fork(); /* the restriction stays */
    if (child == 0) {
        _exit(attempts());
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_what_the_command_line_names, enter_temporary_directory,
                                        leave_temporary_directory),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
