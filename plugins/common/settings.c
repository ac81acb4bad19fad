/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#ifndef SYNFIX_DATADIR
#define SYNFIX_DATADIR "/usr/local/share/synfix"
#endif

#define QUALITY_MAX 100

static const char default_database[] = SYNFIX_DATADIR "/sigdb/synfix.fp";

void plugin_settings_init(plugin_settings_t *settings)
{
    memset(settings, 0, sizeof *settings);
    synfix_engine_config_init(&settings->engine, sizeof settings->engine);
    settings->databases[0] = default_database;
    settings->database_count = 1;
}

bool plugin_settings_add_database(plugin_settings_t *settings, const char *path, synfix_error_t *error)
{
    if (settings->database_count == 1 && settings->databases[0] == default_database) {
        settings->database_count = 0;
    }
    if (settings->database_count == PLUGIN_DATABASES_MAX) {
        (void)synfix_fail(error, SYNFIX_INVALID, "database: more than %u files", PLUGIN_DATABASES_MAX);
        return false;
    }
    settings->databases[settings->database_count++] = path;
    return true;
}

static bool read_number(const char *name, const char *value, uint32_t least, uint32_t most, uint32_t *number,
                        synfix_error_t *error)
{
    char *end = NULL;
    errno = 0;
    const unsigned long long read = strtoull(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end != '\0' || errno != 0 || read < least || read > most) {
        (void)synfix_fail(error, SYNFIX_INVALID, "%s: '%s' is not a number from %u to %u", name, value, least,
                          most);
        return false;
    }
    *number = (uint32_t)read;
    return true;
}

/* The position of the value in the list of words that ends with NULL. */
static bool read_word(const char *name, const char *value, const char *const *words, unsigned *position,
                      synfix_error_t *error)
{
    char all[64] = "";
    for (unsigned i = 0; words[i] != NULL; i++) {
        if (strcmp(value, words[i]) == 0) {
            *position = i;
            return true;
        }
        (void)strncat(all, i == 0 ? "" : ", ", sizeof all - strlen(all) - 1);
        (void)strncat(all, words[i], sizeof all - strlen(all) - 1);
    }
    (void)synfix_fail(error, SYNFIX_INVALID, "%s: '%s' is not one of: %s", name, value, all);
    return false;
}

static bool set_mode(plugin_settings_t *settings, const char *name, const char *value, synfix_error_t *error)
{
    static const char *const uptimes[] = {"off", "regression", "p0f", NULL};
    static const char *const signatures[] = {"packet", "p0f", NULL};
    const bool uptime = strcmp(name, "uptime") == 0;
    unsigned mode = 0;
    /* YAML reads an unquoted off as a boolean in some hosts. */
    const char *word = uptime && (strcmp(value, "no") == 0 || strcmp(value, "false") == 0) ? "off" : value;
    if (!read_word(name, word, uptime ? uptimes : signatures, &mode, error)) {
        return false;
    }
    if (uptime) {
        settings->engine.uptime = (synfix_uptime_mode_t)mode;
    } else {
        settings->engine.signatures = (synfix_signature_mode_t)mode;
    }
    return true;
}

bool plugin_settings_set(plugin_settings_t *settings, const char *name, const char *value,
                         synfix_error_t *error)
{
    synfix_engine_config_t *engine = &settings->engine;
    if (value == NULL) {
        (void)synfix_fail(error, SYNFIX_INVALID, "%s: the value is missing", name);
        return false;
    }
    if (strcmp(name, "uptime") == 0 || strcmp(name, "signatures") == 0) {
        return set_mode(settings, name, value, error);
    }
    if (strcmp(name, "hosts") == 0) {
        return read_number(name, value, SYNFIX_HOSTS_MIN, SYNFIX_HOSTS_MAX, &engine->hosts, error);
    }
    if (strcmp(name, "handshakes") == 0) {
        return read_number(name, value, SYNFIX_HANDSHAKES_MIN, SYNFIX_HANDSHAKES_MAX, &engine->handshakes,
                           error);
    }
    if (strcmp(name, "fingerprint-slots") == 0) {
        return read_number(name, value, SYNFIX_FINGERPRINT_SLOTS_MIN, SYNFIX_FINGERPRINT_SLOTS_MAX,
                           &engine->fingerprint_slots, error);
    }
    if (strcmp(name, "min-quality") == 0) {
        uint32_t quality = 0;
        const bool valid = read_number(name, value, 0, QUALITY_MAX, &quality, error);
        settings->min_quality = (uint8_t)quality;
        return valid;
    }
    (void)synfix_fail(error, SYNFIX_INVALID,
                      "%s: no such setting (database, records, uptime, signatures, hosts, handshakes, "
                      "fingerprint-slots, min-quality)",
                      name);
    return false;
}
