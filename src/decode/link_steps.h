/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file link_steps.h
 * First steps: one for each kind of link layer that captures come with.
 */
#ifndef DECODE_LINK_STEPS_H
#define DECODE_LINK_STEPS_H

#include "decode/decoder.h"

/* link_cooked.c: pseudo headers and small fixed ones */
decoder_step_t step_null;
decoder_step_t step_loop;
decoder_step_t step_linux_sll;
decoder_step_t step_linux_sll2;
decoder_step_t step_enc;
decoder_step_t step_pflog;
decoder_step_t step_nflog;
decoder_step_t step_ipnet;
decoder_step_t step_pktap;

/* link_vendor.c: around a frame of something else */
decoder_step_t step_netanalyzer;
decoder_step_t step_netanalyzer_transparent;
decoder_step_t step_preamble;
decoder_step_t step_switch_tag;
decoder_step_t step_switch_tag_before;
decoder_step_t step_switch_tag_long;
decoder_step_t step_symantec;
decoder_step_t step_juniper;
decoder_step_t step_juniper_ether;
decoder_step_t step_juniper_ppp;
decoder_step_t step_juniper_frame_relay;
decoder_step_t step_juniper_chdlc;
decoder_step_t step_juniper_atm1;
decoder_step_t step_juniper_atm2;
decoder_step_t step_docsis;
decoder_step_t step_erf;

/* link_lan.c: local networks other than Ethernet */
decoder_step_t step_token_ring;
decoder_step_t step_fddi;
decoder_step_t step_arcnet;
decoder_step_t step_arcnet_linux;
decoder_step_t step_ipoib;
decoder_step_t step_ieee1394;
decoder_step_t step_ip_over_fc;
decoder_step_t step_atm_rfc1483;
decoder_step_t step_sunatm;

/* link_serial.c: lines */
decoder_step_t step_slip;
decoder_step_t step_slip_bsdos;
decoder_step_t step_ppp_pppd;
decoder_step_t step_ppp_with_direction;
decoder_step_t step_chdlc_with_direction;
decoder_step_t step_frame_relay_with_direction;
decoder_step_t step_multilink_frame_relay;

/* link_wireless.c: headers before an 802.11 frame */
decoder_step_t step_radiotap;
decoder_step_t step_prism;
decoder_step_t step_avs;
decoder_step_t step_ppi;

#endif
