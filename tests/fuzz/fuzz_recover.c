/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* An unfinished IPFIX file: recovery leaves messages that can be read one by one, and drops the end only. */
#include "exporter/ipfix_decoder/message_input.h"
#include "exporter/ipfix_file/ipfix_file.h"
#include "fuzz.h"
#include "place.h"
#include <glib.h>
#include <sys/stat.h>

static uint64_t size_of(const char *path)
{
    struct stat facts;
    FUZZ_CHECK(stat(path, &facts) == 0);
    return (uint64_t)facts.st_size;
}

/* A compressed file may hold a frame that is whole but no message, and its last frame may end inside a
 * message: the reader reports that. */
static void check_messages(const ipfix_file_recovered_t *recovered, bool compressed)
{
    message_input_t *input = NULL;
    synfix_error_t error;
    const uint8_t *message;
    size_t length;
    uint64_t count = 0;
    synfix_status_t status;

    FUZZ_CHECK(message_input_open(recovered->name, &input, &error) == SYNFIX_OK);
    while ((status = message_input_next(input, &message, &length, &error)) == SYNFIX_OK ||
           status == SYNFIX_INVALID) {
        count += status == SYNFIX_OK;
        FUZZ_CHECK(status == SYNFIX_OK || recovered->bytes_damaged > 0 || recovered->bytes_dropped == 0 ||
                   compressed);
    }
    message_input_close(input);
    FUZZ_CHECK(compressed || status == SYNFIX_END || recovered->bytes_dropped == 0);
    FUZZ_CHECK(count == recovered->messages);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *part = place_write("a.ipfix" ARCHIVE_PART_SUFFIX, data, size);
    ipfix_file_recovered_t recovered;
    synfix_error_t error;

    const synfix_status_t status = ipfix_file_recover(part, &recovered, &error);
    if (status == SYNFIX_INVALID) { /* no archive: untouched */
        FUZZ_CHECK(size_of(part) == size && place_empty() == 1);
        return 0;
    }
    FUZZ_CHECK(status == SYNFIX_OK);
    if (recovered.name == NULL) {
        FUZZ_CHECK(recovered.messages == 0 && recovered.bytes_dropped == size);
    } else {
        FUZZ_CHECK(recovered.messages > 0 || data[0] != 0);
        FUZZ_CHECK(size_of(recovered.name) + recovered.bytes_dropped == size);
        check_messages(&recovered, data[0] != 0); /* a message begins with 0, a frame does not */
    }
    const bool stays = recovered.name != NULL;
    g_free(recovered.name);
    FUZZ_CHECK(place_empty() == (stays ? 1 : 0));
    return 0;
}
