/* Clients and a cluster of one broker, or the end of the process. */
#ifndef KAFKA_H
#define KAFKA_H

#include <librdkafka/rdkafka.h>

/* Ends the process and says why. */
void give_up(const char *what, const char *why);

/* A broker in this process, to be destroyed with the client; its address is at most `size` bytes. */
rd_kafka_t *kafka_broker(char *address, size_t size);

rd_kafka_t *kafka_producer(const char *address);

/* A consumer of the topic from its beginning. */
rd_kafka_t *kafka_consumer(const char *address);

#endif
