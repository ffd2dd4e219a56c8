/*
 * The situations of production: records with a parent, without one and with a refused one, time-outs, ends of
 * partitions, and a full queue. At the end each record must have arrived once, with a context.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include "kafka.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Starts a mock cluster, and a producer whose queue has room for one record; produces the records to KAFKA_TOPIC. */
void scenario_start(struct kafka *kafka);

/*
 * Produces a record to KAFKA_TOPIC that stays in the producer's queue for a while, so that the next one finds it full.
 * scenario_is_filler() identifies this record.
 */
void scenario_fill_queue(struct kafka *kafka);
int scenario_is_filler(const void *payload, size_t size);

/* Whether the snippet has met every situation: calls with records, with errors or events, and with a full queue. */
int scenario_is_met(int records, int errors, int full_queues);

/* Reads KAFKA_NEXT_TOPIC to its end, and adds missing and unexpected records to `failures`. */
void scenario_check(struct kafka *kafka);

#ifdef __cplusplus
}
#endif

#endif
