/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "synfix_suricata.h"

static bool is_name(synfix_keyword_t keyword)
{
    return keyword == SYNFIX_KEYWORD_OS || keyword == SYNFIX_KEYWORD_FAMILY;
}

const char *synfix_keyword_name(synfix_keyword_t keyword)
{
    static const char *const names[SYNFIX_KEYWORDS] = {"synfix.os", "synfix.family", "synfix.quality",
                                                       "synfix.dist"};
    return names[keyword];
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/* `client,` or `server,` before the value. */
static const char *read_side(const char *text, synfix_chosen_side_t *side)
{
    static const char *const names[] = {[SYNFIX_CLIENT] = "client", [SYNFIX_SERVER] = "server"};
    *side = SYNFIX_SIDE_SENDER;
    text = skip_blanks(text);
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        const size_t length = strlen(names[i]);
        const char *comma = strncmp(text, names[i], length) == 0 ? skip_blanks(text + length) : "";
        if (*comma == ',') {
            *side = (synfix_chosen_side_t)i;
            return skip_blanks(comma + 1);
        }
    }
    return text;
}

/* A rule about an OS that the database does not know never alerts: that is worth a warning. */
static void warn_unless_known(const synfix_condition_t *condition, const char *text)
{
    uint64_t number = 0;
    synfix_sigdb_t *sigdb = synfix_database_get(&number);
    synfix_sigdb_info_t info;
    synfix_sigdb_info(sigdb, &info);
    bool known = false;
    for (uint32_t i = 0; i < info.label_count && !known; i++) {
        const synfix_label_t *label = synfix_sigdb_label(sigdb, i);
        known = plugin_glob_match(condition->glob,
                                  condition->keyword == SYNFIX_KEYWORD_OS ? label->text : label->name);
    }
    synfix_sigdb_unref(sigdb);
    if (!known) {
        SCLogWarning("%s: no label of the signature database matches '%s'",
                     synfix_keyword_name(condition->keyword), text);
    }
}

/* Suricata itself removes `!` and quotes, but only in front of a side. */
static bool read_name(synfix_condition_t *condition, const char *text, synfix_error_t *error)
{
    const char *name = text;
    if (condition->side != SYNFIX_SIDE_SENDER && *name == '!') {
        condition->negated = !condition->negated;
        name = skip_blanks(name + 1);
    }
    size_t length = strlen(name);
    while (length > 0 && (name[length - 1] == ' ' || name[length - 1] == '\t')) {
        length--;
    }
    if (*name == '"' && condition->side != SYNFIX_SIDE_SENDER) {
        if (length < 2 || name[length - 1] != '"') {
            (void)synfix_fail(error, SYNFIX_INVALID, "the quotation mark at the end is missing");
            return false;
        }
        name++;
        length -= 2;
    }
    condition->glob = plugin_glob_new(name, length, error);
    if (condition->glob == NULL) {
        return false;
    }
    warn_unless_known(condition, text);
    return true;
}

static bool read_number(synfix_condition_t *condition, const char *text, synfix_error_t *error)
{
    condition->number = SCDetectU8Parse(text);
    if (condition->number == NULL) {
        (void)synfix_fail(error, SYNFIX_INVALID,
                          "not a number, comparison or range from 0 to 255 that some values fail");
    }
    return condition->number != NULL;
}

synfix_condition_t *synfix_condition_new(synfix_keyword_t keyword, const char *text, bool negated,
                                         synfix_error_t *error)
{
    synfix_condition_t *condition = SCCalloc(1, sizeof *condition);
    if (condition == NULL) {
        (void)synfix_fail(error, SYNFIX_NO_MEMORY, "out of memory");
        return NULL;
    }
    condition->keyword = keyword;
    condition->negated = negated;
    text = read_side(text, &condition->side);
    const bool valid =
        is_name(keyword) ? read_name(condition, text, error) : read_number(condition, text, error);
    if (!valid) {
        synfix_condition_free(condition);
        return NULL;
    }
    return condition;
}

void synfix_condition_free(synfix_condition_t *condition)
{
    if (condition == NULL) {
        return;
    }
    plugin_glob_free(condition->glob);
    if (condition->number != NULL) {
        SCDetectU8Free(condition->number);
    }
    SCFree(condition);
}
