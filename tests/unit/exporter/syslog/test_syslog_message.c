/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/syslog/syslog_message.h"
#include "exporter/syslog/syslog_sink.h"
#include "support/parse_options.h"
#include "support/sample_observation.h"
#include <glib.h>
#include <string.h>
#include <unistd.h>

static synfix_status_t settings_of(const char *text, bool local, syslog_settings_t *settings,
                                   synfix_error_t *error)
{
    synfix_options_t *options = NULL;
    g_autofree char *specification = g_strdup_printf("syslog://host?%s", text);
    synfix_status_t status = parse_options(&syslog_module, specification, &options, error);
    status = status == SYNFIX_OK ? syslog_settings_read(options, local, settings, error) : status;
    module_options_free(options);
    return status;
}

/* The message of @p observation with the options @p text, without its length. */
static char *message_of(const char *text, bool local, const synfix_observation_t *observation)
{
    static uint8_t data[65536];
    syslog_settings_t settings;
    synfix_error_t error;
    void *encoder = NULL;
    syslog_message_t message;
    synfix_block_t block = {.data = data, .capacity = sizeof data};
    assert_int_equal(settings_of(text, local, &settings, &error), SYNFIX_OK);
    assert_int_equal(syslog_encoding.create(&settings, 0, &encoder, &error), SYNFIX_OK);
    assert_int_equal(syslog_encoding.encode(encoder, observation, &block), SYNFIX_OK);
    assert_int_equal(syslog_encoding.encode(encoder, observation, &block), SYNFIX_OK);
    assert_int_equal(syslog_message_at(&block, syslog_message_at(&block, 0, &message), &message),
                     block.length);
    char *const made = g_strndup((const char *)message.bytes, message.length);
    syslog_encoding.destroy(encoder);
    syslog_settings_clear(&settings);
    return made;
}

static void rfc5424_header(void **state)
{
    (void)state;
    sample_t sample;
    sample_syn(&sample);
    g_autofree char *text = message_of("hostname=sensor&app-name=probe&facility=local0&severity=warning",
                                       false, &sample.observation);
    g_autofree char *wanted = g_strdup_printf(
        "<132>1 2022-10-28T09:46:19.123456Z sensor probe %ld tcp_fp - {\"timestamp\":", (long)getpid());
    assert_true(g_str_has_prefix(text, wanted));
    assert_true(g_str_has_suffix(text, "}"));
    assert_null(strchr(text, '\n'));
}

static void local_form_and_prefix(void **state)
{
    (void)state;
    sample_t sample;
    sample_syn(&sample);
    g_autofree char *text = message_of("prefix=@cee: ", true, &sample.observation);
    g_autofree char *wanted = g_strdup_printf("<30>synfix[%ld]: @cee: {\"timestamp\":", (long)getpid());
    assert_true(g_str_has_prefix(text, wanted));
}

static void changes_have_a_severity_of_their_own(void **state)
{
    (void)state;
    sample_t sample;
    const synfix_host_change_t change = {.before = "a", .after = "b"};
    sample_syn(&sample);
    sample.observation.kind = SYNFIX_OBSERVATION_HOST_CHANGE;
    sample.observation.fingerprint = NULL;
    sample.observation.host_change = &change;
    g_autofree char *text = message_of("hostname=h", false, &sample.observation);
    assert_true(g_str_has_prefix(text, "<29>1 "));
    assert_non_null(strstr(text, " tcp_host_change - {"));
}

static void too_long_is_refused(void **state)
{
    (void)state;
    uint8_t data[65536];
    syslog_settings_t settings;
    synfix_error_t error;
    void *encoder = NULL;
    sample_t sample;
    synfix_block_t block = {.data = data, .capacity = sizeof data};
    sample_syn(&sample);
    assert_int_equal(settings_of("max-size=480", false, &settings, &error), SYNFIX_OK);
    assert_int_equal(syslog_encoding.create(&settings, 0, &encoder, &error), SYNFIX_OK);
    assert_int_equal(syslog_encoding.encode(encoder, &sample.observation, &block), SYNFIX_INVALID);
    syslog_encoding.destroy(encoder);
    assert_int_equal(block.length, 0);
    syslog_settings_clear(&settings);
}

static void mistakes(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"facility=local8", "facility: 'local8' is unknown; write kern, user"},
        {"severity=loud", "severity: 'loud' is unknown; write emerg"},
        {"change-severity=loud", "change-severity: 'loud' is unknown; write emerg"},
        {"format=rfc3164", "format: 'rfc3164' is unknown; write rfc5424, local or auto"},
        {"app-name=two words", "app-name: 'two words' has a byte that is not printable ASCII"},
        {"app-name=0123456789012345678901234567890123456789012345678", "app-name: write 1 to 48 characters"},
        {"hostname=", "hostname: write 1 to 255 characters"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        syslog_settings_t settings = {0};
        synfix_error_t error;
        assert_int_equal(settings_of(wrong[i][0], false, &settings, &error), SYNFIX_INVALID);
        assert_non_null(strstr(error.text, wrong[i][1]));
        syslog_settings_clear(&settings);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc5424_header),
        cmocka_unit_test(local_form_and_prefix),
        cmocka_unit_test(changes_have_a_severity_of_their_own),
        cmocka_unit_test(too_long_is_refused),
        cmocka_unit_test(mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
