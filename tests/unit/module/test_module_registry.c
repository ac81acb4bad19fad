/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/enrichers/enrichers.h"
#include "exporter/formats/text_sink.h"
#include "module/module_registry.h"
#include "support/temporary_directory.h"
#include <string.h>

/* A copy of a good descriptor with one thing changed. */
typedef void change_fn(synfix_module_t *module);

static void other_abi(synfix_module_t *module)
{
    module->abi++;
}

static void short_descriptor(synfix_module_t *module)
{
    module->size = sizeof *module - 1;
}

static void other_kind(synfix_module_t *module)
{
    module->kind = (synfix_module_kind_t)9;
}

static void upper_case(synfix_module_t *module)
{
    module->name = "Json";
}

static void no_name(synfix_module_t *module)
{
    module->name = "";
}

static void no_summary(synfix_module_t *module)
{
    module->summary = NULL;
}

static void no_functions(synfix_module_t *module)
{
    module->sink = NULL;
}

static void no_write(synfix_module_t *module)
{
    static synfix_sink_t sink;
    sink = *json_module.sink;
    sink.write = NULL;
    module->sink = &sink;
}

static void wrong_default(synfix_module_t *module)
{
    static const synfix_option_t options[] = {
        {.name = "size", .type = SYNFIX_OPTION_INTEGER, .fallback = "big", .help = "x"}, {.name = NULL}};
    module->options = options;
}

static void wrong_choice(synfix_module_t *module)
{
    static const synfix_option_t options[] = {
        {.name = "mode", .type = SYNFIX_OPTION_STRING, .fallback = "c", .choices = "a b", .help = "x"},
        {.name = NULL}};
    module->options = options;
}

static void no_help(synfix_module_t *module)
{
    static const synfix_option_t options[] = {{.name = "size", .type = SYNFIX_OPTION_INTEGER},
                                              {.name = NULL}};
    module->options = options;
}

static void reversed_range(synfix_module_t *module)
{
    static const synfix_option_t options[] = {
        {.name = "size", .type = SYNFIX_OPTION_INTEGER, .minimum = 2, .maximum = 1, .help = "x"},
        {.name = NULL}};
    module->options = options;
}

static void descriptors(void **state)
{
    (void)state;
    static const struct {
        change_fn *change;
        synfix_status_t status;
        const char *reason;
    } rows[] = {
        {other_abi, SYNFIX_UNSUPPORTED, "build the module again"},
        {short_descriptor, SYNFIX_UNSUPPORTED, "; build the module again"},
        {other_kind, SYNFIX_INVALID, "a module of kind 9"},
        {upper_case, SYNFIX_INVALID, "lower case letters"},
        {no_name, SYNFIX_INVALID, "lower case letters"},
        {no_summary, SYNFIX_INVALID, "json: no summary"},
        {no_functions, SYNFIX_INVALID, "json: sink is missing"},
        {no_write, SYNFIX_INVALID, "json: sink.write is missing"},
        {wrong_default, SYNFIX_INVALID, "default of option size: 'big' is not a number"},
        {wrong_choice, SYNFIX_INVALID, "default of option mode: 'c' is unknown; write a or b"},
        {no_help, SYNFIX_INVALID, "description of option size is incomplete"},
        {reversed_range, SYNFIX_INVALID, "description of option size is incomplete"},
    };
    registry_t *registry = registry_new();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        synfix_module_t module = json_module;
        synfix_error_t error = {.text = ""};
        rows[i].change(&module);
        assert_int_equal(registry_add(registry, &module, &error), rows[i].status);
        assert_non_null(strstr(error.text, rows[i].reason));
        assert_null(registry_at(registry, 0, NULL));
    }
    registry_free(registry);
    registry_free(NULL);
}

static void names_are_unique_in_a_kind(void **state)
{
    (void)state;
    registry_t *registry = registry_new();
    const char *path = "x";
    synfix_error_t error = {.text = ""};
    assert_int_equal(registry_add(registry, &json_module, NULL), SYNFIX_OK);
    assert_int_equal(registry_add(registry, &muon_module, NULL), SYNFIX_OK);
    assert_int_equal(registry_add(registry, &json_module, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "another sink of this name"));
    assert_ptr_equal(registry_find(registry, SYNFIX_MODULE_SINK, "json"), &json_module);
    assert_null(registry_find(registry, SYNFIX_MODULE_ENRICHER, "json"));
    assert_ptr_equal(registry_at(registry, 1, &path), &muon_module);
    assert_null(path); /* built in */
    assert_null(registry_at(registry, 2, &path));
    registry_free(registry);
}

/* The reason names the file, and nothing is added. */
static void shared_objects(void **state)
{
    (void)state;
    registry_t *registry = registry_new();
    synfix_error_t error = {.text = ""};
    char *directory = temporary_directory_new();
    g_autofree char *text = g_build_filename(directory, "text.so", NULL);
    g_autofree char *other = g_build_filename(directory, "text.txt", NULL);
    assert_int_equal(registry_load(registry, "/nonexistent.so", &error), SYNFIX_NOT_FOUND);
    assert_string_equal(error.text, "/nonexistent.so: no such file; check the path of the module");
    assert_int_equal(registry_load_directory(registry, "/nonexistent", &error), SYNFIX_NOT_FOUND);
    assert_true(g_file_set_contents(other, "x", 1, NULL));
    assert_int_equal(registry_load_directory(registry, directory, &error), SYNFIX_OK); /* no .so in it */
    assert_true(g_file_set_contents(text, "no shared object", -1, NULL));
    assert_true(registry_load(registry, text, &error) < 0);
    assert_true(g_str_has_prefix(error.text, text));
    assert_true(registry_load_directory(registry, directory, &error) < 0);
    assert_true(g_str_has_prefix(error.text, text));
    assert_true(registry_load(registry, "/proc/self/exe", &error) < 0); /* the test itself: no module */
    assert_null(registry_at(registry, 0, NULL));
    registry_free(registry);
    assert_int_equal(temporary_directory_remove(directory), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(descriptors),
                                       cmocka_unit_test(names_are_unique_in_a_kind),
                                       cmocka_unit_test(shared_objects)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
