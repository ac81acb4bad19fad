/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/secrets.h"
#include <stddef.h>
#include <string.h>

static char *behind_first(char *text, const char *word)
{
    char *found = strstr(text, word);
    return found == NULL ? NULL : found + strlen(word);
}

static bool mask_word(char *text, const char *word)
{
    bool any = false;
    for (char *at = behind_first(text, word); at != NULL; at = behind_first(at, word)) {
        for (; *at != '\0' && *at != '&'; at++) {
            *at = '*';
        }
        any = true;
    }
    return any;
}

bool secrets_mask(char *text)
{
    const bool password = mask_word(text, "password=");
    return mask_word(text, "secret=") || password;
}
