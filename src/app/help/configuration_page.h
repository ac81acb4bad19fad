/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file configuration_page.h
 * synfix.conf(5), generated from the table of settings.
 */
#ifndef APP_HELP_CONFIGURATION_PAGE_H
#define APP_HELP_CONFIGURATION_PAGE_H

#include "app/config/settings.h"

/** Appends synfix.conf(5) in troff format for the settings of @p table (ends with a name that is NULL). */
void configuration_page(GString *out, const setting_t *table, const char *version);

#endif
