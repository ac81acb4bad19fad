/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/ipfix_settings.h"
#include "base/message_text.h"
#include "exporter/ipfix/annotation_elements.h"
#include "exporter/ipfix/element_values.h"
#include "exporter/ipfix/template_ids.h"
#include <glib.h>
#include <string.h>

static bool is_cert(const synfix_options_t *options)
{
    const char *const compat = synfix_options_string(options, "compat");
    return compat != NULL && strcmp(compat, "cert") == 0;
}

/* Kafka has no option of this name: its messages contain no options records. */
static options_choice_t options_of(const synfix_options_t *options)
{
    const char *const given = synfix_options_string(options, "options");
    return given == NULL || strcmp(given, "all") == 0 ? OPTIONS_ALL
           : strcmp(given, "types") == 0              ? OPTIONS_TYPES
                                                      : OPTIONS_NONE;
}

/* The first directory of STATE_DIRECTORY, which the service manager sets, unless an option names another one.
 */
static char *state_directory(const synfix_options_t *options)
{
    const char *const option = synfix_options_string(options, "state");
    const char *const directories = option != NULL ? option : g_getenv("STATE_DIRECTORY");
    if (directories == NULL || directories[0] == '\0') {
        return NULL;
    }
    return g_strndup(directories, option != NULL ? strlen(directories) : strcspn(directories, ":"));
}

/* Model and profile of the last check, for the sink that is opened next: both need the same files. */
static struct {
    GMutex mutex;
    char *key; /* NULL: nothing is kept */
    ipfix_settings_t settings;
} checked;

static char *files_key(const synfix_options_t *options)
{
    const char *const directory = synfix_options_string(options, "templates");
    const char *const compat = synfix_options_string(options, "compat");
    const char *const annotations = synfix_options_string(options, "annotations");
    return g_strdup_printf("%s\n%s\n%s\n%s\n%u", annotations != NULL ? annotations : "",
                           directory != NULL ? directory : "", compat != NULL ? compat : "",
                           synfix_options_string(options, "profile"),
                           (uint32_t)synfix_options_integer(options, "pen"));
}

/* Takes ownership of the model and the profile of @p settings. */
static void keep_checked(const synfix_options_t *options, const ipfix_settings_t *settings)
{
    g_mutex_lock(&checked.mutex);
    ipfix_settings_clear(&checked.settings);
    g_free(checked.key);
    checked.key = files_key(options);
    checked.settings = *settings;
    g_mutex_unlock(&checked.mutex);
}

/* Model and profile of the last check become those of @p settings, once. */
static bool take_checked(const synfix_options_t *options, ipfix_settings_t *settings)
{
    g_autofree char *key = files_key(options);
    g_mutex_lock(&checked.mutex);
    const bool same = checked.key != NULL && strcmp(checked.key, key) == 0;
    if (same) {
        settings->model = checked.settings.model;
        settings->profile = checked.settings.profile;
        checked.settings = (ipfix_settings_t){0};
        g_clear_pointer(&checked.key, g_free);
    }
    g_mutex_unlock(&checked.mutex);
    return same;
}

typedef synfix_status_t load_model_fn(const char *directory, uint32_t pen, ipfix_model_t **model,
                                      synfix_error_t *error);

static synfix_status_t load_wanted(const char *directory, uint32_t pen, ipfix_model_t **model,
                                   synfix_error_t *error)
{
    return ipfix_model_load_part(directory, pen, field_is_wanted, model, error);
}

/* @p option: on failure the option that names the file at fault. */
static synfix_status_t load_with(load_model_fn *load_model, ipfix_settings_t *settings,
                                 const synfix_options_t *options, const char **option, synfix_error_t *error)
{
    const char *directory = synfix_options_string(options, "templates");
    const char *profile = synfix_options_string(options, "profile");
    const char *annotations = synfix_options_string(options, "annotations");
    const uint32_t pen = (uint32_t)synfix_options_integer(options, "pen");
    *option = "templates";
    synfix_status_t status = load_model(directory, pen, &settings->model, error);
    if (status == SYNFIX_OK) {
        *option = "profile";
        status = ipfix_profile_load(settings->model, directory, profile, is_cert(options), &settings->profile,
                                    error);
    }
    if (status == SYNFIX_OK && annotations != NULL && annotations[0] != '\0') {
        *option = "annotations";
        status = annotation_elements_load(annotations, settings->model, settings->profile, error);
    }
    if (status != SYNFIX_OK) {
        ipfix_profile_free(settings->profile);
        ipfix_model_free(settings->model);
        settings->profile = NULL;
        settings->model = NULL;
    }
    return status;
}

/* A profile without label texts exports label ids. The label table (options) contains the texts; without the
 * table, the texts are lost. */
static synfix_status_t check_label_table(const ipfix_settings_t *settings, const synfix_options_t *options,
                                         synfix_error_t *error)
{
    if (settings->options == OPTIONS_ALL || !settings->profile->label_table) {
        return SYNFIX_OK;
    }
    return synfix_fail(error, SYNFIX_INVALID,
                       "options=%s: the profile %s needs the label table; write options=all or profile=full",
                       synfix_options_string(options, "options"), settings->profile->name);
}

/* The message about a fault in a profile names similar elements, so that case needs the whole model. */
static synfix_status_t load_profile(ipfix_settings_t *settings, const synfix_options_t *options,
                                    const char **option, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    settings->options = options_of(options);
    if (!take_checked(options, settings)) {
        status = load_with(load_wanted, settings, options, option, error);
        status = status == SYNFIX_OK ? status : load_with(ipfix_model_load, settings, options, option, error);
    }
    if (status != SYNFIX_OK) {
        return status;
    }
    *option = "options";
    return check_label_table(settings, options, error);
}

void ipfix_settings_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    ipfix_settings_t settings = {0};
    const char *option = NULL;
    synfix_error_t error;
    const synfix_status_t status = load_profile(&settings, options, &option, &error);
    if (status == SYNFIX_OK) {
        keep_checked(options, &settings);
        return;
    }
    ipfix_settings_clear(&settings);
    if (!synfix_mistakes_concern(mistakes, option)) {
        (void)synfix_mistakes_add(mistakes, option, status, &error);
    }
}

/* A damaged line does not prevent the start: the template of the line may get another id. */
static synfix_status_t keep_template_ids(const synfix_module_context_t *context, const char *state,
                                         ipfix_profile_t *profile, synfix_error_t *error)
{
    template_ids_damage_t damage;
    const synfix_status_t status = ipfix_template_ids(state, profile, &damage, error);
    if (status == SYNFIX_OK && damage.lines > 0 && context != NULL && context->log != NULL) {
        g_autofree char *text =
            g_strdup_printf("%s/templates:%u: damaged, %u line%s in all: the template may get another id",
                            state, damage.first_line, damage.lines, plural(damage.lines));
        context->log(context->user, 1, text);
    }
    return status;
}

synfix_status_t ipfix_settings_init(ipfix_settings_t *settings, const synfix_module_context_t *context,
                                    const synfix_options_t *options, synfix_error_t *error)
{
    const char *directory = synfix_options_string(options, "templates");
    const char *profile = synfix_options_string(options, "profile");
    const char *annotations = synfix_options_string(options, "annotations");
    g_autofree char *state = state_directory(options);
    const int64_t domain = synfix_options_integer(options, "domain");
    const uint32_t pen = (uint32_t)synfix_options_integer(options, "pen");
    const char *option = NULL;
    *settings = (ipfix_settings_t){.message_size = (uint32_t)synfix_options_integer(options, "size")};
    settings->domain = domain != 0 ? (uint32_t)domain : context != NULL ? context->observation_domain : 1;
    if (settings->domain == 0) {
        settings->domain =
            1; /* RFC 7011 section 3.1 reserves 0 for messages without a single observation domain */
    }
    synfix_status_t status = load_profile(settings, options, &option, error);
    const bool changes = context != NULL && context->host_changes;
    if (status == SYNFIX_OK && !changes) {
        ipfix_profile_drop_host_changes(settings->profile);
    }
    if (status == SYNFIX_OK && state != NULL) {
        status = keep_template_ids(context, state, settings->profile, error);
    }
    if (status != SYNFIX_OK) {
        ipfix_settings_clear(settings);
        return status;
    }
    settings->key = g_strdup_printf("ipfix %s %s %s %s %u %d %u", annotations != NULL ? annotations : "",
                                    directory != NULL ? directory : "", state != NULL ? state : "", profile,
                                    pen, is_cert(options), settings->message_size);
    return SYNFIX_OK;
}

void ipfix_settings_clear(ipfix_settings_t *settings)
{
    ipfix_profile_free(settings->profile);
    ipfix_model_free(settings->model);
    g_free(settings->key);
    *settings = (ipfix_settings_t){0};
}
