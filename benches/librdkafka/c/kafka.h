/* Clients and a cluster of one broker. A failure ends the process. */
#ifndef KAFKA_H
#define KAFKA_H

#include <librdkafka/rdkafka.h>

/* Prints the reason and ends the process. */
void give_up(const char *what, const char *why);

/* Starts a broker in this process, which is destroyed with the client. Its address has at most `size` bytes. */
rd_kafka_t *kafka_broker(char *address, size_t size);

rd_kafka_t *kafka_producer(const char *address);

/* Creates a consumer of the topic from its beginning. */
rd_kafka_t *kafka_consumer(const char *address);

#endif
