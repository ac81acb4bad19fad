/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "sigdb_tools/convert.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sigdb/sigdb_internal.h"
#include "sigdb_tools/sigdb_tools.h"

enum { NAME_SIZE = 128, LABEL_SIZE = 320, CLASSES_SIZE = 512 };

static const char own_classes[] = "win,unix,other";

struct sigdb_converter {
    const synfix_sigdb_t *known;
    const char *label;
    synfix_direction_t direction;
    bool p0f3;                  /* sections of p0f v3 have begun: their lines are copied unchanged */
    bool http;                  /* in a section that cannot be represented */
    char name[NAME_SIZE];       /* system of satori's current test elements; empty: none */
    char classes[CLASSES_SIZE]; /* classes of p0f v3's labels; empty: none */
    char *texts[2];             /* by direction */
    size_t lengths[2];
    FILE *sections[2];
    char *as_it_is;
    size_t as_it_is_length;
    FILE *p0f3_lines;
    unsigned p0f3_count; /* `sig` lines of them */
    sigdb_converted_t counts;
};

static void close_all(sigdb_converter_t *converter)
{
    FILE *const files[] = {converter->sections[0], converter->sections[1], converter->p0f3_lines};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (files[i] != NULL) {
            (void)fclose(files[i]);
        }
    }
}

static void free_all(sigdb_converter_t *converter)
{
    free(converter->texts[0]);
    free(converter->texts[1]);
    free(converter->as_it_is);
    free(converter);
}

sigdb_converter_t *sigdb_converter_new(const synfix_sigdb_t *known, const char *label,
                                       synfix_direction_t direction)
{
    sigdb_converter_t *converter = calloc(1, sizeof *converter);
    if (converter == NULL) {
        return NULL;
    }
    converter->known = known;
    converter->label = label;
    converter->direction = direction;
    bool made = true;
    for (int i = 0; i < 2; i++) {
        converter->sections[i] = open_memstream(&converter->texts[i], &converter->lengths[i]);
        made = made && converter->sections[i] != NULL;
    }
    converter->p0f3_lines = open_memstream(&converter->as_it_is, &converter->as_it_is_length);
    if (made && converter->p0f3_lines != NULL) {
        return converter;
    }
    close_all(converter);
    free_all(converter);
    return NULL;
}

void sigdb_converter_next_file(sigdb_converter_t *converter)
{
    converter->p0f3 = false;
    converter->http = false;
    converter->name[0] = '\0';
}

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

/* Copies up to @p size - 1 bytes without those of @p unwanted; bytes that are not printable become `?`. */
static void clean(const char *from, size_t length, char unwanted, char *to, size_t size)
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

static void make_label(char type, const char *name, const char *flavor, char *label)
{
    /* a database takes 95 bytes of name and flavor together */
    (void)snprintf(label, LABEL_SIZE, "%c:%s:%.60s:%.33s", type, class_of(name), name, flavor);
}

/* `OS:details` after a p0f v2 signature; `@` and `-` mark groups and programs. */
static void label_of_p0f2(const char *rest, char *label)
{
    char name[NAME_SIZE];
    char flavor[NAME_SIZE];
    const char type = *rest == '@' ? 'g' : 's';
    while (*rest == '@' || *rest == '-' || *rest == '*') {
        rest++;
    }
    const size_t length = strcspn(rest, ":");
    clean(rest, length, ':', name, sizeof name);
    clean(rest + length, strlen(rest + length), ':', flavor, sizeof flavor);
    make_label(type, *name != '\0' ? name : "Unnamed", flavor, label);
}

/* The word after a fingerprint in a list: `", os_hint_linux }`, `,Android`. False: there is none. */
static bool label_of_list(const char *rest, char *label)
{
    char name[NAME_SIZE];
    rest += strspn(rest, "\",; \t}");
    if (strncmp(rest, "os_hint_", 8) == 0) {
        rest += 8;
    }
    const size_t length = strcspn(rest, "\",;}");
    clean(rest, length, ':', name, sizeof name);
    for (size_t end = strlen(name); end > 0 && isspace((unsigned char)name[end - 1]); end--) {
        name[end - 1] = '\0';
    }
    if (*name == '\0') {
        return false;
    }
    make_label('s', name, "", label);
    return true;
}

static void tell(sigdb_converter_t *converter, synfix_direction_t direction, const char *reason,
                 const char *sig, const char *label, const char *line)
{
    FILE *out = converter->sections[direction];
    char shown[LABEL_SIZE];
    sigdb_entry_t entry = {0};
    if (reason == NULL) { /* the source format may allow more, `S45535` */
        reason = sigdb_entry_parse(sig, strlen(sig), true, &entry);
    }
    if (reason == NULL) {
        converter->counts.converted++;
        fprintf(out, "label = %s\nsig = %s\n", label, sig);
        return;
    }
    converter->counts.refused++;
    clean(line, strlen(line), '\0', shown, sizeof shown);
    fprintf(out, "; not converted (%s): %s\n", reason, shown);
}

/* Returns the length of the value of an XML attribute; 0: no such attribute. */
static size_t attribute(const char *line, const char *name, const char **value)
{
    char wanted[32];
    (void)snprintf(wanted, sizeof wanted, " %s=\"", name);
    const char *found = strstr(line, wanted);
    *value = found == NULL ? "" : found + strlen(wanted);
    return strcspn(*value, "\"");
}

/* satori: a fingerprint element names the system, its test elements contain the signatures. */
static bool convert_satori(sigdb_converter_t *converter, const char *line)
{
    char sig[SIGDB_CONVERTED_SIZE];
    char label[LABEL_SIZE];
    const char *value;
    size_t used;
    if (strstr(line, "<fingerprint ") != NULL) {
        size_t length = attribute(line, "os_name", &value);
        if (length == 0) {
            length = attribute(line, "name", &value);
        }
        clean(value, length, ':', converter->name, sizeof converter->name);
        return true;
    }
    if (strstr(line, "</fingerprint>") != NULL) {
        converter->name[0] = '\0';
    }
    if (strstr(line, "tcpsig=\"") == NULL) {
        return false;
    }
    const bool answer = attribute(line, "tcpflag", &value) == 2 && strncmp(value, "SA", 2) == 0;
    const synfix_direction_t direction = answer ? SYNFIX_DIRECTION_RESPONSE : SYNFIX_DIRECTION_REQUEST;
    const size_t length = attribute(line, "tcpsig", &value);
    const char *reason = sigdb_convert_p0f2(value, length, direction, sig, &used);
    if (reason == NULL && used != length) {
        reason = "something follows the quirks";
    }
    if (converter->name[0] != '\0') {
        make_label('s', converter->name, "", label);
    } else {
        (void)snprintf(label, sizeof label, "%s", converter->label);
    }
    tell(converter, direction, reason, sig, label, line);
    return true;
}

/* Merges all `classes` lines into one. */
static void add_classes(sigdb_converter_t *converter, const char *line)
{
    const size_t used = strlen(converter->classes);
    const char *equals = strchr(line, '=');
    const size_t length = equals != NULL ? strlen(equals + 1) : 0;
    if (length > 0 && used + length + 2 < CLASSES_SIZE && strspn(equals + 1, " \t") < length) {
        converter->classes[used] = ',';
        memcpy(converter->classes + used + 1, equals + 1, length + 1);
    }
}

/* Lines of p0f v3; those of HTTP cannot be represented. */
static bool convert_p0f3(sigdb_converter_t *converter, const char *line)
{
    if (*line == '[') {
        converter->p0f3 = true;
        converter->http = strncmp(line, "[http:", 6) == 0;
    }
    const bool begins = strncmp(line, "classes", 7) == 0;
    if (!converter->p0f3 && !begins) {
        return false;
    }
    if ((converter->http && !begins) || *line == '\0' || *line == ';' || strncmp(line, "ua_os", 5) == 0) {
        return true;
    }
    if (begins) {
        add_classes(converter, line);
        return true;
    }
    fprintf(converter->p0f3_lines, "%s\n", line);
    if (strncmp(line, "sig", 3) == 0) {
        converter->p0f3_count++;
        converter->counts.converted++;
    }
    return true;
}

/* One fingerprint of nDPI or MuonFP in each line, within C, CSV or JSON. */
static bool convert_listed(sigdb_converter_t *converter, const char *line)
{
    static const char muon_name[] = "\"muonfp_fingerprint\":\"";
    char sig[SIGDB_CONVERTED_SIZE];
    char label[LABEL_SIZE];
    size_t used = 0;
    const char *found = strstr(line, muon_name);
    const char *start = found != NULL ? found + strlen(muon_name) : line + strspn(line, "{ \t\"");
    const bool hashed = strspn(start, "0123456789") > 0 && start[strspn(start, "0123456789")] == '_';
    const char *reason = hashed ? sigdb_convert_ndpi(converter->known, start, strlen(start), sig, &used)
                                : sigdb_convert_muon(start, strlen(start), sig, &used);
    const bool muon_rest = reason == NULL && (start[used] == '\0' || strchr("\",; \t", start[used]) != NULL);
    if (!hashed && !muon_rest) {
        return false;
    }
    if (found != NULL || !label_of_list(start + used, label)) {
        (void)snprintf(label, sizeof label, "%s", converter->label);
    }
    tell(converter, hashed ? SYNFIX_DIRECTION_REQUEST : converter->direction, reason, sig, label, line);
    return true;
}

void sigdb_converter_line(sigdb_converter_t *converter, const char *line)
{
    char sig[SIGDB_CONVERTED_SIZE];
    char label[LABEL_SIZE];
    size_t used = 0;
    if (convert_p0f3(converter, line) || convert_satori(converter, line)) {
        return;
    }
    if (*line == '\0' || strchr("#;</*", *line) != NULL || convert_listed(converter, line)) {
        return;
    }
    if (*line == '}' || strncmp(line, "static ", 7) == 0 || strstr(line, "NULL") != NULL) {
        return;
    }
    const char *reason = sigdb_convert_p0f2(line, strlen(line), converter->direction, sig, &used);
    if (reason == NULL && line[used] == ':') {
        label_of_p0f2(line + used + 1, label);
    } else {
        (void)snprintf(label, sizeof label, "%s", converter->label);
    }
    tell(converter, converter->direction, reason, sig, label, line);
}

/* Lines of p0f v3 are copied unchanged if they are valid. */
static const char *check_p0f3(const sigdb_converter_t *converter, synfix_error_t *error)
{
    char *text = NULL;
    size_t length = 0;
    const char *reason = "no memory";
    FILE *all = open_memstream(&text, &length);
    if (all != NULL) {
        fprintf(all, "classes = %s%s\n%s", own_classes, converter->classes, converter->as_it_is);
        (void)fclose(all);
        synfix_sigdb_t *sigdb = synfix_sigdb_new();
        if (sigdb != NULL) {
            reason =
                synfix_sigdb_load_text(sigdb, "p0f v3, without comments", text, length, error) == SYNFIX_OK
                    ? NULL
                    : error->text;
        }
        synfix_sigdb_unref(sigdb);
    }
    free(text);
    return reason;
}

static void print_p0f3(sigdb_converter_t *converter, FILE *out)
{
    synfix_error_t error;
    const char *reason = check_p0f3(converter, &error);
    if (reason == NULL) {
        fprintf(out, "classes = %s%s\n%s", own_classes, converter->classes, converter->as_it_is);
        return;
    }
    fprintf(out, "classes = %s\n; not converted (%s): all of it\n", own_classes, reason);
    converter->counts.converted -= converter->p0f3_count;
    converter->counts.refused += converter->p0f3_count;
}

sigdb_converted_t sigdb_converter_finish(sigdb_converter_t *converter, FILE *out)
{
    static const char *const names[] = {"tcp:request", "tcp:response"};
    fputs("; synfix-fp 1\n", out);
    close_all(converter); /* completes the texts */
    print_p0f3(converter, out);
    for (int i = 0; i < 2; i++) {
        if (converter->lengths[i] > 0) {
            fprintf(out, "[%s]\n%s", names[i], converter->texts[i]);
        }
    }
    const sigdb_converted_t counts = converter->counts;
    fprintf(out, "; converted=%u refused=%u\n", counts.converted, counts.refused);
    free_all(converter);
    return counts;
}
