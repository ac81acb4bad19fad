/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/directory_entry.h"
#include "files/file_content.h"
#include "sigdb/labels.h"

enum { FILE_SIZE_MAX = 256 * 1024 * 1024 };

static bool set_capacity(sigdb_array_t *array, size_t size, size_t capacity)
{
    void *items = reallocarray(array->items, capacity, size);
    if (items == NULL) {
        return false;
    }
    array->items = items;
    array->capacity = (uint32_t)capacity;
    return true;
}

void *sigdb_array_add(sigdb_array_t *array, size_t size, size_t more)
{
    if (more > UINT32_MAX / 2 - array->count) {
        return NULL;
    }
    const size_t wanted = array->count + more;
    if (wanted > array->capacity) {
        size_t capacity = array->capacity == 0 ? 64 : array->capacity;
        while (capacity < wanted) {
            capacity *= 2;
        }
        if (!set_capacity(array, size, capacity)) {
            return NULL;
        }
    }
    void *added = (char *)array->items + array->count * size;
    memset(added, 0, more * size);
    array->count = (uint32_t)wanted;
    return added;
}

void sigdb_array_reserve(sigdb_array_t *array, size_t size, size_t more)
{
    if (array->capacity - array->count < more && more <= UINT32_MAX / 2 - array->count) {
        (void)set_capacity(array, size, array->count + more);
    }
}

uint32_t sigdb_store_text(synfix_sigdb_t *sigdb, const char *text, size_t length)
{
    const uint32_t offset = sigdb->strings.count;
    char *copy = sigdb_array_add(&sigdb->strings, 1, length + 1);
    if (copy == NULL) {
        return 0;
    }
    memcpy(copy, text, length);
    return offset;
}

synfix_sigdb_t *synfix_sigdb_new(void)
{
    static atomic_uint_least64_t generations;
    synfix_sigdb_t *sigdb = calloc(1, sizeof *sigdb);
    if (sigdb == NULL) {
        return NULL;
    }
    atomic_init(&sigdb->references, 1);
    sigdb->generation = atomic_fetch_add_explicit(&generations, 1, memory_order_relaxed) + 1;
    if (sigdb_array_add(&sigdb->strings, 1, 1) == NULL) {
        free(sigdb);
        return NULL;
    }
    return sigdb;
}

synfix_sigdb_t *synfix_sigdb_ref(synfix_sigdb_t *sigdb)
{
    atomic_fetch_add_explicit(&sigdb->references, 1, memory_order_relaxed);
    return sigdb;
}

void synfix_sigdb_unref(synfix_sigdb_t *sigdb)
{
    if (sigdb == NULL || atomic_fetch_sub_explicit(&sigdb->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    sigdb_index_free(&sigdb->index);
    free(sigdb->public_labels);
    free(sigdb->label_slots);
    free(sigdb->strings.items);
    free(sigdb->entries.items);
    free(sigdb->extras.items);
    free(sigdb->labels.items);
    free(sigdb->mtus.items);
    free(sigdb->files.items);
    free(sigdb);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

synfix_status_t synfix_sigdb_load_text(synfix_sigdb_t *sigdb, const char *name, const char *text,
                                       size_t length, synfix_error_t *error)
{
    if (sigdb->finished) {
        return synfix_fail(error, SYNFIX_INVALID, "%s: the database is finished already", name);
    }
    const uint32_t counts[] = {sigdb->strings.count, sigdb->entries.count, sigdb->extras.count,
                               sigdb->labels.count,  sigdb->mtus.count,    sigdb->files.count};
    const uint32_t version = sigdb->version;
    const uint32_t requests = sigdb->entry_count[SYNFIX_DIRECTION_REQUEST];
    const uint32_t responses = sigdb->entry_count[SYNFIX_DIRECTION_RESPONSE];
    const synfix_status_t status = sigdb_read_file(sigdb, name, text, length, error);
    if (status != SYNFIX_OK) {
        sigdb->strings.count = counts[0];
        sigdb->entries.count = counts[1];
        sigdb->extras.count = counts[2];
        sigdb->labels.count = counts[3];
        sigdb->mtus.count = counts[4];
        sigdb->files.count = counts[5];
        sigdb->version = version;
        sigdb->entry_count[SYNFIX_DIRECTION_REQUEST] = requests;
        sigdb->entry_count[SYNFIX_DIRECTION_RESPONSE] = responses;
    }
    return status;
}

/* A pipe may be a database (`--sigdb <(...)`). Before its writer comes, a read would report its end. -1 with
 * errno. */
static int open_input(const char *path)
{
    struct stat state;
    const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        return -1;
    }
    const bool pipe = fstat(descriptor, &state) == 0 && S_ISFIFO(state.st_mode);
    const int number = pipe ? file_await(descriptor) : 0;
    if (number != 0) {
        (void)close(descriptor);
        errno = number;
        return -1;
    }
    return descriptor;
}

synfix_status_t synfix_sigdb_load(synfix_sigdb_t *sigdb, const char *path, synfix_error_t *error)
{
    char *text = NULL;
    size_t length = 0;
    const int descriptor = open_input(path);
    const int number = descriptor < 0 ? errno : file_read_rest(descriptor, FILE_SIZE_MAX, &text, &length);
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    if (number == ENOMEM) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s: out of memory", path);
    }
    if (number == EFBIG) {
        return synfix_fail(error, SYNFIX_NO_MEMORY,
                           "%s: larger than a database can be; name a signature database", path);
    }
    if (number != 0) {
        return synfix_fail(error, file_status(number), "%s: %s", path,
                           number == ETIMEDOUT ? "no process writes to this pipe; name a file"
                                               : strerror(number));
    }
    const synfix_status_t status = synfix_sigdb_load_text(sigdb, path, text, length, error);
    free(text);
    return status;
}

static int compare_mtus(const void *left, const void *right)
{
    const sigdb_mtu_t *a = left;
    const sigdb_mtu_t *b = right;
    if (a->mtu != b->mtu) {
        return a->mtu < b->mtu ? -1 : 1;
    }
    return a->order < b->order ? -1 : 1;
}

/* Adds the labels of families and classes, which replace a label of insufficient quality. */
static bool add_families(synfix_sigdb_t *sigdb)
{
    sigdb->label_count = sigdb->labels.count;
    for (uint32_t i = 0; i < sigdb->label_count; i++) {
        uint32_t family;
        uint32_t class_only;
        if (sigdb_intern_relative(sigdb, i, (slice_t){"", 0}, &family) != NULL ||
            sigdb_intern_class(sigdb, i, &class_only) != NULL) {
            return false;
        }
        ((sigdb_label_t *)sigdb->labels.items)[i].family = family;
        ((sigdb_label_t *)sigdb->labels.items)[i].class_only = class_only;
    }
    return true;
}

synfix_status_t synfix_sigdb_set_min_quality(synfix_sigdb_t *sigdb, uint8_t least, synfix_error_t *error)
{
    if (sigdb->finished || least > 100) {
        return synfix_fail(error, SYNFIX_INVALID,
                           least > 100 ? "the minimum quality is 0 to 100" : "the database is finished");
    }
    sigdb->min_quality = least;
    return SYNFIX_OK;
}

synfix_status_t synfix_sigdb_finish(synfix_sigdb_t *sigdb, synfix_error_t *error)
{
    if (sigdb->finished) {
        return SYNFIX_OK;
    }
    if (!add_families(sigdb)) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "signature database: out of memory");
    }
    sigdb->public_labels = calloc((size_t)sigdb->labels.count + 1, sizeof *sigdb->public_labels);
    if (sigdb->public_labels == NULL || sigdb_index_build(sigdb) != SYNFIX_OK) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "signature database: out of memory");
    }
    for (uint32_t i = 0; i < sigdb->labels.count; i++) {
        const sigdb_label_t *label = sigdb_label_at(sigdb, i);
        sigdb->public_labels[i] = (synfix_label_t){
            .type = label->type,
            .tool = label->tool,
            .id = label->id,
            .os_class = sigdb_text(sigdb, label->os_class),
            .name = sigdb_text(sigdb, label->name),
            .flavor = sigdb_text(sigdb, label->flavor),
            .text = sigdb_text(sigdb, label->text),
        };
    }
    if (sigdb->mtus.count > 0) {
        qsort(sigdb->mtus.items, sigdb->mtus.count, sizeof(sigdb_mtu_t), compare_mtus);
    }
    sigdb->finished = true;
    return SYNFIX_OK;
}

const char *synfix_sigdb_link(const synfix_sigdb_t *sigdb, uint32_t mtu)
{
    const sigdb_mtu_t *mtus = sigdb->mtus.items;
    uint32_t low = 0;
    uint32_t high = sigdb->finished ? sigdb->mtus.count : 0;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (mtus[middle].mtu < mtu) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (!sigdb->finished || low == sigdb->mtus.count || mtus[low].mtu != mtu) {
        return NULL;
    }
    return sigdb_text(sigdb, mtus[low].text);
}

void synfix_sigdb_info(const synfix_sigdb_t *sigdb, synfix_sigdb_info_t *info)
{
    const uint32_t *files = sigdb->files.items;
    *info = (synfix_sigdb_info_t){
        .name = sigdb->files.count > 0 ? base_name(sigdb_text(sigdb, files[0])) : "",
        .version = sigdb_text(sigdb, sigdb->version),
        .request_entries = sigdb->entry_count[SYNFIX_DIRECTION_REQUEST],
        .response_entries = sigdb->entry_count[SYNFIX_DIRECTION_RESPONSE],
        .mtu_entries = sigdb->mtus.count,
        .label_count = sigdb->finished ? sigdb->label_count : 0,
        .generation = sigdb->generation,
    };
}

const synfix_label_t *synfix_sigdb_label(const synfix_sigdb_t *sigdb, uint32_t index)
{
    return sigdb->finished && index < sigdb->label_count ? &sigdb->public_labels[index] : NULL;
}
