/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <synfix/reader.h>
#include <synfix/version.h>
#include <unistd.h>

#define WEB SYNFIX_TEST_DATA "/web.pcap"

static size_t count_all(synfix_reader_t *reader, synfix_status_t *status, synfix_error_t *error)
{
    const synfix_observation_t *observation = NULL;
    size_t count = 0;
    uint64_t number = 0;
    while ((*status = synfix_reader_next(reader, &observation, error)) == SYNFIX_OK) {
        assert_true(observation->packet_number >= number);
        number = observation->packet_number;
        count++;
    }
    return count;
}

static void test_file(void **state)
{
    (void)state;
    synfix_reader_t *reader = NULL;
    synfix_error_t error = {.text = ""};
    synfix_engine_counters_t counters;
    synfix_status_t status = SYNFIX_OK;
    assert_int_equal(synfix_reader_open_file(WEB, NULL, &reader, &error), SYNFIX_OK);
    const size_t count = count_all(reader, &status, &error);
    assert_int_equal(status, SYNFIX_END);
    synfix_reader_counters(reader, &counters);
    assert_int_equal(count, counters.verdicts[SYNFIX_VERDICT_SYN] +
                                counters.verdicts[SYNFIX_VERDICT_SYN_ACK] + counters.uptime_observations);
    assert_true(count > 10);
    assert_int_equal(count_all(reader, &status, &error), 0);
    assert_int_equal(status, SYNFIX_END);
    synfix_reader_close(reader);
    synfix_reader_close(NULL);
}

static void test_config(void **state)
{
    (void)state;
    synfix_reader_t *reader = NULL;
    synfix_error_t error = {.text = ""};
    synfix_status_t status = SYNFIX_OK;
    synfix_reader_config_t config;
    synfix_sigdb_t *empty = synfix_sigdb_new();
    assert_int_equal(synfix_sigdb_finish(empty, &error), SYNFIX_OK);
    synfix_reader_config_init(&config, sizeof config);
    assert_int_equal(config.uptime, SYNFIX_UPTIME_REGRESSION);
    config.filter = "src port 80";
    config.sigdb = empty;
    config.uptime = SYNFIX_UPTIME_OFF;
    assert_int_equal(synfix_reader_open_file(WEB, &config, &reader, &error), SYNFIX_OK);
    synfix_sigdb_unref(empty); /* the reader has its own reference */
    const synfix_observation_t *observation = NULL;
    while ((status = synfix_reader_next(reader, &observation, &error)) == SYNFIX_OK) {
        assert_int_equal(observation->headers->source_port, 80);
        assert_null(observation->fingerprint->match.label);
    }
    assert_int_equal(status, SYNFIX_END);
    synfix_reader_close(reader);
    /* the structure of an earlier version ends after struct_size and sigdb */
    synfix_reader_config_init(&config, offsetof(synfix_reader_config_t, filter));
    config.filter = "not read";
    assert_int_equal(synfix_reader_open_file(WEB, &config, &reader, &error), SYNFIX_OK);
    synfix_reader_close(reader);
}

/* Whole packets are delivered, the damage is reported once, then the input ends. */
static void test_damage(void **state)
{
    (void)state;
    static char bytes[1 << 20];
    char path[] = "/tmp/synfix-test-XXXXXX";
    FILE *whole = fopen(WEB, "rb");
    const size_t length = fread(bytes, 1, sizeof bytes, whole);
    fclose(whole);
    const int file = mkstemp(path);
    assert_int_equal(write(file, bytes, length - 7), length - 7);
    close(file);
    synfix_reader_t *reader = NULL;
    synfix_error_t error = {.text = ""};
    synfix_status_t status = SYNFIX_OK;
    assert_int_equal(synfix_reader_open_file(path, NULL, &reader, &error), SYNFIX_OK);
    assert_true(count_all(reader, &status, &error) > 10);
    assert_int_equal(status, SYNFIX_TRUNCATED);
    assert_non_null(strstr(error.text, path));
    assert_int_equal(count_all(reader, &status, &error), 0);
    assert_int_equal(status, SYNFIX_END);
    synfix_reader_close(reader);
    unlink(path);
}

static void test_mistakes(void **state)
{
    (void)state;
    synfix_reader_t *reader = NULL;
    synfix_error_t error = {.text = ""};
    synfix_reader_config_t config;
    synfix_reader_config_init(&config, sizeof config);
    assert_int_equal(synfix_reader_open_file("/no/such", NULL, &reader, &error), SYNFIX_NOT_FOUND);
    assert_int_equal(synfix_reader_open_file("no-such-file.pcap", NULL, &reader, &error), SYNFIX_NOT_FOUND);
    assert_int_equal(synfix_reader_open_file("/etc/passwd", NULL, &reader, &error), SYNFIX_INVALID);
    config.filter = "tcp prot";
    assert_int_equal(synfix_reader_open_file(WEB, &config, &reader, &error), SYNFIX_INVALID);
    assert_true(synfix_reader_open_interface("no-such-name", NULL, &reader, &error) < 0);
    assert_null(reader);
}

static void test_default_path_and_version(void **state)
{
    (void)state;
    char path[SYNFIX_PATH_SIZE];
    char small[4];
    synfix_error_t error = {.text = ""};
    int parts[3];
    assert_int_equal(synfix_sigdb_default_path(path, sizeof path, &error), SYNFIX_OK);
    assert_int_equal(access(path, R_OK), 0);
    assert_int_equal(synfix_sigdb_default_path(small, sizeof small, &error), SYNFIX_NOT_FOUND);
    assert_int_equal(sscanf(synfix_version(), "%d.%d.%d", &parts[0], &parts[1], &parts[2]), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_config),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_default_path_and_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
