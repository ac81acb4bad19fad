/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Each command as a process of its own: exit code, and a text that it must print. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/command/commands.h"
#include "app/common/exit_codes.h"
#include "support/pause.h"
#include "support/skip.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define WEB      SYNFIX_TEST_DATA "/web.pcap"
#define VXLAN    SYNFIX_TEST_DATA "/vxlan.pcap"
#define DATABASE SYNFIX_SOURCE_DIR "/sigdb/synfix.fp"

/* One labelled SYN of Windows 10, as sigdb test reads them. */
static const char labelled[] =
    "{\"source\": \"a\", \"os\": \"Windows\", \"os_version\": \"10\", \"ipver\": 4, \"ttl\": 128, \"df\": 1, "
    "\"ip_id\": 55568, \"ip_id_nz\": 1, \"flags\": 2, \"win\": 64240, \"mss\": 1460, \"wscale\": 8, "
    "\"opts\": [\"mss\", \"nop\", \"ws\", \"nop\", \"nop\", \"sok\"], \"quirks\": [\"df\", \"id+\"]}\n";

static int make_directory(void **state)
{
    char *path = g_dir_make_tmp("synfix-XXXXXX", NULL);
    *state = path;
    return path == NULL || chdir(path) != 0 || !g_file_set_contents("labels.jsonl", labelled, -1, NULL);
}

static int remove_directory(void **state)
{
    g_autoptr(GDir) files = g_dir_open(*state, 0, NULL);
    for (const char *name; files != NULL && (name = g_dir_read_name(files)) != NULL;) {
        (void)g_unlink(name);
    }
    const int result = chdir("/") != 0 || g_rmdir(*state) != 0;
    g_free(*state);
    return result;
}

/* The parser removes words from the array that it receives; the texts stay in @p words, which a leak checker
 * sees. */
static int run_command(const cli_command_t *command, int count, char **words)
{
    static char **volatile kept; /* volatile: an optimiser drops a variable that nobody reads */
    static char **volatile left;
    kept = words;
    left = g_memdup2(kept, ((gsize)count + 1) * sizeof *kept);
    return command->run(count, left);
}

/* Runs @p line in a child, with both outputs in the file `output`. A command may end its process. */
static int run(const char *line, char **output)
{
    g_auto(GStrv) words = NULL;
    int count = 0;
    int status = 0;
    assert_true(g_shell_parse_argv(line, &count, &words, NULL));
    const cli_command_t *command = commands_find(words[0]);
    assert_non_null(command);
    (void)fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        const int file = open("output", O_CREAT | O_TRUNC | O_WRONLY, 0600);
        if (file < 0 || dup2(file, STDOUT_FILENO) < 0 || dup2(file, STDERR_FILENO) < 0) {
            _exit(99);
        }
        exit(run_command(command, count, words));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(g_file_get_contents("output", output, NULL, NULL));
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void each_command(void **state)
{
    (void)state;
    static const struct {
        int code;
        const char *line;
        const char *text; /* part of the output */
    } rows[] = {
        {APP_EXIT_OK, "read --quiet " WEB " --to csv:out.csv --to file:out.ipfix --to json:out.json", ""},
        {APP_EXIT_OK, "read " WEB " --to text:-", "13"},
        {APP_EXIT_OK, "read --dry-run --quiet " WEB, "source     file "},
        {APP_EXIT_OK, "read --quiet -j 2 --filter tcp " VXLAN " --to json:-", "\"event_type\""},
        {APP_EXIT_USAGE, "read", "no capture file"},
        {APP_EXIT_USAGE, "read " WEB " --to nowhere:x", "no such sink"},
        {APP_EXIT_USAGE, "read " WEB " --filter 'tcp porrt'", "filter"},
        {APP_EXIT_USAGE, "read " WEB " --no-such-option", "no such option"},
        {APP_EXIT_INPUT, "read missing.pcap", "missing.pcap"},
        {APP_EXIT_SINK, "read --quiet " WEB " --to json:missing/out", "missing/out"},
        {APP_EXIT_USAGE, "capture", "no interface named"},
        {APP_EXIT_USAGE, "capture eth0", "unexpected word"},
        {APP_EXIT_OK, "capture --list-interfaces", "lo"},
        {APP_EXIT_OK, "capture -i lo --check-config", "the configuration is valid"},
        {APP_EXIT_USAGE, "capture -i lo --check-config --to nowhere:x --uptime never", "uptime: 'never'"},
        {APP_EXIT_OK, "capture -i lo --print-filter --ports 80", "ret"},
        {APP_EXIT_OK, "capture -i lo --print-filter --no-kernel-filter", "everything passes"},
        {APP_EXIT_USAGE, "capture -i lo --print-filter --filter 'tcp porrt'", "filter"},
        {APP_EXIT_OK, "modules", "community-id"},
        {APP_EXIT_OK, "modules tcp", "failover"},
        {APP_EXIT_USAGE, "modules tpc", "did you mean 'tcp'"},
        {APP_EXIT_OK, "elements", "tcpSignature"},
        {APP_EXIT_OK, "elements --format pmacct", "name="},
        {APP_EXIT_OK, "elements --check " SYNFIX_SOURCE_DIR "/ipfix-templates/compact.profile", "template"},
        {APP_EXIT_USAGE, "elements --format no-such-format", "no-such-format"},
        {APP_EXIT_OK, "dump out.ipfix", "sourceIPv4Address"},
        {APP_EXIT_OK, "dump --format json out.ipfix", "\"sourceIPv4Address\""},
        {APP_EXIT_OK, "dump --format csv --options out.ipfix", "sourceIPv4Address"},
        {APP_EXIT_USAGE, "dump --format no-such-format out.ipfix", "no-such-format"},
        {APP_EXIT_INPUT, "dump missing.ipfix", "missing.ipfix"},
        {APP_EXIT_INPUT, "recover out.ipfix", "ends in .part"},
        {APP_EXIT_INPUT, "recover missing.part", "missing.part"},
        {APP_EXIT_USAGE, "recover", ""},
        {APP_EXIT_OK, "sigdb lint " DATABASE, ""},
        {APP_EXIT_OK, "sigdb explain " WEB ":1", ""},
        {APP_EXIT_OK, "sigdb explain '4:64+0:0:1460:mss*44,7:mss,sok,ts,nop,ws:df,id+:0'", ""},
        {APP_EXIT_OK, "sigdb learn " WEB " --label s:other:Camera:", "classes"},
        {APP_EXIT_OK, "sigdb diff " DATABASE " " DATABASE " " WEB, ""},
        {APP_EXIT_USAGE, "sigdb", "no action named"},
        {APP_EXIT_USAGE, "sigdb lnit", "did you mean 'lint'"},
        {APP_EXIT_OK, "sigdb convert " DATABASE, "[tcp:request]"},
        {APP_EXIT_OK, "sigdb test --sigdb " DATABASE " labels.jsonl", "family_right=100.00"},
        {APP_EXIT_OK, "sigdb test --sigdb " DATABASE " labels.jsonl --min family_right=99 --all", "n=1"},
        {APP_EXIT_OK, "sigdb calibrate --sigdb " DATABASE " labels.jsonl", "quality"},
        {APP_EXIT_INPUT, "sigdb test missing.jsonl", "missing.jsonl"},
        {APP_EXIT_USAGE, "sigdb test", ""},
        {APP_EXIT_OK, "read --quiet " WEB " --to inventory:hosts.db?age=0", ""},
        {APP_EXIT_OK, "hosts " WEB, "10.0.2.15"},
        {APP_EXIT_OK, "hosts hosts.db --format csv", "10.0.2.15"},
        {APP_EXIT_OK, "hosts hosts.db " WEB " --format json --net 10.0.0.0/8", "\"observations\":26"},
        {APP_EXIT_OK, "hosts " WEB " --sort share --top 1 --os Linux --since 2014-01-01", "Linux"},
        {APP_EXIT_USAGE, "hosts", "no input named"},
        {APP_EXIT_USAGE, "hosts " WEB " --sort size", "is not an order"},
        {APP_EXIT_INPUT, "hosts missing.pcap", "missing.pcap"},
        {APP_EXIT_OK, "report " WEB " --output report.html", ""},
        {APP_EXIT_OK, "report " WEB " --format md --output -", "`10.0.2.15`"},
        {APP_EXIT_OK, "report hosts.db --format json --output -", "\"hosts\""},
        {APP_EXIT_SINK, "report " WEB " --output missing/report.html", "missing/report.html"},
        {APP_EXIT_USAGE, "report " WEB " --format xml", "is not a format"},
        {APP_EXIT_OK, "help hosts", "synfix hosts"},
        {APP_EXIT_OK, "hosts --help", "--net"},
        {APP_EXIT_OK, "help", "capture"},
        {APP_EXIT_OK, "help read", "synfix read"},
        {APP_EXIT_USAGE, "help raed", "no such command"},
        {APP_EXIT_OK, "collect --help", "synfix collect"},
        {APP_EXIT_USAGE, "collect --listen nowhere", "nowhere"},
        {APP_EXIT_USAGE, "collect --to no-such-output", "no-such-output"},
    };
    unsigned wrong = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *output = NULL;
        const int code = run(rows[i].line, &output);
        if (code != rows[i].code || strstr(output, rows[i].text) == NULL) {
            print_error("%s: exit code %d, not %d: %.400s\n", rows[i].line, code, rows[i].code, output);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* A port that is free now, in both protocols as far as a test can know. */
static unsigned free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    (void)close(fd);
    return ntohs(address.sin_port);
}

static pid_t start(const char *line, const char *output)
{
    g_auto(GStrv) words = NULL;
    int count = 0;
    assert_true(g_shell_parse_argv(line, &count, &words, NULL));
    (void)fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        const int file = open(output, O_CREAT | O_TRUNC | O_WRONLY, 0600);
        if (file < 0 || dup2(file, STDOUT_FILENO) < 0 || dup2(file, STDERR_FILENO) < 0) {
            _exit(99);
        }
        exit(run_command(commands_find(words[0]), count, words));
    }
    return child;
}

/* Until the kernel lists a socket that is bound to @p port. */
static void await_listener(const char *table, unsigned port)
{
    g_autofree char *address = g_strdup_printf("0100007F:%04X ", port);
    for (;;) {
        g_autofree char *text = NULL;
        assert_true(g_file_get_contents(table, &text, NULL, NULL));
        if (strstr(text, address) != NULL) {
            return;
        }
        pause_briefly();
    }
}

/* From a capture through a sink and a socket to the collecting process. */
static void each_transport(void **state)
{
    (void)state;
    static const struct {
        const char *scheme;
        const char *table;
        const char *collector;
        const char *exporter;
    } rows[] = {
        {"tcp", "/proc/net/tcp", "", "?retain=1M"},
        {"udp", "/proc/net/udp", "", ""},
        {"tls", "/proc/net/tcp", "?ca=cert.pem&cert=cert.pem&key=key.pem&anonymous=yes",
         "?ca=cert.pem&anonymous=yes"},
        {"dtls", "/proc/net/udp", "?ca=cert.pem&cert=cert.pem&key=key.pem&anonymous=yes",
         "?ca=cert.pem&anonymous=yes"},
    };
    g_autofree char *noise = NULL;
    if (!g_spawn_command_line_sync(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
            "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out "
            "cert.pem",
            NULL, &noise, NULL, NULL)) {
        SKIP("no openssl command");
    }
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const unsigned port = free_port();
        g_autofree char *collect =
            g_strdup_printf("collect --listen '%s://127.0.0.1:%u%s' --to json --count 20 --idle 20",
                            rows[i].scheme, port, rows[i].collector);
        g_autofree char *read = g_strdup_printf("read --quiet " WEB " --to '%s://127.0.0.1:%u%s'",
                                                rows[i].scheme, port, rows[i].exporter);
        g_autofree char *records = NULL;
        g_autofree char *output = NULL;
        int status = 0;
        const pid_t collector = start(collect, "records");
        await_listener(rows[i].table, port);
        const int code = run(read, &output);
        if (code != APP_EXIT_OK) {
            print_error("%s: exit code %d: %.300s\n", read, code, output);
        }
        assert_int_equal(code, APP_EXIT_OK);
        assert_int_equal(waitpid(collector, &status, 0), collector);
        assert_true(g_file_get_contents("records", &records, NULL, NULL));
        if (strstr(records, "\"tcpSignature\"") == NULL) {
            fail_msg("%s: %.300s", collect, records);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_command, make_directory, remove_directory),
        cmocka_unit_test_setup_teardown(each_transport, make_directory, remove_directory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
