/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Preloaded into the program: REFUSE_ALLOCATION=N refuses the Nth request for memory, REFUSE_THREAD=N the Nth
 * thread; SHORT_TRANSFERS=1 makes each read and write of a file or socket transfer a part only, and
 * interrupts some. REFUSE_COUNT=FILE writes the number of requests for memory at the end.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

static atomic_ulong requests, threads, transfers;
static unsigned long refused_request, refused_thread;
static bool is_short, is_ready;

static unsigned long number_of(const char *name)
{
    const char *text = getenv(name);
    return text != NULL ? strtoul(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void)
{
    refused_request = number_of("REFUSE_ALLOCATION");
    refused_thread = number_of("REFUSE_THREAD");
    is_short = number_of("SHORT_TRANSFERS") != 0;
    is_ready = true;
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("REFUSE_COUNT");
    const int file = path != NULL ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    if (file >= 0) {
        (void)dprintf(file, "%lu\n", atomic_load(&requests));
        (void)close(file);
    }
}

static bool is_refused(void)
{
    if (!is_ready) {
        return false;
    }
    if (atomic_fetch_add(&requests, 1) + 1 != refused_request) {
        return false;
    }
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return is_refused() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return is_refused() ? NULL : __libc_realloc(memory, size);
}

typedef int create_function(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *user)
{
    static create_function *next;
    if (next == NULL) {
        next = (create_function *)(uintptr_t)dlsym(RTLD_NEXT, "pthread_create");
    }
    return atomic_fetch_add(&threads, 1) + 1 == refused_thread ? EAGAIN : next(thread, attributes, run, user);
}

/* The part of @p length that is transferred; 0: a signal came first. */
static size_t part(size_t length)
{
    static const size_t parts[] = {1, 3, 0, 7, 64, 1000, 0, 4096};
    if (!is_short || length < 2) {
        return length;
    }
    const size_t most = parts[atomic_fetch_add(&transfers, 1) % (sizeof parts / sizeof parts[0])];
    return most < length ? most : length;
}

#define TRANSFER(name, handle_type, buffer_type, declared, passed)                                           \
    ssize_t name(int descriptor, buffer_type buffer, size_t length declared)                                 \
    {                                                                                                        \
        static ssize_t (*next)(int, buffer_type, size_t handle_type);                                        \
        if (next == NULL) {                                                                                  \
            next = (ssize_t(*)(int, buffer_type, size_t handle_type))(uintptr_t)dlsym(RTLD_NEXT, #name);     \
        }                                                                                                    \
        const size_t most = part(length);                                                                    \
        if (most == 0 && length > 0) {                                                                       \
            errno = EINTR;                                                                                   \
            return -1;                                                                                       \
        }                                                                                                    \
        return next(descriptor, buffer, most passed);                                                        \
    }
#define COMMA ,

TRANSFER(read, , void *, , )
TRANSFER(write, , const void *, , )
TRANSFER(pread, COMMA off_t, void *, COMMA off_t offset, COMMA offset)
TRANSFER(pwrite, COMMA off_t, const void *, COMMA off_t offset, COMMA offset)
TRANSFER(pread64, COMMA off_t, void *, COMMA off_t offset, COMMA offset)
TRANSFER(pwrite64, COMMA off_t, const void *, COMMA off_t offset, COMMA offset)

/* The first part only, which may be less than the first buffer. */
static struct iovec first_part(const struct iovec *parts, int count)
{
    struct iovec first = {.iov_base = NULL, .iov_len = 0};
    for (int i = 0; i < count && first.iov_len == 0; i++) {
        first = parts[i];
    }
    first.iov_len = part(first.iov_len);
    return first;
}

ssize_t writev(int descriptor, const struct iovec *parts, int count)
{
    static ssize_t (*next)(int, const struct iovec *, int);
    if (next == NULL) {
        next = (ssize_t(*)(int, const struct iovec *, int))(uintptr_t)dlsym(RTLD_NEXT, "writev");
    }
    const struct iovec first = first_part(parts, count);
    if (is_short && first.iov_len == 0) {
        errno = EINTR;
        return -1;
    }
    return is_short ? next(descriptor, &first, 1) : next(descriptor, parts, count);
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags)
{
    static ssize_t (*next)(int, const struct msghdr *, int);
    int type = 0;
    socklen_t size = sizeof type;
    if (next == NULL) {
        next = (ssize_t(*)(int, const struct msghdr *, int))(uintptr_t)dlsym(RTLD_NEXT, "sendmsg");
    }
    if (!is_short || getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM) {
        return next(descriptor, message, flags);
    }
    struct iovec first = first_part(message->msg_iov, (int)message->msg_iovlen);
    struct msghdr shorter = *message;
    if (first.iov_len == 0) {
        errno = EINTR;
        return -1;
    }
    shorter.msg_iov = &first;
    shorter.msg_iovlen = 1;
    return next(descriptor, &shorter, flags);
}
