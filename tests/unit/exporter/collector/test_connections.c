/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/exporter/collector/collecting_process.h"
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

synfix_status_t __wrap_tls_session_listen(tls_context_t *context, int fd, int *peer_fd,
                                          tls_session_t **session, synfix_error_t *error);

static int calls;
static synfix_status_t answer; /* to each hello */

/* Exporters that send hellos with a cookie faster than sessions begin. */
synfix_status_t __wrap_tls_session_listen(tls_context_t *context, int fd, int *peer_fd,
                                          tls_session_t **session, synfix_error_t *error)
{
    char byte;
    (void)context;
    (void)error;
    assert_int_equal(recv(fd, &byte, sizeof byte, MSG_DONTWAIT), 1);
    *peer_fd = -1; /* such a session ends at once */
    *session = NULL;
    calls++;
    return answer;
}

/* Headers of a record and of a ClientHello without content. */
static const uint8_t hello[TLS_DATAGRAM_HEAD] = {22, 254, 253, [12] = 12, [13] = 1};

static GSocket *listening_socket(struct sockaddr_in *address)
{
    static const int room = 200 << 10; /* more than BURST small datagrams */
    socklen_t size = sizeof *address;
    GSocket *const made =
        g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
    assert_non_null(made);
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    g_socket_set_blocking(made, FALSE);
    assert_int_equal(setsockopt(g_socket_get_fd(made), SOL_SOCKET, SO_RCVBUF, &room, sizeof room), 0);
    assert_int_equal(bind(g_socket_get_fd(made), (struct sockaddr *)address, size), 0);
    assert_int_equal(getsockname(g_socket_get_fd(made), (struct sockaddr *)address, &size), 0);
    return made;
}

/* Sends @p data @p count times to a new listener of @p process, and lets it take them in one call. */
static void take(const collecting_process_t *process, const uint8_t *data, size_t length, int count)
{
    struct sockaddr_in address;
    listener_t listener = {.collect = process->collect, .socket = listening_socket(&address)};
    const int exporter = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    calls = 0;
    for (int i = 0; i < count; i++) {
        assert_int_equal(sendto(exporter, data, length, 0, (struct sockaddr *)&address, sizeof address),
                         length);
    }
    assert_int_equal(collect_on_hello(listener.socket, G_IO_IN, &listener), G_SOURCE_CONTINUE);
    close(exporter);
    g_object_unref(listener.socket);
}

static void hellos_leave_time_for_others(void **state)
{
    static const synfix_status_t answers[] = {SYNFIX_OK, SYNFIX_AGAIN}; /* with and without a cookie */
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
        answer = answers[i];
        take(*state, hello, sizeof hello, BURST + 1);
        assert_int_equal(calls, BURST);
    }
}

static uint64_t discarded(const collecting_process_t *process)
{
    return limit_report_count(process->collect->limits, COLLECT_NO_HELLO);
}

/* A datagram that cannot begin a session never reaches OpenSSL, and is counted. */
static void other_datagrams_begin_nothing(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
    } changes[] = {
        {0, 23},  /* not a handshake */
        {1, 3},   /* TLS */
        {4, 1},   /* encrypted */
        {12, 13}, /* past the datagram */
        {12, 11}, /* shorter than the message */
        {13, 2},  /* not a ClientHello */
        {18, 3},  /* a later message */
        {21, 1},  /* a later fragment */
        {24, 1},  /* past the record */
    };
    const collecting_process_t *const process = *state;
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        uint8_t other[sizeof hello];
        memcpy(other, hello, sizeof other);
        other[changes[i].at] = changes[i].value;
        take(process, other, sizeof other, 3);
        assert_int_equal(calls, 0);
        assert_int_equal(discarded(process), 3 * (i + 1));
    }
    take(process, hello, sizeof hello - 1, 1);
    take(process, hello, 0, 1);
    assert_int_equal(calls, 0);
    assert_int_equal(discarded(process), 3 * G_N_ELEMENTS(changes) + 2);
    assert_non_null(strstr(process->lines->str, "no ClientHello and no session: datagram discarded"));
}

static void other_datagrams_leave_time_for_others(void **state)
{
    take(*state, hello, 1, BURST + 1);
    assert_int_equal(discarded(*state), BURST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(hellos_leave_time_for_others, collecting_process_set_up,
                                        collecting_process_tear_down),
        cmocka_unit_test_setup_teardown(other_datagrams_begin_nothing, collecting_process_set_up,
                                        collecting_process_tear_down),
        cmocka_unit_test_setup_teardown(other_datagrams_leave_time_for_others, collecting_process_set_up,
                                        collecting_process_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
