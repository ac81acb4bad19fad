/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A client of the query socket sends any bytes, in parts of any size. Each complete request gets one answer
 * of the right length, and no other byte. */
#include "app/service/host_query.h"
#include "app/service/p0f_api.h"
#include "app/service/query_client_list.h"
#include "fuzz_hosts.h"
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWERS_SIZE 65536u

static void add_hosts(host_model_t *model)
{
    for (uint8_t last = 0; last < 4; last++) {
        const host_sighting_t sighting = sighting_of(model, last, LINUX_TEXT, &linux_label, last);
        const host_sighting_t other = sighting_of(model, last, WINDOWS_TEXT, &windows_label, last + 9);
        (void)host_model_add(model, &sighting, NULL);
        (void)host_model_add(model, &other, NULL);
    }
}

static void serve(query_client_list_t *list, int64_t now_ns)
{
    struct pollfd polled[QUERY_CLIENTS_MAX];
    const size_t count = query_client_list_poll(list, polled);
    FUZZ_CHECK(count <= 1 && poll(polled, count, 0) >= 0);
    query_client_list_serve(list, polled, count, now_ns);
}

/* Length of the answer to the request at @p request, which begins at @p answer. */
static size_t check_answer(const uint8_t *request, const uint8_t *answer, size_t left)
{
    uint32_t magic, head[3];
    memcpy(&magic, request, sizeof magic);
    FUZZ_CHECK(left >= sizeof head);
    memcpy(head, answer, sizeof head);
    if (magic != HOST_QUERY_REQUEST_MAGIC) {
        FUZZ_CHECK(head[0] == P0F_API_RESPONSE_MAGIC && left >= P0F_API_RESPONSE_SIZE);
        return P0F_API_RESPONSE_SIZE;
    }
    FUZZ_CHECK(head[0] == HOST_QUERY_RESPONSE_MAGIC && head[2] <= left - HOST_QUERY_HEADER_SIZE);
    FUZZ_CHECK((head[1] == P0F_API_OK) == (head[2] > sizeof "[]\n"));
    return HOST_QUERY_HEADER_SIZE + head[2];
}

static void check_answers(const uint8_t *requests, size_t size, const uint8_t *answers, size_t length)
{
    size_t at = 0;
    for (size_t i = 0; i + P0F_API_REQUEST_SIZE <= size; i += P0F_API_REQUEST_SIZE) {
        at += check_answer(requests + i, answers + at, length - at);
    }
    FUZZ_CHECK(at == length);
}

/* Reads the bytes that have arrived. */
static size_t receive(int client, uint8_t *answers, size_t length)
{
    const ssize_t got = recv(client, answers + length, ANSWERS_SIZE - length, MSG_DONTWAIT);
    return length + (got > 0 ? (size_t)got : 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t answers[ANSWERS_SIZE];
    int ends[2];
    if (size < 1 || size > 21 * 20) { /* all answers fit */
        return 0;
    }
    const size_t part = data[0] % 40 + 1u;
    size_t length = 0;
    query_client_list_t *list = query_client_list_new(hosts_once(add_hosts));
    FUZZ_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    FUZZ_CHECK(query_client_list_add(list, ends[0], 1));
    for (size_t at = 1; at < size; at += part) {
        const size_t now = size - at < part ? size - at : part;
        FUZZ_CHECK(send(ends[1], data + at, now, MSG_NOSIGNAL) == (ssize_t)now);
        serve(list, 1);
        length = (data[0] & 0x40) != 0 ? receive(ends[1], answers, length) : length;
    }
    for (size_t i = 0; i < size / P0F_API_REQUEST_SIZE + 1; i++) {
        serve(list, 1);
        length = receive(ends[1], answers, length);
    }
    check_answers(data + 1, size - 1, answers, length);
    query_client_list_free(list);
    close(ends[1]);
    return 0;
}
