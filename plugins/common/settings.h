/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file settings.h
 * Settings that each plug-in takes from the configuration of its host program, by name and text.
 */
#ifndef SYNFIX_PLUGIN_SETTINGS_H
#define SYNFIX_PLUGIN_SETTINGS_H

#include <stdbool.h>
#include <synfix/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Files that `database` may name. */
#define PLUGIN_DATABASES_MAX 16u

typedef struct plugin_settings {
    const char *databases[PLUGIN_DATABASES_MAX]; /* not copied */
    size_t database_count;
    uint8_t min_quality;           /* percent */
    synfix_engine_config_t engine; /* sizes, uptime mode, signature mode; the plug-in sets the rest */
} plugin_settings_t;

void plugin_settings_init(plugin_settings_t *settings);

/**
 * Sets @p name (`uptime`, `signatures`, `hosts`, `handshakes`, `fingerprint-slots`, `min-quality`) to @p
 * value. false: no such setting, or the value is wrong; @p error has the reason.
 */
bool plugin_settings_set(plugin_settings_t *settings, const char *name, const char *value,
                         synfix_error_t *error);

/** Adds a file of the database; the first file replaces the default. */
bool plugin_settings_add_database(plugin_settings_t *settings, const char *path, synfix_error_t *error);

#ifdef __cplusplus
}
#endif

#endif
