/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/bpf/socket_filter.h"
#include "on_demand/pcap.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ETHERNET 14u     /* bytes of its header */
#define WHOLE    262144u /* bytes: the longest packet */

_Static_assert(sizeof(struct bpf_insn) == sizeof(struct sock_filter),
               "libpcap's and the kernel's are the same");

/* Link layers that the parser supports: offset of the Ethernet type, start of the network header. */
typedef struct link_layer {
    int dlt;
    uint32_t base; /* for the parser: libpcap shifts data after a cooked header */
    uint32_t type; /* offset */
} link_layer_t;

static const link_layer_t link_layers[] = {
    {.dlt = DLT_EN10MB, .type = 12},
    {.dlt = DLT_RAW},
    {.dlt = DLT_LINUX_SLL, .base = 16, .type = 14},
    {.dlt = DLT_LINUX_SLL2, .base = 20, .type = 0},
};

static const link_layer_t *find_link_layer(int dlt)
{
    for (size_t i = 0; i < sizeof link_layers / sizeof *link_layers; i++) {
        if (link_layers[i].dlt == dlt) {
            return &link_layers[i];
        }
    }
    return NULL;
}

static bool is_selected(const bpf_parser_t *parser, unsigned kind)
{
    return (parser->wanted & SYNFIX_ENCAPSULATION_BIT(kind)) != 0;
}

/* The kernel has removed the outermost tag from the packet. */
static void check_tag_aside(const bpf_parser_t *parser, const link_layer_t *link)
{
    assembler_t *a = parser->assembler;
    const label_t untagged = assembler_label(a);
    if (is_selected(parser, SYNFIX_ENCAPSULATION_VLAN) && is_selected(parser, SYNFIX_ENCAPSULATION_QINQ)) {
        return;
    }
    assembler_step(a, BPF_LD | BPF_B | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT));
    assembler_go_if(a, BPF_JEQ, 0, untagged);
    if (!is_selected(parser, SYNFIX_ENCAPSULATION_VLAN)) {
        assembler_go(a, parser->unwanted);
    } else {
        assembler_step(a, BPF_LD | BPF_H | BPF_ABS, link->type);
        bpf_go_if_tag(parser, parser->unwanted);
    }
    assembler_bind(a, untagged);
}

/* TCP at the offset in the index register, minus the size of an Ethernet header. */
static void short_tcp(const bpf_parser_t *parser, live_analysis_t analysis, label_t pass)
{
    assembler_t *a = parser->assembler;
    if (analysis == LIVE_SEGMENTS) {
        assembler_go(a, pass);
        return;
    }
    assembler_step(a, BPF_LD | BPF_B | BPF_IND, ETHERNET + 13);
    assembler_go_if(a, BPF_JSET, 2, pass);
    if (analysis == LIVE_SYN) {
        assembler_go(a, parser->nothing);
        return;
    }
    assembler_step(a, BPF_MISC | BPF_TXA, 0);
    bpf_operate(parser, BPF_ADD, ETHERNET);
    bpf_store(parser, BPF_PARSER_AT);
    assembler_go(a, parser->tcp);
}

/* Most packets are TCP in IP in a plain frame. The fast path checks them with few instructions at fixed
 * offsets; other packets fall through. */
static void fast_path(const bpf_parser_t *parser, live_analysis_t analysis, label_t pass)
{
    assembler_t *a = parser->assembler;
    const label_t ipv4 = assembler_label(a);
    const label_t ipv6 = assembler_label(a);
    const label_t other = assembler_label(a);
    assembler_step(a, BPF_LD | BPF_W | BPF_ABS, 12); /* type and version */
    bpf_operate(parser, BPF_AND, 0xFFFFF000);
    assembler_go_if(a, BPF_JEQ, 0x08004000, ipv4);
    assembler_branch(a, BPF_JEQ, 0x86DD6000, ipv6, other);
    assembler_bind(a, ipv4);
    assembler_step(a, BPF_LD | BPF_W | BPF_ABS, ETHERNET + 6); /* fragment offset and protocol */
    bpf_operate(parser, BPF_AND, 0x1FFF00FF);
    assembler_go_unless(a, BPF_JEQ, 6, other);
    assembler_step(a, BPF_LDX | BPF_MSH | BPF_B, ETHERNET);
    short_tcp(parser, analysis, pass);
    assembler_bind(a, ipv6);
    assembler_step(a, BPF_LD | BPF_B | BPF_ABS, ETHERNET + 6);
    assembler_go_unless(a, BPF_JEQ, 6, other);
    assembler_step(a, BPF_LDX | BPF_IMM, 40);
    short_tcp(parser, analysis, pass);
    assembler_bind(a, other);
}

static void begin(const bpf_parser_t *parser, const link_layer_t *link, const bpf_entry_t *entry)
{
    assembler_t *a = parser->assembler;
    switch (link->dlt) {
    case DLT_EN10MB:
        assembler_go(a, entry->ethernet);
        break;
    case DLT_RAW:
        assembler_go(a, entry->ip);
        break;
    default:
        assembler_step(a, BPF_LD | BPF_H | BPF_ABS, link->type);
        bpf_store(parser, BPF_PARSER_TYPE);
        assembler_go(a, entry->type);
    }
}

/* For uptime: one in eight segments with timestamps in the layout that every stack uses (the engine accepts
 * no others), and the last segment of a connection, which is farthest from the SYN. The lowest bytes of
 * both sequence numbers are mixed in, so that hosts whose clock runs in step with their traffic are sampled
 * too. */
static void sample_segments(const bpf_parser_t *parser, label_t pass)
{
    static const uint32_t lowest_bytes[] = {27, 7, 11}; /* timestamp; sequence, acknowledgement */
    assembler_t *a = parser->assembler;
    bpf_load(parser, BPF_B, 12);
    assembler_go_unless(a, BPF_JGE, 0x80, parser->nothing);
    bpf_load(parser, BPF_W, 20);
    assembler_go_unless(a, BPF_JEQ, 0x0101080A, parser->nothing);
    bpf_load(parser, BPF_B, 13);
    assembler_go_if(a, BPF_JSET, 1, pass);
    assembler_step(a, BPF_LD | BPF_IMM, 0);
    for (size_t i = 0; i < sizeof lowest_bytes / sizeof *lowest_bytes; i++) {
        bpf_store(parser, BPF_PARSER_FREE);
        bpf_load(parser, BPF_B, lowest_bytes[i]);
        assembler_step(a, BPF_LDX | BPF_MEM, BPF_PARSER_FREE);
        assembler_step(a, BPF_ALU | BPF_ADD | BPF_X, 0);
    }
    assembler_branch(a, BPF_JSET, 7, parser->nothing, pass);
}

static void judge_tcp(const bpf_parser_t *parser, live_analysis_t analysis, label_t pass)
{
    assembler_t *a = parser->assembler;
    assembler_bind(a, parser->tcp);
    if (analysis == LIVE_SEGMENTS) {
        assembler_go(a, pass);
        return;
    }
    bpf_load(parser, BPF_B, 13);
    assembler_go_if(a, BPF_JSET, 2, pass);
    if (analysis == LIVE_UPTIME) {
        sample_segments(parser, pass);
    }
}

static struct sock_filter pass_step(const socket_filter_t *filter)
{
    return (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, filter->snaplen != 0 ? filter->snaplen : WHOLE);
}

/* Packets that pass reach the last instruction. */
static void build(assembler_t *a, const socket_filter_t *filter, const link_layer_t *link)
{
    const label_t pass = assembler_label(a);
    const label_t drop = assembler_label(a);
    bpf_parser_t parser = {.assembler = a,
                           .base = link->base,
                           .max_ip_headers = filter->max_ip_headers,
                           .wanted = filter->encapsulations,
                           .tcp = assembler_label(a),
                           .unsure = pass,
                           .nothing = drop,
                           .unwanted = drop};
    const bpf_entry_t entry = bpf_enter(&parser);
    if (filter->tag_aside) {
        check_tag_aside(&parser, link);
    }
    if (link->dlt == DLT_EN10MB) {
        fast_path(&parser, filter->analysis, pass);
    }
    assembler_step(a, BPF_LD | BPF_IMM, 0);
    bpf_store(&parser, BPF_PARSER_AT);
    begin(&parser, link, &entry);
    bpf_build(&parser, &entry);
    judge_tcp(&parser, filter->analysis, pass);
    assembler_bind(a, drop);
    assembler_step(a, BPF_RET | BPF_K, 0);
    assembler_bind(a, pass);
    assembler_step(a, BPF_RET | BPF_K, pass_step(filter).k);
}

/* Builds the own program if the link layer is supported: its length, 0 for none, or -1 without memory. */
static int build_ours(const socket_filter_t *filter, int dlt, struct sock_filter *steps)
{
    const link_layer_t *link = find_link_layer(dlt);
    if (filter->analysis == LIVE_EVERYTHING || link == NULL) {
        return 0;
    }
    assembler_t *assembler = calloc(1, sizeof *assembler);
    if (assembler == NULL) {
        return -1;
    }
    build(assembler, filter, link);
    const size_t length = assembler_finish(assembler, steps, BPF_MAXINSNS);
    free(assembler);
    return (int)length;
}

/* The program of the expression replaces the last instruction of the own program, which all passing packets
 * reach. */
static synfix_status_t append(struct bpf_program *program, const struct sock_filter *ours, size_t our_length,
                              const struct bpf_program *theirs, synfix_error_t *error)
{
    const size_t kept = our_length > 0 && theirs->bf_len > 0 ? our_length - 1 : our_length;
    const size_t length = kept + theirs->bf_len;
    if (length > BPF_MAXINSNS) {
        return synfix_fail(error, SYNFIX_INVALID, "filter: %zu instructions, the kernel takes %d", length,
                           BPF_MAXINSNS);
    }
    if (length == 0) {
        return SYNFIX_OK;
    }
    program->bf_insns = calloc(length, sizeof *program->bf_insns);
    if (program->bf_insns == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "filter: out of memory");
    }
    program->bf_len = (u_int)length;
    memcpy(program->bf_insns, ours, kept * sizeof *ours);
    if (theirs->bf_len > 0) {
        memcpy(program->bf_insns + kept, theirs->bf_insns, theirs->bf_len * sizeof *theirs->bf_insns);
    }
    return SYNFIX_OK;
}

static synfix_status_t compile(const char *expression, pcap_t *pcap, struct bpf_program *program,
                               synfix_error_t *error)
{
    *program = (struct bpf_program){.bf_len = 0};
    if (expression == NULL || expression[0] == '\0') {
        return SYNFIX_OK;
    }
    if (pcap_compile(pcap, program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0) {
        return SYNFIX_OK;
    }
    return synfix_fail(error, SYNFIX_INVALID, "filter: '%.200s': %.200s; see pcap-filter(7)", expression,
                       pcap_geterr(pcap));
}

synfix_status_t socket_filter_build(const socket_filter_t *filter, pcap_t *pcap, struct bpf_program *program,
                                    synfix_error_t *error)
{
    struct bpf_program theirs;
    *program = (struct bpf_program){.bf_len = 0};
    synfix_status_t status = compile(filter->expression, pcap, &theirs, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    struct sock_filter *ours = calloc(BPF_MAXINSNS, sizeof *ours);
    int length = ours == NULL ? -1 : build_ours(filter, pcap_datalink(pcap), ours);
    if (length == 0 && theirs.bf_len == 0 && filter->snaplen != 0) {
        ours[length++] = pass_step(filter);
    }
    if (length < 0) {
        status = synfix_fail(error, SYNFIX_NO_MEMORY, "filter: out of memory");
    } else {
        status = append(program, ours, (size_t)length, &theirs, error);
    }
    free(ours);
    pcap_freecode(&theirs);
    return status;
}

/* A dead handle, which only describes the link layer. */
static pcap_t *open_dead(int dlt, synfix_error_t *error)
{
    if (on_demand_load_pcap(error) != SYNFIX_OK) {
        return NULL;
    }
    pcap_t *dead = pcap_open_dead(dlt, WHOLE);
    if (dead == NULL) {
        (void)synfix_fail(error, SYNFIX_NO_MEMORY, "filter: out of memory");
    }
    return dead;
}

synfix_status_t socket_filter_check(const char *expression, bool cooked, synfix_error_t *error)
{
    const socket_filter_t filter = {.analysis = LIVE_UPTIME,
                                    .encapsulations = SYNFIX_ENCAPSULATIONS_ALL,
                                    .expression = expression,
                                    .max_ip_headers = 1};
    struct bpf_program program;
    pcap_t *dead = open_dead(cooked ? DLT_LINUX_SLL : DLT_EN10MB, error);
    if (dead == NULL) {
        return SYNFIX_NO_MEMORY;
    }
    const synfix_status_t status = socket_filter_build(&filter, dead, &program, error);
    pcap_freecode(&program);
    pcap_close(dead);
    return status;
}

synfix_status_t socket_filter_print(const socket_filter_t *filter, bool cooked, char **text,
                                    synfix_error_t *error)
{
    struct bpf_program program;
    size_t size = 0;
    pcap_t *dead = open_dead(cooked ? DLT_LINUX_SLL : DLT_EN10MB, error);
    if (dead == NULL) {
        return SYNFIX_NO_MEMORY;
    }
    const synfix_status_t status = socket_filter_build(filter, dead, &program, error);
    pcap_close(dead);
    if (status != SYNFIX_OK) {
        return status;
    }
    FILE *stream = open_memstream(text, &size);
    for (u_int i = 0; stream != NULL && i < program.bf_len; i++) {
        (void)fprintf(stream, "%s\n", bpf_image(&program.bf_insns[i], (int)i));
    }
    pcap_freecode(&program);
    if (stream == NULL || fclose(stream) != 0) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "filter: out of memory");
    }
    return SYNFIX_OK;
}
