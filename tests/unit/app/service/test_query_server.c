/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/service/p0f_api.h"
#include "app/service/query_server.h"
#include "support/host_sightings.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct fixture {
    char *directory;
    char *path;
    host_model_t *model;
    query_server_t *server;
} fixture_t;

static int set_up(void **state)
{
    fixture_t *fixture = g_new0(fixture_t, 1);
    const host_model_config_t config = {.evidence = false};
    fixture->directory = g_dir_make_tmp("synfix-query-XXXXXX", NULL);
    fixture->path = g_build_filename(fixture->directory, "socket", NULL);
    fixture->model = host_model_new(&config);
    const host_sighting_t sighting = sighting_of(fixture->model, 7, LINUX_TEXT, &linux_label, 0);
    host_model_add(fixture->model, &sighting, NULL);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_t *fixture = *state;
    query_server_free(fixture->server);
    host_model_free(fixture->model);
    g_unlink(fixture->path);
    g_rmdir(fixture->directory);
    g_free(fixture->path);
    g_free(fixture->directory);
    g_free(fixture);
    return 0;
}

static void start(fixture_t *fixture)
{
    synfix_error_t error;
    assert_int_equal(query_server_open(fixture->path, 0600, &fixture->server, &error), SYNFIX_OK);
    assert_int_equal(query_server_start(fixture->server, fixture->model, &error), SYNFIX_OK);
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(descriptor, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

static void make_request(uint8_t *request)
{
    const uint32_t magic = P0F_API_REQUEST_MAGIC;
    memset(request, 0, P0F_API_REQUEST_SIZE);
    memcpy(request, &magic, sizeof magic);
    memcpy(request + 4, (const uint8_t[]){4, 192, 0, 2, 7}, 5);
}

/* Reads a response; false if the server closes the connection instead. */
static bool receive(int descriptor, uint8_t *response)
{
    for (size_t got = 0; got < P0F_API_RESPONSE_SIZE;) {
        const ssize_t now = recv(descriptor, response + got, P0F_API_RESPONSE_SIZE - got, 0);
        if (now <= 0) {
            return false;
        }
        got += (size_t)now;
    }
    return true;
}

static void several_queries_in_one_connection(void **state)
{
    fixture_t *fixture = *state;
    start(fixture);
    const int client = connect_to(fixture->path);
    assert_true(client >= 0);
    for (int i = 0; i < 3; i++) {
        uint8_t request[P0F_API_REQUEST_SIZE];
        uint8_t response[P0F_API_RESPONSE_SIZE];
        make_request(request);
        /* in two parts: a query may arrive split */
        assert_int_equal(send(client, request, 9, MSG_NOSIGNAL), 9);
        assert_int_equal(send(client, request + 9, sizeof request - 9, MSG_NOSIGNAL), sizeof request - 9);
        assert_true(receive(client, response));
        assert_string_equal((const char *)response + 40, "Linux");
    }
    close(client);
    query_server_stats_t stats;
    query_server_stats(fixture->server, &stats);
    assert_int_equal(stats.answered, 3);
}

static void truncated_query(void **state)
{
    fixture_t *fixture = *state;
    start(fixture);
    const int first = connect_to(fixture->path);
    assert_int_equal(send(first, "\x01\x46", 2, MSG_NOSIGNAL), 2);
    shutdown(first, SHUT_WR);
    uint8_t response[P0F_API_RESPONSE_SIZE];
    assert_false(receive(first, response));
    close(first);
}

/* Ends the process with 0 when a query is answered although only @p limit descriptors are allowed. */
static void ask_with_few_descriptors(fixture_t *fixture, rlim_t limit)
{
    uint8_t request[P0F_API_REQUEST_SIZE];
    uint8_t response[P0F_API_RESPONSE_SIZE];
    const struct rlimit few = {limit, limit};
    make_request(request);
    if (setrlimit(RLIMIT_NOFILE, &few) != 0) {
        _exit(2);
    }
    start(fixture);
    const int client = connect_to(fixture->path);
    const bool sent = send(client, request, sizeof request, MSG_NOSIGNAL) == (ssize_t)sizeof request;
    _exit(sent && receive(client, response) ? 0 : 1);
}

/* poll(2) refuses more entries than descriptors are allowed. */
static void fewer_descriptors_than_places(void **state)
{
    const pid_t child = fork();
    if (child == 0) {
        ask_with_few_descriptors(*state, 32);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    unlink(((fixture_t *)*state)->path);
}

static void a_socket_of_another_process_stays(void **state)
{
    fixture_t *fixture = *state;
    start(fixture);
    assert_int_equal(unlink(fixture->path), 0);
    assert_true(g_file_set_contents(fixture->path, "x", 1, NULL));
    query_server_free(fixture->server);
    fixture->server = NULL;
    assert_true(g_file_test(fixture->path, G_FILE_TEST_IS_REGULAR));
}

static void mode_of_the_socket(void **state)
{
    fixture_t *fixture = *state;
    synfix_error_t error;
    assert_int_equal(query_server_open(fixture->path, 0660, &fixture->server, &error), SYNFIX_OK);
    struct stat file;
    assert_int_equal(stat(fixture->path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0660);
}

static void other_files_are_left_alone(void **state)
{
    fixture_t *fixture = *state;
    synfix_error_t error;
    assert_true(g_file_set_contents(fixture->path, "x", 1, NULL));
    assert_int_equal(query_server_open(fixture->path, 0600, &fixture->server, &error), SYNFIX_IO);
    assert_ptr_equal(strstr(error.text, fixture->path), error.text);
    assert_true(g_file_test(fixture->path, G_FILE_TEST_IS_REGULAR));
}

static void a_socket_in_use_is_left_alone(void **state)
{
    fixture_t *fixture = *state;
    start(fixture);
    query_server_t *second = NULL;
    synfix_error_t error;
    assert_int_equal(query_server_open(fixture->path, 0600, &second, &error), SYNFIX_IO);
    assert_null(second);
    const int client = connect_to(fixture->path);
    assert_true(client >= 0);
    close(client);
}

static void a_stale_socket_is_replaced(void **state)
{
    fixture_t *fixture = *state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, fixture->path, sizeof address.sun_path);
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(descriptor, (const struct sockaddr *)&address, sizeof address), 0);
    close(descriptor);
    start(fixture);
    const int client = connect_to(fixture->path);
    assert_true(client >= 0);
    close(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(several_queries_in_one_connection, set_up, tear_down),
        cmocka_unit_test_setup_teardown(truncated_query, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fewer_descriptors_than_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_socket_of_another_process_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(mode_of_the_socket, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_files_are_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_socket_in_use_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stale_socket_is_replaced, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
