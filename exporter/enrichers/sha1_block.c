/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/enrichers/sha1_block.h"

#include <string.h>

#include "base/byte_order.h"

#define BLOCK_SIZE 64u
#define ROUNDS     80u

static uint32_t rotate_left(uint32_t value, unsigned by)
{
    return value << by | value >> (32 - by);
}

static uint32_t round_term(size_t round, const uint32_t *word)
{
    if (round < 20) {
        return ((word[1] & word[2]) | (~word[1] & word[3])) + 0x5A827999u;
    }
    if (round < 40) {
        return (word[1] ^ word[2] ^ word[3]) + 0x6ED9EBA1u;
    }
    if (round < 60) {
        return ((word[1] & word[2]) | (word[1] & word[3]) | (word[2] & word[3])) + 0x8F1BBCDCu;
    }
    return (word[1] ^ word[2] ^ word[3]) + 0xCA62C1D6u;
}

void sha1_short(const uint8_t *message, size_t length, uint8_t digest[SHA1_SIZE])
{
    static const uint32_t initial[5] = {0x67452301u, 0xEFCDAB89u, 0x98BADCFEu, 0x10325476u, 0xC3D2E1F0u};
    uint8_t block[BLOCK_SIZE] = {0};
    uint32_t schedule[ROUNDS];
    uint32_t word[5];
    memcpy(block, message, length);
    block[length] = 0x80;
    write_be32(block + BLOCK_SIZE - 4, (uint32_t)length * 8);
    for (size_t i = 0; i < 16; i++) {
        schedule[i] = read_be32(block + 4 * i);
    }
    for (size_t i = 16; i < ROUNDS; i++) {
        schedule[i] = rotate_left(schedule[i - 3] ^ schedule[i - 8] ^ schedule[i - 14] ^ schedule[i - 16], 1);
    }
    memcpy(word, initial, sizeof word);
    for (size_t i = 0; i < ROUNDS; i++) {
        const uint32_t next = rotate_left(word[0], 5) + round_term(i, word) + word[4] + schedule[i];
        word[4] = word[3];
        word[3] = word[2];
        word[2] = rotate_left(word[1], 30);
        word[1] = word[0];
        word[0] = next;
    }
    for (size_t i = 0; i < 5; i++) {
        write_be32(digest + 4 * i, initial[i] + word[i]);
    }
}
