/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Labels from the names that other programs give to systems. */
#include "sigdb_tools/convert_internal.h"

#include <string.h>

#include "base/ascii.h"
#include "sigdb_tools/sigdb_tools.h"

static const char *class_of(const char *name)
{
    static const char *const unixes[] = {"Linux",   "Apple", "FreeBSD", "OpenBSD", "NetBSD",
                                         "Solaris", "HP-UX", "AIX",     "IRIX",    "Tru64",
                                         "BSD",     "SunOS", "Android", "iOS",     "macOS"};
    const char *family = sigdb_family(name);
    if (strcmp(family, "Windows") == 0) {
        return "win";
    }
    for (size_t i = 0; i < sizeof unixes / sizeof unixes[0]; i++) {
        if (strncmp(family, unixes[i], strlen(unixes[i])) == 0) {
            return "unix";
        }
    }
    return "other";
}

void convert_clean(const char *from, size_t length, char unwanted, char *to, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < length && used + 1 < size; i++) {
        const unsigned char byte = (unsigned char)from[i];
        if (from[i] != unwanted) {
            to[used++] = byte < ' ' || byte > '~' ? '?' : (char)byte;
        }
    }
    to[used] = '\0';
}

void convert_make_label(char type, const char *name, const char *flavor, char *label)
{
    /* a database permits 95 bytes of name and flavor together */
    (void)snprintf(label, CONVERT_LABEL_SIZE, "%c:%s:%.60s:%.33s", type, class_of(name), name, flavor);
}

void convert_label_p0f2(const char *rest, char *label)
{
    char name[CONVERT_NAME_SIZE];
    char flavor[CONVERT_NAME_SIZE];
    const char type = *rest == '@' ? 'g' : 's';
    while (*rest == '@' || *rest == '-' || *rest == '*') {
        rest++;
    }
    const size_t length = strcspn(rest, ":");
    convert_clean(rest, length, ':', name, sizeof name);
    convert_clean(rest + length, strlen(rest + length), ':', flavor, sizeof flavor);
    convert_make_label(type, *name != '\0' ? name : "Unnamed", flavor, label);
}

bool convert_label_list(const char *rest, char *label)
{
    char name[CONVERT_NAME_SIZE];
    rest += strspn(rest, "\",; \t}");
    if (strncmp(rest, "os_hint_", 8) == 0) {
        rest += 8;
    }
    const size_t length = strcspn(rest, "\",;}");
    convert_clean(rest, length, ':', name, sizeof name);
    for (size_t end = strlen(name); end > 0 && ascii_is_blank(name[end - 1]); end--) {
        name[end - 1] = '\0';
    }
    if (*name == '\0') {
        return false;
    }
    convert_make_label('s', name, "", label);
    return true;
}
