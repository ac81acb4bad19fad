/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* fixbuf_collector PORT FILE: a collector that libfixbuf makes (IPFIX over TCP on 127.0.0.1): none of our
 * code reads here. Appends one line for each observation: flowId, source and destination of IPv4, MSS,
 * signature. */
#include <arpa/inet.h>
#include <fixbuf/public.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define TEMPLATE_ID 999

typedef struct record {
    uint64_t flow_id;
    uint32_t source;
    uint32_t destination;
    fbVarfield_t signature;
    uint16_t mss;
    uint8_t padding[6];
} record_t;

static fbInfoElementSpec_t fields[] = {
    {(char *)(uintptr_t) "flowId", 8, 0},
    {(char *)(uintptr_t) "sourceIPv4Address", 4, 0},
    {(char *)(uintptr_t) "destinationIPv4Address", 4, 0},
    {(char *)(uintptr_t) "tcpSignature", 0, 0},
    {(char *)(uintptr_t) "tcpMaximumSegmentSize", 2, 0},
    {(char *)(uintptr_t) "paddingOctets", 6, 1},
    {NULL, 0, 0},
};

static fbInfoElement_t own[] = {
    FB_IE_INIT("tcpSignature", 32473, 1, FB_IE_VARLEN, FB_IE_F_NONE),
    FB_IE_INIT("tcpMaximumSegmentSize", 32473, 14, 2, FB_IE_F_ENDIAN),
    FB_IE_NULL,
};

static void print(FILE *out, const record_t *record)
{
    char source[INET_ADDRSTRLEN];
    char destination[INET_ADDRSTRLEN];
    const struct in_addr from = {htonl(record->source)};
    const struct in_addr to = {htonl(record->destination)};
    inet_ntop(AF_INET, &from, source, sizeof source);
    inet_ntop(AF_INET, &to, destination, sizeof destination);
    fprintf(out, "%" PRIu64 " %s %s %u %.*s;\n", record->flow_id, source, destination, record->mss,
            (int)record->signature.len, (const char *)record->signature.buf);
}

/* One connection to its end. */
static void read_all(fBuf_t *buffer, FILE *out)
{
    record_t record;
    GError *problem = NULL;
    size_t size = sizeof record;
    while (fBufNext(buffer, (uint8_t *)&record, &size, &problem)) {
        if (record.flow_id != 0) { /* else an options record */
            print(out, &record);
        }
        size = sizeof record;
    }
    fflush(out);
    fprintf(stderr, "connection: %s\n", problem->message);
    g_clear_error(&problem);
}

/* libfixbuf's own listener can't take a port again right after a kill. */
static int listen_on(const char *port)
{
    const int on = 1;
    const struct sockaddr_in place = {.sin_family = AF_INET,
                                      .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
                                      .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return bind(fd, (const struct sockaddr *)&place, sizeof place) == 0 && listen(fd, 5) == 0 ? fd : -1;
}

static fbSession_t *new_session(fbInfoModel_t *model, GError **problem)
{
    fbSession_t *const session = fbSessionAlloc(model);
    fbTemplate_t *const inside = fbTemplateAlloc(model);
    return fbTemplateAppendSpecArray(inside, fields, 1, problem) &&
                   fbSessionAddTemplate(session, TRUE, TEMPLATE_ID, inside, problem)
               ? session
               : NULL;
}

int main(int argc, char **argv)
{
    GError *problem = NULL;
    FILE *const out = argc == 3 ? fopen(argv[2], "a") : NULL;
    const int listener = out ? listen_on(argv[1]) : -1;
    if (listener < 0) {
        fprintf(stderr, "usage: fixbuf_collector PORT FILE\n");
        return 2;
    }
    fbInfoModel_t *const model = fbInfoModelAlloc();
    fbInfoModelAddElementArray(model, own);
    for (;;) {
        FILE *const stream = fdopen(accept(listener, NULL, NULL), "r");
        fbSession_t *const session = stream ? new_session(model, &problem) : NULL;
        if (!session) {
            fprintf(stderr, "%s\n", problem ? problem->message : "accept");
            return 1;
        }
        fBuf_t *const buffer = fBufAllocForCollection(session, fbCollectorAllocFP(NULL, stream));
        if (fBufSetInternalTemplate(buffer, TEMPLATE_ID, &problem)) {
            read_all(buffer, out);
        }
        fBufFree(buffer);
        fclose(stream);
    }
}
