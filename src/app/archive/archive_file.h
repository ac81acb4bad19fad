/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file archive_file.h
 * Reads one IPFIX file of an input. Private to this directory.
 */
#ifndef APP_ARCHIVE_ARCHIVE_FILE_H
#define APP_ARCHIVE_ARCHIVE_FILE_H

#include "app/archive/archive_input.h"
#include "app/archive/archive_sequence.h"
#include "app/archive/archive_times.h"
#include "exporter/ipfix_decoder/later_templates.h"
#include "exporter/ipfix_decoder/message_input.h"

/** Damages of one file that are named one by one; further ones are counted. */
#define ARCHIVE_DAMAGES_NAMED 20u

/* One file while it is read. */
typedef struct archive_file {
    archive_input_t *input;
    const char *path;
    ipfix_decoder_t *decoder;
    message_input_t *messages;
    archive_sequence_t *sequence;
    later_templates_t *templates;
    archive_times_t times;
    uint64_t size;     /* bytes; 0: unknown, or compressed */
    int64_t next_ns;   /* the next file of the directory was begun at this time at the latest; 0: unknown */
    bool ended;        /* nothing more of this file is wanted */
    uint64_t damages;  /* messages that are damaged, in whole or from some record on */
    uint64_t problems; /* of the input when this file began */
} archive_file_t;

/** A problem outside of the messages of a file: counted, and printed as @p text. */
void archive_input_complain(archive_input_t *input, archive_problem_t problem, const char *text);

/** Reports the counters of the decoder at the end of a file. */
void archive_file_report(const archive_file_t *file);

/**
 * Reads the file @p path. @p next_ns: the next file of the directory was begun at this time at the latest; 0:
 * unknown. @p last: a followed input waits at its end.
 */
void archive_file_read(archive_input_t *input, const char *path, int64_t next_ns, bool last);

#endif
