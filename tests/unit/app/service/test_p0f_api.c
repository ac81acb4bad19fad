/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/service/p0f_api.h"
#include "support/host_sightings.h"

static uint32_t get32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static int16_t distance_in(const uint8_t *response)
{
    int16_t value;
    memcpy(&value, response + 36, sizeof value);
    return value;
}

static void make_request(uint8_t *request, uint32_t magic, uint8_t version, const uint8_t *address,
                         size_t length)
{
    memset(request, 0, P0F_API_REQUEST_SIZE);
    memcpy(request, &magic, sizeof magic);
    request[4] = version;
    memcpy(request + 5, address, length);
}

static int set_up(void **state)
{
    const host_model_config_t config = {.evidence = true};
    *state = host_model_new(&config);
    return *state != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    host_model_free(*state);
    return 0;
}

static void known_host(void **state)
{
    host_model_t *model = *state;
    for (int i = 0; i < 3; i++) {
        host_sighting_t sighting = sighting_of(model, 7, LINUX_BY_VPN, &linux_label, i * 60);
        sighting.link = host_labels_add_text(host_model_labels(model), "Ethernet or modem");
        host_model_add(model, &sighting, NULL);
    }
    uint8_t request[P0F_API_REQUEST_SIZE];
    uint8_t response[P0F_API_RESPONSE_SIZE];
    make_request(request, P0F_API_REQUEST_MAGIC, 4, (const uint8_t[]){192, 0, 2, 7}, 4);
    p0f_api_answer(model, request, response);
    assert_int_equal(get32(response), P0F_API_RESPONSE_MAGIC);
    assert_int_equal(get32(response + 4), P0F_API_OK);
    assert_int_equal(get32(response + 8), TEST_START_NS / SECOND_NS);
    assert_int_equal(get32(response + 12), TEST_START_NS / SECOND_NS + 120);
    assert_int_equal(get32(response + 16), 3);
    assert_int_equal(distance_in(response), 2);
    assert_string_equal((const char *)response + 40, "Linux");
    assert_string_equal((const char *)response + 72, "5.x");
    assert_string_equal((const char *)response + 168, "Ethernet or modem");
}

/* p0f has one entry for both roles: the label is that of the role that has one, counts and times are of both.
 */
static void both_roles(void **state)
{
    host_model_t *model = *state;
    host_sighting_t client = sighting_of(model, 7, LINUX_BY_VPN, &linux_label, 60);
    host_model_add(model, &client, NULL);
    for (int i = 0; i < 3; i++) {
        host_sighting_t server = sighting_of(model, 7, LINUX_STRIPPED, NULL, i * 60);
        server.key.role = HOST_SERVER;
        server.kind = SYNFIX_OBSERVATION_SYN_ACK;
        host_model_add(model, &server, NULL);
    }
    uint8_t request[P0F_API_REQUEST_SIZE];
    uint8_t response[P0F_API_RESPONSE_SIZE];
    make_request(request, P0F_API_REQUEST_MAGIC, 4, (const uint8_t[]){192, 0, 2, 7}, 4);
    p0f_api_answer(model, request, response);
    assert_int_equal(get32(response + 8), TEST_START_NS / SECOND_NS);
    assert_int_equal(get32(response + 12), TEST_START_NS / SECOND_NS + 120);
    assert_int_equal(get32(response + 16), 4);
    assert_string_equal((const char *)response + 40, "Linux");
}

static void unknown_host(void **state)
{
    uint8_t request[P0F_API_REQUEST_SIZE];
    uint8_t response[P0F_API_RESPONSE_SIZE];
    make_request(request, P0F_API_REQUEST_MAGIC, 6, (const uint8_t[16]){0x20, 0x01, 0x0D, 0xB8}, 16);
    p0f_api_answer(*state, request, response);
    assert_int_equal(get32(response + 4), P0F_API_NO_MATCH);
    for (size_t i = 8; i < P0F_API_RESPONSE_SIZE; i++) {
        assert_int_equal(response[i], 0);
    }
}

static void bad_requests(void **state)
{
    static const struct {
        uint32_t magic;
        uint8_t version;
    } rows[] = {{0x50304602u, 4}, {0, 4}, {P0F_API_REQUEST_MAGIC, 0}, {P0F_API_REQUEST_MAGIC, 5}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t request[P0F_API_REQUEST_SIZE];
        uint8_t response[P0F_API_RESPONSE_SIZE];
        make_request(request, rows[i].magic, rows[i].version, (const uint8_t[]){192, 0, 2, 7}, 4);
        p0f_api_answer(*state, request, response);
        assert_int_equal(get32(response), P0F_API_RESPONSE_MAGIC);
        assert_int_equal(get32(response + 4), P0F_API_BAD_QUERY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(known_host, set_up, tear_down),
        cmocka_unit_test_setup_teardown(both_roles, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unknown_host, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bad_requests, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
