/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The handler of a refused system call, called as the kernel would; `raise` does not end the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/service/seccomp_report.h"
#include "on_demand/seccomp.h"
#include "support/captured_stderr.h"
#include "support/skip.h"
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#define FOREIGN 1u /* no architecture */

static int raised;
static unsigned resolved; /* names that libseccomp allocated */
static char *(*resolve)(uint32_t arch, int call);

int __wrap_raise(int number);
void *__wrap_dlsym(void *library, const char *name);
void *__real_dlsym(void *library, const char *name);

int __wrap_raise(int number)
{
    raised = number;
    return 0;
}

static char *count_name(uint32_t arch, int call)
{
    resolved++;
    return resolve(arch, call);
}

void *__wrap_dlsym(void *library, const char *name)
{
    void *const found = __real_dlsym(library, name);
    if (strcmp(name, "seccomp_syscall_resolve_num_arch") != 0) {
        return found;
    }
    memcpy(&resolve, &found, sizeof resolve);
    char *(*const counted)(uint32_t, int) = count_name;
    void *result = NULL;
    memcpy(&result, &counted, sizeof result);
    return result;
}

/* The text that the handler writes about system call @p number of @p architecture. */
static char *report_of(uint32_t architecture, int number)
{
    struct sigaction action;
    siginfo_t about;
    memset(&about, 0, sizeof about);
    about.si_syscall = number;
    about.si_arch = architecture;
    assert_int_equal(sigaction(SIGSYS, NULL, &action), 0);
    assert_true((action.sa_flags & (int)SA_RESETHAND) != 0); /* a second call ends the process */
    captured_stderr_t captured = stderr_capture();
    action.sa_sigaction(SIGSYS, &about, NULL);
    return stderr_release(&captured);
}

static void the_call_is_named_and_the_signal_goes_on(void **state)
{
    (void)state;
    synfix_error_t error;
    if (on_demand_load_seccomp(&error) != SYNFIX_OK) {
        SKIP("%s; install libseccomp2", error.text);
    }
    seccomp_report_install();
    const unsigned names = resolved;
    g_autofree char *known = report_of(seccomp_arch_native(), SYS_ptrace);
    g_autofree char *expected = g_strdup_printf(
        "synfix: system call %d (ptrace) is not allowed after the start: ended (see --no-seccomp)\n",
        (int)SYS_ptrace);
    assert_string_equal(known, expected);
    assert_int_equal(raised, SIGSYS);
    raised = 0;
    g_autofree char *foreign = report_of(FOREIGN, SYS_ptrace);
    assert_non_null(strstr(foreign, "(unknown) is not allowed"));
    g_autofree char *unknown = report_of(seccomp_arch_native(), 99999);
    assert_non_null(strstr(unknown, "system call 99999 (unknown) is not allowed"));
    assert_int_equal(raised, SIGSYS);
    assert_true(names > 0);
    assert_int_equal(resolved, names); /* the thread may hold the lock of the allocator */
    (void)signal(SIGSYS, SIG_DFL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_call_is_named_and_the_signal_goes_on),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
