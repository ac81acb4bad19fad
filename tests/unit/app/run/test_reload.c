/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A reload that fails at any step leaves the old configuration as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/run/reload.h"
#include "capture/live/interface_source.h"
#include "pipeline/worker/pipeline_state.h"
#include "support/module_specs.h"
#include "support/own_network.h"
#include "support/skip.h"
#include "support/temporary_directory.h"
#include "unit/app/run/failing_calls.h"
#include "unit/app/run/silent_source.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A running capture with the parts that src/app/command/capture_process.c opens. */
typedef struct fixture {
    char *directory;
    settings_t *settings;
    log_t *log;
    setup_t setup;
    metrics_t *metrics;
    pthread_t thread;
    int listener; /* a port that is in use */
    unsigned port;
} fixture_t;

static settings_t *read_settings(const fixture_t *fixture, const char *more, mistakes_t *mistakes)
{
    settings_t *settings = settings_new();
    g_autofree char *text = g_strdup_printf("[capture]\ninterface = lo\n[sink old]\nto = json:%s/old\n%s",
                                            fixture->directory, more);
    settings_read_text(settings, "conf", text, strlen(text), mistakes);
    return settings;
}

static void *run_main(void *user)
{
    fixture_t *fixture = user;
    synfix_error_t error;
    assert_int_equal(pipeline_run(fixture->setup.pipeline, &error), SYNFIX_OK);
    return NULL;
}

static void occupy_port(fixture_t *fixture)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    fixture->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fixture->listener, (const struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fixture->listener, 1), 0);
    assert_int_equal(getsockname(fixture->listener, (struct sockaddr *)&address, &size), 0);
    fixture->port = ntohs(address.sin_port);
}

static int begin_with(module_spec_t *source, void **state)
{
    fixture_t *fixture = g_new0(fixture_t, 1);
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    pipeline_config_t config;
    fixture->directory = temporary_directory_new();
    fixture->settings = read_settings(fixture, "", mistakes);
    fixture->log = log_new(LOG_LEVEL_ERROR);
    occupy_port(fixture);
    prepare_run(fixture->settings, NULL, true, &fixture->setup.prepared, mistakes);
    assert_int_equal(mistakes_count(mistakes), 0);
    pipeline_config_init(&config);
    config.live = true;
    config.sources = &source;
    config.source_count = 1;
    config.sinks = (module_spec_t *const *)fixture->setup.prepared.sinks->pdata;
    config.sink_count = fixture->setup.prepared.sinks->len;
    config.engine.sigdb = fixture->setup.prepared.sigdb;
    config.observation_domain = 1;
    assert_int_equal(pipeline_new(&config, &fixture->setup.pipeline, NULL), SYNFIX_OK);
    assert_int_equal(pthread_create(&fixture->thread, NULL, run_main, fixture), 0);
    *state = fixture;
    return 0;
}

static int begin(void **state)
{
    return begin_with(spec_of(&silent_module, "silent:"), state);
}

/* The loopback of a network namespace of the test; without one there is no fixture. */
static int begin_live(void **state)
{
    *state = NULL;
    return isolated ? begin_with(spec_of(&capture_live_module, "live:lo?buffer=1M&timeout=20ms"), state) : 0;
}

static int end(void **state)
{
    fixture_t *fixture = *state;
    if (fixture == NULL) {
        return 0;
    }
    pipeline_stop(fixture->setup.pipeline);
    (void)pthread_join(fixture->thread, NULL);
    metrics_free(fixture->metrics);
    setup_release(&fixture->setup);
    settings_free(fixture->settings);
    log_free(fixture->log);
    (void)close(fixture->listener);
    (void)temporary_directory_remove(fixture->directory);
    g_free(fixture);
    return 0;
}

static synfix_status_t apply(fixture_t *fixture, const settings_t *settings, mistakes_t *mistakes)
{
    const reload_t reload = {.setup = &fixture->setup,
                             .started = fixture->settings,
                             .now = fixture->settings,
                             .log = fixture->log,
                             .metrics = &fixture->metrics};
    return reload_apply(&reload, settings, mistakes);
}

/* Everything that a reload can change. */
typedef struct configuration {
    const void *sinks[PIPELINE_SINKS_MAX];
    const void *enrichers[PIPELINE_ENRICHERS_MAX];
    size_t sink_count;
    size_t enricher_count;
    const void *sigdb;
    const void *metrics;
    uint32_t domain;
    uint32_t flush_ms;
    int uptime;
    int signatures;
    unsigned cpus_changed;
    int memberships;
} configuration_t;

static configuration_t configuration_of(const fixture_t *fixture)
{
    pipeline_t *pipeline = fixture->setup.pipeline;
    configuration_t now;
    memset(&now, 0, sizeof now); /* compared as a whole */
    memcpy(now.sinks, pipeline->sinks, sizeof now.sinks);
    memcpy(now.enrichers, pipeline->enrichers, sizeof now.enrichers);
    now.sink_count = pipeline->sink_count;
    now.enricher_count = pipeline->enricher_count;
    now.sigdb = pipeline->sigdb;
    now.metrics = fixture->metrics;
    now.domain = pipeline->context.observation_domain;
    now.flush_ms = atomic_load(&pipeline->flush_ms);
    now.uptime = atomic_load(&pipeline->uptime);
    now.signatures = atomic_load(&pipeline->signatures);
    now.cpus_changed = atomic_load(&pipeline->cpus_changed);
    now.memberships = memberships;
    return now;
}

/* A change of everything, with one thing in it that fails. */
static char *changed(const char *mistake)
{
    return g_strdup_printf(
        "[export]\ndomain = 9\nflush = 7s\n[process]\nlog-level = debug\n[engine]\nuptime = off\n"
        "signatures = p0f\nenrich = community-id\n%s",
        mistake);
}

static void each_step_fails(void **state)
{
    fixture_t *fixture = *state;
    g_autofree char *in_use = g_strdup_printf("[metrics]\nmetrics-listen = 127.0.0.1:%u\n", fixture->port);
    const char *const rows[][2] = {
        {"[capture]\ncpus = x\n", "cpus: 'x'"},
        {"[capture]\nfanout = x\n", "fanout: 'x'"},
        {"[engine]\nworkers = x\n", "workers: 'x'"},
        {"[engine]\nsigdb = /nonexistent.fp\n", "/nonexistent.fp"},
        {"[engine]\nload = /nonexistent.so\n", "/nonexistent.so"},
        {"[filter]\nports = x\n", "ports: 'x'"},
        {"[filter]\nencapsulations = x\n", "encapsulations: 'x'"},
        {"[filter]\nfilter = tcp porrt\n", "filter: "},
        {"[process]\nuser = no-such-user\n", "no-such-user"},
        {"[metrics]\nmetrics-listen = here\n", "metrics-listen: 'here'"},
        {in_use, "127.0.0.1:"},
        {"[sink new]\nto = nowhere:x\n", "nowhere:x: no such sink"},
        {"[sink new]\nto = json:x\ntype = tape\n", "type: 'tape' is unknown"},
        {"[sink new]\nto = json:/nonexistent/x\n", "/nonexistent/x"},
        {"[sink new]\nto = file:/nonexistent/x\n", "/nonexistent/x"},
        {"[enricher host]\nhosts = 1\n", "hosts: '1'"},
    };
    const configuration_t before = configuration_of(fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = changed(rows[i][0]);
        g_autoptr(mistakes_t) mistakes = mistakes_new();
        g_autoptr(settings_t) settings = read_settings(fixture, text, mistakes);
        assert_true(apply(fixture, settings, mistakes) < 0);
        assert_true(mistakes_count(mistakes) > 0);
        if (strstr(mistakes_text(mistakes, 0), rows[i][1]) == NULL) {
            fail_msg("%s: %s", rows[i][0], mistakes_text(mistakes, 0));
        }
        const configuration_t after = configuration_of(fixture);
        assert_memory_equal(&after, &before, sizeof before);
    }
}

static void empty_configuration(void **state)
{
    fixture_t *fixture = *state;
    const configuration_t before = configuration_of(fixture);
    g_autoptr(settings_t) settings = settings_new();
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    assert_true(apply(fixture, settings, mistakes) < 0);
    assert_int_equal(mistakes_count(mistakes), 1);
    assert_non_null(strstr(mistakes_text(mistakes, 0), "no interface named"));
    const configuration_t after = configuration_of(fixture);
    assert_memory_equal(&after, &before, sizeof before);
}

static void mistakes_of_the_file(void **state)
{
    fixture_t *fixture = *state;
    const configuration_t before = configuration_of(fixture);
    g_autofree char *text = changed("");
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    g_autoptr(settings_t) settings = read_settings(fixture, text, mistakes);
    synfix_error_t error;
    (void)synfix_fail(&error, SYNFIX_INVALID, "a line that was not read");
    mistakes_add(mistakes, "conf", 1, &error);
    assert_true(apply(fixture, settings, mistakes) < 0);
    const configuration_t after = configuration_of(fixture);
    assert_memory_equal(&after, &before, sizeof before);
}

/* Each allocation of the program fails once. The last row is the one without a failure. */
static void each_allocation_fails(void **state)
{
    fixture_t *fixture = *state;
    const configuration_t before = configuration_of(fixture);
    g_autofree char *text = changed("");
    g_autoptr(mistakes_t) none = mistakes_new();
    g_autoptr(settings_t) settings = read_settings(fixture, text, none);
    unsigned failures = 0;
    for (unsigned number = 1;; number++) {
        g_autoptr(mistakes_t) mistakes = mistakes_new();
        allocations = 0;
        fail_at = number;
        const synfix_status_t status = apply(fixture, settings, mistakes);
        const bool through = allocations < number;
        fail_at = 0;
        if (through) {
            assert_int_equal(status, SYNFIX_OK);
            break;
        }
        assert_true(status < 0);
        const configuration_t after = configuration_of(fixture);
        assert_memory_equal(&after, &before, sizeof before);
        failures++;
    }
    assert_true(failures > 30);
}

/* A refusal of the kernel is detected before the first change, or the changes are reverted. */
static void each_request_to_the_kernel_fails(void **state)
{
    static const struct {
        int level;
        int name;
        bool pinning;
        const char *text;
        const char *reason;
    } rows[] = {
        {SOL_SOCKET, SO_ATTACH_FILTER, false, "[filter]\nfilter = port 7\n",
         "lo: filter: the kernel refuses"},
        {SOL_PACKET, PACKET_DROP_MEMBERSHIP, false, "[capture]\npromiscuous = no\n", "lo: promiscuous: "},
        {0, 0, true, "[capture]\ncpus = 0\n", "cpus: the process cannot run on CPU 0"},
        {0, 0, false, "[capture]\npromiscuous = no\n[sink new]\nto = json:/nonexistent/x\n",
         "/nonexistent/x"},
    };
    fixture_t *fixture = *state;
    if (fixture == NULL) {
        SKIP("no network namespace of its own, or no packet socket in it; run as root, or allow user "
             "namespaces");
    }
    const configuration_t before = configuration_of(fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = changed(rows[i].text);
        g_autoptr(mistakes_t) mistakes = mistakes_new();
        g_autoptr(settings_t) settings = read_settings(fixture, text, mistakes);
        refused.level = rows[i].level;
        refused.name = rows[i].name;
        pinning_is_refused = rows[i].pinning;
        const synfix_status_t status = apply(fixture, settings, mistakes);
        refused.name = 0;
        pinning_is_refused = false;
        assert_true(status < 0);
        assert_int_equal(mistakes_count(mistakes), 1);
        if (strstr(mistakes_text(mistakes, 0), rows[i].reason) == NULL) {
            fail_msg("%s: %s", rows[i].text, mistakes_text(mistakes, 0));
        }
        const configuration_t after = configuration_of(fixture);
        assert_memory_equal(&after, &before, sizeof before);
    }
    g_autofree char *text = changed("[capture]\npromiscuous = no\n[filter]\nfilter = port 7\n");
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    g_autoptr(settings_t) settings = read_settings(fixture, text, mistakes);
    assert_int_equal(apply(fixture, settings, mistakes), SYNFIX_OK);
    assert_int_equal(memberships, before.memberships - 1);
}

static void everything_changes(void **state)
{
    fixture_t *fixture = *state;
    const configuration_t before = configuration_of(fixture);
    g_autofree char *more = NULL;
    (void)close(fixture->listener); /* its port is free now */
    more = g_strdup_printf("[metrics]\nmetrics-listen = 127.0.0.1:%u\n[capture]\ncpus = 0\n", fixture->port);
    g_autofree char *text = changed(more);
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    g_autoptr(settings_t) settings = read_settings(fixture, text, mistakes);
    loads = 0;
    const synfix_status_t status = apply(fixture, settings, mistakes);
    if (status < 0) {
        fail_msg("%s", mistakes_text(mistakes, 0));
    }
    assert_int_equal(loads, 1); /* one file, read and parsed once */
    const configuration_t after = configuration_of(fixture);
    assert_int_equal(after.domain, 9);
    assert_int_equal(after.flush_ms, 7000);
    assert_int_equal(after.uptime, SYNFIX_UPTIME_OFF);
    assert_int_equal(after.signatures, SYNFIX_SIGNATURE_P0F);
    assert_int_equal(after.enricher_count, 1);
    assert_int_equal(after.cpus_changed, before.cpus_changed + 1);
    assert_non_null(after.metrics);
    assert_ptr_not_equal(after.sigdb, before.sigdb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_step_fails, begin, end),
        cmocka_unit_test_setup_teardown(empty_configuration, begin, end),
        cmocka_unit_test_setup_teardown(mistakes_of_the_file, begin, end),
        cmocka_unit_test_setup_teardown(each_allocation_fails, begin, end),
        cmocka_unit_test_setup_teardown(each_request_to_the_kernel_fails, begin_live, end),
        cmocka_unit_test_setup_teardown(everything_changes, begin, end),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, enter_namespace, NULL));
}
