/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A stream of IPFIX messages, as dump and collect read them from files and peers. */
#include "exporter/ipfix_decoder/message_decoder.h"
#include "fuzz.h"
#include "fuzz_model.h"

/* Touches every byte that is handed over, for the sanitizer to look at. */
static synfix_status_t take_record(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error)
{
    uint64_t *sum = user;
    (void)error;
    for (uint16_t i = 0; i < record->layout->field_count; i++) {
        const ipfix_decoder_value_t value = ipfix_decoder_value(record, i);
        for (uint32_t k = 0; k < value.length; k++) {
            *sum += value.data[k];
        }
    }
    return SYNFIX_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const ipfix_decoder_limits_t limits = {.templates = 64, .fields = 1024, .types = 64};
    uint64_t sum = 0;
    const ipfix_decoder_events_t events = {.record = take_record, .user = &sum};
    const ipfix_decoder_names_t names = {.find = ipfix_decoder_find_in_model, .user = model_once()};
    ipfix_decoder_t *reader = ipfix_decoder_new(&names, &limits, &events);
    synfix_error_t error;
    size_t length;

    while (size >= READER_HEADER_SIZE && ipfix_decoder_header(data, &length, &error) == SYNFIX_OK) {
        FUZZ_CHECK(length >= READER_HEADER_SIZE);
        if (length > size) {
            break;
        }
        uint8_t *message = malloc(length);
        FUZZ_CHECK(message != NULL);
        __builtin_memcpy(message, data, length);
        const synfix_status_t status = ipfix_decoder_message(reader, message, length, &error);
        free(message);
        if (status < 0) {
            break;
        }
        data += length;
        size -= length;
    }
    ipfix_decoder_free(reader);
    return 0;
}
