/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Rule keywords:
 *     synfix.os:"Windows 1?";      glob pattern (case is ignored) for the label of the OS
 *     synfix.family:"Linux";       the same for its family
 *     synfix.quality:>80;          quality of the match in percent
 *     synfix.dist:<10;             distance in hops
 *     synfix.signature; content:"mss*10";   sticky buffer: the raw signature of the SYN or SYN+ACK
 *
 * A rule that only looks at headers sees the fingerprint of a SYN or SYN+ACK when that packet passes, so it
 * alerts once for each of them. A rule that looks at established flows, payload or an application protocol
 * sees the fingerprint of the sender of its packet. `client,` or `server,` before the value names the side
 * instead; then each packet of the flow can match.
 */
#include "synfix_suricata.h"

#include <fnmatch.h>

typedef enum keyword { KEYWORD_OS, KEYWORD_FAMILY, KEYWORD_QUALITY, KEYWORD_DIST, KEYWORDS } keyword_t;
typedef enum chosen_side {
    SIDE_CLIENT = SYNFIX_CLIENT,
    SIDE_SERVER = SYNFIX_SERVER,
    SIDE_SENDER
} chosen_side_t;

typedef struct condition {
    keyword_t keyword;
    chosen_side_t side;
    char *pattern;             /* of os and family */
    DetectUintData_u8 *number; /* of quality and dist */
    bool negated;
} condition_t;

static uint16_t ids[KEYWORDS];
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

static const synfix_sender_t *sender_for(const Packet *p, const Signature *s, chosen_side_t side)
{
    if (p->flow == NULL || p->flow->proto != IPPROTO_TCP) {
        return NULL;
    }
    if (side != SIDE_SENDER) {
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
    const condition_t *condition = (const condition_t *)ctx;
    const synfix_sender_t *sender = sender_for(p, s, condition->side);
    (void)det_ctx;
    if (sender == NULL) {
        return 0;
    }
    if (condition->keyword == KEYWORD_DIST) {
        return SCDetectU8Match(sender->distance, condition->number);
    }
    if (condition->keyword == KEYWORD_QUALITY) {
        return SCDetectU8Match(sender->quality, condition->number);
    }
    const char *text = condition->keyword == KEYWORD_OS ? sender->os : sender->family;
    const bool equal = sender->labelled && fnmatch(condition->pattern, text, FNM_CASEFOLD) == 0;
    return equal != condition->negated;
}

static void condition_free(DetectEngineCtx *de_ctx, void *pointer)
{
    condition_t *condition = pointer;
    (void)de_ctx;
    if (condition == NULL) {
        return;
    }
    SCFree(condition->pattern);
    if (condition->number != NULL) {
        SCDetectU8Free(condition->number);
    }
    SCFree(condition);
}

/* A rule about an OS that the database does not know never alerts: that is worth a warning. */
static void warn_unless_known(const condition_t *condition)
{
    uint64_t number = 0;
    synfix_sigdb_t *sigdb = synfix_database_get(&number);
    synfix_sigdb_info_t info;
    synfix_sigdb_info(sigdb, &info);
    bool known = false;
    for (uint32_t i = 0; i < info.label_count && !known; i++) {
        const synfix_label_t *label = synfix_sigdb_label(sigdb, i);
        const char *text = condition->keyword == KEYWORD_OS ? label->text : label->name;
        known = fnmatch(condition->pattern, text, FNM_CASEFOLD) == 0;
    }
    synfix_sigdb_unref(sigdb);
    if (!known) {
        SCLogWarning("synfix.%s: no label of the signature database matches '%s'",
                     condition->keyword == KEYWORD_OS ? "os" : "family", condition->pattern);
    }
}

/* `client,` or `server,` before the value. */
static const char *read_side(const char *text, chosen_side_t *side)
{
    *side = SIDE_SENDER;
    while (*text == ' ') {
        text++;
    }
    if (strncmp(text, "client,", 7) == 0 || strncmp(text, "server,", 7) == 0) {
        *side = text[0] == 'c' ? SIDE_CLIENT : SIDE_SERVER;
        text += 7;
    }
    while (*text == ' ') {
        text++;
    }
    return text;
}

static bool read_pattern(condition_t *condition, const char *text)
{
    size_t length = strlen(text);
    if (length >= 2 && text[0] == '"' && text[length - 1] == '"') {
        text++;
        length -= 2;
    }
    while (length > 0 && text[length - 1] == ' ') {
        length--;
    }
    condition->pattern = length > 0 ? SCCalloc(1, length + 1) : NULL;
    if (condition->pattern == NULL) {
        return false;
    }
    memcpy(condition->pattern, text, length);
    warn_unless_known(condition);
    return true;
}

static condition_t *condition_new(keyword_t keyword, const char *text, bool negated)
{
    condition_t *condition = text != NULL ? SCCalloc(1, sizeof *condition) : NULL;
    if (condition == NULL) {
        return NULL;
    }
    condition->keyword = keyword;
    condition->negated = negated;
    text = read_side(text, &condition->side);
    bool valid = false;
    if (keyword == KEYWORD_QUALITY || keyword == KEYWORD_DIST) {
        condition->number = SCDetectU8Parse(text);
        valid = condition->number != NULL;
    } else {
        valid = read_pattern(condition, text);
    }
    if (!valid) {
        condition_free(NULL, condition);
        return NULL;
    }
    return condition;
}

static int setup(DetectEngineCtx *de_ctx, Signature *s, const char *text, keyword_t keyword)
{
    static const char *const names[KEYWORDS] = {"os", "family", "quality", "dist"};
    if (!DetectProtoContainsProto(&s->proto, IPPROTO_TCP)) {
        SCLogError("synfix.%s: the rule is not about TCP", names[keyword]);
        return -1;
    }
    condition_t *condition = condition_new(keyword, text, s->init_data->negated);
    if (condition == NULL) {
        SCLogError("synfix.%s: '%s' is not %s", names[keyword], text != NULL ? text : "",
                   keyword == KEYWORD_OS || keyword == KEYWORD_FAMILY
                       ? "a name"
                       : "a number, comparison or range from 0 to 255 that some values fail");
        return -1;
    }
    if (SCSigMatchAppendSMToList(de_ctx, s, ids[keyword], (SigMatchCtx *)condition, DETECT_SM_LIST_MATCH) ==
        NULL) {
        condition_free(de_ctx, condition);
        return -1;
    }
    return 0;
}

static int setup_os(DetectEngineCtx *de_ctx, Signature *s, const char *text)
{
    return setup(de_ctx, s, text, KEYWORD_OS);
}

static int setup_family(DetectEngineCtx *de_ctx, Signature *s, const char *text)
{
    return setup(de_ctx, s, text, KEYWORD_FAMILY);
}

static int setup_quality(DetectEngineCtx *de_ctx, Signature *s, const char *text)
{
    return setup(de_ctx, s, text, KEYWORD_QUALITY);
}

static int setup_dist(DetectEngineCtx *de_ctx, Signature *s, const char *text)
{
    return setup(de_ctx, s, text, KEYWORD_DIST);
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
        FatalError("synfix: Suricata refuses the keyword %s", name);
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
        const char *name;
        const char *desc;
        int (*setup)(DetectEngineCtx *, Signature *, const char *);
        uint16_t flags;
    } table[KEYWORDS] = {
        {"synfix.os", "OS of the sender, from its SYN or SYN+ACK", setup_os,
         SIGMATCH_QUOTES_OPTIONAL | SIGMATCH_HANDLE_NEGATION},
        {"synfix.family", "OS family of the sender", setup_family,
         SIGMATCH_QUOTES_OPTIONAL | SIGMATCH_HANDLE_NEGATION},
        {"synfix.quality", "quality of the match of the sender's fingerprint in percent", setup_quality, 0},
        {"synfix.dist", "distance of the sender in hops", setup_dist, 0},
    };
    for (unsigned i = 0; i < KEYWORDS; i++) {
        SigTableElmt *keyword = add_keyword(table[i].name, table[i].desc, &ids[i]);
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
        FatalError("synfix: Suricata refuses rule keywords");
    }
}
