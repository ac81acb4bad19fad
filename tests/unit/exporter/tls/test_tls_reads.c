/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* One peer cannot keep a call busy, and the memory of OpenSSL for a handshake counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/tls/tls_state.h"
#include "support/tls_peers.h"
#include <netinet/in.h>

#define FLOOD        160
#define RECORD_BYTES 13
#define COOKIE_AT    60 /* its length; the cookie follows */

/* A ClientHello of DTLS 1.2 without a cookie. */
static const uint8_t hello[] = {
    22,  254, 253,  0,    0, 0, 0, 0, 0, 0,  0, 0,  72,                /* record */
    1,   0,   0,    60,   0, 0, 0, 0, 0, 0,  0, 60,                    /* message */
    254, 253, 0,    0,    0, 0, 0, 0, 0, 0,  0, 0,  0,  0, 0, 0, 0, 0, /* version, random number */
    0,   0,   0,    0,    0, 0, 0, 0, 0, 0,  0, 0,  0,  0, 0, 0,       /* */
    0,   0,                                                            /* no session, no cookie */
    0,   2,   0xC0, 0x2B, 1, 0,                                        /* cipher, compression */
    0,   16,  0,    10,   0, 4, 0, 2, 0, 23, 0, 13, 0,  4, 0, 2, 4, 3, /* group, signature */
};

typedef struct pair {
    tls_context_t *context;
    int listener;
    int exporter;
} pair_t;

static pair_t make_pair(void)
{
    const tls_files_t files = {
        .ca = "exporter", .cert = "collector", .key = "collector.key", .anonymous = true};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    pair_t made = {.listener = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
                   .exporter = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    synfix_error_t error;
    assert_int_equal(tls_context_new_server(&files, true, &made.context, &error), SYNFIX_OK);
    const int on = 1;
    assert_int_equal(setsockopt(made.listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
    assert_int_equal(bind(made.listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(made.listener, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(connect(made.exporter, (struct sockaddr *)&address, size), 0);
    return made;
}

static void free_pair(const pair_t *pair)
{
    tls_context_free(pair->context);
    (void)close(pair->listener);
    (void)close(pair->exporter);
}

static void put(const pair_t *pair, const uint8_t *data, size_t length)
{
    assert_int_equal(send(pair->exporter, data, length, 0), length);
}

static unsigned count_waiting(int fd)
{
    uint8_t byte;
    unsigned count = 0;
    while (recv(fd, &byte, 1, MSG_DONTWAIT) >= 0) {
        count++;
    }
    return count;
}

/* Each datagram is examined before OpenSSL reads it, so a call reads one. */
static void a_call_reads_one_datagram(void **state)
{
    (void)state;
    NEED_CERTIFICATES();
    const pair_t pair = make_pair();
    tls_session_t *session = NULL;
    synfix_error_t error;
    int fd = -1;
    for (int i = 0; i < FLOOD; i++) {
        put(&pair, hello, sizeof hello);
    }
    assert_int_equal(tls_session_listen(pair.context, pair.listener, &fd, &session, &error), SYNFIX_AGAIN);
    assert_int_equal(count_waiting(pair.listener), FLOOD - 1);
    free_pair(&pair);
}

/* The hello again, with the cookie of the answer to the first one. */
static tls_session_t *begin_handshake(const pair_t *pair, int *fd)
{
    uint8_t answer[256], again[sizeof hello + UINT8_MAX];
    tls_session_t *session = NULL;
    synfix_error_t error;
    put(pair, hello, sizeof hello);
    assert_int_equal(tls_session_listen(pair->context, pair->listener, fd, &session, &error), SYNFIX_AGAIN);
    assert_true(recv(pair->exporter, answer, sizeof answer, 0) > 28);
    const uint8_t length = answer[27];
    memcpy(again, hello, COOKIE_AT);
    again[COOKIE_AT] = length;
    memcpy(again + COOKIE_AT + 1, answer + 28, length);
    memcpy(again + COOKIE_AT + 1 + length, hello + COOKIE_AT + 1, sizeof hello - COOKIE_AT - 1);
    again[10] = 1;                                  /* second record */
    again[12] = (uint8_t)(72 + length);             /* its length */
    again[16] = again[24] = (uint8_t)(60 + length); /* length of the message, and of its only fragment */
    again[18] = 1;                                  /* second message */
    put(pair, again, sizeof hello + length);
    assert_int_equal(tls_session_listen(pair->context, pair->listener, fd, &session, &error), SYNFIX_OK);
    return session;
}

static void end_handshake(const pair_t *pair, tls_session_t *session, int fd)
{
    tls_session_close(session);
    (void)close(fd);
    free_pair(pair);
}

static synfix_status_t read_once(tls_session_t *session)
{
    uint8_t data[64];
    size_t got = 0;
    synfix_error_t error;
    return tls_session_read(session, data, sizeof data, &got, &error);
}

static void invalid_datagrams_leave_time_for_others(void **state)
{
    (void)state;
    static const uint8_t noise[RECORD_BYTES + 1] = {23, 1, 2, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1, 0};
    NEED_CERTIFICATES();
    const pair_t pair = make_pair();
    int fd = -1;
    tls_session_t *const session = begin_handshake(&pair, &fd);
    assert_int_equal(read_once(session), SYNFIX_AGAIN);
    for (int i = 0; i < FLOOD; i++) {
        put(&pair, noise, sizeof noise);
    }
    assert_int_equal(read_once(session), SYNFIX_AGAIN);
    assert_in_range(count_waiting(fd), 1, FLOOD - 1);
    end_handshake(&pair, session, fd);
}

/* recv() of an empty datagram returns 0, as at the end of a stream. Anyone can forge such a datagram. */
static void an_empty_datagram_ends_no_session(void **state)
{
    (void)state;
    NEED_CERTIFICATES();
    const pair_t pair = make_pair();
    int fd = -1;
    tls_session_t *const session = begin_handshake(&pair, &fd);
    assert_int_equal(read_once(session), SYNFIX_AGAIN);
    put(&pair, hello, 0);
    assert_int_equal(read_once(session), SYNFIX_AGAIN);
    assert_int_equal(count_waiting(fd), 0);
    end_handshake(&pair, session, fd);
}

/* Records of the next epoch: OpenSSL keeps them, each in a buffer of 16 KiB, until the keys are known. */
static void datagrams_of_a_handshake_count(void **state)
{
    (void)state;
    uint8_t later[RECORD_BYTES + 1] = {22, 254, 253, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0};
    NEED_CERTIFICATES();
    const pair_t pair = make_pair();
    int fd = -1;
    tls_session_t *const session = begin_handshake(&pair, &fd);
    assert_int_equal(read_once(session), SYNFIX_AGAIN);
    assert_false(tls_session_is_open(session));
    const size_t before = tls_session_bytes(session);
    for (int i = 0; i < 50; i++) {
        later[10] = (uint8_t)i;
        put(&pair, later, sizeof later);
    }
    assert_int_equal(read_once(session), SYNFIX_AGAIN);
    assert_int_equal(count_waiting(fd), 0);
    assert_true(tls_session_bytes(session) >= before + (size_t)50 * 16384);
    end_handshake(&pair, session, fd);
}

/* The datagrams that the listener reads are not those of the session. */
static void datagrams_of_the_listener_do_not_count(void **state)
{
    (void)state;
    NEED_CERTIFICATES();
    const pair_t pair = make_pair();
    int fd = -1;
    tls_session_t *const session = begin_handshake(&pair, &fd);
    assert_int_equal(read_once(session), SYNFIX_AGAIN);
    assert_int_equal(session->handshake_bytes, 0);
    end_handshake(&pair, session, fd);
}

/* A peer that reads nothing: its next message is not read either, so the socket stays readable. */
static void an_answer_waits_for_room(void **state)
{
    (void)state;
    tls_context_t *client = NULL;
    tls_session_t *session = NULL;
    atomic_bool stopping = true;
    synfix_error_t error;
    int ends[2];
    char noise[4096] = "";
    NEED_CERTIFICATES();
    assert_int_equal(make_client("anonymous=yes", &client, &error), SYNFIX_OK);
    tls_context_set_cancel_flag(client, &stopping);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    assert_int_equal(tls_session_open(client, ends[0], "h", &session, &error), SYNFIX_DISCONNECTED);
    while (write(ends[1], noise, sizeof noise) > 0) {
    }
    tls_context_t *const server = make_server(true);
    session = tls_session_accept(server, ends[1]);
    assert_false(tls_session_waits_to_write(session));
    assert_int_equal(read_once(session), SYNFIX_AGAIN);
    assert_true(tls_session_waits_to_write(session));
    while (read(ends[0], noise, sizeof noise) > 0) {
    }
    assert_int_equal(read_once(session), SYNFIX_AGAIN);
    assert_false(tls_session_waits_to_write(session));
    tls_session_close(session);
    tls_context_free(server);
    tls_context_free(client);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_reads_one_datagram),
        cmocka_unit_test(invalid_datagrams_leave_time_for_others),
        cmocka_unit_test(an_empty_datagram_ends_no_session),
        cmocka_unit_test(datagrams_of_a_handshake_count),
        cmocka_unit_test(datagrams_of_the_listener_do_not_count),
        cmocka_unit_test(an_answer_waits_for_room),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, begin, end));
}
