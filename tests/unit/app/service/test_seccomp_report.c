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

static int raised;

int __wrap_raise(int number);

int __wrap_raise(int number)
{
    raised = number;
    return 0;
}

/* The text that the handler writes about system call @p number. */
static char *report_of(int number)
{
    struct sigaction action;
    siginfo_t about;
    memset(&about, 0, sizeof about);
    about.si_syscall = number;
    about.si_arch = SCMP_ARCH_NATIVE;
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
    g_autofree char *known = report_of(SYS_ptrace);
    g_autofree char *expected = g_strdup_printf(
        "synfix: system call %d (ptrace) is not allowed after the start: ended (see --no-seccomp)\n",
        (int)SYS_ptrace);
    assert_string_equal(known, expected);
    assert_int_equal(raised, SIGSYS);
    raised = 0;
    g_autofree char *unknown = report_of(99999);
    assert_non_null(strstr(unknown, "system call 99999 (unknown) is not allowed"));
    assert_int_equal(raised, SIGSYS);
    (void)signal(SIGSYS, SIG_DFL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_call_is_named_and_the_signal_goes_on),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
