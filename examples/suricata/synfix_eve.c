/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A plugin for Suricata 8: fingerprints of the packets that Suricata sees anyway, each event with the flow_id
 * of Suricata's own events. Suricata is under GPL version 2, so what this becomes when it is loaded is too.
 *
 *     plugins:
 *       - /usr/lib/suricata/synfix.so
 *     synfix:
 *       database: /usr/share/synfix/sigdb/synfix.fp
 *       filename: /var/log/suricata/synfix.json
 *
 * Every thread has an engine of its own. Suricata hands both directions of a flow to one thread in its
 * runmode `workers` and with `autofp`, which is what the engine needs. Packets come one by one, so the engine
 * works on them a few packets later (synfix_engine_push_later); each carries the flow_id of its flow.
 */
#include "suricata-common.h"
#include "suricata-plugin.h"

#include "conf.h"
#include "decode-tcp.h"
#include "flow.h"
#include "output-packet.h"
#include "output.h"
#include "util-debug.h"

#include <synfix/engine.h>

#define FILE_LINK_RAW 101u /* DLT_RAW is 12 or 14 in memory, 101 in files */

typedef struct SynfixThread_ {
    synfix_engine_t *engine;
    FILE *file; /* each thread appends whole lines to the same one */
    uint64_t number;
    uint64_t second; /* of the newest packet that the engine may still hold; 0: it holds none */
} SynfixThread;

static synfix_sigdb_t *sigdb;
static const char *filename = "synfix.json";

static void WriteString(FILE *file, const char *name, const char *text)
{
    fprintf(file, ",\"%s\":\"", name);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            fputc('\\', file);
        }
        fputc(*text, file); /* no control bytes in what the engine writes */
    }
    fputc('"', file);
}

static void WriteTime(FILE *file, int64_t time_ns)
{
    char text[32];
    struct tm parts;
    const time_t seconds = (time_t)(time_ns / 1000000000);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &parts));
    fprintf(file, "{\"timestamp\":\"%s.%06d+0000\"", text, (int)(time_ns % 1000000000 / 1000));
}

static void WriteEnds(FILE *file, const synfix_headers_t *headers)
{
    char address[SYNFIX_ADDRESS_TEXT_SIZE];
    synfix_address_format(&headers->source, headers->ip_version, address);
    WriteString(file, "src_ip", address);
    fprintf(file, ",\"src_port\":%u", headers->source_port);
    synfix_address_format(&headers->destination, headers->ip_version, address);
    WriteString(file, "dest_ip", address);
    fprintf(file, ",\"dest_port\":%u,\"proto\":\"TCP\"", headers->destination_port);
}

static void WriteFingerprint(FILE *file, const synfix_observation_t *observation)
{
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    const synfix_match_t *match = &fingerprint->match;
    fprintf(file, ",\"tcp_fp\":{\"kind\":\"%s\"", observation->from_server ? "syn+ack" : "syn");
    WriteString(file, "signature", fingerprint->text);
    WriteString(file, "os", match->label != NULL ? match->label->text : "?");
    const unsigned headers = fingerprint->signature.ip_version == 6 ? 60 : 40;
    const unsigned mtu = fingerprint->signature.mss == 0 ? 0 : fingerprint->signature.mss + headers;
    fprintf(file, ",\"quality\":%u,\"candidates\":%u,\"distance\":%u,\"mtu\":%u", match->quality,
            match->candidate_count, match->distance, mtu);
    WriteString(file, "link", fingerprint->link_label != NULL ? fingerprint->link_label : "?");
    fputc('}', file);
}

static void OnObservation(const synfix_observation_t *observation, void *user)
{
    const SynfixThread *thread = user;
    FILE *file = thread->file;
    const bool uptime = observation->fingerprint == NULL;
    WriteTime(file, observation->time_ns);
    if (observation->user != NULL) {
        fprintf(file, ",\"flow_id\":%" PRIuPTR, (uintptr_t)observation->user);
    }
    WriteString(file, "event_type", uptime ? "tcp_uptime" : "tcp_fp");
    WriteEnds(file, observation->headers);
    if (uptime) {
        fprintf(file, ",\"tcp_uptime\":{\"frequency\":%u,\"uptime\":%" PRIu64 ",\"reliability\":%u}",
                observation->uptime.frequency, observation->uptime.uptime_seconds,
                observation->uptime.reliability);
    } else {
        WriteFingerprint(file, observation);
    }
    fputs("}\n", file);
    fflush(file); /* one write a line: lines of several threads do not mix */
}

/* Segments without SYN matter only for uptime, when they carry options. Suricata's own pseudo packets have no
 * bytes. Any packet shows that time goes on. */
static bool Condition(ThreadVars *tv, void *data, const Packet *p)
{
    SynfixThread *thread = data;
    (void)tv;
    if (thread->second != 0 && (uint64_t)SCTIME_SECS(p->ts) > thread->second) {
        synfix_engine_flush(thread->engine);
        thread->second = 0;
    }
    if (!PacketIsTCP(p) || GET_PKT_LEN(p) == 0 || (p->flags & PKT_PSEUDO_STREAM_END) != 0) {
        return false;
    }
    const TCPHdr *tcp = PacketGetTCP(p);
    return (tcp->th_flags & TH_SYN) != 0 || TCP_GET_RAW_OFFSET(tcp) > 5;
}

static int Log(ThreadVars *tv, void *data, const Packet *p)
{
    SynfixThread *thread = data;
    (void)tv;
    const uint32_t link_type = p->datalink == 12 || p->datalink == 14 ? FILE_LINK_RAW : (uint32_t)p->datalink;
    const synfix_packet_t packet = {.data = GET_PKT_DATA(p),
                                    .captured_length = GET_PKT_LEN(p),
                                    .original_length = GET_PKT_LEN(p),
                                    .time_ns = (int64_t)SCTIME_SECS(p->ts) * 1000000000 +
                                               (int64_t)SCTIME_USECS(p->ts) * 1000,
                                    .number = ++thread->number,
                                    .link_type = link_type,
                                    .user = p->flow == NULL ? NULL : (void *)(uintptr_t)FlowGetId(p->flow)};
    thread->second = (uint64_t)SCTIME_SECS(p->ts);
    synfix_engine_push_later(thread->engine, &packet, 1);
    return 0;
}

static TmEcode ThreadDeinit(ThreadVars *tv, void *data)
{
    SynfixThread *thread = data;
    (void)tv;
    synfix_engine_free(thread->engine); /* writes what it still holds */
    if (thread->file != NULL) {
        fclose(thread->file);
    }
    SCFree(thread);
    return TM_ECODE_OK;
}

static TmEcode ThreadInit(ThreadVars *tv, const void *initdata, void **data)
{
    synfix_error_t error;
    synfix_engine_config_t config;
    SynfixThread *thread = SCCalloc(1, sizeof(*thread));
    (void)initdata;
    if (thread == NULL) {
        return TM_ECODE_FAILED;
    }
    thread->file = fopen(filename, "a");
    synfix_engine_config_init(&config, sizeof(config));
    config.sigdb = sigdb;
    config.on_observation = OnObservation;
    config.observation_user = thread;
    if (thread->file == NULL || synfix_engine_new(&config, &thread->engine, &error) != SYNFIX_OK) {
        SCLogError("synfix: %s", thread->file == NULL ? filename : error.text);
        ThreadDeinit(tv, thread);
        return TM_ECODE_FAILED;
    }
    *data = thread;
    return TM_ECODE_OK;
}

/* The configuration has been read. Not SCRegisterOnLoggingReady: it comes after Suricata has looked which
 * kinds of loggers there are, so a packet logger would run only beside one of Suricata's own. */
static void Init(void)
{
    const char *database = NULL;
    synfix_error_t error = {.text = "synfix.database: no such setting"};
    (void)SCConfGet("synfix.filename", &filename);
    sigdb = synfix_sigdb_new();
    if (SCConfGet("synfix.database", &database) != 1 || sigdb == NULL ||
        synfix_sigdb_load(sigdb, database, &error) != SYNFIX_OK ||
        synfix_sigdb_finish(sigdb, &error) != SYNFIX_OK) {
        SCLogError("synfix: %s: no fingerprints", error.text);
        return;
    }
    SCOutputRegisterPacketLogger(LOGGER_USER, "synfix", Log, Condition, NULL, ThreadInit, ThreadDeinit);
}

static const SCPlugin plugin = {
    .version = SC_API_VERSION,
    .suricata_version = SC_PACKAGE_VERSION,
    .name = "synfix",
    .plugin_version = "1",
    .author = "synfix",
    .license = "MIT OR Apache-2.0",
    .Init = Init,
};

SYNFIX_API const SCPlugin *SCPluginRegister(void);
const SCPlugin *SCPluginRegister(void)
{
    return &plugin;
}
