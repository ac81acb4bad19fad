/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/habits.h"

#include <string.h>

/* Options of other programs and other commands that are typed here by habit. */
static const struct {
    const char *word;
    const char *command; /* NULL: any */
    const char *advice;
} habits[] = {
    {"-w", "read", "write --to file:PATH.ipfix"},
    {"-w", "capture", "write --to file:PATH.ipfix"},
    {"-o", "read", "write --to SCHEME:PATH, for example --to json:PATH"},
    {"-o", "capture", "write --to SCHEME:PATH, for example --to json:PATH"},
    {"-r", "read", "name the capture without an option: synfix read FILE"},
    {"-r", "capture", "write synfix read FILE"},
    {"-i", "read", "write synfix capture -i NAME"},
    {"--interface", "read", "write synfix capture -i NAME"},
    {"--json", "read", "write --to json:-"},
    {"--json", "capture", "write --to json:-"},
    {"--json", "collect", "write --to json"},
    {"--json", NULL, "write --format json"},
    {"--csv", "read", "write --to csv:-"},
    {"--csv", "capture", "write --to csv:-"},
    {"--csv", "collect", "write --to csv"},
    {"--csv", NULL, "write --format csv"},
    {"--format", "read", "write --to SCHEME:-, for example --to json:-"},
    {"--format", "capture", "write --to SCHEME:-, for example --to json:-"},
    {"--format", "collect", "write --to text, json or csv"},
    {"--to", "hosts", "write --format table, csv or json"},
    {"--to", "report", "write --output FILE"},
    {"--to", "query", "write --format text or json"},
    {"--output", "hosts", "write synfix hosts ... > FILE"},
    {"--filter", "dump",
     "select by --since, --until, --net, --os, --tools or --unknown, else: synfix dump --format json FILE | "
     "jq 'select(...)'"},
    {"--filter", "hosts",
     "select by --since, --until, --net, --os, --tools and others; see synfix hosts --help"},
    {"--changed", "dump", "write synfix hosts FILE --changed"},
    {"--shared", "dump", "write synfix hosts FILE --shared"},
    {"--version", NULL, "synfix --version prints the version"},
    {"-V", NULL, "synfix --version prints the version"},
    {"-v", NULL, "write --log-level info"},
};

const char *habit_advice(const char *word, const char *command)
{
    for (size_t i = 0; i < G_N_ELEMENTS(habits); i++) {
        if (strcmp(habits[i].word, word) == 0 &&
            (habits[i].command == NULL || strcmp(habits[i].command, command) == 0)) {
            return habits[i].advice;
        }
    }
    return NULL;
}

gboolean habit_is_filter(const char *operand)
{
    static const char *const words[] = {"tcp", "udp", "ip",  "ip6", "host", "port",  "portrange",
                                        "net", "src", "dst", "not", "vlan", "ether", NULL};
    const char *begin = operand + strspn(operand, "( ");
    g_autofree char *word = g_strndup(begin, strcspn(begin, " "));
    return g_strv_contains(words, word);
}
