/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/expression.h"
#include "base/error_cause.h"
#include "on_demand/pcap.h"

#define SNAPLEN 262144 /* libpcap's own maximum: no packet is longer */

/* libpcap uses DLT_ numbers in programs, which differ from LINKTYPE_ numbers in files on this system. */
static int to_dlt(uint32_t link_type)
{
    return link_type == 101 ? DLT_RAW : (int)link_type;
}

synfix_status_t expression_compile(const char *text, uint32_t link_type, struct bpf_program *program,
                                   synfix_error_t *error)
{
    const synfix_status_t loaded = on_demand_load_pcap(error);
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    pcap_t *dead = pcap_open_dead(to_dlt(link_type), SNAPLEN);
    if (dead == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "filter: out of memory");
    }
    synfix_status_t status = SYNFIX_OK;
    if (pcap_compile(dead, program, text, 1, PCAP_NETMASK_UNKNOWN) != 0) {
        status = synfix_fail(error, SYNFIX_INVALID, "filter: '%.200s': %s; see pcap-filter(7)", text,
                             pcap_geterr(dead));
        (void)error_attribute(error, SYNFIX_CAUSE_USAGE, status); /* not the file's fault */
    }
    pcap_close(dead);
    return status;
}

void expression_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    /* Words of 802.11, ATM, PF logs and SS7 exist for these link types only. */
    static const uint32_t link_types[] = {DLT_EN10MB, DLT_IEEE802_11, DLT_SUNATM, DLT_PFLOG, DLT_MTP2};
    const char *text = synfix_options_string(options, "filter");
    synfix_error_t first;
    synfix_status_t status = SYNFIX_OK;
    for (size_t i = 0; text != NULL && text[0] != '\0' && i < sizeof link_types / sizeof link_types[0]; i++) {
        struct bpf_program program;
        synfix_error_t error;
        const synfix_status_t compiled = expression_compile(text, link_types[i], &program, &error);
        if (compiled == SYNFIX_OK) {
            pcap_freecode(&program);
            return;
        }
        first = i == 0 ? error : first; /* the reason for Ethernet is the most useful one */
        status = i == 0 ? compiled : status;
    }
    (void)synfix_mistakes_add(mistakes, "filter", status, &first);
}
