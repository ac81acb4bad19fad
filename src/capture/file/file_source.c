/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/file_source.h"
#include "capture/file/expression.h"
#include "capture/file/pcap.h"
#include "capture/file/time_report.h"
#include "on_demand/pcap.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <synfix/decode.h>

#define FILTERS_MAX 32u /* maximum number of link types in a filtered file */

typedef struct compiled_filter {
    uint32_t link_type;
    struct bpf_program program;
} compiled_filter_t;

typedef struct file {
    const synfix_module_context_t *context; /* NULL: without a log */
    pcap_format_t format;
    bool begun;
    char *name;
    char *expression;
    compiled_filter_t filters[FILTERS_MAX];
    size_t filter_count;
    _Atomic uint64_t received;
    _Atomic uint64_t bytes_read;
    uint64_t bytes_total;
} file_t;

static const synfix_option_t file_options[] = {
    {.name = "filter",
     .type = SYNFIX_OPTION_STRING,
     .help = "libpcap expression; other packets are not read"},
    {.name = NULL},
};

static synfix_status_t compile(file_t *file, uint32_t link_type, compiled_filter_t **filter,
                               synfix_error_t *error)
{
    for (size_t i = 0; i < file->filter_count; i++) {
        if (file->filters[i].link_type == link_type) {
            *filter = &file->filters[i];
            return SYNFIX_OK;
        }
    }
    if (file->filter_count == FILTERS_MAX) {
        return synfix_fail(error, SYNFIX_UNSUPPORTED, "%s: a filter over more than %u link types",
                           file->format.input.name, FILTERS_MAX);
    }
    *filter = &file->filters[file->filter_count];
    (*filter)->link_type = link_type;
    const synfix_status_t status =
        expression_compile(file->expression, link_type, &(*filter)->program, error);
    file->filter_count += status == SYNFIX_OK;
    return status;
}

static void file_close(void *instance)
{
    file_t *file = instance;
    time_report_write(&file->format, file->context); /* a read that stopped before the end */
    for (size_t i = 0; i < file->filter_count; i++) {
        pcap_freecode(&file->filters[i].program);
    }
    pcap_format_free(&file->format);
    free(file->expression);
    free(file->name);
    free(file);
}

/* "unknown" also without the library. */
static const char *link_type_name(uint32_t link_type)
{
    const char *const name =
        on_demand_load_pcap(NULL) == SYNFIX_OK ? pcap_datalink_val_to_name((int)link_type) : NULL;
    return name != NULL ? name : "unknown";
}

static synfix_status_t begin(file_t *file, synfix_error_t *error)
{
    compiled_filter_t *filter = NULL;
    const synfix_status_t status = pcap_format_begin(&file->format, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    file->begun = true;
    if (file->format.pcapng) {
        return SYNFIX_OK;
    }
    const uint32_t link_type = file->format.interfaces[0].link_type;
    if (!synfix_link_type_known(link_type)) {
        return synfix_fail(error, SYNFIX_UNSUPPORTED,
                           "%s: link type %u (%s) is not supported; capture on another interface, or see "
                           "docs/reference/encapsulations.md",
                           file->format.input.name, link_type, link_type_name(link_type));
    }
    return file->expression == NULL ? SYNFIX_OK : compile(file, link_type, &filter, error);
}

static synfix_status_t file_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **instance, synfix_error_t *error)
{
    const char *expression = synfix_options_string(options, "filter");
    file_t *file = calloc(1, sizeof *file);
    if (file == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "file: out of memory");
    }
    file->context = context;
    file->format.input.fd = -1;
    file->name = strdup(synfix_options_target(options));
    file->expression = expression == NULL || expression[0] == '\0' ? NULL : strdup(expression);
    synfix_status_t status = SYNFIX_OK;
    if (file->name == NULL || (expression != NULL && expression[0] != '\0' && file->expression == NULL)) {
        status = synfix_fail(error, SYNFIX_NO_MEMORY, "file: out of memory");
    }
    if (status == SYNFIX_OK) {
        status = buffered_input_open(&file->format.input, file->name, error);
    }
    if (status == SYNFIX_OK) {
        file->bytes_total = file->format.input.total;
        /* a pipe or a slow disk may not deliver the header yet: read waits for it */
        status = file->format.input.regular ? begin(file, error) : SYNFIX_OK;
        status = status == SYNFIX_AGAIN ? SYNFIX_OK : status;
    }
    if (status != SYNFIX_OK) {
        file_close(file);
        return status;
    }
    *instance = file;
    return SYNFIX_OK;
}

static synfix_status_t apply_filter(file_t *file, synfix_packet_t *packets, size_t *count,
                                    synfix_error_t *error)
{
    size_t kept = 0;
    compiled_filter_t *filter = NULL;
    for (size_t i = 0; i < *count; i++) {
        const synfix_packet_t *packet = &packets[i];
        if (filter == NULL || filter->link_type != packet->link_type) {
            const synfix_status_t status = compile(file, packet->link_type, &filter, error);
            if (status != SYNFIX_OK) {
                *count = kept;
                return status;
            }
        }
        if (bpf_filter(filter->program.bf_insns, packet->data, packet->original_length,
                       packet->captured_length) != 0) {
            packets[kept++] = *packet;
        }
    }
    *count = kept;
    return SYNFIX_OK;
}

static synfix_status_t file_read(void *instance, synfix_packet_t *packets, size_t capacity, size_t *count,
                                 synfix_error_t *error)
{
    file_t *file = instance;
    *count = 0;
    if (!file->begun) {
        const synfix_status_t begun = begin(file, error);
        if (begun != SYNFIX_OK) {
            return begun;
        }
    }
    synfix_status_t status;
    do {
        status = pcap_format_read(&file->format, packets, capacity, count, error);
        if (file->expression != NULL && *count > 0) {
            const synfix_status_t filtered = apply_filter(file, packets, count, error);
            status = filtered == SYNFIX_OK ? status : filtered;
        }
    } while (status == SYNFIX_OK && *count == 0);
    if (status == SYNFIX_END || status < 0) {
        time_report_write(&file->format, file->context);
    }
    atomic_store_explicit(&file->received,
                          atomic_load_explicit(&file->received, memory_order_relaxed) + *count,
                          memory_order_relaxed);
    atomic_store_explicit(&file->bytes_read, file->format.input.consumed, memory_order_relaxed);
    return status;
}

static void file_stats(void *instance, synfix_source_stats_t *stats)
{
    file_t *file = instance;
    *stats = (synfix_source_stats_t){.received = atomic_load(&file->received),
                                     .bytes_total = file->bytes_total,
                                     .bytes_read = atomic_load(&file->bytes_read)};
}

static void file_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    synfix_options_check(options, mistakes);
    if (synfix_options_target(options)[0] == '\0') {
        (void)synfix_mistakes_add(mistakes, NULL,
                                  synfix_fail(&error, SYNFIX_INVALID,
                                              "file: no capture named; name a file, or - for standard input"),
                                  &error);
    }
    expression_check(options, mistakes);
}

static const synfix_source_t file_source = {
    .open = file_open, .read = file_read, .stats = file_stats, .close = file_close};

const synfix_module_t capture_file_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SOURCE,
    .name = "file",
    .summary = "capture files, pcap and pcapng, compressed or not, or standard input",
    .options = file_options,
    .source = &file_source,
    .check = file_check,
};
