/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/sd_notify.h"

#include <glib.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const size_t length = strlen(path);
    if (length < 2 || length >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@')) {
        return -1;
    }
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') {
        address.sun_path[0] = '\0'; /* abstract name */
    }
    const int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) {
        return -1;
    }
    const socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    if (connect(descriptor, (const struct sockaddr *)&address, size) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

/* Half of the interval that the manager allows; 0: it does not watch this process. */
static int64_t read_watchdog(void)
{
    const char *pid = g_getenv("WATCHDOG_PID");
    const char *text = g_getenv("WATCHDOG_USEC");
    guint64 usec = 0;
    if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &usec, NULL)) {
        return 0;
    }
    if (pid != NULL && g_ascii_strtoll(pid, NULL, 10) != getpid()) {
        return 0;
    }
    return (int64_t)MAX(usec / 2000, 1);
}

notify_t notify_open(void)
{
    const char *path = g_getenv("NOTIFY_SOCKET");
    const notify_t notify = {
        .socket = path != NULL ? connect_to(path) : -1,
        .watchdog_ms = read_watchdog(),
    };
    return notify;
}

void notify_send(const notify_t *notify, const char *text)
{
    if (notify->socket >= 0 && send(notify->socket, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
        return; /* a manager that does not read loses the message */
    }
}

void notify_close(notify_t *notify)
{
    if (notify->socket >= 0) {
        close(notify->socket);
    }
    notify->socket = -1;
}
