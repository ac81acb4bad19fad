/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/kafka/kafka_message.h"

#include <stdlib.h>
#include <string.h>

#include "base/byte_order.h"
#include "event/json_event.h"
#include "exporter/formats/text_sink.h"

#define LENGTH_SIZE        4u
#define TEMPLATE_SET_ID    2u
#define ENTERPRISE_BIT     0x8000u
#define TEMPLATE_SET_SIZE  (4u + 4u + IPFIX_FIELDS_MAX * 8u)
#define RECORD_MESSAGE_MAX 4096u

_Static_assert(TEMPLATE_SET_SIZE + RECORD_MESSAGE_MAX <= KAFKA_IPFIX_MESSAGE_MAX, "any message fits");

/* Writes the key and reserves the length; NULL: no space. */
static char *begin_message(text_writer_t *line, const synfix_headers_t *headers)
{
    char key[SYNFIX_ADDRESS_TEXT_SIZE];
    const size_t key_length = synfix_address_format(&headers->source, headers->ip_version, key);
    writer_char(line, (char)key_length);
    writer_bytes(line, key, key_length);
    char *length_at = line->at;
    writer_bytes(line, "\0\0\0", LENGTH_SIZE);
    return line->full ? NULL : length_at;
}

static synfix_status_t end_message(text_writer_t *line, char *length_at,
                                   const synfix_observation_t *observation, synfix_block_t *block)
{
    if (length_at != NULL) {
        const uint32_t length = (uint32_t)(line->at - length_at) - LENGTH_SIZE;
        memcpy(length_at, &length, sizeof length);
    }
    return writer_commit(line, observation, block);
}

uint32_t kafka_message_at(const synfix_block_t *block, uint32_t offset, kafka_message_t *message)
{
    const uint8_t *at = block->data + offset;
    uint32_t length = 0;
    message->key_length = at[0];
    message->key = at + 1;
    memcpy(&length, message->key + message->key_length, sizeof length);
    message->value = message->key + message->key_length + LENGTH_SIZE;
    message->value_length = length;
    return (uint32_t)(message->value - block->data) + length;
}

static synfix_status_t json_encode(void *encoder, const synfix_observation_t *observation,
                                   synfix_block_t *block)
{
    text_writer_t line = writer_begin(block);
    char *length_at = begin_message(&line, observation->headers);
    if (length_at != NULL) {
        json_event(&line, encoder, observation, true, false);
    }
    return end_message(&line, length_at, observation, block);
}

const synfix_encoding_t kafka_json_encoding = {.block_size = TEXT_BLOCK_SIZE,
                                               .create = json_cache_create,
                                               .encode = json_encode,
                                               .destroy = text_cache_free};

typedef struct ipfix_encoder {
    void *records; /* of ipfix_encoding */
    struct {
        uint16_t length;
        uint8_t bytes[TEMPLATE_SET_SIZE];
    } sets[IPFIX_VARIANTS];
    uint8_t message[RECORD_MESSAGE_MAX];
} ipfix_encoder_t;

/* Writes a template set with this template (RFC 7011 sections 3.3 and 3.4.1); returns its length. */
static uint16_t write_template_set(const ipfix_template_t *template, uint8_t *bytes)
{
    uint8_t *at = bytes + 4;
    write_be16(at, template->id);
    write_be16(at + 2, template->field_count);
    at += 4;
    for (unsigned i = 0; i < template->field_count; i++) {
        const ipfix_element_t *element = template->fields[i];
        write_be16(at, (uint16_t)(element->id | (element->pen != 0 ? ENTERPRISE_BIT : 0)));
        write_be16(at + 2, template->lengths[i]);
        at += 4;
        if (element->pen != 0) {
            write_be32(at, element->pen);
            at += 4;
        }
    }
    write_be16(bytes, TEMPLATE_SET_ID);
    write_be16(bytes + 2, (uint16_t)(at - bytes));
    return (uint16_t)(at - bytes);
}

static void ipfix_destroy(void *instance)
{
    ipfix_encoder_t *encoder = instance;
    if (encoder->records != NULL) {
        ipfix_encoding.destroy(encoder->records);
    }
    free(encoder);
}

static synfix_status_t ipfix_create(const void *settings, unsigned worker, void **instance,
                                    synfix_error_t *error)
{
    const ipfix_settings_t *wanted = settings;
    ipfix_encoder_t *encoder = calloc(1, sizeof *encoder);
    if (encoder == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "kafka: out of memory");
    }
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        encoder->sets[i].length = write_template_set(&wanted->profile->templates[i], encoder->sets[i].bytes);
    }
    const synfix_status_t status = ipfix_encoding.create(settings, worker, &encoder->records, error);
    if (status != SYNFIX_OK) {
        ipfix_destroy(encoder);
        return status;
    }
    *instance = encoder;
    return SYNFIX_OK;
}

static synfix_status_t ipfix_encode(void *instance, const synfix_observation_t *observation,
                                    synfix_block_t *block)
{
    ipfix_encoder_t *encoder = instance;
    synfix_block_t record = {.data = encoder->message, .capacity = sizeof encoder->message};
    const synfix_status_t status = ipfix_encoding.encode(encoder->records, observation, &record);
    if (status != SYNFIX_OK || record.length == 0) {
        return status; /* nothing to encode: the profile has no template for this kind */
    }
    ipfix_encoding.seal(encoder->records, &record);
    const unsigned variant = ipfix_variant(observation);
    const uint16_t set_length = encoder->sets[variant].length;
    write_be16(record.data + 2, (uint16_t)(record.length + set_length));
    text_writer_t line = writer_begin(block);
    char *length_at = begin_message(&line, observation->headers);
    writer_bytes(&line, (const char *)record.data, IPFIX_HEADER_SIZE);
    writer_bytes(&line, (const char *)encoder->sets[variant].bytes, set_length);
    writer_bytes(&line, (const char *)record.data + IPFIX_HEADER_SIZE, record.length - IPFIX_HEADER_SIZE);
    return end_message(&line, length_at, observation, block);
}

const synfix_encoding_t kafka_ipfix_encoding = {
    .block_size = TEXT_BLOCK_SIZE, .create = ipfix_create, .encode = ipfix_encode, .destroy = ipfix_destroy};
