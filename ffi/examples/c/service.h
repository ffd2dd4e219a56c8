/*
 * Common parts of the example services: clients, a loop that ends with a signal, spans, and their output.
 *
 * A service with a tracer gets its ids and spans from the tracer.
 */
#ifndef SERVICE_H
#define SERVICE_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L /* clock_gettime() */
#endif

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tracebaton_rdkafka.h>

static volatile sig_atomic_t stopped;

static inline void stop(int signal_number) {
    (void)signal_number;
    stopped = 1;
}

static inline void give_up(const char *why) {
    fprintf(stderr, "%s\n", why);
    exit(1);
}

/* How many records could not be delivered. */
static unsigned long undelivered;

static inline void delivered(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque) {
    (void)producer;
    (void)opaque;
    if (message->err) {
        undelivered++;
        fprintf(stderr, "not delivered: %s\n", rd_kafka_err2str(message->err));
    }
}

/*
 * Called in a rebalance, before these partitions leave. A service that keeps records between two polls sets it: the function
 * stores what is done unless the partitions are lost, and then drops their open records. Other services leave it NULL.
 */
static void (*before_revocation)(rd_kafka_t *consumer, rd_kafka_topic_partition_list_t *partitions, int are_lost);

/* Pauses partitions, or resumes them. A paused partition stays paused when it leaves and returns, until it is resumed. */
static inline void set_paused(rd_kafka_t *consumer, rd_kafka_topic_partition_list_t *partitions, int is_paused) {
    rd_kafka_resp_err_t err = is_paused ? rd_kafka_pause_partitions(consumer, partitions)
                                        : rd_kafka_resume_partitions(consumer, partitions);
    if (err)
        fprintf(stderr, "not %s: %s\n", is_paused ? "paused" : "resumed", rd_kafka_err2str(err));
}

/* Whether all partitions are paused. One that is assigned meanwhile is paused too. */
static int are_all_paused;

/*
 * The rebalance callback, which librdkafka calls in a poll and when the consumer is closed. Nothing is committed for lost
 * partitions: another member may own them already, and may have committed.
 */
static inline void rebalanced(rd_kafka_t *consumer, rd_kafka_resp_err_t event, rd_kafka_topic_partition_list_t *partitions,
                              void *opaque) {
    const int is_cooperative = !strcmp(rd_kafka_rebalance_protocol(consumer), "COOPERATIVE");
    const int is_assignment = event == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
    const int are_lost = !is_assignment && rd_kafka_assignment_lost(consumer);
    rd_kafka_resp_err_t err;
    (void)opaque;
    if (!is_assignment && before_revocation)
        before_revocation(consumer, partitions, are_lost);
    if (!is_assignment && !are_lost && (err = rd_kafka_commit(consumer, NULL, 0)) && err != RD_KAFKA_RESP_ERR__NO_OFFSET)
        fprintf(stderr, "not committed: %s\n", rd_kafka_err2str(err)); /* the next owner consumes some records again */
    if (!is_assignment)
        set_paused(consumer, partitions, 0); /* if they return, they are consumed */
    if (is_cooperative) {
        rd_kafka_error_t *error = is_assignment ? rd_kafka_incremental_assign(consumer, partitions)
                                                : rd_kafka_incremental_unassign(consumer, partitions);
        if (error)
            fprintf(stderr, "rebalance: %s\n", rd_kafka_error_string(error));
        rd_kafka_error_destroy(error);
    } else if ((err = rd_kafka_assign(consumer, is_assignment ? partitions : NULL)))
        fprintf(stderr, "rebalance: %s\n", rd_kafka_err2str(err));
    if (is_assignment && are_all_paused)
        set_paused(consumer, partitions, 1);
    fprintf(stderr, "%d partitions are %s\n", partitions->cnt, is_assignment ? "assigned" : are_lost ? "lost" : "revoked");
}

static inline void set_option(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char error[512];
    if (rd_kafka_conf_set(conf, name, value, error, sizeof(error)))
        give_up(error);
}

static inline rd_kafka_t *client(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
    char error[512];
    rd_kafka_t *rk = rd_kafka_new(type, conf, error, sizeof(error));
    if (!rk)
        give_up(error);
    return rk;
}

/* Creates a producer with this function for its delivery reports, such as delivered(). */
static inline rd_kafka_t *producer_of(const char *brokers, void (*report)(rd_kafka_t *, const rd_kafka_message_t *, void *)) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set_option(conf, "bootstrap.servers", brokers);
    rd_kafka_conf_set_dr_msg_cb(conf, report);
    return client(RD_KAFKA_PRODUCER, conf);
}

/* Creates a consumer of one or two topics, which starts at their beginning. It commits only what store_offsets() stores. */
static inline rd_kafka_t *consumer_of(const char *brokers, const char *group, const char *topic, const char *other_topic) {
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(2);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_t *consumer;
    set_option(conf, "bootstrap.servers", brokers);
    set_option(conf, "group.id", group);
    set_option(conf, "enable.auto.offset.store", "false");
    set_option(conf, "auto.offset.reset", "earliest");
    rd_kafka_conf_set_rebalance_cb(conf, rebalanced);
    consumer = client(RD_KAFKA_CONSUMER, conf);
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    rd_kafka_poll_set_consumer(consumer);
    rd_kafka_topic_partition_list_add(topics, topic, RD_KAFKA_PARTITION_UA);
    if (other_topic)
        rd_kafka_topic_partition_list_add(topics, other_topic, RD_KAFKA_PARTITION_UA);
    if (rd_kafka_subscribe(consumer, topics))
        give_up("cannot subscribe");
    rd_kafka_topic_partition_list_destroy(topics);
    return consumer;
}

/* The next record, which the caller destroys; NULL after a signal. */
static inline rd_kafka_message_t *next_record(rd_kafka_t *consumer) {
    while (!stopped) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 100);
        if (message && !message->err)
            return message;
        if (message) {
            fprintf(stderr, "%s\n", rd_kafka_message_errstr(message));
            rd_kafka_message_destroy(message);
        }
    }
    return NULL;
}

/* Waits until every record is delivered. Ends the program if one is not. */
static inline void wait_for_delivery(rd_kafka_t *producer) {
    if (rd_kafka_flush(producer, 10000) || undelivered)
        give_up("some records were not delivered");
}

/*
 * The offset after the last consumed record of each assigned partition. A partition of which no record was consumed since it
 * was assigned has none, and is left out.
 */
static inline rd_kafka_topic_partition_list_t *consumed_offsets(rd_kafka_t *consumer) {
    rd_kafka_topic_partition_list_t *offsets;
    int i;
    if (rd_kafka_assignment(consumer, &offsets) || rd_kafka_position(consumer, offsets))
        give_up("no assignment");
    for (i = offsets->cnt - 1; i >= 0; i--)
        if (offsets->elems[i].offset < 0) /* RD_KAFKA_OFFSET_INVALID, which rd_kafka_offsets_store() would store */
            rd_kafka_topic_partition_list_del_by_idx(offsets, i);
    return offsets;
}

/* Keeps the offset of a partition from passing a record that is not done. */
static inline void keep_open(rd_kafka_topic_partition_list_t *offsets, const char *topic, int32_t partition, int64_t offset) {
    rd_kafka_topic_partition_t *found = rd_kafka_topic_partition_list_find(offsets, topic, partition);
    if (found && found->offset > offset)
        found->offset = offset;
}

/*
 * Stores the offsets, and destroys their list. librdkafka commits stored offsets every five seconds, in a rebalance, and when
 * the consumer is closed. Records that are not committed are consumed again.
 */
static inline void store_offsets(rd_kafka_t *consumer, rd_kafka_topic_partition_list_t *offsets) {
    rd_kafka_resp_err_t err = offsets->cnt > 0 ? rd_kafka_offsets_store(consumer, offsets) : RD_KAFKA_RESP_ERR_NO_ERROR;
    if (err)
        fprintf(stderr, "not stored: %s\n", rd_kafka_err2str(err));
    rd_kafka_topic_partition_list_destroy(offsets);
}

/*
 * Stores that all consumed records are done, once the records that were produced for them are delivered. The producer is NULL
 * if there are none. A service with a high rate calls this once for many records, or does not wait: see in_flight.c.
 */
static inline void store_done(rd_kafka_t *consumer, rd_kafka_t *producer) {
    if (producer)
        wait_for_delivery(producer);
    store_offsets(consumer, consumed_offsets(consumer));
}

/* Pauses all partitions, or resumes them. Poll meanwhile, at least every max.poll.interval.ms: only errors are returned. */
static inline void pause_all(rd_kafka_t *consumer, int is_paused) {
    rd_kafka_topic_partition_list_t *assigned;
    if (rd_kafka_assignment(consumer, &assigned))
        give_up("no assignment");
    set_paused(consumer, assigned, is_paused);
    rd_kafka_topic_partition_list_destroy(assigned);
    are_all_paused = is_paused;
}

static inline void close_consumer(rd_kafka_t *consumer) {
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
}

static inline void close_producer(rd_kafka_t *producer) {
    wait_for_delivery(producer);
    rd_kafka_destroy(producer);
}

/* Flags for a root. A service with a sampler of its own passes its decision instead of TRACEBATON_FLAG_SAMPLED. */
#define NEW_TRACE_FLAGS (TRACEBATON_FLAG_SAMPLED | TRACEBATON_FLAG_RANDOM)

/* Makes ids for a new span, and for a new trace. */
static inline void make_ids(tracebaton_trace_id_t *trace_id, tracebaton_span_id_t *span_id) {
    tracebaton_trace_id_random_t trace_random;
    tracebaton_span_id_random_t span_random;
    FILE *source = fopen("/dev/urandom", "rb");
    if (!source || fread(&trace_random, sizeof(trace_random), 1, source) != 1 ||
        fread(&span_random, sizeof(span_random), 1, source) != 1)
        give_up("no randomness");
    fclose(source);
    tracebaton_trace_id_generate(&trace_random, trace_id);
    tracebaton_span_id_generate(&span_random, span_id);
}

/*
 * Makes the span of this service: a child of the record's span, or a root if the record has no parent. Returns TRACEBATON_OK
 * or TRACEBATON_ROOT, for the log.
 */
static inline tracebaton_status_t begin_span(const tracebaton_context_t *parent, tracebaton_context_t *span) {
    tracebaton_trace_id_t trace_id;
    tracebaton_span_id_t span_id;
    tracebaton_status_t status;
    make_ids(&trace_id, &span_id);
    status = tracebaton_context_child_or_root(parent, &trace_id, &span_id, NEW_TRACE_FLAGS, span);
    if (status < 0)
        give_up(tracebaton_status_message(status));
    return status;
}

/* Makes a root. */
static inline void begin_trace(tracebaton_context_t *root) {
    tracebaton_trace_id_t trace_id;
    tracebaton_span_id_t span_id;
    tracebaton_status_t status;
    make_ids(&trace_id, &span_id);
    status = tracebaton_context_restart(NULL, &trace_id, &span_id, NEW_TRACE_FLAGS, root);
    if (status < 0)
        give_up(tracebaton_status_message(status));
}

/* Sends a record with this span as its parent; waits while the queue is full. */
static inline void send_record(rd_kafka_t *producer, const tracebaton_rdkafka_record_t *record,
                               const tracebaton_context_t *span) {
    tracebaton_injection_t injection = {0};
    rd_kafka_resp_err_t err;
    tracebaton_injection_prepare(span, &injection);
    while ((err = tracebaton_rdkafka_produce(producer, record, &injection, NULL)) == RD_KAFKA_RESP_ERR__QUEUE_FULL)
        rd_kafka_poll(producer, 100);
    if (err)
        give_up(rd_kafka_err2str(err));
    rd_kafka_poll(producer, 0);
}

/* Prints a line such as "sent 12: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01". */
static inline void print_span(const char *what, const void *value, size_t size, const tracebaton_context_t *span) {
    char traceparent[TRACEBATON_TRACEPARENT_SIZE];
    const char none[] = "no trace";
    const int is_there = tracebaton_traceparent_format(span, traceparent) == TRACEBATON_OK;
    printf("%s %.*s: %.*s\n", what, (int)size, (const char *)value,
           (int)(is_there ? sizeof(traceparent) : strlen(none)), is_there ? traceparent : none);
    fflush(stdout);
}

/* Milliseconds since the Unix epoch. */
static inline int64_t now(void) {
    struct timespec clock;
    clock_gettime(CLOCK_REALTIME, &clock);
    return (int64_t)clock.tv_sec * 1000 + clock.tv_nsec / 1000000;
}

/* Prints how long a record waited in its topic. Call it when the first attempt begins. */
static inline void print_queue_time(const rd_kafka_message_t *message) {
    tracebaton_queue_time_t waited;
    if (tracebaton_rdkafka_queue_time(message, now(), &waited) == TRACEBATON_OK)
        printf("  waited %ld ms since %s\n", (long)waited.milliseconds,
               waited.kind == TRACEBATON_TIMESTAMP_CREATE_TIME ? "the producer created it" : "the broker stored it");
    fflush(stdout);
}

/* Prints a line below the line of a span. */
static inline void print_link(const tracebaton_context_t *linked) {
    print_span("  linked", "to", 2, linked);
}

#endif
