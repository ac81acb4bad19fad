/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/config/setting_values.h"
#include "values/value.h"

#include <sched.h>
#include <string.h>
#include <unistd.h>

typedef struct filter_setting {
    const char *name;
    unsigned index; /* of settings_t.ports or settings_t.addresses */
    gboolean ports;
} filter_setting_t;

#define FILTER_SETTING_PAIR(label, number)                                                                   \
    {.name = label "ports", .index = (number), .ports = TRUE},                                               \
    {                                                                                                        \
        .name = label "addresses", .index = (number)                                                         \
    }

static const filter_setting_t filter_settings[] = {
    FILTER_SETTING_PAIR("source-", 0),
    FILTER_SETTING_PAIR("destination-", 1),
    FILTER_SETTING_PAIR("", 2),
    FILTER_SETTING_PAIR("not-source-", 3),
    FILTER_SETTING_PAIR("not-destination-", 4),
    FILTER_SETTING_PAIR("not-", 5),
};

/* An option that is repeated adds to its list: lists are combined with AND, the items of one with OR. */
static synfix_status_t add_list(const settings_t *settings, const filter_setting_t *entry,
                                header_filter_t *filter, bool *any, synfix_error_t *error)
{
    static const filter_side_t sides[] = {FILTER_SOURCE, FILTER_DESTINATION, FILTER_EITHER};
    char *const *list = entry->ports ? settings->ports[entry->index] : settings->addresses[entry->index];
    const filter_side_t side = sides[entry->index % G_N_ELEMENTS(sides)];
    const bool deny = entry->index >= G_N_ELEMENTS(sides);
    if (list == NULL) {
        return SYNFIX_OK;
    }
    *any = true;
    g_autofree char *text = g_strjoinv(",", (char **)(uintptr_t)list); /* GLib's own lists are not const */
    synfix_error_t reason;
    const synfix_status_t status = entry->ports
                                       ? header_filter_add_ports(filter, side, deny, text, &reason)
                                       : header_filter_add_addresses(filter, side, deny, text, &reason);
    return status < 0 ? synfix_fail(error, status, "%s: %.480s", entry->name, reason.text) : status;
}

static synfix_status_t add_encapsulations(const settings_t *settings, header_filter_t *filter, bool *any,
                                          synfix_error_t *error)
{
    if (settings->encapsulations == NULL) {
        return SYNFIX_OK;
    }
    *any = true;
    g_autofree char *names = g_strjoinv(",", settings->encapsulations);
    return header_filter_set_encapsulations(filter, names, error);
}

void values_filter(const settings_t *settings, header_filter_t **filter, mistakes_t *mistakes)
{
    synfix_error_t error;
    header_filter_t *made = header_filter_new();
    bool any = false;
    const unsigned before = mistakes_count(mistakes);
    if (made == NULL) {
        (void)synfix_fail(&error, SYNFIX_NO_MEMORY, "filter: out of memory");
        mistakes_add(mistakes, NULL, 0, &error);
        return;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(filter_settings); i++) {
        if (add_list(settings, &filter_settings[i], made, &any, &error) < 0) {
            settings_mistake(settings, filter_settings[i].name, 0, &error, mistakes);
        }
    }
    if (add_encapsulations(settings, made, &any, &error) < 0) {
        settings_mistake(settings, "encapsulations", 0, &error, mistakes);
    }
    if (!any || mistakes_count(mistakes) != before) {
        g_clear_pointer(&made, header_filter_unref);
    }
    *filter = made;
}

/* A container or a service may be restricted to some CPUs of the machine. */
static guint usable_cpus(void)
{
    cpu_set_t cpus;
    return sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? (guint)CPU_COUNT(&cpus) : g_get_num_processors();
}

/* One thread reads a file for all workers. It occupies a CPU, and more workers only wait for it. */
#define FILE_WORKERS_USEFUL 5

static guint64 workers_for_cpus(guint cpus, bool live)
{
    return live ? MIN(cpus, PIPELINE_WORKERS_MAX) : CLAMP(cpus, 2, FILE_WORKERS_USEFUL + 1) - 1;
}

synfix_status_t values_workers(const settings_t *settings, bool live, unsigned *workers,
                               synfix_error_t *error)
{
    guint64 number = 0;
    if (settings->ordered && !live) {
        number = 1;
    } else if (strcmp(settings->workers, "auto") == 0) {
        number = workers_for_cpus(usable_cpus(), live);
    } else if (!g_ascii_string_to_unsigned(settings->workers, 10, 1, PIPELINE_WORKERS_MAX, &number, NULL)) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "workers: '%s' is not a number of threads; write auto or a number from 1 to %u",
                           settings->workers, PIPELINE_WORKERS_MAX);
    }
    *workers = (unsigned)number;
    return SYNFIX_OK;
}

synfix_uptime_mode_t values_uptime(const settings_t *settings)
{
    return strcmp(settings->uptime, "off") == 0   ? SYNFIX_UPTIME_OFF
           : strcmp(settings->uptime, "p0f") == 0 ? SYNFIX_UPTIME_P0F
                                                  : SYNFIX_UPTIME_REGRESSION;
}

synfix_signature_mode_t values_signatures(const settings_t *settings)
{
    return strcmp(settings->signatures, "p0f") == 0 ? SYNFIX_SIGNATURE_P0F : SYNFIX_SIGNATURE_PACKET;
}

/* Worker k runs on the k-th CPU of the list, which begins again when it is shorter. */
synfix_status_t values_cpus(const char *text, int cpus[PIPELINE_WORKERS_MAX], synfix_error_t *error)
{
    g_auto(GStrv) words = g_strsplit(text, ",", PIPELINE_WORKERS_MAX);
    const uint32_t last_cpu = (uint32_t)CLAMP(sysconf(_SC_NPROCESSORS_CONF), 1, CPU_SETSIZE) - 1;
    guint count = 0;
    for (char **word = words; *word != NULL; word++) {
        synfix_error_t reason;
        uint32_t first = 0;
        uint32_t last = 0;
        const synfix_status_t status =
            value_range("CPU of this machine", last_cpu, g_strstrip(*word), &first, &last, &reason);
        if (status < 0) {
            return synfix_fail(error, status, "cpus: %.480s", reason.text);
        }
        for (; first <= last && count < PIPELINE_WORKERS_MAX; first++) {
            cpus[count++] = (int)first;
        }
    }
    if (count == 0) {
        return synfix_fail(error, SYNFIX_INVALID, "cpus: the list is empty; write CPU numbers, as in 2,3");
    }
    for (guint i = count; i < PIPELINE_WORKERS_MAX; i++) {
        cpus[i] = cpus[i % count];
    }
    return SYNFIX_OK;
}

synfix_status_t values_socket_mode(const char *text, unsigned *mode, synfix_error_t *error)
{
    guint64 value = 0;
    if (text[0] == '\0' || !g_ascii_string_to_unsigned(text, 8, 0, 0777, &value, NULL)) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "query-socket-mode: '%s' is not a mode; write octal permissions, as in 0660",
                           text);
    }
    *mode = (unsigned)value;
    return SYNFIX_OK;
}

bool values_is_sflow(const char *interface)
{
    return g_str_has_prefix(interface, "sflow:");
}
