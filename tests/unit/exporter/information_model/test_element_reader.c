/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/information_model/element_reader.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *temporary_file(const char *text)
{
    char *path = NULL;
    const int file = g_file_open_tmp("synfix-test-XXXXXX.xml", &path, NULL);
    assert_true(file >= 0);
    (void)close(file);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static ipfix_model_t *load_model(void)
{
    ipfix_model_t *model = NULL;
    assert_int_equal(ipfix_model_load(SYNFIX_SOURCE_DIR "/ipfix-templates", 4242, &model, NULL), SYNFIX_OK);
    return model;
}

#define RECORD(body) "<r>\n<record>\n" body "</record>\n</r>\n"
#define ELEMENT(name, type, pen, id)                                                                         \
    "<name>" name "</name><dataType>" type "</dataType><cert:enterpriseId>" pen "</cert:enterpriseId>"       \
    "<elementId>" id "</elementId>\n"

static void mistakes_name_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason;
    } cases[] = {
        {RECORD(ELEMENT("a", "unsigned9", "5", "1")), ":4: element 'a': unknown dataType"},
        {RECORD(ELEMENT("a", "string", "5", "0")), ":4: element 'a': elementId must be 1 to 32767"},
        {RECORD(ELEMENT("a", "string", "32473", "16384")),
         ":4: element 'a': an element of synfix needs an id below 16384"},
        {RECORD(ELEMENT("a", "string", "x", "1")), ":4: element 'a': enterpriseId is not a number"},
        {RECORD("<name>flowId</name><dataType>string</dataType><elementId>600</elementId>\n"),
         ":4: element 'flowId': another element has this name or id"},
        {RECORD(ELEMENT("a", "string", "32473", "1")),
         ":4: element 'a': another element has this name or id"},
        {RECORD(ELEMENT("a", "string", "5", "1") "</record>\n<record>\n" ELEMENT("a", "string", "5", "2")),
         ":7: element 'a': another element has this name or id"},
        {RECORD(ELEMENT("a", "string", "5", "1") "</record>\n<record>\n" ELEMENT("b", "string", "5", "1")),
         ":7: element 'b': another element has this name or id"},
        {RECORD(ELEMENT("1a", "string", "5", "1")), ":4: element '1a': a record without a name of letters"},
        {RECORD(ELEMENT("a", "string", "5", "1") "<units>miles</units>"), ":4: element 'a': unknown units"},
        {RECORD(ELEMENT("a", "string", "5", "1") "<range>5</range>"),
         ":4: element 'a': a range is MINIMUM-MAXIMUM"},
        {RECORD(ELEMENT("a", "string", "5", "1") "<dataTypeSemantics>odd</dataTypeSemantics>"),
         ":4: element 'a': unknown dataTypeSemantics"},
        {RECORD("<record>"), ":3: a record inside a record"},
        {RECORD("<name>a</name>\n"), ":4: element 'a' has no dataType"},
        {RECORD("<name>a</name>\n<name>b</name>\n"), ":4: <name> twice in one record"},
        {"<r>\n<record>\n", ":3: "},
    };
    ipfix_model_t *model = load_model();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = temporary_file(cases[i].text);
        g_autofree char *expected = g_strconcat(path, cases[i].reason, NULL);
        synfix_error_t error = {.text = ""};
        GPtrArray *found = NULL;
        assert_int_equal(element_reader_read(model, path, NULL, &found, &error), SYNFIX_INVALID);
        assert_null(found);
        if (!g_str_has_prefix(error.text, expected)) {
            fail_msg("'%s' is not '%s'", error.text, expected);
        }
        g_unlink(path);
    }
    ipfix_model_free(model);
}

/* The form of IANA's file: other registries, fillers, ids without a name, text over several lines. */
static const char iana_form[] =
    "<?xml version='1.0'?>\n"
    "<registry xmlns='http://www.iana.org/assignments' id='ipfix'><title>Entities</title>\n"
    "<registry id='ipfix-information-elements'><title>Elements</title>\n"
    "<record><name>Reserved</name><elementId>0</elementId><description/></record>\n"
    "<record><name>Assigned for NetFlow v9 compatibility</name><elementId>5990-5992</elementId></record>\n"
    "<record><name/><elementId>5993</elementId><description><paragraph>x</paragraph></description></record>\n"
    "<record><name>newThing</name><dataType>unsigned16</dataType><group>g</group>\n"
    "<dataTypeSemantics>quantity</dataTypeSemantics><elementId>6001</elementId>\n"
    "<description><paragraph>\nOne\n  thing, <xref type='rfc' data='rfc1'/>\n  at "
    "last.\n</paragraph></description>\n"
    "<units>4-octet words</units><range>0-0xFF</range></record>\n"
    "<record><name>Unassigned</name><elementId>6002-32767</elementId></record></registry>\n"
    "<registry id='ipfix-mpls-label-type'><record><value>1</value><description>TE</description></record>\n"
    "</registry></registry>\n";

/* The elements of @p text, which has no mistake. */
static GPtrArray *elements_of(const char *text, ipfix_wanted_fn *wanted)
{
    ipfix_model_t *model = load_model();
    g_autofree char *path = temporary_file(text);
    GPtrArray *found = NULL;
    synfix_error_t error = {.text = ""};
    const synfix_status_t status = element_reader_read(model, path, wanted, &found, &error);
    g_unlink(path);
    ipfix_model_free(model);
    assert_string_equal(error.text, "");
    assert_int_equal(status, SYNFIX_OK);
    return found;
}

static void iana_file_as_published(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) found = elements_of(iana_form, NULL);
    assert_int_equal(found->len, 1);
    const ipfix_element_t *const element = found->pdata[0];
    assert_int_equal(element->id, 6001);
    assert_string_equal(element->name, "newThing");
    assert_string_equal(element->description, "One thing, at last.");
    assert_string_equal(ipfix_units_text(element->units), "4-octet words");
    assert_int_equal(element->range_maximum, 0xFF);
    assert_false(element->own);
}

static void own_elements_carry_the_number_of_the_model(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) found = elements_of(RECORD(ELEMENT("a", "string", "32473", "16383")), NULL);
    const ipfix_element_t *const element = found->pdata[0];
    assert_true(element->own);
    assert_int_equal(element->pen, 4242);
    assert_int_equal(element->length, IPFIX_VARIABLE);
}

static bool second_only(uint32_t pen, uint16_t id)
{
    return pen == 5 && id == 2;
}

/* Records of other elements are skipped, also wrong ones. */
static void reads_what_is_wanted(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) found = elements_of(
        RECORD(ELEMENT("a", "nonsense", "5", "1") "</record>\n<record>\n" ELEMENT("b", "string", "5", "2")),
        second_only);
    assert_int_equal(found->len, 1);
    assert_string_equal(((const ipfix_element_t *)found->pdata[0])->name, "b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_name_the_line),
        cmocka_unit_test(iana_file_as_published),
        cmocka_unit_test(own_elements_carry_the_number_of_the_model),
        cmocka_unit_test(reads_what_is_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
