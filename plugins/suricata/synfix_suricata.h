/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file synfix_suricata.h
 * The parts of the plug-in for Suricata 8.
 *
 * Each thread that processes flows has one engine (thread.c). Suricata calls the plug-in for each packet of a
 * flow before it evaluates the rules (packet.c), so rules and records of the same packet already see the
 * fingerprint. The fingerprints of a flow's client and server are stored in the flow (flow.c), where the
 * records of Suricata (record.c) and the rule keywords (keywords.c) read them. The events tcp_fp and
 * tcp_uptime are types of eve-log (event.c).
 */
#ifndef SYNFIX_SURICATA_H
#define SYNFIX_SURICATA_H

#include "host.h"

#include <synfix/embed.h>
#include <synfix/event.h>

#include "../common/glob.h"
#include "../common/settings.h"

/* settings.c */
extern plugin_settings_t synfix_settings;
extern bool synfix_records; /* the OS in Suricata's own records */

/** Reads `synfix:` of suricata.yaml. A mistake ends Suricata with a message and exit code 1. */
void synfix_settings_load(void);

/* layout.c */

/** Ends Suricata unless the structures of this Suricata are those that the plug-in was compiled with. */
void synfix_layout_check(void);

/* database.c */

/** Loads the database. A mistake ends Suricata. */
void synfix_database_load(void);

/** A reference to the database in use, and its number, which grows with each reload. Any thread. */
synfix_sigdb_t *synfix_database_get(uint64_t *number);
uint64_t synfix_database_number(void);

/**
 * The database is loaded again after a reload of the rules while a thread processes flows: each such thread
 * starts watching, and stops when it ends.
 */
void synfix_database_watch_start(void);
void synfix_database_watch_stop(void);

/* senders.c */

/** Facts about the sender of the SYN (client) or SYN+ACK (server) of a flow. */
typedef struct synfix_sender {
    uint8_t quality;
    uint8_t family_quality;
    uint8_t distance;
    bool labelled;  /* os and family are known */
    const char *os; /* all strings lie behind the structure */
    const char *family;
    const char *signature;
    const char *json; /* object, see synfix_event_host */
    uint32_t users;   /* of senders.c */
} synfix_sender_t;

/** The sender of a SYN or SYN+ACK, shared by all flows with an equal one; NULL: out of memory. Any thread. */
synfix_sender_t *synfix_sender_get(const synfix_observation_t *observation);
/** @p sender may be NULL. Any thread. */
void synfix_sender_put(synfix_sender_t *sender);

/* flow.c */
typedef enum synfix_side { SYNFIX_CLIENT = 0, SYNFIX_SERVER = 1 } synfix_side_t;

void synfix_flow_register(void);
/** The flow is locked. Keeps the first fingerprint, or a later one with a label if the first has none. */
void synfix_flow_store(Flow *flow, synfix_side_t side, const synfix_observation_t *observation);
/** NULL: nothing is known. The flow is locked; valid until it is unlocked. */
const synfix_sender_t *synfix_flow_sender(const Flow *flow, synfix_side_t side);

/* thread.c */
#define SYNFIX_LOGGERS_MAX 8u

/** Counters in Suricata's statistics. */
typedef enum synfix_counter {
    SYNFIX_COUNT_SYN,
    SYNFIX_COUNT_SYN_ACK,
    SYNFIX_COUNT_UPTIME,
    SYNFIX_COUNT_MATCHED,
    SYNFIX_COUNT_UNMATCHED,
    SYNFIX_COUNT_HANDSHAKES_EVICTED,
    SYNFIX_COUNT_HOSTS_EVICTED,
    SYNFIX_COUNTERS
} synfix_counter_t;

typedef struct synfix_thread {
    ThreadVars *tv;
    synfix_engine_t *engine;
    synfix_shared_clocks_t *clocks; /* NULL: the engine keeps the hosts itself */
    uint64_t database_number;
    uint64_t packets;         /* pushed; the packet number of live packets */
    uint64_t second;          /* packet time of the last periodic work */
    uint64_t handshakes;      /* SYNs and SYN+ACKs that were pushed */
    const Packet *packet;     /* that is being pushed, NULL outside of a push */
    Flow *flow;               /* TCP flow of the packet, or NULL */
    const LiveDevice *device; /* of the last packet */
    uint32_t device_id;
    bool writing; /* an event of the plug-in */
    bool finished;
    unsigned logger_count;
    struct {
        OutputJsonThreadCtx *context;
        bool uptime;
    } loggers[SYNFIX_LOGGERS_MAX];
    uint16_t counters[SYNFIX_COUNTERS];
} synfix_thread_t;

void synfix_thread_register(void);
/** NULL in threads that do not work on flows. */
synfix_thread_t *synfix_thread_of(ThreadVars *tv);
void synfix_thread_count(synfix_thread_t *thread, synfix_counter_t counter);
/** Brings the counters of evictions up to date. */
void synfix_thread_count_evictions(synfix_thread_t *thread);
/** false: too many. */
bool synfix_thread_add_logger(synfix_thread_t *thread, OutputJsonThreadCtx *context, bool uptime);
/** Delivers everything that still waits, when the loggers of the thread end. */
void synfix_thread_finish(synfix_thread_t *thread);
/** Makes an engine as a thread would and frees it. A mistake ends Suricata. */
void synfix_thread_try(void);

/* packet.c */
void synfix_packet_register(void);
/** Pushes a packet that belongs to no flow. */
void synfix_packet_without_flow(synfix_thread_t *thread, const Packet *p);
/** synfix_observation_fn; @p user is the synfix_thread_t. */
void synfix_observe(const synfix_observation_t *observation, void *user);
/** Name of the interface that an observation of the plug-in numbers @p id; NULL: none. */
const char *synfix_interface_name(uint32_t id);

/* event.c */
void synfix_event_register(void);
void synfix_event_write(synfix_thread_t *thread, const synfix_observation_t *observation);

/* record.c */
void synfix_record_register(void);

/* condition.c */
typedef enum synfix_keyword {
    SYNFIX_KEYWORD_OS,
    SYNFIX_KEYWORD_FAMILY,
    SYNFIX_KEYWORD_QUALITY,
    SYNFIX_KEYWORD_DIST,
    SYNFIX_KEYWORDS
} synfix_keyword_t;

typedef enum synfix_chosen_side {
    SYNFIX_SIDE_CLIENT = SYNFIX_CLIENT,
    SYNFIX_SIDE_SERVER = SYNFIX_SERVER,
    SYNFIX_SIDE_SENDER
} synfix_chosen_side_t;

/** The value of a keyword in a rule. */
typedef struct synfix_condition {
    synfix_keyword_t keyword;
    synfix_chosen_side_t side;
    plugin_glob_t *glob;       /* of os and family */
    DetectUintData_u8 *number; /* of quality and dist */
    bool negated;              /* of os and family */
} synfix_condition_t;

const char *synfix_keyword_name(synfix_keyword_t keyword);

/**
 * Reads the value @p text of a rule. NULL: @p error has the reason. A name that no label of the database has
 * is a warning. The caller frees the result with synfix_condition_free.
 */
synfix_condition_t *synfix_condition_new(synfix_keyword_t keyword, const char *text, bool negated,
                                         synfix_error_t *error);
/** @p condition may be NULL. */
void synfix_condition_free(synfix_condition_t *condition);

/* keywords.c */
void synfix_keywords_register(void);

#endif
