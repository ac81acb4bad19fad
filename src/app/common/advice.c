/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/advice.h"

#include <errno.h>
#include <glib.h>
#include <netdb.h>
#include <string.h>

typedef const char *(*text_function)(int code);

static const char *name_error(int code)
{
    return gai_strerror(code);
}

static const struct {
    text_function text;
    int code;
    const char *advice;
} table[] = {
    {g_strerror, ENOENT, "check the path"},
    {g_strerror, ENOTDIR, "check the path: a part of it is not a directory"},
    {g_strerror, EISDIR, "name a file"},
    {g_strerror, ELOOP, "name the file itself: this symbolic link is not followed, or leads to itself"},
    {g_strerror, ENAMETOOLONG, "choose a shorter name"},
    {g_strerror, EACCES,
     "check the owner and mode of the file and its directories, or run as another user; an address: "
     "check the route (ip route show match ADDRESS)"},
    {g_strerror, EPERM,
     "run as root, or grant the capability; an address: permit it in the firewall and in the unit "
     "(IPAddressAllow=)"},
    {g_strerror, EROFS, "choose a writable directory"},
    {g_strerror, ENOSPC, "free space, or choose another file system"},
    {g_strerror, EFBIG, "raise the limit (ulimit -f), or rotate files (rotate-size=)"},
    {g_strerror, EMFILE, "raise the limit of open files (ulimit -n)"},
    {g_strerror, ENOMEM, "free memory, or lower the limits (--hosts, --handshakes, --queue)"},
    {g_strerror, ECONNREFUSED, "start the collector, or check its address and port"},
    {g_strerror, ETIMEDOUT, "check the address, the route, the firewall, and the unit (IPAddressAllow=)"},
    {g_strerror, EHOSTUNREACH, "check the address and the route"},
    {g_strerror, ENETUNREACH, "check the address and the route"},
    {g_strerror, EADDRINUSE, "stop the program that has it (ss -lntup names it), or choose another port"},
    {g_strerror, EADDRNOTAVAIL, "use an address of this host (ip address)"},
    {g_strerror, ENETDOWN, "bring the interface up (ip link set NAME up)"},
    {name_error, EAI_NONAME, "check the host name, or use an address"},
    {name_error, EAI_AGAIN, "check the name server and the unit (IPAddressAllow=), or use an address"},
    {name_error, EAI_NODATA, "check the host name, or use an address"},
};

const char *advice_for(const char *text)
{
    if (strstr(text, "; ") != NULL) {
        return NULL;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        if (strstr(text, table[i].text(table[i].code)) != NULL) {
            return table[i].advice;
        }
    }
    return NULL;
}
