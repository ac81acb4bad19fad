/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/service/host_query.h"
#include "app/service/p0f_api.h"
#include "support/host_sightings.h"

static uint32_t number_at(const GString *answer, size_t at)
{
    uint32_t number;
    memcpy(&number, answer->str + at, sizeof number);
    return number;
}

static GString *ask(host_model_t *model, uint8_t version, uint8_t last)
{
    uint8_t request[P0F_API_REQUEST_SIZE] = {0};
    const host_key_t key = sighting_key(last);
    request[4] = version;
    memcpy(request + 5, key.address.bytes, 4);
    GString *answer = g_string_new(NULL);
    host_query_answer(model, request, answer);
    assert_int_equal(number_at(answer, 0), HOST_QUERY_RESPONSE_MAGIC);
    assert_int_equal(number_at(answer, 8), answer->len - HOST_QUERY_HEADER_SIZE);
    return answer;
}

static void a_host_is_an_object(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    (void)sighting_add(model, 7, LINUX_TEXT, &linux_label, 0, NULL);
    GString *answer = ask(model, 4, 7);
    assert_int_equal(number_at(answer, 4), P0F_API_OK);
    const char *json = answer->str + HOST_QUERY_HEADER_SIZE;
    assert_memory_equal(json, "[{\"address\":\"192.0.2.7\",\"role\":\"client\",\"label\":\"Linux 5.x\"", 57);
    assert_non_null(strstr(json, "\"signatures\":[{\"signature\":\"4:"));
    assert_non_null(strstr(json, "\"recent_changes\":[]"));
    assert_null(strstr(json, "\"uptime\""));
    g_string_free(answer, TRUE);
    host_model_free(model);
}

static void unknown_and_wrong(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    GString *answer = ask(model, 4, 7);
    assert_int_equal(number_at(answer, 4), P0F_API_NO_MATCH);
    assert_string_equal(answer->str + HOST_QUERY_HEADER_SIZE, "[]\n");
    g_string_free(answer, TRUE);
    answer = ask(model, 5, 7);
    assert_int_equal(number_at(answer, 4), P0F_API_BAD_QUERY);
    assert_int_equal(answer->len, HOST_QUERY_HEADER_SIZE);
    g_string_free(answer, TRUE);
    host_model_free(model);
}

/* An address in thousands of networks does not make an answer of megabytes. */
static void an_answer_is_bounded(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    for (uint16_t vlan = 0; vlan < 1000; vlan++) {
        host_sighting_t sighting = sighting_of(model, 7, LINUX_TEXT, &linux_label, 0);
        sighting.key.vlan_id = vlan;
        (void)host_model_add(model, &sighting, NULL);
    }
    GString *json = g_string_new(NULL);
    const host_key_t key = sighting_key(7);
    assert_int_equal(host_query_json(model, &key.address, 4, json), HOST_QUERY_HOSTS_MAX);
    assert_true(json->len < 65536);
    g_string_free(json, TRUE);
    host_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_host_is_an_object),
                                       cmocka_unit_test(unknown_and_wrong),
                                       cmocka_unit_test(an_answer_is_bounded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
