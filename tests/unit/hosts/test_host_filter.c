/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "hosts/host_filter.h"
#include "support/host_sightings.h"

static void times_have_several_forms(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
    } cases[] = {
        {"2026-11-29", 1795910400},
        {"2026-11-29T10:00", 1795946400},
        {"2026-11-29 10:00:05", 1795946405},
        {"2026-11-29T10:00:05Z", 1795946405},
        {"@7", 7},
        {"90s", 910},
        {"1m", 940},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t time_ns = 0;
        assert_int_equal(host_time_parse(cases[i].text, 1000 * SECOND_NS, &time_ns, NULL), SYNFIX_OK);
        assert_int_equal(time_ns, cases[i].seconds * SECOND_NS);
    }
}

static void other_times_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "yesterday", "@", "@x", "5", "5y", "-3h", "2026-13-01", "10:00"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t time_ns = 0;
        assert_int_equal(host_time_parse(texts[i], 0, &time_ns, NULL), SYNFIX_INVALID);
    }
}

static bool in_net(const char *net, const char *address)
{
    host_filter_t filter = {.net_count = 1};
    address_prefix_t wanted;
    assert_int_equal(address_prefix_parse(net, &filter.nets[0], NULL), SYNFIX_OK);
    assert_int_equal(address_prefix_parse(address, &wanted, NULL), SYNFIX_OK);
    return host_filter_address(&filter, &wanted.address, wanted.ip_version);
}

static void nets_hold_addresses(void **state)
{
    (void)state;
    assert_true(in_net("192.0.2.0/24", "192.0.2.255"));
    assert_false(in_net("192.0.2.0/24", "192.0.3.0"));
    assert_true(in_net("192.0.2.128/25", "192.0.2.200"));
    assert_false(in_net("192.0.2.128/25", "192.0.2.100"));
    assert_true(in_net("192.0.2.1", "192.0.2.1"));
    assert_false(in_net("192.0.2.1", "192.0.2.2"));
    assert_true(in_net("0.0.0.0/0", "255.255.255.255"));
    assert_false(in_net("0.0.0.0/0", "::1"));
    assert_true(in_net("2001:db8::/33", "2001:db8:7fff::1"));
    assert_false(in_net("2001:db8::/33", "2001:db8:8000::1"));
}

static void other_nets_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "x", "192.0.2.0/33", "192.0.2.1/24", "192.0.2.0/", "2001:db8::/129"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        address_prefix_t net;
        assert_int_equal(address_prefix_parse(texts[i], &net, NULL), SYNFIX_INVALID);
    }
}

static void rows_pass_by_every_condition(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    for (int i = 0; i < 8; i++) {
        (void)sighting_add(model, 1, i % 2 ? WINDOWS_TEXT : LINUX_TEXT, i % 2 ? &windows_label : &linux_label,
                           100 + i, NULL);
    }
    (void)sighting_add(model, 2, "4:64+0:0:1460:1024,0:mss::0", NULL, 200, NULL);
    const host_row_t shared = row_of(model, 1);
    const host_row_t unknown = row_of(model, 2);
    const struct {
        host_filter_t filter;
        bool shared;
        bool unknown;
    } cases[] = {
        {{.since_ns = 0}, true, true},
        {{.shared = true}, true, false},
        {{.changed = true}, true, false},
        {{.unknown = true}, false, true},
        {{.tools = true}, false, false},
        {{.unsupported = true, .now_ns = TEST_START_NS}, false, false},
        {{.os = "windows"}, true, false},
        {{.os = "linux 5"}, true, false},
        {{.os = "BSD"}, false, false},
        {{.since_ns = TEST_START_NS + 150 * SECOND_NS}, false, true},
        {{.until_ns = TEST_START_NS + 150 * SECOND_NS}, true, false},
        {{.changed = true, .since_ns = TEST_START_NS + 107 * SECOND_NS}, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(host_filter_row(&cases[i].filter, &shared), cases[i].shared);
        assert_int_equal(host_filter_row(&cases[i].filter, &unknown), cases[i].unknown);
    }
    host_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_have_several_forms),     cmocka_unit_test(other_times_are_refused),
        cmocka_unit_test(nets_hold_addresses),          cmocka_unit_test(other_nets_are_refused),
        cmocka_unit_test(rows_pass_by_every_condition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
