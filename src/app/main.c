/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/program.h"
#include "app/common/out_of_memory.h"

#include "base/secrets.h"
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

/* Every user of the host can read the command line: secrets are removed from it, and the program uses a copy,
 * which exists until the program ends. The parser removes words from the array that it receives, so a second
 * array keeps all of them. */
static char **private_words(int argc, char **argv)
{
    static char **volatile kept; /* volatile: an optimiser drops a variable that is never read */
    static char **volatile words;
    kept = g_strdupv(argv);
    words = g_memdup2(kept, ((gsize)argc + 1) * sizeof *kept);
    for (int i = 0; i < argc; i++) {
        (void)secrets_mask(argv[i]);
    }
    return words;
}

/* Otherwise, a file that is opened later gets the number of a closed standard stream, and an archive receives
 * messages. Reads and writes on an O_PATH descriptor fail as on a closed stream. */
static void keep_standard_numbers(void)
{
    for (int number = STDIN_FILENO; number <= STDERR_FILENO; number++) {
        if (fcntl(number, F_GETFD) < 0 && open("/dev/null", O_PATH) < 0) {
            (void)open("/", O_PATH); /* without /dev; open() returns the lowest free number */
        }
    }
}

int main(int argc, char **argv)
{
    keep_standard_numbers();
    out_of_memory_ends();
    tzset();
    signal(SIGPIPE, SIG_IGN); /* a sink reports that its reader ended; the program continues */
    signal(SIGXFSZ, SIG_IGN); /* a file over its size limit (ulimit -f) gives EFBIG, as a full disk ENOSPC */
    return program_run(argc, private_words(argc, argv));
}
