/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sflow.h
 * Raw packet headers in datagrams of sFlow version 5 (sFlow Version 5, sFlow.org, July 2004): flow samples
 * and expanded flow samples with records of the format "sampled header". Each of them is a separate packet.
 * Pure functions, any input bytes.
 */
#ifndef DECODE_SFLOW_H
#define DECODE_SFLOW_H

#include <synfix/decode.h>

/** One sampled packet. */
typedef struct sflow_sample {
    synfix_packet_t
        packet; /* bytes inside the datagram; time and user are those of the datagram; number: that of the
                   datagram, with the position of the sample from SYNFIX_SAMPLE_SHIFT on */
    uint32_t sampling_rate;    /* sFlow: packets per sample; 0: unknown */
    uint32_t output_interface; /* ifIndex on the agent; 0: unknown. The input is packet.interface_id. */
} sflow_sample_t;

/** Position in a datagram. */
typedef struct sflow_reader {
    synfix_packet_t datagram;
    synfix_encapsulation_t outer; /* encapsulation of the datagram, with sFlow as the innermost tunnel */
    const uint8_t *at;            /* next sample */
    const uint8_t *end;
    const uint8_t *record; /* next record of the current sample */
    const uint8_t *records_end;
    uint32_t samples; /* left */
    uint32_t records; /* left in the current sample */
    uint32_t sampled; /* sampled packets before the next one */
    bool cut;         /* the capture ends before the datagram does */
    bool broken;      /* a length is impossible: the rest of the datagram is not read */
    sflow_sample_t current;
} sflow_reader_t;

/** Begins to read a packet with the verdict SFLOW. False: the packet has another verdict. */
bool sflow_begin(sflow_reader_t *reader, const synfix_packet_t *datagram);

/** The next sampled packet; false at the end, and where the datagram is cut or broken. */
bool sflow_next(sflow_reader_t *reader, sflow_sample_t *sample);

/** Returns the verdict of the rest after the last sample: CUT, BAD_LINK, or SFLOW without a rest. */
synfix_verdict_t sflow_rest(const sflow_reader_t *reader);

/**
 * As synfix_decode_wanted, for a sampled packet. The tunnel around it is the one of the datagram; VLAN tags
 * and MPLS labels are its own. A sampled sFlow datagram is no TCP.
 */
synfix_verdict_t sflow_decode(const sflow_reader_t *reader, const sflow_sample_t *sample,
                              synfix_encapsulations_t wanted, synfix_headers_t *headers);

#endif
