/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/secrets.h"
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Overwrites @p text up to one of @p ends. */
static void hide(char *text, const char *ends)
{
    memset(text, '*', strcspn(text, ends));
}

static bool mask_word(char *text, const char *word, const char *ends)
{
    const size_t length = strlen(word);
    bool any = false;
    for (char *at = text; *at != '\0'; at++) {
        if (strncasecmp(at, word, length) == 0) {
            hide(at + length, ends);
            any = true;
        }
    }
    return any;
}

/* The password of `//user:password@host`. */
static bool mask_user(char *text)
{
    bool any = false;
    for (char *at = strstr(text, "//"); at != NULL; at = strstr(at + 2, "//")) {
        const size_t authority = strcspn(at + 2, "/?, \t");
        char *const colon = memchr(at + 2, ':', authority);
        const char *host = at + 2 + authority;
        while (colon != NULL && host > colon && *host != '@') {
            host--;
        }
        if (colon != NULL && host > colon) {
            memset(colon + 1, '*', (size_t)(host - colon - 1));
            any = true;
        }
    }
    return any;
}

static bool mask(char *text, const char *ends)
{
    const bool user = mask_user(text);
    const bool password = mask_word(text, "password=", ends);
    return mask_word(text, "secret=", ends) || password || user;
}

bool secrets_mask(char *text)
{
    return mask(text, "&");
}

bool secrets_mask_message(char *text)
{
    return mask(text, "&' \t\n");
}
