/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A file that an earlier run left in the spool: its whole messages come out before what is added now, which
 * comes out as it went in; in the end nothing is left in the directory but a damaged file.
 */
#include "exporter/ipfix/transport_session.h"
#include "exporter/transport/spool.h"
#include "exporter/transport/transport_modules.h"
#include "fuzz.h"
#include "place.h"
#include "support/parse_options.h"
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>

#include "support/observations.h"

static void forget(void *user, int level, const char *text)
{
    (void)user;
    (void)level;
    FUZZ_CHECK(text[0] != '\0');
}

static const ipfix_settings_t *settings_once(void)
{
    static ipfix_settings_t settings;
    static const synfix_module_context_t context = {.struct_size = sizeof context, .observation_domain = 1};
    synfix_options_t *options = NULL;
    synfix_error_t error;

    if (settings.profile == NULL) {
        FUZZ_CHECK(parse_options(&tcp_module, "tcp:127.0.0.1:1?profile=compact", &options, &error) ==
                   SYNFIX_OK);
        FUZZ_CHECK(ipfix_settings_init(&settings, &context, options, &error) == SYNFIX_OK);
        module_options_free(options);
    }
    return &settings;
}

/* A message with one observation, made once. Its content does not matter to the spool. */
static const synfix_block_t *message_once(void)
{
    static uint8_t room[IPFIX_MESSAGE_SIZE_MAX];
    static synfix_block_t block = {.data = room, .capacity = sizeof room};
    void *encoder = NULL;
    uint32_t seed = 1;
    random_observation_t random;

    if (block.length > 0) {
        return &block;
    }

    FUZZ_CHECK(ipfix_encoding.create((void *)(uintptr_t)settings_once(), 0, &encoder, NULL) == SYNFIX_OK);
    random_observation(&seed, &random);
    FUZZ_CHECK(ipfix_encoding.encode(encoder, &random.observation, &block) == SYNFIX_OK);
    ipfix_encoding.seal(encoder, &block);
    ipfix_encoding.destroy(encoder);
    return &block;
}

static void add_and_take(spool_t *spool)
{
    const synfix_block_t *block = message_once();
    const uint32_t records = ipfix_block_records(block);
    spool_message_t message;
    synfix_error_t error;
    unsigned own = 0;

    FUZZ_CHECK(spool_add(spool, block->data, block->length, records, false, 1, &error) == SYNFIX_OK);
    while (spool_next(spool, &message) == SYNFIX_OK) {
        FUZZ_CHECK(message.length >= IPFIX_HEADER_SIZE && message.records > 0);
        FUZZ_CHECK(message.former ? own == 0 : message.length == block->length && message.records == records);
        own += message.former ? 0 : 1;
    }
    FUZZ_CHECK(own == 1 && spool_is_empty(spool));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const spool_config_t config = {.directory = place_directory(),
                                   .settings = settings_once(),
                                   .limit_bytes = 1 << 20,
                                   .limit_age_ms = INT64_MAX / 1000000,
                                   .log = forget};
    char name[64];
    spool_t *spool = NULL;
    synfix_error_t error;

    snprintf(name, sizeof name, "%020u-%016" PRIx64 ".ipfix", 1u,
             ipfix_profile_digest(config.settings->profile));
    place_write(name, data, size);
    FUZZ_CHECK(spool_open(&config, &spool, &error) == SYNFIX_OK);
    add_and_take(spool);
    spool_close(spool);
    FUZZ_CHECK(place_empty() <= 3); /* the lock, the names that were sent, and the file when it is damaged */
    return 0;
}
