/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <synfix/version.h>

const char *synfix_version(void)
{
    return SYNFIX_VERSION;
}
