/* The commands of the program, done with the glue. */
#ifndef SERVICE_H
#define SERVICE_H

#include <jansson.h>
#include <librdkafka/rdkafka.h>

struct service {
    const char *brokers;
    const char *name;
    rd_kafka_t *producer;
    json_t *finished; /* The spans of the current command. */
    char error[512];  /* The error of the current command; empty on success. */
};

/* Returns 0, or -1 with an error. */
int service_open(struct service *service, const char *brokers, const char *name);

/* Each returns an answer, which has no meaning if there is an error. */
json_t *service_produce(struct service *service, const char *topic, const json_t *records);
json_t *service_consume(struct service *service, const char *topic, size_t count);
json_t *service_relay(struct service *service, const char *from, const char *to, size_t count);

void service_close(struct service *service);

#endif
