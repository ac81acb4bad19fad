/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Runs a fuzz target over the files and directories named, without libFuzzer: each input as it is, then cut
 * short and with single bytes changed, always the same ones.
 */
#include "fuzz.h"
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_MAX 65536u
#define CHANGES   64u

static unsigned long inputs;

/* An exact copy each time, so that a sanitizer sees a read past the end. */
static void run_copy(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    inputs++;
}

static void run_changed(uint8_t *data, size_t size)
{
    uint32_t state = 1;

    for (unsigned i = 0; i < CHANGES && size > 0; i++) {
        state = state * 1664525u + 1013904223u;
        const size_t at = (state >> 8) % size;
        const uint8_t before = data[at];
        data[at] = (uint8_t)(state >> 3);
        run_copy(data, size);
        run_copy(data, at);
        data[at] = before;
    }
}

static int run_path(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        perror(path);
        return 1;
    }
    if (S_ISDIR(status.st_mode)) {
        DIR *directory = opendir(path);
        int failed = directory == NULL;
        for (const struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
            char inside[4096];
            const int length = snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
            if (entry->d_name[0] != '.' && length > 0 && (size_t)length < sizeof inside) {
                failed |= run_path(inside);
            }
        }
        if (directory != NULL) {
            closedir(directory);
        }
        return failed;
    }

    static uint8_t data[INPUT_MAX];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    const size_t size = fread(data, 1, sizeof data, file);
    fclose(file);
    run_copy(data, size);
    run_changed(data, size);
    return 0;
}

int main(int count, char **arguments)
{
    int failed = 0;
    for (int i = 1; i < count; i++) {
        failed |= run_path(arguments[i]);
    }
    printf("%lu inputs\n", inputs);
    return failed != 0 || inputs == 0;
}
