/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The cost of reading a file without a decoder: read(2) in large pieces, one load for each cache line. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

static uint8_t piece[1 << 20];

int main(int argc, char **argv)
{
    const int file = argc == 2 ? open(argv[1], O_RDONLY) : -1;
    if (file < 0) {
        fprintf(stderr, "usage: read_walk FILE\n");
        return 2;
    }
    unsigned sum = 0;
    ssize_t got;
    while ((got = read(file, piece, sizeof piece)) > 0) {
        for (ssize_t at = 0; at < got; at += 64) {
            sum += piece[at];
        }
    }
    close(file);
    printf("sum=%u\n", sum);
    return got < 0;
}
