/* Clients and a cluster of one broker. The process ends if one cannot be created. */
#ifndef KAFKA_H
#define KAFKA_H

#include <librdkafka/rdkafka.h>

/* Ends the process with this message. */
void give_up(const char *what, const char *why);

/* A broker in this process, which is destroyed with the client; its address has at most `size` bytes. */
rd_kafka_t *kafka_broker(char *address, size_t size);

rd_kafka_t *kafka_producer(const char *address);

/* A consumer of the topic from the first record. */
rd_kafka_t *kafka_consumer(const char *address);

#endif
