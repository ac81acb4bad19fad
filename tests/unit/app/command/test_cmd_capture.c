/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* `synfix capture` on the loopback interface of a network namespace of its own; skipped where that is not
 * allowed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/commands.h"
#include "support/own_network.h"
#include "support/skip.h"
#include <sys/un.h>

#define SINK "--to json:out.json"
/* A report of coverage and the sanitizers make system calls that the filter forbids; test_privileges.c tests
 * it. */
#define CAPTURE "capture -i lo --no-seccomp --landlock no --sigdb " DATABASE " "

static void write_text(const char *file, const char *text)
{
    assert_true(g_file_set_contents(file, text, -1, NULL));
}

/* Starts a capture with its messages in the file `messages`, and waits until it captures. */
static pid_t begin(const char *line)
{
    const pid_t capture = start(line, "messages");
    await_text("messages", "capturing with ", capture);
    return capture;
}

static void end(pid_t capture, int expected)
{
    g_autofree char *messages = NULL;
    assert_int_equal(kill(capture, SIGTERM), 0);
    const int code = await_exit(capture);
    assert_true(g_file_get_contents("messages", &messages, NULL, NULL));
    if (code != expected) {
        fail_msg("exit code %d, not %d: %s", code, expected, messages);
    }
}

/* Answer of the metrics server of port 9464. */
static char *http(const char *request)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(9464), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    GString *answer = g_string_new(NULL);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    g_autofree char *text =
        g_strdup_printf("%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", request);
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
    char part[4096];
    for (ssize_t got; (got = recv(fd, part, sizeof part, 0)) > 0;) {
        g_string_append_len(answer, part, got);
    }
    (void)close(fd);
    return g_string_free(answer, FALSE);
}

static void assert_http(const char *request, const char *expected)
{
    g_autofree char *answer = http(request);
    if (strstr(answer, expected) == NULL) {
        fail_msg("%s: no '%s': %.800s", request, expected, answer);
    }
}

static void everything_serves_one_capture(void **state)
{
    (void)state;
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    const pid_t capture = begin(CAPTURE SINK " --query-socket socket --metrics-listen 127.0.0.1:9464 "
                                             "--metrics-hosts --metrics-file metrics.prom --ports 9 "
                                             "--log-level debug --flush 10ms");
    send_syn(9);
    await_text("out.json", "\"event_type\"", capture);
    static const command_row_t queries[] = {
        {APP_EXIT_OK, "query -s socket 127.0.0.1", "address: 127.0.0.1\n"},
        {APP_EXIT_INPUT, "query -s socket 192.0.2.1", "no packet of this host"},
    };
    run_rows(queries, G_N_ELEMENTS(queries));
    assert_http("GET /metrics", "\nsynfix_packets_total{worker=");
    assert_http("GET /metrics", "HTTP/1.1 200");
    assert_http("GET /metrics", "\nsynfix_queries_total 2\n");
    assert_http("HEAD /metrics", "HTTP/1.1 200");
    assert_http("POST /metrics", "HTTP/1.1 405");
    assert_http("GET /hosts/127.0.0.1", "\"address\":\"127.0.0.1\"");
    assert_http("GET /hosts/192.0.2.1", "HTTP/1.1 404");
    assert_http("GET /hosts/nowhere", "HTTP/1.1 400");
    assert_http("GET /", "only /metrics and /hosts/ADDRESS");
    assert_int_equal(kill(capture, SIGUSR1), 0);
    await_text("messages", "observed: SYN", capture);
    end(capture, APP_EXIT_OK);
    g_autofree char *metrics = NULL;
    g_autofree char *messages = NULL;
    assert_true(g_file_get_contents("metrics.prom", &metrics, NULL, NULL));
    assert_non_null(strstr(metrics, "synfix_packets_total{worker="));
    assert_non_null(strstr(metrics, "\nsynfix_queries_total 2\n"));
    assert_non_null(strstr(metrics, "\nsynfix_query_connections_refused_total 0\n"));
    assert_true(g_file_get_contents("messages", &messages, NULL, NULL));
    assert_non_null(strstr(messages, "interfaces: lo"));
    assert_non_null(strstr(messages, "filter: ports = 9"));
    assert_non_null(strstr(messages, "sink: json:out.json"));
    assert_false(g_file_test("socket", G_FILE_TEST_EXISTS));
}

static void reloads_change_a_running_capture(void **state)
{
    (void)state;
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    write_text("c.conf", "[filter]\nports = 9\n[export]\nto = json:out.json\n");
    const pid_t capture = begin(CAPTURE "--config c.conf -j 2 --flush 10ms --metrics-listen 127.0.0.1:9464");
    send_syn(9);
    await_text("out.json", "\"dest_port\":9,", capture);
    write_text("c.conf", "[filter]\nports = 10\n[export]\nto = json:out.json; csv:out.csv\n[engine]\n"
                         "uptime = p0f\nhosts = 2k\n");
    assert_int_equal(kill(capture, SIGHUP), 0);
    await_text("messages", "reloaded: database, filters, sinks; changed: ", capture);
    await_text("messages", "a restart is needed: [engine] uptime, [engine] hosts", capture);
    /* the workers apply the filter and the sinks before their next packets */
    while (!has_text("out.json", "\"dest_port\":10,") || !has_text("out.csv", ",10,")) {
        send_syn(10);
        pause_briefly();
    }
    write_text("c.conf", "[filter]\nports = nine\n");
    assert_int_equal(kill(capture, SIGHUP), 0);
    await_text("messages", "not reloaded", capture);
    send_syn(10);
    assert_http("GET /hosts/127.0.0.1", "HTTP/1.1 404"); /* --metrics-hosts is off */
    end(capture, APP_EXIT_OK);
}

/* A process that listens at port 9464 until it is killed. */
static pid_t occupy_port(void)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(9464), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    (void)fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        const int fd = socket(AF_INET, SOCK_STREAM, 0);
        const int on = 1;
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 1) == 0) {
            (void)pause();
        }
        _exit(1);
    }
    await_listener("/proc/net/tcp", 9464, child);
    return child;
}

static void an_address_in_use_is_tried_again(void **state)
{
    (void)state;
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    const pid_t other = occupy_port();
    const pid_t capture = begin(CAPTURE SINK " --metrics-listen 127.0.0.1:9464");
    await_text("messages", "capturing without metrics, the address is tried again every second", capture);
    assert_int_equal(kill(other, SIGKILL), 0);
    assert_int_equal(await_exit(other), -1);
    await_text("messages", "metrics-listen: 127.0.0.1:9464: now in use", capture);
    assert_http("GET /metrics", "HTTP/1.1 200");
    assert_http("GET /", "only /metrics\n");
    end(capture, APP_EXIT_OK);
}

/* A full disk delays the file, not the capture, as later during the capture. */
static void a_full_disk_of_the_metrics_file_is_a_warning(void **state)
{
    (void)state;
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    const pid_t capture = begin(CAPTURE SINK " --metrics-file /dev/full");
    await_text("messages", "metrics-file: /dev/full: No space left on device", capture);
    await_text("messages", "capturing with", capture);
    end(capture, APP_EXIT_OK);
}

/* Receives messages for the service manager until one contains @p text. */
static void await_notice(int manager, const char *text)
{
    char notice[512];
    for (;;) {
        const ssize_t length = recv(manager, notice, sizeof notice - 1, 0);
        assert_true(length > 0);
        notice[length] = '\0';
        if (strstr(notice, text) != NULL) {
            return;
        }
    }
}

static void the_service_manager_is_informed(void **state)
{
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int manager = socket(AF_UNIX, SOCK_DGRAM, 0);
    g_autofree char *path = g_build_filename(*state, "manager", NULL);
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    assert_int_equal(bind(manager, (const struct sockaddr *)&address, sizeof address), 0);
    g_setenv("NOTIFY_SOCKET", path, TRUE);
    g_setenv("WATCHDOG_USEC", "200000", TRUE);
    g_unsetenv("WATCHDOG_PID");
    const pid_t capture = begin(CAPTURE SINK);
    await_notice(manager, "READY=1");
    await_notice(manager, "WATCHDOG=1\nSTATUS=");
    assert_int_equal(kill(capture, SIGHUP), 0);
    await_notice(manager, "RELOADING=1");
    await_notice(manager, "READY=1");
    assert_int_equal(kill(capture, SIGTERM), 0);
    await_notice(manager, "STOPPING=1");
    assert_int_equal(await_exit(capture), APP_EXIT_OK);
    g_unsetenv("NOTIFY_SOCKET");
    g_unsetenv("WATCHDOG_USEC");
    (void)close(manager);
}

static void obstacles_of_a_capture_are_named(void **state)
{
    (void)state;
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    write_text("taken", "a file");
    write_text("bad.conf", "[capture]\ninterface = lo\nbufer = 1M\n[filter]\nports = x\n");
    static const command_row_t rows[] = {
        {APP_EXIT_DEVICE, "capture -i nosuch0 --no-seccomp --to json:-", "nosuch0: no such interface"},
        {APP_EXIT_USAGE, CAPTURE "--query-socket taken", "taken"},
        {APP_EXIT_USAGE, CAPTURE "--query-socket s --query-socket-mode 0999", "0999"},
        {APP_EXIT_USAGE, CAPTURE "--metrics-listen nowhere", "nowhere"},
        {APP_EXIT_SINK, CAPTURE "--metrics-listen 192.0.2.1:9464 --metrics-file missing/file",
         "missing/file"},
        {APP_EXIT_SINK, CAPTURE "--to json:missing/out", "missing/out"},
        {APP_EXIT_USAGE, CAPTURE "--filter 'tcp porrt'", "porrt"},
        {APP_EXIT_USAGE, "capture --config bad.conf", "bad.conf:3: "},
        {APP_EXIT_USAGE, "capture --config bad.conf", "bad.conf:5: "},
        {APP_EXIT_USAGE, "capture --config missing.conf", "missing.conf"},
        {APP_EXIT_OK, "capture -i lo --print-filter --uptime off", "ret"},
        {APP_EXIT_OK, "capture -i any --print-filter --uptime p0f", "ret"},
    };
    run_rows(rows, G_N_ELEMENTS(rows));
}

#define CAPTURE_TEST(function) cmocka_unit_test_setup_teardown(function, make_directory, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CAPTURE_TEST(everything_serves_one_capture),
        CAPTURE_TEST(reloads_change_a_running_capture),
        CAPTURE_TEST(an_address_in_use_is_tried_again),
        CAPTURE_TEST(a_full_disk_of_the_metrics_file_is_a_warning),
        CAPTURE_TEST(the_service_manager_is_informed),
        CAPTURE_TEST(obstacles_of_a_capture_are_named),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, enter_namespace, NULL));
}
