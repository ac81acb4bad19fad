/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file manual_page.h
 * The manual page of a command, generated from the table that also gives --help.
 */
#ifndef APP_HELP_MANUAL_PAGE_H
#define APP_HELP_MANUAL_PAGE_H

#include "app/common/command_line.h"

/** Appends synfix-COMMAND(1) in troff format (man(7) macros). @p version is that of the program. */
void manual_page(GString *out, const cli_command_t *command, const char *version);

/** Appends the title line of a page; @p section as in `1`. */
void manual_title(GString *out, const char *name, const char *section, const char *version);

/** Appends @p text with characters escaped that troff would interpret; `word` becomes bold, an empty line a
 * paragraph. */
void manual_text(GString *out, const char *text);

/** Appends a section of cross references; @p pages as in `synfix(1) synfix.conf(5)`. */
void manual_see_also(GString *out, const char *pages);

#endif
