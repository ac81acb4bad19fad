/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* read_capture FILE: a line for each SYN and SYN+ACK of a capture, or of an IPFIX archive. */
#include <stdio.h>
#include <string.h>
#include <synfix-export/archive.h>
#include <synfix/reader.h>

static void print(const synfix_observation_t *observation)
{
    char address[SYNFIX_ADDRESS_TEXT_SIZE];
    if (observation->fingerprint == NULL) {
        return; /* an uptime */
    }
    const synfix_label_t *label = observation->fingerprint->match.label;
    synfix_address_format(&observation->headers->source, observation->headers->ip_version, address);
    printf("%s\t%s\t%s\n", address, label != NULL ? label->text : "?", observation->fingerprint->text);
}

static synfix_status_t read_capture(const char *path, synfix_error_t *error)
{
    synfix_reader_t *reader = NULL;
    const synfix_observation_t *observation = NULL;
    synfix_status_t status = synfix_reader_open_file(path, NULL, &reader, error);
    while (status == SYNFIX_OK && (status = synfix_reader_next(reader, &observation, error)) == SYNFIX_OK) {
        print(observation);
    }
    synfix_reader_close(reader);
    return status;
}

static synfix_status_t read_archive(const char *path, synfix_error_t *error)
{
    synfix_archive_t *archive = NULL;
    const synfix_observation_t *observation = NULL;
    synfix_status_t status = synfix_archive_open(path, 0, &archive, error);
    while (status == SYNFIX_OK && (status = synfix_archive_next(archive, &observation, error)) == SYNFIX_OK) {
        print(observation);
    }
    synfix_archive_close(archive);
    return status;
}

int main(int argc, char **argv)
{
    synfix_error_t error = {.text = ""};
    if (argc != 2) {
        return fprintf(stderr, "usage: %s FILE\n", argv[0]), 2;
    }
    const synfix_status_t status =
        strstr(argv[1], ".ipfix") != NULL ? read_archive(argv[1], &error) : read_capture(argv[1], &error);
    return status < 0 ? fprintf(stderr, "%s\n", error.text), 1 : 0;
}
