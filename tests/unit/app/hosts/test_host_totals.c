/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/hosts/host_totals.h"
#include <synfix/headers.h>

static const host_label_t linux_label = {.text = "Linux 4", .family = "Linux", .number = 1};
static const host_label_t windows_label = {.text = "Windows 7", .family = "Windows", .number = 2};
static const host_label_t unknown_label = {.text = "?", .family = "", .number = HOST_LABEL_UNKNOWN};

static listed_host_t host(uint8_t last_byte, uint8_t role, const host_label_t *label)
{
    return (listed_host_t){.key = {.address = {{10, 0, 0, last_byte}},
                                   .vlan_id = HOST_NO_VLAN,
                                   .customer_vlan_id = HOST_NO_VLAN,
                                   .ip_version = 4,
                                   .role = role},
                           .label = label};
}

static host_totals_t totals_of(const listed_host_t *hosts, guint count)
{
    g_autoptr(GArray) array = g_array_new(FALSE, FALSE, sizeof *hosts);
    g_array_append_vals(array, hosts, count);
    g_array_sort(array, host_list_order("address"));
    return host_totals_of(array);
}

static void assert_family(const host_totals_t *totals, guint at, const char *name, uint64_t hosts)
{
    const family_total_t *total = &g_array_index(totals->families, family_total_t, at);
    assert_string_equal(total->name, name);
    assert_int_equal(total->hosts, hosts);
}

static void roles_of_a_host_are_one_host(void **state)
{
    (void)state;
    const listed_host_t hosts[] = {
        host(1, HOST_SERVER, &linux_label),   host(2, HOST_CLIENT, &windows_label),
        host(1, HOST_CLIENT, &linux_label),   host(3, HOST_CLIENT, &linux_label),
        host(3, HOST_SERVER, &unknown_label),
    };
    host_totals_t totals = totals_of(hosts, G_N_ELEMENTS(hosts));
    assert_int_equal(totals.rows, 5);
    assert_int_equal(totals.hosts, 3);
    assert_int_equal(totals.families->len, 2);
    assert_family(&totals, 0, "Linux", 2);
    assert_family(&totals, 1, "Windows", 1);
    host_totals_clear(&totals);
}

/* A host counts once, so that the families add up to the hosts. */
static void one_role_stands_for_a_host(void **state)
{
    (void)state;
    listed_host_t hosts[] = {host(1, HOST_CLIENT, &unknown_label), host(1, HOST_SERVER, &linux_label),
                             host(2, HOST_CLIENT, &windows_label), host(2, HOST_SERVER, &linux_label),
                             host(3, HOST_CLIENT, &linux_label),   host(3, HOST_SERVER, &unknown_label)};
    hosts[1].quality = 60;
    hosts[2].quality = 90;
    hosts[3].quality = 80;
    hosts[4].quality = 97;
    hosts[5].tool = true;
    host_totals_t totals = totals_of(hosts, G_N_ELEMENTS(hosts));
    assert_int_equal(totals.hosts, 3);
    assert_family(&totals, 0, "Linux", 1);
    assert_family(&totals, 1, "Tools and scanners", 1);
    assert_family(&totals, 2, "Windows", 1);
    host_totals_clear(&totals);
}

/* The same address in other networks: tunnels of two kinds with one id, a VLAN, no tag. */
static void networks_have_hosts_of_their_own(void **state)
{
    (void)state;
    static const uint8_t kinds[] = {SYNFIX_ENCAPSULATION_VXLAN, SYNFIX_ENCAPSULATION_GENEVE};
    listed_host_t hosts[8];
    for (size_t i = 0; i < G_N_ELEMENTS(hosts); i++) {
        hosts[i] = host(1, i % 2 == 0 ? HOST_CLIENT : HOST_SERVER, &linux_label);
        if (i < 4) {
            hosts[i].key.tunnel_id = 7;
            hosts[i].key.tunnel_kind = kinds[i / 2];
        } else if (i < 6) {
            hosts[i].key.vlan_id = 7;
        }
    }
    host_totals_t totals = totals_of(hosts, G_N_ELEMENTS(hosts));
    assert_int_equal(totals.rows, 8);
    assert_int_equal(totals.hosts, 4);
    assert_family(&totals, 0, "Linux", 4);
    host_totals_clear(&totals);
}

static void an_empty_list(void **state)
{
    (void)state;
    host_totals_t totals = totals_of(NULL, 0);
    assert_int_equal(totals.hosts, 0);
    assert_int_equal(totals.families->len, 0);
    host_totals_clear(&totals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roles_of_a_host_are_one_host), cmocka_unit_test(one_role_stands_for_a_host),
        cmocka_unit_test(networks_have_hosts_of_their_own), cmocka_unit_test(an_empty_list)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
