/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/config/setting_values.h"
#include "app/run/build_pipeline.h"

#include <sched.h>
#include <string.h>

static settings_t *with(const char *text, mistakes_t *mistakes)
{
    settings_t *settings = settings_new();
    settings_read_text(settings, "conf", text, strlen(text), mistakes);
    return settings;
}

#define SINKS_4  "udp://127.0.0.1:9;udp://127.0.0.1:9;udp://127.0.0.1:9;udp://127.0.0.1:9"
#define SINKS_16 SINKS_4 ";" SINKS_4 ";" SINKS_4 ";" SINKS_4
#define SINKS_32 SINKS_16 ";" SINKS_16

static void test_check(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason; /* NULL: good */
    } rows[] = {
        {"", NULL},
        {" \n", "capture: no interface named"},
        {"[engine]\nuptime=p0f\nworkers=auto\n[export]\nto=text:-;json:x\n", NULL},
        {"[engine]\nuptime=sometimes\n",
         "conf:2: uptime: 'sometimes' is unknown; write off, regression or p0f"},
        {"[engine]\nsignatures=p0f\n", NULL},
        {"[engine]\nsignatures=rough\n", "conf:2: signatures: 'rough' is unknown; write packet or p0f"},
        {"[engine]\nworkers=65\n", "conf:2: workers: '65'"},
        {"[engine]\nworkers=0\n", "conf:2: workers: '0'"},
        {"[capture]\ncpus=0,0\n", NULL},
        {"[capture]\ncpus=0,x\n", "conf:2: cpus: 'x' is not a CPU of this machine from 0 to "},
        {"[capture]\ncpus=1023\n", "conf:2: cpus: '1023' is not a CPU"},
        {"[capture]\ninterface=a;b\n", NULL},
        {"[capture]\ninterface=a;b;a\n", "conf:2: a: the interface is named twice"},
        {"[capture]\ninterface=lo;any\n", "conf:2: any: includes all other interfaces; write either"},
        {"[capture]\ninterface=any;sflow://127.0.0.1:0;no\n", "conf:2: any: includes all other interfaces"},
        {"[capture]\ninterface=sflow://:6343\n[filter]\nencapsulations=all,-vxlan\n", NULL},
        {"[capture]\ninterface=sflow://:6343\n[filter]\nencapsulations=none\n",
         "conf:4: encapsulations: the list excludes sflow"},
        {"[capture]\ninterface=sflow://:0\n", "conf:2: sflow://:0: port '0' is not a port"},
        {"[capture]\nfanout=maybe\n", "conf:2: fanout: 'maybe'"},
        {"[filter]\nfilter=tcp porrt 80\n", "conf:2: filter: "},
        {"[process]\nuser=no-such-user\n", "conf:2: user: no-such-user: no such user"},
        {"[process]\nlog-level=loud\n", "conf:2: log-level: 'loud'"},
        {"[metrics]\n\nmetrics-listen=here\n", "conf:3: metrics-listen: 'here'"},
        {"[export]\nto=nowhere:x\n", "conf:2: nowhere:x: no such sink"},
        {"[export]\nto=tcp://192.0.2.1?nothing=1\n", "conf:2: "},
        {"[export]\nto=" SINKS_32 "\n", NULL},
        {"[export]\nto=" SINKS_32 ";udp://127.0.0.1:9\n", "conf:2: to: 33 entries, at most 32 are possible"},
        {"[engine]\nenrich=nothing\n", "conf:2: nothing: no such enricher"},
        {"[export]\nto=tcp://127.0.0.1:99999\n", "conf:2: tcp://127.0.0.1:99999: port '99999' is not a port"},
        {"[export]\nto=tcp://127.0.0.1:0\n", "conf:2: tcp://127.0.0.1:0: port '0' is not a port"},
        {"[export]\nto=udp://:4739\n", "conf:2: udp://:4739: ':4739' is not an address; write //HOST:PORT"},
        {"[sink a]\nto=tcp://127.0.0.1\nfailover=192.0.2.1:x\n",
         "conf:3: tcp://127.0.0.1: '192.0.2.1:x': port 'x'"},
        {"[export]\nto=udp://127.0.0.1?profile=nope\n", "conf:2: udp://127.0.0.1: "},
        {"[export]\nto=file:x?compat=yaf\n", "conf:2: file:x: compat: 'yaf' is unknown"},
        {"[export]\nto=file:x-%Q.ipfix\n", "conf:2: file:x-%Q.ipfix: not a date pattern"},
        {"[export]\nto=file:/nonexistent/x-%F.ipfix;udp://[::1]:4739;json:/nonexistent/y\n", NULL},
        {"[export]\nto=json:x?type=tape\n", "conf:2: json:x: type: 'tape' is unknown"},
        {"[export]\nto=tls://127.0.0.1?ca=/nonexistent\n", "conf:2: tls://127.0.0.1: "},
        {"[export]\nto=dtls://127.0.0.1?anonymous=yes&ca=/nonexistent\n", "conf:2: dtls://127.0.0.1: "},
        {"[engine]\nenrich=host\n", NULL},
#ifdef SYNFIX_HAVE_MAXMINDDB
        {"[engine]\nenrich=geoip\n", "conf:2: geoip: no database; write"},
#endif
        {"[filter]\nports=70000\n", "conf:2: "},
        {"[filter]\nnot-addresses=192.0.2.0/33\n", "conf:2: "},
        {"[filter]\naddresses=192.0.2.0/24,2001:db8::/32\n", NULL},
        {"[engine]\nsigdb=/nonexistent.fp\n", "conf:2: /nonexistent.fp: "},
        {"[engine]\nload=/nonexistent.so\n", "conf:2: /nonexistent.so"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        g_autoptr(mistakes_t) mistakes = mistakes_new();
        g_autoptr(settings_t) settings = with(rows[i].text, mistakes);
        g_auto(prepared_t) prepared = {.registry = NULL};
        synfix_error_t error = {.text = ""};
        if (settings->interface == NULL && strchr(rows[i].text, ' ') != rows[i].text) {
            settings->interface = g_strdupv((char *[]){(char[]){"lo"}, NULL});
        }
        prepare_run(settings, NULL, true, &prepared, mistakes);
        const synfix_status_t status = mistakes_status(mistakes, &error);
        if ((status >= 0) != (rows[i].reason == NULL)) {
            fail_msg("%s: %s", rows[i].text, error.text);
        }
        if (rows[i].reason && !g_str_has_prefix(error.text, rows[i].reason)) {
            fail_msg("%s: %s", rows[i].text, error.text);
        }
    }
}

static void test_no_filter(void **state)
{
    (void)state;
    g_autoptr(settings_t) settings = settings_new();
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    header_filter_t *filter = NULL;
    values_filter(settings, &filter, mistakes);
    assert_int_equal(mistakes_count(mistakes), 0);
    assert_null(filter);
}

/* Each mistake of a file, with its own line. */
static void test_every_mistake(void **state)
{
    (void)state;
    static const char *const wanted[] = {"conf:2: a: the interface is named twice",
                                         "conf:3: fanout: 'maybe'",
                                         "conf:5: nowhere:x: no such sink",
                                         "conf:7: uptime: 'sometimes'",
                                         "conf:8: workers: '65'",
                                         "conf:10: ports: 'x' is not a port",
                                         "conf:11: not-addresses: 'y' is not an address",
                                         "conf:14: udp://127.0.0.1: "};
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    g_autoptr(settings_t) settings = with(
        "[capture]\ninterface=a;a\nfanout=maybe\n[export]\nto=text:-;nowhere:x\n[engine]\nuptime=sometimes\n"
        "workers=65\n[filter]\nports=x\nnot-addresses=y\n[sink b]\nto=udp://127.0.0.1\nprofile=nope\n",
        mistakes);
    g_auto(prepared_t) prepared = {.registry = NULL};
    prepare_run(settings, NULL, true, &prepared, mistakes);
    for (unsigned i = 0; i < mistakes_count(mistakes) && i < G_N_ELEMENTS(wanted); i++) {
        if (!g_str_has_prefix(mistakes_text(mistakes, i), wanted[i])) {
            fail_msg("%s", mistakes_text(mistakes, i));
        }
    }
    assert_int_equal(mistakes_count(mistakes), G_N_ELEMENTS(wanted));
}

static void test_open(void **state)
{
    (void)state;
    char missing[] = "/nonexistent.pcap";
    char capture[] = SYNFIX_TEST_DATA "/web.pcap";
    char *const bad[] = {missing, NULL};
    char *const good[] = {capture, NULL};
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    g_autoptr(settings_t) settings = with("[filter]\nfilter=tcp and not port 99\n", mistakes);
    settings->dry_run = TRUE;
    g_autoptr(log_t) log = log_new(LOG_LEVEL_ERROR);
    synfix_error_t error;
    setup_t setup = {.pipeline = NULL};
    prepare_run(settings, bad, false, &setup.prepared, mistakes);
    assert_int_equal(mistakes_count(mistakes), 0);
    assert_true(setup_open(&setup, settings, bad, false, log, &error) < 0);
    assert_true(g_str_has_prefix(error.text, missing));
    assert_int_equal(error.cause, SYNFIX_CAUSE_INPUT);
    setup_release(&setup);
    prepare_run(settings, good, false, &setup.prepared, mistakes);
    assert_int_equal(setup_open(&setup, settings, good, false, log, &error), SYNFIX_OK);
    assert_int_equal(pipeline_run(setup.pipeline, &error), SYNFIX_OK);
    g_autofree pipeline_summary_t *summary = g_new0(pipeline_summary_t, 1);
    pipeline_summary(setup.pipeline, summary);
    assert_int_equal(summary->engine.verdicts[SYNFIX_VERDICT_SYN], 13);
    assert_int_equal(summary->engine.packets_received, 50);
    setup_release(&setup);
}

static unsigned workers_of(const char *text, bool ordered, bool live)
{
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    g_autoptr(settings_t) settings = with(text, mistakes);
    settings->ordered = ordered;
    unsigned workers = 0;
    synfix_error_t error;
    assert_int_equal(values_workers(settings, live, &workers, &error), SYNFIX_OK);
    return workers;
}

/* A process that may use one CPU gets one worker, with any number of CPUs. */
static void test_workers(void **state)
{
    (void)state;
    cpu_set_t all;
    assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
    const unsigned cpus = (unsigned)CPU_COUNT(&all);
    assert_int_equal(workers_of("[engine]\nworkers=auto\n", false, true), MIN(cpus, PIPELINE_WORKERS_MAX));
    assert_int_equal(workers_of("[engine]\nworkers=auto\n", false, false), CLAMP((int)cpus - 1, 1, 5));
    assert_int_equal(workers_of("[engine]\nworkers=7\n", false, false), 7);
    assert_int_equal(workers_of("[engine]\nworkers=7\n", true, false), 1);
    assert_int_equal(workers_of("[engine]\nworkers=7\n", true, true), 7);

    cpu_set_t one;
    CPU_ZERO(&one);
    unsigned first = 0;
    while (!CPU_ISSET(first, &all)) {
        first++;
    }
    CPU_SET(first, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    const unsigned live = workers_of("[engine]\nworkers=auto\n", false, true);
    const unsigned files = workers_of("[engine]\nworkers=auto\n", false, false);
    assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
    assert_int_equal(live, 1);
    assert_int_equal(files, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check),     cmocka_unit_test(test_workers),
        cmocka_unit_test(test_no_filter), cmocka_unit_test(test_every_mistake),
        cmocka_unit_test(test_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
