/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file link_steps.h
 * First steps: one for each kind of link layer that captures come with.
 */
#ifndef DECODE_LINK_STEPS_H
#define DECODE_LINK_STEPS_H

#include "decode/walk.h"

/* link_cooked.c: pseudo headers and small fixed ones */
walk_step_t step_null;
walk_step_t step_loop;
walk_step_t step_linux_sll;
walk_step_t step_linux_sll2;
walk_step_t step_enc;
walk_step_t step_pflog;
walk_step_t step_nflog;
walk_step_t step_ipnet;
walk_step_t step_pktap;

/* link_vendor.c: around a frame of something else */
walk_step_t step_netanalyzer;
walk_step_t step_netanalyzer_transparent;
walk_step_t step_preamble;
walk_step_t step_switch_tag;
walk_step_t step_switch_tag_before;
walk_step_t step_switch_tag_long;
walk_step_t step_symantec;
walk_step_t step_juniper;
walk_step_t step_juniper_ether;
walk_step_t step_juniper_ppp;
walk_step_t step_juniper_frame_relay;
walk_step_t step_juniper_chdlc;
walk_step_t step_juniper_atm1;
walk_step_t step_juniper_atm2;
walk_step_t step_docsis;
walk_step_t step_erf;

/* link_lan.c: local networks other than Ethernet */
walk_step_t step_token_ring;
walk_step_t step_fddi;
walk_step_t step_arcnet;
walk_step_t step_arcnet_linux;
walk_step_t step_ipoib;
walk_step_t step_ieee1394;
walk_step_t step_ip_over_fc;
walk_step_t step_atm_rfc1483;
walk_step_t step_sunatm;

/* link_serial.c: lines */
walk_step_t step_slip;
walk_step_t step_slip_bsdos;
walk_step_t step_ppp_pppd;
walk_step_t step_ppp_with_direction;
walk_step_t step_chdlc_with_direction;
walk_step_t step_frame_relay_with_direction;
walk_step_t step_multilink_frame_relay;

/* link_wireless.c: headers before an 802.11 frame */
walk_step_t step_radiotap;
walk_step_t step_prism;
walk_step_t step_avs;
walk_step_t step_ppi;

#endif
