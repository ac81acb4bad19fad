/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "event/observation_columns.h"
#include "exporter/formats/text_sink.h"
#include "support/sample_observation.h"

static void the_uid_is_the_flow_s(void **state)
{
    (void)state;
    sample_t sample;
    column_value_t forward;
    column_value_t back;
    sample_ipv6(&sample);
    field_read(&sample.observation, COLUMN_UID, &back);
    const synfix_headers_t headers = sample.headers;
    sample.headers.source = headers.destination;
    sample.headers.destination = headers.source;
    sample.headers.source_port = headers.destination_port;
    sample.headers.destination_port = headers.source_port;
    sample.observation.from_server = false;
    field_read(&sample.observation, COLUMN_UID, &forward);
    assert_string_equal(forward.text, back.text);
    assert_int_equal(strlen(forward.text), 18);
    assert_int_equal(forward.text[0], 67);
    sample.headers.source_port++;
    field_read(&sample.observation, COLUMN_UID, &back);
    assert_string_not_equal(forward.text, back.text);
}

static void every_field_has_an_answer(void **state)
{
    (void)state;
    static const column_t of_uptime[] = {COLUMN_FREQUENCY, COLUMN_MEASURED, COLUMN_UPTIME, COLUMN_MODULUS,
                                         COLUMN_RELIABILITY};
    sample_t sample;
    sample_uptime(&sample);
    column_value_t value;
    for (unsigned field = COLUMN_SIGNATURE; field <= COLUMN_LINK; field++) {
        field_read(&sample.observation, (column_t)field, &value);
        assert_int_equal(value.type, COLUMN_UNSET);
    }
    for (size_t i = 0; i < sizeof of_uptime / sizeof of_uptime[0]; i++) {
        sample_uptime(&sample);
        field_read(&sample.observation, of_uptime[i], &value);
        assert_int_not_equal(value.type, COLUMN_UNSET);
        sample_syn(&sample);
        field_read(&sample.observation, of_uptime[i], &value);
        assert_int_equal(value.type, COLUMN_UNSET);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_uid_is_the_flow_s),
                                       cmocka_unit_test(every_field_has_an_answer)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
