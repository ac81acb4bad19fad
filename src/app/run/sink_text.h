/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sink_text.h
 * The short form of a sink in `--to` and in the configuration. Any thread.
 */
#ifndef APP_RUN_SINK_TEXT_H
#define APP_RUN_SINK_TEXT_H

#include "module/module_registry.h"

/**
 * `json` stands for `json:-`, as for each line format (a sink that writes lines to files, sockets and
 * standard output), with or without options. Other texts are copied: `json:` is a mistake, as an unset
 * variable in a script leaves it.
 * @return g_free it
 */
char *sink_text_complete(const registry_t *registry, const char *text);

#endif
