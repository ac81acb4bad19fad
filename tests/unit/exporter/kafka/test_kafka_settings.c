/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/kafka/kafka_settings.h"
#include "module/module_options.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

static const synfix_option_t list[] = {KAFKA_SETTINGS_OPTIONS, {.name = NULL}};
static const synfix_module_t module = {.abi = SYNFIX_MODULE_ABI,
                                       .size = sizeof(synfix_module_t),
                                       .kind = SYNFIX_MODULE_SINK,
                                       .name = "kafka",
                                       .options = list};

static bool take(void *user, const char *name, const char *value, synfix_error_t *error)
{
    (void)error;
    g_string_append_printf(user, "[%s|%s]", name, value);
    return true;
}

static char *read_all(const char *text, synfix_status_t *status, synfix_error_t *error)
{
    synfix_options_t *options = NULL;
    GString *out = g_string_new(NULL);
    assert_int_equal(module_options_make(&module, "b:1", text, &options, error), SYNFIX_OK);
    *status = kafka_settings_read(options, take, out, error);
    module_options_free(options);
    return g_string_free(out, FALSE);
}

static void values_with_commas_and_variables(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *read;
    } cases[] = {
        {"set=a.b=1,c=2", "[a.b|1][c|2]"},
        {"set=sasl.password=s3\\,cr=t\\\\,x=y", "[sasl.password|s3,cr=t\\][x|y]"},
        {"set=p=${SYNFIX_TEST_SECRET},q=", "[p|a,b=c][q|]"},
    };
    setenv("SYNFIX_TEST_SECRET", "a,b=c", 1);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        synfix_status_t status;
        synfix_error_t error = {.text = ""};
        g_autofree char *read = read_all(cases[i].text, &status, &error);
        assert_int_equal(status, SYNFIX_OK);
        assert_string_equal(read, cases[i].read);
    }
}

static void files(void **state)
{
    (void)state;
    char path[] = "/tmp/synfix-kafka-XXXXXX";
    g_close(g_mkstemp(path), NULL);
    synfix_status_t status;
    synfix_error_t error = {.text = ""};
    assert_true(g_file_set_contents(path, "# c\nsasl.username=u\nsasl.password = a,b\\,c\n\n", -1, NULL));
    g_autofree char *settings = g_strconcat("set-file=", path, NULL);
    g_autofree char *read = read_all(settings, &status, &error);
    assert_int_equal(status, SYNFIX_OK);
    assert_string_equal(read, "[sasl.username|u][sasl.password|a,b\\,c]");
    assert_true(g_file_set_contents(path, "s,e=c\nmore\n", -1, NULL));
    g_autofree char *password = g_strconcat("password-file=", path, NULL);
    g_autofree char *second = read_all(password, &status, &error);
    assert_int_equal(status, SYNFIX_OK);
    assert_string_equal(second, "[sasl.password|s,e=c]");
    g_unlink(path);
    g_autofree char *third = read_all(password, &status, &error);
    assert_int_equal(status, SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "password-file"));
}

/* No message repeats what may be part of a secret. */
static void mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason;
    } cases[] = {
        {"set=sasl.password=ab,hidden", "setting 2 is not name=value; write \\, for a comma"},
        {"set=p=${SYNFIX_TEST_UNSET}", "SYNFIX_TEST_UNSET is not set"},
        {"set=p=${SYNFIX", "write ${NAME}"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        synfix_status_t status;
        synfix_error_t error = {.text = ""};
        g_autofree char *read = read_all(cases[i].text, &status, &error);
        assert_int_equal(status, SYNFIX_INVALID);
        assert_non_null(strstr(error.text, cases[i].reason));
        assert_null(strstr(error.text, "hidden"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_with_commas_and_variables),
                                       cmocka_unit_test(files), cmocka_unit_test(mistakes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
