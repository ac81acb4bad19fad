/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Sightings for the tests of the host model: made of signature texts. */
#ifndef TESTS_HOST_SIGHTINGS_H
#define TESTS_HOST_SIGHTINGS_H

#include "hosts/host_model.h"
#include <string.h>

#define SECOND_NS     INT64_C(1000000000)
#define TEST_START_NS (INT64_C(1764374400) * SECOND_NS)

#define LINUX_TEXT     "4:64+0:0:1460:mss*44,7:mss,sok,ts,nop,ws:df,id+:0"
#define LINUX_STRIPPED "4:64+0:0:1460:mss*44,0:mss:df,id+:0"
#define LINUX_BY_VPN   "4:62+2:0:1360:mss*44,7:mss,sok,ts,nop,ws:df,id+:0"
#define LINUX_ECN      "4:64+0:0:1460:mss*44,7:mss,sok,ts,nop,ws:df,id+,ecn:0"
#define WINDOWS_TEXT   "4:128+0:0:1460:8192,8:mss,nop,ws,nop,nop,sok:df,id+:0"
#define MACOS_TEXT     "4:64+0:0:1460:65535,6:mss,nop,ws,nop,nop,ts,sok,eol+1:df:0"

static const synfix_label_t linux_label = {
    .type = 's', .id = 11, .os_class = "unix", .name = "Linux", .flavor = "5.x", .text = "Linux 5.x"};
static const synfix_label_t linux_old_label = {
    .type = 's', .id = 12, .os_class = "unix", .name = "Linux", .flavor = "3.x", .text = "Linux 3.x"};
static const synfix_label_t windows_label = {
    .type = 's', .id = 13, .os_class = "win", .name = "Windows", .flavor = "10", .text = "Windows 10"};
static const synfix_label_t macos_label = {
    .type = 's', .id = 14, .os_class = "unix", .name = "Mac OS X", .flavor = "", .text = "Mac OS X"};
static const synfix_label_t tool_label = {
    .type = 's', .tool = true, .id = 15, .os_class = "!", .name = "NMap", .flavor = "", .text = "NMap"};

static inline host_key_t sighting_key(uint8_t last)
{
    return (host_key_t){.address = {{192, 0, 2, last}},
                        .vlan_id = HOST_NO_VLAN,
                        .customer_vlan_id = HOST_NO_VLAN,
                        .ip_version = 4,
                        .role = HOST_CLIENT};
}

/* A SYN of 192.0.2.@last, @after_s seconds after the start of the test. */
static inline host_sighting_t sighting_of(host_model_t *model, uint8_t last, const char *text,
                                          const synfix_label_t *label, int64_t after_s)
{
    host_sighting_t sighting = {
        .key = sighting_key(last),
        .label = host_labels_add(host_model_labels(model), label),
        .time_ns = TEST_START_NS + after_s * SECOND_NS,
        .kind = SYNFIX_OBSERVATION_SYN,
        .match_kind = label != NULL ? SYNFIX_MATCH_EXACT : SYNFIX_MATCH_NONE,
        .quality = label != NULL ? 90 : 0,
        .tool = label != NULL && label->tool,
        .source_port = (uint16_t)(after_s * 7919 + last),
        .destination_port = 443,
        .peer = 1,
    };
    const synfix_status_t status =
        synfix_signature_parse(text, strlen(text), &sighting.facts.signature, NULL);
    sighting.initial_ttl = synfix_initial_ttl_guess(sighting.facts.signature.ttl);
    sighting.distance = (uint8_t)(sighting.initial_ttl - sighting.facts.signature.ttl);
    sighting.link_mtu = (uint16_t)(sighting.facts.signature.mss + 40);
    if (status != SYNFIX_OK) {
        memset(&sighting, 0, sizeof sighting);
    }
    return sighting;
}

static inline bool sighting_add(host_model_t *model, uint8_t last, const char *text,
                                const synfix_label_t *label, int64_t after_s, synfix_host_change_t *change)
{
    const host_sighting_t sighting = sighting_of(model, last, text, label, after_s);
    return host_model_add(model, &sighting, change);
}

static inline bool keep_row(const host_row_t *row, void *user)
{
    *(host_row_t *)user = *row;
    return true;
}

static inline host_model_t *test_model(uint32_t hosts)
{
    const host_model_config_t config = {.hosts = hosts, .evidence = true, .note_updates = true};
    return host_model_new(&config);
}

/* The only host of 192.0.2.@last. */
static inline host_row_t row_of(host_model_t *model, uint8_t last)
{
    host_row_t row = {.observations = 0};
    const host_key_t key = sighting_key(last);
    (void)host_model_find(model, &key.address, 4, keep_row, &row);
    return row;
}

#endif
