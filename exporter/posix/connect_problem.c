/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/posix/connect_problem.h"
#include <errno.h>
#include <glib.h>
#include <net/if.h>
#include <netdb.h>
#include <string.h>

#define ROUTE "(ip route show match ADDRESS, for IPv6 ip -6 route)"

const char *connect_problem(int number)
{
    switch (number) {
    case EINVAL: /* an IPv6 address without its zone was refused earlier */
        return "a blackhole route discards packets to the address; change the route " ROUTE;
    case EACCES:
        return "a prohibit route or the firewall refuses the address, or it is a broadcast address; change "
               "the route " ROUTE ", or name the address of a host";
    case EPERM:
        return "the firewall or the unit refuses the address; permit the address in the firewall and in the "
               "unit "
               "(IPAddressAllow=)";
    case EHOSTUNREACH:
        return "the host does not answer, or an unreachable route refuses the address; check the address and "
               "the route " ROUTE;
    case EAFNOSUPPORT:
        return "this host lacks the IP version of the address, or source= has another IP version or an "
               "unknown interface; use addresses of one version (ip address)";
    default:
        return strerror(number);
    }
}

char *connect_problem_explain(const char *text)
{
    static const int numbers[] = {EINVAL, EACCES, EPERM, EHOSTUNREACH, EAFNOSUPPORT};
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const char *const at = strstr(text, strerror(numbers[i]));
        if (at != NULL) {
            return g_strdup_printf("%.*s%s", (int)(at - text), text, connect_problem(numbers[i]));
        }
    }
    return NULL;
}

char *connect_name_problem(const char *host, int code)
{
    const char *const zone = strchr(host, '%');
    return zone != NULL && code == EAI_NONAME && if_nametoindex(zone + 1) == 0
               ? g_strdup_printf("this host has no interface '%s'; write the name of an interface (ip link)",
                                 zone + 1)
               : g_strdup(gai_strerror(code));
}
