/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Observations for the tests of sinks and enrichers: a SYN, a SYN+ACK over IPv6 in a tunnel, an uptime. */
#ifndef TESTS_SAMPLE_H
#define TESTS_SAMPLE_H

#include "module/module_options.h"
#include <string.h>
#include <synfix/module.h>

typedef struct sample {
    synfix_headers_t headers;
    synfix_tcp_options_t options;
    synfix_fingerprint_t fingerprint;
    synfix_label_t label;
    synfix_observation_t observation;
} sample_t;

static inline void sample_text(sample_t *sample, const char *text, const char *layout)
{
    synfix_fingerprint_t *fingerprint = &sample->fingerprint;
    fingerprint->text_length = (uint16_t)strlen(text);
    memcpy(fingerprint->text, text, strlen(text) + 1);
    fingerprint->layout_text_length = (uint16_t)strlen(layout);
    memcpy(fingerprint->layout_text, layout, strlen(layout) + 1);
}

/* The example of the documentation: 1.2.3.4:1524 to 4.3.2.1:80, Windows XP. */
static inline void sample_syn(sample_t *sample)
{
    *sample = (sample_t){
        .headers = {.source = {{1, 2, 3, 4}},
                    .destination = {{4, 3, 2, 1}},
                    .source_port = 1524,
                    .destination_port = 80,
                    .ip_version = 4,
                    .ttl = 120,
                    .ip_flags = SYNFIX_IP_DF,
                    .ip_header_length = 20,
                    .ip_total_length = 48,
                    .fragment_id = 7,
                    .sequence = 1000,
                    .tcp_flags = SYNFIX_TCP_SYN,
                    .window = 65535,
                    .tcp_header_length = 28},
        .options = {.layout = {2, 1, 1, 4}, .layout_count = 4, .has_mss = true, .mss = 1452},
        .fingerprint = {.stamp = 1,
                        .signature = {.ip_version = 4,
                                      .ttl = 120,
                                      .mss = 1452,
                                      .window = 65535,
                                      .quirks = SYNFIX_QUIRK_DF | SYNFIX_QUIRK_ID_NONZERO,
                                      .layout_count = 4,
                                      .layout = {2, 1, 1, 4}},
                        .match = {.kind = SYNFIX_MATCH_EXACT,
                                  .quality = 95,
                                  .candidate_count = 1,
                                  .distance = 8,
                                  .initial_ttl = 128},
                        .link_mtu = 1492,
                        .link_label = "DSL"},
        .label = {.type = 's',
                  .id = 99,
                  .os_class = "win",
                  .name = "Windows",
                  .flavor = "XP",
                  .text = "Windows XP"},
    };
    sample_text(sample, "4:120+8:0:1452:65535,0:mss,nop,nop,sok:df,id+:0", "mss,nop,nop,sok");
    sample->fingerprint.match.label = &sample->label;
    sample->observation = (synfix_observation_t){.kind = SYNFIX_OBSERVATION_SYN,
                                                 .time_ns = 1666950379123456789,
                                                 .packet_number = 17,
                                                 .flow_id = 17,
                                                 .headers = &sample->headers,
                                                 .options = &sample->options,
                                                 .fingerprint = &sample->fingerprint};
}

static inline void sample_ipv6(sample_t *sample)
{
    sample_syn(sample);
    sample->headers.ip_version = 6;
    sample->headers.source =
        (synfix_address_t){{0x20, 1, 0xd, 0xb8, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10}};
    sample->headers.destination = (synfix_address_t){{0x20, 1, 0xd, 0xb8, [15] = 0x20}};
    sample->headers.source_port = 443;
    sample->headers.destination_port = 50000;
    sample->headers.tcp_flags = SYNFIX_TCP_SYN | SYNFIX_TCP_ACK;
    sample->headers.encapsulation = (synfix_encapsulation_t){.kind = SYNFIX_ENCAPSULATION_VXLAN,
                                                             .depth = 1,
                                                             .vlan_count = 2,
                                                             .vlan_id = 5,
                                                             .customer_vlan_id = 6,
                                                             .outer_version = 4,
                                                             .id = 77,
                                                             .outer_source = {{9, 9, 9, 9}},
                                                             .outer_destination = {{8, 8, 8, 8}}};
    sample->fingerprint.slot = 1;
    sample->fingerprint.match = (synfix_match_t){.distance = 3, .initial_ttl = 64};
    sample->fingerprint.signature.ip_version = 6;
    sample->fingerprint.link_mtu = 0;
    sample->fingerprint.link_label = NULL;
    sample_text(sample, "6:61+3:0:0:0,0:::0", "");
    sample->observation.kind = SYNFIX_OBSERVATION_SYN_ACK;
    sample->observation.from_server = true;
    sample->observation.flags = SYNFIX_FLAG_TUNNELLED | SYNFIX_FLAG_SYN_NOT_SEEN;
}

/* 0 days, 11 hours, 16 minutes at 250 Hz. */
static inline void sample_uptime(sample_t *sample)
{
    sample_syn(sample);
    sample->options.has_timestamps = true;
    sample->options.timestamp_value = 10140000;
    sample->options.timestamp_echo = 5;
    sample->observation.kind = SYNFIX_OBSERVATION_UPTIME;
    sample->observation.fingerprint = NULL;
    sample->observation.uptime = (synfix_uptime_t){.frequency = 250,
                                                   .frequency_centihertz = 25000,
                                                   .uptime_seconds = 40560,
                                                   .modulus_seconds = 17179869,
                                                   .reliability = SYNFIX_UPTIME_ONE_LINE};
}

static const synfix_host_change_t sample_change_facts = {
    .reasons = SYNFIX_HOST_SHARED | SYNFIX_HOST_FAMILY | SYNFIX_HOST_TTL,
    .score = 75,
    .before = "Windows XP",
    .after = "Linux 5.x",
};

static inline void sample_host_change(sample_t *sample)
{
    sample_syn(sample);
    sample->observation.kind = SYNFIX_OBSERVATION_HOST_CHANGE;
    sample->observation.fingerprint = NULL;
    sample->observation.host_change = &sample_change_facts;
}

/* Encodes one observation with a sink's encoding into @p text, terminated; returns encode's answer. */
static inline synfix_status_t sample_encode(const synfix_encoding_t *encoding, const void *settings,
                                            const synfix_observation_t *observation, char *text,
                                            uint32_t size)
{
    void *encoder = NULL;
    synfix_block_t block = {.data = (uint8_t *)text, .capacity = size - 1};
    if (encoding->create != NULL && encoding->create(settings, 0, &encoder, NULL) != SYNFIX_OK) {
        return SYNFIX_NO_MEMORY;
    }
    const synfix_status_t status = encoding->encode(encoder, observation, &block);
    if (encoding->seal != NULL) {
        encoding->seal(encoder, &block);
    }
    if (encoding->destroy != NULL) {
        encoding->destroy(encoder);
    }
    text[block.length] = '\0';
    return status;
}

/* The same through a sink module opened as `scheme:-?settings`, as a pipeline would do it. */
static inline synfix_status_t sample_sink(const synfix_module_t *module, const char *settings,
                                          const synfix_observation_t *observation, char *text, uint32_t size)
{
    synfix_options_t *options = NULL;
    void *instance = NULL;
    const void *encoder_settings = NULL;
    const char *key = NULL;
    synfix_status_t status = module_options_make(module, "/dev/null", settings, &options, NULL);
    if (status == SYNFIX_OK) {
        status = module->sink->open(NULL, options, &instance, NULL);
    }
    module_options_free(options);
    if (status != SYNFIX_OK) {
        return status;
    }
    const synfix_encoding_t *encoding = module->sink->encoding(instance, &encoder_settings, &key);
    status = sample_encode(encoding, encoder_settings, observation, text, size);
    module->sink->close(instance);
    return status;
}

#endif
