/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "event/observation_columns.h"
#include "exporter/formats/text_sink.h"
#include "support/sample_observation.h"

static void like_json_with_a_flow_id_when_asked(void **state)
{
    (void)state;
    char text[4096];
    char json[4096];
    sample_t sample;
    sample_ipv6(&sample);
    assert_int_equal(sample_sink(&json_module, NULL, &sample.observation, json, sizeof json), SYNFIX_OK);
    assert_int_equal(sample_sink(&eve_module, NULL, &sample.observation, text, sizeof text), SYNFIX_OK);
    assert_string_equal(text, json);
    assert_int_equal(sample_sink(&eve_module, "flow-id=yes", &sample.observation, text, sizeof text),
                     SYNFIX_OK);
    assert_non_null(strstr(text, "\"ip_v\":6,\"flow_id\":17,\"tcp_fp\":{"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(like_json_with_a_flow_id_when_asked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
