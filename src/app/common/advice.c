/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/advice.h"

#include <errno.h>
#include <glib.h>
#include <netdb.h>
#include <string.h>

typedef const char *(*text_function)(int code);

static const char *system_error(int code)
{
    return strerror(code);
}

static const char *name_error(int code)
{
    return gai_strerror(code);
}

/* Advice for messages of the program itself. */
static const char *no_memory(int code)
{
    (void)code;
    return "out of memory";
}

static const char *not_regular(int code)
{
    (void)code;
    return "not a regular file";
}

#define MEMORY_ADVICE                                                                                        \
    "allow more memory (ulimit -v, ulimit -d, MemoryMax=), or lower the limits (--hosts, --handshakes, "     \
    "--queue)"

/* Errors of files and others that mean the same for each user of the system call. EACCES and EPERM of an
 * address have their advice in connect_problem() and bind_problem(). */
static const struct {
    text_function text;
    int code;
    const char *advice;
} table[] = {
    {system_error, ENOENT, "check the path"},
    {system_error, ENOTDIR, "check the path: a part of it is not a directory"},
    {system_error, EISDIR, "name a file"},
    {system_error, ELOOP, "name the file itself: this symbolic link is not followed, or leads to itself"},
    {system_error, ENAMETOOLONG, "choose a shorter name"},
    {system_error, EACCES,
     "check the owner and mode of the file and its directories, or run as another user"},
    {system_error, EPERM, "run as root, or grant the capability"},
    {system_error, EROFS, "choose a writable directory"},
    {system_error, ENOSPC, "free space, or choose another file system"},
    {system_error, EDQUOT, "free space, or raise the quota of the user or directory"},
    {system_error, EBADF, "this stream is closed: redirect it to a file, a pipe or /dev/null"},
    {system_error, EFBIG, "raise the limit (ulimit -f), or rotate files (rotate-size=)"},
    {system_error, EMFILE, "raise the limit of open files (ulimit -n)"},
    {system_error, ENOMEM, MEMORY_ADVICE},
    {no_memory, 0, MEMORY_ADVICE},
    {not_regular, 0, "name a regular file, not a device, a pipe, a socket or a directory"},
    {system_error, ECONNREFUSED, "start the collector, or check its address and port"},
    {system_error, ETIMEDOUT, "check the address, the route, the firewall, and the unit (IPAddressAllow=)"},
    {system_error, EHOSTUNREACH, "check the address and the route"},
    {system_error, ENETUNREACH, "check the address and the route"},
    {system_error, EADDRINUSE,
     "stop the program that uses the address and port (ss -lntup lists them), or choose another port"},
    {system_error, EADDRNOTAVAIL, "use an address of this host (ip address)"},
    {system_error, ENETDOWN, "bring the interface up (ip link set NAME up)"},
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
