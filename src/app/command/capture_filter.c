/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/capture_filter.h"
#include "app/common/exit_codes.h"
#include "app/config/load_settings.h"
#include "app/config/setting_values.h"
#include "capture/live/interface_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static live_analysis_t analysis_of(const settings_t *settings)
{
    if (!settings->kernel_filter) {
        return LIVE_EVERYTHING;
    }
    if (strcmp(settings->uptime, "off") == 0) {
        return LIVE_SYN;
    }
    return strcmp(settings->uptime, "p0f") == 0 ? LIVE_SEGMENTS : LIVE_UPTIME;
}

int capture_filter_print(const settings_t *settings, mistakes_t *mistakes)
{
    const gboolean any = strcmp(settings->interface[0], "any") == 0;
    synfix_error_t error;
    header_filter_t *filter = NULL;
    values_filter(settings, &filter, mistakes);
    const socket_filter_t wish = {.analysis = analysis_of(settings),
                                  .encapsulations = header_filter_encapsulations(filter),
                                  .expression = settings->filter,
                                  .max_ip_headers = MAX_IP_HEADERS,
                                  .tag_aside = true};
    header_filter_unref(filter);
    char *text = NULL;
    if (socket_filter_print(&wish, any, &text, &error) < 0) {
        settings_mistake(settings, "filter", 0, &error, mistakes);
    }
    const int code = load_report(mistakes, FALSE);
    if (code == APP_EXIT_OK) {
        fputs(text[0] != '\0' ? text : "everything passes\n", stdout);
    }
    free(text);
    return code;
}
