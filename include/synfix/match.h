/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file match.h
 * The result of matching a signature with a database.
 */
#ifndef SYNFIX_MATCH_H
#define SYNFIX_MATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <synfix/signature.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The database section of a packet. */
typedef enum synfix_direction {
    SYNFIX_DIRECTION_REQUEST = 0,  /* SYN, [tcp:request] */
    SYNFIX_DIRECTION_RESPONSE = 1, /* SYN+ACK, [tcp:response] */
} synfix_direction_t;

/** X(identifier, number, text): kinds of match. The numbers are those of the element osMatchKind and never
 * change. */
#define SYNFIX_MATCH_KINDS(X)                                                                                \
    X(NONE, 0, "none")                                                                                       \
    X(EXACT, 1, "exact")                                                                                     \
    X(GENERIC, 2, "generic")                                                                                 \
    X(FUZZY, 3, "fuzzy")                                                                                     \
    X(FUZZY_GENERIC, 4, "fuzzy generic")

#define SYNFIX_MATCH_KIND_ENUM(identifier, number, text) SYNFIX_MATCH_##identifier = (number),
/** Numbers of SYNFIX_MATCH_KINDS. */
typedef enum synfix_match_kind { SYNFIX_MATCH_KINDS(SYNFIX_MATCH_KIND_ENUM) } synfix_match_kind_t;
#undef SYNFIX_MATCH_KIND_ENUM

/** A label of a database; constant, lives as long as the database. Strings are UTF-8, never NULL. */
typedef struct synfix_label {
    char type;            /* 's' specific, 'g' generic */
    bool tool;            /* class `!` */
    uint32_t id;          /* first 32 bits of SHA-256 of `type:class:name:flavor`, never 0 (then 1) */
    const char *os_class; /* `unix`, `win`, `other`, `!` */
    const char *name;     /* `Linux` */
    const char *flavor;   /* `3.11 to 4.19`; may be empty */
    const char *text;     /* `Linux 3.11 to 4.19` */
} synfix_label_t;

/** X(identifier, number, text): start value of a stack's timestamp clock. The texts are the values of `clock`
 * in a database. */
#define SYNFIX_CLOCKS(X)                                                                                     \
    X(UNKNOWN, 0, "unknown")                                                                                 \
    X(BOOT, 1, "boot") /* 0 or a constant at boot: the timestamps show the uptime */                         \
    X(HOST, 2, "host") /* a random number for each peer: a single connection does not show the uptime */     \
    X(CONNECTION, 3,                                                                                         \
      "connection")  /* a random number for each connection: the timestamps do not show the uptime */        \
    X(OFF, 4, "off") /* not sent */

#define SYNFIX_CLOCK_ENUM(identifier, number, text) SYNFIX_CLOCK_##identifier = (number),
/** Numbers of SYNFIX_CLOCKS. */
typedef enum synfix_clock { SYNFIX_CLOCKS(SYNFIX_CLOCK_ENUM) } synfix_clock_t;
#undef SYNFIX_CLOCK_ENUM

/** Frequencies that a label may have. */
#define SYNFIX_CLOCK_RATES_MAX 4

/** The levels of a label's path. */
typedef enum synfix_level {
    SYNFIX_LEVEL_NONE,
    SYNFIX_LEVEL_CLASS,      /* `unix` */
    SYNFIX_LEVEL_FAMILY,     /* `Linux` */
    SYNFIX_LEVEL_GENERATION, /* `Linux 4.20 or newer` */
    SYNFIX_LEVEL_VERSION,    /* the label of the entry */
} synfix_level_t;

/** Maximum number of alternative labels in a match. */
#define SYNFIX_OTHERS_MAX 3

/** The answer of a database for one signature. */
typedef struct synfix_match {
    uint8_t kind;            /* synfix_match_kind_t */
    uint8_t quality;         /* 0 to 100, percent; 0 when there is no match */
    uint8_t candidate_count; /* number of different labels that fit equally well (same kind of match, no lower
                                quality), the best label included; 0 without match */
    uint8_t distance;        /* routers, computed from initial_ttl */
    uint8_t initial_ttl;     /* initial TTL of the entry; guessed without an entry or with a fuzzy TTL */
    bool random_ttl;         /* the entry's TTL is random: distance is an upper bound */
    bool excess_distance;    /* distance over SYNFIX_DISTANCE_MAX */
    bool tool;
    const synfix_label_t *label; /* NULL when there is no match; lives as long as the database */
    uint32_t entry;              /* index of the winning entry in its database; meaningful with a label */
    /* alternative labels in database order; NULL after the last one */
    const synfix_label_t *others[SYNFIX_OTHERS_MAX];
    uint8_t family_quality; /* 0 to 100, percent: certainty of the family of the label; 0 without match */
    uint8_t level;          /* synfix_level_t: depth of the answer in the label's path */
    bool uses_offers;       /* a SYN with other options could have another match */
    uint8_t fuzziness; /* distance between signature and entry; 0 unless the entry is of synfix's grammar and
                          the match is fuzzy */
    uint8_t clock;     /* synfix_clock_t: of the label's stack */
    uint8_t clock_rate_count;
    uint16_t clock_hertz[SYNFIX_CLOCK_RATES_MAX]; /* frequencies that the stack uses */
} synfix_match_t;

#ifdef __cplusplus
}
#endif

#endif
