/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A compressed file: however it is cut up, the same comes out of it, or something is wrong with it. */
#include "capture/file/decompress.h"
#include "fuzz.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define OUT_MAX (256u << 10)

typedef struct outcome {
    uint8_t bytes[OUT_MAX];
    size_t length;
    synfix_status_t problem;
} outcome_t;

/* @p known bytes are given, the others read; @p room is the size of each read. */
static void decompress_all(const uint8_t *data, size_t size, size_t known, size_t room, outcome_t *outcome)
{
    const char *text = NULL;
    const int file = memfd_create("packed", MFD_CLOEXEC);
    FUZZ_CHECK(file >= 0 && write(file, data, size) == (ssize_t)size);
    FUZZ_CHECK(lseek(file, (off_t)known, SEEK_SET) == (off_t)known);
    decompressor_t *decompressor = decompress_new(decompress_kind_of(data), file, data, known);
    FUZZ_CHECK(decompressor != NULL);
    outcome->length = 0;
    ssize_t got;
    do {
        const size_t left = OUT_MAX - outcome->length;
        got = decompress_read(decompressor, outcome->bytes + outcome->length, room < left ? room : left);
        outcome->length += got > 0 ? (size_t)got : 0;
    } while ((got > 0 || (got < 0 && errno == EAGAIN)) && outcome->length < OUT_MAX);
    FUZZ_CHECK(got >= 0 || errno == EBADMSG);
    outcome->problem = decompress_problem(decompressor, &text);
    FUZZ_CHECK(got > 0 || (got < 0) == (outcome->problem != SYNFIX_OK));
    FUZZ_CHECK(got >= 0 || strlen(text) > 0);
    FUZZ_CHECK(decompress_consumed(decompressor) <= size);
    decompress_free(decompressor);
    close(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static outcome_t one, other;
    if (size < DECOMPRESS_MAGIC || decompress_kind_of(data) == NULL) {
        return 0;
    }
    decompress_all(data, size, size, OUT_MAX, &one);
    decompress_all(data, size, DECOMPRESS_MAGIC, 1 + data[size - 1] * 16u, &other);
    if (one.length == OUT_MAX || other.length == OUT_MAX) {
        return 0;
    }
    FUZZ_CHECK((one.problem == SYNFIX_OK) == (other.problem == SYNFIX_OK));
    /* of broken data the libraries give more or less, by how much room they have */
    if (one.problem == SYNFIX_OK) {
        FUZZ_CHECK(one.length == other.length && memcmp(one.bytes, other.bytes, one.length) == 0);
    }
    return 0;
}
