/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/information_model/information_model.h"
#include <glib.h>

static ipfix_model_t *load(void)
{
    ipfix_model_t *model = NULL;
    assert_int_equal(ipfix_model_load(SYNFIX_SOURCE_DIR "/ipfix-templates", 4242, &model, NULL), SYNFIX_OK);
    return model;
}

static void assert_element(const ipfix_model_t *model, uint32_t pen, uint16_t id, const char *name,
                           const char *type)
{
    const ipfix_element_t *const element = ipfix_model_by_id(model, pen, id);
    if (element == NULL) {
        fail_msg("no element %u/%u (%s)", pen, id, name);
    } else {
        assert_string_equal(element->name, name);
        assert_string_equal(ipfix_type_text(element->type), type);
    }
}

/* The first and last element of each block of the registry, and those of the newer RFCs. */
static void registry_is_complete(void **state)
{
    (void)state;
    ipfix_model_t *const model = load();
    assert_element(model, 0, 1, "octetDeltaCount", "unsigned64");
    assert_element(model, 0, 3, "deltaFlowCount", "unsigned64");
    assert_element(model, 0, 22, "flowStartSysUpTime", "unsigned32");
    assert_element(model, 0, 89, "forwardingStatus", "unsigned32");
    assert_element(model, 0, 136, "flowEndReason", "unsigned8");
    assert_element(model, 0, 160, "systemInitTimeMilliseconds", "dateTimeMilliseconds");
    assert_element(model, 0, 291, "basicList", "basicList");
    assert_element(model, 0, 293, "subTemplateMultiList", "subTemplateMultiList");
    assert_element(model, 0, 491, "bgpDestinationLargeCommunityList", "basicList");
    assert_element(model, 0, 495, "srhActiveSegmentIPv6", "ipv6Address");
    assert_element(model, 0, 515, "ipv6ExtensionHeadersFull", "unsigned256");
    assert_element(model, 0, 520, "tcpOptionsFull", "unsigned256");
    assert_element(model, 0, 533, "pathDelaySumDeltaMicroseconds", "unsigned64");
    assert_element(model, 6871, 40, "flowAttributes", "unsigned16");
    unsigned iana = 0;
    for (size_t i = 0; i < ipfix_model_count(model); i++) {
        iana += ipfix_model_at(model, i)->pen == 0;
    }
    assert_int_equal(iana, 502);
    ipfix_model_free(model);
}

static void units_and_ranges(void **state)
{
    (void)state;
    ipfix_model_t *const model = load();
    const ipfix_element_t *const label = ipfix_model_by_name(model, "flowLabelIPv6");
    assert_int_equal(label->range_minimum, 0);
    assert_int_equal(label->range_maximum, 0xFFFFF);
    const ipfix_element_t *const header = ipfix_model_by_name(model, "tcpHeaderLength");
    assert_string_equal(ipfix_units_text(header->units), "octets");
    const ipfix_element_t *const words = ipfix_model_by_name(model, "ipv4IHL");
    assert_string_equal(ipfix_units_text(words->units), "4-octet words");
    ipfix_model_free(model);
}

static void other_direction(void **state)
{
    (void)state;
    ipfix_model_t *const model = load();
    assert_element(model, 29305, 1, "reverseOctetDeltaCount", "unsigned64");
    assert_element(model, 29305, 184, "reverseTcpSequenceNumber", "unsigned32");
    assert_element(model, 6871, 40 | 0x4000, "reverseFlowAttributes", "unsigned16");
    assert_null(ipfix_model_by_id(model, 4242, 1 | 0x4000));
    assert_ptr_equal(ipfix_model_by_name(model, "reverseOctetDeltaCount"),
                     ipfix_model_by_id(model, 29305, 1));
    ipfix_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registry_is_complete),
        cmocka_unit_test(units_and_ranges),
        cmocka_unit_test(other_direction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
