/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Rule keywords:
 *     synfix.os:"Windows 1?";      pattern (plugins/common/glob.h) for the label of the OS
 *     synfix.family:"Linux";       pattern for the family of the OS
 *     synfix.quality:>80;          quality of the match in percent
 *     synfix.dist:<10;             routers between the sender and the capture point
 *     synfix.signature; content:"mss*10";   sticky buffer: the raw signature of the SYN or SYN+ACK
 *
 * A rule that only looks at headers sees the fingerprint of a SYN or SYN+ACK when that packet passes, so it
 * alerts once for each of them. A rule that looks at established flows, payload or an application protocol
 * sees the fingerprint of the sender of its packet. `client,` or `server,` before the value names the side
 * instead; then each packet of the flow can match.
 */
#include "synfix_suricata.h"

static uint16_t ids[SYNFIX_KEYWORDS];
static int signature_buffer = -1;

/* Whether the rule is about more than the packets of the handshake. */
static bool looks_behind_handshake(const Signature *s)
{
    if (s->app_inspect != NULL || s->sm_arrays[DETECT_SM_LIST_PMATCH] != NULL) {
        return true;
    }
    for (const SigMatchData *item = s->sm_arrays[DETECT_SM_LIST_MATCH]; item != NULL; item++) {
        if (item->type == DETECT_FLOW &&
            (((const DetectFlowData *)item->ctx)->flags & DETECT_FLOW_FLAG_ESTABLISHED) != 0) {
            return true;
        }
        if (item->is_last) {
            break;
        }
    }
    return false;
}

static bool is_handshake(const Packet *p)
{
    return PacketIsTCP(p) && (host_tcp_flags(p) & TH_SYN) != 0;
}

static synfix_side_t sender_of_handshake(const Packet *p)
{
    return (host_tcp_flags(p) & TH_ACK) != 0 ? SYNFIX_SERVER : SYNFIX_CLIENT;
}

static const synfix_sender_t *sender_for(const Packet *p, const Signature *s, synfix_chosen_side_t side)
{
    if (p->flow == NULL || p->flow->proto != IPPROTO_TCP) {
        return NULL;
    }
    if (side != SYNFIX_SIDE_SENDER) {
        return synfix_flow_sender(p->flow, (synfix_side_t)side);
    }
    if (is_handshake(p)) {
        return synfix_flow_sender(p->flow, sender_of_handshake(p));
    }
    if (!looks_behind_handshake(s)) {
        return NULL;
    }
    return synfix_flow_sender(p->flow, PKT_IS_TOSERVER(p) ? SYNFIX_CLIENT : SYNFIX_SERVER);
}

static int match(DetectEngineThreadCtx *det_ctx, Packet *p, const Signature *s, const SigMatchCtx *ctx)
{
    const synfix_condition_t *condition = (const synfix_condition_t *)ctx;
    const synfix_sender_t *sender = sender_for(p, s, condition->side);
    (void)det_ctx;
    if (sender == NULL) {
        return 0;
    }
    if (condition->keyword == SYNFIX_KEYWORD_DIST) {
        return SCDetectU8Match(sender->distance, condition->number);
    }
    if (condition->keyword == SYNFIX_KEYWORD_QUALITY) {
        return SCDetectU8Match(sender->quality, condition->number);
    }
    const char *text = condition->keyword == SYNFIX_KEYWORD_OS ? sender->os : sender->family;
    const bool equal = sender->labelled && plugin_glob_match(condition->glob, text);
    return equal != condition->negated;
}

static void condition_free(DetectEngineCtx *de_ctx, void *condition)
{
    (void)de_ctx;
    synfix_condition_free(condition);
}

static int setup(DetectEngineCtx *de_ctx, Signature *s, const char *text, synfix_keyword_t keyword)
{
    const char *name = synfix_keyword_name(keyword);
    synfix_error_t error;
    if (!DetectProtoContainsProto(&s->proto, IPPROTO_TCP)) {
        SCLogError("%s: the rule is not about TCP", name);
        return -1;
    }
    synfix_condition_t *condition =
        synfix_condition_new(keyword, text != NULL ? text : "", s->init_data->negated, &error);
    if (condition == NULL) {
        SCLogError("%s: '%s': %s", name, text != NULL ? text : "", error.text);
        return -1;
    }
    if (SCSigMatchAppendSMToList(de_ctx, s, ids[keyword], (SigMatchCtx *)condition, DETECT_SM_LIST_MATCH) ==
        NULL) {
        synfix_condition_free(condition);
        return -1;
    }
    return 0;
}

static int setup_os(DetectEngineCtx *de_ctx, Signature *s, const char *text)
{
    return setup(de_ctx, s, text, SYNFIX_KEYWORD_OS);
}

static int setup_family(DetectEngineCtx *de_ctx, Signature *s, const char *text)
{
    return setup(de_ctx, s, text, SYNFIX_KEYWORD_FAMILY);
}

static int setup_quality(DetectEngineCtx *de_ctx, Signature *s, const char *text)
{
    return setup(de_ctx, s, text, SYNFIX_KEYWORD_QUALITY);
}

static int setup_dist(DetectEngineCtx *de_ctx, Signature *s, const char *text)
{
    return setup(de_ctx, s, text, SYNFIX_KEYWORD_DIST);
}

static int setup_signature(DetectEngineCtx *de_ctx, Signature *s, const char *unused)
{
    (void)unused;
    if (!DetectProtoContainsProto(&s->proto, IPPROTO_TCP)) {
        SCLogError("synfix.signature: the rule is not about TCP");
        return -1;
    }
    s->flags |= SIG_FLAG_REQUIRE_PACKET;
    return SCDetectBufferSetActiveList(de_ctx, s, signature_buffer) < 0 ? -1 : 0;
}

static InspectionBuffer *get_signature(DetectEngineThreadCtx *det_ctx,
                                       const DetectEngineTransforms *transforms, Packet *p, const int list_id)
{
    InspectionBuffer *buffer = InspectionBufferGet(det_ctx, list_id);
    if (buffer->inspect != NULL) {
        return buffer;
    }
    if (p->flow == NULL || !is_handshake(p)) {
        return NULL;
    }
    const synfix_sender_t *sender = synfix_flow_sender(p->flow, sender_of_handshake(p));
    if (sender == NULL) {
        return NULL;
    }
    InspectionBufferSetupAndApplyTransforms(det_ctx, list_id, buffer, (const uint8_t *)sender->signature,
                                            (uint32_t)strlen(sender->signature), transforms);
    return buffer;
}

static SigTableElmt *add_keyword(const char *name, const char *desc, uint16_t *id)
{
    const int made = SCDetectHelperNewKeywordId();
    if (made < 0) {
        FatalError("Suricata refuses the keyword %s", name);
    }
    SigTableElmt *keyword = &sigmatch_table[made];
    keyword->name = name;
    keyword->desc = desc;
    *id = (uint16_t)made;
    return keyword;
}

static void register_all(void)
{
    static const struct {
        const char *desc;
        int (*setup)(DetectEngineCtx *, Signature *, const char *);
        uint16_t flags;
    } table[SYNFIX_KEYWORDS] = {
        {"OS of the sender, from its SYN or SYN+ACK", setup_os,
         SIGMATCH_QUOTES_OPTIONAL | SIGMATCH_HANDLE_NEGATION},
        {"OS family of the sender", setup_family, SIGMATCH_QUOTES_OPTIONAL | SIGMATCH_HANDLE_NEGATION},
        {"quality of the match of the sender's fingerprint in percent", setup_quality, 0},
        {"routers between the sender and the capture point", setup_dist, 0},
    };
    for (unsigned i = 0; i < SYNFIX_KEYWORDS; i++) {
        SigTableElmt *keyword = add_keyword(synfix_keyword_name((synfix_keyword_t)i), table[i].desc, &ids[i]);
        keyword->Match = match;
        keyword->Setup = table[i].setup;
        keyword->Free = condition_free;
        keyword->flags = table[i].flags;
    }
    uint16_t id = 0;
    SigTableElmt *signature =
        add_keyword("synfix.signature", "sticky buffer: raw signature of a SYN or SYN+ACK", &id);
    signature->Setup = setup_signature;
    signature->flags = SIGMATCH_NOOPT | SIGMATCH_INFO_STICKY_BUFFER;
    signature_buffer = DetectBufferTypeRegister("synfix.signature");
    DetectBufferTypeSupportsPacket("synfix.signature");
    DetectPktMpmRegister("synfix.signature", 2, PrefilterGenericMpmPktRegister, get_signature);
    DetectPktInspectEngineRegister("synfix.signature", get_signature, DetectEngineInspectPktBufferGeneric);
}

void synfix_keywords_register(void)
{
    if (SCSigTablePreRegister(register_all) != 0) {
        FatalError("Suricata refuses rule keywords");
    }
}
