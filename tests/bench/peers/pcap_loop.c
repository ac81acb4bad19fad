/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The least that a libpcap program can do: an empty callback for each packet of a file. */
#include <pcap/pcap.h>
#include <stdio.h>

static void count_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
    (void)header;
    (void)bytes;
    ++*(unsigned long *)(void *)user;
}

int main(int argc, char **argv)
{
    char reason[PCAP_ERRBUF_SIZE];
    unsigned long packets = 0;
    pcap_t *capture = argc == 2 ? pcap_open_offline(argv[1], reason) : NULL;
    if (capture == NULL) {
        fprintf(stderr, "pcap_loop: %s\n", argc == 2 ? reason : "usage: pcap_loop FILE");
        return 2;
    }
    const int status = pcap_loop(capture, 0, count_packet, (u_char *)&packets);
    pcap_close(capture);
    printf("packets=%lu\n", packets);
    return status == 0 ? 0 : 1;
}
