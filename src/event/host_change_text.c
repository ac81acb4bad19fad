/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "event/host_change_text.h"

typedef struct reason_words {
    uint32_t bit;
    const char *name;
    const char *sentence;
} reason_words_t;

static const reason_words_t reasons_table[] = {
#define REASON(identifier, bit, name, sentence) {SYNFIX_HOST_##identifier, name, sentence},
    SYNFIX_HOST_REASONS(REASON)
#undef REASON
};
#define REASONS_COUNT (sizeof reasons_table / sizeof reasons_table[0])

/* Words of add_nat_score() of p0f 3.09b (process.c), in its order; p0f has none for the last two. */
static const struct {
    uint32_t bits;
    const char *word;
} p0f_words[] = {
    {SYNFIX_HOST_FAMILY | SYNFIX_HOST_SYSTEM | SYNFIX_HOST_VERSION, "os_diff"},
    {SYNFIX_HOST_LAYOUT | SYNFIX_HOST_SCALE, "sig_diff"},
    {SYNFIX_HOST_CLOCK, "tstamp"},
    {SYNFIX_HOST_TTL | SYNFIX_HOST_DISTANCE, "ttl"},
    {SYNFIX_HOST_PORTS, "port"},
    {SYNFIX_HOST_MTU | SYNFIX_HOST_LINK, "mtu"},
    {SYNFIX_HOST_IP_ID, "ip_id"},
    {SYNFIX_HOST_RESTART, "restart"},
};

void host_reasons_write(text_writer_t *line, uint32_t reasons, char separator)
{
    bool first = true;
    for (size_t i = 0; i < REASONS_COUNT; i++) {
        if ((reasons & reasons_table[i].bit) == 0) {
            continue;
        }
        if (!first) {
            writer_char(line, separator);
        }
        writer_text(line, reasons_table[i].name);
        first = false;
    }
}

void host_reasons_write_p0f(text_writer_t *line, uint32_t reasons)
{
    bool first = true;
    for (size_t i = 0; i < sizeof p0f_words / sizeof p0f_words[0]; i++) {
        if ((reasons & p0f_words[i].bits) == 0) {
            continue;
        }
        if (!first) {
            writer_char(line, ' ');
        }
        writer_text(line, p0f_words[i].word);
        first = false;
    }
}

void host_reasons_write_sentence(text_writer_t *line, uint32_t reasons)
{
    bool first = true;
    for (size_t i = 0; i < REASONS_COUNT; i++) {
        if ((reasons & reasons_table[i].bit) == 0) {
            continue;
        }
        if (!first) {
            writer_text(line, "; ");
        }
        writer_text(line, reasons_table[i].sentence);
        first = false;
    }
}
