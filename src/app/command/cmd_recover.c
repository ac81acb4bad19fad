/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/exit_codes.h"
#include "exporter/ipfix_file/ipfix_file.h"

#include <inttypes.h>
#include <stdio.h>

static int recover_file(const char *path)
{
    synfix_error_t error;
    ipfix_file_recovered_t recovered;
    const synfix_status_t status = ipfix_file_recover(path, &recovered, &error);
    if (status == SYNFIX_AGAIN) {
        return app_fail(APP_EXIT_INPUT, "%s: somebody is writing to it", path);
    }
    if (status != SYNFIX_OK) {
        return app_fail(status == SYNFIX_PERMISSION ? APP_EXIT_PERMISSION : APP_EXIT_INPUT, "%s", error.text);
    }
    if (recovered.name == NULL) {
        printf("%s: no whole message in it, removed\n", path);
    } else {
        printf("%s: %" PRIu64 " messages, %" PRIu64 " bytes dropped\n", recovered.name, recovered.messages,
               recovered.octets_dropped);
    }
    g_free(recovered.name);
    return APP_EXIT_OK;
}

int cmd_recover(int argc, char **argv)
{
    GOptionContext *context = g_option_context_new("FILE.part...");
    g_option_context_set_summary(context,
                                 "Cuts unfinished IPFIX files behind their last whole message and gives "
                                 "them their names; one without is removed, what is no IPFIX is "
                                 "refused.\nThe sink file: does so by itself when it starts.");
    int code = APP_EXIT_OK;
    if (!app_parse(context, &argc, &argv, &code)) {
        return code;
    }
    if (argc < 2) {
        return app_fail(APP_EXIT_USAGE, "recover: no file given (see synfix recover --help)");
    }
    for (int i = 1; i < argc; i++) {
        const int answer = recover_file(argv[i]);
        code = code == APP_EXIT_OK ? answer : code;
    }
    return code;
}
