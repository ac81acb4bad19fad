/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file descriptor_checks.h
 * Requirements of each built-in descriptor: its check names each wrong option, and opens and creates no file.
 */
#ifndef SUPPORT_DESCRIPTOR_CHECKS_H
#define SUPPORT_DESCRIPTOR_CHECKS_H

#include "support/module_specs.h"
#include "support/temporary_directory.h"
#include <string.h>
#include <unistd.h>

/* A target that the module accepts: a file in the working directory, an address that nothing answers at. */
static inline const char *good_target(const synfix_module_t *module)
{
    static const struct {
        const char *name;
        const char *target;
    } others[] = {
        {"tcp", "192.0.2.1:4739"},   {"tls", "192.0.2.1:4740"},
        {"udp", "192.0.2.1:4739"},   {"dtls", "192.0.2.1:1"},
        {"kafka", "192.0.2.1:9092"}, {"sflow", ":6343"},
        {"syslog", "192.0.2.1"},     {"live", "lo"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (strcmp(others[i].name, module->name) == 0) {
            return others[i].target;
        }
    }
    return "made";
}

/* A value that the type refuses; NULL: every text is a value. */
static inline const char *bad_value(const synfix_option_t *option)
{
    switch (option->type) {
    case SYNFIX_OPTION_STRING:
        return option->choices != NULL ? "no-such-word" : NULL;
    case SYNFIX_OPTION_BOOLEAN:
        return "perhaps";
    default:
        return "much";
    }
}

/* The specification with each option that has a wrong value set to it; one of each option in @p names. */
static inline char *wrong_specification(const synfix_module_t *module, GPtrArray *names)
{
    const gboolean enricher = module->kind == SYNFIX_MODULE_ENRICHER;
    GString *text = g_string_new(module->name);
    g_string_append_printf(text, "%s%s?", enricher ? "" : ":", enricher ? "" : good_target(module));
    for (const synfix_option_t *option = module->options; option != NULL && option->name != NULL; option++) {
        const char *value = bad_value(option);
        if (value != NULL) {
            g_string_append_printf(text, "%s=%s&", option->name, value);
            g_ptr_array_add(names, (void *)(uintptr_t)option->name); /* only read */
        }
    }
    return g_string_free(text, FALSE);
}

static inline unsigned open_descriptors(void)
{
    unsigned count = 0;
    g_autoptr(GDir) list = g_dir_open("/proc/self/fd", 0, NULL);
    while (list != NULL && g_dir_read_name(list) != NULL) {
        count++;
    }
    return count;
}

static inline void check_names_each_option(const synfix_module_t *module)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *text = wrong_specification(module, names);
    g_autofree char *mistakes = mistakes_of(module, text);
    if (module->check == NULL) {
        fail_msg("%s has no check", module->name);
    }
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        g_autofree char *part = g_strdup_printf(": %s: '", name);
        unsigned found = 0;
        g_auto(GStrv) lines = g_strsplit(mistakes, "\n", 0);
        for (char **line = lines; *line != NULL; line++) {
            found += g_str_has_prefix(*line, name) && strstr(*line, part) != NULL;
        }
        if (found != 1) {
            fail_msg("%s: %u mistakes of %s in: %s", text, found, name, mistakes);
        }
    }
}

/* With good and with wrong options, in an empty directory. */
static inline void check_opens_nothing(const synfix_module_t *module)
{
    g_autofree char *before = g_get_current_dir();
    char *directory = temporary_directory_new();
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *wrong = wrong_specification(module, names);
    const char *separator = module->kind == SYNFIX_MODULE_ENRICHER ? "" : ":";
    g_autofree char *good =
        g_strconcat(module->name, separator, separator[0] != '\0' ? good_target(module) : "", NULL);
    assert_int_equal(chdir(directory), 0);
    g_free(mistakes_of(module, good)); /* loads the libraries that the module needs */
    const unsigned descriptors = open_descriptors();
    g_free(mistakes_of(module, good));
    g_free(mistakes_of(module, wrong));
    assert_int_equal(open_descriptors(), descriptors);
    assert_int_equal(chdir(before), 0);
    assert_int_equal(g_rmdir(directory), 0); /* empty */
    g_free(directory);
}

/* As many lines as beginnings in @p wanted, which are separated by |; empty: none. */
static inline void check_lines(const char *mistakes, const char *wanted)
{
    g_auto(GStrv) lines = g_strsplit(mistakes, "\n", 0);
    g_auto(GStrv) beginnings = g_strsplit(wanted, "|", 0);
    const guint count = mistakes[0] != '\0' ? g_strv_length(lines) - 1 : 0;
    if (count != g_strv_length(beginnings)) {
        fail_msg("%s: not: %s", mistakes, wanted);
    }
    for (guint i = 0; i < count; i++) {
        if (!g_str_has_prefix(lines[i], beginnings[i])) {
            fail_msg("%s: not: %s", mistakes, wanted);
        }
    }
}

/* A specification, and the beginnings of its mistakes as lines: see check_lines(). */
typedef struct wrong_row {
    const char *specification;
    const char *mistakes;
} wrong_row_t;

/* Each row against the module of @p modules (ends with NULL) that it names; a module that was not built is
 * left out. */
static inline void check_rows(const synfix_module_t *const *modules, const wrong_row_t *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        g_autofree char *name = g_strndup(rows[i].specification, strcspn(rows[i].specification, ":"));
        for (const synfix_module_t *const *module = modules; *module != NULL; module++) {
            if (strcmp((*module)->name, name) == 0) {
                g_autofree char *mistakes = mistakes_of(*module, rows[i].specification);
                check_lines(mistakes, rows[i].mistakes);
            }
        }
    }
}

/* Every descriptor of a list that ends with NULL. */
static inline void check_descriptors(const synfix_module_t *const *modules)
{
    for (; *modules != NULL; modules++) {
        check_names_each_option(*modules);
        check_opens_nothing(*modules);
    }
}

#endif
