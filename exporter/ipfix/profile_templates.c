/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/decimal.h"
#include "exporter/ipfix/profile_parser.h"
#include <glib.h>
#include <string.h>

#define TEMPLATE_ID_COUNT (IPFIX_TEMPLATE_ID_LAST - IPFIX_TEMPLATE_ID_FIRST + 1)

static bool in_template(const profile_entry_t *entry, const ipfix_template_t *template)
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
        char *at = append_decimal(text, template->fields[i]->pen);
        *at++ = '/';
        at = append_decimal(at, template->fields[i]->id);
        *at++ = '/';
        at = append_decimal(at, template->lengths[i]);
        *at++ = '\n';
        g_checksum_update(sum, (const guchar *)text, at - text);
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
        if (shared != 0 || template->field_count == 0) {
            template->id = shared;
            continue;
        }
        uint16_t id = content_id(template);
        while (id_is_used(profile, id)) {
            id = id == IPFIX_TEMPLATE_ID_LAST ? IPFIX_TEMPLATE_ID_FIRST : (uint16_t)(id + 1);
        }
        template->id = id;
    }
}

void profile_build_templates(ipfix_profile_t *profile, const profile_lists_t *lists)
{
    static const uint8_t outer_versions[] = {0, 4, 6};
    for (unsigned variant = 0; variant < IPFIX_VARIANTS; variant++) {
        ipfix_template_t *template = &profile->templates[variant];
        const profile_list_t *list = &lists->of[variant / 6];
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

void ipfix_profile_drop_host_changes(ipfix_profile_t *profile)
{
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        if (profile->templates[i].host_change) {
            profile->templates[i] = (ipfix_template_t){.host_change = true};
        }
    }
}
