/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* IEEE 802.2: the header after a length instead of an ethertype. */
#include "decode/decoder.h"
#include "decode/ethertypes.h"

#define LLC_UNNUMBERED                                                                                       \
    3u              /* bytes of an LLC header of an unnumbered frame: two service access points, control */
#define LLC_SNAP 8u /* the same with organisation and protocol */

/* Bridged frames (RFC 2684): the protocol states whether the frame has a check sequence, and which padding
 * stands before it. */
static void go_bridged(decoder_t *d, uint16_t protocol)
{
    enum { ETHERNET_WITH_FCS = 1, ETHERNET = 7 };
    const size_t padding = protocol == ETHERNET_WITH_FCS || protocol == ETHERNET ? 2 : 0;

    decoder_skip_link(d, LLC_SNAP + padding, step_ethernet);
}

/* SNAP: an organisation, and a protocol that is an ethertype for most of them. */
static void go_snap(decoder_t *d)
{
    if (!decoder_has_link(d, LLC_SNAP)) {
        return;
    }
    const uint16_t protocol = read_be16(d->at + 6);
    const bool of_bridges = d->at[3] == 0 && d->at[4] == 0x80 && d->at[5] == 0xC2;
    if (of_bridges) {
        go_bridged(d, protocol);
    } else {
        decoder_only_ethertype(d, LLC_SNAP, protocol);
    }
}

/* Routed frames (RFC 2684): an ISO network layer protocol identifier. */
static void go_routed(decoder_t *d)
{
    if (!decoder_has_link(d, LLC_UNNUMBERED + 1)) {
        return;
    }
    const uint8_t protocol = d->at[LLC_UNNUMBERED];
    if (protocol == NLPID_IPV4 || protocol == NLPID_IPV6) {
        decoder_continue(d, LLC_UNNUMBERED + 1, step_ip);
    } else {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    }
}

/* 802.2: SNAP, or a protocol with a service access point of its own. */
void step_llc(decoder_t *d)
{
    enum { SERVICE_IP = 0x06, SERVICE_SNAP = 0xAA, SERVICE_ISO = 0xFE, UNNUMBERED_INFORMATION = 0x03 };

    if (!decoder_has_link(d, LLC_UNNUMBERED)) {
        return;
    }
    const uint8_t service = d->at[0];
    const bool information = d->at[2] == UNNUMBERED_INFORMATION;

    if (information && service == SERVICE_SNAP && d->at[1] == SERVICE_SNAP) {
        go_snap(d);
    } else if (information && service == SERVICE_IP) {
        decoder_continue(d, LLC_UNNUMBERED, step_ip);
    } else if (information && service == SERVICE_ISO) {
        go_routed(d);
    } else {
        decoder_stop(d, SYNFIX_VERDICT_NOT_IP);
    }
}
