/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* synfix query: hosts of a running capture. */
#include "app/command/commands.h"
#include "app/command/query_client.h"
#include "app/common/exit_codes.h"
#include "app/common/json_check.h"
#include "on_demand/json.h"

#include <stdio.h>
#include <string.h>

#define DEFAULT_SOCKET "/run/synfix/query.sock"

typedef struct query_options {
    char *socket;
    char *format;
} query_options_t;

static void print_node(GString *out, const char *name, JsonNode *node, unsigned depth);

static void print_object(GString *out, JsonObject *object, unsigned depth)
{
    g_autoptr(GList) names = json_object_get_members(object); /* in the order of the text */
    for (const GList *item = names; item != NULL; item = item->next) {
        print_node(out, item->data, json_object_get_member(object, item->data), depth);
    }
}

/* Control characters of the server cannot break the line or control the terminal. */
static void print_plain(GString *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        const gunichar c = g_utf8_get_char(at);
        g_string_append_unichar(out, g_unichar_isprint(c) ? c : '?');
    }
}

static void print_value(GString *out, JsonNode *node)
{
    if (json_node_get_value_type(node) == G_TYPE_STRING) {
        print_plain(out, json_node_get_string(node));
    } else if (json_node_get_value_type(node) == G_TYPE_DOUBLE) {
        g_string_append_printf(out, "%g", json_node_get_double(node));
    } else if (json_node_get_value_type(node) == G_TYPE_BOOLEAN) {
        g_string_append(out, json_node_get_int(node) != 0 ? "yes" : "no");
    } else {
        g_string_append_printf(out, "%" G_GINT64_FORMAT, json_node_get_int(node));
    }
}

static void print_array(GString *out, const char *name, JsonArray *array, unsigned depth)
{
    for (guint i = 0; i < json_array_get_length(array); i++) {
        print_node(out, name, json_array_get_element(array, i), depth);
    }
}

static void print_name(GString *out, const char *name, unsigned depth, const char *behind)
{
    g_string_append_printf(out, "%*s", (int)depth * 2, "");
    print_plain(out, name);
    g_string_append(out, behind);
}

/* Empty values are omitted. */
static void print_node(GString *out, const char *name, JsonNode *node, unsigned depth)
{
    switch (json_node_get_node_type(node)) {
    case JSON_NODE_OBJECT:
        print_name(out, name, depth, ":\n");
        print_object(out, json_node_get_object(node), depth + 1);
        break;
    case JSON_NODE_ARRAY:
        print_array(out, name, json_node_get_array(node), depth);
        break;
    case JSON_NODE_NULL:
        break;
    case JSON_NODE_VALUE:
        if (json_node_get_value_type(node) == G_TYPE_STRING && json_node_get_string(node)[0] == '\0') {
            return;
        }
        print_name(out, name, depth, ": ");
        print_value(out, node);
        g_string_append_c(out, '\n');
    }
}

/* A host is an object. */
static bool is_answer(JsonNode *root)
{
    if (root == NULL || !JSON_NODE_HOLDS_ARRAY(root)) {
        return false;
    }
    JsonArray *hosts = json_node_get_array(root);
    bool objects = true;
    for (guint i = 0; objects && i < json_array_get_length(hosts); i++) {
        objects = JSON_NODE_HOLDS_OBJECT(json_array_get_element(hosts, i));
    }
    return objects;
}

static int parse_and_print(JsonParser *parser, const GString *json)
{
    g_autoptr(GError) reason = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    if (!json_is_shallow(json->str, json->len)) {
        return app_fail(APP_EXIT_INPUT,
                        "query: the answer is nested too deeply; name a query socket of synfix or p0f");
    }
    if (!json_parser_load_from_data(parser, json->str, (gssize)json->len, &reason)) {
        return app_fail(APP_EXIT_INPUT, "query: the answer is not JSON: %s", reason->message);
    }
    if (!is_answer(json_parser_get_root(parser))) {
        return app_fail(APP_EXIT_INPUT,
                        "query: the answer is no list of hosts; name a query socket of synfix or p0f");
    }
    JsonArray *hosts = json_node_get_array(json_parser_get_root(parser));
    for (guint i = 0; i < json_array_get_length(hosts); i++) {
        g_string_append(out, i > 0 ? "\n" : "");
        print_object(out, json_node_get_object(json_array_get_element(hosts, i)), 0);
    }
    fwrite(out->str, 1, out->len, stdout);
    return APP_EXIT_OK;
}

static int print_text(const GString *json)
{
    synfix_error_t error;
    const synfix_status_t loaded = on_demand_load_json(&error);
    if (loaded < 0) {
        return app_fail(app_exit_of_error(loaded, &error), "query: %s", error.text);
    }
    JsonParser *const parser = json_parser_new();
    const int code = parse_and_print(parser, json);
    g_object_unref(parser);
    return code;
}

static int query_address(const query_options_t *options, const char *text)
{
    synfix_error_t error = {.text = ""};
    address_prefix_t net;
    g_autoptr(GString) json = g_string_new(NULL);
    if (strchr(text, '/') != NULL || address_prefix_parse(text, &net, &error) != SYNFIX_OK) {
        return app_fail(APP_EXIT_USAGE, "%s: not an address; write one IPv4 or IPv6 address, as in 192.0.2.1",
                        text);
    }
    const synfix_status_t status = query_client_ask(options->socket, &net, json, &error);
    if (status == SYNFIX_NOT_FOUND) {
        return app_fail(APP_EXIT_INPUT, "%s: no packet of this host was seen", text);
    }
    if (status != SYNFIX_OK) {
        return app_fail(app_exit_of_error(status, &error), "%s", error.text);
    }
    if (strcmp(options->format, "json") == 0) {
        fwrite(json->str, 1, json->len, stdout);
        return APP_EXIT_OK;
    }
    return print_text(json);
}

static const cli_option_t option_table[] = {
    {"socket", 's', CLI_FILE, offsetof(query_options_t, socket), "FILE",
     "Query socket of a running synfix capture, or of p0f", DEFAULT_SOCKET, NULL, NULL},
    {"format", 'f', CLI_TEXT, offsetof(query_options_t, format), "FORMAT", "text or json", "text", NULL,
     "text json"},
    {.name = NULL},
};

static const cli_option_t *option_list(void)
{
    return option_table;
}

static const cli_example_t examples[] = {
    {"synfix query 192.0.2.1", "the hosts of an address"},
    {"synfix query 192.0.2.1 --socket /run/p0f.sock", "the same query to p0f"},
    {"synfix query 2001:db8::1 --format json | jq '.[].label'", "as JSON"},
    {NULL, NULL},
};

static int query_all(query_options_t *options, char *const *addresses)
{
    int code = APP_EXIT_OK;
    options->socket = options->socket != NULL ? options->socket : g_strdup(DEFAULT_SOCKET);
    options->format = options->format != NULL ? options->format : g_strdup("text");
    if (strcmp(options->format, "text") != 0 && strcmp(options->format, "json") != 0) {
        return app_fail(APP_EXIT_USAGE, "--format: '%s' is not a format; write text or json",
                        options->format);
    }
    for (; *addresses != NULL; addresses++) {
        const int answer = query_address(options, *addresses);
        code = code == APP_EXIT_OK ? answer : code;
    }
    return code;
}

static int run_query(int argc, char **argv)
{
    int code = APP_EXIT_OK;
    query_options_t options = {.socket = NULL};
    if (cli_parse(&command_query, &options, &argc, &argv, &code)) {
        code = argc < 2 ? app_fail(APP_EXIT_USAGE, "no address; write synfix query ADDRESS, see synfix query "
                                                   "--help")
                        : query_all(&options, argv + 1);
    }
    g_free(options.socket);
    g_free(options.format);
    return code;
}

const cli_command_t command_query = {
    .name = "query",
    .summary = "query a running capture about an address",
    .operands = "ADDRESS...",
    .description =
        "Query a running synfix capture (with --query-socket) about addresses, and print their hosts: label, "
        "quality, distance, MTU, uptime, sharing score with reasons, changes and signatures. With the socket "
        "of p0f 3.09b (-s FILE), the fields of its response are printed.",
    .options = option_list,
    .examples = examples,
    .exit_status = "0 success; 1 a host is unknown, or no capture answers; 2 wrong usage; 4 no permission.",
    .run = run_query,
};
