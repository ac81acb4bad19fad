/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_row.h
 * One host in one role: a row of the model and of an inventory.
 */
#ifndef HOSTS_HOST_ROW_H
#define HOSTS_HOST_ROW_H

#include "hosts/host_labels.h"
#include "verdict/host_habits.h"
#include <synfix/address.h>
#include <synfix/host_change.h>
#include <synfix/observation.h>
#include <synfix/signature.h>

#include <string.h>

typedef enum host_role {
    HOST_CLIENT = 1, /* sent SYNs */
    HOST_SERVER = 2, /* sent SYN+ACKs */
} host_role_t;

/** No VLAN tag. */
#define HOST_NO_VLAN 0xFFFFu

/** Identifies a host. Compared byte by byte: unused bytes are 0. */
typedef struct host_key {
    synfix_address_t address;
    uint32_t tunnel_id; /* VNI of VXLAN, VXLAN-GPE, Geneve; instance id of LISP; else 0 */
    uint16_t vlan_id;   /* outermost tag, 0 to 4095; HOST_NO_VLAN */
    uint16_t customer_vlan_id;
    uint8_t ip_version;  /* 4 or 6 */
    uint8_t role;        /* host_role_t */
    uint8_t tunnel_kind; /* synfix_encapsulation_kind_t of tunnel_id; 0 none */
    uint8_t reserved;    /* 0 */
} host_key_t;

/** `client` or `server`. */
const char *host_role_name(uint8_t role);

/** Writes `192.0.2.1`, with tags `192.0.2.1 vlan 7.9 vxlan 4097`, into @p text and returns the length. */
#define HOST_KEY_TEXT_SIZE 128u
size_t host_key_format(const host_key_t *key, char *text);

/** Returns the key of the host that an observation describes: its source address and outer tags. */
void host_key_read(host_key_t *key, const synfix_headers_t *headers, bool from_server);

#define HOST_LABELS_MAX     8u  /* competing labels of a host that are counted */
#define HOST_SIGNATURES_MAX 8u  /* signatures of a host that are kept */
#define HOST_CHANGES_MAX    16u /* changes of a host that are kept */

typedef struct host_label_count {
    const host_label_t *label;
    uint64_t count;
    uint8_t quality;         /* of the family, best of its matches, 0 to 100 */
    uint8_t version_quality; /* of the whole label, likewise; 0 not known */
} host_label_count_t;

typedef struct host_signature_count {
    synfix_signature_t signature;
    const host_label_t *label;
    uint64_t count;
    int64_t last_ns;
    uint8_t match_kind; /* synfix_match_kind_t */
    uint8_t quality;    /* 0 to 100 */
    uint8_t distance;   /* routers */
    uint8_t initial_ttl;
    bool random_ttl; /* the distance is an upper bound */
    uint16_t link_mtu;
    const char *link_label; /* NULL unknown */
} host_signature_count_t;

typedef struct host_change {
    int64_t time_ns;
    uint32_t reasons; /* SYNFIX_HOST_* */
    uint8_t score;
    const host_label_t *before;
    const host_label_t *after;
} host_change_t;

typedef struct host_uptime {
    int64_t measured_ns; /* packet time of the reading; 0: no uptime is known */
    uint64_t seconds;    /* uptime at that time; 0 unknown */
    uint64_t modulus;    /* seconds after which the uptime wraps */
    uint16_t frequency;  /* Hz */
    uint8_t reliability; /* synfix_uptime_reliability_t */
    uint32_t restarts;   /* seen since the first observation */
} host_uptime_t;

/** Strings and labels live as long as the model of the row. Times are packet times in
 * nanoseconds since the epoch. */
typedef struct host_row {
    uint32_t slot; /* slot in the model, for host_model_row(); 0 in other rows */
    host_key_t key;
    int64_t first_ns;
    int64_t last_ns;
    uint64_t observations;     /* SYNs or SYN+ACKs, retransmissions included */
    const host_label_t *label; /* the most certain label; never NULL, `?` without a match */
    uint8_t quality;           /* percent, 0 to 100: that its family is right */
    uint8_t version_quality;   /* percent: that the whole label is right; 0 not known */
    bool tool;                 /* a scanner or another tool sent packets from this address */
    uint8_t distance;          /* routers, of the signature seen last */
    uint8_t initial_ttl;
    bool random_ttl;
    uint16_t link_mtu;      /* bytes; 0 unknown */
    const char *link_label; /* NULL unknown */
    host_uptime_t uptime;
    host_habits_t habits;
    uint8_t score;          /* sharing, 0 to 100; shared from SYNFIX_HOST_SHARED_SCORE on */
    uint32_t reasons;       /* SYNFIX_HOST_* below bit 16 */
    size_t label_count;     /* most frequent first */
    size_t signature_count; /* most frequent first */
    size_t change_count;    /* stored changes, newest first */
    uint64_t changes_seen;  /* all of them */
    host_label_count_t labels[HOST_LABELS_MAX];
    host_signature_count_t signatures[HOST_SIGNATURES_MAX];
    host_change_t changes[HOST_CHANGES_MAX];
} host_row_t;

static inline bool host_row_shared(const host_row_t *row)
{
    return row->score >= SYNFIX_HOST_SHARED_SCORE;
}

/** Order by IP version, address, tunnel, VLAN tags and role: the rows of one host follow each other. Less
 * than, equal to or greater than 0. */
int host_key_compare(const host_key_t *a, const host_key_t *b);

/** Whether two rows are roles of one host: same address, same outer tags. */
static inline bool host_key_same_host(const host_key_t *a, const host_key_t *b)
{
    host_key_t key = *a;
    key.role = b->role;
    return memcmp(&key, b, sizeof key) == 0;
}

/**
 * Of two roles of one host one stands for the host in totals: a tool, else the one with the greater quality,
 * else the first. Returns whether it is the second. Qualities from 0 to 100.
 */
static inline bool host_role_stands(bool tool, uint8_t quality, bool second_tool, uint8_t second_quality)
{
    return tool != second_tool ? second_tool : second_quality > quality;
}

/**
 * Writes the labels of the tools of a host, the most frequent first, separated by commas (`NMap SYN scan,
 * ZMap 4 or newer`) into @p text of HOST_TOOLS_TEXT_SIZE bytes and returns the length; 0: no tool.
 */
#define HOST_TOOLS_TEXT_SIZE (HOST_LABELS_MAX * (HOST_LABEL_TEXT_SIZE + 2))
size_t host_tools_format(const host_row_t *row, char *text);

/** Returns how many observations of a host were packets of tools. */
uint64_t host_tool_observations(const host_row_t *row);

/**
 * Sets label, qualities and tool from the labels and habits of @p row. @p other: the host of the same address
 * in the other role, of which only labels, habits and score are read; NULL: none. @p labels: the table of the
 * labels of both.
 */
void host_row_conclude(host_row_t *row, const host_row_t *other, host_labels_t *labels);

/**
 * Writes the names of @p reasons separated by commas (`families,initial_ttl`) into @p text of
 * HOST_REASONS_TEXT_SIZE bytes and returns the length.
 */
#define HOST_REASONS_TEXT_SIZE 256u
size_t host_reasons_format(uint32_t reasons, char *text);

/** Parses such names to bits; unknown names are skipped. */
uint32_t host_reasons_parse(const char *text);

/** Returns the description of one reason (bit); empty: none. */
const char *host_reason_text(uint32_t reason);

#endif
