/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_file/ipfix_file_internal.h"
#include "exporter/ipfix_file/ipfix_file_name.h"
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

void ipfix_file_forget(ipfix_file_t *archive)
{
    if (archive->descriptor > STDERR_FILENO) {
        (void)close(archive->descriptor);
    }
    archive->descriptor = -1;
    archive->totals.lost += archive->totals.waiting;
    archive->totals.waiting = 0;
    ipfix_file_clear_row(archive);
    directory_entry_close(&archive->entry);
    g_clear_pointer(&archive->name, g_free);
    g_clear_pointer(&archive->part, g_free);
}

bool ipfix_file_still_exists(const ipfix_file_t *archive)
{
    return archive->entry.directory >= 0 && file_is_same(&archive->entry, archive->descriptor);
}

static synfix_status_t prepare_compression(ipfix_file_t *archive, synfix_error_t *error)
{
    archive->packed_capacity = ZSTD_compressBound(IPFIX_FILE_MESSAGE_MAX);
    archive->packed = g_malloc(archive->packed_capacity);
    archive->message = g_malloc(IPFIX_FILE_MESSAGE_MAX);
    archive->compressor = ZSTD_createCCtx();
    if (archive->compressor == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", archive->target);
    }
    (void)ZSTD_CCtx_setParameter(archive->compressor, ZSTD_c_compressionLevel,
                                 archive->config.compress_level);
    (void)ZSTD_CCtx_setParameter(archive->compressor, ZSTD_c_checksumFlag, 1);
    return SYNFIX_OK;
}

synfix_status_t ipfix_file_new(const ipfix_file_config_t *config, ipfix_file_t **archive,
                               synfix_error_t *error)
{
    if (config->target[0] == '\0') {
        return synfix_fail(error, SYNFIX_INVALID, "file: no name; write file:NAME.ipfix");
    }
    const synfix_status_t loaded = config->compress ? on_demand_load_zstd(error) : SYNFIX_OK;
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    ipfix_file_t *made = g_new0(ipfix_file_t, 1);
    made->config = *config;
    made->target = g_strdup(config->target);
    made->descriptor = -1;
    made->entry = (directory_entry_t)DIRECTORY_ENTRY_CLOSED;
    made->row = g_malloc(IPFIX_FILE_ROW_SIZE);
    made->pieces = g_array_new(FALSE, FALSE, sizeof(struct iovec));
    made->lenders = g_ptr_array_new();
    made->messages = g_array_new(FALSE, FALSE, sizeof(pending_message_t));
    const synfix_status_t status = config->compress ? prepare_compression(made, error) : SYNFIX_OK;
    if (status != SYNFIX_OK) {
        ipfix_file_free(made);
        return status;
    }
    *archive = made;
    return SYNFIX_OK;
}

static void remove_part(const ipfix_file_t *archive)
{
    if (archive->part != NULL && ipfix_file_still_exists(archive)) {
        (void)file_remove(&archive->entry);
    }
}

void ipfix_file_free(ipfix_file_t *archive)
{
    if (archive != NULL) {
        if (ipfix_file_size(archive) == 0) {
            remove_part(archive);
        }
        archive->config.release = NULL;
        ipfix_file_forget(archive);
        if (archive->compressor != NULL) {
            (void)ZSTD_freeCCtx(archive->compressor);
        }
        g_free(archive->row);
        g_array_free(archive->messages, TRUE);
        g_array_free(archive->pieces, TRUE);
        g_ptr_array_free(archive->lenders, TRUE);
        g_free(archive->message);
        g_free(archive->packed);
        g_free(archive->target);
        g_free(archive);
    }
}

void ipfix_file_abandon(ipfix_file_t *archive)
{
    remove_part(archive);
    ipfix_file_forget(archive);
}

bool ipfix_file_is_open(const ipfix_file_t *archive)
{
    return archive->descriptor >= 0;
}

bool ipfix_file_is_missing(const ipfix_file_t *archive)
{
    return archive->part != NULL && archive->entry.directory >= 0 &&
           file_is_replaced(&archive->entry, archive->descriptor);
}

uint64_t ipfix_file_size(const ipfix_file_t *archive)
{
    return archive->size + archive->row_length;
}

const ipfix_file_totals_t *ipfix_file_totals(const ipfix_file_t *archive)
{
    return &archive->totals;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Also after a failure: the file contains all that was written. */
synfix_status_t ipfix_file_end(ipfix_file_t *archive, synfix_error_t *error)
{
    synfix_status_t status = ipfix_file_flush(archive, error);
    synfix_error_t *unless_reported = status == SYNFIX_OK ? error : NULL;
    synfix_status_t ended = SYNFIX_OK;
    if (archive->part != NULL) {
        if (archive->config.sync && file_sync(archive->descriptor) != 0) {
            ended = ipfix_file_failed(archive->part, "fsync", unless_reported);
        } else if (!ipfix_file_still_exists(archive)) {
            ended = synfix_fail(unless_reported, SYNFIX_IO, "%s: removed or replaced by another process",
                                archive->part);
        } else if (file_rename(&archive->entry, base_name(archive->name)) != 0) {
            ended = ipfix_file_failed(archive->part, "rename", unless_reported);
        } else if (archive->config.sync) {
            directory_entry_sync(&archive->entry); /* the rename is only safe on disk once the directory is */
        }
    }
    ipfix_file_forget(archive);
    return status != SYNFIX_OK ? status : ended;
}
