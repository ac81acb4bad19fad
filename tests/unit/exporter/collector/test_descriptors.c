/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/collector/collect_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SESSIONS 1000u

static void keep_line(void *user, const char *text)
{
    g_strlcpy(user, text, 256);
}

/* The result of collect_fit_descriptors() with limits of open files, as `status: text`. A process cannot
 * raise its limit again, so a child calls the function. */
static char *answer(rlim_t soft, rlim_t hard)
{
    int ends[2];
    char text[512] = "";
    assert_int_equal(pipe(ends), 0);
    (void)fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        const struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
        char line[256] = "";
        const collect_config_t config = {.sessions = SESSIONS, .log = keep_line, .log_user = line};
        collect_t *collect = collect_new(&config);
        synfix_error_t error = {.text = ""};
        struct rlimit after;
        const synfix_status_t status = setrlimit(RLIMIT_NOFILE, &limit) != 0
                                           ? SYNFIX_UNSUPPORTED
                                           : collect_fit_descriptors(collect, &error);
        (void)getrlimit(RLIMIT_NOFILE, &after);
        (void)dprintf(ends[1], "%d, %s: %s%s", status, after.rlim_cur == hard ? "all" : "some", error.text,
                      line);
        collect_free(collect);
        exit(0);
    }
    (void)close(ends[1]);
    assert_true(read(ends[0], text, sizeof text - 1) > 0);
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, NULL, 0), child);
    return g_strdup(text);
}

static void the_limit_is_raised(void **state)
{
    (void)state;
    g_autofree char *enough = answer(64, 4096);
    assert_string_equal(enough, "0, some: ");
    g_autofree char *all = answer(4096, 4096);
    assert_string_equal(all, "0, all: ");
}

static void fewer_sessions_where_files_are_few(void **state)
{
    (void)state;
    g_autofree char *fewer = answer(64, 100);
    assert_true(g_str_has_prefix(fewer, "0, all: 100 open files (ulimit -n) leave room for "));
    assert_non_null(strstr(fewer, " sessions, not 1000; allow 10"));
}

static void too_few_files(void **state)
{
    (void)state;
    g_autofree char *none = answer(16, 16);
    g_autofree char *wanted =
        g_strdup_printf("%d, all: 16 open files (ulimit -n) leave room for ", SYNFIX_IO);
    assert_true(g_str_has_prefix(none, wanted));
    assert_non_null(strstr(none, " sessions; allow "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_limit_is_raised),
        cmocka_unit_test(fewer_sessions_where_files_are_few),
        cmocka_unit_test(too_few_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
