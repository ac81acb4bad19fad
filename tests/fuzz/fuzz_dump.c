/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A stream of IPFIX messages, shown in the format that the first byte chooses: nothing in them may reach a
 * terminal raw. */
#include "exporter/collector/record_printer.h"
#include "fuzz.h"
#include "fuzz_model.h"

static void check_output(const char *text, size_t length, dump_format_t format)
{
    for (size_t i = 0; i < length; i++) {
        const uint8_t byte = (uint8_t)text[i];
        FUZZ_CHECK(byte >= 0x20 || byte == '\n' || (format == DUMP_CSV && byte == '\r'));
    }
    if (format == DUMP_JSON) {
        FUZZ_CHECK(g_utf8_validate(text, (gssize)length, NULL));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const ipfix_decoder_limits_t limits = {.templates = 64, .fields = 1024, .types = 64};
    if (size < 1) {
        return 0;
    }

    const dump_format_t format = (dump_format_t)(data[0] % 3);
    char *text = NULL;
    size_t written = 0;
    FILE *out = open_memstream(&text, &written);
    dump_t *dump = dump_new(format, format != DUMP_CSV, out);
    const ipfix_decoder_events_t events = {.record = dump_record, .layout = dump_layout, .user = dump};
    const ipfix_decoder_names_t names = {.find = ipfix_decoder_find_in_model, .user = model_once()};
    ipfix_decoder_t *reader = ipfix_decoder_new(&names, &limits, &events);
    synfix_error_t error;
    size_t length;

    data++;
    size--;
    while (size >= READER_HEADER_SIZE && ipfix_decoder_header(data, &length, &error) == SYNFIX_OK &&
           length <= size) {
        if (ipfix_decoder_message(reader, data, length, &error) < 0) {
            break;
        }
        data += length;
        size -= length;
    }
    ipfix_decoder_free(reader);
    dump_free(dump);
    fclose(out);
    check_output(text, written, format);
    free(text);
    return 0;
}
