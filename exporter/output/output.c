/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/output/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "exporter/output/redis_output.h"
#include "exporter/posix/fifo.h"
#include "exporter/posix/file_replacement.h"

#define WAIT_MS           100
#define PIPE_PIECE        4096u /* a writable pipe accepts this many bytes without blocking (PIPE_BUF) */
#define RETRY_FIRST_NS    1000000000ll
#define RETRY_LAST_NS     60000000000ll
#define SUFFIX_MAX        32u
#define TARGET_LENGTH_MAX (PATH_MAX - SUFFIX_MAX)

typedef enum output_kind {
    OUTPUT_FILE,
    OUTPUT_STDOUT,
    OUTPUT_STREAM,
    OUTPUT_DATAGRAM,
    OUTPUT_REDIS,
} output_kind_t;

struct output {
    const synfix_module_context_t *host;
    output_kind_t kind;
    char *target;
    bool replaces; /* the file takes its name at the end; else it is appended to */
    file_replacement_t replacement;
    const char *head;
    const char *tail;
    redis_t *redis; /* NULL: another kind of output */
    int descriptor; /* -1: not open now */
    bool may_block; /* a pipe or a terminal: written in pieces as space is available */
    bool failing;   /* logged once until writes succeed again */
    uint64_t file_size;
    uint64_t rotate_size;
    int64_t rotate_time_ns;
    int64_t opened_ns; /* by tick's clock; 0 until the first tick of a file */
    int64_t retry_at_ns;
    int64_t retry_wait_ns;
    uint32_t keep;
    atomic_bool stopping;
    _Atomic uint64_t produced;
    _Atomic uint64_t delivered;
    _Atomic uint64_t lost;
    _Atomic uint64_t retransmitted;
    _Atomic uint64_t bytes;
    _Atomic uint64_t reconnects;
    _Atomic uint64_t errors;
};

static void count(_Atomic uint64_t *counter, uint64_t by)
{
    atomic_fetch_add_explicit(counter, by, memory_order_relaxed);
}

static synfix_status_t fail_errno(const output_t *output, const char *what, synfix_error_t *error)
{
    const int reason = errno;
    const synfix_status_t status =
        reason == ENOENT                                                             ? SYNFIX_NOT_FOUND
        : reason == EACCES || reason == EPERM || reason == ELOOP || reason == EMLINK ? SYNFIX_PERMISSION
        : reason == EPIPE                                                            ? SYNFIX_DISCONNECTED
                                                                                     : SYNFIX_IO;
    return synfix_fail(error, status, "%s: %s: %s", output->target, what,
                       reason == ETIMEDOUT ? "the reader does not read it" : file_reason(reason));
}

/* The reader of standard output has closed the pipe: no failure. Call directly after a call that set errno.
 */
static bool is_unread(const output_t *output)
{
    return output->kind == OUTPUT_STDOUT && errno == EPIPE;
}

static bool is_socket(const output_t *output)
{
    return output->kind != OUTPUT_FILE && output->kind != OUTPUT_STDOUT;
}

/* Waits until the descriptor accepts bytes; false when stopped. */
static bool wait_writable(const output_t *output)
{
    struct pollfd waited = {.fd = output->descriptor, .events = POLLOUT};
    for (;;) {
        const int ready = poll(&waited, 1, WAIT_MS);
        if (ready > 0 || (ready < 0 && errno != EINTR)) {
            return true; /* write() reports a broken descriptor */
        }
        if (atomic_load_explicit(&output->stopping, memory_order_relaxed)) {
            errno = ETIMEDOUT;
            return false;
        }
    }
}

/* Writes all of @p bytes; false with errno. */
static bool write_whole(output_t *output, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        const size_t piece = output->may_block && length > PIPE_PIECE ? PIPE_PIECE : length;
        if ((output->may_block || is_socket(output)) && !wait_writable(output)) {
            return false;
        }
        const ssize_t sent = is_socket(output)
                                 ? send(output->descriptor, at, piece, MSG_NOSIGNAL | MSG_DONTWAIT)
                                 : write(output->descriptor, at, piece);
        if (sent < 0 && (errno == EINTR || errno == EAGAIN)) {
            continue;
        }
        if (sent < 0) {
            return false;
        }
        at += sent;
        length -= (size_t)sent;
    }
    return true;
}

/* A datagram is one record: lines are sent one by one. */
static bool write_datagrams(output_t *output, const char *bytes, size_t length)
{
    while (length > 0) {
        const char *end = memchr(bytes, '\n', length);
        const size_t line = end != NULL ? (size_t)(end - bytes) + 1 : length;
        if (!write_whole(output, bytes, line)) {
            return false;
        }
        bytes += line;
        length -= line;
    }
    return true;
}

/* Removes a partial line, unless another process has truncated or extended the file: the bytes from @p begin
 * to the end of the last write are ours only if the file ends there. */
static void take_back(const output_t *output, off_t begin)
{
    struct stat state;
    const off_t end = lseek(output->descriptor, 0, SEEK_CUR);
    if (begin >= 0 && begin < end && fstat(output->descriptor, &state) == 0 && state.st_size == end) {
        const int truncated = ftruncate(output->descriptor, begin); /* else the half line stays */
        (void)truncated;
    }
}

/* Appends all of @p bytes to the end of the file, wherever the end is now; false with errno, and nothing was
 * appended. */
static bool write_file(output_t *output, const char *bytes, size_t length)
{
    off_t begin = -1;
    off_t end = -1;
    while (length > 0) {
        const ssize_t written = write(output->descriptor, bytes, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            const int reason = errno;
            take_back(output, begin);
            errno = reason;
            return false;
        }
        bytes += written;
        length -= (size_t)written;
        const off_t now = lseek(output->descriptor, 0, SEEK_CUR);
        if (end < 0 ||
            now - written != end) { /* another writer came between: remove only the bytes after theirs */
            begin = now - written;
        }
        end = now;
    }
    output->file_size = end >= 0 ? (uint64_t)end : output->file_size;
    return true;
}

static bool write_bytes(output_t *output, const void *bytes, size_t length)
{
    if (output->kind == OUTPUT_DATAGRAM) {
        return write_datagrams(output, bytes, length);
    }
    if (output->kind == OUTPUT_FILE && !output->may_block) {
        return write_file(output, bytes, length);
    }
    return write_whole(output, bytes, length);
}

#define FILE_MODE 0644

/* copytruncate of logrotate empties the file under the same name: the header comes again. */
static bool write_head_again(output_t *output)
{
    struct stat state;
    if (output->head == NULL || output->kind != OUTPUT_FILE || output->may_block || output->file_size == 0 ||
        fstat(output->descriptor, &state) != 0 || state.st_size != 0) {
        return true;
    }
    return write_bytes(output, output->head, strlen(output->head));
}

static synfix_status_t open_appended(output_t *output, synfix_error_t *error)
{
    file_place_t place = FILE_PLACE_CLOSED;
    const synfix_status_t status = file_place_open(&place, output->target, FILE_PLACE_FOLLOW, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    output->descriptor = pipe_open(&place, O_WRONLY | O_CREAT | O_APPEND, FILE_MODE,
                                   output->host == NULL || !output->host->live);
    const synfix_status_t opened =
        output->descriptor >= 0 ? SYNFIX_OK : fail_errno(output, "cannot open", error);
    file_place_close(&place);
    return opened;
}

static synfix_status_t open_replacing(output_t *output, synfix_error_t *error)
{
    const synfix_status_t status =
        file_replacement_begin(&output->replacement, output->target, FILE_MODE, error);
    output->descriptor = output->replacement.descriptor;
    return status;
}

static synfix_status_t open_file(output_t *output, synfix_error_t *error)
{
    struct stat state;
    const synfix_status_t status =
        output->replaces ? open_replacing(output, error) : open_appended(output, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    output->file_size = 0;
    output->may_block = fstat(output->descriptor, &state) == 0 && !S_ISREG(state.st_mode);
    if (!output->may_block) {
        output->file_size = (uint64_t)state.st_size;
    }
    output->opened_ns = 0;
    if (output->head == NULL || output->file_size != 0 ||
        write_bytes(output, output->head, strlen(output->head))) {
        return SYNFIX_OK;
    }
    return fail_errno(output, "cannot write", error);
}

static synfix_status_t open_socket(output_t *output, synfix_error_t *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(output->target) >= sizeof address.sun_path) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: too long for a unix socket", output->target);
    }
    memcpy(address.sun_path, output->target, strlen(output->target));
    const int type = output->kind == OUTPUT_STREAM ? SOCK_STREAM : SOCK_DGRAM;
    const int descriptor = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return fail_errno(output, "cannot create a socket", error);
    }
    if (connect(descriptor, (const struct sockaddr *)&address, sizeof address) != 0) {
        const synfix_status_t status = fail_errno(output, "cannot connect", error);
        (void)close(descriptor);
        return status;
    }
    output->descriptor = descriptor;
    return SYNFIX_OK;
}

static void close_descriptor(output_t *output)
{
    if (output->kind == OUTPUT_REDIS && output->redis != NULL) {
        redis_disconnect(output->redis);
    } else if (output->replaces) {
        file_replacement_abandon(&output->replacement);
    } else if (output->descriptor >= 0 && output->kind != OUTPUT_STDOUT) {
        (void)close(output->descriptor);
    }
    output->descriptor = -1;
}

static synfix_status_t open_target(output_t *output, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    if (output->kind == OUTPUT_STDOUT) {
        output->descriptor = STDOUT_FILENO;
        output->may_block = true;
        if (output->head != NULL && !write_bytes(output, output->head, strlen(output->head)) &&
            !is_unread(output)) { /* the first write sees it again */
            status = fail_errno(output, "cannot write", error);
        }
    } else if (output->kind == OUTPUT_REDIS) {
        status = redis_connect(output->redis, error);
        output->descriptor = redis_descriptor(output->redis);
    } else {
        status = is_socket(output) ? open_socket(output, error) : open_file(output, error);
    }
    if (status != SYNFIX_OK) {
        close_descriptor(output);
    }
    return status;
}

static synfix_status_t read_kind(output_t *output, const synfix_options_t *options, synfix_error_t *error)
{
    const char *type = synfix_options_string(options, "type");
    const bool redis = synfix_options_string(options, "mode") != NULL; /* the sink has REDIS_OPTIONS */
    if (strcmp(output->target, "-") == 0) {
        output->kind = OUTPUT_STDOUT;
    } else if (strcmp(type, "file") == 0) {
        output->kind = OUTPUT_FILE;
    } else if (strcmp(type, "unix_stream") == 0) {
        output->kind = OUTPUT_STREAM;
    } else if (strcmp(type, "unix_dgram") == 0) {
        output->kind = OUTPUT_DATAGRAM;
    } else if (redis && strcmp(type, "redis") == 0) {
        output->kind = OUTPUT_REDIS;
    } else {
        return synfix_fail(error, SYNFIX_INVALID,
                           "%s: type must be file, unix_stream or unix_dgram%s, not %s", output->target,
                           redis ? ", or redis" : "", type);
    }
    return SYNFIX_OK;
}

static synfix_status_t read_options(output_t *output, const synfix_options_t *options, synfix_error_t *error)
{
    const char *target = synfix_options_target(options);
    const char *append = synfix_options_string(options, "append");
    if (target[0] == '\0') {
        target = "-";
    }
    if (strlen(target) > TARGET_LENGTH_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: the name is too long", synfix_options_scheme(options));
    }
    output->target = strdup(target);
    if (output->target == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", target);
    }
    synfix_status_t status = read_kind(output, options, error);
    if (status == SYNFIX_OK && output->kind == OUTPUT_REDIS) {
        status = redis_new(target, options, &output->stopping, &output->redis, error);
    }
    if (status != SYNFIX_OK) {
        return status;
    }
    output->rotate_size = (uint64_t)synfix_options_integer(options, "rotate-size");
    output->rotate_time_ns = synfix_options_duration_ms(options, "rotate-time") * 1000000;
    output->keep = (uint32_t)synfix_options_integer(options, "keep");
    bool adds = output->host != NULL && output->host->live;
    if (append != NULL && strcmp(append, "yes") == 0) {
        adds = true;
    } else if (append != NULL && strcmp(append, "no") == 0) {
        adds = false;
    } else if (append != NULL && strcmp(append, "auto") != 0) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: append must be yes, no or auto, not %s", target,
                           append);
    }
    struct stat state;
    const bool special = stat(target, &state) == 0 && !S_ISREG(state.st_mode); /* a pipe, /dev/null */
    if (output->kind != OUTPUT_FILE || adds || special || output->rotate_size != 0 ||
        output->rotate_time_ns != 0) {
        return SYNFIX_OK;
    }
    output->replaces = true;
    return SYNFIX_OK;
}

synfix_status_t output_check(const synfix_options_t *options, synfix_error_t *error)
{
    const synfix_module_context_t host = {.struct_size = sizeof host, .live = true};
    output_t *output = calloc(1, sizeof *output);
    if (output == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", synfix_options_scheme(options));
    }
    output->host = &host;
    output->descriptor = -1;
    output->replacement = (file_replacement_t)FILE_REPLACEMENT_NONE;
    const synfix_status_t status = read_options(output, options, error);
    output_close(output);
    return status;
}

const char *output_file(const synfix_options_t *options)
{
    const char *target = synfix_options_target(options);
    if (strcmp(synfix_options_string(options, "type"), "file") != 0) {
        return NULL;
    }
    return target[0] == '\0' ? "-" : target;
}

synfix_status_t output_open(const synfix_module_context_t *host, const synfix_options_t *options,
                            const char *head, const char *tail, output_t **result, synfix_error_t *error)
{
    output_t *output = calloc(1, sizeof *output);
    if (output == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", synfix_options_scheme(options));
    }
    output->host = host;
    output->head = head;
    output->tail = tail;
    output->descriptor = -1;
    output->replacement = (file_replacement_t)FILE_REPLACEMENT_NONE;
    output->retry_wait_ns = RETRY_FIRST_NS;
    synfix_status_t status = read_options(output, options, error);
    if (status == SYNFIX_OK) {
        status = open_target(output, error);
    }
    if (status != SYNFIX_OK) {
        output_close(output);
        return status;
    }
    *result = output;
    return SYNFIX_OK;
}

static void tell(const output_t *output, int level, const char *text)
{
    if (output->host != NULL && output->host->log != NULL) {
        output->host->log(output->host->user, level, text);
    }
}

/* TARGET.1 is the newest: every older one moves up by one, the oldest falls off the end. Returns 0 or errno.
 */
static int move_up(const output_t *output)
{
    file_place_t place = FILE_PLACE_CLOSED;
    int number = 0;
    if (file_place_open(&place, output->target, FILE_PLACE_FOLLOW, NULL) != SYNFIX_OK) {
        return 0; /* opening reports it */
    }
    const file_place_t first = place;
    for (uint32_t kept = output->keep; kept > 0; kept--) {
        char to[NAME_MAX + 16];
        (void)snprintf(to, sizeof to, "%s.%u", first.name, kept);
        place = first;
        if (kept > 1) {
            (void)snprintf(place.name, sizeof place.name, "%.*s.%u", NAME_MAX - 12, first.name, kept - 1);
        }
        if (file_rename(&place, to) != 0 && errno != ENOENT) {
            number = errno;
        }
    }
    file_place_close(&place);
    return number;
}

static synfix_status_t rotate(output_t *output, synfix_error_t *error)
{
    if (output->tail != NULL) {
        (void)write_bytes(output, output->tail, strlen(output->tail));
    }
    close_descriptor(output);
    errno = move_up(output);
    if (errno != 0) {
        synfix_error_t reason;
        (void)fail_errno(output, "cannot rotate", &reason);
        tell(output, 1, reason.text);
    }
    return open_target(output, error);
}

static void is_recovered(output_t *output)
{
    if (output->failing) {
        tell(output, 2, "output: writing again");
    }
    output->failing = false;
}

/* A failure of a live capture: logged once, counted each time. When a file is read, the failure is returned.
 */
static synfix_status_t lose(output_t *output, uint32_t records, synfix_status_t status, synfix_error_t *error)
{
    const bool live = output->host != NULL && output->host->live;
    count(&output->errors, 1);
    if (is_socket(output) && (output->kind != OUTPUT_REDIS || status == SYNFIX_DISCONNECTED)) {
        close_descriptor(output);
    }
    if (!is_socket(output) && (!live || status == SYNFIX_DISCONNECTED)) {
        atomic_fetch_sub_explicit(&output->produced, records,
                                  memory_order_relaxed); /* the caller counts the block */
        return status;
    }
    count(&output->lost, records);
    if (!output->failing && error != NULL) {
        tell(output, 1, error->text);
    }
    output->failing = true;
    return SYNFIX_OK;
}

/* Each record alone: the server may refuse some of them. */
static synfix_status_t write_redis(output_t *output, const synfix_block_t *block, synfix_error_t *error)
{
    redis_result_t result;
    synfix_status_t status =
        redis_write(output->redis, (const char *)block->data, block->length, &result, error);
    count(&output->delivered, result.taken);
    count(&output->bytes, result.taken == block->records ? block->length : 0);
    count(&output->retransmitted, result.again);
    count(&output->reconnects, result.again > 0);
    if (status == SYNFIX_OK && result.refused > 0) {
        status = SYNFIX_IO;
    }
    if (status != SYNFIX_OK) {
        return lose(output, block->records - result.taken, status, error);
    }
    is_recovered(output);
    return SYNFIX_OK;
}

synfix_status_t output_write(output_t *output, const synfix_block_t *block, synfix_error_t *error)
{
    synfix_error_t own;
    synfix_error_t *reason = error != NULL ? error : &own;
    count(&output->produced, block->records);
    if (output->descriptor >= 0 && output->kind == OUTPUT_FILE && output->rotate_size != 0 &&
        output->file_size > 0 && output->file_size + block->length > output->rotate_size) {
        const synfix_status_t status = rotate(output, reason);
        if (status != SYNFIX_OK) {
            return lose(output, block->records, status, reason);
        }
    }
    if (output->descriptor < 0) {
        const synfix_status_t status =
            is_socket(output) ? synfix_fail(reason, SYNFIX_IO, "%s: not connected", output->target)
                              : open_target(output, reason);
        if (status != SYNFIX_OK) {
            return lose(output, block->records, status, reason);
        }
    }
    if (output->kind == OUTPUT_REDIS) {
        return write_redis(output, block, reason);
    }
    if (!write_head_again(output) || !write_bytes(output, block->data, block->length)) {
        if (is_unread(output)) {
            atomic_fetch_sub_explicit(&output->produced, block->records, memory_order_relaxed);
            return SYNFIX_END;
        }
        return lose(output, block->records, fail_errno(output, "cannot write", reason), reason);
    }
    count(&output->delivered, block->records);
    count(&output->bytes, block->length);
    is_recovered(output);
    return SYNFIX_OK;
}

synfix_status_t output_tick(output_t *output, int64_t now_ns, synfix_error_t *error)
{
    synfix_error_t reason;
    if (is_socket(output) && output->descriptor < 0 && now_ns >= output->retry_at_ns) {
        if (open_target(output, &reason) == SYNFIX_OK) {
            count(&output->reconnects, 1);
            output->retry_wait_ns = RETRY_FIRST_NS;
        } else {
            output->retry_at_ns = now_ns + output->retry_wait_ns;
            output->retry_wait_ns =
                output->retry_wait_ns * 2 < RETRY_LAST_NS ? output->retry_wait_ns * 2 : RETRY_LAST_NS;
        }
    }
    if (output->kind != OUTPUT_FILE || output->rotate_time_ns == 0) {
        return SYNFIX_OK;
    }
    if (output->opened_ns == 0) {
        output->opened_ns = now_ns;
    }
    if (now_ns - output->opened_ns < output->rotate_time_ns) {
        return SYNFIX_OK;
    }
    return rotate(output, error);
}

synfix_status_t output_reload(output_t *output, synfix_error_t *error)
{
    if (output->kind != OUTPUT_FILE || output->replaces) {
        return SYNFIX_OK;
    }
    close_descriptor(output);
    return open_target(output, error);
}

synfix_status_t output_finish(output_t *output, synfix_error_t *error)
{
    if (output->descriptor < 0) {
        return SYNFIX_OK;
    }
    if (output->tail != NULL && !write_bytes(output, output->tail, strlen(output->tail))) {
        return is_unread(output) ? SYNFIX_OK : fail_errno(output, "cannot write", error);
    }
    if (output->kind == OUTPUT_FILE && fsync(output->descriptor) != 0 && errno != EINVAL && errno != EROFS) {
        return fail_errno(output, "cannot sync", error);
    }
    if (!output->replaces) {
        close_descriptor(output);
        return SYNFIX_OK;
    }
    output->descriptor = -1;
    return file_replacement_commit(&output->replacement) == 0 ? SYNFIX_OK
                                                              : fail_errno(output, "cannot rename", error);
}

void output_close(output_t *output)
{
    if (output == NULL) {
        return;
    }
    close_descriptor(output);
    redis_free(output->redis);
    free(output->target);
    free(output);
}

void output_stop(output_t *output)
{
    atomic_store_explicit(&output->stopping, true, memory_order_relaxed);
}

void output_stats(output_t *output, synfix_sink_stats_t *stats)
{
    *stats = (synfix_sink_stats_t){
        .produced = atomic_load_explicit(&output->produced, memory_order_relaxed),
        .delivered = atomic_load_explicit(&output->delivered, memory_order_relaxed),
        .lost = atomic_load_explicit(&output->lost, memory_order_relaxed),
        .retransmitted = atomic_load_explicit(&output->retransmitted, memory_order_relaxed),
        .bytes = atomic_load_explicit(&output->bytes, memory_order_relaxed),
        .reconnects = atomic_load_explicit(&output->reconnects, memory_order_relaxed),
        .errors = atomic_load_explicit(&output->errors, memory_order_relaxed),
    };
}
