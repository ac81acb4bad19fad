/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/help/configuration_page.h"
#include "app/help/manual_page.h"

#include <string.h>

static const char description[] =
    "The configuration file of `synfix capture` and `synfix read` (option --config). It consists of "
    "sections in brackets and lines NAME = VALUE, as in systemd units; lines that begin with # are comments. "
    "Several "
    "values of a "
    "list are separated by semicolons.\n\n"
    "Each setting is also an option of the command line (--flush 2s), which takes precedence. Sizes accept "
    "the suffixes k, M "
    "and G (1024). Times accept ms, s, m, h and d; without a suffix they are seconds.\n\n"
    "`synfix capture --config FILE --check-config` reports all errors of a file without capturing.";

static const char reload[] = "SIGHUP makes `synfix capture` read the file again. Settings that are marked as "
                             "reloadable take effect at once; sinks that "
                             "stay are reloaded (files, certificates). The log names settings that need a "
                             "restart. If anything in the new "
                             "configuration is invalid, the running configuration is kept.";

static const char modules[] = "A section [sink NAME] defines one sink: `to` is its SCHEME:TARGET, the other "
                              "lines are its options (see synfix "
                              "modules SCHEME). NAME only distinguishes the sections. A section [enricher "
                              "MODULE] switches an enricher on and sets its "
                              "options. These sinks and enrichers are added to those of `to` and `enrich`.";

static const char example[] = "[capture]\n"
                              "interface = eth0\n"
                              "\n"
                              "[filter]\n"
                              "not-addresses = 127.0.0.0/8,::1\n"
                              "\n"
                              "[sink archive]\n"
                              "to = file:/var/lib/synfix/records.ipfix\n"
                              "rotate-time = 1h\n"
                              "\n"
                              "[sink collector]\n"
                              "to = tls://collector.example:4740\n"
                              "ca = /etc/synfix/ca.pem\n"
                              "cert = /etc/synfix/sensor.pem\n"
                              "\n"
                              "[enricher geoip]\n"
                              "country = /usr/share/GeoIP/GeoLite2-Country.mmdb\n";

static const char *commands_text(unsigned commands)
{
    return commands == SETTING_READ ? " Used by `read` only." : "";
}

static void append_sentence(GString *out, const char *text)
{
    g_string_append(out, text);
    if (!g_str_has_suffix(text, ".")) {
        g_string_append_c(out, '.');
    }
}

static void append_setting(GString *out, const setting_t *entry)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const char *detail = settings_detail(entry->name);
    append_sentence(text, entry->help);
    if (detail != NULL) {
        g_string_append_c(text, ' ');
        append_sentence(text, detail);
    }
    if (entry->fallback != NULL) {
        g_string_append_printf(text, " Default: `%s`.", entry->fallback);
    }
    g_string_append(text, commands_text(entry->commands));
    if (entry->reloadable) {
        g_string_append(text, " Reloadable.");
    }
    g_string_append_printf(out, ".TP\n.BI \"%s = \" %s\n", entry->name,
                           entry->argument != NULL ? entry->argument : "yes|no");
    manual_text(out, text->str);
}

static void append_group(GString *out, const setting_t *table, const char *group)
{
    g_string_append_printf(out, ".SS [%s]\n", group);
    manual_text(out, settings_group_text(group));
    for (; table->name != NULL; table++) {
        if (g_strcmp0(table->group, group) == 0) {
            append_setting(out, table);
        }
    }
}

static void append_example(GString *out)
{
    g_auto(GStrv) lines = g_strsplit(example, "\n", -1);
    g_string_append(out, ".SH EXAMPLE\n.nf\n");
    for (char **line = lines; *line != NULL; line++) {
        manual_text(out, *line);
    }
    g_string_append(out, ".fi\n");
}

void configuration_page(GString *out, const setting_t *table, const char *version)
{
    static const char *const groups[] = {"capture", "engine",  "filter", "export",
                                         "hosts",   "process", "metrics"};
    manual_title(out, "synfix.conf", "5", version);
    g_string_append(out, ".SH NAME\nsynfix.conf \\- configuration file of synfix\n.SH DESCRIPTION\n");
    manual_text(out, description);
    g_string_append(out, ".SH SETTINGS\n");
    for (size_t i = 0; i < G_N_ELEMENTS(groups); i++) {
        append_group(out, table, groups[i]);
    }
    g_string_append(out, ".SS [sink NAME] and [enricher MODULE]\n");
    manual_text(out, modules);
    g_string_append(out, ".SH RELOADING\n");
    manual_text(out, reload);
    append_example(out);
    g_string_append(out, ".SH FILES\n.I /etc/synfix/synfix.conf\n");
    manual_see_also(out, "synfix(1) synfix-capture(1) synfix-read(1) synfix-modules(1)");
}
