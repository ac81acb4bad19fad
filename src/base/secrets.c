/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/secrets.h"
#include "base/ascii.h"
#include <stddef.h>
#include <string.h>

/* Whether @p at ends a clause of a message: `: `, `; `, or an apostrophe in front of other punctuation. */
static bool ends_clause(const char *at)
{
    switch (*at) {
    case '\n':
        return true;
    case ':':
    case ';':
        return at[1] == ' ' || at[1] == '\n';
    case '\'':
        return at[1] == '\0' || strchr(" :;,.?)\n", at[1]) != NULL;
    default:
        return false;
    }
}

/* Length of @p text up to one of @p ends, in a message also up to the end of the clause. */
static size_t length_up_to(const char *text, const char *ends, bool message)
{
    const size_t most = strcspn(text, ends);
    size_t length = 0;
    while (length < most && !(message && ends_clause(text + length))) {
        length++;
    }
    return length;
}

static bool mask_word(char *text, const char *word, const char *ends, bool message)
{
    const size_t length = strlen(word);
    bool any = false;
    for (char *at = text; *at != '\0'; at++) {
        if (ascii_begin_equal(at, word, length)) {
            char *const value = at + length;
            memset(value, '*', length_up_to(value, ends, message));
            any = true;
        }
    }
    return any;
}

/* The password of `//user:password@host`. */
static bool mask_user(char *text, bool message)
{
    bool any = false;
    for (char *at = strstr(text, "//"); at != NULL; at = strstr(at + 2, "//")) {
        const size_t authority = length_up_to(at + 2, "/?,", message);
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

static bool mask(char *text, const char *ends, bool message)
{
    static const char *const words[] = {"password=", "passphrase=", "secret=", "key.pem="};
    bool any = mask_user(text, message);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        any = mask_word(text, words[i], ends, message) || any;
    }
    return any;
}

bool secrets_mask(char *text)
{
    return mask(text, "&", false);
}

bool secrets_mask_option(char *text)
{
    return mask(text, "", false);
}

bool secrets_mask_message(char *text)
{
    return mask(text, "&", true);
}
