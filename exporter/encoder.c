/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/encoder.h"
#include "base/bytes.h"
#include "base/pages.h"
#include "exporter/encoder_fields.h"
#include <glib.h>
#include <stdlib.h>

#define SET_HEADER_SIZE 4u
#define FETCH_OCTETS    256u /* of an entry: most are no longer */
#define COPY_STEP       16u  /* a copy out of the stage moves so much, and counts what is meant */
#define COPY_SLACK      64u  /* what a copy may run over */

/* notes of a block: octet where the open set begins, its template, records so far */
enum { NOTE_SET, NOTE_TEMPLATE, NOTE_RECORDS };

typedef enum operation_kind {
    OPERATION_COPY,        /* at most COPY_STEP octets of the stage from offset */
    OPERATION_REMEMBERED,  /* what follows from the fingerprint, out of the cache */
    OPERATION_FINGERPRINT, /* one such field, made anew (outside the longest run of them) */
    OPERATION_CALL,
} operation_kind_t;

typedef struct operation {
    uint8_t kind;
    uint8_t code;
    uint16_t offset;
    uint16_t size;
} operation_t;

/* A template as a list of operations. */
typedef struct program {
    uint16_t template_id; /* 0: such observations are not exported */
    uint16_t count;
    uint16_t leading;    /* operations at the beginning that are copies */
    uint32_t fixed_size; /* of all copies */
    uint32_t other_size; /* of all else but the remembered run, at most */
    uint32_t run_size;   /* of the remembered run, at most */
    uint16_t run_id;     /* the same for programs whose runs are the same */
    uint16_t run_first;  /* fields of the run */
    uint16_t run_count;
    uint8_t run_codes[IPFIX_FIELDS_MAX];
    operation_t operations[IPFIX_FIELDS_MAX];
} program_t;

typedef struct remembered {
    uint64_t stamp;
    uint32_t slot;
    uint16_t length; /* 0: empty */
    uint16_t run_id;
    uint8_t octets[];
} remembered_t;

typedef struct encoder {
    uint32_t stride; /* octets of one entry of the cache */
    uint8_t *cache;
    stage_t stage;
    uint8_t scratch[1024]; /* a run that is too long to be remembered; COPY_SLACK included */
    program_t programs[IPFIX_VARIANTS];
} encoder_t;

static void add_copy(program_t *program, const field_t *field, const ipfix_element_t *element,
                     uint16_t length)
{
    const uint16_t offset = (uint16_t)(field->code + element->length - length);
    operation_t *last = program->count > 0 ? &program->operations[program->count - 1] : NULL;
    program->fixed_size += length;
    if (last != NULL && last->kind == OPERATION_COPY && last->offset + last->size == offset &&
        last->size + length <= COPY_STEP) {
        last->size = (uint16_t)(last->size + length);
        return;
    }
    program->leading = program->count == program->leading ? (uint16_t)(program->count + 1) : program->leading;
    program->operations[program->count++] =
        (operation_t){.kind = OPERATION_COPY, .offset = offset, .size = length};
}

static bool is_fingerprint_field(const ipfix_template_t *template, unsigned index)
{
    return index < template->field_count && field_find(template->fields[index])->source == FIELD_FINGERPRINT;
}

/* The longest run of neighbours that follow from the fingerprint is the one remembered. */
static void find_run(program_t *program, const ipfix_template_t *template)
{
    for (unsigned first = 0; first < template->field_count; first++) {
        unsigned count = 0;
        while (is_fingerprint_field(template, first + count)) {
            count++;
        }
        if (count > program->run_count) {
            program->run_first = (uint16_t)first;
            program->run_count = (uint16_t)count;
        }
        first += count;
    }
    for (unsigned i = 0; i < program->run_count; i++) {
        const field_t *field = field_find(template->fields[program->run_first + i]);
        program->run_codes[i] = (uint8_t)field->code;
        program->run_size += field_size_max(field);
    }
}

static void compile(program_t *program, const ipfix_template_t *template)
{
    program->template_id = template->id;
    find_run(program, template);
    for (unsigned i = 0; i < template->field_count; i++) {
        const field_t *field = field_find(template->fields[i]);
        operation_t *next = &program->operations[program->count];
        if (field->source == FIELD_STAGE) {
            add_copy(program, field, template->fields[i], template->lengths[i]);
        } else if (program->run_count > 0 && i == program->run_first) {
            next->kind = OPERATION_REMEMBERED;
            program->count++;
            i += program->run_count - 1u;
        } else {
            next->kind = field->source == FIELD_CALL ? OPERATION_CALL : OPERATION_FINGERPRINT;
            next->code = (uint8_t)field->code;
            program->count++;
            program->other_size += field_size_max(field);
        }
    }
}

/* A signature may come in tunnels and outside: what is remembered of it serves both. */
static uint16_t find_run_id(const encoder_t *encoder, unsigned variant)
{
    const program_t *program = &encoder->programs[variant];
    for (unsigned i = 0; i < variant; i++) {
        const program_t *other = &encoder->programs[i];
        if (other->run_count == program->run_count &&
            memcmp(other->run_codes, program->run_codes, program->run_count) == 0) {
            return (uint16_t)i;
        }
    }
    return (uint16_t)variant;
}

/* Room that usual texts need; what is longer is made anew each time. */
static uint32_t choose_stride(const encoder_t *encoder)
{
    uint32_t octets = 0;
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        const program_t *program = &encoder->programs[i];
        uint32_t usual = 0;
        for (unsigned j = 0; j < program->run_count; j++) {
            usual += program->run_codes[j] < FP_SIGNATURE    ? 2
                     : program->run_codes[j] == FP_SIGNATURE ? 96
                                                             : 24;
        }
        octets = MAX(octets, usual);
    }
    octets += (uint32_t)sizeof(remembered_t);
    return (octets + 63) / 64 * 64;
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
        compile(&encoder->programs[i], &wanted->profile->templates[i]);
        encoder->programs[i].run_id = find_run_id(encoder, i);
    }
    encoder->stride = choose_stride(encoder);
    encoder->cache = pages_new((size_t)IPFIX_CACHE_SLOTS * encoder->stride + COPY_SLACK);
    if (encoder->cache == NULL) {
        free(encoder);
        return synfix_fail(error, SYNFIX_NO_MEMORY, "record encoder: out of memory");
    }
    *instance = encoder;
    return SYNFIX_OK;
}

static void encoder_destroy(void *instance)
{
    encoder_t *encoder = instance;
    pages_free(encoder->cache);
    free(encoder);
}

static uint32_t encoder_size(const void *settings)
{
    const ipfix_settings_t *wanted = settings;
    return wanted->message_size;
}

static uint32_t write_run(uint8_t *at, const program_t *program, const synfix_observation_t *observation)
{
    const uint8_t *begin = at;
    for (unsigned i = 0; i < program->run_count; i++) {
        at = fingerprint_field_write(at, (fingerprint_field_t)program->run_codes[i], observation);
    }
    return (uint32_t)(at - begin);
}

static remembered_t *entry_of(const encoder_t *encoder, const synfix_fingerprint_t *fingerprint)
{
    const uint32_t index = fingerprint->slot % IPFIX_CACHE_SLOTS;
    return (remembered_t *)(void *)(encoder->cache + (size_t)index * encoder->stride);
}

/* Begins to fetch what find_remembered will want, so that it comes while the stage is filled. */
static void fetch_remembered(const encoder_t *encoder, const synfix_observation_t *observation)
{
    if (observation->fingerprint != NULL) {
        const uint8_t *entry = (const uint8_t *)entry_of(encoder, observation->fingerprint);
        for (uint32_t at = 0; at < FETCH_OCTETS && at < encoder->stride; at += 64) {
            __builtin_prefetch(entry + at);
        }
    }
}

/* The run of @p observation's fingerprint and its length; COPY_SLACK octets behind it may be read. */
static const uint8_t *find_remembered(encoder_t *encoder, const program_t *program,
                                      const synfix_observation_t *observation, uint32_t *length)
{
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    if (fingerprint == NULL || program->run_count == 0) {
        *length = write_run(encoder->scratch, program, observation);
        return encoder->scratch;
    }
    remembered_t *entry = entry_of(encoder, fingerprint);
    if (entry->stamp == fingerprint->stamp && entry->slot == fingerprint->slot &&
        entry->run_id == program->run_id && entry->length != 0) {
        *length = entry->length;
        return entry->octets;
    }
    *length = write_run(encoder->scratch, program, observation);
    if (sizeof *entry + *length <= encoder->stride) {
        *entry = (remembered_t){.stamp = fingerprint->stamp,
                                .slot = fingerprint->slot,
                                .length = (uint16_t)*length,
                                .run_id = program->run_id};
        memcpy(entry->octets, encoder->scratch, *length);
    }
    return encoder->scratch;
}

/* Copies in steps of COPY_SLACK octets: both sides have that much to spare. Most texts take two or three. */
static inline uint8_t *copy_run(uint8_t *to, const uint8_t *from, uint32_t length)
{
    for (uint32_t done = 0; done < length; done += COPY_SLACK) {
        memcpy(to + done, from + done, COPY_SLACK);
    }
    return to + length;
}

static uint8_t *run_program(const encoder_t *encoder, const program_t *program,
                            const synfix_observation_t *observation, const uint8_t *run, uint32_t run_length,
                            uint8_t *at)
{
    const uint8_t *stage = (const uint8_t *)&encoder->stage;
    unsigned i = 0;
    for (; i < program->leading; i++) {
        memcpy(at, stage + program->operations[i].offset, COPY_STEP);
        at += program->operations[i].size;
    }
    for (; i < program->count; i++) {
        const operation_t *operation = &program->operations[i];
        switch ((operation_kind_t)operation->kind) {
        case OPERATION_COPY:
            memcpy(at, stage + operation->offset, COPY_STEP);
            at += operation->size;
            break;
        case OPERATION_REMEMBERED:
            at = copy_run(at, run, run_length);
            break;
        case OPERATION_FINGERPRINT:
            at = fingerprint_field_write(at, (fingerprint_field_t)operation->code, observation);
            break;
        case OPERATION_CALL:
            at = call_field_write(at, (call_field_t)operation->code, observation);
            break;
        }
    }
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

static synfix_status_t encoder_encode(void *instance, const synfix_observation_t *observation,
                                      synfix_block_t *block)
{
    encoder_t *encoder = instance;
    const program_t *program = &encoder->programs[ipfix_variant(observation)];
    if (program->template_id == 0) {
        return SYNFIX_OK; /* the profile has no such records */
    }
    fetch_remembered(encoder, observation);
    /* Early: its small stores are to be in the cache before wide loads copy them. */
    stage_fill(&encoder->stage, observation);
    uint32_t run_length;
    const uint8_t *run = find_remembered(encoder, program, observation, &run_length);
    const uint32_t need = IPFIX_HEADER_SIZE * (block->length == 0) + SET_HEADER_SIZE + program->fixed_size +
                          program->other_size + run_length + COPY_SLACK;
    if (need > block->capacity - block->length) {
        return block->length == 0 ? SYNFIX_INVALID : SYNFIX_AGAIN;
    }
    if (block->notes[NOTE_TEMPLATE] != program->template_id || block->length == 0) {
        open_set(block, program->template_id);
    }
    const uint8_t *end =
        run_program(encoder, program, observation, run, run_length, block->data + block->length);
    block->length = (uint32_t)(end - block->data);
    block->notes[NOTE_RECORDS]++;
    return SYNFIX_OK;
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
};
