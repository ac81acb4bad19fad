/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/seccomp_report.h"
#include "files/paused_reader.h"

#include "on_demand/seccomp.h"
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The handler runs instead of the system call, so this thread holds no lock of another function and may
 * allocate memory. The kernel removes the handler (SA_RESETHAND): a second refused call, or the signal raised
 * here, ends the process. */
static void on_refused_call(int number, siginfo_t *about, void *context)
{
    (void)context;
    char line[128];
    char *name = seccomp_syscall_resolve_num_arch((uint32_t)about->si_arch, about->si_syscall);
    (void)snprintf(line, sizeof line,
                   "synfix: system call %d (%s) is not allowed after the start: ended (see --no-seccomp)\n",
                   about->si_syscall, name != NULL ? name : "unknown");
    if (reader_is_ready(STDERR_FILENO)) {                /* a reader that pauses would keep the process */
        (void)!write(STDERR_FILENO, line, strlen(line)); /* no other way to report */
    }
    free(name);
    (void)raise(number);
}

void seccomp_report_install(void)
{
    struct sigaction action = {.sa_sigaction = on_refused_call, .sa_flags = SA_SIGINFO | (int)SA_RESETHAND};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGSYS, &action, NULL);
}
