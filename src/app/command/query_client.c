/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/query_client.h"
#include "app/command/p0f_response.h"
#include "app/service/host_query.h"
#include "base/byte_order.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* No server sends a longer text. */
#define JSON_MAX (1024u * 1024u)

static synfix_status_t fail(synfix_error_t *error, const char *path, const char *advice)
{
    const bool denied = errno == EACCES || errno == EPERM;
    return synfix_fail(error, denied ? SYNFIX_PERMISSION : SYNFIX_IO, "%s: %s%s", path, strerror(errno),
                       advice);
}

/* connect(2) reports ECONNREFUSED for a socket without a server and for any other file. */
static const char *connect_advice(const char *path)
{
    const int number = errno;
    struct stat file;
    const bool other = stat(path, &file) == 0 && !S_ISSOCK(file.st_mode);
    errno = other ? ENOTSOCK : number;
    return other ? "; name the query socket of a capture (--query-socket)"
           : number == ENOENT || number == ECONNREFUSED ? "; start synfix capture with --query-socket"
                                                        : "";
}

static synfix_status_t open_socket(const char *path, int *descriptor, synfix_error_t *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const struct timeval limit = {.tv_sec = QUERY_TIMEOUT_MS / 1000};
    if (strlen(path) >= sizeof address.sun_path) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: the path of a socket has at most %zu bytes", path,
                           sizeof address.sun_path - 1);
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    *descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*descriptor < 0) {
        return fail(error, path, "");
    }
    if (setsockopt(*descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0 ||
        setsockopt(*descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) != 0 ||
        connect(*descriptor, (const struct sockaddr *)&address, sizeof address) != 0) {
        const synfix_status_t status = fail(error, path, connect_advice(path));
        close(*descriptor);
        return status;
    }
    return SYNFIX_OK;
}

static bool receive(int descriptor, void *room, size_t size)
{
    for (size_t done = 0; done < size;) {
        const ssize_t got = recv(descriptor, (uint8_t *)room + done, size - done, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            errno = got == 0 ? ECONNRESET : errno == EAGAIN ? ETIMEDOUT : errno;
            return false;
        }
        done += (size_t)got;
    }
    return true;
}

static bool send_request(int descriptor, uint32_t magic, const address_prefix_t *net)
{
    uint8_t request[P0F_API_REQUEST_SIZE] = {0};
    memcpy(request, &magic, sizeof magic);
    request[4] = net->ip_version;
    memcpy(request + 5, net->address.bytes, net->ip_version == 4 ? 4 : 16);
    return send(descriptor, request, sizeof request, MSG_NOSIGNAL) == (ssize_t)sizeof request;
}

static synfix_status_t check_status(uint32_t answer, const char *path, synfix_error_t *error)
{
    if (answer == P0F_API_OK) {
        return SYNFIX_OK;
    }
    return answer == P0F_API_NO_MATCH
               ? synfix_fail(error, SYNFIX_NOT_FOUND, "%s: unknown host", path)
               : synfix_fail(error, SYNFIX_INVALID,
                             "%s: the server refuses the query; name a query socket of synfix or p0f", path);
}

/* After the header of host_query.h, whose first 4 bytes are read. */
static synfix_status_t read_json(int descriptor, const char *path, GString *json, synfix_error_t *error)
{
    uint8_t rest[HOST_QUERY_HEADER_SIZE - 4];
    if (!receive(descriptor, rest, sizeof rest)) {
        return fail(error, path, "");
    }
    const uint32_t length = read_native32(rest + 4);
    if (length > JSON_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: an answer of %u bytes: not a query socket of synfix",
                           path, length);
    }
    const size_t before = json->len;
    g_string_set_size(json, before + length);
    if (!receive(descriptor, json->str + before, length)) {
        return fail(error, path, "");
    }
    return check_status(read_native32(rest), path, error);
}

/* p0f answers the request of synfix with "bad query". The client reads the whole answer first. */
static synfix_status_t ask_p0f(int descriptor, const char *path, const address_prefix_t *net, GString *json,
                               synfix_error_t *error)
{
    uint8_t response[P0F_API_RESPONSE_SIZE];
    if (!receive(descriptor, response + 4, sizeof response - 4) ||
        !send_request(descriptor, P0F_API_REQUEST_MAGIC, net) ||
        !receive(descriptor, response, sizeof response)) {
        return fail(error, path, "");
    }
    const synfix_status_t status = check_status(read_native32(response + 4), path, error);
    if (status == SYNFIX_OK) {
        p0f_response_json(response, net, json);
    }
    return status;
}

static synfix_status_t ask(int descriptor, const char *path, const address_prefix_t *net, GString *json,
                           synfix_error_t *error)
{
    uint8_t magic[4];
    if (!send_request(descriptor, HOST_QUERY_REQUEST_MAGIC, net) ||
        !receive(descriptor, magic, sizeof magic)) {
        return fail(error, path, "");
    }
    switch (read_native32(magic)) {
    case HOST_QUERY_RESPONSE_MAGIC:
        return read_json(descriptor, path, json, error);
    case P0F_API_RESPONSE_MAGIC:
        return ask_p0f(descriptor, path, net, json, error);
    default:
        return synfix_fail(
            error, SYNFIX_INVALID,
            "%s: neither a query socket of synfix nor of p0f; name the socket of --query-socket", path);
    }
}

synfix_status_t query_client_ask(const char *socket_path, const address_prefix_t *net, GString *json,
                                 synfix_error_t *error)
{
    int descriptor = -1;
    synfix_status_t status = open_socket(socket_path, &descriptor, error);
    if (status == SYNFIX_OK) {
        status = ask(descriptor, socket_path, net, json, error);
        close(descriptor);
    }
    return status;
}
