/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Numbers of files, and names of those that were sent: a file that is copied back into the directory is not
 * sent twice. */
#include "exporter/transport/spool_internal.h"
#include "files/directory_entry.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* The file has a line of fixed length for each name, at a position that follows from the number of the name:
 * one write adds a name, and the newest ones replace the oldest. */
#define SENT_FILE  "sent"
#define LINE_BYTES 64
#define LINES      4096u

static off_t line_of(uint64_t number)
{
    return (off_t)(number % LINES) * LINE_BYTES;
}

/* The file of the lock contains the last number: the files and the list lack the numbers of files that were
 * dropped, or that an operator moved out of the directory. If a number were used twice, a file that is copied
 * back would count as sent. */
void spool_number_read(spool_t *spool)
{
    char digits[SPOOL_NUMBER_LENGTH + 1] = "";
    uint64_t number;
    const ssize_t length = pread(spool->lock, digits, SPOOL_NUMBER_LENGTH, 0);
    if (length > 0 && spool_parse_number(digits, &number)) {
        spool->next_number = MAX(spool->next_number, number + 1);
    } else if (length != 0) { /* an earlier version stored no number */
        spool_say(
            spool, 1,
            "spool %s/lock: %s; the next number follows the highest one of the files and of " SENT_FILE
            "; do not return files that were moved out of the directory: new files may have their numbers",
            spool->directory,
            length < 0 ? file_reason(errno) : "the file does not begin with a number of 20 digits");
    }
}

/* All bytes at a position, or false with errno. */
static bool write_at(int fd, const char *line, size_t length, off_t at)
{
    const ssize_t count = pwrite(fd, line, length, at);
    if (count >= 0 && (size_t)count < length) {
        errno = ENOSPC;
    }
    return count >= 0 && (size_t)count == length;
}

synfix_status_t spool_number_check(const spool_t *spool, synfix_error_t *error)
{
    return spool->next_number <= SPOOL_NUMBER_MAX - SPOOL_NUMBERS_MIN
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID,
                             "spool %s: the number %" PRIu64 " (in lock, in " SENT_FILE
                             " or in the name of a file) is damaged: too few higher ones "
                             "are possible; name another directory, or move the files away and remove lock "
                             "and " SENT_FILE,
                             spool->directory, spool->next_number - 1);
}

uint64_t spool_number_take(spool_t *spool)
{
    char digits[SPOOL_NUMBER_LENGTH + 2];
    const uint64_t number = spool->next_number++;
    g_snprintf(digits, sizeof digits, "%0*" PRIu64 "\n", SPOOL_NUMBER_LENGTH, number);
    const bool stored = write_at(spool->lock, digits, SPOOL_NUMBER_LENGTH + 1, 0);
    if (!stored && !spool->number_failed) { /* without it, numbers continue after those of files and list */
        spool_say(
            spool, 1,
            "spool %s/lock: %s; the number of the new file is not stored: after a restart, do not return "
            "files that were moved out of the directory: new files may have their numbers",
            spool->directory, file_reason(errno));
    }
    spool->number_failed = !stored;
    return number;
}

/* Numbers continue after those of files that were sent, so that no name is used twice. */
static void continue_numbers(spool_t *spool)
{
    char line[LINE_BYTES + 1] = "";
    for (unsigned i = 0; i < LINES; i++) {
        if (pread(spool->sent_fd, line, LINE_BYTES, line_of(i)) != LINE_BYTES) {
            return;
        }
        uint64_t number;
        if (spool_parse_name(line, &number, NULL)) {
            spool->next_number = MAX(spool->next_number, number + 1);
        }
    }
}

void spool_sent_open(spool_t *spool)
{
    struct stat state;
    const directory_entry_t entry = {.directory = spool->directory_fd, .name = SENT_FILE};
    spool->sent_fd = file_open(&entry, O_RDWR | O_CREAT, SPOOL_FILE_MODE);
    if (spool->sent_fd >= 0 && fstat(spool->sent_fd, &state) == 0 && S_ISREG(state.st_mode)) {
        continue_numbers(spool);
        return;
    }
    spool_say(spool, 1, "spool %s/" SENT_FILE ": %s; a sent file that is copied back is sent again",
              spool->directory, file_entry_reason(spool->sent_fd < 0 ? errno : EINVAL));
    if (spool->sent_fd >= 0) {
        close(spool->sent_fd);
        spool->sent_fd = -1;
    }
}

void spool_sent_add(spool_t *spool, const spool_segment_t *segment)
{
    uint64_t number;
    char line[LINE_BYTES + 1];
    if (spool->sent_fd < 0 || !spool_parse_name(segment->name, &number, NULL)) {
        return;
    }
    g_snprintf(line, sizeof line, "%-*s\n", LINE_BYTES - 1, segment->name);
    if (!write_at(spool->sent_fd, line, LINE_BYTES, line_of(number))) {
        spool_say(spool, 1, "spool %s/" SENT_FILE ": %s; if %s is copied back, its records are sent again",
                  spool->directory, file_reason(errno), segment->name);
    }
}

bool spool_sent_has(const spool_t *spool, uint64_t number, const char *name)
{
    char line[LINE_BYTES];
    return spool->sent_fd >= 0 && pread(spool->sent_fd, line, LINE_BYTES, line_of(number)) == LINE_BYTES &&
           strncmp(line, name, strlen(name)) == 0;
}
