/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file engine_observations.h
 * Random observations whose fields agree with each other: signatures, matches and changes as the engine and
 * the host model make them.
 */
#ifndef TESTS_ENGINE_OBSERVATIONS_H
#define TESTS_ENGINE_OBSERVATIONS_H

#include "support/observations.h"
#include <string.h>

static const synfix_label_t labels[] = {
    /* ids are not those of the texts: the kind of the match tells the type */
    {'s', false, 77, "unix", "Linux", "3.11 to 4.19", "Linux 3.11 to 4.19"},
    {'g', true, 0xFFFFFFFF, "!", "NMap", "", "NMap"},
    {'s', false, 1, "other", "Na\303\257ve", "\302\240x", "Na\303\257ve \302\240x"},
};

static inline void real_fingerprint(uint32_t *seed, random_observation_t *made)
{
    static const char *const four[] = {"4:57+7:0:1460:mss*20,7:mss,sok,ts,nop,ws:df,id+:0",
                                       "4:120+8:0:1452:65535,0:mss,nop,nop,sok:df,id+:0",
                                       "4:64+0:0:0:512,0:::0",
                                       "4:64+0:12:1460:5840,3:mss,?9,eol+2:df,opt+,bad:+",
                                       "4:200+?:0:0:1024,0:mss:bad,0+,seq-:0",
                                       "4:64+0:0:0:1024,20:ws,ts:exws,ts1-,ts2+:0"};
    static const char *const six[] = {"6:56+8:0:1440:32768,6:mss,nop,ws,sok,nop,nop,nop,nop,ts:flow:0",
                                      "6:64+0:8:0:8192,0:::0"};
    const uint8_t version = made->headers.ip_version;
    synfix_fingerprint_t *fingerprint = &made->fingerprint;
    const char *text = version == 4 ? four[random_below(seed, 6)] : six[random_below(seed, 2)];
    assert_int_equal(synfix_signature_parse(text, strlen(text), &fingerprint->signature, NULL), SYNFIX_OK);
    fingerprint->text_length = (uint16_t)synfix_signature_format(&fingerprint->signature, fingerprint->text);
    fingerprint->layout_text_length =
        (uint16_t)synfix_layout_format(&fingerprint->signature, fingerprint->layout_text);
    const synfix_signature_t *signature = &fingerprint->signature;
    made->options.mss = signature->mss;
    made->options.has_mss =
        strstr(fingerprint->layout_text, "mss") != NULL && strstr(text, ":mss:bad") == NULL;
    made->options.window_scale = signature->window_scale;
    made->options.has_window_scale = strstr(fingerprint->layout_text, "ws") != NULL;
    made->options.has_timestamps = strstr(fingerprint->layout_text, "ts") != NULL;
}

static inline void real_match(uint32_t *seed, random_observation_t *made)
{
    synfix_match_t *match = &made->fingerprint.match;
    const uint32_t label = random_below(seed, 4);
    const uint32_t flags = made->observation.flags;
    *match = (synfix_match_t){.distance = (uint8_t)random_below(seed, 64),
                              .initial_ttl = 64,
                              .random_ttl = (flags & (uint32_t)SYNFIX_FLAG_RANDOM_TTL) != 0,
                              .excess_distance = (flags & (uint32_t)SYNFIX_FLAG_EXCESS_DISTANCE) != 0,
                              .tool = (flags & (uint32_t)SYNFIX_FLAG_TOOL) != 0};
    if (label < 3) {
        match->kind = labels[label].type == 'g' ? SYNFIX_MATCH_GENERIC : SYNFIX_MATCH_EXACT;
        match->label = &labels[label];
        match->quality = (uint8_t)random_below(seed, 101);
        match->family_quality = (uint8_t)random_below(seed, 101);
        match->candidate_count = (uint8_t)(1 + random_below(seed, 15));
        match->others[0] = random_below(seed, 2) == 0 ? &labels[0] : NULL;
        match->others[1] = match->others[0] != NULL && random_below(seed, 2) == 0 ? &labels[2] : NULL;
    }
}

static const synfix_host_change_t changes[] = {
    {SYNFIX_HOST_SYSTEM | SYNFIX_HOST_TTL, 35, "Linux 3.11 to 4.19", "Na\303\257ve \302\240x"},
    {SYNFIX_HOST_SHARED, 100, "?", "NMap"},
};

static inline void real_change(uint32_t *seed, random_observation_t *made)
{
    made->observation.kind = SYNFIX_OBSERVATION_HOST_CHANGE;
    made->observation.uptime = (synfix_uptime_t){.frequency = 0};
    made->observation.host_change = &changes[random_below(seed, 2)];
    made->options = (synfix_tcp_options_t){.has_timestamps = random_below(seed, 2) == 0};
    made->options.timestamp_value = made->options.has_timestamps ? 1 + random_below(seed, 1000) : 0;
}

/** A random observation whose fields agree with each other, as those of the engine do. */
static inline void real_observation(uint32_t *seed, random_observation_t *made)
{
    random_observation(seed, made);
    synfix_observation_t *observation = &made->observation;
    made->headers.payload_length %= 65536;
    made->headers.flow_label = made->headers.ip_version == 6 ? made->headers.flow_label : 0;
    observation->time_ns += random_below(seed, 1000000);
    observation->packet_number = observation->flow_id & SYNFIX_PACKET_NUMBER_MAX;
    observation->from_server = observation->kind == SYNFIX_OBSERVATION_SYN_ACK ||
                               (observation->kind == SYNFIX_OBSERVATION_UPTIME && random_below(seed, 2) == 0);
    if (observation->fingerprint == NULL) {
        made->options.has_timestamps = true;
        observation->uptime.reliability %= 4;
        if (random_below(seed, 2) == 0) {
            real_change(seed, made);
        }
        return;
    }
    real_fingerprint(seed, made);
    real_match(seed, made);
}

#endif
