/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file ip_steps.h
 * Steps that ip.c and ip_extensions.c share.
 */
#ifndef DECODE_IP_STEPS_H
#define DECODE_IP_STEPS_H

#include "decode/decoder.h"

/** The payload of IP: decoder_t.protocol selects the next step. */
decoder_step_t step_ip_payload;

/** Authentication header, of IPv4 too. */
decoder_step_t step_ah;

/** The step of an IPv6 extension header; NULL: @p protocol is none, or AH. */
decoder_step_t *ip_extension_step(uint8_t protocol);

#endif
