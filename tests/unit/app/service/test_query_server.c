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

typedef struct bed {
    char *directory;
    char *path;
    host_model_t *model;
    query_server_t *server;
} bed_t;

static int set_up(void **state)
{
    bed_t *bed = g_new0(bed_t, 1);
    const host_model_config_t config = {.evidence = false};
    bed->directory = g_dir_make_tmp("synfix-query-XXXXXX", NULL);
    bed->path = g_build_filename(bed->directory, "socket", NULL);
    bed->model = host_model_new(&config);
    const host_sighting_t sighting = sighting_of(bed->model, 7, LINUX_TEXT, &linux_label, 0);
    host_model_add(bed->model, &sighting, NULL);
    *state = bed;
    return 0;
}

static int tear_down(void **state)
{
    bed_t *bed = *state;
    query_server_free(bed->server);
    host_model_free(bed->model);
    g_unlink(bed->path);
    g_rmdir(bed->directory);
    g_free(bed->path);
    g_free(bed->directory);
    g_free(bed);
    return 0;
}

static void start(bed_t *bed)
{
    synfix_error_t error;
    assert_int_equal(query_server_open(bed->path, 0600, &bed->server, &error), SYNFIX_OK);
    assert_int_equal(query_server_start(bed->server, bed->model, &error), SYNFIX_OK);
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
    bed_t *bed = *state;
    start(bed);
    const int client = connect_to(bed->path);
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
    query_server_stats(bed->server, &stats);
    assert_int_equal(stats.answered, 3);
}

static void truncated_query(void **state)
{
    bed_t *bed = *state;
    start(bed);
    const int first = connect_to(bed->path);
    assert_int_equal(send(first, "\x01\x46", 2, MSG_NOSIGNAL), 2);
    shutdown(first, SHUT_WR);
    uint8_t response[P0F_API_RESPONSE_SIZE];
    assert_false(receive(first, response));
    close(first);
}

/* Ends the process with 0 when a query is answered although only @p limit descriptors are allowed. */
static void ask_with_few_descriptors(bed_t *bed, rlim_t limit)
{
    uint8_t request[P0F_API_REQUEST_SIZE];
    uint8_t response[P0F_API_RESPONSE_SIZE];
    const struct rlimit few = {limit, limit};
    make_request(request);
    if (setrlimit(RLIMIT_NOFILE, &few) != 0) {
        _exit(2);
    }
    start(bed);
    const int client = connect_to(bed->path);
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
    unlink(((bed_t *)*state)->path);
}

static void a_socket_of_another_process_stays(void **state)
{
    bed_t *bed = *state;
    start(bed);
    assert_int_equal(unlink(bed->path), 0);
    assert_true(g_file_set_contents(bed->path, "x", 1, NULL));
    query_server_free(bed->server);
    bed->server = NULL;
    assert_true(g_file_test(bed->path, G_FILE_TEST_IS_REGULAR));
}

static void mode_of_the_socket(void **state)
{
    bed_t *bed = *state;
    synfix_error_t error;
    assert_int_equal(query_server_open(bed->path, 0660, &bed->server, &error), SYNFIX_OK);
    struct stat file;
    assert_int_equal(stat(bed->path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0660);
}

static void other_files_are_left_alone(void **state)
{
    bed_t *bed = *state;
    synfix_error_t error;
    assert_true(g_file_set_contents(bed->path, "x", 1, NULL));
    assert_int_equal(query_server_open(bed->path, 0600, &bed->server, &error), SYNFIX_IO);
    assert_ptr_equal(strstr(error.text, bed->path), error.text);
    assert_true(g_file_test(bed->path, G_FILE_TEST_IS_REGULAR));
}

static void a_socket_in_use_is_left_alone(void **state)
{
    bed_t *bed = *state;
    start(bed);
    query_server_t *second = NULL;
    synfix_error_t error;
    assert_int_equal(query_server_open(bed->path, 0600, &second, &error), SYNFIX_IO);
    assert_null(second);
    const int client = connect_to(bed->path);
    assert_true(client >= 0);
    close(client);
}

static void a_stale_socket_is_replaced(void **state)
{
    bed_t *bed = *state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, bed->path, sizeof address.sun_path);
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(descriptor, (const struct sockaddr *)&address, sizeof address), 0);
    close(descriptor);
    start(bed);
    const int client = connect_to(bed->path);
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
