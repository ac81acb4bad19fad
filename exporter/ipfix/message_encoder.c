/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/message_encoder.h"
#include "base/byte_order.h"
#include "base/huge_pages.h"
#include "base/prefetch.h"
#include "exporter/ipfix/annotation_elements.h"
#include "exporter/ipfix/compiled_template.h"
#include "exporter/ipfix/plain_record.h"
#include <glib.h>
#include <stdlib.h>

#define SET_HEADER_SIZE 4u
#define COPY_STEP       64u /* bytes of one copy step; the length that counts may be smaller */
#define PREFETCH_AHEAD  512
#define COPY_SLACK      64u /* bytes that a copy or a spare position may overwrite */

_Static_assert(COPY_SLACK >= PACKET_FIELD_SIZE_MAX && COPY_SLACK >= COPY_STEP, "slack is enough for both");

/* notes of a block: offset of the open set, its template, records so far */
enum { NOTE_SET, NOTE_TEMPLATE, NOTE_RECORDS };

typedef struct cached_fields {
    uint64_t stamp;
    uint32_t slot;
    uint16_t length; /* 0: empty */
    uint16_t cached_id;
    uint8_t bytes[];
} cached_fields_t;

typedef struct encoder {
    uint32_t stride; /* length of one cache entry */
    uint8_t *cache;
    uint8_t scratch[2048]; /* fields that are too long for the cache: 1852 bytes at most, and COPY_SLACK */
    const compiled_template_t *variants[IPFIX_VARIANTS]; /* the address of each in `compiled` */
    compiled_template_t compiled[IPFIX_VARIANTS];
} encoder_t;

/* A signature may occur inside and outside of tunnels; one cache entry serves both. */
static uint16_t find_cached_id(const encoder_t *encoder, unsigned variant)
{
    const compiled_template_t *compiled = &encoder->compiled[variant];
    for (unsigned i = 0; i < variant; i++) {
        const compiled_template_t *other = &encoder->compiled[i];
        if (other->cached_count == compiled->cached_count &&
            memcmp(other->cached_codes, compiled->cached_codes, compiled->cached_count) == 0 &&
            memcmp(other->cached_lengths, compiled->cached_lengths,
                   compiled->cached_count * sizeof compiled->cached_lengths[0]) == 0) {
            return (uint16_t)i;
        }
    }
    return (uint16_t)variant;
}

/* Fields that are longer than a cache entry are encoded for each record. */
static uint32_t choose_stride(const encoder_t *encoder)
{
    uint32_t bytes = 0;
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        bytes = MAX(bytes, encoder->compiled[i].cached_usual);
    }
    bytes += (uint32_t)sizeof(cached_fields_t);
    return (bytes + 63) / 64 * 64;
}

static void encoder_destroy(void *instance)
{
    encoder_t *encoder = instance;
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        compiled_template_clear(&encoder->compiled[i]);
    }
    huge_pages_free(encoder->cache);
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
        encoder->compiled[i].cached_id = find_cached_id(encoder, i);
        encoder->variants[i] = &encoder->compiled[i];
    }
    encoder->stride = choose_stride(encoder);
    encoder->cache = huge_pages_new_lazy((size_t)IPFIX_CACHE_SLOTS * encoder->stride + COPY_SLACK);
    if (encoder->cache == NULL) {
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

static uint32_t write_cached_fields(uint8_t *at, const compiled_template_t *compiled,
                                    const synfix_observation_t *observation)
{
    const uint8_t *begin = at;
    for (unsigned i = 0; i < compiled->cached_count; i++) {
        uint8_t *end =
            fingerprint_field_write(at, (fingerprint_field_t)compiled->cached_codes[i], observation);
        at = compiled->cached_lengths[i] != 0 ? string_fix_length(at, end, compiled->cached_lengths[i]) : end;
    }
    return (uint32_t)(at - begin);
}

static cached_fields_t *entry_of(const encoder_t *encoder, const synfix_fingerprint_t *fingerprint)
{
    const uint32_t index = fingerprint->slot % IPFIX_CACHE_SLOTS;
    return (cached_fields_t *)(void *)(encoder->cache + (size_t)index * encoder->stride);
}

/* COPY_SLACK bytes after them are readable. */
typedef struct fields {
    const uint8_t *bytes;
    uint32_t length;
} encoded_fields_t;

static inline bool entry_holds(const cached_fields_t *entry, const compiled_template_t *compiled,
                               const synfix_fingerprint_t *fingerprint)
{
    return entry->stamp == fingerprint->stamp && entry->slot == fingerprint->slot &&
           entry->cached_id == compiled->cached_id;
}

/* Encodes fields that are not in the cache. */
static encoded_fields_t encode_fields(encoder_t *encoder, const compiled_template_t *compiled,
                                      const synfix_observation_t *observation, cached_fields_t *entry)
{
    const uint32_t length = write_cached_fields(encoder->scratch, compiled, observation);
    if (entry != NULL && sizeof *entry + length <= encoder->stride) {
        *entry = (cached_fields_t){.stamp = observation->fingerprint->stamp,
                                   .slot = observation->fingerprint->slot,
                                   .length = (uint16_t)length,
                                   .cached_id = compiled->cached_id};
        memcpy(entry->bytes, encoder->scratch, length);
    }
    return (encoded_fields_t){encoder->scratch, length};
}

static encoded_fields_t find_fields(encoder_t *encoder, const compiled_template_t *compiled,
                                    const synfix_observation_t *observation)
{
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    if (fingerprint == NULL || compiled->cached_count == 0) {
        return encode_fields(encoder, compiled, observation, NULL);
    }
    cached_fields_t *entry = entry_of(encoder, fingerprint);
    return entry_holds(entry, compiled, fingerprint) ? (encoded_fields_t){entry->bytes, entry->length}
                                                     : encode_fields(encoder, compiled, observation, entry);
}

/* Both buffers have COPY_SLACK spare bytes. Most fields need one or two steps. The sink thread used the block
 * last, so the block is in another core's cache: each step prefetches the memory of a later record. */
static inline uint8_t *copy_fields(uint8_t *to, const uint8_t *from, uint32_t length)
{
    uint8_t *end = to + length;
    do {
        prefetch_to_write(to + PREFETCH_AHEAD);
        memcpy(to, from, COPY_STEP);
        to += COPY_STEP;
        from += COPY_STEP;
    } while (to < end);
    return end;
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
        at = section->end == SECTION_CACHED ? copy_fields(at, fields.bytes, fields.length)
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
        block->data[1] = 10; /* version */
        block->length = IPFIX_HEADER_SIZE;
    }
    close_set(block);
    block->notes[NOTE_SET] = block->length;
    block->notes[NOTE_TEMPLATE] = template_id;
    write_be16(block->data + block->length, template_id);
    write_be16(block->data + block->length + 2, 0);
    block->length += SET_HEADER_SIZE;
}

/* Any record; the message may have to be begun, or to continue in the next block. */
static __attribute__((noinline)) synfix_status_t encode_any(encoder_t *encoder,
                                                            const compiled_template_t *compiled,
                                                            const synfix_observation_t *observation,
                                                            synfix_block_t *block)
{
    if (compiled->template_id == 0) {
        return SYNFIX_OK; /* the profile has no template for this kind */
    }
    const encoded_fields_t fields = find_fields(encoder, compiled, observation);
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

/* Nearly all records: of a shipped profile, with cached fields, with room behind the others. Such a template
 * has one section, with the cached fields at its end. */
static inline bool is_usual(const compiled_template_t *compiled, const cached_fields_t *entry,
                            const synfix_fingerprint_t *fingerprint, const synfix_block_t *block)
{
    const uint32_t need = SET_HEADER_SIZE + compiled->fixed_size + entry->length + COPY_SLACK;
    return block->length + need <= block->capacity && entry_holds(entry, compiled, fingerprint);
}

/* Appends the cached fields of such a record. Returns the address of the packet fields before them. */
static inline uint8_t *append_cached_fields(const compiled_template_t *compiled, const cached_fields_t *entry,
                                            synfix_block_t *block)
{
    uint8_t *record = block->data + block->length;
    const uint32_t length = entry->length;
    block->length += compiled->fixed_size + length;
    block->notes[NOTE_RECORDS]++;
    prefetch_to_write(record + PREFETCH_AHEAD);
    (void)copy_fields(record + compiled->fixed_size, entry->bytes, length);
    return record;
}

/* The same where the record follows one of the same template; NULL: this is another record. */
static inline uint8_t *begin_usual(const encoder_t *encoder, const compiled_template_t *compiled,
                                   const synfix_fingerprint_t *fingerprint, synfix_block_t *block)
{
    const cached_fields_t *entry = entry_of(encoder, fingerprint);
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

/* Behind a record of another template, or any other record. */
static __attribute__((noinline)) synfix_status_t encode_any_plain(encoder_t *encoder,
                                                                  const compiled_template_t *compiled,
                                                                  const synfix_plain_observation_t *plain,
                                                                  synfix_block_t *block)
{
    const cached_fields_t *entry = entry_of(encoder, plain->fingerprint);
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
