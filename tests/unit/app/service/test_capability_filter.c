/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/service/privileges.h"
#include "support/child_process.h"
#include "support/skip.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The upper half of an argument, which the kernel ignores in an int; 0 where arguments have 32 bits. */
#define UPPER     ((unsigned long)(UINT64_C(1) << 32))
#define OF_PACKET 10

static int in_child(int (*body)(void))
{
    const int status = status_of_child(body);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static bool keep_capabilities(uint32_t wanted)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct data[2] = {{.effective = wanted, .permitted = wanted}};
    return syscall(SYS_capset, &header, data) == 0;
}

static bool has_capabilities(uint32_t wanted)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    return syscall(SYS_capget, &header, data) == 0 && (data[0].permitted & wanted) == wanted;
}

/* As SystemCallFilter=~@privileged of a unit does. */
static bool forbid_capset(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_capset, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static bool is_refused(long result)
{
    return result == -1 && errno == EPERM;
}

static bool sockets_are_refused(void)
{
    return is_refused(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)) &&
           is_refused(socket(AF_PACKET, SOCK_DGRAM, 0)) && is_refused(socket(AF_XDP, SOCK_RAW, 0)) &&
           is_refused(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)) &&
           is_refused(socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_ICMPV6)) &&
           is_refused(socket(AF_INET, OF_PACKET, 0)) &&
           is_refused(syscall(SYS_socket, UPPER | AF_PACKET, SOCK_RAW, 0)) &&
           is_refused(syscall(SYS_socket, AF_INET, UPPER | SOCK_RAW, IPPROTO_ICMP)) &&
           is_refused(syscall(SYS_io_uring_setup, 1, NULL));
}

static bool options_are_refused(int descriptor)
{
    static const int on = 1;
    return is_refused(setsockopt(descriptor, IPPROTO_IP, IP_TRANSPARENT, &on, sizeof on)) &&
           is_refused(setsockopt(descriptor, SOL_SOCKET, SO_MARK, &on, sizeof on)) &&
           is_refused(setsockopt(descriptor, SOL_SOCKET, SO_BINDTOIFINDEX, &on, sizeof on)) &&
           is_refused(syscall(SYS_setsockopt, descriptor, UPPER | IPPROTO_IP, UPPER | IP_TRANSPARENT, &on,
                              sizeof on)) &&
           setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0;
}

static int drop_without_capset(void)
{
    synfix_error_t error = {.text = ""};
    if (!keep_capabilities(1u << CAP_NET_RAW) || !forbid_capset()) {
        return 1;
    }
    const int before = socket(AF_PACKET, SOCK_RAW, 0);
    if (before < 0 || privileges_drop(NULL, NULL, &error) != SYNFIX_OK) {
        fprintf(stderr, "%s\n", error.text);
        return 2;
    }
    const int stream = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int datagram = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    const int local = socket(AF_UNIX, SOCK_DGRAM, 0);
    const int addresses = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (stream < 0 || datagram < 0 || local < 0 || addresses < 0 || !options_are_refused(datagram)) {
        return 3;
    }
    return sockets_are_refused() ? 0 : 4;
}

/* A filter for CAP_NET_RAW is of no use against others. */
static int drop_others_without_capset(void)
{
    synfix_error_t error = {.text = ""};
    if (!keep_capabilities(1u << CAP_NET_RAW | 1u << CAP_NET_ADMIN) || !forbid_capset()) {
        return 1;
    }
    return privileges_drop(NULL, NULL, &error) == SYNFIX_PERMISSION ? 0 : 2;
}

static void test_capset_refused(void **state)
{
    (void)state;
#ifdef SYS_socketcall
    SKIP("the sockets of this processor have one system call; run on another processor");
#endif
    if (!has_capabilities(1u << CAP_NET_RAW | 1u << CAP_NET_ADMIN)) {
        SKIP("needs CAP_NET_RAW and CAP_NET_ADMIN; run as root");
    }
    assert_int_equal(in_child(drop_without_capset), 0);
    assert_int_equal(in_child(drop_others_without_capset), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_capset_refused),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
