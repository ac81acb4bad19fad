/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Whether an answer is right for a system with a known name. */
#include <string.h>
#include <strings.h>

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
        if (strncasecmp(name, families[i].start, strlen(families[i].start)) == 0) {
            return families[i].family;
        }
    }
    return name;
}

bool sigdb_is_undecided(const char *name)
{
    return strncasecmp(name, "Proxy", 5) == 0;
}

bool sigdb_is_embedded(const char *name)
{
    static const char *const names[] = {
        "embedded",    "Cisco",    "Siemens",    "Rockwell", "VxWorks",   "QNX", "lwIP",
        "Juniper",     "F5",       "HP",         "printer",  "FortiGate", "PLC", "Nintendo",
        "PlayStation", "FreeRTOS", "Windows CE", "picoTCP",  "Zephyr",    "uIP", "NetX",
        "CycloneTCP",  "RIOT",     "wolfIP",     "Mongoose",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const size_t length = strlen(names[i]);
        if (strncasecmp(name, names[i], length) == 0 && strncasecmp(name, "HP-UX", 5) != 0) {
            return true;
        }
    }
    return false;
}

bool sigdb_is_desktop(const synfix_label_t *label)
{
    const char *family = sigdb_family(label->name);
    return !label->tool && (strcmp(family, "Windows") == 0 || strcmp(family, "Apple") == 0);
}

static const char *class_of(const char *name)
{
    static const char *const unix_families[] = {
        "Linux",   "Apple", "FreeBSD", "OpenBSD", "NetBSD", "DragonFly",
        "Solaris", "AIX",   "HP-UX",   "Tru64",   "IRIX",   "SCO",
    };
    const char *family = sigdb_family(name);
    for (size_t i = 0; i < sizeof unix_families / sizeof unix_families[0]; i++) {
        if (strcasecmp(family, unix_families[i]) == 0) {
            return "unix";
        }
    }
    return strcmp(family, "Windows") == 0 ? "win" : "other";
}

bool sigdb_class_is_right(const synfix_label_t *label, const char *truth)
{
    return strcmp(label->os_class, class_of(truth)) == 0 || sigdb_label_outcome(label, truth) == SIGDB_RIGHT;
}

sigdb_outcome_t sigdb_label_outcome(const synfix_label_t *label, const char *truth)
{
    if (label == NULL) {
        return SIGDB_UNDECIDED;
    }
    if (sigdb_is_undecided(label->name)) {
        return sigdb_is_undecided(truth) ? SIGDB_RIGHT : SIGDB_UNDECIDED;
    }
    if (strcasecmp(sigdb_family(label->name), sigdb_family(truth)) == 0) {
        return SIGDB_RIGHT;
    }
    /* A class of systems is right for each system of the class. */
    if (sigdb_is_embedded(truth) && strncasecmp(label->name, "Embedded", 8) == 0) {
        return SIGDB_RIGHT;
    }
    /* The truth `embedded` may be any device, and many devices run Linux. */
    if (strcasecmp(truth, "embedded") == 0 && !label->tool) {
        if (strcmp(sigdb_family(label->name), "Linux") == 0) {
            return SIGDB_UNDECIDED;
        }
        return strcmp(label->os_class, "other") == 0 || sigdb_is_embedded(label->name) ? SIGDB_RIGHT
                                                                                       : SIGDB_WRONG;
    }
    return SIGDB_WRONG;
}
