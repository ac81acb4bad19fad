/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The engine gets captured frames instead of the packets that Suricata decoded, because the engine decodes
 * more tunnels and names the tunnel of a packet. Suricata makes a packet of its own for the content of a
 * tunnel; the root of that packet is the frame. */
#include "synfix_suricata.h"

#define HANDSHAKES_PER_COUNT 64u /* rare enough for the lock of the shared clocks */

#define NS_PER_SECOND INT64_C(1000000000)
#define PLAIN_HEADER  5u /* 32-bit words of a TCP header without options */

const char *synfix_interface_name(uint32_t id)
{
    return id > 0 ? LiveGetDeviceName((int)id - 1) : NULL;
}

/* The position in Suricata's list of interfaces, from 1; 0: none. The structure behind livedev is private. */
static uint32_t interface_of(synfix_thread_t *thread, const Packet *p)
{
    if (p->livedev == thread->device) {
        return thread->device_id;
    }
    thread->device = p->livedev;
    thread->device_id = 0;
    const int count = p->livedev != NULL ? LiveGetDeviceCount() : 0;
    for (int i = 0; i < count && thread->device_id == 0; i++) {
        const char *name = LiveGetDeviceName(i);
        thread->device_id = name != NULL && LiveGetDevice(name) == p->livedev ? (uint32_t)i + 1 : 0;
    }
    return thread->device_id;
}

static int64_t time_of(const Packet *p)
{
    return host_time_ns(p->ts);
}

/* The frame to decode, or NULL: the packet is another one's frame, made by Suricata, or cannot matter. */
static const Packet *frame_of(const Packet *p)
{
    if (PKT_IS_PSEUDOPKT(p) || GET_PKT_LEN(p) == 0 || PacketIsTunnelRoot(p) || p->pkt_src == PKT_SRC_FFR) {
        return NULL;
    }
    if (p->pkt_src == PKT_SRC_DEFRAG) { /* the fragment that came last; others were packets of their own */
        return p->root;
    }
    if (p->root != NULL && !PacketIsTCP(p) && (p->flags & PKT_NOPAYLOAD_INSPECTION) != 0) {
        return NULL; /* a tunnel in a tunnel: the packet of the inner one brings the frame */
    }
    if (PacketIsTCP(p)) { /* without SYN or options the engine has no use for the packet */
        if ((host_tcp_flags(p) & TH_SYN) == 0 && host_tcp_words(p) <= PLAIN_HEADER) {
            return NULL;
        }
    }
    return p->root != NULL ? p->root : p;
}

static void follow_database(synfix_thread_t *thread)
{
    if (thread->database_number == synfix_database_number()) {
        return;
    }
    synfix_sigdb_t *sigdb = synfix_database_get(&thread->database_number);
    synfix_engine_set_sigdb(thread->engine, sigdb);
    synfix_sigdb_unref(sigdb);
}

/* Once a second of packet time. Of a capture, a frame has a number, the content of a tunnel has none. */
static void each_second(synfix_thread_t *thread, const Packet *frame)
{
    const uint64_t second = (uint64_t)SCTIME_SECS(frame->ts);
    if (second == thread->second) {
        return;
    }
    thread->second = second;
    synfix_thread_count_evictions(thread);
    if (thread->clocks != NULL && frame->pcap_cnt == 0) { /* live: packets of a quiet link do not wait */
        synfix_shared_clocks_advance(thread->clocks, time_of(frame) - NS_PER_SECOND, synfix_observe, thread);
    }
}

/* Suricata writes its last counters before a thread ends, so a capture of less than a second needs this too.
 */
static void handshake_pushed(synfix_thread_t *thread)
{
    if (++thread->handshakes % HANDSHAKES_PER_COUNT == 0) {
        synfix_thread_count_evictions(thread);
    }
}

/* A capture interface may remove the outermost tag from the frame; Suricata has its number. Frames of files
 * have all their tags, and Suricata also counts those behind the header of a provider backbone bridge. */
static void add_tags(const Packet *frame, synfix_headers_t *headers)
{
    if (frame->pcap_cnt == 0) {
        synfix_add_removed_vlans(headers, frame->vlan_id, frame->vlan_idx);
    }
}

static void push(synfix_thread_t *thread, const Packet *p, Flow *flow)
{
    const Packet *frame = frame_of(p);
    if (frame == NULL) {
        return;
    }
    follow_database(thread);
    each_second(thread, frame);
    thread->packets++;
    const synfix_packet_t packet = {
        .data = GET_PKT_DATA(frame),
        .captured_length = GET_PKT_LEN(frame),
        .original_length = GET_PKT_LEN(frame),
        .time_ns = time_of(frame),
        .number = frame->pcap_cnt != 0 ? frame->pcap_cnt : thread->packets,
        .link_type = synfix_link_type_from_dlt(frame->datalink),
        .interface_id = interface_of(thread, p),
        .user = flow != NULL ? (void *)(uintptr_t)FlowGetId(flow) : NULL,
    };
    synfix_headers_t headers;
    const synfix_verdict_t verdict = synfix_decode(&packet, &headers);
    if (verdict != SYNFIX_VERDICT_SYN && verdict != SYNFIX_VERDICT_SYN_ACK &&
        verdict != SYNFIX_VERDICT_SEGMENT) {
        return;
    }
    add_tags(frame, &headers);
    thread->packet = p;
    thread->flow = flow != NULL && PacketIsTCP(p) ? flow : NULL;
    synfix_engine_push_headers(thread->engine, &packet, verdict, &headers);
    thread->packet = NULL;
    thread->flow = NULL;
    if (verdict != SYNFIX_VERDICT_SEGMENT) {
        handshake_pushed(thread);
    }
}

void synfix_observe(const synfix_observation_t *observation, void *user)
{
    synfix_thread_t *thread = user;
    if (observation->fingerprint == NULL) {
        synfix_thread_count(thread, SYNFIX_COUNT_UPTIME);
    } else {
        const bool server = observation->from_server;
        const bool matched = observation->fingerprint->match.label != NULL;
        synfix_thread_count(thread, server ? SYNFIX_COUNT_SYN_ACK : SYNFIX_COUNT_SYN);
        synfix_thread_count(thread, matched ? SYNFIX_COUNT_MATCHED : SYNFIX_COUNT_UNMATCHED);
        if (thread->flow != NULL) {
            synfix_flow_store(thread->flow, server ? SYNFIX_SERVER : SYNFIX_CLIENT, observation);
        }
    }
    synfix_event_write(thread, observation);
}

static void packet_of_flow(ThreadVars *tv, Flow *flow, Packet *p, void *unused)
{
    synfix_thread_t *thread = synfix_thread_of(tv);
    (void)unused;
    if (thread != NULL) {
        push(thread, p, flow);
    }
}

void synfix_packet_without_flow(synfix_thread_t *thread, const Packet *p)
{
    push(thread, p, NULL);
}

void synfix_packet_register(void)
{
    if (!SCFlowRegisterUpdateCallback(packet_of_flow, NULL)) {
        FatalError("Suricata refuses the callback for packets");
    }
}
