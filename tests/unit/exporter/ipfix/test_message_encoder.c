/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The compiled encoder against libfixbuf's transcoding: the same bytes over random observations, all
 * profiles and templates. The values are gathered here a second time, by element, on another way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix/element_values.h"
#include "exporter/ipfix/fixbuf_adapter.h"
#include "exporter/ipfix/message_encoder.h"
#include "exporter/ipfix/packet_values.h"
#include "support/observations.h"
#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define ROUNDS 3000

static char every_element[64]; /* a profile made for this test */

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
static const char *clean(char *room, const char *text, size_t maximum)
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

static const char *text_of(const ipfix_element_t *element, const synfix_observation_t *o, char *room)
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

static uint64_t clamp(uint64_t value, uint64_t maximum)
{
    return value < maximum ? value : maximum;
}

static uint64_t number_of(const ipfix_element_t *element, const synfix_observation_t *o)
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

static const uint8_t *address_of(const char *name, const synfix_headers_t *h)
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
static void put_bits(uint8_t *at, const ipfix_element_t *element, const synfix_observation_t *o)
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
static size_t put_value(oracle_t *oracle, unsigned index, const ipfix_element_t *element,
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

static bool in_size_class(const ipfix_element_t *element, unsigned size)
{
    return element->type == IPFIX_STRING ? size == 16 : element->length == size;
}

/* Internal template: the same elements at full length, the largest first so that all are aligned. */
static size_t gather(oracle_t *oracle, const ipfix_template_t *template, const synfix_observation_t *o,
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

static void oracle_open(oracle_t *oracle, const ipfix_settings_t *settings)
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

static void oracle_append(oracle_t *oracle, const ipfix_template_t *template, const synfix_observation_t *o)
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

static void settings_open(ipfix_settings_t *settings, const char *profile, bool cert)
{
    synfix_error_t error = {.text = ""};
    g_autofree char *directory = g_build_filename(SYNFIX_SOURCE_DIR, "ipfix-templates", NULL);
    *settings = (ipfix_settings_t){.message_size = 65535, .domain = 1};
    if (ipfix_model_load(directory, 4242, &settings->model, &error) != SYNFIX_OK ||
        ipfix_profile_load(settings->model, directory, profile, cert, &settings->profile, &error) !=
            SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
}

static void compare_messages(const synfix_block_t *block, oracle_t *oracle)
{
    assert_true(fBufEmit(oracle->buffer, NULL));
    assert_int_equal(block->length, fbExporterGetMsgLen(oracle->exporter));
    assert_memory_equal(block->data, oracle->bytes, 4);
    assert_memory_equal(block->data + 16, oracle->bytes + 16, block->length - 16);
}

/* Every second uptime is a change instead. */
static void vary_kind(random_observation_t *random, const synfix_host_change_t *change, unsigned round)
{
    if (random->observation.kind == SYNFIX_OBSERVATION_UPTIME && round % 2 == 0) {
        random->observation.kind = SYNFIX_OBSERVATION_HOST_CHANGE;
        random->observation.uptime = (synfix_uptime_t){.frequency = 0};
        random->observation.from_server = round % 4 == 0;
        random->observation.host_change = change;
    }
}

static void encode_all(const ipfix_settings_t *settings, oracle_t *oracle, unsigned variants_wanted)
{
    void *encoder = NULL;
    assert_int_equal(ipfix_encoding.create(settings, 0, &encoder, NULL), SYNFIX_OK);
    uint32_t seed = 7;
    unsigned seen = 0;
    uint8_t *data = g_malloc(65535);
    synfix_block_t block = {.data = data, .capacity = 40000};
    for (unsigned i = 0; i < ROUNDS; i++) {
        random_observation_t random;
        random_observation(&seed, &random);
        random.observation.community_id = "1:abc=";
        const synfix_host_change_t change = {.reasons = i * 2654435761u,
                                             .score = (uint8_t)(i % 101),
                                             .before = i % 3 == 0 ? "?" : "Windows XP",
                                             .after = "Linux 5.x"};
        vary_kind(&random, &change, i);
        const unsigned variant = ipfix_variant(&random.observation);
        const ipfix_template_t *template = &settings->profile->templates[variant];
        if (ipfix_encoding.encode(encoder, &random.observation, &block) == SYNFIX_AGAIN) {
            ipfix_encoding.seal(encoder, &block);
            compare_messages(&block, oracle);
            block = (synfix_block_t){.data = data, .capacity = 40000};
            assert_int_equal(ipfix_encoding.encode(encoder, &random.observation, &block), SYNFIX_OK);
        }
        if (template->id != 0) {
            oracle_append(oracle, template, &random.observation);
            seen |= 1u << variant;
        }
    }
    ipfix_encoding.seal(encoder, &block);
    compare_messages(&block, oracle);
    assert_int_equal(seen, variants_wanted);
    ipfix_encoding.destroy(encoder);
    g_free(data);
}

static void check_profile(const char *profile, bool cert, unsigned variants)
{
    ipfix_settings_t settings;
    settings_open(&settings, profile, cert);
    oracle_t *oracle = g_new0(oracle_t, 1);
    oracle_open(oracle, &settings);
    encode_all(&settings, oracle, variants);
    fBufFree(oracle->buffer);
    fbInfoModelFree(oracle->model);
    g_free(oracle);
    ipfix_settings_clear(&settings);
}

static void test_equals_libfixbuf(void **state)
{
    (void)state;
    check_profile("full", false, 0x3FFFF);
    check_profile("full", true, 0x3FFFF);
    check_profile("compact", false, 0x3FFFF);
    check_profile("iana", false, 0x3F);
}

static void test_equals_libfixbuf_any_order(void **state)
{
    (void)state;
    check_profile(every_element, false, 0x3FFFF);
}

static void test_bounds(void **state)
{
    (void)state;
    ipfix_settings_t settings;
    settings_open(&settings, "full", false);
    void *encoder = NULL;
    assert_int_equal(ipfix_encoding.create(&settings, 0, &encoder, NULL), SYNFIX_OK);
    uint32_t seed = 3;
    uint8_t data[1400 + 32];
    random_observation_t random;
    random_observation(&seed, &random);
    synfix_block_t block = {.data = data, .capacity = 100};
    assert_int_equal(ipfix_encoding.encode(encoder, &random.observation, &block), SYNFIX_INVALID);
    assert_int_equal(block.length, 0);
    block.capacity = 1400;
    memset(data, 0xAA, sizeof data);
    unsigned records = 0;
    while (ipfix_encoding.encode(encoder, &random.observation, &block) == SYNFIX_OK) {
        records++;
    }
    assert_true(records > 1);
    assert_int_equal(ipfix_block_records(&block), records);
    for (size_t i = 1400; i < sizeof data; i++) {
        assert_int_equal(data[i], 0xAA);
    }
    ipfix_encoding.destroy(encoder);
    ipfix_settings_clear(&settings);
}

/* Every element that can be filled, in an order that breaks up all runs. */
static int make_profile(void **state)
{
    (void)state;
    static const char text[] =
        "[observation]\ntcpSignature\nflowStartMilliseconds\nosLabel\nosClass\nlinkLabel\n"
        "packetDeltaCount[5]\ncommunityId\nsourceIPv4Address\nsourceIPv6Address\ntcpQuirks\n"
        "observationTimeNanoseconds\nobservationTimeMicroseconds\negressInterface\nsamplingInterval\n"
        "tcpOptionsFull\nsamplerId\nselectorAlgorithm\nipv6ExtensionHeadersFull\nflowEndReason\n"
        "flowAttributes\ninitialTCPFlags\nunionTCPFlags\n";
    GString *profile = g_string_new(text);
    g_string_append(profile,
                    "tcpOptionLayout\n32473/10 # by number\nmuonFingerprint\n\n[uptime]\ntcpSignature\n"
                    "tcpMaximumSegmentSize\nsystemUptime\nsourceIPv4Address\nsourceIPv6Address\n"
                    "encapsulationId\nouterSourceIPv4Address\nouterSourceIPv6Address\n\n[host-change]\n"
                    "osLabelAfter\nhostSharingScore\nsourceIPv4Address\nsourceIPv6Address\nosLabelBefore\n"
                    "hostChangeReasons\nouterSourceIPv4Address\nouterSourceIPv6Address\n"
                    "encapsulationKind\n");
    g_string_replace(profile, "32473/", "4242/", 0);
    strcpy(every_element, "/tmp/synfix-test-XXXXXX.profile");
    const int file = g_mkstemp(every_element);
    close(file);
    g_file_set_contents(every_element, profile->str, -1, NULL);
    g_string_free(profile, TRUE);
    return 0;
}

static int drop_profile(void **state)
{
    (void)state;
    return g_unlink(every_element);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equals_libfixbuf),
        cmocka_unit_test(test_equals_libfixbuf_any_order),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, make_profile, drop_profile);
}
