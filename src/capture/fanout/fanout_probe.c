/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/fanout/fanout_probe.h"
#include "capture/fanout/fanout_probe_frames.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#define MEMBERS 4u
#define WAIT_MS 200 /* timeout for a frame inside the kernel; the loopback takes microseconds */
#define NOBODY  0xffu

/* The end of each frame. */
typedef struct mark {
    uint64_t nonce; /* identifies this probe */
    uint8_t encapsulation;
    uint8_t flow;
    uint8_t back;
} mark_t;

typedef struct probe_state {
    uint64_t nonce;
    int sender;
    int members[MEMBERS];
    uint8_t owner[FANOUT_ENCAPSULATIONS][FANOUT_PROBE_FLOWS][2];
    unsigned missing;
} probe_state_t;

const char *fanout_encapsulation_name(fanout_encapsulation_t encapsulation)
{
    static const char *const names[FANOUT_ENCAPSULATIONS] = {
        "IPv4", "IPv6", "VLAN", "QinQ", "PPPoE", "MPLS", "GRE", "IP-in-IP", "VXLAN", "Geneve", "GTP-U"};
    return names[encapsulation];
}

/* Accepts only frames to the probe's address: the loopback may be busy. */
static int set_filter(int descriptor)
{
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                 (uint32_t)fanout_station[0] << 24 | (uint32_t)fanout_station[1] << 16 |
                     (uint32_t)fanout_station[2] << 8 | fanout_station[3],
                 0, 1),
        BPF_STMT(BPF_RET | BPF_K, FANOUT_FRAME_MAX),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    const struct sock_fprog program = {.len = sizeof steps / sizeof *steps, .filter = steps};
    return setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

/* Protocol 0 receives nothing; the sender uses it. */
static int open_socket(uint16_t protocol)
{
    const struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(protocol), .sll_ifindex = (int)if_nametoindex("lo")};
    const int descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) {
        return -1;
    }
    if (set_filter(descriptor) == 0 &&
        bind(descriptor, (const struct sockaddr *)&address, sizeof address) == 0) {
        return descriptor;
    }
    const int reason = errno;
    (void)close(descriptor);
    errno = reason;
    return -1;
}

static int open_all(probe_state_t *state, fanout_group_t *group)
{
    state->sender = open_socket(0);
    if (state->sender < 0) {
        return -1;
    }
    for (unsigned i = 0; i < MEMBERS; i++) {
        state->members[i] = open_socket(ETH_P_ALL);
        if (state->members[i] < 0 || fanout_group_join(group, state->members[i]) != 0) {
            return -1;
        }
    }
    return 0;
}

static void close_all(const probe_state_t *state)
{
    if (state->sender >= 0) {
        (void)close(state->sender);
    }
    for (unsigned i = 0; i < MEMBERS; i++) {
        if (state->members[i] >= 0) {
            (void)close(state->members[i]);
        }
    }
}

static void take_frames(probe_state_t *state, unsigned member)
{
    fanout_frame_t frame;
    struct sockaddr_ll from;
    for (;;) {
        socklen_t size = sizeof from;
        const ssize_t length = recvfrom(state->members[member], frame.bytes, sizeof frame.bytes, 0,
                                        (struct sockaddr *)&from, &size);
        mark_t mark;
        if (length < (ssize_t)sizeof mark) {
            if (length < 0) {
                return;
            }
            continue;
        }
        memcpy(&mark, frame.bytes + length - sizeof mark, sizeof mark);
        /* the loopback delivers each frame twice, as sent and as received */
        if (mark.nonce != state->nonce || from.sll_pkttype == PACKET_OUTGOING) {
            continue;
        }
        uint8_t *owner = &state->owner[mark.encapsulation][mark.flow][mark.back];
        state->missing -= *owner == NOBODY;
        *owner = (uint8_t)member;
    }
}

static void receive(probe_state_t *state, int wait_ms)
{
    struct pollfd descriptors[MEMBERS];
    for (unsigned i = 0; i < MEMBERS; i++) {
        descriptors[i] = (struct pollfd){.fd = state->members[i], .events = POLLIN};
    }
    if (poll(descriptors, MEMBERS, wait_ms) <= 0) {
        return;
    }
    for (unsigned i = 0; i < MEMBERS; i++) {
        take_frames(state, i);
    }
}

static int send_one(probe_state_t *state, fanout_encapsulation_t encapsulation, unsigned flow, bool back)
{
    mark_t mark;
    fanout_frame_t frame;
    memset(&mark, 0, sizeof mark);
    mark.nonce = state->nonce;
    mark.encapsulation = (uint8_t)encapsulation;
    mark.flow = (uint8_t)flow;
    mark.back = back;
    fanout_frame_build(&frame, encapsulation, flow, back);
    fanout_frame_add(&frame, &mark, sizeof mark);
    if (send(state->sender, frame.bytes, frame.length, 0) != (ssize_t)frame.length) {
        return -1;
    }
    state->missing++;
    return 0;
}

static int send_all(probe_state_t *state)
{
    for (fanout_encapsulation_t encapsulation = 0; encapsulation < FANOUT_ENCAPSULATIONS; encapsulation++) {
        for (unsigned i = 0; i < FANOUT_PROBE_FLOWS * 2; i++) {
            if (send_one(state, encapsulation, i / 2, i % 2 != 0) != 0) {
                return -1;
            }
        }
        receive(state, 0);
    }
    for (unsigned before = 0; state->missing != 0 && before != state->missing;) {
        before = state->missing;
        receive(state, WAIT_MS);
    }
    return 0;
}

static void count_same_socket(const probe_state_t *state, fanout_probe_t *probe)
{
    for (fanout_encapsulation_t encapsulation = 0; encapsulation < FANOUT_ENCAPSULATIONS; encapsulation++) {
        for (unsigned flow = 0; flow < FANOUT_PROBE_FLOWS; flow++) {
            const uint8_t *owner = state->owner[encapsulation][flow];
            probe->same_socket[encapsulation] += owner[0] != NOBODY && owner[0] == owner[1];
        }
    }
}

synfix_status_t fanout_probe_run(fanout_mode_t mode, fanout_probe_t *probe, synfix_error_t *error)
{
    probe_state_t state = {.sender = -1, .members = {-1, -1, -1, -1}};
    fanout_group_t group = {.mode = mode};
    synfix_status_t status = SYNFIX_OK;
    *probe = (fanout_probe_t){.mode = mode};
    memset(state.owner, NOBODY, sizeof state.owner);
    if (getrandom(&state.nonce, sizeof state.nonce, GRND_NONBLOCK) != (ssize_t)sizeof state.nonce) {
        state.nonce = (uint64_t)getpid() << 32 | 0x53594e46;
    }
    if (open_all(&state, &group) != 0 || send_all(&state) != 0) {
        status =
            synfix_fail(error, errno == EPERM ? SYNFIX_PERMISSION : SYNFIX_IO, "lo: %s", strerror(errno));
    } else if (state.missing == FANOUT_ENCAPSULATIONS * FANOUT_PROBE_FLOWS * 2) {
        status = synfix_fail(error, SYNFIX_IO, "lo: no test packet was received");
    }
    close_all(&state);
    probe->mode = group.mode;
    count_same_socket(&state, probe);
    return status;
}

bool fanout_probe_all(const fanout_probe_t *probe)
{
    for (fanout_encapsulation_t encapsulation = 0; encapsulation < FANOUT_ENCAPSULATIONS; encapsulation++) {
        if (probe->same_socket[encapsulation] != FANOUT_PROBE_FLOWS) {
            return false;
        }
    }
    return true;
}
