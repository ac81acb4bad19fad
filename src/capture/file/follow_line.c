/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/file/follow_line.h"
#include <inttypes.h>

#define NUMBERS_SIZE 80u

static void write_numbers(const follow_entry_t *entry, char numbers[NUMBERS_SIZE])
{
    (void)snprintf(numbers, NUMBERS_SIZE, "%" PRIu64 " %" PRId64 " %" PRId64, entry->inode, entry->size,
                   entry->modified_ns);
}

/* FNV-1a with 32 bits: each step is a bijection, so one changed byte of a number or of the name always shows.
 */
static uint32_t add_text(uint32_t sum, const char *text)
{
    for (; *text != '\0'; text++) {
        sum = (sum ^ (unsigned char)*text) * 16777619u;
    }
    return sum;
}

static uint32_t check_of(const char *numbers, const char *name)
{
    return add_text(add_text(2166136261u, numbers), name);
}

const char *follow_line_read(const char *line, bool checked, follow_entry_t *entry)
{
    int at = 0;
    int more = 0;
    uint32_t check = 0;
    char numbers[NUMBERS_SIZE];
    *entry = (follow_entry_t){.name = NULL};
    if (sscanf(line, "%" SCNu64 " %" SCNd64 " %" SCNd64 "%n", &entry->inode, &entry->size,
               &entry->modified_ns, &at) != 3 ||
        (checked && sscanf(line + at, "%8" SCNx32 "%n", &check, &more) != 1) || line[at + more] != ' ') {
        return NULL;
    }
    const char *name = line + at + more + 1; /* may begin with a space */
    write_numbers(entry, numbers);
    return name[0] != '\0' && (!checked || check == check_of(numbers, name)) ? name : NULL;
}

bool follow_line_write(const follow_entry_t *entry, FILE *file)
{
    char numbers[NUMBERS_SIZE];
    write_numbers(entry, numbers);
    return fprintf(file, "%s %08" PRIx32 " %s\n", numbers, check_of(numbers, entry->name), entry->name) > 0;
}
