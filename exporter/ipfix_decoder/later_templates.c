/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/later_templates.h"
#include "exporter/ipfix_decoder/key_tree.h"
#include "exporter/ipfix_decoder/message_input.h"
#include "exporter/ipfix_decoder/template_table.h"
#include <glib.h>
#include <string.h>

struct later_templates {
    const char *path;
    const ipfix_model_t *model;
    bool searched;
    GTree *known; /* domain << 16 | id -> ipfix_decoder_template_t; NULL value: several definitions */
};

later_templates_t *later_templates_new(const char *path, const ipfix_model_t *model)
{
    later_templates_t *const made = g_new0(later_templates_t, 1);
    made->path = path;
    made->model = model;
    made->known = key_tree_new(g_free);
    return made;
}

void later_templates_free(later_templates_t *templates)
{
    if (templates != NULL) {
        g_tree_destroy(templates->known);
        g_free(templates);
    }
}

static int64_t key_of(uint32_t domain, uint16_t id)
{
    return (int64_t)domain << 16 | id;
}

/* The values belong to the decoder: a copy has room of its own for them. */
static ipfix_decoder_template_t *copy_of(const ipfix_decoder_template_t *layout)
{
    const size_t head =
        offsetof(ipfix_decoder_template_t, fields) + layout->field_count * sizeof layout->fields[0];
    const size_t align = _Alignof(ipfix_decoder_value_t);
    const size_t values = (head + align - 1) / align * align;
    uint8_t *const room = g_malloc0(values + layout->field_count * sizeof(ipfix_decoder_value_t));
    ipfix_decoder_template_t *const copy = (ipfix_decoder_template_t *)(void *)room;
    memcpy(copy, layout, head);
    copy->values = (ipfix_decoder_value_t *)(void *)(room + values);
    return copy;
}

static void on_layout(void *user, const ipfix_decoder_template_t *layout)
{
    const later_templates_t *const templates = user;
    const int64_t key = key_of(layout->domain, layout->id);
    gpointer known = NULL;
    if (!g_tree_lookup_extended(templates->known, &key, NULL, &known)) {
        key_tree_put(templates->known, key, copy_of(layout));
    } else if (known != NULL && !template_same_fields(known, layout)) {
        key_tree_put(templates->known, key, NULL);
    }
}

static void read_all(const later_templates_t *templates, message_input_t *messages, ipfix_decoder_t *decoder)
{
    const uint8_t *message = NULL;
    size_t length = 0;
    synfix_status_t status;
    do {
        synfix_error_t error;
        status = message_input_next(messages, &message, &length, &error);
        if (status == SYNFIX_OK) {
            (void)!ipfix_decoder_message(decoder, message, length, &error); /* the caller reports damage */
        }
    } while (status == SYNFIX_OK || status == SYNFIX_INVALID);
    ipfix_decoder_stats_t stats;
    ipfix_decoder_get_stats(decoder, &stats);
    if (stats.withdrawals > 0) {
        g_tree_remove_all(templates->known);
    }
}

static void search(later_templates_t *templates)
{
    message_input_t *messages = NULL;
    const ipfix_decoder_names_t names = {.find = ipfix_decoder_find_in_model, .user = templates->model};
    const ipfix_decoder_events_t events = {.layout = on_layout, .user = templates};
    templates->searched = true;
    if (strcmp(templates->path, "-") == 0 || !g_file_test(templates->path, G_FILE_TEST_IS_REGULAR) ||
        message_input_open(templates->path, &messages, NULL) != SYNFIX_OK) {
        return;
    }
    ipfix_decoder_t *const decoder = ipfix_decoder_new(&names, NULL, &events);
    ipfix_decoder_skip_data(decoder, true);
    read_all(templates, messages, decoder);
    ipfix_decoder_free(decoder);
    message_input_close(messages);
}

const ipfix_decoder_template_t *later_templates_find(later_templates_t *templates, uint32_t domain,
                                                     uint16_t id)
{
    if (!templates->searched) {
        search(templates);
    }
    return key_tree_find(templates->known, key_of(domain, id));
}
