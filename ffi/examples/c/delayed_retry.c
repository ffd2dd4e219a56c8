/*
 * A retry topic with a delay: each record waits until it is due.
 *
 *     delayed_retry BROKERS TOPIC SECONDS
 *
 * sends the records of TOPIC, such as "orders.retry.1m", to "payments". A record is due at its timestamp plus SECONDS. One
 * that is not due is held, and its partition is paused, since the records behind it are due later. The service continues to
 * poll. No offset is stored beyond a record that is held. src/guides/retries_in_c.md has the details.
 */
#include "service.h"

#define MOST_PARTITIONS 256 /* of the topic */

/* For each partition, the record that is held, or NULL. Its context points into it. */
static struct {
    rd_kafka_message_t *message;
    int64_t due; /* in milliseconds since the Unix epoch */
} held[MOST_PARTITIONS];
static int64_t delay; /* in milliseconds */
static rd_kafka_t *producer;

/* A wrong timestamp of the producer makes a record wait no longer than the delay. A message without one has -1. */
static int64_t due_of(const rd_kafka_message_t *message) {
    const int64_t sent = rd_kafka_message_timestamp(message, NULL), polled = now();
    return (sent < polled ? sent : polled) + delay;
}

/* The attempt: a child of the one that sent the record to this topic. It begins now, so the queue time ends now. */
static void process(const rd_kafka_message_t *message) {
    const tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of("payments", message);
    tracebaton_context_t received, attempt;
    tracebaton_rdkafka_context(message, &received);
    begin_span(&received, &attempt);
    print_span(record.topic, record.payload, record.len, &attempt);
    print_queue_time(message);
    send_record(producer, &record, &attempt);
}

static void set_partition_paused(rd_kafka_t *consumer, const rd_kafka_message_t *message, int is_paused) {
    rd_kafka_topic_partition_list_t *partition = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(partition, rd_kafka_topic_name(message->rkt), message->partition);
    set_paused(consumer, partition, is_paused);
    rd_kafka_topic_partition_list_destroy(partition);
}

/* Processes a record that is due, and holds any other. The partition has no other record that is held. */
static void receive(rd_kafka_t *consumer, rd_kafka_message_t *message) {
    const int64_t due = due_of(message);
    if (due <= now()) {
        process(message);
        rd_kafka_message_destroy(message);
        return;
    }
    if (message->partition >= MOST_PARTITIONS)
        give_up("the topic has too many partitions");
    held[message->partition].message = message;
    held[message->partition].due = due;
    set_partition_paused(consumer, message, 1);
}

/* Processes what has become due, and resumes its partitions. */
static void process_due(rd_kafka_t *consumer) {
    int32_t i;
    for (i = 0; i < MOST_PARTITIONS; i++)
        if (held[i].message && held[i].due <= now()) {
            process(held[i].message);
            set_partition_paused(consumer, held[i].message, 0);
            rd_kafka_message_destroy(held[i].message);
            held[i].message = NULL;
        }
}

/* Stores for each partition the offset of the record that is held, or the next one if none is. */
static void store(rd_kafka_t *consumer) {
    rd_kafka_topic_partition_list_t *offsets;
    int32_t i;
    wait_for_delivery(producer);
    offsets = consumed_offsets(consumer);
    for (i = 0; i < MOST_PARTITIONS; i++)
        if (held[i].message)
            keep_open(offsets, rd_kafka_topic_name(held[i].message->rkt), i, held[i].message->offset);
    store_offsets(consumer, offsets);
}

/* A rebalance. The next owner of the partitions consumes again what is held. rebalanced() resumes them. */
static void let_go(rd_kafka_t *consumer, rd_kafka_topic_partition_list_t *partitions, int are_lost) {
    int i;
    if (!are_lost)
        store(consumer);
    for (i = 0; i < partitions->cnt; i++) {
        const int32_t partition = partitions->elems[i].partition;
        if (partition >= MOST_PARTITIONS || !held[partition].message)
            continue;
        rd_kafka_message_destroy(held[partition].message);
        held[partition].message = NULL;
    }
}

int main(int argc, char **argv) {
    rd_kafka_t *consumer;
    if (argc != 4 || (delay = 1000 * (int64_t)atoi(argv[3])) <= 0) {
        fprintf(stderr, "usage: delayed_retry BROKERS TOPIC SECONDS\n");
        return 2;
    }
    before_revocation = let_go;
    producer = producer_of(argv[1], delivered);
    consumer = consumer_of(argv[1], "delayed_retry", argv[2], NULL);
    while (!stopped) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 100);
        if (message && !message->err)
            receive(consumer, message);
        else if (message) {
            fprintf(stderr, "%s\n", rd_kafka_message_errstr(message));
            rd_kafka_message_destroy(message);
        }
        process_due(consumer);
        store(consumer);
    }
    close_consumer(consumer); /* commits in let_go(), which waits for the last delivery: needs the producer */
    close_producer(producer);
    return 0;
}
