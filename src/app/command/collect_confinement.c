/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/collect_confinement.h"
#include "app/common/exit_codes.h"
#include "app/run/allowed_targets.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <sys/prctl.h>

/* The values after `?` of a listening URL: certificates and keys. */
static void allow_parameters(landlock_rules_t *rules, const char *url)
{
    const char *const query = strchr(url, '?');
    g_autoptr(GHashTable) values =
        query != NULL ? g_uri_parse_params(query + 1, -1, "&", G_URI_PARAMS_NONE, NULL) : NULL;
    GHashTableIter iterator;
    gpointer value = NULL;
    if (values == NULL) {
        return; /* nothing, or a mistake that listening reports */
    }
    g_hash_table_iter_init(&iterator, values);
    while (g_hash_table_iter_next(&iterator, NULL, &value)) {
        allow_named_file(rules, value);
    }
}

static void allow_listening(landlock_rules_t *rules, const char *url)
{
    const char *const separator = strstr(url, "://");
    allow_parameters(rules, url);
    if (separator != NULL && url[0] == 't') { /* tcp, tls; Landlock has no rules for UDP */
        g_autofree char *address = g_strndup(separator + 3, strcspn(separator + 3, "?"));
        allow_ports_of(rules, address);
    }
}

static void allow_output(landlock_rules_t *rules, const char *output)
{
    const char *const colon = strchr(output, ':');
    if (colon != NULL && colon[1] != '\0' && strcmp(colon + 1, "-") != 0) {
        landlock_allow_file(rules, colon + 1, LANDLOCK_WRITE);
    }
}

static landlock_rules_t *rules_of(const collect_names_t *names)
{
    landlock_rules_t *const rules = landlock_rules_new();
    allow_system(rules);
    allow_named_file(rules, names->templates);
    for (size_t i = 0; names->listen[i] != NULL; i++) {
        allow_listening(rules, names->listen[i]);
    }
    for (size_t i = 0; names->outputs[i] != NULL; i++) {
        allow_output(rules, names->outputs[i]);
    }
    if (names->metrics_listen != NULL) {
        allow_ports_of(rules, names->metrics_listen);
    }
    if (names->metrics_file != NULL) {
        landlock_allow_file(rules, names->metrics_file, LANDLOCK_WRITE);
    }
    return rules;
}

synfix_status_t collect_restrict_files(const collect_names_t *names, synfix_error_t *error)
{
    synfix_error_t reason;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return synfix_fail(error, SYNFIX_PERMISSION, "no_new_privs: %s", strerror(errno));
    }
    landlock_rules_t *const rules = rules_of(names);
    if (landlock_apply(rules, &reason) != SYNFIX_OK) {
        app_note("%s: files and ports are not restricted", reason.text);
    }
    landlock_rules_free(rules);
    return SYNFIX_OK;
}
