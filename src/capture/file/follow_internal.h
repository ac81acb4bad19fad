/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file follow_internal.h
 * The instance of the source `follow`. Private to follow_source.c (directory, state) and follow_file.c. All
 * functions run in the thread that reads.
 */
#ifndef CAPTURE_FILE_FOLLOW_INTERNAL_H
#define CAPTURE_FILE_FOLLOW_INTERNAL_H

#include "capture/file/follow_scan.h"
#include <stdatomic.h>
#include <synfix/module.h>

/* Files whose failure to open is remembered, so that one line is logged for each. */
#define REFUSED_MAX 64u

typedef struct follow {
    const synfix_module_context_t *context;
    char *path; /* of the directory */
    char *filter;
    int directory;
    follow_state_t *state;
    follow_scan_t scan;
    followed_file_t file; /* being read */
    void *inner;          /* instance of the source `file`; NULL: no file is open */
    bool ended;           /* the packets of the last read are the last ones of the file */
    uint64_t packets;     /* of the file */
    uint64_t number_base; /* packets of all files before */
    int64_t scanned_ns;
    int64_t finished_ns; /* of the last file; 0: none */
    int64_t saved_ns;
    uint64_t bytes_before;
    bool missing;                  /* the directory, as was logged */
    uint64_t refused[REFUSED_MAX]; /* inodes of files that could not be opened, as was logged; 0: none */
    unsigned refused_next;
    _Atomic uint64_t received;
    _Atomic uint64_t bytes_read;
} follow_t;

/** Logs @p text; @p level as synfix_module_context_t.log. */
void follow_say(const follow_t *follow, int level, const char *text);

/** `DIRECTORY/NAME`, the caller's: free(). NULL: out of memory. */
char *follow_join(const char *directory, const char *name);

/** Opens the next complete file; false: there is none now. */
bool follow_next_file(follow_t *follow);

/** Reads packets of the open file and numbers them after those of all files before. SYNFIX_AGAIN: none. */
synfix_status_t follow_read_file(follow_t *follow, synfix_packet_t *packets, size_t capacity, size_t *count);

/**
 * Closes the file as processed, also when it is damaged: the damage would be there the next time too.
 */
void follow_finish_file(follow_t *follow);

/** Closes the file, if one is open; a later scan finds it again. */
void follow_close_file(follow_t *follow);

#endif
