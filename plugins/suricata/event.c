/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The types tcp_fp and tcp_uptime of eve-log. The outer fields are Suricata's, the inner object is the
 * library's. An event about a packet that has passed (an uptime), or whose TCP header Suricata did not
 * decode, gets its outer fields from the observation. */
#include "synfix_suricata.h"

#define COMMUNITY_SIZE 64u
#define SHA1_SIZE      20u

static void address_text(const synfix_address_t *address, uint8_t version, char *text, size_t size)
{
    (void)PrintInet(version == 6 ? AF_INET6 : AF_INET, address->bytes, text, (socklen_t)size);
}

static void ends_of(const synfix_headers_t *headers, JsonAddrInfo *ends)
{
    memset(ends, 0, sizeof *ends);
    address_text(&headers->source, headers->ip_version, ends->src_ip, sizeof ends->src_ip);
    address_text(&headers->destination, headers->ip_version, ends->dst_ip, sizeof ends->dst_ip);
    ends->sp = headers->source_port;
    ends->dp = headers->destination_port;
    memcpy(ends->proto, "TCP", sizeof "TCP");
    ends->log_port = true;
}

/* Community ID version 1: SHA-1 over seed, the lower end first, protocol and ports, in network order. */
static void add_community_id(SCJsonBuilder *js, const synfix_headers_t *headers, uint16_t seed)
{
    const size_t size = headers->ip_version == 6 ? 16 : 4;
    const int order = memcmp(headers->source.bytes, headers->destination.bytes, size);
    const bool forward = order < 0 || (order == 0 && headers->source_port < headers->destination_port);
    const synfix_address_t *ends[2] = {forward ? &headers->source : &headers->destination,
                                       forward ? &headers->destination : &headers->source};
    const uint16_t ports[2] = {htons(forward ? headers->source_port : headers->destination_port),
                               htons(forward ? headers->destination_port : headers->source_port)};
    const uint16_t seed_bytes = htons(seed);
    uint8_t input[2 + 2 * 16 + 2 + 4];
    uint8_t *at = input;
    memcpy(at, &seed_bytes, 2);
    memcpy(at + 2, ends[0]->bytes, size);
    memcpy(at + 2 + size, ends[1]->bytes, size);
    at += 2 + 2 * size;
    at[0] = IPPROTO_TCP;
    at[1] = 0;
    memcpy(at + 2, ports, 4);
    uint8_t hash[SHA1_SIZE];
    char text[COMMUNITY_SIZE] = "1:";
    unsigned long room = sizeof text - 2;
    if (SCSha1HashBuffer(input, (uint32_t)(at + 6 - input), hash, sizeof hash) &&
        SCBase64Encode(hash, sizeof hash, (uint8_t *)text + 2, &room) == SC_BASE64_OK) {
        SCJbSetString(js, "community_id", text);
    }
}

static void add_vlan(SCJsonBuilder *js, const synfix_encapsulation_t *outer)
{
    if (outer->vlan_count == 0) {
        return;
    }
    SCJbOpenArray(js, "vlan");
    SCJbAppendUint(js, outer->vlan_id);
    if (outer->vlan_count > 1) {
        SCJbAppendUint(js, outer->customer_vlan_id);
    }
    SCJbClose(js);
}

/* The outer fields in the order of CreateEveHeader. */
static SCJsonBuilder *header_of_observation(const synfix_observation_t *observation, const OutputJsonCtx *eve)
{
    char text[64];
    JsonAddrInfo ends;
    const synfix_headers_t *headers = observation->headers;
    SCJsonBuilder *js = SCJbNewObject();
    if (js == NULL) {
        return NULL;
    }
    const SCTime_t time = host_time_from_ns(observation->time_ns);
    CreateIsoTimeString(time, text, sizeof text);
    SCJbSetString(js, "timestamp", text);
    if (observation->user != NULL && sizeof(uintptr_t) >= sizeof(uint64_t)) {
        SCJbSetUint(js, "flow_id", (uintptr_t)observation->user);
    }
    const char *interface = synfix_interface_name(observation->interface_id);
    if (interface != NULL) {
        SCJbSetString(js, "in_iface", interface);
    }
    if (SCRunmodeGet() == RUNMODE_PCAP_FILE || SCRunmodeGet() == RUNMODE_UNIX_SOCKET) {
        SCJbSetUint(js, "pcap_cnt", observation->packet_number);
    }
    SCJbSetString(js, "event_type", synfix_event_type(observation));
    add_vlan(js, &headers->encapsulation);
    ends_of(headers, &ends);
    SCJbSetString(js, "src_ip", ends.src_ip);
    SCJbSetUint(js, "src_port", ends.sp);
    SCJbSetString(js, "dest_ip", ends.dst_ip);
    SCJbSetUint(js, "dest_port", ends.dp);
    SCJbSetString(js, "proto", ends.proto);
    SCJbSetUint(js, "ip_v", headers->ip_version);
    if (eve->cfg.include_community_id) {
        add_community_id(js, headers, eve->cfg.community_id_seed);
    }
    return js;
}

static bool packet_shows(const Packet *p, const synfix_observation_t *observation)
{
    return p != NULL && observation->fingerprint != NULL && PacketIsTCP(p) &&
           p->sp == observation->headers->source_port && p->dp == observation->headers->destination_port;
}

static SCJsonBuilder *header_new(const synfix_thread_t *thread, const synfix_observation_t *observation,
                                 OutputJsonCtx *eve)
{
    JsonAddrInfo ends;
    const Packet *p = thread->packet;
    if (!packet_shows(p, observation)) {
        return header_of_observation(observation, eve);
    }
    ends_of(observation->headers, &ends);
    SCJsonBuilder *js = CreateEveHeader(p, LOG_DIR_PACKET, synfix_event_type(observation), &ends, eve);
    if (js != NULL && p->pcap_cnt == 0 && p->root != NULL && p->root->pcap_cnt != 0) {
        SCJbSetUint(js, "pcap_cnt", p->root->pcap_cnt); /* of the frame around the tunnel's content */
    }
    return js;
}

static void write_to(synfix_thread_t *thread, OutputJsonThreadCtx *context,
                     const synfix_observation_t *observation, const char *member)
{
    SCJsonBuilder *js = header_new(thread, observation, context->ctx);
    if (js == NULL) {
        return;
    }
    SCJbSetFormatted(js, member);
    thread->writing = true;
    OutputJsonBuilderBuffer(thread->tv, NULL, NULL, js, context);
    thread->writing = false;
    SCJbFree(js);
}

void synfix_event_write(synfix_thread_t *thread, const synfix_observation_t *observation)
{
    char member[SYNFIX_EVENT_TEXT_SIZE];
    const bool uptime = observation->fingerprint == NULL;
    size_t length = 0;
    for (unsigned i = 0; i < thread->logger_count; i++) {
        if (thread->loggers[i].uptime != uptime) {
            continue;
        }
        if (length == 0) {
            length = synfix_event_member(observation, member, sizeof member);
        }
        if (length != 0) {
            write_to(thread, thread->loggers[i].context, observation, member);
        }
    }
}

static TmEcode start(ThreadVars *tv, const void *initdata, void **data, bool uptime)
{
    synfix_thread_t *thread = synfix_thread_of(tv);
    const TmEcode code = JsonLogThreadInit(tv, initdata, data);
    if (code == TM_ECODE_OK && thread != NULL && !synfix_thread_add_logger(thread, *data, uptime)) {
        SCLogError("more than %u outputs with the types tcp_fp and tcp_uptime", SYNFIX_LOGGERS_MAX);
        return TM_ECODE_FAILED;
    }
    return code;
}

static TmEcode start_fingerprint(ThreadVars *tv, const void *initdata, void **data)
{
    return start(tv, initdata, data, false);
}

static TmEcode start_uptime(ThreadVars *tv, const void *initdata, void **data)
{
    return start(tv, initdata, data, true);
}

static TmEcode stop(ThreadVars *tv, void *data)
{
    synfix_thread_t *thread = synfix_thread_of(tv);
    if (thread != NULL) {
        synfix_thread_finish(thread);
    }
    return JsonLogThreadDeinit(tv, data);
}

/* The condition of a logger. Suricata calls it for each packet, which is the only callback for packets
 * without a flow. Events are written when they occur, so that there is nothing to log here. */
static bool wants(ThreadVars *tv, void *data, const Packet *p)
{
    synfix_thread_t *thread = synfix_thread_of(tv);
    const bool first = thread != NULL && thread->loggers[0].context == data; /* once, not for each logger */
    if (first && p->flow == NULL) {
        synfix_packet_without_flow(thread, p);
    }
    return false;
}

static int log_nothing(ThreadVars *tv, void *data, const Packet *p)
{
    (void)tv;
    (void)data;
    (void)p;
    return 0;
}

void synfix_event_register(void)
{
    static OutputPacketLoggerFunctions fingerprint = {.LogFunc = log_nothing,
                                                      .ConditionFunc = wants,
                                                      .ThreadInitFunc = start_fingerprint,
                                                      .ThreadDeinitFunc = stop};
    static OutputPacketLoggerFunctions uptime = {.LogFunc = log_nothing,
                                                 .ConditionFunc = wants,
                                                 .ThreadInitFunc = start_uptime,
                                                 .ThreadDeinitFunc = stop};
    /* Where a type has options, it is a key of suricata.yaml, and Suricata turns `_` in keys into `-`. */
    static const char *const fingerprint_names[] = {"eve-log.tcp_fp", "eve-log.tcp-fp"};
    static const char *const uptime_names[] = {"eve-log.tcp_uptime", "eve-log.tcp-uptime"};
    for (unsigned i = 0; i < 2; i++) {
        OutputRegisterPacketSubModule(LOGGER_USER, "eve-log", "JsonTcpFpLog", fingerprint_names[i],
                                      OutputJsonLogInitSub, &fingerprint);
        OutputRegisterPacketSubModule(LOGGER_USER, "eve-log", "JsonTcpUptimeLog", uptime_names[i],
                                      OutputJsonLogInitSub, &uptime);
    }
}
