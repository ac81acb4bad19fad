/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/service/query_server.h"
#include "support/commands.h"
#include "support/host_sightings.h"
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>

/* Serves a model until a signal ends it. 192.0.2.1 has one system, 192.0.2.2 alternates. */
static int serve(void)
{
    query_server_t *server = NULL;
    synfix_error_t error;
    host_model_t *model = test_model(0);
    (void)sighting_add(model, 1, LINUX_TEXT, &linux_label, 1, NULL);
    for (unsigned i = 0; i < 20; i++) {
        synfix_host_change_t change;
        (void)sighting_add(model, 2, i % 2 != 0 ? WINDOWS_TEXT : LINUX_TEXT,
                           i % 2 != 0 ? &windows_label : &linux_label, 10 + i, &change);
    }
    if (query_server_open("socket", 0600, &server, &error) != SYNFIX_OK ||
        query_server_start(server, model, &error) != SYNFIX_OK) {
        return 1;
    }
    for (;;) {
        (void)pause();
    }
}

static pid_t server_process;

/* The file exists before the server listens. */
static bool listens(void)
{
    const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
    const int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    const bool connected = connect(descriptor, (const struct sockaddr *)&address, sizeof address) == 0;
    (void)close(descriptor);
    return connected;
}

static int start_server(void **state)
{
    if (make_directory(state) != 0) {
        return 1;
    }
    (void)fflush(NULL);
    server_process = fork();
    if (server_process == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        _exit(serve());
    }
    while (!listens()) {
        if (waitpid(server_process, NULL, WNOHANG) != 0) {
            return 1;
        }
        pause_briefly();
    }
    return 0;
}

static int stop_server(void **state)
{
    (void)kill(server_process, SIGKILL);
    (void)waitpid(server_process, NULL, 0);
    return remove_directory(state);
}

static void answers_are_printed(void **state)
{
    (void)state;
    static const command_row_t rows[] = {
        {APP_EXIT_OK, "query -s socket 192.0.2.1", "address: 192.0.2.1\n"},
        {APP_EXIT_OK, "query -s socket 192.0.2.1", "Linux 5.x"},
        {APP_EXIT_OK, "query -s socket 192.0.2.1 --format json", "[{\"address\":\"192.0.2.1\""},
        {APP_EXIT_OK, "query -s socket 192.0.2.1 192.0.2.2", "address: 192.0.2.2\n"},
        {APP_EXIT_OK, "query -s socket 192.0.2.2", "  reasons: families,"},
        {APP_EXIT_INPUT, "query -s socket 192.0.2.9", "192.0.2.9: no packet of this host was seen"},
        {APP_EXIT_INPUT, "query -s socket 192.0.2.9 192.0.2.1", "address: 192.0.2.1\n"},
        {APP_EXIT_INPUT, "query -s socket 2001:db8::1", "2001:db8::1: no packet of this host"},
    };
    run_rows(rows, G_N_ELEMENTS(rows));
}

static void mistakes_are_named(void **state)
{
    (void)state;
    static const command_row_t rows[] = {
        {APP_EXIT_USAGE, "query", "no address; write synfix query ADDRESS"},
        {APP_EXIT_USAGE, "query -s socket 192.0.2.0/24", "192.0.2.0/24: not an address"},
        {APP_EXIT_USAGE, "query -s socket example.org", "example.org: not an address"},
        {APP_EXIT_USAGE, "query -s socket 192.0.2.1 --format xml", "'xml' is not a format"},
        {APP_EXIT_INPUT, "query -s missing 192.0.2.1", "start synfix capture with --query-socket"},
    };
    run_rows(rows, G_N_ELEMENTS(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_are_printed, start_server, stop_server),
        cmocka_unit_test_setup_teardown(mistakes_are_named, start_server, stop_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
