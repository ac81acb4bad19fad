/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "decode/link_steps.h"

typedef struct link_type {
    const char *name;
    decoder_step_t *step;
} link_type_t;

/* Link types by LINKTYPE_ number (tcpdump.org/linktypes.html), with libpcap's name. Some systems write
 * their DLT_ numbers into files, so these numbers are listed too. Add new link types here. */
static const link_type_t link_types[] = {
    [0] = {"NULL", step_null},
    [1] = {"EN10MB", step_ethernet},
    [6] = {"IEEE802", step_token_ring},
    [7] = {"ARCNET", step_arcnet},
    [8] = {"SLIP", step_slip},
    [9] = {"PPP", step_ppp},
    [10] = {"FDDI", step_fddi},
    [11] = {"ATM_RFC1483", step_atm_rfc1483}, /* DLT_ */
    [12] = {"RAW", step_ip},                  /* DLT_ of most systems */
    [14] = {"RAW", step_ip},                  /* DLT_ of OpenBSD */
    [15] = {"SLIP_BSDOS", step_slip_bsdos},   /* DLT_ */
    [19] = {"ATM_CLIP", step_atm_rfc1483},    /* DLT_ */
    [50] = {"PPP_SERIAL", step_ppp},
    [51] = {"PPP_ETHER", step_pppoe},
    [99] = {"SYMANTEC_FIREWALL", step_symantec},
    [100] = {"ATM_RFC1483", step_atm_rfc1483},
    [101] = {"RAW", step_ip},
    [102] = {"SLIP_BSDOS", step_slip_bsdos},
    [104] = {"C_HDLC", step_chdlc},
    [105] = {"IEEE802_11", step_ieee80211},
    [106] = {"ATM_CLIP", step_atm_rfc1483},
    [107] = {"FRELAY", step_frame_relay},
    [108] = {"LOOP", step_loop},
    [109] = {"ENC", step_enc},
    [113] = {"LINUX_SLL", step_linux_sll},
    [117] = {"PFLOG", step_pflog},
    [119] = {"PRISM_HEADER", step_prism},
    [122] = {"IP_OVER_FC", step_ip_over_fc},
    [123] = {"SUNATM", step_sunatm},
    [127] = {"IEEE802_11_RADIO", step_radiotap},
    [129] = {"ARCNET_LINUX", step_arcnet_linux},
    [130] = {"JUNIPER_MLPPP", step_juniper},
    [131] = {"JUNIPER_MLFR", step_juniper},
    [132] = {"JUNIPER_ES", step_juniper},
    [133] = {"JUNIPER_GGSN", step_juniper},
    [134] = {"JUNIPER_MFR", step_juniper},
    [135] = {"JUNIPER_ATM2", step_juniper_atm2},
    [136] = {"JUNIPER_SERVICES", step_juniper},
    [137] = {"JUNIPER_ATM1", step_juniper_atm1},
    [138] = {"APPLE_IP_OVER_IEEE1394", step_ieee1394},
    [143] = {"DOCSIS", step_docsis},
    [163] = {"IEEE802_11_RADIO_AVS", step_avs},
    [166] = {"PPP_PPPD", step_ppp_pppd},
    [167] = {"JUNIPER_PPPOE", step_juniper_ether},
    [178] = {"JUNIPER_ETHER", step_juniper_ether},
    [179] = {"JUNIPER_PPP", step_juniper_ppp},
    [180] = {"JUNIPER_FRELAY", step_juniper_frame_relay},
    [181] = {"JUNIPER_CHDLC", step_juniper_chdlc},
    [182] = {"MFR", step_multilink_frame_relay},
    [192] = {"PPI", step_ppi},
    [197] = {"ERF", step_erf},
    [204] = {"PPP_WITH_DIR", step_ppp_with_direction},
    [205] = {"C_HDLC_WITH_DIR", step_chdlc_with_direction},
    [206] = {"FRELAY_WITH_DIR", step_frame_relay_with_direction},
    [219] = {"MPLS", step_mpls},
    [226] = {"IPNET", step_ipnet},
    [228] = {"IPV4", step_ipv4},
    [229] = {"IPV6", step_ipv6},
    [239] = {"NFLOG", step_nflog},
    [240] = {"NETANALYZER", step_netanalyzer},
    [241] = {"NETANALYZER_TRANSPARENT", step_netanalyzer_transparent},
    [242] = {"IPOIB", step_ipoib},
    [258] = {"PKTAP", step_pktap},
    [259] = {"EPON", step_preamble},
    [274] = {"ETHERNET_MPACKET", step_preamble},
    [276] = {"LINUX_SLL2", step_linux_sll2},
    [281] = {"DSA_TAG_BRCM", step_switch_tag},
    [282] = {"DSA_TAG_BRCM_PREPEND", step_switch_tag_before},
    [284] = {"DSA_TAG_DSA", step_switch_tag},
    [285] = {"DSA_TAG_EDSA", step_switch_tag_long},
};

decoder_step_t *link_type_step(uint32_t link_type)
{
    return link_type < sizeof link_types / sizeof *link_types ? link_types[link_type].step : NULL;
}

bool synfix_link_type_known(uint32_t link_type)
{
    return link_type_step(link_type) != NULL;
}

const char *synfix_link_type_name(uint32_t link_type)
{
    return synfix_link_type_known(link_type) ? link_types[link_type].name : NULL;
}
