/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/profile.h"
#include "base/file_content.h"
#include "base/file_place.h"
#include "exporter/ipfix/element_values.h"
#include "values/suggestion.h"
#include <errno.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

#define PROFILE_SUFFIX    ".profile"
#define PROFILE_FILE_MAX  65536
#define STRING_PREFIX_MAX 3u /* bytes of the length before a variable string */
#define TEMPLATE_ID_COUNT (IPFIX_TEMPLATE_ID_LAST - IPFIX_TEMPLATE_ID_FIRST + 1)

typedef struct listed {
    const ipfix_element_t *element;
    const field_t *field;
    uint16_t length;
    bool untunnelled; /* not in templates of tunnelled packets */
} listed_t;

typedef struct list {
    listed_t entries[IPFIX_FIELDS_MAX];
    unsigned count;
    bool present;
} list_t;

typedef struct profile_file {
    const ipfix_model_t *model;
    const char *path;
    unsigned line;
    list_t lists[IPFIX_LISTS]; /* observation, uptime, host change */
    list_t *current;
    synfix_error_t *error;
} profile_file_t;

static synfix_status_t bad_line(profile_file_t *file, const char *reason, const char *what)
{
    return synfix_fail(file->error, SYNFIX_INVALID, "%s:%u: %s '%s'", file->path, file->line, reason, what);
}

static const ipfix_element_t *find_element(const ipfix_model_t *model, const char *name)
{
    if (!g_ascii_isdigit(name[0])) {
        return ipfix_model_by_name(model, name);
    }
    g_auto(GStrv) parts = g_strsplit(name, "/", 2);
    guint64 pen = 0;
    guint64 id = 0;
    if (parts[1] == NULL || !g_ascii_string_to_unsigned(parts[0], 10, 0, UINT32_MAX, &pen, NULL) ||
        !g_ascii_string_to_unsigned(parts[1], 10, 1, 0x7FFF, &id, NULL)) {
        return NULL;
    }
    return ipfix_model_by_id(model, (uint32_t)pen, (uint16_t)id);
}

/* Removes `[N]` from the end of @p name. Returns false if the suffix is malformed. */
static bool cut_length(char *name, uint64_t *length)
{
    char *bracket = strchr(name, '[');
    *length = 0;
    if (bracket == NULL) {
        return true;
    }
    char *end = strchr(bracket, ']');
    if (end == NULL || end[1] != '\0') {
        return false;
    }
    *end = '\0';
    *bracket = '\0';
    return g_ascii_string_to_unsigned(bracket + 1, 10, 1, IPFIX_VARIABLE - 1, length, NULL);
}

/* Removes ` untunnelled` from the end of @p name; returns whether it was there. */
static bool cut_untunnelled(char *name)
{
    char *const space = strpbrk(name, " \t");
    if (space == NULL || strcmp(g_strstrip(space), "untunnelled") != 0) {
        return false;
    }
    *space = '\0';
    return true;
}

static synfix_status_t unknown_element(profile_file_t *file, const char *name)
{
    const size_t count = ipfix_model_count(file->model);
    g_autofree const char **names = g_new(const char *, count);
    for (size_t i = 0; i < count; i++) {
        names[i] = ipfix_model_at(file->model, i)->name;
    }
    const char *closest = suggestion_closest(name, names, count);
    return synfix_fail(file->error, SYNFIX_INVALID, "%s:%u: unknown element '%s'; %s%s%s", file->path,
                       file->line, name, closest != NULL ? "did you mean '" : "'synfix elements' lists them",
                       closest != NULL ? closest : "", closest != NULL ? "'?" : "");
}

/* Numbers may be shortened (RFC 7011 6.2), strings have one length then. @p length 0: the element's own. */
static synfix_status_t check_length(profile_file_t *file, const ipfix_element_t *element,
                                    const field_t *field, uint64_t length, const char *text)
{
    if (length == 0) {
        return SYNFIX_OK;
    }
    if (element->type == IPFIX_UNSIGNED64) {
        return length >= 4 && length <= 8
                   ? SYNFIX_OK
                   : bad_line(file, "an unsigned64 has a length of [4] to [8], not", text);
    }
    if (element->type != IPFIX_STRING) {
        return bad_line(file, "only an unsigned64 and a string can have a length, not", text);
    }
    const uint32_t longest = field_size_max(field) - STRING_PREFIX_MAX;
    return length <= longest
               ? SYNFIX_OK
               : synfix_fail(file->error, SYNFIX_INVALID,
                             "%s:%u: '%s': this string has at most %u bytes; write [%u] or less", file->path,
                             file->line, text, longest, longest);
}

/* initialTCPFlags and unionTCPFlags had one byte before libfixbuf 3. Logstash and Filebeat read one byte,
 * whatever length the template says. */
static uint16_t usual_length(const ipfix_element_t *element)
{
    const bool flags = element->pen == IPFIX_PEN_CERT && (element->id == 14 || element->id == 15);
    return flags ? 1 : element->length;
}

static synfix_status_t add_element(profile_file_t *file, const char *text)
{
    g_autofree char *name = g_strdup(text);
    uint64_t length = 0;
    list_t *list = file->current;
    const bool untunnelled = cut_untunnelled(name);
    if (!cut_length(name, &length)) {
        return bad_line(file, "write a length as [BYTES], not", text);
    }
    const ipfix_element_t *element = find_element(file->model, name);
    if (element == NULL) {
        return unknown_element(file, text);
    }
    const field_t *field = field_find(element);
    if (field == NULL) {
        return bad_line(file, "no observation has a value for element", text);
    }
    const synfix_status_t status = check_length(file, element, field, length, text);
    if (status != SYNFIX_OK) {
        return status;
    }
    for (unsigned i = 0; i < list->count; i++) {
        if (list->entries[i].element == element) {
            return bad_line(file, "twice in one list: element", text);
        }
    }
    if (list->count == IPFIX_FIELDS_MAX) {
        return bad_line(file, "too many elements, at", text);
    }
    list->entries[list->count++] =
        (listed_t){element, field, length != 0 ? (uint16_t)length : usual_length(element), untunnelled};
    return SYNFIX_OK;
}

static synfix_status_t read_line(profile_file_t *file, char *line)
{
    char *comment = strchr(line, '#');
    if (comment != NULL) {
        *comment = '\0';
    }
    g_strstrip(line);
    if (line[0] == '\0') {
        return SYNFIX_OK;
    }
    if (line[0] != '[') {
        file->current->present = true;
        return add_element(file, line);
    }
    if (strcmp(line, "[observation]") == 0) {
        file->current = &file->lists[0];
    } else if (strcmp(line, "[uptime]") == 0) {
        file->current = &file->lists[1];
    } else if (strcmp(line, "[host-change]") == 0) {
        file->current = &file->lists[2];
    } else {
        return bad_line(file, "neither [observation], [uptime] nor [host-change]:", line);
    }
    file->current->present = true;
    return SYNFIX_OK;
}

static bool in_template(const listed_t *entry, const ipfix_template_t *template)
{
    if (entry->untunnelled && template->outer_version != 0) {
        return false;
    }
    switch ((field_family_t)entry->field->family) {
    case FAMILY_IPV4:
        return template->ip_version == 4;
    case FAMILY_IPV6:
        return template->ip_version == 6;
    case FAMILY_TUNNEL:
        return template->outer_version != 0;
    case FAMILY_OUTER_IPV4:
        return template->outer_version == 4;
    case FAMILY_OUTER_IPV6:
        return template->outer_version == 6;
    case FAMILY_ANY:
        break;
    }
    return true;
}

static bool id_is_used(const ipfix_profile_t *profile, unsigned id)
{
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        if (profile->templates[i].id == id) {
            return true;
        }
    }
    return false;
}

static void add_content(GChecksum *sum, const ipfix_template_t *template)
{
    for (unsigned i = 0; i < template->field_count; i++) {
        char text[48];
        const int length = g_snprintf(text, sizeof text, "%u/%u/%u\n", template->fields[i]->pen,
                                      template->fields[i]->id, template->lengths[i]);
        g_checksum_update(sum, (const guchar *)text, length);
    }
}

static uint64_t first_bytes(GChecksum *sum, unsigned count)
{
    guint8 digest[32];
    gsize size = sizeof digest;
    uint64_t number = 0;
    g_checksum_get_digest(sum, digest, &size);
    for (unsigned i = 0; i < count; i++) {
        number = number << 8 | digest[i];
    }
    return number;
}

/* The id is a function of the content, because an id never changes its content. */
static uint16_t content_id(const ipfix_template_t *template)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    add_content(sum, template);
    return (uint16_t)(IPFIX_TEMPLATE_ID_FIRST + first_bytes(sum, 4) % TEMPLATE_ID_COUNT);
}

char *ipfix_template_digest(const ipfix_template_t *template)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    add_content(sum, template);
    return g_strdup(g_checksum_get_string(sum));
}

uint64_t ipfix_profile_digest(const ipfix_profile_t *profile)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        char id[16];
        add_content(sum, &profile->templates[i]);
        const int length = g_snprintf(id, sizeof id, "%u\n", profile->templates[i].id);
        g_checksum_update(sum, (const guchar *)id, length);
    }
    return first_bytes(sum, 8);
}

/* A variant that has the same fields as an earlier one shares its template. */
static uint16_t same_content(const ipfix_profile_t *profile, unsigned variant)
{
    const ipfix_template_t *template = &profile->templates[variant];
    for (unsigned i = 0; i < variant; i++) {
        const ipfix_template_t *other = &profile->templates[i];
        if (other->id != 0 && other->field_count == template->field_count &&
            memcmp(other->fields, template->fields, sizeof(other->fields[0]) * other->field_count) == 0 &&
            memcmp(other->lengths, template->lengths, sizeof(other->lengths[0]) * other->field_count) == 0) {
            return other->id;
        }
    }
    return 0;
}

/* Two different templates of one profile never have the same id. */
static void assign_ids(ipfix_profile_t *profile)
{
    for (unsigned variant = 0; variant < IPFIX_VARIANTS; variant++) {
        profile->templates[variant].id = 0;
    }
    for (unsigned variant = 0; variant < IPFIX_VARIANTS; variant++) {
        ipfix_template_t *template = &profile->templates[variant];
        const uint16_t shared = same_content(profile, variant);
        uint16_t id = content_id(template);
        while (shared == 0 && id_is_used(profile, id)) {
            id = id == IPFIX_TEMPLATE_ID_LAST ? IPFIX_TEMPLATE_ID_FIRST : (uint16_t)(id + 1);
        }
        template->id = template->field_count == 0 ? 0 : shared != 0 ? shared : id;
    }
}

static void build_templates(ipfix_profile_t *profile, const profile_file_t *file)
{
    static const uint8_t outer_versions[] = {0, 4, 6};
    for (unsigned variant = 0; variant < IPFIX_VARIANTS; variant++) {
        ipfix_template_t *template = &profile->templates[variant];
        const list_t *list = &file->lists[variant / 6];
        template->uptime = variant / 6 == 1;
        template->host_change = variant / 6 == 2;
        template->ip_version = variant / 3 % 2 == 0 ? 4 : 6;
        template->outer_version = outer_versions[variant % 3];
        for (unsigned i = 0; i < list->count; i++) {
            if (in_template(&list->entries[i], template)) {
                template->lengths[template->field_count] = list->entries[i].length;
                template->fields[template->field_count++] = list->entries[i].element;
            }
        }
    }
    assign_ids(profile);
}

bool ipfix_profile_append(ipfix_profile_t *profile, const ipfix_element_t *const *elements, unsigned count)
{
    for (unsigned variant = 0; variant < IPFIX_VARIANTS; variant++) {
        if (profile->templates[variant].field_count + count > IPFIX_FIELDS_MAX) {
            return false;
        }
    }
    for (unsigned variant = 0; variant < IPFIX_VARIANTS; variant++) {
        ipfix_template_t *template = &profile->templates[variant];
        const bool is_wanted = template->field_count > 0 && !template->host_change;
        for (unsigned i = 0; i < count && is_wanted; i++) {
            template->lengths[template->field_count] = elements[i]->length;
            template->fields[template->field_count++] = elements[i];
        }
    }
    assign_ids(profile);
    return true;
}

unsigned ipfix_variant(const synfix_observation_t *observation)
{
    const synfix_headers_t *headers = observation->headers;
    const synfix_encapsulation_t *wrap = &headers->encapsulation;
    const unsigned outer = wrap->kind == SYNFIX_ENCAPSULATION_NONE ? 0 : wrap->outer_version == 6 ? 2 : 1;
    const unsigned list = observation->kind < SYNFIX_OBSERVATION_UPTIME
                              ? 0
                              : (unsigned)observation->kind - SYNFIX_OBSERVATION_UPTIME + 1;
    return list * 6 + (headers->ip_version == 6 ? 3u : 0u) + outer;
}

static bool has_element(const list_t *list, const char *name)
{
    for (unsigned i = 0; i < list->count; i++) {
        if (strcmp(list->entries[i].element->name, name) == 0) {
            return true;
        }
    }
    return false;
}

static synfix_status_t read_profile(profile_file_t *file, char *text, bool compat_cert)
{
    static const char *const cert[] = {"flowEndReason", "flowAttributes", "initialTCPFlags", "unionTCPFlags",
                                       "osName",        "osVersion",      "osFingerPrint"};
    char *rest = text;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
        file->line++;
        const synfix_status_t status = read_line(file, line);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    if (file->lists[0].count == 0) {
        return synfix_fail(file->error, SYNFIX_INVALID, "%s:%u: no element in [observation]", file->path,
                           file->line);
    }
    file->current = &file->lists[0];
    for (size_t i = 0; compat_cert && i < G_N_ELEMENTS(cert); i++) {
        const synfix_status_t status =
            has_element(file->current, cert[i]) ? SYNFIX_OK : add_element(file, cert[i]);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    return SYNFIX_OK;
}

static bool is_path(const char *name)
{
    return strchr(name, '/') != NULL || strchr(name, '.') != NULL;
}

static char *profile_path(const char *directory, const char *name)
{
    if (is_path(name)) {
        return g_strdup(name);
    }
    g_autofree char *shipped = directory == NULL ? ipfix_templates_directory() : NULL;
    g_autofree char *file = g_strconcat(name, PROFILE_SUFFIX, NULL);
    return g_build_filename(directory != NULL ? directory : shipped, file, NULL);
}

static int by_name(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* Names of the profiles in @p directory, as a user writes them, for a message. */
static char *list_profiles(const char *directory)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) entries = g_dir_open(directory, 0, NULL);
    const char *entry = NULL;
    while (entries != NULL && (entry = g_dir_read_name(entries)) != NULL) {
        if (g_str_has_suffix(entry, PROFILE_SUFFIX)) {
            g_ptr_array_add(names, g_strndup(entry, strlen(entry) - strlen(PROFILE_SUFFIX)));
        }
    }
    g_ptr_array_sort(names, by_name);
    g_ptr_array_add(names, NULL);
    return g_strjoinv(", ", (char **)names->pdata);
}

static synfix_status_t fail_to_read(const char *path, const char *name, int number, synfix_error_t *error)
{
    const bool missing = number == ENOENT;
    const char *reason = number == EINVAL ? "not a regular file" : g_strerror(number);
    if (missing && !is_path(name)) {
        g_autofree char *directory = g_path_get_dirname(path);
        g_autofree char *known = list_profiles(directory);
        return synfix_fail(error, SYNFIX_INVALID, "profile '%s' is unknown; write %s or the path of a file",
                           name, known);
    }
    return synfix_fail(error, missing ? SYNFIX_NOT_FOUND : SYNFIX_IO, "profile '%s': %s", name, reason);
}

synfix_status_t ipfix_profile_load(const ipfix_model_t *model, const char *directory, const char *name,
                                   bool compat_cert, ipfix_profile_t **profile, synfix_error_t *error)
{
    g_autofree char *path = profile_path(directory, name);
    g_autofree char *text = NULL;
    size_t length = 0;
    const int descriptor = file_open_regular(path);
    const int number = descriptor < 0 ? errno : file_read_rest(descriptor, PROFILE_FILE_MAX, &text, &length);
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    if (number != 0 && number != EFBIG) {
        return fail_to_read(path, name, number, error);
    }
    if (number == EFBIG || strlen(text) != length) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: no profile: a NUL byte, or more than %d bytes", path,
                           PROFILE_FILE_MAX);
    }
    g_autofree profile_file_t *file = g_new0(profile_file_t, 1);
    *file = (profile_file_t){.model = model, .path = path, .error = error};
    file->current = &file->lists[0];
    synfix_status_t status = read_profile(file, text, compat_cert);
    if (status != SYNFIX_OK) {
        return status;
    }
    ipfix_profile_t *const made = g_new0(ipfix_profile_t, 1);
    made->name = g_strdup(name);
    made->model = model;
    made->label_table = has_element(&file->lists[0], "osLabelId") && !has_element(&file->lists[0], "osLabel");
    build_templates(made, file);
    *profile = made;
    return SYNFIX_OK;
}

void ipfix_profile_drop_host_changes(ipfix_profile_t *profile)
{
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        if (profile->templates[i].host_change) {
            profile->templates[i] = (ipfix_template_t){.host_change = true};
        }
    }
}

void ipfix_profile_free(ipfix_profile_t *profile)
{
    if (profile != NULL) {
        g_free(profile->name);
        g_free(profile);
    }
}
