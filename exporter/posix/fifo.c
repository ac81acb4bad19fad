/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/posix/fifo.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define LOOK_NS 50000000

static bool is_interrupted(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

int pipe_open(const char *path, int flags, mode_t mode, bool wait)
{
    const struct timespec pause = {.tv_nsec = LOOK_NS};
    struct stat state;
    int descriptor;
    if (stat(path, &state) != 0 || !S_ISFIFO(state.st_mode)) {
        return open(path, flags, mode);
    }
    while ((descriptor = open(path, flags | O_NONBLOCK, mode)) < 0 && errno == ENXIO && wait) {
        if (is_interrupted()) {
            errno = EINTR;
            return -1;
        }
        (void)nanosleep(&pause, NULL);
    }
    if (descriptor >= 0) {
        (void)fcntl(descriptor, F_SETFL, flags & (O_APPEND | O_ACCMODE));
    }
    return descriptor;
}

const char *pipe_reason(int number)
{
    return number == ENXIO ? "nobody reads this pipe" : strerror(number);
}
