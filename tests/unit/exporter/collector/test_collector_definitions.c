/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/collector/collector_definitions.h"
#include "exporter/ipfix/element_values.h"
#include "exporter/ipfix/fixbuf_adapter.h"

static ipfix_model_t *load(uint32_t pen)
{
    synfix_error_t error = {.text = ""};
    ipfix_model_t *model = NULL;
    if (ipfix_model_load(SYNFIX_SOURCE_DIR "/ipfix-templates", pen, &model, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    return model;
}

static void test_kept_files_are_those_made(void **state)
{
    (void)state;
    ipfix_model_t *model = load(IPFIX_PEN_DEFAULT);
    for (const collector_format_t *format = collector_formats; format->name != NULL; format++) {
        g_autofree char *path =
            g_build_filename(SYNFIX_SOURCE_DIR, "ipfix-templates", "collectors", format->file, NULL);
        g_autofree char *kept = NULL;
        g_autoptr(GString) made = g_string_new(NULL);
        assert_true(g_file_get_contents(path, &kept, NULL, NULL));
        format->write(model, made);
        assert_string_equal(kept, made->str);
    }
    ipfix_model_free(model);
}

static void test_every_format_names_every_element(void **state)
{
    (void)state;
    ipfix_model_t *model = load(4242);
    for (const collector_format_t *format = collector_formats; format->name != NULL; format++) {
        g_autoptr(GString) made = g_string_new(NULL);
        format->write(model, made);
        assert_non_null(strstr(made->str, "4242"));
        assert_null(strstr(made->str, "32473"));
        unsigned lines = 0;
        for (const char *at = made->str; (at = strchr(at, '\n')) != NULL; at++) {
            lines++;
        }
        assert_true(lines > 36);
    }
    assert_ptr_equal(collector_format_find("pmacct")->name, collector_formats[2].name);
    assert_null(collector_format_find("netflow"));
    ipfix_model_free(model);
}

/* libfixbuf reads its own file, and finds every element as we meant it. */
static void test_libfixbuf_reads_it(void **state)
{
    (void)state;
    ipfix_model_t *model = load(IPFIX_PEN_DEFAULT);
    fbInfoModel_t *fixbuf = fbInfoModelAlloc();
    GError *problem = NULL;
    assert_true(
        fbInfoModelReadXMLFile(fixbuf, SYNFIX_SOURCE_DIR "/ipfix-templates/collectors/fixbuf.xml", &problem));
    unsigned count = 0;
    for (size_t i = 0; i < ipfix_model_count(model); i++) {
        const ipfix_element_t *ours = ipfix_model_at(model, i);
        const fbInfoElement_t *theirs = fbInfoModelGetElementByName(fixbuf, ours->name);
        if (!ours->own && (theirs == NULL || element_source_find(ours) == NULL)) {
            continue; /* newer than libfixbuf, or in no template of ours */
        }
        assert_non_null(theirs);
        assert_int_equal(theirs->ent, ours->pen);
        assert_int_equal(theirs->num, ours->id);
        assert_int_equal(theirs->type, ours->type);
        assert_int_equal(theirs->len, ours->length);
        count += ours->own;
    }
    assert_true(count >= 42);
    fbInfoModelFree(fixbuf);
    ipfix_model_free(model);
}

/* The forms that their readers insist on. */
static void test_forms(void **state)
{
    static const struct {
        const char *format;
        const char *text;
    } cases[] = {
        {"libfds", "  </scope>\n  <element>\n    <id>1</id>"},
        {"nprobe", "TCP_SIGNATURE NONE 32473 1 65535 dump_as_ascii\n"},
        {"nprobe", "OUTER_SOURCE_IPV6_ADDRESS NONE 32473 32 16 dump_as_hex\n"},
        {"telegraf", "32473.14,tcpMaximumSegmentSize,uint\n"},
        {"logstash", "---\n32473:\n  1:\n  - :string\n  - :tcpSignature\n"},
    };
    (void)state;
    ipfix_model_t *model = load(IPFIX_PEN_DEFAULT);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) made = g_string_new(NULL);
        collector_format_find(cases[i].format)->write(model, made);
        assert_non_null(strstr(made->str, cases[i].text));
    }
    ipfix_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept_files_are_those_made),
        cmocka_unit_test(test_every_format_names_every_element),
        cmocka_unit_test(test_libfixbuf_reads_it),
        cmocka_unit_test(test_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
