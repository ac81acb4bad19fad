/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/out_of_memory.h"
#include "app/common/exit_codes.h"

#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define READER_WAIT_MS 1000

/* Nothing here allocates memory. */
static void on_message(const char *domain, GLogLevelFlags level, const char *message, void *user)
{
    static const char text[] =
        "synfix: out of memory; allow more memory (ulimit -v, ulimit -d, MemoryMax=), or lower "
        "the limits (--hosts, --handshakes, --queue)\n";
    if (message == NULL || (level & G_LOG_FLAG_FATAL) == 0 || strstr(message, "failed to allocate") == NULL) {
        g_log_default_handler(domain, level, message, user);
        return;
    }
    struct pollfd reader = {.fd = STDERR_FILENO, .events = POLLOUT};
    const bool ready = poll(&reader, 1, READER_WAIT_MS) > 0; /* the reader may have paused */
    const ssize_t written = ready ? write(STDERR_FILENO, text, sizeof text - 1) : 0;
    (void)written;
    _exit(APP_EXIT_INPUT);
}

static void ignore(const char *domain, GLogLevelFlags level, const char *message, void *user)
{
    (void)domain;
    (void)level;
    (void)message;
    (void)user;
}

void out_of_memory_ends(void)
{
    g_log_set_default_handler(ignore, NULL);
    g_debug("first"); /* GLib allocates memory for its first message: while memory is available */
    g_log_set_default_handler(on_message,
                              NULL); /* g_log_set_handler would allocate memory, with a lock held */
}
