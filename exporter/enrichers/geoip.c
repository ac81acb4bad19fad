/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The enricher `geoip`: country and network of the described host, from MaxMind DB files. Built with
 * libmaxminddb.
 */
#include "on_demand/maxminddb.h"
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "event/text_writer.h"
#include "exporter/enrichers/enrichers.h"
#include "exporter/enrichers/private_copy.h"

#define GEOIP_TEXT_SIZE 96u

typedef struct geoip_file {
    MMDB_s database;
    char *path; /* NULL: not configured */
    bool open;
} geoip_file_t;

typedef struct geoip {
    geoip_file_t country; /* country or city database */
    geoip_file_t network; /* ASN database */
} geoip_t;

typedef struct geoip_worker {
    char country[GEOIP_TEXT_SIZE];
    char number[GEOIP_TEXT_SIZE];
    char organisation[GEOIP_TEXT_SIZE];
} geoip_worker_t;

static synfix_status_t geoip_load(geoip_file_t *file, synfix_error_t *error)
{
    MMDB_s fresh;
    if (file->path == NULL) {
        return SYNFIX_OK;
    }
    const synfix_status_t loaded = on_demand_load_maxminddb(error);
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    int descriptor = -1;
    char name[PRIVATE_COPY_PATH_SIZE];
    const synfix_status_t copied = private_copy_open(file->path, &descriptor, name, error);
    if (copied != SYNFIX_OK) {
        return copied;
    }
    const int status = MMDB_open(name, MMDB_MODE_MMAP, &fresh);
    (void)close(descriptor);
    if (status != MMDB_SUCCESS) {
        return synfix_fail(error, status == MMDB_FILE_OPEN_ERROR ? SYNFIX_NOT_FOUND : SYNFIX_INVALID,
                           "%s: %s; name a database in MMDB format", file->path, MMDB_strerror(status));
    }
    if (file->open) {
        MMDB_close(&file->database);
    }
    file->database = fresh;
    file->open = true;
    return SYNFIX_OK;
}

static void geoip_unload(geoip_file_t *file)
{
    if (file->open) {
        MMDB_close(&file->database);
    }
    free(file->path);
}

static void geoip_close(void *instance)
{
    geoip_t *geoip = instance;
    geoip_unload(&geoip->country);
    geoip_unload(&geoip->network);
    free(geoip);
}

static synfix_status_t geoip_reload(void *instance, synfix_error_t *error)
{
    geoip_t *geoip = instance;
    const synfix_status_t status = geoip_load(&geoip->country, error);
    return status != SYNFIX_OK ? status : geoip_load(&geoip->network, error);
}

static synfix_status_t geoip_check_any(const synfix_options_t *options, synfix_error_t *error)
{
    const bool any =
        synfix_options_string(options, "country") != NULL || synfix_options_string(options, "asn") != NULL;
    return any ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID,
                             "geoip: no database; write geoip?country=FILE or geoip?asn=FILE (MMDB)");
}

static synfix_status_t geoip_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                  void **instance, synfix_error_t *error)
{
    const char *country = synfix_options_string(options, "country");
    const char *network = synfix_options_string(options, "asn");
    (void)context;
    if (geoip_check_any(options, error) != SYNFIX_OK) {
        return SYNFIX_INVALID;
    }
    geoip_t *geoip = calloc(1, sizeof *geoip);
    if (geoip == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "geoip: out of memory");
    }
    geoip->country.path = country != NULL ? strdup(country) : NULL;
    geoip->network.path = network != NULL ? strdup(network) : NULL;
    const synfix_status_t status = geoip_reload(geoip, error);
    if (status != SYNFIX_OK) {
        geoip_close(geoip);
        return status;
    }
    *instance = geoip;
    return SYNFIX_OK;
}

static synfix_status_t geoip_worker_open(void *instance, unsigned worker, void **state, synfix_error_t *error)
{
    (void)instance;
    (void)worker;
    *state = calloc(1, sizeof(geoip_worker_t));
    return *state != NULL ? SYNFIX_OK : synfix_fail(error, SYNFIX_NO_MEMORY, "geoip: out of memory");
}

static bool geoip_find(geoip_file_t *file, const synfix_headers_t *headers, MMDB_lookup_result_s *found)
{
    struct sockaddr_in ipv4 = {.sin_family = AF_INET};
    struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6};
    int status = MMDB_SUCCESS;
    memcpy(&ipv4.sin_addr, headers->source.bytes, sizeof ipv4.sin_addr);
    memcpy(&ipv6.sin6_addr, headers->source.bytes, sizeof ipv6.sin6_addr);
    if (!file->open) {
        return false;
    }
    *found = MMDB_lookup_sockaddr(
        &file->database,
        headers->ip_version == 6 ? (const struct sockaddr *)&ipv6 : (const struct sockaddr *)&ipv4, &status);
    return status == MMDB_SUCCESS && found->found_entry;
}

/* Copies a string of an external file: truncated at the size, without control bytes. */
static bool geoip_text(MMDB_lookup_result_s *found, const char *const *path, char *text)
{
    MMDB_entry_data_s data;
    text_writer_t line = {.at = text, .end = text + GEOIP_TEXT_SIZE - 1};
    if (MMDB_aget_value(&found->entry, &data, path) != MMDB_SUCCESS || !data.has_data) {
        return false;
    }
    if (data.type == MMDB_DATA_TYPE_UINT32) {
        writer_unsigned(&line, data.uint32);
    } else if (data.type == MMDB_DATA_TYPE_UTF8_STRING) {
        for (uint32_t i = 0; i < data.data_size; i++) {
            writer_char(&line, (unsigned char)data.utf8_string[i] < 0x20 ? ' ' : data.utf8_string[i]);
        }
    }
    *line.at = '\0';
    return line.at != text;
}

static synfix_status_t geoip_enrich(void *instance, void *state, synfix_observation_t *observation)
{
    static const char *const country[] = {"country", "iso_code", NULL};
    static const char *const number[] = {"autonomous_system_number", NULL};
    static const char *const organisation[] = {"autonomous_system_organization", NULL};
    geoip_t *geoip = instance;
    geoip_worker_t *worker = state;
    MMDB_lookup_result_s found;
    synfix_status_t status = SYNFIX_OK;
    if (geoip_find(&geoip->country, observation->headers, &found) &&
        geoip_text(&found, country, worker->country)) {
        status = synfix_observation_annotate(observation, "source_country", worker->country);
    }
    if (status != SYNFIX_OK || !geoip_find(&geoip->network, observation->headers, &found)) {
        return status;
    }
    if (geoip_text(&found, number, worker->number)) {
        status = synfix_observation_annotate(observation, "source_asn", worker->number);
    }
    if (status == SYNFIX_OK && geoip_text(&found, organisation, worker->organisation)) {
        status = synfix_observation_annotate(observation, "source_as_organisation", worker->organisation);
    }
    return status;
}

static void geoip_worker_close(void *instance, void *state)
{
    (void)instance;
    free(state);
}

static const synfix_option_t geoip_options[] = {
    {.name = "country", .type = SYNFIX_OPTION_STRING, .help = "country or city database (.mmdb)"},
    {.name = "asn", .type = SYNFIX_OPTION_STRING, .help = "database of autonomous systems (.mmdb)"},
    {.name = NULL},
};

static void geoip_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    static const char *const names[] = {"country", "asn"};
    synfix_error_t error;
    synfix_options_check(options, mistakes);
    (void)synfix_mistakes_add(mistakes, NULL, geoip_check_any(options, &error), &error);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *path = synfix_options_string(options, names[i]);
        geoip_file_t file = {.path = path != NULL ? strdup(path) : NULL};
        if (file.path != NULL) {
            (void)synfix_mistakes_add(mistakes, names[i], geoip_load(&file, &error), &error);
        }
        geoip_unload(&file);
    }
}

static const synfix_enricher_t geoip_enricher = {
    .open = geoip_open,
    .worker_open = geoip_worker_open,
    .enrich = geoip_enrich,
    .worker_close = geoip_worker_close,
    .close = geoip_close,
    .reload = geoip_reload,
};

const synfix_module_t geoip_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_ENRICHER,
    .name = "geoip",
    .summary = "country and autonomous system of the described host, from .mmdb files",
    .options = geoip_options,
    .enricher = &geoip_enricher,
    .check = geoip_check,
};
