/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file commands.h
 * For tests of commands: each command line runs in a process of its own, in a temporary directory. Include
 * cmocka.h before this file.
 */
#ifndef SUPPORT_COMMANDS_H
#define SUPPORT_COMMANDS_H

#include "app/command/program.h"
#include "app/common/exit_codes.h"
#include "support/pause.h"
#include "support/sockets.h"
#include "support/temporary_directory.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define WEB      SYNFIX_TEST_DATA "/web.pcap"
#define VXLAN    SYNFIX_TEST_DATA "/vxlan.pcap"
#define DATABASE SYNFIX_SOURCE_DIR "/sigdb/synfix.fp"

/** A command line, its exit code, and a text that its output contains. */
typedef struct command_row {
    int code;
    const char *line;
    const char *text;
} command_row_t;

/** Set-up and teardown: a temporary directory, which is the working directory of the test. */
static inline int make_directory(void **state)
{
    char *path = temporary_directory_new();
    *state = path;
    return path == NULL || chdir(path) != 0;
}

static inline int remove_directory(void **state)
{
    return chdir("/") != 0 || temporary_directory_remove(*state) != 0;
}

/* The parser removes words from the array that it receives; the texts stay in @p words, which a leak checker
 * sees. */
static inline int run_words(int count, char **words)
{
    static char **volatile kept; /* volatile: an optimiser drops a variable that is never read */
    static char **volatile left;
    kept = words;
    left = g_memdup2(kept, ((gsize)count + 1) * sizeof *kept);
    return program_run(count, left);
}

/** Starts `synfix LINE` in a child, with both outputs in the file @p output. */
static inline pid_t start(const char *line, const char *output)
{
    g_autofree char *whole = g_strconcat("synfix ", line, NULL);
    g_auto(GStrv) words = NULL;
    int count = 0;
    assert_true(g_shell_parse_argv(whole, &count, &words, NULL));
    (void)fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        const int file = open(output, O_CREAT | O_TRUNC | O_WRONLY, 0600);
        (void)signal(SIGPIPE, SIG_IGN);
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves no process */
        if (file < 0 || dup2(file, STDOUT_FILENO) < 0 || dup2(file, STDERR_FILENO) < 0) {
            _exit(99);
        }
        exit(run_words(count, words));
    }
    assert_true(child > 0);
    return child;
}

/** Waits for a child; its exit code, -1 after a signal. */
static inline int await_exit(pid_t child)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/** Runs `synfix LINE`; exit code and output (g_free it). */
static inline int run(const char *line, char **output)
{
    const int code = await_exit(start(line, "output"));
    assert_true(g_file_get_contents("output", output, NULL, NULL));
    return code;
}

/** Runs all rows in their order and fails if one of them does not have its code and text. */
static inline void run_rows(const command_row_t *rows, size_t count)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < count; i++) {
        g_autofree char *output = NULL;
        const int code = run(rows[i].line, &output);
        if (code != rows[i].code || strstr(output, rows[i].text) == NULL) {
            print_error("%s: exit code %d, not %d, or no '%s': %.600s\n", rows[i].line, code, rows[i].code,
                        rows[i].text, output);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

#define AWAIT_MAX_US (100 * G_TIME_SPAN_SECOND) /* only a test that fails waits so long */

static inline gboolean has_text(const char *file, const char *text)
{
    g_autofree char *content = NULL;
    return g_file_get_contents(file, &content, NULL, NULL) && strstr(content, text) != NULL;
}

/** Waits until @p file contains @p text, or fails when @p child ends before. */
static inline void await_text(const char *file, const char *text, pid_t child)
{
    const gint64 end_us = g_get_monotonic_time() + AWAIT_MAX_US;
    for (;;) {
        g_autofree char *content = NULL;
        const pid_t ended = waitpid(child, NULL, WNOHANG);
        if (g_file_get_contents(file, &content, NULL, NULL) && strstr(content, text) != NULL) {
            return;
        }
        if (ended != 0 || g_get_monotonic_time() > end_us) {
            fail_msg("%s: ended without '%s': %s", file, text, content);
        }
        pause_briefly();
    }
}

/** Waits until the kernel lists an unconnected socket of 127.0.0.1 that is bound to @p port; @p table is
 * `/proc/net/tcp` or `udp`. */
static inline void await_listener(const char *table, unsigned port, pid_t child)
{
    g_autofree char *address = g_strdup_printf("0100007F:%04X 00000000:0000 ", port);
    for (;;) {
        g_autofree char *text = NULL;
        assert_true(g_file_get_contents(table, &text, NULL, NULL));
        if (strstr(text, address) != NULL) {
            return;
        }
        if (waitpid(child, NULL, WNOHANG) != 0) {
            fail_msg("port %u: its process has ended", port);
        }
        pause_briefly();
    }
}

#endif
