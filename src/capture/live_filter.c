/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/udp_tunnels.h"
#include "capture/live.h"
#include <pcap/pcap.h>
#include <stdio.h>

/* What certainly is no SYN: later fragments and anything that is not plain TCP (tags, tunnels, extension
 * headers) pass. UDP passes only on the ports of tunnels. */
#define NO_SYN4 "(ip proto 6 and ip[6:2] & 0x1fff = 0 and tcp[13] & 2 = 0%s)"
#define NO_SYN6 "(ip6[6] = 6 and ip6[53] & 2 = 0%s)"
/* For uptime one in eight of the segments with timestamps as every stack lays them out (the engine takes no
 * others), and the last one of a connection, whose distance from the SYN is the longest. The lowest octets of
 * both sequence numbers keep a host whose clock goes in step with its sending from falling through. */
#define NO_SAMPLE4                                                                                           \
    " and not (tcp[12] & 0xf0 >= 0x80 and tcp[20:4] = 0x0101080a and (tcp[13] & 1 = 1 or (tcp[27] + tcp[7] " \
    "+ tcp[11]) & 7 = 0))"
#define NO_SAMPLE6                                                                                           \
    " and not (ip6[52] & 0xf0 >= 0x80 and ip6[60:4] = 0x0101080a and (ip6[53] & 1 = 1 or (ip6[67] + "        \
    "ip6[47] + ip6[51]) & 7 = 0))"
#define NOT_PORT(number, step) " and not port " #number
#define NO_TUNNEL              "(ip proto 17 and ip[6:2] & 0x1fff = 0" UDP_TUNNELS(NOT_PORT) ")"

synfix_status_t live_filter(live_analysis_t analysis, const char *expression, char text[LIVE_FILTER_SIZE],
                            synfix_error_t *error)
{
    char ours[1024] = "";
    const bool uptime = analysis == LIVE_UPTIME;
    const bool theirs = expression != NULL && expression[0] != '\0';
    if (analysis != LIVE_EVERYTHING)
        (void)snprintf(ours, sizeof ours, "not (arp or " NO_SYN4 " or " NO_SYN6 " or " NO_TUNNEL ")",
                       uptime ? NO_SAMPLE4 : "", uptime ? NO_SAMPLE6 : "");
    /* ours first: `vlan` in the user's expression moves what stands behind it */
    const int length =
        snprintf(text, LIVE_FILTER_SIZE, "%s%s%s%s%s", ours, ours[0] != '\0' && theirs ? " and " : "",
                 theirs ? "(" : "", theirs ? expression : "", theirs ? ")" : "");
    if (length < 0 || length >= (int)LIVE_FILTER_SIZE)
        return synfix_fail(error, SYNFIX_INVALID, "filter: longer than %u characters",
                           LIVE_FILTER_SIZE - 1200);
    return SYNFIX_OK;
}

/* As if for Ethernet; what an interface's own link layer does not know shows when it is opened. */
synfix_status_t live_check_filter(const char *expression, synfix_error_t *error)
{
    char text[LIVE_FILTER_SIZE];
    struct bpf_program program;
    const synfix_status_t status = live_filter(LIVE_UPTIME, expression, text, error);
    if (status != SYNFIX_OK)
        return status;
    pcap_t *dead = pcap_open_dead(DLT_EN10MB, 65535);
    if (dead == NULL)
        return synfix_fail(error, SYNFIX_NO_MEMORY, "filter: out of memory");
    const int result = pcap_compile(dead, &program, text, 1, PCAP_NETMASK_UNKNOWN);
    if (result == 0)
        pcap_freecode(&program);
    const synfix_status_t answer =
        result == 0 ? SYNFIX_OK : synfix_fail(error, SYNFIX_INVALID, "filter: %.300s", pcap_geterr(dead));
    pcap_close(dead);
    return answer;
}
