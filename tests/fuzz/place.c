/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "place.h"
#include "fuzz.h"
#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#define PATH_SIZE 512

static char folder[64];

static void remove_folder(void)
{
    place_empty();
    (void)rmdir(folder);
}

const char *place_folder(void)
{
    if (folder[0] == '\0') {
        snprintf(folder, sizeof folder, "%s/synfix-fuzz-XXXXXX",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        FUZZ_CHECK(mkdtemp(folder) != NULL);
        FUZZ_CHECK(atexit(remove_folder) == 0);
    }
    return folder;
}

const char *place_path(const char *name)
{
    static char paths[2][PATH_SIZE];
    static unsigned turn;
    char *path = paths[++turn % 2];
    FUZZ_CHECK(snprintf(path, PATH_SIZE, "%s/%s", place_folder(), name) < PATH_SIZE);
    return path;
}

const char *place_write(const char *name, const uint8_t *data, size_t size)
{
    const char *path = place_path(name);
    FILE *file = fopen(path, "we");
    FUZZ_CHECK(file != NULL);
    FUZZ_CHECK(size == 0 || fwrite(data, 1, size, file) == size);
    FUZZ_CHECK(fclose(file) == 0);
    return path;
}

unsigned place_empty(void)
{
    unsigned count = 0;
    DIR *directory = opendir(place_folder());
    FUZZ_CHECK(directory != NULL);
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (entry->d_type == DT_REG && unlink(place_path(entry->d_name)) == 0)
            ++count;
    }
    closedir(directory);
    return count;
}
