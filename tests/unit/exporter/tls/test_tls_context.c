/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/tls_peers.h"
#include <sys/stat.h>

/* The files are read again; a file that is missing then leaves the certificates of before in use. */
static void certificates_are_read_again(void **state)
{
    (void)state;
    tls_context_t *client = NULL;
    tls_session_t *session = NULL;
    synfix_error_t error = {.text = ""};
    NEED_CERTIFICATES();
    assert_int_equal(make_client(MUTUAL, &client, &error), SYNFIX_OK);
    assert_int_equal(tls_context_reload(client, &error), SYNFIX_OK);
    assert_int_equal(g_rename("exporter.key", "moved"), 0);
    assert_int_equal(tls_context_reload(client, &error), SYNFIX_INVALID);
    assert_true(g_str_has_prefix(error.text, "key=exporter.key: No such file"));
    assert_int_equal(g_rename("moved", "exporter.key"), 0);
    peer_t peer = {.context = make_server(false)};
    const int fd = connect_to(&peer);
    assert_int_equal(tls_session_open(client, fd, "host.example", &session, &error), SYNFIX_OK);
    tls_session_close(session);
    (void)close(fd);
    (void)pthread_join(peer.thread, NULL);
    tls_context_free(peer.context);
    tls_context_free(client);
}

static void wrong_files(void **state)
{
    (void)state;
    static const tls_files_t rows[] = {
        {.cert = "/nonexistent"},
        {.cert = "collector", .key = "collector"},
        {.cert = "collector", .key = "stranger.key"},
        {.cert = "collector", .key = "collector.key", .ca = "/nonexistent"},
        {.cert = "collector", .key = "collector.key", .ciphers = "NONE"},
        {.cert = NULL},
    };
    static const char *const reasons[] = {"cert=/nonexistent: No such file",
                                          "key=collector: the file contains no private",
                                          "key=stranger.key: ",
                                          "ca=/nonexistent: No such file",
                                          "ciphers=NONE: no cipher",
                                          "no certificate named"};
    NEED_CERTIFICATES();
    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        tls_context_t *context = NULL;
        synfix_error_t error = {.text = ""};
        const size_t row = i / 2;
        assert_int_equal(tls_context_new_server(&rows[row], i % 2 == 1, &context, &error), SYNFIX_INVALID);
        assert_true(g_str_has_prefix(error.text, reasons[row]));
        assert_null(context);
    }
}

/* Otherwise OpenSSL prompts at the terminal. */
static void encrypted_key(void **state)
{
    (void)state;
    const char *const words[] = {"openssl",  "pkey",   "-in",  "collector.key", "-aes128",
                                 "-passout", "pass:x", "-out", "encrypted.key", NULL};
    const tls_files_t files = {.cert = "collector", .key = "encrypted.key"};
    tls_context_t *context = NULL;
    synfix_error_t error = {.text = ""};
    int status = -1;
    NEED_CERTIFICATES();
    assert_true(g_spawn_sync(NULL, (char **)(uintptr_t)words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                             NULL, &status, NULL));
    assert_int_equal(status, 0);
    assert_int_equal(tls_context_new_server(&files, false, &context, &error), SYNFIX_INVALID);
    assert_true(g_str_has_prefix(error.text, "key=encrypted.key: encrypted; write a key without"));
}

/* OpenSSL would wait for the writer of a pipe. */
static void only_regular_files(void **state)
{
    (void)state;
    static const struct {
        tls_files_t files;
        const char *reason;
    } rows[] = {
        {{.cert = "pipe"}, "cert=pipe: not a regular file"},
        {{.cert = "/"}, "cert=/: Is a directory"},
        {{.cert = "collector", .key = "pipe"}, "key=pipe: not a regular file"},
        {{.cert = "collector", .key = "/tmp"}, "key=/tmp: Is a directory"},
        {{.cert = "collector", .key = "collector.key", .ca = "pipe"}, "ca=pipe: not a regular file"},
    };
    NEED_CERTIFICATES();
    assert_int_equal(mkfifo("pipe", 0600), 0);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        tls_context_t *context = NULL;
        synfix_error_t error = {.text = ""};
        assert_int_equal(tls_context_new_server(&rows[i].files, false, &context, &error), SYNFIX_INVALID);
        assert_string_equal(error.text, rows[i].reason);
        assert_null(context);
    }
    /* a directory of authorities is one */
    tls_context_t *context = NULL;
    const tls_files_t files = {.cert = "collector", .key = "collector.key", .ca = "."};
    assert_int_equal(tls_context_new_server(&files, false, &context, NULL), SYNFIX_OK);
    tls_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_are_read_again),
        cmocka_unit_test(wrong_files),
        cmocka_unit_test(encrypted_key),
        cmocka_unit_test(only_regular_files),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, begin, end));
}
