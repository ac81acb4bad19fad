/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/common/exit_codes.h"
#include "app/common/out_of_memory.h"
#include "support/skip.h"
#include <sys/wait.h>
#include <unistd.h>

/* More than any machine has, and no mistake in the eyes of a compiler. */
static volatile gsize impossible = (gsize)PTRDIFF_MAX + 1;

static void an_allocation_that_fails_is_reported(void **state)
{
    (void)state;
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
    SKIP("sanitizers end the program themselves; build without SYNFIX_SANITIZE");
#endif
    char text[512] = "";
    int ends[2];
    int result = 0;
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        out_of_memory_ends();
        g_free(g_malloc(impossible));
        _exit(77);
    }
    (void)close(ends[1]);
    assert_true(read(ends[0], text, sizeof text - 1) > 0);
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFEXITED(result));
    assert_int_equal(WEXITSTATUS(result), APP_EXIT_INPUT);
    assert_true(g_str_has_prefix(text, "synfix: out of memory; allow more memory"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_allocation_that_fails_is_reported)};
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
