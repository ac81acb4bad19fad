/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/collector_definitions.h"
#include <string.h>

/* Type names of one tool. */
typedef struct type_words {
    const char *text;
    const char *ipv4;
    const char *ipv6;
    const char *unsigned8;
    const char *unsigned16;
    const char *unsigned32;
    const char *unsigned64;
} type_words_t;

static const char *type_word(const type_words_t *words, const ipfix_element_t *element)
{
    switch (element->type) {
    case IPFIX_STRING:
        return words->text;
    case IPFIX_IPV4_ADDRESS:
        return words->ipv4;
    case IPFIX_IPV6_ADDRESS:
        return words->ipv6;
    case IPFIX_UNSIGNED8:
        return words->unsigned8;
    case IPFIX_UNSIGNED16:
        return words->unsigned16;
    case IPFIX_UNSIGNED32:
        return words->unsigned32;
    default:
        return words->unsigned64;
    }
}

/* Iterates over our elements; NULL after the last one. */
static const ipfix_element_t *next_own(const ipfix_model_t *model, size_t *index)
{
    while (*index < ipfix_model_count(model)) {
        const ipfix_element_t *element = ipfix_model_at(model, (*index)++);
        if (element->own) {
            return element;
        }
    }
    return NULL;
}

#define FOR_OWN(model, element)                                                                              \
    for (size_t index_ = 0, once_ = 1; once_; once_ = 0)                                                     \
        for (const ipfix_element_t *element = next_own(model, &index_); element != NULL;                     \
             element = next_own(model, &index_))

static void write_fixbuf(const ipfix_model_t *model, GString *out)
{
    g_string_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                         "<registry xmlns=\"http://www.iana.org/assignments\" "
                         "xmlns:cert=\"http://www.cert.org/ipfix\" id=\"synfix\">\n"
                         "  <registry id=\"synfix-information-elements\">\n");
    FOR_OWN(model, element)
    {
        g_autofree char *description = g_markup_escape_text(element->description, -1);
        g_string_append_printf(out,
                               "    <record>\n      <name>%s</name>\n      <dataType>%s</dataType>\n"
                               "      <dataTypeSemantics>%s</dataTypeSemantics>\n",
                               element->name, ipfix_type_text(element->type),
                               ipfix_semantics_text(element->semantics));
        if (element->units != 0) {
            g_string_append_printf(out, "      <units>%s</units>\n", ipfix_units_text(element->units));
        }
        if (element->range_maximum != 0) {
            g_string_append_printf(out, "      <range>%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "</range>\n",
                                   element->range_minimum, element->range_maximum);
        }
        g_string_append_printf(
            out,
            "      <cert:enterpriseId>%u</cert:enterpriseId>\n      <elementId>%u</elementId>\n"
            "      <status>current</status>\n"
            "      <description><paragraph>%s</paragraph></description>\n    </record>\n",
            element->pen, element->id, description);
    }
    g_string_append(out, "  </registry>\n</registry>\n");
}

static void write_libfds(const ipfix_model_t *model, GString *out)
{
    g_string_append_printf(out,
                           "<ipfix-elements>\n  <scope>\n    <pen>%u</pen>\n    <name>synfix</name>\n"
                           "    <biflow mode=\"none\"/>\n  </scope>\n",
                           ipfix_model_pen(model));
    FOR_OWN(model, element)
    {
        g_string_append_printf(out,
                               "  <element>\n    <id>%u</id>\n    <name>%s</name>\n"
                               "    <dataType>%s</dataType>\n    <dataSemantics>%s</dataSemantics>\n"
                               "    <status>current</status>\n  </element>\n",
                               element->id, element->name, ipfix_type_text(element->type),
                               ipfix_semantics_text(element->semantics));
    }
    g_string_append(out, "</ipfix-elements>\n");
}

static void write_pmacct(const ipfix_model_t *model, GString *out)
{
    static const type_words_t words = {"str", "ip", "ip", "u_int", "u_int", "u_int", "u_int"};
    g_string_append(out, "! aggregate_primitives: /path/to/this/file\n");
    FOR_OWN(model, element)
    {
        g_autofree char *length =
            element->length == IPFIX_VARIABLE ? g_strdup("vlen") : g_strdup_printf("%u", element->length);
        g_string_append_printf(out, "name=%s field_type=%u:%u len=%s semantics=%s\n", element->name,
                               element->pen, element->id, length, type_word(&words, element));
    }
}

/* Logstash's codec and Filebeat's custom_definitions use the same format. */
static void write_logstash(const ipfix_model_t *model, GString *out)
{
    static const type_words_t words = {"string", "ip4_addr", "ip6_addr", "uint8",
                                       "uint16", "uint32",   "uint64"};
    g_string_append_printf(out, "---\n%u:\n", ipfix_model_pen(model));
    FOR_OWN(model, element)
    {
        g_string_append_printf(out, "  %u:\n  - :%s\n  - :%s\n", element->id, type_word(&words, element),
                               element->name);
    }
}

static void write_telegraf(const ipfix_model_t *model, GString *out)
{
    static const type_words_t words = {"string", "ip", "ip", "uint", "uint", "uint", "uint"};
    FOR_OWN(model, element)
    {
        g_string_append_printf(out, "%u.%u,%s,%s\n", element->pen, element->id, element->name,
                               type_word(&words, element));
    }
}

static void write_vflow(const ipfix_model_t *model, GString *out)
{
    g_string_append_printf(out, "%u:\n", ipfix_model_pen(model));
    FOR_OWN(model, element)
    {
        g_string_append_printf(out, "  %u:\n    - %s\n    - %s\n", element->id, element->name,
                               ipfix_type_text(element->type));
    }
}

static char *snake_case(const char *name)
{
    GString *text = g_string_new(NULL);
    for (const char *at = name; *at != '\0'; at++) {
        if (g_ascii_isupper(*at) && at != name && !g_ascii_isupper(at[-1])) {
            g_string_append_c(text, '_');
        }
        g_string_append_c(text, g_ascii_tolower(*at));
    }
    return g_string_free(text, FALSE);
}

static void write_goflow2_fields(const ipfix_model_t *model, GString *out)
{
    g_string_append(
        out, "formatter:\n  fields:\n    - type\n    - time_received_ns\n    - sequence_num\n"
             "    - sampler_address\n    - time_flow_start_ns\n    - time_flow_end_ns\n    - bytes\n"
             "    - packets\n    - src_addr\n    - dst_addr\n    - proto\n    - src_port\n    - dst_port\n"
             "    - tcp_flags\n");
    FOR_OWN(model, element)
    {
        g_autofree char *name = snake_case(element->name);
        g_string_append_printf(out, "    - %s\n", name);
    }
}

/* Fields without a renderer are printed in hexadecimal. */
static void write_goflow2_renderers(const ipfix_model_t *model, GString *out)
{
    static const type_words_t renderers = {"string", "ip", "ip", NULL, NULL, NULL, NULL};
    g_string_append(out, "  render:\n");
    FOR_OWN(model, element)
    {
        const char *kind = type_word(&renderers, element);
        g_autofree char *name = snake_case(element->name);
        if (kind != NULL) {
            g_string_append_printf(out, "    %s: %s\n", name, kind);
        }
    }
}

static void write_goflow2_protobuf(const ipfix_model_t *model, GString *out)
{
    static const type_words_t words = {"string", "bytes", "bytes", "varint", "varint", "varint", "varint"};
    g_string_append(out, "  protobuf:\n");
    FOR_OWN(model, element)
    {
        g_autofree char *name = snake_case(element->name);
        g_string_append_printf(out, "    - name: %s\n      index: %u\n      type: %s\n", name,
                               2000u + element->id, type_word(&words, element));
    }
}

static void write_goflow2(const ipfix_model_t *model, GString *out)
{
    write_goflow2_fields(model, out);
    write_goflow2_renderers(model, out);
    write_goflow2_protobuf(model, out);
    g_string_append(out, "ipfix:\n  mapping:\n");
    FOR_OWN(model, element)
    {
        g_autofree char *name = snake_case(element->name);
        g_string_append_printf(
            out, "    - field: %u\n      penprovided: true\n      pen: %u\n      destination: %s\n",
            element->id, element->pen, name);
    }
}

/* nProbe's --load-custom-fields: name, standard field it stands for, PEN, id, length, how to print. */
static void write_nprobe(const ipfix_model_t *model, GString *out)
{
    static const type_words_t words = {"ascii", "ipv4_address", "hex", "uint", "uint", "uint", "uint"};
    FOR_OWN(model, element)
    {
        g_autofree char *snake = snake_case(element->name);
        g_autofree char *name = g_ascii_strup(snake, -1);
        g_string_append_printf(out, "%s NONE %u %u %u dump_as_%s\n", name, element->pen, element->id,
                               element->length, type_word(&words, element));
    }
}

static void write_graylog(const ipfix_model_t *model, GString *out)
{
    g_string_append_printf(out, "{\n  \"enterprise_number\": %u,\n  \"information_elements\": [",
                           ipfix_model_pen(model));
    const char *separator = "\n";
    FOR_OWN(model, element)
    {
        g_string_append_printf(out, "%s    {\"element_id\": %u, \"name\": \"%s\", \"data_type\": \"%s\"}",
                               separator, element->id, element->name, ipfix_type_text(element->type));
        separator = ",\n";
    }
    g_string_append(out, "\n  ]\n}\n");
}

const collector_format_t collector_formats[] = {
    {"fixbuf", "fixbuf.xml", "libfixbuf's tools, yaf, super_mediator, SiLK", write_fixbuf},
    {"libfds", "libfds.xml", "ipfixcol2", write_libfds},
    {"pmacct", "pmacct.primitives", "nfacctd", write_pmacct},
    {"logstash", "logstash.yml", "Logstash, codec netflow", write_logstash},
    {"filebeat", "filebeat.yml", "Filebeat, input netflow", write_logstash},
    {"telegraf", "telegraf.csv", "Telegraf, input netflow", write_telegraf},
    {"vflow", "vflow.elements", "vFlow", write_vflow},
    {"goflow2", "goflow2.yaml", "goflow2", write_goflow2},
    {"nprobe", "nprobe.txt", "nProbe", write_nprobe},
    {"graylog", "graylog.json", "Graylog", write_graylog},
    {"wireshark", "wireshark.lua", "Wireshark, tshark", collector_write_wireshark},
    {NULL, NULL, NULL, NULL},
};

const collector_format_t *collector_format_find(const char *name)
{
    for (const collector_format_t *format = collector_formats; format->name != NULL; format++) {
        if (strcmp(format->name, name) == 0) {
            return format;
        }
    }
    return NULL;
}
