/*
 * Many records in flight: consume and produce without waiting for each delivery.
 *
 *     in_flight BROKERS
 *
 * sends the records of "orders" to "payments". A consumed record is open until the delivery report of what was produced for
 * it has no error. If the report has an error, the record is sent again, up to three times in all, with the same span. After
 * the third time the service ends. So no record is lost; some may be sent twice, also when partitions move to another member
 * of the group.
 */
#include "service.h"

#define MOST_OPEN 1000
#define MAX_SENDS 3
#define MAX_FLUSH 10000 /* milliseconds that a rebalance may wait for deliveries */

/* A consumed record and its span. The span, and the record to produce, point into the message. */
struct open_record {
    rd_kafka_message_t *message;
    tracebaton_context_t span;
    int sends;      /* so far */
    int is_dropped; /* its partition left: it does not count any more, and waits for its report only */
    enum { SENT, FAILED, DONE } state;
};

/* A ring of records in the sequence in which they were consumed. It does not move one: its report has a pointer to it. */
static struct open_record open_records[MOST_OPEN];
static size_t first, open_count;
static rd_kafka_t *producer;

static struct open_record *open_record(size_t index) {
    return &open_records[(first + index) % MOST_OPEN];
}

/* The delivery report. It only takes a note: a produce call in it could meet a full queue, and may not poll. */
static void report(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    struct open_record *record = (struct open_record *)message->_private;
    (void)rk;
    (void)opaque;
    record->state = message->err && !record->is_dropped ? FAILED : DONE;
    if (message->err)
        fprintf(stderr, "not delivered: %s\n", rd_kafka_err2str(message->err));
}

static void send_open(struct open_record *open) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of("payments", open->message);
    record.msg_opaque = open; /* returned as _private */
    open->state = SENT;
    open->sends++;
    print_span(record.topic, record.payload, record.len, &open->span);
    send_record(producer, &record, &open->span);
}

/* Opens a record, and keeps its message. There must be room. */
static void receive(rd_kafka_message_t *message) {
    struct open_record *open = open_record(open_count);
    const struct open_record none = {0};
    tracebaton_context_t received;
    *open = none;
    open->message = message;
    open_count++;
    tracebaton_rdkafka_context(message, &received);
    begin_span(&received, &open->span);
    send_open(open);
}

/* Sends again what was not delivered; 0 if a record has been sent too often. */
static int send_again(void) {
    size_t i;
    for (i = 0; i < open_count; i++)
        if (open_record(i)->state == FAILED) {
            if (open_record(i)->sends == MAX_SENDS)
                return 0;
            send_open(open_record(i));
        }
    return 1;
}

/* Frees the places of the oldest records that are done. */
static void close_done(void) {
    for (; open_count > 0 && open_record(0)->state == DONE; open_count--) {
        rd_kafka_message_destroy(open_record(0)->message);
        first = (first + 1) % MOST_OPEN;
    }
}

/* Stores for each partition the offset of its oldest open record, or the next one if none is open. */
static void store(rd_kafka_t *consumer) {
    rd_kafka_topic_partition_list_t *offsets = consumed_offsets(consumer);
    size_t i;
    for (i = 0; i < open_count; i++) {
        const struct open_record *open = open_record(i);
        if (open->state != DONE && !open->is_dropped)
            keep_open(offsets, rd_kafka_topic_name(open->message->rkt), open->message->partition, open->message->offset);
    }
    store_offsets(consumer, offsets);
}

/* A rebalance. The next owner of the partitions consumes again what is not stored. */
static void let_go(rd_kafka_t *consumer, rd_kafka_topic_partition_list_t *partitions, int are_lost) {
    size_t i;
    if (!are_lost) {
        rd_kafka_flush(producer, MAX_FLUSH);
        store(consumer);
    }
    for (i = 0; i < open_count; i++) {
        struct open_record *open = open_record(i);
        if (rd_kafka_topic_partition_list_find(partitions, rd_kafka_topic_name(open->message->rkt), open->message->partition)) {
            open->is_dropped = 1;
            if (open->state == FAILED)
                open->state = DONE;
        }
    }
    close_done();
}

/*
 * Polls, for one record at most. It always polls: otherwise the service would lose its partitions after max.poll.interval.ms.
 * When no place is free, it pauses all partitions until half of the places are free. A pause discards what was fetched, so
 * there must not be one for each record.
 */
static void work(rd_kafka_t *consumer) {
    const int is_full = open_count > (are_all_paused ? MOST_OPEN / 2 : MOST_OPEN - 1);
    rd_kafka_message_t *message;
    if (is_full != are_all_paused)
        pause_all(consumer, is_full);
    message = rd_kafka_consumer_poll(consumer, is_full ? 0 : 100);
    rd_kafka_poll(producer, is_full ? 100 : 0);
    if (message && !message->err)
        receive(message);
    else if (message) {
        fprintf(stderr, "%s\n", rd_kafka_message_errstr(message));
        rd_kafka_message_destroy(message);
    }
}

int main(int argc, char **argv) {
    rd_kafka_t *consumer;
    time_t stored = 0;
    int is_sent = 1;
    if (argc != 2) {
        fprintf(stderr, "usage: in_flight BROKERS\n");
        return 2;
    }
    before_revocation = let_go;
    producer = producer_of(argv[1], report);
    consumer = consumer_of(argv[1], "in_flight", "orders", NULL);
    while (!stopped && is_sent) {
        work(consumer);
        is_sent = send_again();
        close_done();
        if (time(NULL) != stored) {
            store(consumer);
            stored = time(NULL);
        }
    }
    rd_kafka_consumer_close(consumer); /* commits in let_go(), which waits for the last delivery: needs the producer */
    close_producer(producer);
    close_done();
    rd_kafka_destroy(consumer); /* after the messages */
    return is_sent ? 0 : 1;
}
