/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/common/log.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Standard error goes to a file while @p body runs; its text is the caller's. */
static char *said(void (*body)(void))
{
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(stderr);
    const int before = dup(STDERR_FILENO);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    body();
    fflush(stderr);
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    close(before);
    char *text = g_malloc0(65536);
    rewind(file);
    (void)fread(text, 1, 65535, file);
    fclose(file);
    return text;
}

static void speak(void)
{
    g_autoptr(log_t) log = log_new(LOG_LEVEL_NOTICE);
    log_line(log, LOG_LEVEL_ERROR, "%s", "first");
    log_line(log, LOG_LEVEL_INFORMATION, "%s", "not reported");
    log_set_level(log, LOG_LEVEL_DEBUG);
    log_line(log, LOG_LEVEL_DEBUG, "%s", "second");
}

static void speak_of_a_hostile_name(void)
{
    g_autoptr(log_t) log = log_new(LOG_LEVEL_NOTICE);
    log_line(log, LOG_LEVEL_WARNING, "%s: not removed", "a\nb\033[2J");
    log_text(log, LOG_LEVEL_NOTICE, "a\nb\033[2J: in use");
}

static void test_control_characters(void **state)
{
    (void)state;
    g_unsetenv("JOURNAL_STREAM");
    g_autofree char *text = said(speak_of_a_hostile_name);
    assert_string_equal(text, "synfix: a?b?[2J: not removed\nsynfix: a?b?[2J: in use\n");
}

static void test_levels(void **state)
{
    (void)state;
    g_unsetenv("JOURNAL_STREAM");
    g_autofree char *text = said(speak);
    assert_string_equal(text, "synfix: first\nsynfix: second\n");
}

static void speak_to_journal(void)
{
    struct stat file;
    char stream[64];
    assert_int_equal(fstat(STDERR_FILENO, &file), 0);
    (void)snprintf(stream, sizeof stream, "%lu:%lu", (unsigned long)file.st_dev, (unsigned long)file.st_ino);
    g_setenv("JOURNAL_STREAM", stream, TRUE);
    speak();
}

static void test_journal(void **state)
{
    (void)state;
    g_autofree char *text = said(speak_to_journal);
    assert_string_equal(text, "<3>synfix: first\n<7>synfix: second\n");
    g_setenv("JOURNAL_STREAM", "1:2", TRUE); /* standard error was sent elsewhere */
    g_autofree char *elsewhere = said(speak);
    assert_string_equal(elsewhere, "synfix: first\nsynfix: second\n");
    g_unsetenv("JOURNAL_STREAM");
}

static void speak_much(void)
{
    g_autoptr(log_t) log = log_new(LOG_LEVEL_NOTICE);
    for (int i = 0; i < LOG_BURST + 12; i++) {
        log_line(log, LOG_LEVEL_WARNING, "line %d", i);
    }
}

static void test_much(void **state)
{
    (void)state;
    g_autofree char *text = said(speak_much);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    assert_int_equal(g_strv_length(lines), LOG_BURST + 2);
    assert_string_equal(lines[LOG_BURST - 1], "synfix: line 29");
    assert_string_equal(lines[LOG_BURST], "synfix: 12 more messages suppressed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_control_characters),
        cmocka_unit_test(test_journal),
        cmocka_unit_test(test_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
