/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file ipfix_file_internal.h
 * Shared by ipfix_file.c (life of a file), ipfix_file_open.c and ipfix_file_messages.c (pending messages and
 * writes). Private to them.
 */
#ifndef EXPORTER_IPFIX_FILE_IPFIX_FILE_INTERNAL_H
#define EXPORTER_IPFIX_FILE_IPFIX_FILE_INTERNAL_H

#include "exporter/ipfix_file/ipfix_file.h"
#include "files/directory_entry.h"
#include "on_demand/zstd.h"
#include <glib.h>

#define IPFIX_FILE_MESSAGE_MAX 65535u
/** Bytes of one write. From 64 KiB to this size the kernel time for each record halves. */
#define IPFIX_FILE_ROW_SIZE (1u << 20)

/** One message of the next write. */
typedef struct pending_message {
    size_t stored; /* bytes in the row buffer */
    size_t bytes;  /* bytes of the message */
    uint32_t records;
} pending_message_t;

struct ipfix_file {
    ipfix_file_config_t config;
    char *target;
    int descriptor;          /* -1: no file is open */
    char *name;              /* name of the finished file */
    directory_entry_t entry; /* of the part */
    char *part;              /* until then */
    uint64_t size;           /* written */
    uint64_t on_its_way;     /* part of these bytes that the kernel has started to write */
    /* Messages of the next write: pieces point into the row buffer and to message bodies of lenders. */
    GArray *pieces;   /* struct iovec */
    GArray *messages; /* pending_message_t */
    GPtrArray *lenders;
    size_t row_length; /* bytes of all pieces, ROW_SIZE at most */
    uint8_t *row;
    size_t row_used;
    ipfix_file_totals_t totals;
    ZSTD_CCtx *compressor;
    uint8_t *message; /* to be compressed */
    uint8_t *packed;
    size_t packed_capacity;
};

/** Closes the file without ending it. Pending records count as lost. */
void ipfix_file_forget(ipfix_file_t *archive);
/** Drops the pending messages and releases their lenders. */
void ipfix_file_clear_row(ipfix_file_t *archive);
/** Returns whether the name still leads to the open file: another process may have replaced the file, which
 * then stays. */
bool ipfix_file_still_exists(const ipfix_file_t *archive);

#endif
