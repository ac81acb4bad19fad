/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A sink in one file, outside of the tree: counts observations by operating system and writes the sums at the
 * end.
 *
 *     cc -shared -fPIC $(pkg-config --cflags synfix) sink_module.c -o tally.so
 *     synfix read --load ./tally.so capture.pcap --to tally:sums.txt
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <synfix/module.h>

#define LABEL_SIZE 64
#define LABELS_MAX 256

typedef struct tally {
    FILE *file;
    char labels[LABELS_MAX][LABEL_SIZE];
    unsigned long sums[LABELS_MAX];
    size_t count;
    _Atomic uint64_t records; /* stats may come from any thread */
} tally_t;

/* In a worker: an observation becomes a label of fixed size in the block. */
static synfix_status_t tally_create(const void *settings, unsigned worker, void **encoder,
                                    synfix_error_t *error)
{
    (void)settings;
    (void)worker;
    (void)error;
    *encoder = NULL;
    return SYNFIX_OK;
}

static synfix_status_t tally_encode(void *encoder, const synfix_observation_t *observation,
                                    synfix_block_t *block)
{
    (void)encoder;
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    const char *label =
        fingerprint != NULL && fingerprint->match.label != NULL ? fingerprint->match.label->text : "?";
    if (block->capacity - block->length < LABEL_SIZE) {
        return SYNFIX_AGAIN;
    }
    char *at = (char *)block->data + block->length;
    memset(at, 0, LABEL_SIZE);
    memcpy(at, label, strnlen(label, LABEL_SIZE - 1));
    block->length += LABEL_SIZE;
    block->records++;
    return SYNFIX_OK;
}

static void tally_destroy(void *encoder)
{
    (void)encoder;
}

static const synfix_encoding_t tally_encoding = {
    .block_size = 65536, .create = tally_create, .encode = tally_encode, .destroy = tally_destroy};

static synfix_status_t tally_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                  void **instance, synfix_error_t *error)
{
    const char *target = synfix_options_target(options);
    (void)context;
    tally_t *tally = calloc(1, sizeof *tally);
    if (tally == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "tally: out of memory");
    }
    tally->file = strcmp(target, "-") == 0 ? stdout : fopen(target, "w");
    if (tally->file == NULL) {
        free(tally);
        return synfix_fail(error, SYNFIX_IO, "%s: can't open", target);
    }
    *instance = tally;
    return SYNFIX_OK;
}

static const synfix_encoding_t *tally_encoding_of(void *instance, const void **settings, const char **key)
{
    (void)instance;
    *settings = NULL;
    *key = "";
    return &tally_encoding;
}

/* In the sink's thread. */
static synfix_status_t tally_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    tally_t *tally = instance;
    (void)error;
    for (uint32_t offset = 0; offset < block->length; offset += LABEL_SIZE) {
        const char *label = (const char *)block->data + offset;
        size_t at = 0;
        while (at < tally->count && strcmp(tally->labels[at], label) != 0) {
            at++;
        }
        if (at == LABELS_MAX) {
            continue;
        }
        if (at == tally->count) {
            memcpy(tally->labels[tally->count++], label, LABEL_SIZE);
        }
        tally->sums[at]++;
    }
    tally->records += block->records;
    return SYNFIX_OK;
}

static synfix_status_t tally_finish(void *instance, synfix_error_t *error)
{
    tally_t *tally = instance;
    for (size_t i = 0; i < tally->count; i++) {
        fprintf(tally->file, "%8lu %s\n", tally->sums[i], tally->labels[i]);
    }
    return fflush(tally->file) == 0 ? SYNFIX_OK : synfix_fail(error, SYNFIX_IO, "tally: can't write");
}

static void tally_close(void *instance)
{
    tally_t *tally = instance;
    if (tally->file != stdout) {
        (void)fclose(tally->file);
    }
    free(tally);
}

static void tally_stats(void *instance, synfix_sink_stats_t *stats)
{
    const tally_t *tally = instance;
    *stats = (synfix_sink_stats_t){.produced = tally->records, .delivered = tally->records};
}

static const synfix_sink_t tally_sink = {
    .open = tally_open,
    .encoding = tally_encoding_of,
    .write = tally_write,
    .finish = tally_finish,
    .close = tally_close,
    .stats = tally_stats,
};

SYNFIX_API extern const synfix_module_t synfix_module;
const synfix_module_t synfix_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "tally",
    .summary = "counts observations by operating system (example)",
    .sink = &tally_sink,
};
