/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/seccomp_report.h"
#include "files/paused_reader.h"

#include "on_demand/seccomp.h"
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Numbers of system calls are below this, but for a few of 32-bit Arm. */
#define CALLS_MAX 512

/* Filled before the first report: the refused call may come from the allocator, whose lock the thread then
 * holds, and libseccomp allocates each name. */
static const char *names[CALLS_MAX];

static const char *name_of(int call)
{
    const char *const name = call >= 0 && call < CALLS_MAX ? names[call] : NULL;
    return name != NULL ? name : "unknown";
}

/* The kernel removes the handler (SA_RESETHAND): a second refused call, or the signal raised here, ends the
 * process. */
static void on_refused_call(int number, siginfo_t *about, void *context)
{
    (void)context;
    char line[128];
    (void)snprintf(line, sizeof line,
                   "synfix: system call %d (%s) is not allowed after the start: ended (see --no-seccomp)\n",
                   about->si_syscall, name_of(about->si_syscall));
    if (reader_is_ready(STDERR_FILENO)) {                /* a reader that pauses would keep the process */
        (void)!write(STDERR_FILENO, line, strlen(line)); /* no other way to report */
    }
    (void)raise(number);
}

void seccomp_report_install(void)
{
    struct sigaction action = {.sa_sigaction = on_refused_call, .sa_flags = SA_SIGINFO | (int)SA_RESETHAND};
    for (int call = 0; call < CALLS_MAX; call++) {
        if (names[call] == NULL) {
            names[call] = seccomp_syscall_resolve_num_arch((uint32_t)SCMP_ARCH_NATIVE, call);
        }
    }
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGSYS, &action, NULL);
}
