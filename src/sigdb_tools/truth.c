/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Whether an answer is right for a system with a known name. */
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/family_names.h"
#include "sigdb_tools/sigdb_tools.h"

const char *sigdb_family(const char *name)
{
    static const struct {
        const char *start;
        const char *family;
    } families[] = {
        {"Linux", "Linux"},     {"Android", "Linux"},   {"ChromeOS", "Linux"},  {"Chrome OS", "Linux"},
        {"dropbear", "Linux"},  {"Ubuntu", "Linux"},    {"Debian", "Linux"},    {"Windows CE", "Windows CE"},
        {"Windows", "Windows"}, {"Mac", "Apple"},       {"iOS", "Apple"},       {"iPad", "Apple"},
        {"iPhone", "Apple"},    {"Darwin", "Apple"},    {"Cisco", "Cisco"},     {"HP-UX", "HP-UX"},
        {"nmap", "NMap"},       {"FreeBSD", "FreeBSD"}, {"OpenBSD", "OpenBSD"}, {"NetBSD", "NetBSD"},
        {"F5", "F5"},           {"Big-IP", "F5"},       {"Solaris", "Solaris"}, {"SunOS", "Solaris"},
        {"PC-BSD", "FreeBSD"},  {"gVisor", "Linux"},    {"zmap", "ZMap"},       {"Baidu", "Linux"},
        {"VMware", "VMware"},   {"Apple", "Apple"},     {"illumos", "Solaris"}, {"OpenIndiana", "Solaris"},
    };
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (ascii_begin_equal(name, families[i].start, strlen(families[i].start))) {
            return families[i].family;
        }
    }
    return name;
}

bool sigdb_is_undecided(const char *name)
{
    return ascii_begin_equal(name, "Proxy", 5);
}

bool sigdb_is_embedded(const char *name)
{
    static const char *const names[] = {
        "embedded",    "Cisco",      "Siemens",    "Rockwell", "VxWorks",   "QNX",   "lwIP",
        "Juniper",     "F5",         "HP",         "printer",  "FortiGate", "PLC",   "Nintendo",
        "PlayStation", "FreeRTOS",   "Windows CE", "picoTCP",  "Zephyr",    "NuttX", "uIP",
        "NetX",        "CycloneTCP", "RIOT",       "wolfIP",   "Mongoose",  "lneto",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const size_t length = strlen(names[i]);
        if (ascii_begin_equal(name, names[i], length) && !ascii_begin_equal(name, "HP-UX", 5)) {
            return true;
        }
    }
    return false;
}

bool sigdb_names_one_family(const char *name)
{
    const char *first = sigdb_family(name);
    if (sigdb_is_undecided(name)) {
        return true;
    }
    for (const char *next = family_names_next(name); next != NULL; next = family_names_next(next)) {
        if (strcmp(sigdb_family(next), first) != 0) {
            return false;
        }
    }
    return true;
}

/* One of the families of an answer is @p wanted. */
static bool names(const synfix_label_t *label, const char *wanted)
{
    for (const char *name = label->name; name != NULL; name = family_names_next(name)) {
        if (strcmp(sigdb_family(name), wanted) == 0) {
            return true;
        }
    }
    return false;
}

bool sigdb_is_desktop(const synfix_label_t *label)
{
    return !label->tool && (names(label, "Windows") || names(label, "Apple"));
}

static const char *class_of(const char *name)
{
    static const char *const unix_families[] = {
        "Linux",   "Apple", "FreeBSD", "OpenBSD", "NetBSD", "DragonFly",
        "Solaris", "AIX",   "HP-UX",   "Tru64",   "IRIX",   "SCO",
    };
    const char *family = sigdb_family(name);
    for (size_t i = 0; i < sizeof unix_families / sizeof unix_families[0]; i++) {
        if (ascii_equal(family, unix_families[i])) {
            return "unix";
        }
    }
    return strcmp(family, "Windows") == 0 ? "win" : "other";
}

bool sigdb_class_is_right(const synfix_label_t *label, const char *truth)
{
    return strcmp(label->os_class, class_of(truth)) == 0 || sigdb_label_outcome(label, truth) == SIGDB_RIGHT;
}

/* Whether one family, at the start of @p name, is that of the system, as an exact name or as a class. */
static bool is_right(const char *name, const char *truth)
{
    char family[64];
    (void)snprintf(family, sizeof family, "%.*s", (int)family_names_first(name), name);
    if (ascii_equal(sigdb_family(family), sigdb_family(truth))) {
        return true;
    }
    /* A class of systems is right for each system of the class. */
    return sigdb_is_embedded(truth) && ascii_begin_equal(family, "Embedded", 8);
}

/* The truth `embedded` may be any device, and many devices run Linux. */
static sigdb_outcome_t outcome_of_device(const synfix_label_t *label)
{
    if (names(label, "Linux")) {
        return SIGDB_UNDECIDED;
    }
    bool embedded = strcmp(label->os_class, "other") == 0;
    for (const char *name = label->name; name != NULL; name = family_names_next(name)) {
        embedded = embedded || sigdb_is_embedded(name);
    }
    return embedded ? SIGDB_RIGHT : SIGDB_WRONG;
}

sigdb_outcome_t sigdb_label_outcome(const synfix_label_t *label, const char *truth)
{
    if (label == NULL) {
        return SIGDB_UNDECIDED;
    }
    if (sigdb_is_undecided(label->name)) {
        return sigdb_is_undecided(truth) ? SIGDB_RIGHT : SIGDB_UNDECIDED;
    }
    for (const char *name = label->name; name != NULL; name = family_names_next(name)) {
        if (is_right(name, truth)) {
            return SIGDB_RIGHT;
        }
    }
    return ascii_equal(truth, "embedded") && !label->tool ? outcome_of_device(label) : SIGDB_WRONG;
}
