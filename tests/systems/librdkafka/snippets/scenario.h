/*
 * The situations that a snippet meets in production: records with a parent, without one and with a refused one, time-outs,
 * ends of partitions, and a full queue. It checks the result: each record must arrive once, in a trace.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include "kafka.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Starts a mock cluster, and a producer whose queue holds one record; puts the records into KAFKA_TOPIC. */
void scenario_start(struct kafka *kafka);

/*
 * A record that stays in the producer's queue for a while, so that the next one finds it full. It goes to KAFKA_TOPIC, and
 * scenario_is_filler() tells it from the others.
 */
void scenario_fill_queue(struct kafka *kafka);
int scenario_is_filler(const void *payload, size_t size);

/* Whether the snippet has met everything: so many calls with records, with errors or events, and with a full queue. */
int scenario_is_met(int records, int errors, int full_queues);

/* Reads KAFKA_NEXT_TOPIC to its end, and counts in `failures` what should not be there, or is missing. */
void scenario_check(struct kafka *kafka);

#ifdef __cplusplus
}
#endif

#endif
