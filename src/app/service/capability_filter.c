/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/capability_filter.h"

#include "on_demand/capng.h"
#include "on_demand/seccomp.h"
#include <errno.h>
#include <glib.h>
#include <linux/in6.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#define FAMILY_LAST                                                                                          \
    AF_NETLINK         /* last permitted family: name lookups query netlink for the addresses of the host */
#define TYPE_MASK 0xFu /* the rest are flags */
#define INT_MASK  0xFFFFFFFFu /* the kernel ignores the upper half of an int, the filter sees it */

#ifndef SOCK_PACKET
#define SOCK_PACKET 10
#endif

static const int options[][2] = {
    {IPPROTO_IP, IP_TRANSPARENT},      {IPPROTO_IP, IP_OPTIONS},
    {IPPROTO_IPV6, IPV6_TRANSPARENT},  {IPPROTO_IPV6, IPV6_HOPOPTS},
    {IPPROTO_IPV6, IPV6_RTHDRDSTOPTS}, {IPPROTO_IPV6, IPV6_RTHDR},
    {IPPROTO_IPV6, IPV6_DSTOPTS},      {SOL_SOCKET, SO_MARK},
    {SOL_SOCKET, SO_BINDTODEVICE},     {SOL_SOCKET, SO_BINDTOIFINDEX},
};

static bool is_permitted(int family)
{
    return family == AF_UNIX || family == AF_INET || family == AF_INET6 || family == AF_NETLINK;
}

static int deny_families(scmp_filter_ctx context)
{
    int result = seccomp_rule_add(context, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1,
                                  SCMP_A0(SCMP_CMP_GT, (scmp_datum_t)FAMILY_LAST));
    for (int family = 0; result == 0 && family < FAMILY_LAST; family++) {
        if (!is_permitted(family)) {
            result = seccomp_rule_add(context, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1,
                                      SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)family));
        }
    }
    return result;
}

static int deny_types(scmp_filter_ctx context)
{
    static const int families[] = {AF_INET, AF_INET6};
    static const int types[] = {SOCK_RAW, SOCK_PACKET};
    int result = 0;
    for (size_t i = 0; result == 0 && i < G_N_ELEMENTS(families) * G_N_ELEMENTS(types); i++) {
        result = seccomp_rule_add(
            context, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 2,
            SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i / G_N_ELEMENTS(types)]),
            SCMP_A1(SCMP_CMP_MASKED_EQ, TYPE_MASK, (scmp_datum_t)types[i % G_N_ELEMENTS(types)]));
    }
    return result;
}

static int deny_options(scmp_filter_ctx context)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < G_N_ELEMENTS(options); i++) {
        result = seccomp_rule_add(context, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(setsockopt), 2,
                                  SCMP_A1(SCMP_CMP_MASKED_EQ, INT_MASK, (scmp_datum_t)options[i][0]),
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, INT_MASK, (scmp_datum_t)options[i][1]));
    }
    return result;
}

/* Requests in a ring of io_uring open sockets without a system call that a filter sees. */
static int deny_rings(scmp_filter_ctx context)
{
    return seccomp_rule_add(context, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(io_uring_setup), 0);
}

static int install(scmp_filter_ctx context)
{
    int result = seccomp_attr_set(context, SCMP_FLTATR_CTL_TSYNC, 1);
    result = result == 0 ? deny_rings(context) : result;
    result = result == 0 ? deny_families(context) : result;
    result = result == 0 ? deny_types(context) : result;
    result = result == 0 ? deny_options(context) : result;
    return result == 0 ? seccomp_load(context) : result;
}

/* Whether the capabilities of the process are known, and no other than CAP_NET_RAW is permitted. */
static bool only_raw(void)
{
    if (capng_get_caps_process() != 0) {
        return false;
    }
    for (unsigned capability = 0; capability <= CAP_LAST_CAP; capability++) {
        if (capability != CAP_NET_RAW && capng_have_capability(CAPNG_PERMITTED, capability) == 1) {
            return false;
        }
    }
    return true;
}

synfix_status_t capability_filter_install(synfix_error_t *error)
{
#ifdef SYS_socketcall
    return synfix_fail(error, SYNFIX_UNSUPPORTED,
                       "capabilities: capset is not permitted; add SystemCallFilter=capset to the unit");
#endif
    synfix_status_t loaded = on_demand_load_capng(error);
    loaded = loaded == SYNFIX_OK ? on_demand_load_seccomp(error) : loaded;
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    if (!only_raw()) {
        return synfix_fail(error, SYNFIX_PERMISSION,
                           "capabilities: capset is not permitted, and the process has other capabilities "
                           "than CAP_NET_RAW; remove these capabilities");
    }
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
    const int result = context != NULL ? install(context) : -ENOMEM;
    seccomp_release(context);
    return result == 0
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_UNSUPPORTED,
                             "capabilities: capset is not permitted, nor is a filter (%s); permit capset",
                             strerror(-result));
}
