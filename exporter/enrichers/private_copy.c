/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/enrichers/private_copy.h"
#include "files/directory_entry.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>

#define PIECE_BYTES (1024 * 1024)

/* Copies to the end of the file, which may grow during the copy. Returns 0, or an errno; EFBIG: longer than
 * the limit. */
static int copy_all(int from, int to)
{
    long long copied = 0;
    for (;;) {
        const ssize_t count = sendfile(to, from, NULL, PIECE_BYTES);
        if (count == 0) {
            return 0;
        }
        if (count < 0 && errno != EINTR) {
            return errno;
        }
        copied += count > 0 ? count : 0;
        if (copied > PRIVATE_COPY_MAX) {
            return EFBIG;
        }
    }
}

static synfix_status_t fail(const char *path, int number, synfix_error_t *error)
{
    errno = number;
    return number == EFBIG
               ? synfix_fail(error, SYNFIX_INVALID, "%s: larger than %lld MiB; name a smaller database", path,
                             PRIVATE_COPY_MAX / (1024 * 1024))
               : file_fail(path, error);
}

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8u /* Linux 6.3 */
#endif

/* Hosts with vm.memfd_noexec=2 refuse memory files that may become programs; older kernels lack the flag. */
static int memory_file(void)
{
    const int descriptor = memfd_create("synfix", MFD_CLOEXEC | MFD_NOEXEC_SEAL);
    return descriptor >= 0 || errno != EINVAL ? descriptor : memfd_create("synfix", MFD_CLOEXEC);
}

synfix_status_t private_copy_open(const char *path, int *descriptor, char name[PRIVATE_COPY_PATH_SIZE],
                                  synfix_error_t *error)
{
    const int from = file_open_regular(path); /* open() of a named pipe would block, also after a signal */
    if (from < 0) {
        return fail(path, errno, error);
    }
    struct stat status;
    const bool is_long = fstat(from, &status) == 0 && status.st_size > PRIVATE_COPY_MAX;
    const int to = is_long ? -1 : memory_file();
    const int number = is_long ? EFBIG : to >= 0 ? copy_all(from, to) : errno;
    (void)close(from);
    if (number != 0) {
        (void)(to >= 0 && close(to));
        return fail(path, number, error);
    }
    *descriptor = to;
    (void)snprintf(name, PRIVATE_COPY_PATH_SIZE, "/proc/self/fd/%d", to);
    return SYNFIX_OK;
}
