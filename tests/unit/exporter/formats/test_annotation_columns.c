/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/formats/annotation_columns.h"
#include "exporter/formats/text_sink.h"
#include "module/module_options.h"
#include "support/module_specs.h"
#include "support/sample_observation.h"
#include <string.h>

static const synfix_annotation_t annotations[] = {{"site", "of\"fice"}, {"other", "not named"}};

static void after_the_other_columns(void **state)
{
    (void)state;
    static char text[4096];
    sample_t sample;
    sample_syn(&sample);
    sample.observation.annotations = annotations;
    sample.observation.annotation_count = 2;
    assert_int_equal(
        sample_sink(&csv_module, "annotations=site,absent", &sample.observation, text, sizeof text),
        SYNFIX_OK);
    assert_non_null(strstr(text, ",\"of\"\"fice\",\n"));
    assert_null(strstr(text, "not named"));
    assert_int_equal(
        sample_sink(&zeek_module, "annotations=absent,site", &sample.observation, text, sizeof text),
        SYNFIX_OK);
    assert_non_null(strstr(text, "\t-\tof\"fice\n"));
    assert_int_equal(sample_sink(&zeek_module, "format=json&annotations=absent,site", &sample.observation,
                                 text, sizeof text),
                     SYNFIX_OK);
    assert_non_null(strstr(text, ",\"site\":\"of\\\"fice\"}\n"));
}

static void refusals(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"csv:-?annotations=a,,b", "'' is not a name"},
        {"csv:-?annotations=a b", "'a b' is not a name"},
        {"csv:-?annotations=a,a", "'a' is named twice"},
        {"csv:-?annotations=,", "'' is not a name"},
        {"csv:-?annotations=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q", "more than 16 names"},
        {"csv:-?annotations=a-b,c&keep=0", "'a-b' is not a name"},
        {"csv:-?annotations=a-b,c d&keep=0", "'c d' is not a name"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *mistakes = mistakes_of(&csv_module, rows[i][0]);
        assert_non_null(strstr(mistakes, "annotations: csv:-: annotations: "));
        assert_non_null(strstr(mistakes, rows[i][1]));
        free(mistakes);
    }
}

static void equal_lists_are_one(void **state)
{
    (void)state;
    synfix_options_t *one = NULL;
    synfix_options_t *other = NULL;
    assert_int_equal(module_options_make(&csv_module, "x", "annotations=a,b", &one, NULL), SYNFIX_OK);
    assert_int_equal(module_options_make(&zeek_module, "y", "annotations=a,b", &other, NULL), SYNFIX_OK);
    assert_ptr_equal(annotation_columns_list(one), annotation_columns_list(other));
    module_options_free(one);
    module_options_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_the_other_columns),
        cmocka_unit_test(refusals),
        cmocka_unit_test(equal_lists_are_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
