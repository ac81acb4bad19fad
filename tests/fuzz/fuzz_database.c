/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Text that should be a signature database; when it loads, a few signatures are looked up in it. */
#include "fuzz.h"
#include <stdio.h>
#include <string.h>
#include <synfix/sigdb.h>

#include "sigdb/parse.h"
#include "sigdb_tools/sigdb_tools.h"

static void look_up(const synfix_sigdb_t *sigdb)
{
    static const char *const texts[] = {
        "4:64+0:0:1460:mss*20,7:mss,sok,ts,nop,ws:df,id+:0",
        "4:120+8:0:1460:8192,8:mss,nop,ws,nop,nop,sok:df,id+:0",
        "6:57+7:0:1440:65535,0:mss:flow:0",
        "4:255+0:0:0:0,0::id-:+",
    };
    synfix_match_t match;
    synfix_signature_t signature;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        FUZZ_CHECK(synfix_signature_parse(texts[i], strlen(texts[i]), &signature, NULL) == SYNFIX_OK);
        for (int direction = SYNFIX_DIRECTION_REQUEST; direction <= SYNFIX_DIRECTION_RESPONSE; direction++) {
            synfix_sigdb_match(sigdb, (synfix_direction_t)direction, &signature, &match);
            FUZZ_CHECK((match.label == NULL) == (match.kind == SYNFIX_MATCH_NONE));
            FUZZ_CHECK(match.quality <= 100);
            FUZZ_CHECK(match.candidate_count ==
                       synfix_sigdb_candidates(sigdb, (synfix_direction_t)direction, &signature, NULL, 0));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    synfix_error_t error;

    FUZZ_CHECK(sigdb != NULL);
    FILE *nowhere = fopen("/dev/null", "w");
    FUZZ_CHECK(nowhere != NULL);
    const unsigned wrong = sigdb_check_text("fuzz", (const char *)data, size, nowhere);
    error.text[0] = '\0';
    if (synfix_sigdb_load_text(sigdb, "fuzz", (const char *)data, size, &error) != SYNFIX_OK) {
        FUZZ_CHECK(wrong > 0 && error.text[0] != '\0' && strchr(error.text, '\n') == NULL);
    } else {
        FUZZ_CHECK(wrong == 0);
    }
    if (synfix_sigdb_finish(sigdb, &error) == SYNFIX_OK) {
        synfix_sigdb_info_t info;
        synfix_sigdb_info(sigdb, &info);
        look_up(sigdb);
        for (uint32_t i = 0; i < info.label_count; i++) {
            FUZZ_CHECK(synfix_sigdb_label(sigdb, i) != NULL);
        }
        FUZZ_CHECK(synfix_sigdb_label(sigdb, info.label_count) == NULL);
        (void)synfix_sigdb_link(sigdb, 1500);
        (void)sigdb_lint(sigdb, nowhere);
        sigdb_show(sigdb, true, nowhere);
    }
    (void)fclose(nowhere);
    synfix_sigdb_unref(sigdb);
    return 0;
}
