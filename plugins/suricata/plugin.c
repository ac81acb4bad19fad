/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A plug-in for Suricata 8: see docs/how-to/suricata.md. Suricata is under version 2 of the GPL, so what this
 * file and Suricata become when Suricata loads it is under the GPL too.
 */
#include "synfix_suricata.h"

#ifndef SYNFIX_VERSION
#define SYNFIX_VERSION "unknown"
#endif

/* The configuration has been read; outputs, keywords and threads are set up later. */
static void init(void)
{
    synfix_layout_check();
    synfix_settings_load();
    synfix_database_load();
    synfix_thread_try();
    synfix_flow_register();
    synfix_thread_register();
    synfix_packet_register();
    synfix_event_register();
    synfix_record_register();
    synfix_keywords_register();
}

static const SCPlugin plugin = {
    .version = SC_API_VERSION,
    .suricata_version = SC_PACKAGE_VERSION,
    .name = "synfix",
    .plugin_version = SYNFIX_VERSION,
    .author = "synfix",
    .license = "MIT OR Apache-2.0",
    .Init = init,
};

__attribute__((visibility("default"))) const SCPlugin *SCPluginRegister(void);
const SCPlugin *SCPluginRegister(void)
{
    return &plugin;
}
