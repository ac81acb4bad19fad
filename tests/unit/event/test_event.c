/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <synfix/event.h>

#include "exporter/formats/text_sink.h"
#include "support/sample_observation.h"

/* The sink json: writes the member as the last part of its line. */
static void the_member_is_that_of_the_sinks(void **state)
{
    (void)state;
    char json[SYNFIX_EVENT_TEXT_SIZE];
    char member[SYNFIX_EVENT_TEXT_SIZE];
    sample_t sample;
    sample_ipv6(&sample);
    assert_int_equal(sample_sink(&json_module, NULL, &sample.observation, json, sizeof json), SYNFIX_OK);
    const size_t length = synfix_event_member(&sample.observation, member, sizeof member);
    assert_int_equal(length, strlen(member));
    assert_memory_equal(member, "\"tcp_fp\":{", 10);
    const char *found = strstr(json, member);
    assert_non_null(found);
    assert_string_equal(found + length, "}\n");
    assert_string_equal(synfix_event_type(&sample.observation), "tcp_fp");
}

static void every_size_that_is_too_small_is_refused(void **state)
{
    (void)state;
    char member[SYNFIX_EVENT_TEXT_SIZE];
    sample_t sample;
    sample_ipv6(&sample);
    const size_t length = synfix_event_member(&sample.observation, member, sizeof member);
    const size_t host = synfix_event_host(&sample.observation, member, sizeof member);
    assert_true(length > host && host > 0);
    assert_int_equal(synfix_event_member(&sample.observation, member, 0), 0);
    for (size_t size = 1; size < length + 2; size++) { /* one byte for the brace that is removed, one NUL */
        assert_int_equal(synfix_event_member(&sample.observation, member, size), 0);
        assert_true(size < 2 || member[0] == '\0');
    }
    assert_int_equal(synfix_event_member(&sample.observation, member, length + 2), length);
    for (size_t size = 0; size <= host; size++) {
        assert_int_equal(synfix_event_host(&sample.observation, member, size), 0);
    }
    assert_int_equal(synfix_event_host(&sample.observation, member, host + 1), host);
}

static void a_host_has_keys_of_the_event(void **state)
{
    (void)state;
    char member[SYNFIX_EVENT_TEXT_SIZE];
    char host[SYNFIX_EVENT_TEXT_SIZE];
    sample_t sample;
    sample_ipv6(&sample);
    (void)synfix_event_member(&sample.observation, member, sizeof member);
    const size_t length = synfix_event_host(&sample.observation, host, sizeof host);
    assert_int_equal(host[0], '{');
    assert_int_equal(host[length - 1], '}');
    const char *const keys[] = {"\"os\":",      "\"class\":",          "\"family\":",     "\"match\":",
                                "\"quality\":", "\"family_quality\":", "\"candidates\":", "\"distance\":",
                                "\"link\":",    "\"signature\":"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *in_host = strstr(host, keys[i]);
        const char *in_member = strstr(member, keys[i]);
        assert_non_null(in_host);
        assert_non_null(in_member);
        const size_t same = strcspn(in_host, ",}");
        assert_true(same == strcspn(in_member, ",}") || in_host[strlen(keys[i])] == '"');
        assert_memory_equal(in_host, in_member, strlen(keys[i]) + 1);
    }
    sample.observation.fingerprint = NULL;
    assert_int_equal(synfix_event_host(&sample.observation, host, sizeof host), 0);
    assert_string_equal(synfix_event_type(&sample.observation), "tcp_uptime");
}

static void columns_have_names_and_values(void **state)
{
    (void)state;
    sample_t sample;
    sample_ipv6(&sample);
    size_t read = 0;
    for (size_t i = 0; i < synfix_column_count(); i++) {
        const synfix_column_t *column = synfix_column_at(i);
        synfix_column_value_t value;
        assert_true(column->csv_name[0] != '\0' || column->zeek_name[0] != '\0');
        synfix_column_read(&sample.observation, i, &value);
        read += value.type != SYNFIX_COLUMN_UNSET;
        if (strcmp(column->zeek_name, "signature") == 0) {
            assert_string_equal(value.text, sample.observation.fingerprint->text);
        }
    }
    assert_true(read > 20);
    synfix_column_value_t value;
    assert_null(synfix_column_at(synfix_column_count()));
    synfix_column_read(&sample.observation, synfix_column_count(), &value);
    assert_int_equal(value.type, SYNFIX_COLUMN_UNSET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_member_is_that_of_the_sinks),
                                       cmocka_unit_test(every_size_that_is_too_small_is_refused),
                                       cmocka_unit_test(a_host_has_keys_of_the_event),
                                       cmocka_unit_test(columns_have_names_and_values)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
