/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/posix/fifo.h"
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>

/* A FIFO without a reader gives no event when one comes: 20 checks a second. */
#define LOOK_NS 50000000

static bool is_interrupted(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

int fifo_open(const directory_entry_t *entry, int access, mode_t mode, bool wait)
{
    const struct timespec pause = {.tv_nsec = LOOK_NS};
    struct stat state;
    int descriptor;
    const bool pipe = file_state(entry, &state) == 0 && S_ISFIFO(state.st_mode);
    while ((descriptor = file_open(entry, access, mode)) < 0 && errno == ENXIO && wait && pipe) {
        if (is_interrupted()) {
            errno = EINTR;
            return -1;
        }
        (void)nanosleep(&pause, NULL);
    }
    return descriptor;
}
