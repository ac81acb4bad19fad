/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_labels.h
 * Labels and link names as numbers. Each text is stored once and outlives its database or file.
 */
#ifndef HOSTS_HOST_LABELS_H
#define HOSTS_HOST_LABELS_H

#include "hosts/system_support.h"
#include <stdbool.h>
#include <stdint.h>
#include <synfix/match.h>

/** Number of the label `?`: no match, or the table is full. All its texts except `text` are empty. */
#define HOST_LABEL_UNKNOWN 0u

/** Maximum number of labels in one table. */
#define HOST_LABELS_LIMIT 65536u

/** Maximum size of a text in bytes with its NUL; longer texts are truncated. */
#define HOST_LABEL_TEXT_SIZE 128u

/** A label. Constant, valid as long as the table. Strings are UTF-8, never NULL. */
typedef struct host_label {
    uint32_t number;
    uint32_t family_number;          /* equal for labels of one family; 0 for none */
    uint32_t id;                     /* as in the database (synfix_label_t); 0 unknown */
    bool generic;                    /* type g */
    bool tool;                       /* class `!` */
    const char *os_class;            /* `unix`, `win`, `other`, `!`; empty for a link */
    const char *family;              /* `Linux` */
    const char *flavor;              /* `3.11 to 4.19`; may be empty */
    const char *text;                /* `Linux 3.11 to 4.19` */
    const system_support_t *support; /* NULL: not known */
    uint32_t clock; /* host_clock_pack() of the stack; 0 unknown. host_label_clock() reads it */
} host_label_t;

typedef struct host_labels host_labels_t;

/** Creates a table; NULL: out of memory. host_labels_free the result. */
host_labels_t *host_labels_new(void);
void host_labels_free(host_labels_t *labels);

/**
 * Returns the number of @p label, whose texts and type are copied; HOST_LABEL_UNKNOWN for NULL and if the
 * table is full. Any thread.
 */
uint32_t host_labels_add(host_labels_t *labels, const synfix_label_t *label);

/**
 * Returns the number of a text that is no label (the name of a link); HOST_LABEL_UNKNOWN for NULL. Any
 * thread.
 */
uint32_t host_labels_add_text(host_labels_t *labels, const char *text);

/** Returns how many labels had no room or no memory, and became HOST_LABEL_UNKNOWN. Any thread. */
uint64_t host_labels_refused(host_labels_t *labels);

/** Returns the timestamp clock of the label of @p match, as host_label_clock() has it. */
uint32_t host_clock_pack(const synfix_match_t *match);

/** Notes the timestamp clock of the label of @p number, host_clock_pack(); 0 changes nothing. Any thread. */
void host_labels_add_clock(host_labels_t *labels, uint32_t number, uint32_t clock);

/** Timestamp clock of a label: bits of HOST_CLOCK_RATE() and the start value (synfix_clock_t); 0 unknown. Any
 * thread. */
uint32_t host_label_clock(const host_label_t *label);

/** Returns the label of @p number, a result of host_labels_add. Never NULL. Any thread. */
const host_label_t *host_labels_at(const host_labels_t *labels, uint32_t number);

#endif
