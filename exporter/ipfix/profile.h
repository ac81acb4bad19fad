/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file profile.h
 * A profile: a list of elements, and the templates for each kind of observation that follow from the list. A
 * profile file has one element in each line (`name`, `PEN/ID`, or `name[4]` for a 64-bit counter with
 * reduced-size encoding; `#` begins a comment) under `[observation]`, `[uptime]` and
 * `[host-change]`. An element of one IP version
 * (sourceIPv4Address, flowLabelIPv6) is part of the templates of that version only. An element of
 * tunnels (encapsulationKind, outerSourceIPv4Address) is part of the templates of tunnelled packets only, and
 * an element with `untunnelled` after its name of the other templates only. One list therefore serves all
 * templates.
 */
#ifndef EXPORTER_IPFIX_PROFILE_H
#define EXPORTER_IPFIX_PROFILE_H

#include "exporter/information_model/information_model.h"
#include <stdbool.h>
#include <stdint.h>
#include <synfix/observation.h>
#include <synfix/status.h>

/** Templates of one profile: (observation, uptime, host change) x (IPv4, IPv6) x (plain, outer IPv4,
 * outer IPv6). */
#define IPFIX_VARIANTS   18u
#define IPFIX_LISTS      3u /* observation, uptime, host change: six templates each */
#define IPFIX_TUNNELS    3u /* adjacent variants that differ by the tunnel only, plain first */
#define IPFIX_FIELDS_MAX 96u

/**
 * First id of data templates: far above 256, to avoid the ids of options templates and of other exporters.
 */
#define IPFIX_TEMPLATE_ID_FIRST 1024u
#define IPFIX_TEMPLATE_ID_LAST  65023u

typedef struct ipfix_template {
    uint16_t id; /* 0: no template (a profile without [uptime]) */
    bool uptime;
    bool host_change;
    uint8_t ip_version;    /* 4 or 6 */
    uint8_t outer_version; /* 0 not tunnelled, else 4 or 6 */
    uint16_t field_count;
    const ipfix_element_t *fields[IPFIX_FIELDS_MAX];
    uint16_t lengths[IPFIX_FIELDS_MAX]; /* length in the template: shorter than the type for name[4] (RFC 7011
                                           section 6.2) */
} ipfix_template_t;

typedef struct ipfix_profile {
    char *name;
    const ipfix_model_t *model; /* must outlive the profile */
    bool label_table;           /* osLabelId without osLabel: the label table is required */
    ipfix_template_t templates[IPFIX_VARIANTS];
} ipfix_profile_t;

/**
 * Loads the profile @p name (`full`, `compact`, `iana`; with `/` or `.` in the name, the path of a file) from
 * @p directory (NULL: the shipped one). @p compat_cert adds the elements of CERT that its tools expect. On
 * failure returns SYNFIX_INVALID and `file:line: reason`. The id of a template is a function of its content.
 * When two different templates of the profile have the same id, the second one gets the next free id.
 * ipfix_profile_free the result.
 */
synfix_status_t ipfix_profile_load(const ipfix_model_t *model, const char *directory, const char *name,
                                   bool compat_cert, ipfix_profile_t **profile,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;
void ipfix_profile_free(ipfix_profile_t *profile);

/**
 * Appends @p elements to the templates of SYN, SYN+ACK and uptime records, whose ids follow the new content.
 * False: a template has no room for them; nothing changed.
 */
bool ipfix_profile_append(ipfix_profile_t *profile, const ipfix_element_t *const *elements, unsigned count);

/** Removes the templates of host changes: for a run without such records. */
void ipfix_profile_drop_host_changes(ipfix_profile_t *profile);

/** Returns the SHA-256 of the elements and lengths of a template in hexadecimal. g_free the result. */
char *ipfix_template_digest(const ipfix_template_t *template);

/**
 * Returns the first 64 bits of the SHA-256 over all field lists and ids: a different content has a different
 * number.
 */
uint64_t ipfix_profile_digest(const ipfix_profile_t *profile);

/** The template index of a plain observation. */
#define IPFIX_VARIANT_PLAIN 0u

/** Returns the template index of an observation. The template may have id 0. */
unsigned ipfix_variant(const synfix_observation_t *observation);

#endif
