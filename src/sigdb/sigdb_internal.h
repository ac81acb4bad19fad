/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sigdb_internal.h
 * Structures of a database. They are written while it is loaded, and read-only after synfix_sigdb_finish().
 */
#ifndef SIGDB_SIGDB_INTERNAL_H
#define SIGDB_SIGDB_INTERNAL_H

#include <stdatomic.h>
#include <synfix/sigdb.h>

#include "signature/text_scanner.h"

enum {
    SIGDB_RANGES_MAX = 6, /* alternatives of one field */
    SIGDB_EXTRAS_MAX = 8, /* further labels of one entry */
};

/** Numbers from low to high. */
typedef struct sigdb_range {
    uint16_t low;
    uint16_t high;
} sigdb_range_t;

/** Alternatives; none means any number. */
typedef struct sigdb_set {
    uint8_t count;
    sigdb_range_t ranges[SIGDB_RANGES_MAX];
} sigdb_set_t;

typedef enum sigdb_window_kind {
    SIGDB_WINDOW_PLAIN,   /* low to high */
    SIGDB_WINDOW_MSS,     /* multiple of the MSS as extraction computes it, low to high */
    SIGDB_WINDOW_MTU,     /* the same of the MTU */
    SIGDB_WINDOW_MODULUS, /* a multiple of low */
    SIGDB_WINDOW_FIT,     /* largest multiple of the MSS that is not above low */
    SIGDB_WINDOW_REACH,   /* smallest multiple of the MSS that is not below low */
} sigdb_window_kind_t;

typedef struct sigdb_window {
    uint8_t kind;
    uint16_t low;
    uint16_t high;
} sigdb_window_t;

/** Timestamp clock of a stack. */
typedef struct sigdb_clock {
    uint8_t policy; /* synfix_clock_t */
    uint8_t count;  /* of hertz */
    uint16_t hertz[SYNFIX_CLOCK_RATES_MAX];
    uint32_t source; /* offset in strings; 0 none */
} sigdb_clock_t;

/** One layout of a `sig` line. */
typedef struct sigdb_entry {
    uint32_t label;       /* index of labels */
    uint32_t extra_first; /* index of extras */
    uint32_t line;        /* in its file, from 1 */
    uint32_t file;        /* index of files */
    uint32_t text;        /* offset of the sig's text in strings */
    uint32_t evidence;    /* offset in strings; 0 none */
    uint32_t date;        /* offset in strings; 0 none */
    uint32_t quirks;      /* required */
    uint32_t soft_quirks; /* allowed */
    uint16_t olen;
    uint8_t extra_count;
    uint8_t direction;
    uint8_t offered;     /* SYNFIX_OFFER_*: the SYN must have offered these */
    uint8_t not_offered; /* and none of these */
    bool own;            /* of synfix's grammar */
    bool never_fuzzy;
    uint8_t family_quality; /* 0: that of the label */
    uint8_t class_quality;  /* 0: that of the family */
    uint8_t generation_quality;
    uint32_t generation; /* index of labels + 1; 0 none */
    sigdb_clock_t clock;
    bool generic;    /* its label's type */
    uint8_t version; /* 4, 6, 0 any */
    uint8_t ttl;     /* initial TTL, or the maximum of a random one */
    bool random_ttl;
    bool ttl_rewritable;    /* may be altered by the path */
    bool timestamps_nopped; /* also with its timestamps overwritten by NOPs */
    uint8_t payload;        /* 0, 1, 2 any */
    uint8_t quality;        /* of an exact match; 0 default */
    uint8_t window_count;   /* 0 any */
    sigdb_window_t windows[SIGDB_RANGES_MAX];
    sigdb_set_t mss;
    sigdb_set_t scale;
    text_layout_t layout;
} sigdb_entry_t;

typedef struct sigdb_extra {
    uint32_t label;
    uint8_t weight; /* percent */
} sigdb_extra_t;

/** Texts are offsets in strings. */
typedef struct sigdb_label {
    char type;
    bool tool;
    uint32_t id;
    uint32_t os_class;
    uint32_t name;
    uint32_t flavor;
    uint32_t text;
    uint32_t key; /* type:class:name:flavor */
    /* When finished: index of the label of this type, class and name without flavor, and of that without name
     */
    uint32_t family;
    uint32_t class_only;
} sigdb_label_t;

typedef struct sigdb_mtu {
    uint32_t mtu;
    uint32_t order;
    uint32_t text;
    uint32_t line; /* in its file, from 1 */
    uint32_t file; /* index of files */
} sigdb_mtu_t;

enum { SIGDB_WINDOW_ANY = SIGDB_WINDOW_MTU + 1 }; /* of a record: the window is not tested */

/** An entry, or its form with NOPs, in the chain of its index key: one record for each of its windows. Most
 * records of a chain are excluded by quirks or window, without the entry. */
typedef struct sigdb_index_node {
    uint64_t key;
    uint32_t entry;
    uint32_t next;           /* record + 1; 0 ends */
    uint32_t quirks;         /* a signature without all of these does not fit */
    uint32_t refused_quirks; /* neither does one with any of these */
    uint16_t window_low;
    uint16_t window_span; /* from low to high */
    uint8_t window_kind;  /* the number that is in the range: SIGDB_WINDOW_PLAIN, MSS, MTU or ANY */
    bool timestamps_nopped;
} sigdb_index_node_t;

_Static_assert(sizeof(sigdb_index_node_t) == 32, "two in a cache line");

/** Entries of one direction, layout, padding and length of IP options. */
typedef struct sigdb_index_group {
    uint64_t key;
    uint16_t masks; /* bit M: there are entries that name the fields of mask M; 0: no group here */
} sigdb_index_group_t;

typedef struct sigdb_index {
    sigdb_index_node_t *records;
    uint32_t record_count;
    uint32_t head_mask;
    uint32_t *heads;             /* record + 1 */
    sigdb_index_group_t *groups; /* hash table, at most half full */
    uint32_t group_count;
    uint32_t group_mask;
} sigdb_index_t;

/** A growing array; `count` elements in use. */
typedef struct sigdb_array {
    void *items;
    uint32_t count;
    uint32_t capacity;
} sigdb_array_t;

struct synfix_sigdb {
    atomic_uint references;
    bool finished;
    uint64_t generation;
    sigdb_array_t strings;     /* char; offset 0 is the empty text */
    sigdb_array_t entries;     /* sigdb_entry_t */
    sigdb_array_t extras;      /* sigdb_extra_t */
    sigdb_array_t labels;      /* sigdb_label_t */
    sigdb_array_t mtus;        /* sigdb_mtu_t; sorted when finished */
    sigdb_array_t files;       /* uint32_t, offsets of paths */
    uint32_t version;          /* offset in strings */
    uint8_t min_quality;       /* of a match; 0 to 100 */
    bool has_own;              /* entries of synfix's grammar */
    uint64_t added_options[4]; /* bit K: a path or a socket adds option K (kinds 0 to 255) */
    uint32_t entry_count[2];   /* `sig` lines by direction */
    uint32_t *label_slots;     /* hash table of labels: index + 1 */
    uint32_t label_slot_count;
    uint32_t label_count;          /* when finished: of the files; after them are labels of families */
    synfix_label_t *public_labels; /* when finished */
    sigdb_index_t index;
};

/** Room for @p more items of @p size bytes, counted; NULL without memory. */
void *sigdb_array_add(sigdb_array_t *array, size_t size, size_t more);

/** Makes room for about @p more items, so that the array is not copied as it grows. A hint: may do nothing.
 */
void sigdb_array_reserve(sigdb_array_t *array, size_t size, size_t more);

/** Copies a slice with an end; its offset, 0 without memory. */
uint32_t sigdb_store_text(synfix_sigdb_t *sigdb, const char *text, size_t length);

static inline const char *sigdb_text(const synfix_sigdb_t *sigdb, uint32_t offset)
{
    return (const char *)sigdb->strings.items + offset;
}

static inline const sigdb_entry_t *sigdb_entry(const synfix_sigdb_t *sigdb, uint32_t index)
{
    return (const sigdb_entry_t *)sigdb->entries.items + index;
}

static inline const sigdb_label_t *sigdb_label_at(const synfix_sigdb_t *sigdb, uint32_t index)
{
    return (const sigdb_label_t *)sigdb->labels.items + index;
}

static inline bool sigdb_set_holds(const sigdb_set_t *set, uint32_t value)
{
    for (unsigned i = 0; i < set->count; i++) {
        if (value >= set->ranges[i].low && value <= set->ranges[i].high) {
            return true;
        }
    }
    return set->count == 0;
}

/** Adds a file's text; on failure the database may hold parts of it, which the caller cuts off again. */
synfix_status_t sigdb_read_file(synfix_sigdb_t *sigdb, const char *name, const char *text, size_t length,
                                synfix_error_t *error);

/** Reads the text of a `sig`; @p extended allows synfix's grammar. NULL, or a constant reason. */
const char *sigdb_entry_parse(const char *text, size_t length, bool extended, sigdb_entry_t *entry);

/** How an entry with the layout's timestamps overwritten looks. Whether there are any and it fits. */
bool sigdb_layout_nopped(const text_layout_t *layout, text_layout_t *timestamps_nopped);

/** Builds the index of all entries. SYNFIX_NO_MEMORY. */
synfix_status_t sigdb_index_build(synfix_sigdb_t *sigdb);
/** Frees the tables of the index. */
void sigdb_index_free(sigdb_index_t *index);

/** Calls @p visit for each record that may be comparable to @p signature: with its key, and with quirks and
 * a window that do not exclude it. */
typedef void (*sigdb_visit_t)(void *context, uint32_t entry, bool timestamps_nopped);
void sigdb_index_visit(const sigdb_index_t *index, synfix_direction_t direction,
                       const synfix_signature_t *signature, sigdb_visit_t visit, void *context);

/** Mismatches that exclude an entry, or make it fuzzy. */
typedef enum sigdb_mismatch {
    SIGDB_MISMATCH_NOTHING,
    SIGDB_MISMATCH_LAYOUT,
    SIGDB_MISMATCH_IP_OPTIONS_LENGTH,
    SIGDB_MISMATCH_VERSION,
    SIGDB_MISMATCH_MSS,
    SIGDB_MISMATCH_WINDOW,
    SIGDB_MISMATCH_SCALE,
    SIGDB_MISMATCH_PAYLOAD,
    SIGDB_MISMATCH_QUIRKS,
    SIGDB_MISMATCH_TTL,
    SIGDB_MISMATCH_REQUEST,
    SIGDB_MISMATCH_DISTANCE,
    SIGDB_MISMATCH_GRAMMAR,
} sigdb_mismatch_t;

/** How well an entry fits: lower is better. */
typedef enum sigdb_tier {
    SIGDB_TIER_EXACT,
    SIGDB_TIER_GENERIC,
    SIGDB_TIER_FUZZY,
    SIGDB_TIER_NONE,
} sigdb_tier_t;

/** Changes on the path, and the cost of each: the parts of a distance (sigdb/README.md). */
typedef enum sigdb_part {
    SIGDB_PART_TTL,
    SIGDB_PART_DF,
    SIGDB_PART_ID,
    SIGDB_PART_ECN,
    SIGDB_PART_NOPS,
    SIGDB_PART_MSS,
    SIGDB_PARTS,
} sigdb_part_t;

enum {
    SIGDB_COST_TTL = 2,       /* of the same class, but not in range */
    SIGDB_COST_TTL_CLASS = 4, /* of another class, if the entry permits it */
    SIGDB_COST_DF = 2,
    SIGDB_COST_ID = 1,
    SIGDB_COST_ECN = 1,
    SIGDB_COST_NOPS = 2,
    SIGDB_COST_MSS = 2,
    SIGDB_DISTANCE_MAX = 5,        /* beyond it nothing fits */
    SIGDB_MSS_CLAMPED_MIN = 536,   /* no path clamps an MSS to less (RFC 9293 3.7.1) */
    SIGDB_PERCENT_OF_DISTANCE = 8, /* of the quality, for each unit */
};

typedef struct sigdb_comparison {
    sigdb_tier_t tier;
    sigdb_mismatch_t mismatch; /* why it is fuzzy or none */
    bool ttl_in_range;
    uint8_t distance; /* sum of parts; 0 unless fuzzy and of synfix's grammar */
    uint8_t parts[SIGDB_PARTS];
} sigdb_comparison_t;

/** An observation to compare, possibly as it was before a path altered it. */
typedef struct sigdb_query {
    const synfix_signature_t *signature;
    uint8_t offers;   /* SYNFIX_OFFER_* of the SYN that is answered; without SYNFIX_OFFER_SEEN not known */
    bool mss_clamped; /* the signature has an MSS that the sender may have had before it was clamped */
    bool own_only;    /* the signature was changed: entries of p0f's grammar do not know that */
} sigdb_query_t;

/** Fills in @p fit. (A result by value would be assembled in memory, which costs as much as the comparison.)
 */
void sigdb_compare(const sigdb_entry_t *entry, bool timestamps_nopped, const sigdb_query_t *query,
                   sigdb_comparison_t *fit);

/** The quirks that make the tier of sigdb_compare NONE if a signature lacks one of @p required or has one of
 * @p refused, whatever its IP version. */
void sigdb_excluding_quirks(const sigdb_entry_t *entry, bool timestamps_nopped, uint32_t *required,
                            uint32_t *refused);

/**
 * Sets distance and parts of @p fit (whose ttl_in_range is set) and, unless the distance is too long, its
 * tier.
 * @p difference: the quirks that differ, all of which a network may alter. Parts are set only here.
 */
void sigdb_distance(const sigdb_entry_t *entry, bool timestamps_nopped, const sigdb_query_t *query,
                    uint32_t difference, sigdb_comparison_t *fit);

/** The @p query by which @p signature found its entry: about itself, which is also so when nothing fits, or
 * about what @p changed is set to. */
void sigdb_chosen_query(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                        const synfix_signature_t *signature, uint8_t offers, sigdb_query_t *query,
                        synfix_signature_t *changed);

/** Makes @p match less deep until its quality is that of synfix_sigdb_set_min_quality. */
void sigdb_limit(const synfix_sigdb_t *sigdb, synfix_match_t *match);

/** MSS that senders on usual links have, which a path may clamp; 0 ends. */
extern const uint16_t sigdb_usual_mss[];

/** Gives @p signature the MSS @p mss, and its window the multiple that it then has. */
void sigdb_with_mss(const synfix_signature_t *signature, uint16_t mss, synfix_signature_t *changed);

/** Added options of a signature that have their own number of NOPs; further ones have that of the last. */
#define SIGDB_ADDED_VARIED 2

/** Number of options of @p signature in @p added (a bit for each kind). */
unsigned sigdb_count_added(const synfix_signature_t *signature, const uint64_t added[4]);

/**
 * The layout of @p signature without the options of @p added, and the end of the options aligned again. A
 * stack aligns its options by NOPs, and an added option needs further NOPs or replaces some. @p nops (-3 to
 * 3) NOPs are removed after each added option, or before it if it is the first option; a negative number of
 * NOPs is inserted. False without added options, or if there are fewer NOPs.
 */
bool sigdb_without_added(const synfix_signature_t *signature, const uint64_t added[4],
                         const int nops[SIGDB_ADDED_VARIED], synfix_signature_t *changed);

#endif
