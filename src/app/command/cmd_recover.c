/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/command/commands.h"
#include "app/common/exit_codes.h"
#include "app/common/printable.h"
#include "exporter/ipfix_file/ipfix_file.h"

#include <inttypes.h>
#include <stdio.h>

static int recover_file(const char *path)
{
    synfix_error_t error;
    ipfix_file_recovered_t recovered;
    int code = APP_EXIT_OK;
    const synfix_status_t status = ipfix_file_recover(path, &recovered, &error);
    if (status == SYNFIX_AGAIN) {
        return app_fail(APP_EXIT_INPUT, "%s: in use by another process; stop that process first", path);
    }
    if (status != SYNFIX_OK) {
        return app_fail(status == SYNFIX_PERMISSION ? APP_EXIT_PERMISSION : APP_EXIT_INPUT, "%s", error.text);
    }
    g_autofree char *name = printable_copy(recovered.name != NULL ? recovered.name : path);
    if (recovered.name == NULL) {
        printf("%s: no complete message, deleted\n", name);
    } else {
        printf("%s: %" PRIu64 " message%s, %" PRIu64 " byte%s dropped\n", name, recovered.messages,
               plural(recovered.messages), recovered.bytes_dropped, plural(recovered.bytes_dropped));
        if (recovered.bytes_damaged > 0) {
            code = app_fail(APP_EXIT_INPUT,
                            "%s: %" PRIu64 " damaged bytes before its last message; synfix dump skips them",
                            recovered.name, recovered.bytes_damaged);
        }
    }
    g_free(recovered.name);
    return code;
}

static const cli_option_t *option_list(void)
{
    static const cli_option_t none = {.name = NULL};
    return &none;
}

static const cli_example_t examples[] = {
    {"synfix recover /var/lib/synfix/*.part", "recover all unfinished files of an archive"},
    {NULL, NULL},
};

static int run_recover(int argc, char **argv)
{
    int code = APP_EXIT_OK;
    if (!cli_parse(&command_recover, NULL, &argc, &argv, &code)) {
        return code;
    }
    if (argc < 2) {
        return app_fail(APP_EXIT_USAGE,
                        "recover: no file named; write synfix recover FILE.part, see synfix recover --help");
    }
    for (int i = 1; i < argc; i++) {
        const int answer = recover_file(argv[i]);
        code = code == APP_EXIT_OK ? answer : code;
    }
    return code;
}

const cli_command_t command_recover = {
    .name = "recover",
    .summary = "recover the complete messages of unfinished IPFIX files",
    .operands = "FILE.part...",
    .description =
        "Truncate unfinished .part files after the last complete message and rename them. A small file "
        "without "
        "any complete message is deleted; a file that is not IPFIX is not changed. Damaged bytes before the "
        "last message stay, and are reported. The sink file: does the same when it starts.",
    .options = option_list,
    .examples = examples,
    .exit_status =
        "0 success; 1 a file is missing, or has no complete message; 2 wrong usage; 3 a file could not be "
        "changed; 4 no permission.",
    .run = run_recover,
};
