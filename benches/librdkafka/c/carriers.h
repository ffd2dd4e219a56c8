/* The headers of a record: none, two constant ones, or those of the codec. */
#ifndef CARRIERS_H
#define CARRIERS_H

#include "tracebaton_rdkafka.h"

/* Where a record is sent to. */
struct destination {
    rd_kafka_t *producer;
    const char *topic;
    int32_t partition;
};

/* Sends a record of `size` bytes; returns the result of rd_kafka_producev(). `nth` counts the records of a run. */
typedef rd_kafka_resp_err_t (*carrier_send)(const struct destination *to, const char *payload, size_t size, uint64_t nth);

/* Reads the headers of a record; returns a number that depends on them, so that no compiler removes the reading. */
typedef uint64_t (*carrier_receive)(const rd_kafka_message_t *message);

struct carrier {
    carrier_send send;
    carrier_receive receive;
    /* Whether the result of receive() is correct for a record of send(). */
    int (*is_right)(uint64_t received);
};

enum { CARRIER_NOTHING, CARRIER_CONSTANT, CARRIER_CODEC, CARRIER_COUNT };
extern const struct carrier carriers[CARRIER_COUNT];

/* The topic on the mock cluster. */
#define TOPIC "orders"
#define TRACEPARENT "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
#define TRACESTATE "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"

/* Pseudo-random bytes, different for every `nth`, in place of the application's own source. */
void random_bytes(uint64_t nth, uint8_t bytes[8]);

#endif
