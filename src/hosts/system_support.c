/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hosts/system_support.h"

#include "base/clock.h"
#include "base/decimal.h"
#include <stdbool.h>
#include <string.h>

/* Windows 95: informationweek.com, "Microsoft Extends Support For Earlier Editions Of Windows", January 2004.
 * Mac OS 9: Wikipedia, "Mac OS 9". BeOS: Be, Inc. sold its technology to Palm, which did not continue the
 * system (osnews.com, August 2001; arstechnica.com, "Zeta 1.0", August 2005, for the month). */
static const system_support_t table[] = {
    {"Windows", "95 to XP", 2001, "2014-04", "2001-12"},
    {"Windows", "XP or Server 2003", 2003, "2015-07", "2014-04"},
    {"Windows", "XP or newer, without window scaling", 2025, NULL, "2014-04"},
    {"Windows", "7 to 8.1, Server 2008 to 2012 R2", 2013, "2023-10", "2020-01"},
    {"Windows", "7 to 10 1607, Server 2008 to 2016", 2016, "2027-01", "2020-01"},
    {"Windows", "7 to 11", 2021, NULL, "2020-01"},
    {"Windows", "7 to 11, options rewritten in transit", 2021, NULL, "2020-01"},
    {"Windows", "10 or 11", 2021, NULL, "2025-10"},
    {"Windows", "10 or 11, Server 2016 or newer", 2024, NULL, "2025-10"},
    {"Windows CE", "6", 2006, "2018-04", NULL},
    {"macOS", "10.2 or 10.3 (Mac OS X)", 2003, "2007-11", "2005-01"},
    {"macOS", "10.4 to 10.7 (Mac OS X)", 2011, "2014", "2009-09"},
    {"macOS", "10.8 or 10.9 (Mac OS X)", 2013, "2016", "2015-08"},
    {"Mac OS", "classic", 1999, "2002-02", NULL},
    {"Linux", "2.4 or 2.6", 2011, "2020-11", "2011-12"},
    {"Linux", "2.6.39 to 3.10", 2013, "2024-06", "2011-08"},
    {"Linux", "3.11 to 4.19", 2018, "2029-05", "2013-11"},
    {"FreeBSD", "4 to 6", 2008, "2010-11", "2007-01"},
    {"FreeBSD or macOS", "(FreeBSD 4 or 5, Mac OS X 10.2 or 10.3)", 2006, "2008-05", "2005-01"},
    {"FreeBSD or macOS", "(FreeBSD 5.3 to 6, Mac OS X 10.4 to 10.7)", 2011, "2014", "2006-10"},
    {"FreeBSD or OpenBSD", "(FreeBSD 4, OpenBSD before 3.9)", 2005, "2007-01", NULL},
    {"FreeBSD", "7 to 10", 2017, "2018-10", "2013-02"},
    {"FreeBSD", "11 to 15", 2025, NULL, "2021-09"},
    {"NetBSD", "1.x or 2.0", 2004, "2008-08", "2006-05"},
    {"Solaris", "2.5 to 8", 2000, "2009-03", NULL},
    {"Solaris", "2.6 to 9", 2002, "2011-10", NULL},
    {"Solaris", "10", 2005, "2018-01", NULL},
    {"HP-UX", "10 or 11", 2007, "2025-12", NULL},
    {"HP-UX", "11", 2007, "2025-12", NULL},
    {"IRIX", "6", 2006, "2013-12", NULL},
    {"Tru64", "", 2004, "2012-12", NULL},
    {"BeOS", "5", 2000, "2001-11", NULL},
    {"OS/2", "4", 1996, "2006-12", NULL},
    {"Symbian", "", 2012, "2016", NULL},
    {"BlackBerry", "OS 5 to 7", 2011, "2022-01", NULL},
    {"VMware ESX", "6.5", 2016, "2022-10", NULL},
};

const system_support_t *system_support_at(size_t index)
{
    return index < sizeof table / sizeof table[0] ? &table[index] : NULL;
}

const system_support_t *system_support_find(const char *family, const char *flavor)
{
    const system_support_t *support = NULL;
    for (size_t i = 0; (support = system_support_at(i)) != NULL; i++) {
        if (strcmp(support->family, family) == 0 && strcmp(support->flavor, flavor) == 0) {
            return support;
        }
    }
    return NULL;
}

/* A date without a month is the end of its year. */
static bool is_past(const char *end, const char *now)
{
    return end != NULL && strncmp(end, now, strlen(end)) < 0;
}

support_status_t system_support_status(const system_support_t *support, int64_t time_ns)
{
    char now[CIVIL_TIME_LENGTH + 1] = "";
    if (support == NULL) {
        return SUPPORT_UNKNOWN;
    }
    (void)civil_time_put(now, time_ns / NS_PER_S, '-', 'T');
    if (is_past(support->newest_end, now)) {
        return SUPPORT_ENDED;
    }
    return is_past(support->oldest_end, now) ? SUPPORT_PARTLY : SUPPORT_UNKNOWN;
}

void system_support_format(const system_support_t *support, int64_t time_ns, char *text)
{
    char *at = text;
    switch (system_support_status(support, time_ns)) {
    case SUPPORT_ENDED:
        at = append_text(append_text(at, "ended "), support->newest_end);
        break;
    case SUPPORT_PARTLY:
        at = append_text(at, "ended in part");
        break;
    case SUPPORT_UNKNOWN:
        break;
    }
    *at = '\0';
}
