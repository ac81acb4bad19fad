/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/hosts/hosts_report.h"
#include "app/common/exit_codes.h"

#include "app/hosts/hosts_notes.h"
#include "base/message_text.h"

#define INPUT_NAMES_MAX 10u

typedef struct chosen_hosts {
    GArray *slots; /* uint32_t: a million of them are sorted */
    const host_filter_t *filter;
} chosen_hosts_t;

static bool add_slot(const host_row_t *row, void *user)
{
    const chosen_hosts_t *chosen = user;
    if (host_filter_row(chosen->filter, row)) {
        g_array_append_val(chosen->slots, row->slot);
    }
    return true;
}

static int by_key(gconstpointer a, gconstpointer b, gpointer model)
{
    return host_key_compare(host_model_key(model, *(const uint32_t *)a),
                            host_model_key(model, *(const uint32_t *)b));
}

/* In the order of addresses the roles of a host follow each other. */
static void add_hosts(host_report_t *report, const hosts_input_t *input)
{
    host_row_t row;
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    chosen_hosts_t chosen = {.slots = slots, .filter = &input->filter};
    host_model_each(input->model, add_slot, &chosen);
    g_array_sort_with_data(slots, by_key, input->model);
    for (guint i = 0; i < slots->len; i++) {
        if (host_model_row(input->model, g_array_index(slots, uint32_t, i), &row)) {
            host_report_add(report, &row);
        }
    }
}

static void add_number(host_report_t *report, const char *name, uint64_t value)
{
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, value);
    host_report_add_fact(report, name, text);
}

/* `a.pcap, b.pcap and 1998 more`: a shell pattern may name thousands of files. */
static char *input_names(char *const *paths)
{
    GString *names = g_string_new(NULL);
    guint count = 0;
    for (; paths[count] != NULL && count < INPUT_NAMES_MAX; count++) {
        g_string_append_printf(names, "%s%s", count > 0 ? ", " : "", paths[count]);
    }
    const guint more = g_strv_length((char **)(guintptr)(paths + count)); /* only read */
    if (more > 0) {
        g_string_append_printf(names, " and %u more", more);
    }
    replace_unprintable_bytes(names->str);
    return g_string_free(names, FALSE);
}

/* A report of a part must not look like one of the whole. */
static void add_filters(host_report_t *report, const hosts_options_t *options)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    const struct {
        const char *name;
        const char *value;
    } texts[] = {{"--since", options->since}, {"--until", options->until}, {"--os", options->os}};
    const struct {
        const char *name;
        gboolean set;
    } flags[] = {{"--changed", options->changed},
                 {"--shared", options->shared},
                 {"--tools", options->tools},
                 {"--unsupported", options->unsupported},
                 {"--unknown", options->unknown}};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (texts[i].value != NULL) {
            g_ptr_array_add(words, g_strdup_printf("%s %s", texts[i].name, texts[i].value));
        }
    }
    for (char **net = options->nets; net != NULL && *net != NULL; net++) {
        g_ptr_array_add(words, g_strdup_printf("--net %s", *net));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
        if (flags[i].set) {
            g_ptr_array_add(words, g_strdup(flags[i].name));
        }
    }
    if (words->len > 0) {
        g_ptr_array_add(words, NULL);
        g_autofree char *text = g_strjoinv(" ", (char **)words->pdata);
        replace_unprintable_bytes(text);
        host_report_add_fact(report, "Filters", text);
    }
}

static void add_facts(host_report_t *report, const hosts_options_t *options, const hosts_input_t *input,
                      char *const *paths)
{
    g_autofree char *names = input_names(paths);
    host_report_add_fact(report, "Input", names);
    add_number(report, "Captures", input->captures);
    add_number(report, "IPFIX files and directories", input->archives);
    add_number(report, "Inventories", input->inventories);
    add_filters(report, options);
    if (input->archives > 0) {
        add_number(report, "Records", input->records);
    }
    if (input->captures == 0) {
        return;
    }
    add_number(report, "Packets", input->counters.packets_received);
    for (unsigned verdict = 0; verdict < SYNFIX_VERDICT_COUNT; verdict++) {
        if (input->counters.verdicts[verdict] > 0) {
            g_autofree char *name =
                g_strdup_printf("Packets: %s", synfix_verdict_text((synfix_verdict_t)verdict));
            add_number(report, name, input->counters.verdicts[verdict]);
        }
    }
}

static void add_notes(host_report_t *report, const hosts_input_t *input)
{
    bool rows_missing;
    g_autoptr(GPtrArray) notes = hosts_notes_losses(input, &rows_missing);
    for (guint i = 0; i < notes->len; i++) {
        host_report_add_note(report, g_ptr_array_index(notes, i));
    }
    if (host_report_count(report) == 0) {
        g_autofree char *reason = hosts_notes_empty(input);
        host_report_add_note(report, reason);
        app_note("%s", reason);
    }
}

void hosts_report_fill(host_report_t *report, const hosts_options_t *options, const hosts_input_t *input,
                       char *const *paths)
{
    add_hosts(report, input);
    add_facts(report, options, input, paths);
    add_notes(report, input);
}
