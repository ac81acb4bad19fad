/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* kafka_mock: librdkafka's mock cluster as a process; prints its address, and lives as long as its standard
 * input. */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>

int main(void)
{
    char reason[256];
    rd_kafka_t *holder = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), reason, sizeof reason);
    rd_kafka_mock_cluster_t *cluster = holder != NULL ? rd_kafka_mock_cluster_new(holder, 1) : NULL;
    if (cluster == NULL) {
        return 1;
    }
    printf("%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
    (void)fflush(stdout);
    while (getchar() != EOF) {
        continue;
    }
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(holder);
    return 0;
}
