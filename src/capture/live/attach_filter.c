/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/live/attach_filter.h"
#include "on_demand/pcap.h"
#include <errno.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PASS 262144 /* bytes: the longest packet */

static int attach_to(int descriptor, const struct bpf_program *program)
{
    const struct sock_fprog code = {.len = (unsigned short)program->bf_len,
                                    .filter = (struct sock_filter *)program->bf_insns};
    return setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &code, sizeof code);
}

static synfix_status_t set(const filter_target_t *target, struct bpf_program *program, synfix_error_t *error)
{
    if (target->direct) {
        return attach_to(target->descriptor, program) == 0
                   ? SYNFIX_OK
                   : synfix_fail(error, SYNFIX_IO, "filter: %s", strerror(errno));
    }
    return pcap_setfilter(target->pcap, program) == 0
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_IO, "filter: %.300s", pcap_geterr(target->pcap));
}

/* Tests like libpcap, with a small program in between. */
static bool has_room(int descriptor, const struct bpf_program *program)
{
    struct bpf_insn nothing = BPF_STMT(BPF_RET | BPF_K, 0);
    const struct bpf_program none = {.bf_len = 1, .bf_insns = &nothing};
    const bool room =
        (attach_to(descriptor, &none) == 0 && attach_to(descriptor, program) == 0) || errno != ENOMEM;
    (void)setsockopt(descriptor, SOL_SOCKET, SO_DETACH_FILTER, &(int){0}, sizeof(int));
    return room;
}

/* libpcap also discards packets from before the filter was set. */
synfix_status_t live_filter_set(const filter_target_t *target, socket_filter_t *filter, synfix_error_t *error)
{
    for (;; filter->max_ip_headers--) {
        struct bpf_program program;
        synfix_status_t status = socket_filter_build(filter, target->pcap, &program, error);
        if (status != SYNFIX_OK) {
            return status;
        }
        const bool fits = filter->max_ip_headers == 1 || has_room(target->descriptor, &program);
        if (fits) {
            status = set(target, &program, error);
        }
        pcap_freecode(&program);
        if (fits) {
            return status;
        }
    }
}

/* The kernel frees the old program only after it has the new one. If both do not fit, a program of the
 * expression alone is set in between. */
static synfix_status_t replace(const filter_target_t *target, const socket_filter_t *filter,
                               const struct bpf_program *program, synfix_error_t *error)
{
    socket_filter_t smaller = *filter;
    struct bpf_program between;
    if (attach_to(target->descriptor, program) == 0) {
        return SYNFIX_OK;
    }
    const int reason = errno;
    smaller.analysis = LIVE_EVERYTHING;
    if (reason == ENOMEM && socket_filter_build(&smaller, target->pcap, &between, error) == SYNFIX_OK) {
        const bool attached =
            attach_to(target->descriptor, &between) == 0 && attach_to(target->descriptor, program) == 0;
        pcap_freecode(&between);
        if (attached) {
            return SYNFIX_OK;
        }
    }
    return synfix_fail(error, SYNFIX_IO, "filter: %s", strerror(reason));
}

/* pcap_setfilter drops all packets during the change; the kernel itself can replace the filter atomically.
 * libpcap is used only where it must adapt the program (link layers other than Ethernet). */
synfix_status_t live_filter_change(const filter_target_t *target, const socket_filter_t *filter,
                                   synfix_error_t *error)
{
    struct bpf_program program;
    synfix_status_t status = socket_filter_build(filter, target->pcap, &program, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    status = pcap_datalink(target->pcap) == DLT_EN10MB ? replace(target, filter, &program, error)
                                                       : set(target, &program, error);
    pcap_freecode(&program);
    return status;
}

/* Any socket has the same limits and the same check of the program. */
static synfix_status_t try_program(const struct bpf_program *program, synfix_error_t *error)
{
    const int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return synfix_fail(error, SYNFIX_IO, "filter: %s", strerror(errno));
    }
    const int reason = program->bf_len == 0 || attach_to(descriptor, program) == 0 ? 0 : errno;
    (void)close(descriptor);
    return reason == 0 ? SYNFIX_OK
                       : synfix_fail(error, SYNFIX_IO, "filter: the kernel refuses the program: %s",
                                     strerror(reason));
}

synfix_status_t live_filter_is_accepted(const socket_filter_t *filter, int link_type, synfix_error_t *error)
{
    struct bpf_program program;
    pcap_t *const dead = pcap_open_dead(link_type, PASS);
    if (dead == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "filter: out of memory");
    }
    synfix_status_t status = socket_filter_build(filter, dead, &program, error);
    if (status == SYNFIX_OK) {
        status = try_program(&program, error);
        pcap_freecode(&program);
    }
    pcap_close(dead);
    return status;
}

/* libpcap cannot interpret these loads, so the program goes directly to the kernel, which also returns
 * libpcap's version of the filter. */
void live_filter_skip_copies(int descriptor, unsigned loopback)
{
    const struct sock_filter first[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_IFINDEX)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, loopback, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    enum { FIRST = sizeof first / sizeof *first };
    struct sock_filter steps[BPF_MAXINSNS];
    socklen_t count = BPF_MAXINSNS - FIRST; /* in instructions */
    memcpy(steps, first, sizeof first);
    if (getsockopt(descriptor, SOL_SOCKET, SO_GET_FILTER, steps + FIRST, &count) != 0 || count == 0) {
        return;
    }
    const struct sock_fprog whole = {.len = (unsigned short)(FIRST + count), .filter = steps};
    (void)setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &whole, sizeof whole);
}
