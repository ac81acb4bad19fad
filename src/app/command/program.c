/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/program.h"
#include "app/command/commands.h"
#include "app/common/exit_codes.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The reason of a failure before the last flush is lost, but poll still shows a pipe without a reader. */
static gboolean is_unread(int problem)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return problem == EPIPE || (poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP)) != 0);
}

/* Output that cannot be written is an error, unless the reader closed the pipe, as head does. */
static int finish(int code)
{
    errno = 0;
    const gboolean arrived = fflush(stdout) == 0 && ferror(stdout) == 0;
    const int problem = errno;
    if (arrived || code != APP_EXIT_OK || is_unread(problem)) {
        return code;
    }
    return app_fail(APP_EXIT_SINK, "standard output: %s",
                    problem != 0 ? strerror(problem) : "cannot be written");
}

static int run(const cli_command_t *command, int argc, char **argv)
{
    g_autoptr(GPtrArray) words = cli_words(command, argc, argv);
    return finish(command->run((int)words->len - 1, (char **)words->pdata));
}

static int run_command(int argc, char **argv)
{
    const cli_command_t *command = commands_find(argv[0]);
    return command != NULL ? run(command, argc, argv) : commands_unknown(argv[0]);
}

/* A word that is no command but names a file, or looks like a capture. */
static gboolean is_input(const char *word)
{
    static const char *const endings[] = {".pcap", ".pcapng", ".cap", ".pcap.gz", ".pcap.zst", ".pcap.xz"};
    if (strcmp(word, "-") == 0) {
        return TRUE;
    }
    if (word[0] == '-' || commands_find(word) != NULL) {
        return FALSE;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        if (g_str_has_suffix(word, endings[i])) {
            return TRUE;
        }
    }
    return g_file_test(word, G_FILE_TEST_IS_REGULAR);
}

/* `synfix FILE...` is `synfix read FILE...`. */
static int run_read(int argc, char **argv)
{
    char name[] = "read";
    g_autofree char **words = g_new0(char *, (gsize)argc + 1);
    memcpy(words, argv, (gsize)argc * sizeof *words);
    words[0] = name;
    return run(&command_read, argc, words);
}

static int print_help(FILE *out, int code)
{
    g_autoptr(GString) text = g_string_new(NULL);
    commands_help(text);
    fputs(text->str, out);
    return out == stdout ? finish(code) : code;
}

static int print_version(void)
{
    puts("synfix " SYNFIX_VERSION);
    return finish(APP_EXIT_OK);
}

/* With a smaller stack, functions and libraries end the program by a signal, without a message. Most need 40
 * KiB. */
#define STACK_KIB_MIN 128

static bool has_stack(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= STACK_KIB_MIN * 1024;
}

int program_run(int argc, char **argv)
{
    if (!has_stack()) {
        return app_fail(APP_EXIT_INPUT,
                        "the limit of the stack is too low; allow %d KiB at least (ulimit -s %d)",
                        STACK_KIB_MIN, STACK_KIB_MIN);
    }
    if (argc < 2) {
        return print_help(stderr, APP_EXIT_USAGE);
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        return print_help(stdout, APP_EXIT_OK);
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        return print_version();
    }
    return is_input(argv[1]) ? run_read(argc, argv) : run_command(argc - 1, argv + 1);
}
