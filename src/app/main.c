/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/exit_codes.h"

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Add yours here: one line, one file cmd_<name>.c, a section in docs/synfix.1. */
static const app_command_t commands[] = {
    {"read", "fingerprint the packets of capture files", cmd_read},
    {"capture", "fingerprint the packets of interfaces", cmd_capture},
    {"modules", "list sources, enrichers and sinks with their options", cmd_modules},
    {"collect", "receive IPFIX over the network and store or print it", cmd_collect},
    {"dump", "print the records of IPFIX files", cmd_dump},
    {"elements", "print the information model, and what collectors need", cmd_elements},
    {"sigdb", "check, test and extend a signature database", cmd_sigdb},
    {"recover", "rescue the whole messages of unfinished IPFIX files", cmd_recover},
    {.name = NULL},
};

static void print_help(FILE *out)
{
    fputs("Usage: synfix COMMAND [OPTION...]\n\n"
          "Passive TCP fingerprints as IPFIX records.\n\nCommands:\n",
          out);
    for (const app_command_t *command = commands; command->name; command++) {
        fprintf(out, "  %-10s %s\n", command->name, command->summary);
    }
    fputs("\n"
          "synfix COMMAND --help explains a command, synfix --version prints the version.\n\n"
          "Examples:\n"
          "  synfix read capture.pcap\n"
          "      print what each SYN and SYN+ACK tells about its sender\n"
          "  synfix read capture.pcap --to file:records.ipfix\n"
          "      write IPFIX records into a file\n"
          "  synfix read capture.pcap --to tcp://192.0.2.1:4739\n"
          "      send them to a collector\n\n"
          "Exit codes: 0 done, 1 input missing or incomplete, 2 wrong usage, 3 a sink failed,\n"
          "4 no permission, 5 an interface vanished.\n",
          out);
}

/* What a failure before the last flush was, is not known any more; but a pipe that nobody reads shows. */
static gboolean is_unread(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return errno == EPIPE || (poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP)) != 0);
}

/* What a command printed has to arrive too; a reader that has read enough, as head does, is no failure. */
static int finish(int code)
{
    errno = 0;
    const gboolean arrived = fflush(stdout) == 0 && ferror(stdout) == 0;
    if (arrived || code != APP_EXIT_OK || is_unread()) {
        return code;
    }
    return app_fail(APP_EXIT_SINK, "standard output: %s", errno ? g_strerror(errno) : "cannot be written");
}

static int run_command(int argc, char **argv)
{
    for (const app_command_t *command = commands; command->name; command++) {
        if (strcmp(argv[0], command->name) == 0) {
            return finish(command->run(argc, argv));
        }
    }
    return app_fail(APP_EXIT_USAGE, "%s: no such command (see synfix --help)", argv[0]);
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    tzset();
    signal(SIGPIPE, SIG_IGN); /* a reader that went away is an error of its sink, not our end */
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow (ulimit -f) is one too: EFBIG, as a full disk */
    if (argc < 2) {
        print_help(stderr);
        return APP_EXIT_USAGE;
    }
    if (strcmp(argv[1], "help") == 0 && argc == 3) {
        char option[] = "--help";
        char *of_command[] = {argv[2], option, NULL};
        return run_command(2, of_command);
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return finish(APP_EXIT_OK);
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("synfix " SYNFIX_VERSION);
        return APP_EXIT_OK;
    }
    return run_command(argc - 1, argv + 1);
}
