/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/command/p0f_response.h"
#include "app/command/query_client.h"
#include "app/service/query_server.h"
#include "support/host_sightings.h"

#include <glib/gstdio.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct fixture {
    char *directory;
    char *path;
    host_model_t *model;
    address_prefix_t net;
    GString *json;
    synfix_error_t error;
} fixture_t;

static int set_up(void **state)
{
    fixture_t *fixture = g_new0(fixture_t, 1);
    const host_key_t key = sighting_key(7);
    fixture->directory = g_dir_make_tmp("synfix-query-XXXXXX", NULL);
    fixture->path = g_build_filename(fixture->directory, "socket", NULL);
    fixture->model = test_model(0);
    (void)sighting_add(fixture->model, 7, LINUX_TEXT, &linux_label, 0, NULL);
    fixture->net = (address_prefix_t){.address = key.address, .ip_version = 4, .length = 32};
    fixture->json = g_string_new(NULL);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_t *fixture = *state;
    host_model_free(fixture->model);
    g_unlink(fixture->path);
    g_rmdir(fixture->directory);
    g_free(fixture->path);
    g_free(fixture->directory);
    g_string_free(fixture->json, TRUE);
    g_free(fixture);
    return 0;
}

static void a_server_of_ours(void **state)
{
    fixture_t *fixture = *state;
    query_server_t *server = NULL;
    assert_int_equal(query_server_open(fixture->path, 0600, &server, &fixture->error), SYNFIX_OK);
    assert_int_equal(query_server_start(server, fixture->model, &fixture->error), SYNFIX_OK);
    assert_int_equal(query_client_ask(fixture->path, &fixture->net, fixture->json, &fixture->error),
                     SYNFIX_OK);
    assert_memory_equal(fixture->json->str, "[{\"address\":\"192.0.2.7\"", 23);
    fixture->net.address.bytes[3] = 8;
    assert_int_equal(query_client_ask(fixture->path, &fixture->net, fixture->json, &fixture->error),
                     SYNFIX_NOT_FOUND);
    query_server_free(server);
    assert_int_equal(query_client_ask(fixture->path, &fixture->net, fixture->json, &fixture->error),
                     SYNFIX_IO);
    assert_non_null(strstr(fixture->error.text, "--query-socket"));
}

typedef struct fake {
    int listener;
    host_model_t *answers; /* NULL: sends noise */
} fake_t;

/* As p0f does: every request is one of its own, known or not. */
static void *serve_as_p0f(void *user)
{
    const fake_t *fake = user;
    uint8_t request[P0F_API_REQUEST_SIZE];
    uint8_t response[P0F_API_RESPONSE_SIZE];
    const int client = accept(fake->listener, NULL, NULL);
    while (recv(client, request, sizeof request, MSG_WAITALL) == (ssize_t)sizeof request) {
        memset(response, 'x', sizeof response);
        if (fake->answers != NULL) {
            p0f_api_answer(fake->answers, request, response);
        }
        (void)!send(client, response, sizeof response, MSG_NOSIGNAL);
    }
    close(client);
    return NULL;
}

static synfix_status_t ask_fake(fixture_t *fixture, host_model_t *answers)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    fake_t fake = {.listener = socket(AF_UNIX, SOCK_STREAM, 0), .answers = answers};
    pthread_t thread;
    g_unlink(fixture->path);
    g_strlcpy(address.sun_path, fixture->path, sizeof address.sun_path);
    assert_int_equal(bind(fake.listener, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fake.listener, 1), 0);
    assert_int_equal(pthread_create(&thread, NULL, serve_as_p0f, &fake), 0);
    const synfix_status_t status =
        query_client_ask(fixture->path, &fixture->net, fixture->json, &fixture->error);
    pthread_join(thread, NULL);
    close(fake.listener);
    return status;
}

static void a_server_of_p0f(void **state)
{
    fixture_t *fixture = *state;
    assert_int_equal(ask_fake(fixture, fixture->model), SYNFIX_OK);
    assert_non_null(strstr(fixture->json->str, "\"os_name\":\"Linux\",\"os_flavor\":\"5.x\""));
    fixture->net.address.bytes[3] = 8;
    assert_int_equal(ask_fake(fixture, fixture->model), SYNFIX_NOT_FOUND);
    assert_int_equal(ask_fake(fixture, NULL), SYNFIX_INVALID);
}

static void texts_of_p0f_are_cleaned(void **state)
{
    fixture_t *fixture = *state;
    uint8_t response[P0F_API_RESPONSE_SIZE] = {0};
    memset(response + 40, '"', 32); /* not terminated */
    memcpy(response + 104, "a\x01\xffz", 4);
    p0f_response_json(response, &fixture->net, fixture->json);
    assert_non_null(strstr(fixture->json->str, "\"os_name\":\"????????????????????????????????\""));
    assert_non_null(strstr(fixture->json->str, "\"http_name\":\"a??z\""));
    assert_non_null(strstr(fixture->json->str, "\"distance\":0"));
    assert_null(strstr(fixture->json->str, "first_seen"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_server_of_ours, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_server_of_p0f, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_of_p0f_are_cleaned, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
