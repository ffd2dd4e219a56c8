/* What a record carries: nothing, two constant headers, or the codec's. */
#ifndef CARRIERS_H
#define CARRIERS_H

#include "tracebaton_rdkafka.h"

/* Sends a record of `size` bytes; what rd_kafka_producev() returns. `nth` counts the records of a run. */
typedef rd_kafka_resp_err_t (*carrier_send)(rd_kafka_t *producer, const char *payload, size_t size, uint64_t nth);

/* Reads what a record carries; a number that depends on it, so that no compiler leaves it out. */
typedef uint64_t (*carrier_receive)(const rd_kafka_message_t *message);

struct carrier {
    carrier_send send;
    carrier_receive receive;
    /* Whether what receive() gives is right for a record that send() sent. */
    int (*is_right)(uint64_t received);
};

enum { CARRIER_NOTHING, CARRIER_CONSTANT, CARRIER_CODEC, CARRIER_COUNT };
extern const struct carrier carriers[CARRIER_COUNT];

#define TOPIC "orders"
#define TRACEPARENT "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
#define TRACESTATE "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"

/* Bytes that look random, other ones for every `nth`; they stand in for the application's own source. */
void random_bytes(uint64_t nth, uint8_t bytes[8]);

#endif
