/*
 * What rdkafka.h and rdkafka_mock.h of librdkafka 2.16 declare of share groups, for programs that are compiled with older ones
 * and run with that.
 */
#ifndef SHARE_H
#define SHARE_H

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#if RD_KAFKA_VERSION < 0x020f0000
typedef struct rd_kafka_share_s rd_kafka_share_t;
typedef struct rd_kafka_messages_s rd_kafka_messages_t;
typedef enum {
    RD_KAFKA_SHARE_ACKNOWLEDGE_TYPE_ACCEPT = 1,
    RD_KAFKA_SHARE_ACKNOWLEDGE_TYPE_RELEASE = 2
} rd_kafka_share_AcknowledgeType_t;
rd_kafka_share_t *rd_kafka_share_consumer_new(rd_kafka_conf_t *conf, char *error, size_t error_size);
rd_kafka_resp_err_t rd_kafka_share_subscribe(rd_kafka_share_t *consumer, const rd_kafka_topic_partition_list_t *topics);
rd_kafka_error_t *rd_kafka_share_poll(rd_kafka_share_t *consumer, int timeout_ms, rd_kafka_messages_t **messages);
rd_kafka_resp_err_t rd_kafka_share_acknowledge_type(rd_kafka_share_t *consumer, const rd_kafka_message_t *message,
                                                    rd_kafka_share_AcknowledgeType_t type);
rd_kafka_error_t *rd_kafka_share_consumer_close(rd_kafka_share_t *consumer);
rd_kafka_error_t *rd_kafka_share_destroy(rd_kafka_share_t *consumer);
size_t rd_kafka_messages_count(const rd_kafka_messages_t *messages);
rd_kafka_message_t *rd_kafka_messages_get(const rd_kafka_messages_t *messages, size_t index);
void rd_kafka_messages_destroy(rd_kafka_messages_t *messages);
void rd_kafka_mock_sharegroup_set_auto_offset_reset(rd_kafka_mock_cluster_t *cluster, int is_earliest);
#endif

#endif
