/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix capture: from interfaces to sinks, until a signal ends the program. */
#include "app/command/capture_filter.h"
#include "app/command/capture_process.h"
#include "app/command/commands.h"
#include "app/command/network_interfaces.h"
#include "app/common/exit_codes.h"
#include "app/common/habits.h"
#include "app/common/standard_error.h"
#include "app/config/load_settings.h"
#include "app/run/check_notes.h"
#include "app/run/path_checks.h"
#include "app/service/privileges.h"
#include "app/service/signal_thread.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int list_interfaces(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    if (!network_interfaces_list(text)) {
        return app_fail(APP_EXIT_DEVICE, "interfaces: %s; see ip link", strerror(errno));
    }
    fputs(text->str, stdout);
    return APP_EXIT_OK;
}

static int fail_no_interface(void)
{
    g_autofree char *names = network_interfaces_names();
    return app_fail(APP_EXIT_USAGE, "capture: no interface named; write -i NAME, one of: %s", names);
}

static int fail_unexpected(char **rest)
{
    if (habit_is_filter(rest[0])) {
        g_autofree char *expression = g_strjoinv(" ", rest);
        return app_fail(APP_EXIT_USAGE, "%s: unexpected word; a filter is an option: --filter '%s'", rest[0],
                        expression);
    }
    if (g_file_test(rest[0], G_FILE_TEST_IS_REGULAR)) {
        return app_fail(APP_EXIT_USAGE, "%s: unexpected word; to read a file write synfix read %s", rest[0],
                        rest[0]);
    }
    return app_fail(APP_EXIT_USAGE, "%s: unexpected word; write -i %s for an interface", rest[0], rest[0]);
}

/* Checks paths with the privileges that remain after the start. Root may check a configuration for a service
 * manager that starts the program as another user: the check then ignores permissions. */
static void check_paths(const settings_t *settings, const prepared_t *prepared, mistakes_t *mistakes)
{
    synfix_error_t error;
    const gboolean changes = settings->user != NULL || geteuid() != 0;
    if (mistakes_count(mistakes) == 0 && changes &&
        privileges_drop(settings->user, settings->group, &error) != SYNFIX_OK) {
        settings_mistake(settings, "user", 0, &error, mistakes);
    }
    path_checks_run(settings, prepared, mistakes);
}

/* Checks that the command line names sources and has no unexpected words. */
static int check_words(const settings_t *settings, char **rest, mistakes_t *mistakes)
{
    if (settings->config != NULL && settings->file == NULL) {
        return load_report(
            mistakes,
            TRUE); /* without a readable file, missing settings are no mistake: the file may contain them */
    }
    if (rest[0] != NULL) {
        return fail_unexpected(rest);
    }
    return settings->interface == NULL && settings->config == NULL ? fail_no_interface() : APP_EXIT_OK;
}

/* Checks the configuration; captures unless only the check was requested. */
static int check_and_capture(char **argv, settings_t *settings, mistakes_t *mistakes)
{
    g_auto(setup_t) setup = {.mistakes = mistakes};
    prepare_run(settings, NULL, true, &setup.prepared, mistakes);
    if (settings->check_config) {
        check_paths(settings, &setup.prepared, mistakes);
    }
    int code = load_report(mistakes, settings->check_config);
    code = code == APP_EXIT_INPUT ? APP_EXIT_USAGE : code; /* `capture` has no input but interfaces */
    if (code == APP_EXIT_OK && settings->check_config) {
        check_notes_print(settings, &setup.prepared);
        puts("the configuration is valid");
    } else if (code == APP_EXIT_OK) {
        signal_thread_block();
        standard_error_skip();
        g_autoptr(log_t) log = log_new(log_level_of(settings->log_level));
        code = capture_process(argv, settings, &setup, log);
    }
    return code;
}

static int run_capture(int argc, char **argv)
{
    (void)argc;
    int code = APP_EXIT_OK;
    g_auto(GStrv) rest = NULL;
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    g_autoptr(settings_t) settings =
        load_settings(argv, SETTING_CAPTURE, &command_capture, &rest, mistakes, &code);
    if (settings == NULL) {
        return code;
    }
    if (settings->list_interfaces) {
        return rest[0] == NULL
                   ? list_interfaces()
                   : app_fail(APP_EXIT_USAGE,
                              "%s: unexpected word; --list-interfaces lists all interfaces, omit the word",
                              rest[0]);
    }
    code = check_words(settings, rest, mistakes);
    if (code != APP_EXIT_OK) {
        return code;
    }
    if (settings->print_filter && settings->interface != NULL) {
        return capture_filter_print(settings, mistakes);
    }
    return check_and_capture(argv, settings, mistakes);
}

static const cli_option_t *options(void)
{
    return settings_options(SETTING_CAPTURE);
}

static const cli_example_t examples[] = {
    {"synfix capture -i eth0", COMMANDS_TEXT_HELP},
    {"synfix capture -i tap0 -i tap1 --to tcp://192.0.2.1:4739 --user nobody",
     "both directions of an optical tap, to an IPFIX collector"},
    {"synfix capture -i sflow://:6343", "sampled packet headers that switches send as sFlow"},
    {"synfix capture --list-interfaces", "the interfaces of this host"},
    {"synfix capture --config /etc/synfix/synfix.conf --check-config", "check a configuration"},
    {NULL, NULL},
};

const cli_command_t command_capture = {
    .name = "capture",
    .summary = "fingerprint the packets of network interfaces",
    .operands = "-i NAME...",
    .description =
        "Capture from interfaces until a signal ends the program, and write a record for each TCP "
        "SYN and SYN+ACK, "
        "and each uptime estimate. Once the interfaces are open, all capabilities are dropped; with --user, "
        "the process also continues as another user. Without --to, records are printed as text.",
    .options = options,
    .examples = examples,
    .notes = "Encapsulations: vlan qinq mpls pppoe pbb macsec nsh fabric gre ip-in-ip 6in4 4in6 vxlan "
             "vxlan-gpe geneve "
             "gtp-u teredo erspan ah capwap l2tp lisp ethernet-in-ip mpls-in-ip tzsp ayiya sflow; all, none; "
             "-NAME "
             "excludes "
             "one. 'fabric' stands for the tags of switch fabrics, see synfix.conf(5).\n\n"
             "Signals: INT and TERM process all pending packets and records, then end with a summary; a "
             "second one does "
             "not wait for collectors. HUP reloads configuration, database and filters; an invalid "
             "configuration is "
             "rejected and the running one is kept. USR1 prints the counters.",
    .exit_status =
        "0 ended by a signal; 2 wrong usage or configuration; 3 a sink failed; 4 no permission; 5 an "
        "interface is missing or failed.",
    .see_also = "synfix.conf(5) pcap-filter(7)",
    .run = run_capture,
};
