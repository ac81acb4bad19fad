/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file archive_problems.h
 * Why parts of IPFIX files could not be read, counted by reason.
 */
#ifndef APP_ARCHIVE_ARCHIVE_PROBLEMS_H
#define APP_ARCHIVE_ARCHIVE_PROBLEMS_H

#include <stdint.h>

/* X(identifier, one, several, what became of it). */
#define ARCHIVE_PROBLEMS(X)                                                                                  \
    X(UNREADABLE, "input that cannot be opened or read", "inputs that cannot be opened or read",             \
      "skipped; check names and permissions")                                                                \
    X(NO_FILE, "directory without an IPFIX file", "directories without an IPFIX file",                       \
      "skipped; name files one by one")                                                                      \
    X(EMPTY, "empty file", "empty files", "skipped; check the program that wrote it")                        \
    X(FOREIGN, "file without an IPFIX message", "files without an IPFIX message",                            \
      "skipped; name IPFIX files")                                                                           \
    X(CUT, "file that ends inside a message", "files that end inside a message",                             \
      "the records before the end were read; check the program that wrote them, and the disk")               \
    X(PASSED_OVER, "damaged place without a message", "damaged places without a message",                    \
      "skipped; check the disk")                                                                             \
    X(DAMAGED, "message with a damaged set", "messages with a damaged set",                                  \
      "the records before the damage were read; check the disk")                                             \
    X(LIMIT, "message over a limit of the decoder", "messages over a limit of the decoder",                  \
      "the records before it were read")                                                                     \
    X(NO_TEMPLATE, "set without a template", "sets without a template",                                      \
      "skipped; the template is damaged, or before the beginning of the file")                               \
    X(SHORT_SET, "set shorter than one record of its template",                                              \
      "sets shorter than one record of their template", "skipped; check the exporter, and the disk")         \
    X(RESERVED_SET, "set with a reserved id", "sets with a reserved id",                                     \
      "skipped; check the exporter, and the disk")

typedef enum archive_problem {
#define ARCHIVE_PROBLEM_ENUM(identifier, one, several, result) ARCHIVE_PROBLEM_##identifier,
    ARCHIVE_PROBLEMS(ARCHIVE_PROBLEM_ENUM)
#undef ARCHIVE_PROBLEM_ENUM
        ARCHIVE_PROBLEM_COUNT
} archive_problem_t;

/** All zero at first. */
typedef struct archive_problems {
    uint64_t counts[ARCHIVE_PROBLEM_COUNT];
    uint64_t files;      /* inputs that were begun */
    uint64_t files_good; /* read to their end without a problem */
} archive_problems_t;

/** Problems of all kinds. */
uint64_t archive_problems_total(const archive_problems_t *problems);

/**
 * Prints one line to standard error for each reason, and one with the files and the @p records decoded, each
 * begins with @p subject. Prints nothing without a problem.
 */
void archive_problems_report(const archive_problems_t *problems, const char *subject, uint64_t records);

#endif
