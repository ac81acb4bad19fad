/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Against a server of the test's own that answers as it is reported: what a real one does is in
 * interop.redis. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "exporter/output/redis_output.h"
#include "module/module_options.h"

static const synfix_option_t list[] = {REDIS_OPTIONS, {.name = NULL}};
static const synfix_module_t module = {.name = "demo", .options = list};
static char path[] = "/tmp/synfix-redis-XXXXXX/socket";
static atomic_bool stopping;

/* The first connection gets `answers` answers and is closed; further ones are answered in full. */
typedef struct server {
    int listener;
    unsigned answers;
    const char *answer;
    bool trickles;   /* answers are sent byte by byte, without an end */
    char seen[8192]; /* of all connections */
    size_t length;
    pthread_t thread;
} server_t;

static void trickle(int connection)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    (void)send(connection, "$60000\r\n", 8, MSG_NOSIGNAL);
    while (send(connection, "x", 1, MSG_NOSIGNAL) == 1) {
        (void)nanosleep(&pause, NULL);
    }
}

/* Commands are counted by what every one of these tests' begins with. */
static void serve(server_t *server, int connection, unsigned answers)
{
    char buffer[2048];
    ssize_t length;
    while ((length = recv(connection, buffer, sizeof buffer, 0)) > 0) {
        assert_true(server->length + (size_t)length < sizeof server->seen);
        memcpy(server->seen + server->length, buffer, (size_t)length);
        server->length += (size_t)length;
        if (server->trickles) {
            trickle(connection);
            return;
        }
        for (ssize_t i = 0; i < length; i++) {
            if (buffer[i] == '*') {
                if (answers-- == 0) {
                    return;
                }
                (void)send(connection, server->answer, strlen(server->answer), MSG_NOSIGNAL);
            }
        }
    }
}

static void *server_main(void *user)
{
    server_t *server = user;
    unsigned answers = server->answers;
    for (;;) {
        const int connection = accept(server->listener, NULL, NULL);
        if (connection < 0) {
            return NULL;
        }
        serve(server, connection, answers);
        (void)close(connection);
        answers = 1000;
    }
}

static void server_start(server_t *server, unsigned answers, const char *answer)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    *server = (server_t){.answers = answers, .answer = answer};
    (void)unlink(path);
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    server->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(server->listener, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server->listener, 4), 0);
    assert_int_equal(pthread_create(&server->thread, NULL, server_main, server), 0);
}

static void server_stop(server_t *server)
{
    (void)shutdown(server->listener, SHUT_RDWR);
    (void)close(server->listener);
    (void)pthread_join(server->thread, NULL);
}

static synfix_status_t make(const char *target, const char *settings, redis_t **redis, synfix_error_t *error)
{
    synfix_options_t *options = NULL;
    synfix_status_t status = module_options_make(&module, target, settings, &options, error);
    status = status == SYNFIX_OK ? redis_new(target, options, &stopping, redis, error) : status;
    module_options_free(options);
    return status;
}

static redis_t *connected(const char *settings)
{
    redis_t *redis = NULL;
    synfix_error_t error = {.text = ""};
    assert_int_equal(make(path, settings, &redis, &error), SYNFIX_OK);
    assert_int_equal(redis_connect(redis, &error), SYNFIX_OK);
    return redis;
}

static void commands(void **state)
{
    (void)state;
    static const struct {
        const char *settings;
        const char *wanted;
    } table[] = {
        {NULL, "*3\r\n$5\r\nLPUSH\r\n$8\r\nsuricata\r\n$1\r\na\r\n*3\r\n$5\r\nLPUSH\r\n$8\r\nsuricata\r\n$"
               "2\r\nbc\r\n"},
        {"mode=rpush&key=k",
         "*3\r\n$5\r\nRPUSH\r\n$1\r\nk\r\n$1\r\na\r\n*3\r\n$5\r\nRPUSH\r\n$1\r\nk\r\n$2\r\nbc\r\n"},
        {"mode=channel&key=k",
         "*3\r\n$7\r\nPUBLISH\r\n$1\r\nk\r\n$1\r\na\r\n*3\r\n$7\r\nPUBLISH\r\n$1\r\nk\r\n$2\r\nbc\r\n"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        server_t server;
        redis_result_t result;
        synfix_error_t error;
        server_start(&server, 1000, ":1\r\n");
        redis_t *redis = connected(table[i].settings);
        assert_int_equal(redis_write(redis, "a\nbc\n", 5, &result, &error), SYNFIX_OK);
        assert_int_equal(result.accepted, 2);
        assert_int_equal(result.refused + result.again, 0);
        redis_free(redis);
        server_stop(&server);
        assert_string_equal(server.seen, table[i].wanted);
    }
}

static void a_broken_connection_is_made_once_again(void **state)
{
    (void)state;
    server_t server;
    redis_result_t result;
    synfix_error_t error;
    server_start(&server, 2, ":1\r\n");
    redis_t *redis = connected("mode=rpush&key=k");
    assert_int_equal(redis_write(redis, "1\n2\n3\n4\n5\n", 10, &result, &error), SYNFIX_OK);
    assert_int_equal(result.accepted, 5);
    assert_int_equal(result.again, 3); /* two had their answer */
    redis_free(redis);
    server_stop(&server);
    assert_non_null(strstr(server.seen, "$1\r\n5\r\n*3\r\n$5\r\nRPUSH\r\n$1\r\nk\r\n$1\r\n3\r\n"));
}

static void a_server_that_went_away(void **state)
{
    (void)state;
    server_t server;
    redis_result_t result;
    synfix_error_t error;
    server_start(&server, 1, ":1\r\n");
    redis_t *redis = connected(NULL);
    (void)unlink(path); /* no server to connect to */
    assert_int_equal(redis_write(redis, "1\n2\n", 4, &result, &error), SYNFIX_DISCONNECTED);
    assert_int_equal(result.accepted, 1);
    assert_ptr_equal(strstr(error.text, path), error.text);
    assert_int_equal(redis_descriptor(redis), -1);
    redis_free(redis);
    server_stop(&server);
}

/* Such a server would keep the sink from its end. */
static void a_reply_without_end_is_no_answer(void **state)
{
    (void)state;
    server_t server;
    redis_result_t result;
    synfix_error_t error;
    server_start(&server, 0, NULL);
    server.trickles = true;
    redis_t *redis = connected("timeout=200ms");
    assert_int_equal(redis_write(redis, "1\n", 2, &result, &error), SYNFIX_DISCONNECTED);
    assert_non_null(strstr(error.text, "no answer in time"));
    redis_free(redis);
    server_stop(&server);
}

static void a_long_reply_is_refused(void **state)
{
    (void)state;
    static char answer[100001];
    server_t server;
    redis_result_t result;
    synfix_error_t error;
    memset(answer, 'x', sizeof answer - 1);
    memcpy(answer, "$2000000000\r\n", 13);
    server_start(&server, 1000, answer);
    redis_t *redis = connected(NULL);
    assert_int_equal(redis_write(redis, "1\n", 2, &result, &error), SYNFIX_DISCONNECTED);
    assert_non_null(strstr(error.text, "too long"));
    redis_free(redis);
    server_stop(&server);
}

/* Few bytes state many parts, each of which costs memory. */
static void a_reply_with_a_list_is_refused(void **state)
{
    (void)state;
    static const char *const answers[] = {
        "*2\r\n:1\r\n:1\r\n", "*100000000\r\n:1\r\n",       "*1\r\n*1\r\n*1\r\n:1\r\n", "%1\r\n:1\r\n:1\r\n",
        "~1\r\n:1\r\n",       ">2\r\n$4\r\npush\r\n:1\r\n", "|1\r\n:1\r\n:1\r\n:1\r\n",
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        server_t server;
        redis_result_t result;
        synfix_error_t error = {.text = ""};
        server_start(&server, 1000, answers[i]);
        redis_t *redis = connected(NULL);
        assert_int_equal(redis_write(redis, "1\n", 2, &result, &error), SYNFIX_DISCONNECTED);
        assert_int_equal(result.accepted, 0);
        assert_non_null(strstr(error.text, "a reply with a list; name a Redis server"));
        redis_free(redis);
        server_stop(&server);
    }
}

static void text_that_begins_as_a_list_is_a_reply(void **state)
{
    (void)state;
    server_t server;
    redis_result_t result;
    synfix_error_t error;
    server_start(&server, 1000, "$3\r\n*1\n\r\n");
    redis_t *redis = connected(NULL);
    assert_int_equal(redis_write(redis, "1\n2\n", 4, &result, &error), SYNFIX_OK);
    assert_int_equal(result.accepted, 2);
    redis_free(redis);
    server_stop(&server);
}

static void refusals_are_counted_and_reported(void **state)
{
    (void)state;
    server_t server;
    redis_result_t result;
    synfix_error_t error;
    server_start(&server, 1000, "-OOM command not allowed\r\n");
    redis_t *redis = connected(NULL);
    assert_int_equal(redis_write(redis, "1\n2\n3\n", 6, &result, &error), SYNFIX_OK);
    assert_int_equal(result.accepted, 0);
    assert_int_equal(result.refused, 3);
    assert_non_null(strstr(error.text, "OOM command not allowed"));
    redis_free(redis);
    server_stop(&server);
}

static void targets_and_options(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        const char *settings;
        const char *reason; /* NULL: good */
    } table[] = {
        {"localhost", NULL, NULL},
        {"localhost:6380", NULL, NULL},
        {"[::1]:6380", NULL, NULL},
        {"[::1]", NULL, NULL},
        {"/run/redis.sock", "mode=xadd&stream-length=0", NULL},
        {"localhost:", NULL, "'localhost:': port '' is not a port"},
        {"localhost:0", NULL, "write a number from 1"},
        {"localhost:65536", NULL, "write a number from 1"},
        {"localhost:12x", NULL, "write a number from 1"},
        {"[::1", NULL, "HOST:PORT"},
        {":6379", NULL, "HOST:PORT"},
        {"[::1]x", NULL, "HOST:PORT"},
        {"localhost", "mode=queue", "mode: 'queue' is unknown"},
        {"localhost", "username=a", "username without a password; add password-file"},
        {"localhost", "password-file=/nonexistent/x", "password-file /nonexistent/x: "},
        {"localhost", "password-file=/dev/null", "not a regular file"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        redis_t *redis = NULL;
        synfix_error_t error = {.text = ""};
        const synfix_status_t status = make(table[i].target, table[i].settings, &redis, &error);
        assert_int_equal(status == SYNFIX_OK, table[i].reason == NULL);
        if (status == SYNFIX_OK) {
            redis_free(redis);
        } else {
            assert_non_null(strstr(error.text, table[i].reason));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands),
        cmocka_unit_test(a_broken_connection_is_made_once_again),
        cmocka_unit_test(a_server_that_went_away),
        cmocka_unit_test(a_reply_without_end_is_no_answer),
        cmocka_unit_test(a_long_reply_is_refused),
        cmocka_unit_test(a_reply_with_a_list_is_refused),
        cmocka_unit_test(text_that_begins_as_a_list_is_a_reply),
        cmocka_unit_test(refusals_are_counted_and_reported),
        cmocka_unit_test(targets_and_options),
    };
    char *name = strrchr(path, '/');
    *name = '\0';
    assert_non_null(mkdtemp(path));
    *name = '/';
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)unlink(path);
    *name = '\0';
    (void)rmdir(path);
    return failed;
}
