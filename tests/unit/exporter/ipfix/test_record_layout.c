/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix/compiled_template.h"
#include "support/sample_observation.h"
#include <string.h>

#define RECORD_SIZE 1024u

static uint32_t seed = 1;

static void fill_randomly(void *at, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        seed = seed * 1664525u + 1013904223u;
        ((uint8_t *)at)[i] = (uint8_t)(seed >> 24);
    }
}

/* Numbers that no packet has, so that each byte of the record depends on the right one. */
static void randomise(sample_t *sample, uint8_t ip_version)
{
    synfix_headers_t *headers = &sample->headers;
    fill_randomly(headers, offsetof(synfix_headers_t, options));
    headers->ip_version = ip_version;
    headers->encapsulation.vlan_count = (uint8_t)(seed % 3);
    headers->encapsulation.vlan_id = 77;
    headers->encapsulation.customer_vlan_id = 78;
    headers->encapsulation.mpls_count = (uint8_t)(seed / 3 % 2);
    headers->encapsulation.mpls_label = 79;
    sample->observation.kind = (uint8_t)(SYNFIX_OBSERVATION_SYN + seed / 6 % 3);
    fill_randomly(&sample->options.timestamp_value, sizeof sample->options.timestamp_value);
    fill_randomly(&sample->options.timestamp_echo, sizeof sample->options.timestamp_echo);
    fill_randomly(&sample->observation.time_ns, sizeof sample->observation.time_ns);
    fill_randomly(&sample->observation.flow_id, sizeof sample->observation.flow_id);
}

/* The layout writes the same bytes as the table of places. */
static void compare(template_section_t *section, uint8_t ip_version)
{
    const record_layout_t layout = section->layout;
    assert_non_null(layout);
    for (unsigned round = 0; round < 1000; round++) {
        uint8_t by_layout[RECORD_SIZE] = {0};
        uint8_t by_places[RECORD_SIZE] = {0};
        sample_t sample;
        sample_syn(&sample);
        randomise(&sample, ip_version);
        assert_ptr_equal(template_section_write(by_layout, section, &sample.observation),
                         by_layout + section->size);
        section->layout = NULL;
        assert_ptr_equal(template_section_write(by_places, section, &sample.observation),
                         by_places + section->size);
        section->layout = layout;
        assert_memory_equal(by_layout, by_places, section->size);
        assert_int_equal(by_layout[section->size], 0);
    }
}

/* Records outside of tunnels of the two profiles as shipped have a layout. */
static void test_layouts(void **state)
{
    static const char *const names[] = {"full", "compact"};
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        synfix_error_t error = {.text = ""};
        ipfix_model_t *model = NULL;
        ipfix_profile_t *profile = NULL;
        const char *directory = SYNFIX_SOURCE_DIR "/ipfix-templates";
        unsigned compared = 0;
        if (ipfix_model_load(directory, 32473, &model, &error) != SYNFIX_OK ||
            ipfix_profile_load(model, directory, names[i], false, &profile, &error) != SYNFIX_OK) {
            fail_msg("%s", error.text);
        }
        for (unsigned variant = 0; variant < IPFIX_VARIANTS; variant++) {
            const ipfix_template_t *template = &profile->templates[variant];
            if (template->uptime || template->outer_version != 0) {
                continue;
            }
            compiled_template_t compiled;
            compiled_template_init(&compiled, template);
            if (compiled.template_id != 0 && strstr(template->fields[0]->name, "Start") != NULL &&
                compiled.sections[0].layout != NULL) {
                compare(&compiled.sections[0], template->ip_version);
                compared++;
            }
            compiled_template_clear(&compiled);
        }
        assert_true(compared >= 2);
        ipfix_profile_free(profile);
        ipfix_model_free(model);
    }
}

static void test_no_layout(void **state)
{
    static const packet_field_t fields[] = {PACKET_FLOW_START, PACKET_FLOW_END};
    (void)state;
    assert_null(record_layout_find(fields, 2));
    assert_null(record_layout_find(fields, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layouts),
        cmocka_unit_test(test_no_layout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
