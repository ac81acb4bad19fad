/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/config/load_settings.h"
#include "app/run/prepare_run.h"
#include "capture/live/interface_source.h"
#include "exporter/transport/transport_modules.h"
#include "support/descriptor_checks.h"

/* One kind of value as a setting and as an option of a module that has the same name and range. */
typedef struct value_kind {
    const char *group;
    const char *name;
    const synfix_module_t *module;
    const char *const bad[8]; /* ends with NULL */
} value_kind_t;

static const value_kind_t kinds[] = {
    {"capture",
     "snaplen",
     &capture_live_module,
     {"", "7", "-96", "96 k", "1T", "0x100", "99999999999999999999"}},
    {"export", "sink-timeout", &tcp_module, {"", "soon", "-1s", "1 s", "2d", "5 minutes", "1e3"}},
    {"capture", "promiscuous", &capture_live_module, {"", "perhaps", "Yes", "2", "yes no"}},
    {"capture", "fanout", &capture_live_module, {"", "Auto", "auto hash", "has", "none"}},
};

static char *message_of_file(const value_kind_t *kind, const char *value)
{
    g_autoptr(settings_t) settings = settings_new();
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    g_autofree char *text = g_strdup_printf("[%s]\n%s = %s\n", kind->group, kind->name, value);
    settings_read_text(settings, "conf", text, strlen(text), mistakes);
    assert_int_equal(mistakes_count(mistakes), 1);
    assert_true(g_str_has_prefix(mistakes_text(mistakes, 0), "conf:2: "));
    return g_strdup(mistakes_text(mistakes, 0) + strlen("conf:2: "));
}

static const cli_option_t *options_of_read(void)
{
    return settings_options(SETTING_READ);
}

static const cli_option_t *options_of_capture(void)
{
    return settings_options(SETTING_CAPTURE);
}

static char *message_of_command_line(const value_kind_t *kind, const char *value)
{
    const gboolean read = strcmp(kind->group, "export") == 0;
    const cli_command_t about = {.name = "test", .options = read ? options_of_read : options_of_capture};
    const setting_kind_t flag = strcmp(kind->name, "promiscuous") == 0 ? SETTING_FLAG : SETTING_TEXT;
    g_autofree char *option = g_strdup_printf("--%s=%s", kind->name, value);
    char name[] = "test";
    char *words[] = {name, option, NULL};
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    int code = 0;
    if (flag == SETTING_FLAG) {
        return NULL; /* a flag has no value on the command line */
    }
    g_autoptr(settings_t) settings =
        load_settings(words, read ? SETTING_READ : SETTING_CAPTURE, &about, NULL, mistakes, &code);
    assert_non_null(settings);
    assert_int_equal(mistakes_count(mistakes), 1);
    return g_strdup(mistakes_text(mistakes, 0));
}

static char *message_of_option(const value_kind_t *kind, const char *value)
{
    g_autofree char *text =
        g_strdup_printf("%s:%s?%s=%s", kind->module->name, good_target(kind->module), kind->name, value);
    g_autofree char *prefix =
        g_strdup_printf("%s: %s:%s: ", kind->name, kind->module->name, good_target(kind->module));
    g_autofree char *mistakes = mistakes_of(kind->module, text);
    assert_true(g_str_has_prefix(mistakes, prefix));
    return g_strndup(mistakes + strlen(prefix), strcspn(mistakes + strlen(prefix), "\n"));
}

static void one_message_for_one_mistake(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        for (const char *const *value = kinds[i].bad; *value != NULL; value++) {
            g_autofree char *file = message_of_file(&kinds[i], *value);
            g_autofree char *option = message_of_option(&kinds[i], *value);
            g_autofree char *line = message_of_command_line(&kinds[i], *value);
            g_autofree char *beginning = g_strdup_printf("%s: '%s' is ", kinds[i].name, *value);
            assert_true(g_str_has_prefix(file, beginning));
            assert_string_equal(file, option);
            assert_true(line == NULL || strcmp(line, file) == 0);
        }
    }
}

static void check(const char *text, char *const *inputs, bool live, const char *const *wanted)
{
    g_autoptr(settings_t) settings = settings_new();
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    g_auto(prepared_t) prepared = {.registry = NULL};
    guint count = 0;
    settings_read_text(settings, "conf", text, strlen(text), mistakes);
    prepare_run(settings, inputs, live, &prepared, mistakes);
    for (; wanted[count] != NULL && count < mistakes_count(mistakes); count++) {
        if (!g_str_has_prefix(mistakes_text(mistakes, count), wanted[count])) {
            fail_msg("%s: not: %s", mistakes_text(mistakes, count), wanted[count]);
        }
    }
    assert_null(wanted[count]);
    assert_int_equal(mistakes_count(mistakes), count);
}

static void every_mistake_of_every_section(void **state)
{
    (void)state;
    static const char text[] = "[capture]\ninterface = lo;sflow://:0?buffer=1&bufer=2\n"
                               "[sink a]\nkeep = 0\nto = json:x?type=tape\nappend = maybe\nx&y = 1\n"
                               "[enricher community-id]\nseed = -1\nsed = 1\n"
                               "[enricher nothing]\n"
                               "[sink b]\nto = csv:./x\nheader = perhaps\nannotations = a,,b,a\n"
                               "[sink c]\nto = text:\ncolour = \\q\n";
    static const char *const wanted[] = {
        "conf:2: sflow://:0: no option 'bufer'",
        "conf:2: sflow://:0: buffer: '1' is not",
        "conf:2: sflow://:0: port '0' is not",
        "conf:4: json:x: keep: '0' is not a number from 1 to 10000",
        "conf:5: json:x: type: 'tape' is unknown",
        "conf:6: json:x: append: 'maybe' is unknown",
        "conf:7: json:x: no option 'x&y'",
        "conf:9: community-id: seed: '-1' is not",
        "conf:10: community-id: no option 'sed'",
        "conf:11: nothing: no such enricher",
        "conf:14: csv:./x: header: 'perhaps' is not yes or no",
        "conf:15: csv:./x: annotations: 'a' is named twice",
        "conf:15: csv:./x: annotations: '' is not a name",
        "conf:17: text:: a target is missing",
        "conf:18: ",
        NULL,
    };
    check(text, NULL, true, wanted);
}

/* A module that cannot be loaded hides no other mistake, nor does an unknown user hide the group. */
static void mistakes_beside_missing_modules(void **state)
{
    (void)state;
    static const char text[] = "[capture]\ninterface = lo\n"
                               "[engine]\nload = /nonexistent/a.so;/nonexistent/b.so\n"
                               "enrich = community-id?sed=1\n"
                               "[export]\nto = json:x?kep=1\n"
                               "[process]\nuser = no-such-user\ngroup = no-such-group\n";
    static const char *const wanted[] = {
        "conf:4: /nonexistent/a.so: no such file",
        "conf:4: /nonexistent/b.so: no such file",
        "conf:5: community-id: no option 'sed'",
        "conf:7: json:x: no option 'kep'",
        "conf:9: user: no-such-user: no such user",
        "conf:10: group: no-such-group: no such group",
        NULL,
    };
    static const char *const groups[] = {"conf:4: group: needs user", NULL};
    check(text, NULL, true, wanted);
    check("[capture]\ninterface = lo\n[process]\ngroup = root\n", NULL, true, groups);
}

/* The section of a sink with a wrong option still takes part in the comparison of files. */
static void conflicts_beside_mistakes(void **state)
{
    (void)state;
    static const char *const files[] = {"conf:3: json:x: keep: '0'",
                                        "conf:5: csv:./x: writes the same file as the sink json:x?keep=0",
                                        "conf:7: text:x: writes the same file", NULL};
    static const char *const filters[] = {"conf:2: filter: 'tcp porrt': ", "conf:4: uptime: 'on' is unknown",
                                          NULL};
    check("[sink a]\nto = json:x\nkeep = 0\n[sink b]\nto = csv:./x\n[sink c]\nto = text:x\n", NULL, false,
          files);
    check("[filter]\nfilter = tcp porrt\n[engine]\nuptime = on\n", NULL, false, filters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_message_for_one_mistake),
        cmocka_unit_test(every_mistake_of_every_section),
        cmocka_unit_test(mistakes_beside_missing_modules),
        cmocka_unit_test(conflicts_beside_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
