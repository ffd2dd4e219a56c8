/*
 * Retries in memory: a record that cannot be paid waits, with its context, after its message is destroyed.
 *
 *     retry BROKERS
 *
 * sends the records of "orders" to "payments". One that cannot be paid is tried again after three seconds, up to three
 * times in all. After the third attempt it goes to the topic "orders.retry" instead. So does one for which, or for whose
 * context, there is no room, and one that waits when the service ends. Each attempt is a span below the one before, and what
 * is sent has the last attempt as its parent.
 *
 * No offset is stored beyond the oldest record of its partition that waits, or whose result is not delivered. So no record is
 * lost if the process dies or partitions move to another member of the group; some may be processed twice.
 * src/guides/retries_in_c.md has the details.
 */
#include "service.h"

#define MAX_ATTEMPTS 3
#define MOST_WAITING 2 /* so that a third record finds no room: a service has room for more */
#define PAUSE 3        /* seconds, of which time() may cut off one */

/* A place for a record that waits, with a copy of all that it had in its message. It points into itself: do not move it. */
struct retry {
    int attempts; /* made so far; 0 if the place is free */
    int32_t partition;
    int64_t offset; /* of the record in "orders" */
    tracebaton_rdkafka_record_t record;
    tracebaton_context_t attempt; /* the last one, which failed; its tracestate and its baggage are in texts */
    time_t due;
    char value[256], key[64], texts[1024];
};

static struct retry places[MOST_WAITING];
static rd_kafka_t *producer;

/* Whether an order can be paid. One of two digits is paid in the attempt that is its first digit, others in the second. */
static int is_paid(const tracebaton_rdkafka_record_t *record, int attempt) {
    return attempt >= (record->len == 2 ? *(const char *)record->payload - '0' : 2);
}

/* A null value or key stays null. */
static const void *copy_of(char *place, const void *bytes, size_t size) {
    return bytes ? memcpy(place, bytes, size) : NULL;
}

/* Keeps a record and its context beyond their message; 0 if there is no room for them. */
static int keep(const rd_kafka_message_t *message, const tracebaton_rdkafka_record_t *record,
                const tracebaton_context_t *attempt) {
    struct retry *retry = places;
    while (retry < places + MOST_WAITING && retry->attempts > 0)
        retry++;
    if (retry == places + MOST_WAITING || record->len > sizeof(retry->value) || record->key_len > sizeof(retry->key))
        return 0;
    /* After an assignment, retry->attempt = *attempt, the texts would be those of the message, which is destroyed. */
    if (tracebaton_context_copy(attempt, retry->texts, sizeof(retry->texts), &retry->attempt) < 0)
        return 0; /* TRACEBATON_BUFFER_TOO_SMALL: tracestate and baggage can have 16 KiB */
    retry->record = *record;
    retry->record.payload = copy_of(retry->value, record->payload, record->len);
    retry->record.key = copy_of(retry->key, record->key, record->key_len);
    retry->record.headers = record->headers ? rd_kafka_headers_copy(record->headers) : NULL;
    retry->partition = message->partition;
    retry->offset = message->offset;
    retry->attempts = 1;
    retry->due = time(NULL) + PAUSE;
    return 1;
}

static void forget(struct retry *retry) {
    if (retry->record.headers)
        rd_kafka_headers_destroy((rd_kafka_headers_t *)(uintptr_t)retry->record.headers); /* its own copy */
    retry->attempts = 0;
}

static void send_to(const char *topic, tracebaton_rdkafka_record_t record,
                    const tracebaton_context_t *attempt) {
    record.topic = topic;
    print_span(topic, record.payload, record.len, attempt);
    send_record(producer, &record, attempt);
}

/* The first attempt. The message may be destroyed after it. */
static void process(const rd_kafka_message_t *message) {
    const tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of("payments", message);
    tracebaton_context_t received, attempt;
    if (record.err)
        return; // a time-out, an error or an event, not a record
    tracebaton_rdkafka_context(message, &received);
    begin_span(&received, &attempt);
    if (is_paid(&record, 1))
        send_to("payments", record, &attempt);
    else if (!keep(message, &record, &attempt))
        send_to("orders.retry", record, &attempt);
}

/* The next attempt of a record that waits: a child of the attempt before. */
static void process_again(struct retry *retry) {
    tracebaton_context_t attempt;
    begin_span(&retry->attempt, &attempt);
    retry->attempts++;
    if (is_paid(&retry->record, retry->attempts)) {
        send_to("payments", retry->record, &attempt);
        forget(retry);
    } else if (retry->attempts == MAX_ATTEMPTS) {
        send_to("orders.retry", retry->record, &attempt);
        forget(retry);
    } else {
        retry->attempt = attempt; /* its texts are already those of the place */
        retry->due = time(NULL) + PAUSE;
    }
}

/* Stores for each partition the offset of its oldest record that waits, or the next one if none waits. */
static void store(rd_kafka_t *consumer) {
    rd_kafka_topic_partition_list_t *offsets;
    const struct retry *retry;
    wait_for_delivery(producer);
    offsets = consumed_offsets(consumer);
    for (retry = places; retry < places + MOST_WAITING; retry++)
        if (retry->attempts > 0)
            keep_open(offsets, "orders", retry->partition, retry->offset);
    store_offsets(consumer, offsets);
}

/* A rebalance. The next owner of the partitions consumes again the records that wait. */
static void let_go(rd_kafka_t *consumer, rd_kafka_topic_partition_list_t *partitions, int are_lost) {
    struct retry *retry;
    if (!are_lost)
        store(consumer);
    for (retry = places; retry < places + MOST_WAITING; retry++)
        if (retry->attempts > 0 &&
            rd_kafka_topic_partition_list_find(partitions, "orders", retry->partition))
            forget(retry);
}

int main(int argc, char **argv) {
    struct retry *retry;
    rd_kafka_t *consumer;
    if (argc != 2) {
        fprintf(stderr, "usage: retry BROKERS\n");
        return 2;
    }
    before_revocation = let_go;
    producer = producer_of(argv[1], delivered);
    consumer = consumer_of(argv[1], "retry", "orders", NULL);
    while (!stopped) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 100);
        process(message);
        if (message)
            rd_kafka_message_destroy(message);
        for (retry = places; retry < places + MOST_WAITING; retry++)
            if (retry->attempts > 0 && time(NULL) >= retry->due)
                process_again(retry);
        store(consumer);
    }
    for (retry = places; retry < places + MOST_WAITING; retry++)
        if (retry->attempts > 0) {
            send_to("orders.retry", retry->record, &retry->attempt);
            forget(retry);
        }
    close_consumer(consumer); /* commits in let_go(), which waits for the last delivery: needs the producer */
    close_producer(producer);
    return 0;
}
