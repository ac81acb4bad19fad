/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/service/privileges.h"
#include "support/child_process.h"
#include "support/skip.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

static int confine(void)
{
    synfix_error_t error;
    return privileges_confine(&error) == SYNFIX_OK ? 0 : 1;
}

static void *note_thread(void *user)
{
    return user;
}

/* The C library has other system calls for these where processors have 32 bits. */
static bool uses_files_and_times(void)
{
    char room[64 * 1024] = {0};
    struct stat facts;
    struct statfs space;
    struct timespec time = {.tv_nsec = 1000};
    struct pollfd none = {.fd = -1};
    sigset_t empty;
    pthread_t thread;
    FILE *file = tmpfile();
    bool done =
        file != NULL && fwrite(room, 1, sizeof room, file) == sizeof room && fflush(file) == 0 &&
        fseeko(file, 1, SEEK_SET) == 0 && ftruncate(fileno(file), 1) == 0 &&
        fcntl(fileno(file), F_GETFL) >= 0 && posix_fadvise(fileno(file), 0, 0, POSIX_FADV_DONTNEED) == 0 &&
        sync_file_range(fileno(file), 0, 1, SYNC_FILE_RANGE_WRITE) == 0 && futimens(fileno(file), NULL) == 0;
    done = done && fstat(fileno(file), &facts) == 0 && stat("/", &facts) == 0 && lstat("/", &facts) == 0 &&
           fstatat(AT_FDCWD, "/", &facts, 0) == 0 && statfs("/", &space) == 0;
    done = done && clock_getres(CLOCK_MONOTONIC, &time) == 0 && syscall(SYS_gettid) > 0 &&
           clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL) == 0 && ppoll(&none, 1, &time, NULL) == 0 &&
           pselect(0, NULL, NULL, NULL, &time, NULL) == 0;
    done = done && sigemptyset(&empty) == 0 && sigtimedwait(&empty, NULL, &time) < 0;
    done = done && pthread_create(&thread, NULL, note_thread, NULL) == 0 && pthread_join(thread, NULL) == 0;
    return done && fclose(file) == 0 && getuid() == geteuid() && getgid() == getegid();
}

static int use_allowed_calls(void)
{
    if (confine() != 0) {
        return 1;
    }
    if (!uses_files_and_times()) {
        return 3;
    }
    const int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    const pid_t self = getpid();
    return descriptor >= 0 && close(descriptor) == 0 && self > 0 ? 0 : 2;
}

static int try_exec(void)
{
    if (confine() != 0) {
        return 1;
    }
    execl("/bin/true", "true", (char *)NULL);
    return 2;
}

static int try_ptrace(void)
{
    if (confine() != 0) {
        return 1;
    }
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    return 2;
}

static int try_setuid(void)
{
    if (confine() != 0) {
        return 1;
    }
    return setuid(1) == 0 ? 2 : 3;
}

static void test_confined(void **state)
{
    (void)state;
    if (SANITIZED) {
        SKIP("the system calls of the sanitizers are not on the list; build without SYNFIX_SANITIZE");
    }
    assert_int_equal(status_of_child(use_allowed_calls), 0);
    int (*const refused[])(void) = {try_exec, try_ptrace, try_setuid};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const int status = status_of_child(refused[i]);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), SIGSYS);
    }
}

/* Its last words go to where standard error goes. */
static int channel[2];

static int report_refused_call(void)
{
    if (dup2(channel[1], STDERR_FILENO) < 0) {
        return 1;
    }
    return try_ptrace();
}

static void test_refused_call_is_reported(void **state)
{
    (void)state;
    char line[256] = "";
    if (SANITIZED) {
        SKIP("the system calls of the sanitizers are not on the list; build without SYNFIX_SANITIZE");
    }
    assert_int_equal(pipe(channel), 0);
    const int status = status_of_child(report_refused_call);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSYS);
    assert_true(read(channel[0], line, sizeof line - 1) > 0);
    assert_non_null(strstr(line, "synfix: system call "));
    assert_non_null(strstr(line, "(ptrace) is not allowed after the start"));
    close(channel[0]);
    close(channel[1]);
}

/* The value of a line of /proc/self/status. */
static int status_is(const char *name, const char *wanted)
{
    char line[256];
    char value[128];
    FILE *file = fopen("/proc/self/status", "r");
    if (!file) {
        return 0;
    }
    int found = 0;
    const size_t length = strlen(name);
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, name, length) == 0 && line[length] == ':' &&
            sscanf(line + length + 1, " %127[^\n]", value) == 1) {
            found = strcmp(value, wanted) == 0;
        }
    }
    fclose(file);
    return found;
}

static int drop_capabilities(void)
{
    synfix_error_t error;
    if (privileges_drop(NULL, NULL, &error) != SYNFIX_OK) {
        return 1;
    }
    return status_is("CapEff", "0000000000000000") && status_is("CapPrm", "0000000000000000") &&
                   status_is("CapInh", "0000000000000000") && status_is("NoNewPrivs", "1")
               ? 0
               : 2;
}

static int become_nobody(void)
{
    synfix_error_t error;
    if (privileges_drop("nobody", NULL, &error) != SYNFIX_OK) {
        return 1;
    }
    return status_is("CapEff", "0000000000000000") && status_is("CapPrm", "0000000000000000") &&
                   status_is("Uid", "65534\t65534\t65534\t65534") && setuid(0) != 0
               ? 0
               : 2;
}

static void test_dropped(void **state)
{
    (void)state;
    assert_int_equal(status_of_child(drop_capabilities), 0);
    if (geteuid() == 0) {
        assert_int_equal(status_of_child(become_nobody), 0);
    }
}

static void test_refused(void **state)
{
    (void)state;
    synfix_error_t error;
    assert_int_equal(privileges_drop("no-such-user", NULL, &error), SYNFIX_NOT_FOUND);
    assert_string_equal(error.text, "user: no-such-user: no such user; name an account of this host");
    assert_int_equal(privileges_drop("nobody", "no-such-group", &error), SYNFIX_NOT_FOUND);
    assert_string_equal(error.text, "group: no-such-group: no such group; name a group of this host");
    assert_int_equal(privileges_drop(NULL, "daemon", &error), SYNFIX_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_confined),
        cmocka_unit_test(test_refused_call_is_reported),
        cmocka_unit_test(test_dropped),
        cmocka_unit_test(test_refused),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
