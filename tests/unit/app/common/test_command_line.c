/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/common/command_line.h"
#include "app/common/exit_codes.h"
#include "app/common/parse_mistakes.h"
#include <string.h>

typedef struct values {
    char *text;
    char **list;
    gint64 number;
    double seconds;
    gboolean flag;
} values_t;

static const cli_option_t table[] = {
    {"text", 't', CLI_TEXT, offsetof(values_t, text), "TEXT", "A text", "none", NULL, "one two"},
    {"list", 0, CLI_LIST, offsetof(values_t, list), "ITEM",
     "A help text that is much longer than the width that remains beside the name of its option", NULL,
     "Lists", NULL},
    {"number", 'n', CLI_NUMBER, offsetof(values_t, number), "N", "A number", NULL, NULL, NULL},
    {"a-name-that-is-longer-than-its-column", 0, CLI_SECONDS, offsetof(values_t, seconds), "SECONDS",
     "A time", NULL, "Lists", NULL},
    {"flag", 'f', CLI_FLAG, offsetof(values_t, flag), NULL, "A flag", NULL, NULL, NULL},
    {.name = NULL},
};

static const cli_option_t *options(void)
{
    return table;
}

static const cli_example_t examples[] = {{"synfix test x", "what it does"}, {NULL, NULL}};

static const cli_command_t command = {
    .name = "test",
    .summary = "test the command line",
    .operands = "FILE...",
    .description =
        "One paragraph.\n\nAnother paragraph that has to be broken into two lines because it is longer than "
        "eighty columns.",
    .options = options,
    .examples = examples,
    .notes = "A note.",
    .exit_status = "0 success.",
};

/* A line and its words: the parser removes words from `left`, the texts belong to `words`. */
typedef struct parsed {
    values_t values;
    char **words;
    char **left;
    int count;
    int code;
} parsed_t;

static gboolean parse(parsed_t *parsed, const char *line)
{
    *parsed = (parsed_t){.code = -1};
    assert_true(g_shell_parse_argv(line, &parsed->count, &parsed->words, NULL));
    parsed->left = g_memdup2(parsed->words, ((gsize)parsed->count + 1) * sizeof *parsed->words);
    return cli_parse(&command, &parsed->values, &parsed->count, &parsed->left, &parsed->code);
}

static void parsed_clear(parsed_t *parsed)
{
    g_strfreev(parsed->words);
    g_free(parsed->left);
    g_free(parsed->values.text);
    g_strfreev(parsed->values.list);
}

static void test_parse(void **state)
{
    (void)state;
    parsed_t parsed;
    assert_true(parse(
        &parsed, "test a -t x --list=1 --list 2 -fn 7 --a-name-that-is-longer-than-its-column 0.5 -- -b"));
    assert_string_equal(parsed.values.text, "x");
    assert_int_equal(g_strv_length(parsed.values.list), 2);
    assert_int_equal(parsed.values.number, 7);
    assert_true(parsed.values.flag && parsed.values.seconds > 0.4);
    assert_int_equal(parsed.count, 3);
    assert_string_equal(parsed.left[1], "a");
    assert_string_equal(parsed.left[2], "-b");
    assert_null(parsed.left[3]);
    parsed_clear(&parsed);
}

/* In the locale of this test, GLib converts neither UTF-8 nor Latin-1. */
static void test_any_bytes(void **state)
{
    (void)state;
    parsed_t parsed;
    assert_true(parse(&parsed, "test -t \xC3\xA9 --list=\xE9 --list file:\xC3\xA9 \xE9"));
    assert_string_equal(parsed.values.text, "\xC3\xA9");
    assert_string_equal(parsed.values.list[0], "\xE9");
    assert_string_equal(parsed.values.list[1], "file:\xC3\xA9");
    assert_string_equal(parsed.left[1], "\xE9");
    parsed_clear(&parsed);
}

static void test_words(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *words;
    } rows[] = {
        {"test -n7", "test|-n|7"},
        {"test -fn7 x", "test|-fn|7|x"},
        {"test -n -7 -t-", "test|-n|-7|-t|-"},
        {"test -t -n7", "test|-t|-n7"},
        {"test --text -n7", "test|--text|-n7"},
        {"test -- -n7", "test|--|-n7"},
        {"test -x7 - -f", "test|-x7|-|-f"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) words = NULL;
        int count = 0;
        assert_true(g_shell_parse_argv(rows[i].line, &count, &words, NULL));
        g_autoptr(GPtrArray) split = cli_words(&command, count, words);
        g_autofree char *joined = g_strjoinv("|", (char **)split->pdata);
        assert_string_equal(joined, rows[i].words);
    }
}

static void test_mistakes(void **state)
{
    (void)state;
    static const char *const lines[] = {"test --txt x", "test --text", "test -x", "test --number five",
                                        "test --flag=no"};
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        parsed_t parsed;
        assert_false(parse(&parsed, lines[i]));
        assert_int_equal(parsed.code, APP_EXIT_USAGE);
        parsed_clear(&parsed);
    }
}

static void test_flag_with_value(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *word;
    } rows[] = {
        {"test --flag=no", "--flag=no"},
        {"test -f --text x --flag=", "--flag="},
        {"test --text --flag=no", NULL}, /* the value of another option */
        {"test -n --flag=no", NULL},
        {"test -- --flag=no", NULL},
        {"test --text=--flag=no --flags=no", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) words = NULL;
        int count = 0;
        assert_true(g_shell_parse_argv(rows[i].line, &count, &words, NULL));
        const char *found = cli_flag_with_value(&command, count, words);
        assert_int_equal(found != NULL, rows[i].word != NULL);
        if (found != NULL) {
            assert_string_equal(found, rows[i].word);
        }
    }
}

static void assert_width(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (strlen(*line) > CLI_WIDTH) {
            fail_msg("%zu columns: %s", strlen(*line), *line);
        }
    }
}

static void test_help(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new(NULL);
    cli_help(text, &command);
    assert_width(text->str);
    assert_true(
        g_str_has_prefix(text->str, "Usage: synfix test FILE... [OPTION...]\n\nOne paragraph.\n\nAnother "));
    assert_non_null(strstr(text->str, "\nOptions:\n  -t, --text=TEXT             A text [none]\n"));
    assert_non_null(strstr(text->str, "\nLists:\n      --list=ITEM "));
    assert_non_null(strstr(text->str, "\n      --a-name-that-is-longer-than-its-column=SECONDS\n"
                                      "                              A time\n"));
    assert_non_null(strstr(text->str, "  -h, --help "));
    assert_non_null(strstr(text->str, "\nA note.\n"));
    assert_non_null(strstr(text->str, "\nExamples:\n  synfix test x\n      what it does\n"));
    assert_non_null(strstr(text->str, "\nExit status: 0 success.\n"));
}

static void test_wrap(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new(NULL);
    cli_wrap(text, "one two", 4, 0);
    assert_string_equal(text->str, "    one two\n");
    g_string_truncate(text, 0);
    cli_wrap(text, "a  b\nc\n\nd", 0, 0);
    assert_string_equal(text->str, "a b c\n\nd\n");
    g_string_truncate(text, 0);
    g_autofree char *word = g_strnfill(90, 'x'); /* does not fit anywhere */
    cli_wrap(text, word, 2, 0);
    assert_int_equal(text->len, 93);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),     cmocka_unit_test(test_words),
        cmocka_unit_test(test_mistakes),  cmocka_unit_test(test_help),
        cmocka_unit_test(test_wrap),      cmocka_unit_test(test_flag_with_value),
        cmocka_unit_test(test_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
