/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/exporter/collector/collecting_process.h"

#define HELLOS 10000

synfix_status_t __wrap_tls_session_listen(tls_context_t *context, int fd, int *peer_fd,
                                          tls_session_t **session, synfix_error_t *error);

static int calls;

/* Exporters that send hellos with a cookie faster than sessions begin. */
synfix_status_t __wrap_tls_session_listen(tls_context_t *context, int fd, int *peer_fd,
                                          tls_session_t **session, synfix_error_t *error)
{
    (void)context;
    (void)fd;
    (void)error;
    *peer_fd = -1; /* such a session ends at once */
    *session = NULL;
    return ++calls < HELLOS ? SYNFIX_OK : SYNFIX_AGAIN;
}

static void hellos_with_a_cookie_leave_time_for_others(void **state)
{
    const collecting_process_t *const process = *state;
    GSocket *const socket =
        g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
    listener_t listener = {.collect = process->collect, .socket = socket};
    assert_non_null(socket);
    assert_int_equal(collect_on_hello(socket, G_IO_IN, &listener), G_SOURCE_CONTINUE);
    assert_int_equal(calls, BURST);
    g_object_unref(socket);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(hellos_with_a_cookie_leave_time_for_others, collecting_process_set_up,
                                        collecting_process_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
