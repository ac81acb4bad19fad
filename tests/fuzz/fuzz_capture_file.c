/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A capture file, classic or pcapng; what comes out of it is decoded. */
#include "capture/file/pcap.h"
#include "fuzz.h"
#include <stdio.h>
#include <synfix/decode.h>
#include <sys/mman.h>
#include <unistd.h>

#define BATCH 16u

static void check_packets(const synfix_packet_t *packets, size_t count, uint64_t *number)
{
    for (size_t i = 0; i < count; i++) {
        synfix_headers_t headers;
        FUZZ_CHECK(packets[i].original_length >= packets[i].captured_length);
        FUZZ_CHECK(packets[i].number == ++*number);
        (void)synfix_decode(&packets[i], &headers);
        for (uint32_t k = 0; k < packets[i].captured_length; k++) { /* each byte is there to be read */
            FUZZ_CHECK(*(const volatile uint8_t *)&packets[i].data[k] < 256);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pcap_format_t format = {0};
    synfix_packet_t packets[BATCH];
    synfix_error_t error;
    uint64_t number = 0;
    char path[64];

    const int file = memfd_create("capture", MFD_CLOEXEC);
    FUZZ_CHECK(file >= 0);
    FUZZ_CHECK(write(file, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    format.input.name = path;
    if (buffered_input_open(&format.input, path, &error) == SYNFIX_OK) {
        synfix_status_t status = pcap_format_begin(&format, &error);
        while (status == SYNFIX_OK) {
            size_t count = 0;
            status = pcap_format_read(&format, packets, BATCH, &count, &error);
            FUZZ_CHECK(count <= BATCH);
            FUZZ_CHECK(status != SYNFIX_OK || count > 0);
            check_packets(packets, count, &number);
        }
        FUZZ_CHECK(status != SYNFIX_AGAIN); /* a file has all that it will have */
        pcap_format_free(&format);
    }
    close(file);
    return 0;
}
