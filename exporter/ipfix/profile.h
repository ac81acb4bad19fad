/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file profile.h
 * A profile: a list of elements, and the templates that follow from it for each kind of observation.
 *
 * A profile file holds one element a line (`name`, `PEN/ID` or, for a counter of 64 bits in
 * fewer bytes, `name[4]`; `#` begins a comment) under `[observation]`
 * and `[uptime]`. An element that only one IP version has (sourceIPv4Address, flowLabelIPv6) goes into that
 * version's templates, one that only a tunnel has (encapsulationKind, outerSourceIPv4Address) into those of
 * tunnelled packets, so that one list serves for all.
 */
#ifndef EXPORTER_IPFIX_PROFILE_H
#define EXPORTER_IPFIX_PROFILE_H

#include "exporter/information_model/information_model.h"
#include <stdbool.h>
#include <stdint.h>
#include <synfix/observation.h>
#include <synfix/status.h>

/** Templates of one profile: (observation, uptime) x (IPv4, IPv6) x (plain, outer IPv4, outer IPv6). */
#define IPFIX_VARIANTS   12u
#define IPFIX_TUNNELS    3u /* neighbours that differ by the tunnel only, plain first */
#define IPFIX_FIELDS_MAX 96u

/** Ids of data templates begin well above 256, out of the way of the options templates and of other tools. */
#define IPFIX_TEMPLATE_ID_FIRST 1024u
#define IPFIX_TEMPLATE_ID_LAST  65023u

typedef struct ipfix_template {
    uint16_t id; /* 0: there is no such template (a profile without [uptime]) */
    bool uptime;
    uint8_t ip_version;    /* 4 or 6 */
    uint8_t outer_version; /* 0 not tunnelled, else 4 or 6 */
    uint16_t field_count;
    const ipfix_element_t *fields[IPFIX_FIELDS_MAX];
    uint16_t lengths[IPFIX_FIELDS_MAX]; /* as announced: shorter than the type for name[4] (RFC 7011 6.2) */
} ipfix_template_t;

typedef struct ipfix_profile {
    char *name;
    const ipfix_model_t *model; /* outlives the profile */
    bool label_table;           /* osLabelId without osLabel: the label table has to be sent */
    ipfix_template_t templates[IPFIX_VARIANTS];
} ipfix_profile_t;

/**
 * Loads the profile @p name (`full`, `compact`, `iana`; or with a `/` or `.` in it the path of a file) from
 * @p directory (NULL: the shipped one). @p compat_cert adds CERT's three elements. SYNFIX_INVALID with
 * `file:line: reason`. A template's id follows from its content; where two different ones of the profile
 * would get the same, the second gets the next. ipfix_profile_free it.
 */
synfix_status_t ipfix_profile_load(const ipfix_model_t *model, const char *directory, const char *name,
                                   bool compat_cert, ipfix_profile_t **profile,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;
void ipfix_profile_free(ipfix_profile_t *profile);

/** SHA-256 of a template's elements and lengths in hexadecimal; g_free it. */
char *ipfix_template_digest(const ipfix_template_t *template);

/** The first 64 bits of SHA-256 over all field lists and ids: other content, other number. */
uint64_t ipfix_profile_digest(const ipfix_profile_t *profile);

/** Index of the template of an observation; the template there may have id 0. */
unsigned ipfix_variant(const synfix_observation_t *observation);

#endif
