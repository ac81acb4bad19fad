/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/seccomp_report.h"
#include "files/paused_reader.h"

#include "on_demand/seccomp.h"
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Calls with larger numbers are reported without a name: all calls of MIPS (from 4000 on) and of x32 (bit 30
 * is set), and a few of 32-bit Arm. */
#define CALLS_MAX 512

/* The handler allocates nothing: the thread may hold the lock of the allocator. libseccomp allocates each
 * name, so seccomp_report_install() fills this table. */
static const char *names[CALLS_MAX];
static uint32_t native;

/* A process can make calls of another architecture (32-bit x86), which has other numbers. */
static const char *name_of(unsigned architecture, int call)
{
    const bool known = architecture == native && call >= 0 && call < CALLS_MAX && names[call] != NULL;
    return known ? names[call] : "unknown";
}

/* The kernel removes the handler (SA_RESETHAND): a second refused call, or the signal raised here, ends the
 * process. */
static void on_refused_call(int number, siginfo_t *about, void *context)
{
    (void)context;
    char line[128];
    (void)snprintf(line, sizeof line,
                   "synfix: system call %d (%s) is not allowed after the start: ended (see --no-seccomp)\n",
                   about->si_syscall, name_of(about->si_arch, about->si_syscall));
    if (reader_is_ready(STDERR_FILENO)) { /* write() to a reader that pauses would not return */
        (void)!write(STDERR_FILENO, line, strlen(line)); /* a failure has no other place for a report */
    }
    (void)raise(number);
}

void seccomp_report_install(void)
{
    struct sigaction action = {.sa_sigaction = on_refused_call, .sa_flags = SA_SIGINFO | (int)SA_RESETHAND};
    native = seccomp_arch_native();
    for (int call = 0; call < CALLS_MAX; call++) {
        if (names[call] == NULL) {
            names[call] = seccomp_syscall_resolve_num_arch((uint32_t)SCMP_ARCH_NATIVE, call);
        }
    }
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGSYS, &action, NULL);
}
