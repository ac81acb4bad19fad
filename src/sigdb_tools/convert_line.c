/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* One line of a signature file of another program: the line shows its format. */
#include "sigdb_tools/convert_internal.h"

#include <string.h>

#include "sigdb/sigdb_internal.h"

static void add_signature(sigdb_converter_t *converter, synfix_direction_t direction, const char *reason,
                          const char *sig, const char *label, const char *line)
{
    FILE *out = converter->sections[direction];
    char shown[CONVERT_LABEL_SIZE];
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
    convert_clean(line, strlen(line), '\0', shown, sizeof shown);
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

/* satori: a fingerprint element names the system of its tests. */
static void begin_satori(sigdb_converter_t *converter, const char *line)
{
    const char *value;
    size_t length = attribute(line, "os_name", &value);
    if (length == 0) {
        length = attribute(line, "name", &value);
    }
    convert_clean(value, length, ':', converter->name, sizeof converter->name);
}

/* satori: a test contains a signature. */
static void add_satori(sigdb_converter_t *converter, const char *line)
{
    char sig[SIGDB_CONVERTED_SIZE];
    char label[CONVERT_LABEL_SIZE];
    const char *value;
    size_t used;
    const bool answer = attribute(line, "tcpflag", &value) == 2 && strncmp(value, "SA", 2) == 0;
    const synfix_direction_t direction = answer ? SYNFIX_DIRECTION_RESPONSE : SYNFIX_DIRECTION_REQUEST;
    const size_t length = attribute(line, "tcpsig", &value);
    const char *reason = sigdb_convert_p0f2(value, length, direction, sig, &used);
    if (reason == NULL && used != length) {
        reason = "something follows the quirks";
    }
    if (converter->name[0] != '\0') {
        convert_make_label('s', converter->name, "", label);
    } else {
        (void)snprintf(label, sizeof label, "%s", converter->label);
    }
    add_signature(converter, direction, reason, sig, label, line);
}

static bool convert_satori(sigdb_converter_t *converter, const char *line)
{
    if (strstr(line, "<fingerprint ") != NULL) {
        begin_satori(converter, line);
        return true;
    }
    if (strstr(line, "</fingerprint>") != NULL) {
        converter->name[0] = '\0';
    }
    if (strstr(line, "tcpsig=\"") == NULL) {
        return false;
    }
    add_satori(converter, line);
    return true;
}

/* Merges all `classes` lines into one. */
static void add_classes(sigdb_converter_t *converter, const char *line)
{
    const size_t used = strlen(converter->classes);
    const char *equals = strchr(line, '=');
    const size_t length = equals != NULL ? strlen(equals + 1) : 0;
    if (length > 0 && used + length + 2 < CONVERT_CLASSES_SIZE && strspn(equals + 1, " \t") < length) {
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
    char label[CONVERT_LABEL_SIZE];
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
    if (found != NULL || !convert_label_list(start + used, label)) {
        (void)snprintf(label, sizeof label, "%s", converter->label);
    }
    add_signature(converter, hashed ? SYNFIX_DIRECTION_REQUEST : converter->direction, reason, sig, label,
                  line);
    return true;
}

void sigdb_converter_line(sigdb_converter_t *converter, const char *line)
{
    char sig[SIGDB_CONVERTED_SIZE];
    char label[CONVERT_LABEL_SIZE];
    size_t used = 0;
    line += strspn(line, " \t");
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
        convert_label_p0f2(line + used + 1, label);
    } else {
        (void)snprintf(label, sizeof label, "%s", converter->label);
    }
    add_signature(converter, converter->direction, reason, sig, label, line);
}
