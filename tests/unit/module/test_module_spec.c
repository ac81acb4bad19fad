/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/builtin_modules.h"
#include "exporter/enrichers/enrichers.h"
#include "exporter/formats/text_sink.h"
#include "exporter/ipfix_file/file_sink.h"
#include "exporter/transport/transport_modules.h"
#include "module/module_spec.h"
#include "support/descriptor_checks.h"
#include <glib.h>
#include <string.h>

static registry_t *make_registry(void)
{
    registry_t *registry = registry_new();
    assert_non_null(registry);
    for (size_t i = 0; exporter_sinks[i] != NULL; i++) {
        assert_int_equal(registry_add(registry, exporter_sinks[i], NULL), SYNFIX_OK);
    }
    for (size_t i = 0; exporter_enrichers[i] != NULL; i++) {
        assert_int_equal(registry_add(registry, exporter_enrichers[i], NULL), SYNFIX_OK);
    }
    return registry;
}

/* The specification, and the text of its first mistake in @p error; empty: none. */
static module_spec_t *read_spec(const registry_t *registry, synfix_module_kind_t kind, const char *text,
                                synfix_error_t *error)
{
    synfix_mistakes_t *mistakes = option_mistakes_new();
    assert_non_null(mistakes);
    module_spec_t *spec = module_spec_read(registry, kind, text, mistakes);
    if (spec != NULL) {
        module_spec_check(spec, mistakes);
    }
    error->text[0] = '\0';
    if (option_mistakes_count(mistakes) > 0) {
        *error = option_mistakes_at(mistakes, 0)->error;
    }
    option_mistakes_free(mistakes);
    return spec;
}

static module_spec_t *good_spec(const registry_t *registry, synfix_module_kind_t kind, const char *text)
{
    synfix_error_t error;
    module_spec_t *spec = read_spec(registry, kind, text, &error);
    assert_string_equal(error.text, "");
    assert_non_null(spec);
    return spec;
}

static void parsed(void **state)
{
    (void)state;
    registry_t *registry = make_registry();
    module_spec_t *spec = good_spec(registry, SYNFIX_MODULE_SINK, "tcp://[::1]:1?profile=compact");
    assert_ptr_equal(spec->module, &tcp_module);
    assert_string_equal(spec->name, "tcp:[::1]:1");
    assert_string_equal(spec->text, "tcp://[::1]:1?profile=compact");
    assert_string_equal(synfix_options_string(spec->options, "profile"), "compact");
    module_spec_unref(module_spec_ref(spec));
    assert_string_equal(synfix_options_target(spec->options), "[::1]:1");
    module_spec_unref(spec);
    spec = good_spec(registry, SYNFIX_MODULE_ENRICHER, "community-id?seed=3");
    assert_ptr_equal(spec->module, &community_id_module);
    assert_string_equal(spec->name, "community-id");
    assert_int_equal(synfix_options_integer(spec->options, "seed"), 3);
    module_spec_unref(spec);
    module_spec_unref(NULL);
    registry_free(registry);
}

static void refused(void **state)
{
    (void)state;
    static const struct {
        synfix_module_kind_t kind;
        const char *text;
        const char *reason;
    } table[] = {
        {SYNFIX_MODULE_SINK, "nowhere:x", "nowhere:x: no such sink"},
        {SYNFIX_MODULE_SINK, "community-id:x", "no such sink"},
        {SYNFIX_MODULE_SINK, "", "write SCHEME:TARGET"},
        {SYNFIX_MODULE_SINK, "json:a, csv:b", "several sinks in one value"},
        {SYNFIX_MODULE_SINK, "json:a;tcp://b:1", "several sinks in one value"},
        {SYNFIX_MODULE_SINK, "out.json", "write json:out.json"},
        {SYNFIX_MODULE_SINK, "dir/out", "write json:dir/out or file:dir/out"},
        {SYNFIX_MODULE_SINK, "Json:-", "did you mean 'json:-'?"},
        {SYNFIX_MODULE_ENRICHER, "communityid?x=1", "did you mean 'community-id'?"},
        {SYNFIX_MODULE_SINK, "json", "json: a target is missing; write json:-"},
        {SYNFIX_MODULE_SINK, "averylongschemethatnomodulecouldeverhave:x", "no such sink"},
        {SYNFIX_MODULE_ENRICHER, "json", "no such enricher"},
        {SYNFIX_MODULE_ENRICHER, "community-id?sed=3", "no option 'sed'"},
        {SYNFIX_MODULE_SINK, "file:a?size=1", "'1' is not a number from 512"},
    };
    registry_t *registry = make_registry();
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        synfix_error_t error;
        module_spec_t *spec = read_spec(registry, table[i].kind, table[i].text, &error);
        if (strstr(error.text, table[i].reason) == NULL) {
            fail_msg("%s: %s", table[i].text, error.text);
        }
        module_spec_unref(spec);
    }
    registry_free(registry);
}

static void compared(void **state)
{
    (void)state;
    const module_spec_t *one = spec_of(&tcp_module, "tcp://h:1?sink-timeout=1s&spool=/a");
    assert_true(module_spec_equal(one, spec_of(&tcp_module, "tcp:h:1?spool=/a&sink-timeout=1000ms")));
    assert_false(module_spec_equal(one, spec_of(&tcp_module, "tcp:h:1?sink-timeout=2s&spool=/a")));
    assert_false(module_spec_equal(one, spec_of(&tcp_module, "tcp:h:2?sink-timeout=1s&spool=/a")));
    assert_false(module_spec_equal(one, spec_of(&tcp_module, "tcp:h:1?sink-timeout=1s")));
    assert_true(module_spec_same_target(one, spec_of(&tcp_module, "tcp:h:1")));
    assert_false(module_spec_same_target(one, spec_of(&tls_module, "tls:h:1")));
    assert_true(module_spec_same_option(one, spec_of(&tcp_module, "tcp:x:9?spool=/a"), "spool"));
    assert_false(module_spec_same_option(one, spec_of(&tcp_module, "tcp:h:1"), "spool"));
    assert_true(module_spec_equal(spec_of(&json_module, "json:x?rotate-size=1k"),
                                  spec_of(&json_module, "json:x?rotate-size=1024")));
}

/* An option that is not given gets the text; one that is given keeps its own. */
static void options_set_once(void **state)
{
    (void)state;
    module_spec_t *bare = spec_of(&tcp_module, "tcp:h:1");
    module_spec_t *given = spec_of(&tcp_module, "tcp:h:1?sink-timeout=5s");
    synfix_error_t error;
    assert_int_equal(module_options_set(bare->options, "sink-timeout", "9s", NULL), SYNFIX_OK);
    assert_int_equal(module_options_set(given->options, "sink-timeout", "9s", NULL), SYNFIX_OK);
    assert_int_equal(module_options_set(bare->options, "no-such-option", "9s", NULL), SYNFIX_OK);
    assert_int_equal(synfix_options_duration_ms(bare->options, "sink-timeout"), 9000);
    assert_int_equal(synfix_options_duration_ms(given->options, "sink-timeout"), 5000);
    assert_int_equal(module_options_set(bare->options, "sink-timeout", "never", &error), SYNFIX_INVALID);
}

static void checked(void **state)
{
    (void)state;
    static const struct {
        const synfix_module_t *module;
        const char *text;
        const char *mistakes; /* beginnings of the lines, separated by | */
    } table[] = {
        {&file_module, "file:x?compat=yaf", "compat: file:x: compat: 'yaf' is unknown; write cert"},
        {&file_module, "file:x-%Q", ": file:x-%Q: not a date pattern"},
        {&file_module, "file:%", ": file:%: not a date pattern"},
        {&file_module, "file:", ": file:: a target is missing"},
        {&file_module, "file:x?keep-size=1M&rotate-time=soon", "rotate-time: file:x: rotate-time: 'soon' is"},
        {&file_module, "file:x?keep-size=1M", "keep-size: file:x: keep-size without rotation"},
        {&file_module, "file:x?options=no&compress=gzip&level=99&pen=0&profil=x",
         "profil: file:x: no option 'profil'; the options are: |pen: file:x: pen: '0' is not|options: "
         "file:x: "
         "options: "
         "'no' is unknown; write all, types or none|compress: file:x: compress: 'gzip' is unknown; write "
         "none "
         "or zstd|level: file:x: level: '99' is not a number from 1 to 19"},
        {&json_module, "json:x?type=tape",
         "type: json:x: type: 'tape' is unknown; write file, unix_stream or"},
        {&json_module, "json:", ": json:: a target is missing; write json:- (standard output) or json:FILE"},
        {&tcp_module, "tcp://127.0.0.1:x?source=here&failover=a:b",
         ": tcp://127.0.0.1:x: |failover: tcp://127.0.0.1:x: |source: tcp://127.0.0.1:x: source: 'here' is"},
        {&tcp_module, "tcp://127.0.0.1?profile=nope", "profile: tcp://127.0.0.1: "},
        {&community_id_module, "community-id?seed=x", "seed: community-id: seed: 'x' is not a number"},
        {&community_id_module, "community-id?seed=1&seed=2", "seed: community-id: option seed is set twice"},
        {&community_id_module, "community-id?seed=1", ""},
        {&json_module, "json:/nonexistent/x", ""},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        g_autofree char *mistakes = mistakes_of(table[i].module, table[i].text);
        check_lines(mistakes, table[i].mistakes);
    }
}

static void reasons_without_names(void **state)
{
    static const struct {
        const char *spec;
        const char *text;
        const char *reason;
    } cases[] = {
        {"tcp://host:4740", "tcp://host:4740: refused", "refused"},
        {"tcp://host:4740", "tcp:host:4740: refused", "refused"},
        {"tcp://host:4740", "host:4740: refused", "refused"},
        {"tcp://host", "tcp: host:4739: refused", "refused"},
        {"tcp://host", "tcp://host:4739: 4739: refused", "4739: refused"},
        {"tcp://host", "host: refused", "refused"},
        {"tcp://host", "hostile: refused", "hostile: refused"},
        {"tcp://host", "tcpdump: refused", "tcpdump: refused"},
        {"tcp://host", "refused by host", "refused by host"},
        {"json:out/x", "out/x: No space left on device", "No space left on device"},
        {"json:out/x", "out/xy: No space", "out/xy: No space"},
        {"json:-", "-: broken", "broken"},
    };
    (void)state;
    registry_t *registry = make_registry();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        module_spec_t *spec = good_spec(registry, SYNFIX_MODULE_SINK, cases[i].spec);
        assert_string_equal(module_spec_reason(spec, cases[i].text), cases[i].reason);
        module_spec_unref(spec);
    }
    registry_free(registry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(parsed),   cmocka_unit_test(refused),
                                       cmocka_unit_test(compared), cmocka_unit_test(options_set_once),
                                       cmocka_unit_test(checked),  cmocka_unit_test(reasons_without_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
