/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Each command as a process of its own: exit code, and a text that it must print. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/commands.h"
#include "support/skip.h"

/* One labelled SYN of Windows 10, as sigdb test reads them. */
static const char labelled[] =
    "{\"source\": \"a\", \"os\": \"Windows\", \"os_version\": \"10\", \"ipver\": 4, \"ttl\": 128, \"df\": 1, "
    "\"ip_id\": 55568, \"ip_id_nz\": 1, \"flags\": 2, \"win\": 64240, \"mss\": 1460, \"wscale\": 8, "
    "\"opts\": [\"mss\", \"nop\", \"ws\", \"nop\", \"nop\", \"sok\"], \"quirks\": [\"df\", \"id+\"]}\n";

static int make_labels(void **state)
{
    return make_directory(state) != 0 || !g_file_set_contents("labels.jsonl", labelled, -1, NULL);
}

static void each_command(void **state)
{
    (void)state;
    static const command_row_t rows[] = {
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
        {APP_EXIT_USAGE, "capture --list-interfaces extra", "extra: unexpected word"},
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
        {APP_EXIT_OK, "dump --format csv out.ipfix", "sourceIPv4Address"},
        {APP_EXIT_USAGE, "dump --format csv --options out.ipfix", "only text and json"},
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
        {APP_EXIT_USAGE, "collect --no-landlock --no-seccomp --listen nowhere", "nowhere"},
        {APP_EXIT_USAGE, "collect --to no-such-output", "no-such-output"},
    };
    run_rows(rows, G_N_ELEMENTS(rows));
}

static void help_of_all_kinds(void **state)
{
    (void)state;
    static const command_row_t rows[] = {
        {APP_EXIT_OK, "help --man capture", ".TH SYNFIX-CAPTURE"},
        {APP_EXIT_OK, "help --man synfix.conf", ".TH SYNFIX.CONF"},
        {APP_EXIT_USAGE, "help --man raed", "did you mean 'read'"},
        {APP_EXIT_OK, "help --completion bash", "complete -"},
        {APP_EXIT_OK, "help --completion zsh", "#compdef synfix"},
        {APP_EXIT_OK, "help --completion fish", "complete -c synfix"},
        {APP_EXIT_USAGE, "help --completion csh", "'csh' is not supported"},
    };
    run_rows(rows, G_N_ELEMENTS(rows));
}

/* A label that no entry of this database gives to the labelled SYN. */
static const char other_database[] = "classes = win,unix,other\n[tcp:request]\nlabel = s:unix:Linux:4.x\n"
                                     "sig = *:128:0:*:mss*44,8:mss,nop,ws,nop,nop,sok:df,id+:0\n";

static void actions_of_sigdb(void **state)
{
    (void)state;
    assert_true(g_file_set_contents("other.fp", other_database, -1, NULL));
    assert_true(g_file_set_contents("broken.fp", "classes = win\n[tcp:request]\nsig = nonsense\n", -1, NULL));
    static const command_row_t rows[] = {
        {APP_EXIT_OK, "sigdb show " DATABASE, "Linux"},
        {APP_EXIT_OK, "sigdb show --all other.fp", "Linux 4.x"},
        {APP_EXIT_USAGE, "sigdb lint broken.fp", "findings="},
        {APP_EXIT_INPUT, "sigdb lint missing.fp", "missing.fp: No such file or directory"},
        {APP_EXIT_USAGE, "sigdb zzz", "zzz: no such action of 'sigdb'; write one of: "},
        {APP_EXIT_OK, "sigdb test --sigdb other.fp labels.jsonl --all",
         "is Windows, answer Linux 4.x (exact, quality 95)"},
        {APP_EXIT_INPUT, "sigdb test --sigdb other.fp labels.jsonl --min family_right=99",
         "wanted at least 99"},
        {APP_EXIT_INPUT, "sigdb test --sigdb other.fp labels.jsonl --min wrong=10", "wanted at most 10"},
        {APP_EXIT_USAGE, "sigdb test --sigdb other.fp labels.jsonl --min nosuch=1", "--min nosuch=1: "},
        {APP_EXIT_USAGE, "sigdb test --sigdb other.fp labels.jsonl --half 3", "not a half of the data set"},
        {APP_EXIT_INPUT, "sigdb test --sigdb " DATABASE " " WEB, "no observation has a label"},
        {APP_EXIT_USAGE, "sigdb explain", "no signature named"},
        {APP_EXIT_USAGE, "sigdb explain 4:64:0:0:x:y:z", "4:64:0:0:x:y:z: "},
        {APP_EXIT_INPUT, "sigdb explain missing.pcap:1", "missing.pcap"},
        {APP_EXIT_INPUT, "sigdb explain " WEB ":5000", "frame 5000 does not exist, or is no SYN"},
        {APP_EXIT_OK, "sigdb diff other.fp " DATABASE " " WEB, "??? (quality 0) -> Linux"},
        {APP_EXIT_INPUT, "sigdb diff missing.fp " DATABASE " " WEB, "missing.fp"},
        {APP_EXIT_USAGE, "sigdb diff " DATABASE, "diff"},
    };
    run_rows(rows, G_N_ELEMENTS(rows));
}

static void habits_of_other_programs(void **state)
{
    (void)state;
    static const command_row_t rows[] = {
        {APP_EXIT_USAGE, "read --filter tcp port 80", "'tcp port 80'"},
        {APP_EXIT_USAGE, "version", "write synfix --version"},
        {APP_EXIT_USAGE, "read " WEB " tcp port 80", "a filter is an option: --filter 'tcp port 80'"},
        {APP_EXIT_USAGE, "read --follow . " WEB, "name either the directory or files"},
        {APP_EXIT_OK, "hosts " WEB " --sort system", "10.0.2.15"},
        {APP_EXIT_OK, "hosts " WEB " --sort seen", "10.0.2.15"},
        {APP_EXIT_OK, "hosts " WEB " --sort last", "10.0.2.15"},
        {APP_EXIT_OK, "hosts " WEB " --sort uptime", "10.0.2.15"},
        {APP_EXIT_USAGE, "collect --max-sessions 1", "--max-sessions: "},
        {APP_EXIT_USAGE, "collect --max-memory 1", "--max-memory: "},
        {APP_EXIT_USAGE, "collect --session-timeout -1", "--session-timeout: a negative number"},
        {APP_EXIT_USAGE, "collect --count -1", "--count: a negative number"},
        {APP_EXIT_USAGE, "collect --pen x", "pen: 'x' is not a number from 1 to 4294967295"},
        {APP_EXIT_USAGE, "collect --listen udp://127.0.0.1:39731 --listen udp://127.0.0.1:39731 --idle 1",
         "--listen udp://127.0.0.1:39731: another --listen has this address and port"},
        {APP_EXIT_USAGE, "collect out.json", "out.json: unexpected word"},
    };
    run_rows(rows, G_N_ELEMENTS(rows));
}

/* Captures that appear in a directory; a signal ends the run in order. */
static void a_directory_is_followed(void **state)
{
    (void)state;
    g_autofree char *bytes = NULL;
    g_autofree char *messages = NULL;
    gsize length = 0;
    assert_int_equal(g_mkdir("captures", 0700), 0);
    assert_true(g_file_get_contents(WEB, &bytes, &length, NULL));
    const pid_t reader =
        start("read --follow captures --to json:out.json?append=yes --flush 10ms", "messages");
    assert_true(g_file_set_contents("captures/.web", bytes, (gssize)length, NULL));
    assert_int_equal(g_rename("captures/.web", "captures/web.pcap"), 0);
    await_text("out.json", "\"event_type\"", reader);
    assert_int_equal(kill(reader, SIGUSR1), 0);
    await_text("messages", "observed: ", reader);
    assert_int_equal(kill(reader, SIGTERM), 0);
    assert_int_equal(await_exit(reader), APP_EXIT_OK);
    assert_true(g_file_get_contents("messages", &messages, NULL, NULL));
    assert_non_null(strstr(messages, "json:out.json: "));
}

static void a_collector_serves_metrics(void **state)
{
    (void)state;
    g_autofree char *metrics = NULL;
    g_autofree char *output = NULL;
    const unsigned port = unused_port(SOCK_STREAM);
    g_autofree char *collect =
        g_strdup_printf("collect --no-landlock --no-seccomp --listen tcp://127.0.0.1:%u --to file:in.ipfix "
                        "--metrics-file metrics.prom",
                        port);
    g_autofree char *read = g_strdup_printf("read --quiet " WEB " --to tcp://127.0.0.1:%u", port);
    const pid_t collector = start(collect, "messages");
    await_listener("/proc/net/tcp", port, collector);
    assert_int_equal(run(read, &output), APP_EXIT_OK);
    assert_int_equal(kill(collector, SIGTERM), 0);
    assert_int_equal(await_exit(collector), APP_EXIT_OK);
    assert_true(g_file_get_contents("metrics.prom", &metrics, NULL, NULL));
    assert_non_null(strstr(metrics, "synfix_collect"));
    static const command_row_t rows[] = {
        {APP_EXIT_OK, "dump in.ipfix --format json", "\"tcpSignature\""},
        {APP_EXIT_SINK,
         "collect --no-landlock --no-seccomp --listen tcp://127.0.0.1:0 --to json:- --metrics-file "
         "missing/file",
         "missing/file"},
    };
    run_rows(rows, G_N_ELEMENTS(rows));
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
        SKIP("no openssl command; install the package openssl");
    }
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const unsigned port = unused_port(SOCK_STREAM);
        g_autofree char *collect = g_strdup_printf("collect --no-landlock --no-seccomp --listen "
                                                   "'%s://127.0.0.1:%u%s' --to json --count 20 --idle 20",
                                                   rows[i].scheme, port, rows[i].collector);
        g_autofree char *read = g_strdup_printf("read --quiet " WEB " --to '%s://127.0.0.1:%u%s'",
                                                rows[i].scheme, port, rows[i].exporter);
        g_autofree char *records = NULL;
        g_autofree char *output = NULL;
        const pid_t collector = start(collect, "records");
        await_listener(rows[i].table, port, collector);
        const int code = run(read, &output);
        if (code != APP_EXIT_OK) {
            print_error("%s: exit code %d: %.300s\n", read, code, output);
        }
        assert_int_equal(code, APP_EXIT_OK);
        assert_int_equal(await_exit(collector), APP_EXIT_OK);
        assert_true(g_file_get_contents("records", &records, NULL, NULL));
        if (strstr(records, "\"tcpSignature\"") == NULL) {
            fail_msg("%s: %.300s", collect, records);
        }
    }
}

#define COMMAND_TEST(function) cmocka_unit_test_setup_teardown(function, make_labels, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        COMMAND_TEST(each_command),
        COMMAND_TEST(help_of_all_kinds),
        COMMAND_TEST(actions_of_sigdb),
        COMMAND_TEST(habits_of_other_programs),
        COMMAND_TEST(a_directory_is_followed),
        COMMAND_TEST(a_collector_serves_metrics),
        COMMAND_TEST(each_transport),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
