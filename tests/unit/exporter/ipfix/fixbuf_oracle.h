/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fixbuf_oracle.h
 * IPFIX messages by libfixbuf's transcoding, which the compiled encoder has to equal. The values are gathered
 * here a second time, by element.
 */
#ifndef TESTS_FIXBUF_ORACLE_H
#define TESTS_FIXBUF_ORACLE_H

#include "exporter/ipfix/element_values.h"
#include "exporter/ipfix/fixbuf_adapter.h"
#include "exporter/ipfix/message_encoder.h"
#include "exporter/ipfix/packet_values.h"
#include <arpa/inet.h>
#include <string.h>

typedef struct oracle {
    fbInfoModel_t *model;
    fbSession_t *session;
    fbExporter_t *exporter;
    fBuf_t *buffer;
    uint8_t bytes[65535];
    uint8_t record[2048];
    char texts[IPFIX_FIELDS_MAX][400];
} oracle_t;

/* Strings as the specification wants them, the slow way. */
static inline const char *clean(char *room, const char *text, size_t maximum)
{
    GString *good = g_string_new(NULL);
    for (const char *at = text != NULL ? text : ""; *at != '\0';) {
        const gunichar character = g_utf8_get_char_validated(at, -1);
        const bool valid = character < 0x110000 && !g_unichar_iscntrl(character);
        const size_t size = valid ? (size_t)(g_utf8_next_char(at) - at) : 1;
        if (good->len + size > maximum) {
            break;
        }
        g_string_append_len(good, valid ? at : "?", (gssize)size);
        at += size;
    }
    strcpy(room, good->len > 0 ? good->str : "?");
    g_string_free(good, TRUE);
    return room;
}

static inline const char *text_of(const ipfix_element_t *element, const synfix_observation_t *o, char *room)
{
    static const synfix_label_t none = {.os_class = "", .name = "", .flavor = "", .text = ""};
    static const synfix_fingerprint_t empty;
    const synfix_fingerprint_t *f = o->fingerprint != NULL ? o->fingerprint : &empty;
    const synfix_label_t *label = f->match.label != NULL ? f->match.label : &none;
    const char *name = element->name;
    if (strcmp(name, "tcpSignature") == 0 || strcmp(name, "osFingerPrint") == 0) {
        return clean(room, f->text, 319);
    }
    if (strcmp(name, "tcpOptionLayout") == 0) {
        return clean(room, f->layout_text, 159);
    }
    if (strcmp(name, "osLabel") == 0) {
        return clean(room, label->text, 96);
    }
    if (strcmp(name, "osClass") == 0) {
        return clean(room, label->os_class, 96);
    }
    if (strcmp(name, "osFamily") == 0 || strcmp(name, "osName") == 0) {
        return clean(room, label->name, 96);
    }
    if (strcmp(name, "osFlavor") == 0 || strcmp(name, "osVersion") == 0) {
        return clean(room, label->flavor, 96);
    }
    if (strcmp(name, "osOtherLabels") == 0) {
        g_autoptr(GString) joined = g_string_new(NULL);
        for (unsigned i = 0; i < SYNFIX_OTHERS_MAX && f->match.others[i] != NULL; i++) {
            g_string_append_printf(joined, "%s%s", i > 0 ? ":" : "", f->match.others[i]->text);
        }
        return clean(room, joined->str, 290);
    }
    if (strcmp(name, "linkLabel") == 0) {
        return clean(room, f->link_label, 96);
    }
    if (strcmp(name, "osLabelBefore") == 0) {
        return clean(room, o->host_change->before, 96);
    }
    if (strcmp(name, "osLabelAfter") == 0) {
        return clean(room, o->host_change->after, 96);
    }
    return clean(room, strcmp(name, "communityId") == 0 ? o->community_id : o->muon_fingerprint, 96);
}

static inline uint64_t clamp(uint64_t value, uint64_t maximum)
{
    return value < maximum ? value : maximum;
}

static inline uint64_t number_of(const ipfix_element_t *element, const synfix_observation_t *o)
{
    static const synfix_fingerprint_t empty;
    const synfix_fingerprint_t *f = o->fingerprint != NULL ? o->fingerprint : &empty;
    const synfix_headers_t *h = o->headers;
    const synfix_encapsulation_t *w = &h->encapsulation;
    static const synfix_host_change_t unchanged;
    const synfix_host_change_t *change = o->host_change != NULL ? o->host_change : &unchanged;
    const bool packet = o->kind == SYNFIX_OBSERVATION_SYN || o->kind == SYNFIX_OBSERVATION_SYN_ACK;
    const bool vxlan = w->kind == SYNFIX_ENCAPSULATION_VXLAN;
    const uint64_t ms = (uint64_t)(o->time_ns / 1000000);
    const struct {
        const char *name;
        uint64_t value;
    } values[] = {
        {"flowStartMilliseconds", ms},
        {"flowEndMilliseconds", ms},
        {"observationTimeMilliseconds", ms},
        {"observationTimeMicroseconds", ntp_from_ns(o->time_ns, true)},
        {"observationTimeNanoseconds", ntp_from_ns(o->time_ns, false)},
        {"packetDeltaCount", packet},
        {"octetDeltaCount", packet ? h->ip_total_length : 0},
        {"flowId", o->flow_id},
        {"sourceTransportPort", h->source_port},
        {"destinationTransportPort", h->destination_port},
        {"protocolIdentifier", 6},
        {"ipVersion", h->ip_version},
        {"tcpControlBits", h->tcp_flags},
        {"ipTTL", h->ttl},
        {"ipClassOfService", h->traffic_class},
        {"fragmentIdentification", h->fragment_id},
        {"fragmentFlags", (h->ip_flags & 2 ? 0x40u : 0) | (h->ip_flags & 1 ? 0x20u : 0)},
        {"flowLabelIPv6", h->flow_label},
        {"tcpSequenceNumber", h->sequence},
        {"tcpAcknowledgementNumber", h->acknowledgement},
        {"tcpWindowSize", h->window},
        {"tcpUrgentPointer", h->urgent_pointer},
        {"vlanId", w->vlan_id},
        {"dot1qVlanId", w->vlan_id},
        {"dot1qCustomerVlanId", w->customer_vlan_id},
        {"ingressInterface", o->interface_id},
        {"observationPointId", o->interface_id},
        {"observationKind", o->kind},
        {"observationFlags", o->flags},
        {"tcpPayloadLength", clamp(h->payload_length, 65535)},
        {"tcpTimestampValue", o->options->timestamp_value},
        {"tcpTimestampEcho", o->options->timestamp_echo},
        {"encapsulationKind", w->kind},
        {"encapsulationId", w->id},
        {"layer2SegmentId", vxlan ? 0x0100000000000000u + w->id : 0},
        {"tcpWindowScale", o->options->window_scale},
        {"tcpMaximumSegmentSize", o->options->mss},
        {"tcpQuirks", f->signature.quirks},
        {"hopDistance", f->match.distance},
        {"initialTtl", f->match.initial_ttl},
        {"linkMtu", f->link_mtu},
        {"osMatchKind", f->match.kind},
        {"osMatchQuality", f->match.quality},
        {"osFamilyQuality", f->match.family_quality},
        {"osCandidateCount", f->match.candidate_count},
        {"osLabelId", f->match.label != NULL ? f->match.label->id : 0},
        {"timestampFrequency", o->uptime.frequency},
        {"timestampFrequencyMeasured", o->uptime.frequency_centihertz},
        {"systemUptime", o->uptime.uptime_seconds},
        {"systemUptimeModulus", o->uptime.modulus_seconds},
        {"systemUptimeReliability", o->uptime.reliability},
        {"vlanTagCount", w->vlan_count},
        {"mplsLabelStackDepth", w->mpls_count},
        {"mplsTopLabel", w->mpls_label},
        {"encapsulationDepth", w->depth},
        {"ipTotalLength", h->ip_total_length},
        {"biflowDirection", o->from_server ? 2 : 1},
        {"hostChangeReasons", change->reasons},
        {"hostSharingScore", change->score},
        {"egressInterface", 0},
        {"samplingInterval", 1},
        {"samplingPacketInterval", 1},
        {"samplerId", 1},
        {"selectorAlgorithm", 1},
        {"flowEndReason", 2},
        {"flowAttributes", 0},
        {"initialTCPFlags", (uint8_t)h->tcp_flags},
        {"unionTCPFlags", (uint8_t)h->tcp_flags},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        if (strcmp(values[i].name, element->name) == 0) {
            return values[i].value;
        }
    }
    fail_msg("no value for %s", element->name);
    return 0;
}

static inline const uint8_t *address_of(const char *name, const synfix_headers_t *h)
{
    if (g_str_has_prefix(name, "outerSource")) {
        return h->encapsulation.outer_source.bytes;
    }
    if (g_str_has_prefix(name, "outerDestination")) {
        return h->encapsulation.outer_destination.bytes;
    }
    return g_str_has_prefix(name, "source") ? h->source.bytes : h->destination.bytes;
}

/* RFC 9740: 256 bits in network order, bit 0 is the last. */
static inline void put_bits(uint8_t *at, const ipfix_element_t *element, const synfix_observation_t *o)
{
    static const synfix_signature_t none;
    const synfix_signature_t *signature = o->fingerprint != NULL ? &o->fingerprint->signature : &none;
    memset(at, 0, 32);
    if (strcmp(element->name, "ipv6ExtensionHeadersFull") == 0) {
        at[30] = (uint8_t)(o->headers->encapsulation.extension_headers >> 8);
        at[31] = (uint8_t)o->headers->encapsulation.extension_headers;
        return;
    }
    for (unsigned i = 0; i < signature->layout_count; i++) {
        at[31 - signature->layout[i] / 8] |= (uint8_t)(1u << signature->layout[i] % 8);
    }
}

/* One value in the host's order, as an internal record has it. */
static inline size_t put_value(oracle_t *oracle, unsigned index, const ipfix_element_t *element,
                               const synfix_observation_t *o, uint8_t *at)
{
    if (element->type == IPFIX_STRING) {
        const char *text = text_of(element, o, oracle->texts[index]);
        const fbVarfield_t value = {.len = strlen(text), .buf = (uint8_t *)(uintptr_t)text};
        memcpy(at, &value, sizeof value);
        return sizeof value;
    }
    if (element->type == IPFIX_UNSIGNED256) {
        put_bits(at, element, o);
        return 32;
    }
    if (element->type == IPFIX_IPV6_ADDRESS) {
        memcpy(at, address_of(element->name, o->headers), 16);
        return 16;
    }
    if (element->type == IPFIX_IPV4_ADDRESS) {
        const uint8_t *b = address_of(element->name, o->headers);
        const uint32_t value = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
        memcpy(at, &value, 4);
        return 4;
    }
    const uint64_t value = number_of(element, o);
    const bool little = htons(1) != 1;
    memcpy(at, (const uint8_t *)&value + (little ? 0 : sizeof value - element->length), element->length);
    return element->length;
}

static inline bool in_size_class(const ipfix_element_t *element, unsigned size)
{
    return element->type == IPFIX_STRING ? size == 16 : element->length == size;
}

/* Internal template: the same elements at full length, the largest first so that all are aligned. */
static inline size_t gather(oracle_t *oracle, const ipfix_template_t *template, const synfix_observation_t *o,
                            fbTemplate_t *internal)
{
    size_t length = 0;
    for (unsigned size = 32; size > 0; size /= 2) {
        for (unsigned i = 0; i < template->field_count; i++) {
            if (!in_size_class(template->fields[i], size)) {
                continue;
            }
            if (internal != NULL) {
                fbInfoElement_t element = *fbInfoModelGetElementByID(oracle->model, template->fields[i]->id,
                                                                     template->fields[i]->pen);
                element.len = template->fields[i]->length;
                assert_true(fbTemplateAppend(internal, &element, NULL));
            } else {
                length += put_value(oracle, i, template->fields[i], o, oracle->record + length);
            }
        }
    }
    return length;
}

static inline void oracle_open(oracle_t *oracle, const ipfix_settings_t *settings)
{
    oracle->model = fixbuf_model(settings->model);
    oracle->session = fbSessionAlloc(oracle->model);
    fbSessionSetDomain(oracle->session, 1);
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        const ipfix_template_t *template = &settings->profile->templates[i];
        if (template->id == 0 || fbSessionGetTemplate(oracle->session, FALSE, template->id, NULL) != NULL) {
            continue;
        }
        GError *problem = NULL; /* fbSessionAddTemplate looks into it */
        fbTemplate_t *internal = fbTemplateAlloc(oracle->model);
        gather(oracle, template, NULL, internal);
        assert_int_equal(fbSessionAddTemplate(oracle->session, TRUE, template->id, internal, &problem),
                         template->id);
        fbTemplate_t *external = fixbuf_template(oracle->model, template, &problem);
        if (external == NULL) {
            fail_msg("libfixbuf: %s", problem->message);
        }
        assert_int_equal(fbSessionAddTemplate(oracle->session, FALSE, template->id, external, &problem),
                         template->id);
    }
    oracle->exporter = fbExporterAllocBuffer(oracle->bytes, 65535);
    oracle->buffer = fBufAllocForExport(oracle->session, oracle->exporter);
    fBufSetAutomaticMode(oracle->buffer, FALSE);
}

static inline void oracle_append(oracle_t *oracle, const ipfix_template_t *template,
                                 const synfix_observation_t *o)
{
    GError *problem = NULL;
    const size_t length = gather(oracle, template, o, NULL);
    bool good = fBufSetInternalTemplate(oracle->buffer, template->id, &problem) &&
                fBufSetExportTemplate(oracle->buffer, template->id, &problem) &&
                fBufAppend(oracle->buffer, oracle->record, length, &problem);
    if (!good) {
        fail_msg("libfixbuf: %s", problem->message);
    }
}

#endif
