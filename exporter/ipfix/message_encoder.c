/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/message_encoder.h"
#include "base/byte_order.h"
#include "base/prefetch.h"
#include "exporter/ipfix/annotation_elements.h"
#include "exporter/ipfix/cached_fields.h"
#include "exporter/ipfix/plain_record.h"
#include <glib.h>
#include <stdlib.h>

#define SET_HEADER_SIZE 4u
#define IPFIX_VERSION   10u

/* notes of a block: offset of the open set, its template, records so far */
enum { NOTE_SET, NOTE_TEMPLATE, NOTE_RECORDS };

typedef struct encoder {
    fields_cache_t cache;
    const compiled_template_t *variants[IPFIX_VARIANTS]; /* the address of each in `compiled` */
    compiled_template_t compiled[IPFIX_VARIANTS];
} encoder_t;

static void encoder_destroy(void *instance)
{
    encoder_t *encoder = instance;
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        compiled_template_clear(&encoder->compiled[i]);
    }
    fields_cache_clear(&encoder->cache);
    free(encoder);
}

static synfix_status_t encoder_create(const void *settings, unsigned worker, void **instance,
                                      synfix_error_t *error)
{
    (void)worker;
    const ipfix_settings_t *wanted = settings;
    encoder_t *encoder = calloc(1, sizeof *encoder);
    if (encoder == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "record encoder: out of memory");
    }
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        compiled_template_init(&encoder->compiled[i], &wanted->profile->templates[i]);
        encoder->variants[i] = &encoder->compiled[i];
    }
    if (!fields_cache_init(&encoder->cache, encoder->compiled)) {
        encoder_destroy(encoder);
        return synfix_fail(error, SYNFIX_NO_MEMORY, "record encoder: out of memory");
    }
    *instance = encoder;
    return SYNFIX_OK;
}

static uint32_t encoder_size(const void *settings)
{
    const ipfix_settings_t *wanted = settings;
    return wanted->message_size;
}

static uint8_t *write_section_end(uint8_t *at, const template_section_t *section,
                                  const synfix_observation_t *observation)
{
    uint8_t *end = at;
    if (section->end == SECTION_FINGERPRINT) {
        end = fingerprint_field_write(at, (fingerprint_field_t)section->code, observation);
    } else if (section->end == SECTION_CALL && section->code == CALL_ANNOTATION) {
        end = annotation_element_write(at, section->element, observation);
    } else if (section->end == SECTION_CALL) {
        end = call_field_write(at, (call_field_t)section->code, observation);
    }
    return section->fixed_length != 0 ? string_fix_length(at, end, section->fixed_length) : end;
}

static uint8_t *write_sections(uint8_t *at, const compiled_template_t *compiled,
                               const synfix_observation_t *observation, encoded_fields_t fields)
{
    const template_section_t *section = compiled->sections;
    const template_section_t *end = section + compiled->section_count;
    do {
        at = template_section_write(at, section, observation);
        at = section->end == SECTION_CACHED ? cached_fields_copy(at, fields.bytes, fields.length)
                                            : write_section_end(at, section, observation);
    } while (++section < end);
    return at;
}

static void close_set(synfix_block_t *block)
{
    if (block->notes[NOTE_SET] != 0) {
        write_be16(block->data + block->notes[NOTE_SET] + 2,
                   (uint16_t)(block->length - block->notes[NOTE_SET]));
        block->notes[NOTE_SET] = 0;
    }
}

static void open_set(synfix_block_t *block, uint16_t template_id)
{
    if (block->length == 0) {
        memset(block->data, 0, IPFIX_HEADER_SIZE);
        block->data[1] = IPFIX_VERSION; /* its low byte */
        block->length = IPFIX_HEADER_SIZE;
    }
    close_set(block);
    block->notes[NOTE_SET] = block->length;
    block->notes[NOTE_TEMPLATE] = template_id;
    write_be16(block->data + block->length, template_id);
    write_be16(block->data + block->length + 2, 0);
    block->length += SET_HEADER_SIZE;
}

/* Any record. Begins a message and a set if necessary; SYNFIX_AGAIN: the block is full. */
static __attribute__((noinline)) synfix_status_t encode_any(encoder_t *encoder,
                                                            const compiled_template_t *compiled,
                                                            const synfix_observation_t *observation,
                                                            synfix_block_t *block)
{
    if (compiled->template_id == 0) {
        return SYNFIX_OK; /* the profile has no template for this kind */
    }
    const encoded_fields_t fields = fields_cache_find(&encoder->cache, compiled, observation);
    const uint32_t need = SET_HEADER_SIZE + compiled->size_max + fields.length + COPY_SLACK;
    const uint32_t room = block->capacity - block->length;
    if (block->length == 0 && IPFIX_HEADER_SIZE + need > room) {
        return SYNFIX_INVALID;
    }
    if (need > room) {
        return SYNFIX_AGAIN;
    }
    if (block->notes[NOTE_TEMPLATE] != compiled->template_id) { /* 0 in an empty block */
        open_set(block, compiled->template_id);
    }
    const uint8_t *end = write_sections(block->data + block->length, compiled, observation, fields);
    block->length = (uint32_t)(end - block->data);
    block->notes[NOTE_RECORDS]++;
    return SYNFIX_OK;
}

/* Nearly all records are usual: their profile is a shipped one, their fields are cached, and the block has
 * room. A template of a shipped profile has one section, which ends with the cached fields. */
static inline bool is_usual(const compiled_template_t *compiled, const cached_fields_t *entry,
                            const synfix_fingerprint_t *fingerprint, const synfix_block_t *block)
{
    const uint32_t need = SET_HEADER_SIZE + compiled->fixed_size + entry->length + COPY_SLACK;
    return block->length + need <= block->capacity && cached_fields_match(entry, compiled, fingerprint);
}

/* Appends the cached fields of a usual record. Returns the address of the packet fields before them. */
static inline uint8_t *append_cached_fields(const compiled_template_t *compiled, const cached_fields_t *entry,
                                            synfix_block_t *block)
{
    uint8_t *record = block->data + block->length;
    const uint32_t length = entry->length;
    block->length += compiled->fixed_size + length;
    block->notes[NOTE_RECORDS]++;
    prefetch_to_write(record + PREFETCH_AHEAD);
    (void)cached_fields_copy(record + compiled->fixed_size, entry->bytes, length);
    return record;
}

/* Begins a usual record in the open set. NULL: the record is not usual, or has another template. */
static inline uint8_t *begin_usual(const encoder_t *encoder, const compiled_template_t *compiled,
                                   const synfix_fingerprint_t *fingerprint, synfix_block_t *block)
{
    const cached_fields_t *entry = fields_cache_entry(&encoder->cache, fingerprint);
    prefetch(entry->bytes + COPY_STEP);
    const bool usual = block->notes[NOTE_TEMPLATE] == compiled->usual_id && /* so the message has begun */
                       is_usual(compiled, entry, fingerprint, block);
    return __builtin_expect(usual, 1) ? append_cached_fields(compiled, entry, block) : NULL;
}

static synfix_status_t encoder_encode(void *instance, const synfix_observation_t *observation,
                                      synfix_block_t *block)
{
    encoder_t *encoder = instance;
    const compiled_template_t *compiled = encoder->variants[ipfix_variant(observation)];
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    uint8_t *record = fingerprint == NULL ? NULL : begin_usual(encoder, compiled, fingerprint, block);
    return __builtin_expect(record != NULL, 1) ? compiled->layout(record, observation)
                                               : encode_any(encoder, compiled, observation, block);
}

/* A record that begin_usual does not begin. */
static __attribute__((noinline)) synfix_status_t encode_any_plain(encoder_t *encoder,
                                                                  const compiled_template_t *compiled,
                                                                  const synfix_plain_observation_t *plain,
                                                                  synfix_block_t *block)
{
    const cached_fields_t *entry = fields_cache_entry(&encoder->cache, plain->fingerprint);
    if (compiled->usual_id != TEMPLATE_NO_ID && block->length != 0 &&
        is_usual(compiled, entry, plain->fingerprint, block)) {
        open_set(block, compiled->template_id);
        compiled->plain_layout(append_cached_fields(compiled, entry, block), plain);
        return SYNFIX_OK;
    }
    plain_decoded_t decoded;
    plain_decode(plain, &decoded);
    return encode_any(encoder, compiled, &decoded.observation, block);
}

static size_t encoder_encode_plain(void *instance, const synfix_plain_observation_t *const *observations,
                                   size_t count, synfix_block_t *block, synfix_status_t *status)
{
    encoder_t *encoder = instance;
    const compiled_template_t *compiled = &encoder->compiled[IPFIX_VARIANT_PLAIN];
    for (size_t i = 0; i < count; i++) {
        const synfix_plain_observation_t *plain = observations[i];
        uint8_t *record = begin_usual(encoder, compiled, plain->fingerprint, block);
        if (__builtin_expect(record != NULL, 1)) {
            compiled->plain_layout(record, plain);
            continue;
        }
        *status = encode_any_plain(encoder, compiled, plain, block);
        if (*status != SYNFIX_OK) {
            return i;
        }
    }
    *status = SYNFIX_OK;
    return count;
}

static void encoder_seal(void *instance, synfix_block_t *block)
{
    (void)instance;
    if (block->length >= IPFIX_HEADER_SIZE) {
        close_set(block);
        write_be16(block->data + 2, (uint16_t)block->length);
    }
}

uint32_t ipfix_block_records(const synfix_block_t *block)
{
    return block->notes[NOTE_RECORDS];
}

const synfix_encoding_t ipfix_encoding = {
    .create = encoder_create,
    .encode = encoder_encode,
    .seal = encoder_seal,
    .destroy = encoder_destroy,
    .size = encoder_size,
    .encode_plain = encoder_encode_plain,
};
