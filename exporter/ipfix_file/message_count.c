/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_file/message_count.h"
#include "exporter/ipfix_decoder/message_input.h"
#include <fcntl.h>
#include <unistd.h>

uint64_t message_count(int descriptor, const char *path, uint64_t most)
{
    const int own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (own < 0) {
        return 0;
    }
    (void)lseek(own, 0, SEEK_SET);
    message_input_t *const input = message_input_take(own, path);
    const uint8_t *message = NULL;
    size_t length = 0;
    synfix_error_t error;
    synfix_status_t status = SYNFIX_OK;
    uint64_t count = 0;
    while (count < most && (status == SYNFIX_OK || status == SYNFIX_INVALID)) {
        status = message_input_next(input, &message, &length, &error);
        count += status == SYNFIX_OK;
    }
    message_input_close(input);
    return count;
}
