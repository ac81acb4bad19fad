/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "event/host_change_text.h"

/* Words for reasons: a word is written if at least one of its bits is set. */
typedef struct word {
    uint32_t bits;
    const char *text;
} word_t;

#define NAME(identifier, bit, name, sentence) {SYNFIX_HOST_##identifier, name},
static const word_t names[] = {SYNFIX_HOST_REASONS(NAME)};
#undef NAME

#define SENTENCE(identifier, bit, name, sentence) {SYNFIX_HOST_##identifier, sentence},
static const word_t sentences[] = {SYNFIX_HOST_REASONS(SENTENCE)};
#undef SENTENCE

/* Words of add_nat_score() of p0f 3.09b (process.c), in its order; p0f has none for the last two. */
static const word_t p0f_words[] = {
    {SYNFIX_HOST_FAMILY | SYNFIX_HOST_SYSTEM | SYNFIX_HOST_VERSION, "os_diff"},
    {SYNFIX_HOST_LAYOUT | SYNFIX_HOST_SCALE, "sig_diff"},
    {SYNFIX_HOST_CLOCK, "tstamp"},
    {SYNFIX_HOST_TTL | SYNFIX_HOST_DISTANCE, "ttl"},
    {SYNFIX_HOST_PORTS, "port"},
    {SYNFIX_HOST_MTU | SYNFIX_HOST_LINK, "mtu"},
    {SYNFIX_HOST_IP_ID, "ip_id"},
    {SYNFIX_HOST_RESTART, "restart"},
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void write_words(text_writer_t *line, const word_t *words, size_t count, uint32_t reasons,
                        const char *separator)
{
    bool first = true;
    for (size_t i = 0; i < count; i++) {
        if ((reasons & words[i].bits) == 0) {
            continue;
        }
        writer_text(line, first ? "" : separator);
        writer_text(line, words[i].text);
        first = false;
    }
}

void host_reasons_write(text_writer_t *line, uint32_t reasons, char separator)
{
    const char text[] = {separator, '\0'};
    write_words(line, names, COUNT(names), reasons, text);
}

void host_reasons_write_p0f(text_writer_t *line, uint32_t reasons)
{
    write_words(line, p0f_words, COUNT(p0f_words), reasons, " ");
}

void host_reasons_write_sentence(text_writer_t *line, uint32_t reasons)
{
    write_words(line, sentences, COUNT(sentences), reasons, "; ");
}
