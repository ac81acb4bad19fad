/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The enricher `community-id`: Community ID version 1, the flow hash that Zeek and Suricata write. */
#include <stdlib.h>
#include <string.h>

#include "base/byte_order.h"
#include "exporter/enrichers/enrichers.h"
#include "exporter/enrichers/sha1_block.h"

#define PROTOCOL_TCP 6u
#define BASE64_SIZE  28u /* of 20 bytes */

typedef struct community_worker {
    char text[2 + BASE64_SIZE + 1];
} community_worker_t;

typedef struct community {
    uint16_t seed;
} community_t;

static void base64(const uint8_t *bytes, size_t length, char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t at = 0; at < length; at += 3) {
        const size_t left = length - at;
        const unsigned group = (unsigned)bytes[at] << 16 | (left > 1 ? (unsigned)bytes[at + 1] << 8 : 0) |
                               (left > 2 ? bytes[at + 2] : 0);
        *text++ = digits[group >> 18];
        *text++ = digits[group >> 12 & 63];
        *text++ = left > 1 ? digits[group >> 6 & 63] : '=';
        *text++ = left > 2 ? digits[group & 63] : '=';
    }
    *text = '\0';
}

/* The smaller endpoint (address, then port) comes first, so that both directions have one id. */
static size_t community_message(const community_t *community, const synfix_headers_t *headers,
                                uint8_t *message)
{
    const size_t size = headers->ip_version == 6 ? 16 : 4;
    const int order = memcmp(headers->source.bytes, headers->destination.bytes, size);
    const bool forward = order < 0 || (order == 0 && headers->source_port < headers->destination_port);
    const synfix_address_t *first = forward ? &headers->source : &headers->destination;
    const synfix_address_t *second = forward ? &headers->destination : &headers->source;
    write_be16(message, community->seed);
    memcpy(message + 2, first->bytes, size);
    memcpy(message + 2 + size, second->bytes, size);
    uint8_t *at = message + 2 + 2 * size;
    at[0] = PROTOCOL_TCP;
    at[1] = 0;
    write_be16(at + 2, forward ? headers->source_port : headers->destination_port);
    write_be16(at + 4, forward ? headers->destination_port : headers->source_port);
    return 2 + 2 * size + 6;
}

static synfix_status_t community_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                      void **instance, synfix_error_t *error)
{
    (void)context;
    community_t *community = calloc(1, sizeof *community);
    if (community == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "community-id: out of memory");
    }
    community->seed = (uint16_t)synfix_options_integer(options, "seed");
    *instance = community;
    return SYNFIX_OK;
}

static synfix_status_t community_worker_open(void *instance, unsigned worker, void **state,
                                             synfix_error_t *error)
{
    (void)instance;
    (void)worker;
    *state = calloc(1, sizeof(community_worker_t));
    return *state != NULL ? SYNFIX_OK : synfix_fail(error, SYNFIX_NO_MEMORY, "community-id: out of memory");
}

static synfix_status_t community_enrich(void *instance, void *state, synfix_observation_t *observation)
{
    community_worker_t *worker = state;
    uint8_t message[SHA1_MESSAGE_MAX];
    uint8_t digest[SHA1_SIZE];
    sha1_short(message, community_message(instance, observation->headers, message), digest);
    worker->text[0] = '1';
    worker->text[1] = ':';
    base64(digest, sizeof digest, worker->text + 2);
    observation->community_id = worker->text;
    return SYNFIX_OK;
}

static void community_worker_close(void *instance, void *state)
{
    (void)instance;
    free(state);
}

static const synfix_option_t community_options[] = {
    {.name = "seed",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = "0",
     .minimum = 0,
     .maximum = 65535,
     .help = "seed of the hash; tools with the same seed compute the same ids"},
    {.name = NULL},
};

static const synfix_enricher_t community_enricher = {
    .open = community_open,
    .worker_open = community_worker_open,
    .enrich = community_enrich,
    .worker_close = community_worker_close,
    .close = free,
};

const synfix_module_t community_id_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_ENRICHER,
    .name = "community-id",
    .summary = "Community ID v1, as in Zeek and Suricata",
    .options = community_options,
    .enricher = &community_enricher,
    .check = synfix_options_check,
};
