/*
 * What a thread produces after it has consumed a record, and after the consumer, or the process, is no longer the one that
 * the record was consumed by:
 *
 *     ends BROKERS [PROPERTY=VALUE...]
 *
 * Reads records 0, 1, ... of partition 0 of "in", and produces to "out": the number of the record that it was given the
 * context of must be the value, or "none".
 */
#define _DEFAULT_SOURCE /* kill() */
#include "host.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static char **arguments;
static rd_kafka_t *producer;

static rd_kafka_t *client(rd_kafka_type_t type) {
    return client_with(type, arguments[1], "ends", arguments + 2);
}

static void assign(rd_kafka_t *consumer, int64_t offset) {
    rd_kafka_topic_partition_list_t *assignment = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(assignment, "in", 0)->offset = offset;
    rd_kafka_assign(consumer, assignment);
    rd_kafka_topic_partition_list_destroy(assignment);
}

static rd_kafka_t *consumer_at(int64_t offset) {
    rd_kafka_t *consumer = client(RD_KAFKA_CONSUMER);
    assign(consumer, offset);
    return consumer;
}

static void consume(rd_kafka_t *consumer) {
    rd_kafka_message_t *message = NULL;
    while (!message || message->err) {
        if (message)
            rd_kafka_message_destroy(message);
        message = rd_kafka_consumer_poll(consumer, 1000);
    }
    rd_kafka_message_destroy(message);
}

static void produce(rd_kafka_t *rk, const char *value) {
    rd_kafka_resp_err_t err =
        rd_kafka_producev(rk, RD_KAFKA_V_TOPIC("out"), RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                          RD_KAFKA_V_VALUE((void *)(uintptr_t)value, strlen(value)), RD_KAFKA_V_END);
    check(!err, rd_kafka_err2str(err));
}

static void flush(rd_kafka_t *rk) { check(!rd_kafka_flush(rk, 60000), "not all records were delivered"); }

/* rd_kafka_consumer_close() ends it, and so does rd_kafka_destroy() without. */
static void close_consumers(void) {
    rd_kafka_t *consumer = consumer_at(0);
    consume(consumer);
    produce(producer, "0");
    consume(consumer);
    check(!rd_kafka_consumer_close(consumer), "the consumer does not close");
    produce(producer, "none");
    rd_kafka_destroy(consumer);
    consumer = consumer_at(2);
    consume(consumer);
    rd_kafka_destroy(consumer);
    produce(producer, "none");
}

/* Whether a child delivers a record with a client of its own, within forty seconds. */
static int deliver_in_a_child(void) {
    int status, tenths;
    const pid_t child = fork();
    if (child == 0) {
        rd_kafka_t *own;
        own = client(RD_KAFKA_PRODUCER);
        produce(own, "none");
        if (rd_kafka_flush(own, 20000))
            _exit(2);
        rd_kafka_destroy(own);
        _exit(0);
    }
    check(child > 0, "no child");
    for (tenths = 0; tenths < 400; tenths++) {
        if (waitpid(child, &status, WNOHANG) == child)
            return status == 0;
        poll(NULL, 0, 100);
    }
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return 0;
}

/*
 * A child has a copy of the memory, and clients of its own. It fails if another thread of librdkafka had a lock in the
 * moment of the fork, so there may be three.
 */
static void fork_child(void) {
    rd_kafka_t *consumer = consumer_at(3);
    consume(consumer);
    flush(producer);
    check(deliver_in_a_child() || deliver_in_a_child() || deliver_in_a_child(), "no child delivers its record");
    produce(producer, "3");
    rd_kafka_destroy(consumer);
}

/* A client whose tracebaton.forward is another. */
static rd_kafka_t *client_that_forwards(const char *property, rd_kafka_type_t type) {
    char **usual = arguments;
    char *other[] = {NULL, NULL, NULL, (char *)(uintptr_t)property, NULL};
    rd_kafka_t *rk;
    memcpy(other, usual, 3 * sizeof(*other));
    arguments = other;
    rk = client(type);
    arguments = usual;
    return rk;
}

/* A record that is not forwarded also ends the context of another consumer's record. */
static void consume_from_another(void) {
    rd_kafka_t *consumer = consumer_at(4);
    rd_kafka_t *other = client_that_forwards("tracebaton.forward=none", RD_KAFKA_CONSUMER);
    consume(consumer);
    assign(other, 5);
    consume(other);
    produce(producer, "none");
    rd_kafka_destroy(other);
    rd_kafka_destroy(consumer);
}

/* What is set is not what was consumed. */
static void produce_what_is_set(void) {
    rd_kafka_t *consumer = consumer_at(5);
    rd_kafka_t *other = client_that_forwards("tracebaton.forward=set", RD_KAFKA_PRODUCER);
    consume(consumer);
    produce(other, "none");
    flush(other);
    rd_kafka_destroy(other);
    rd_kafka_destroy(consumer);
}

static void *run(void *part) {
    union {
        void *pointer;
        void (*function)(void);
    } either;
    either.pointer = part;
    either.function();
    return NULL;
}

/* Each in a thread of its own, which knows nothing yet. */
static void in_a_thread(void (*part)(void)) {
    union {
        void *pointer;
        void (*function)(void);
    } either;
    pthread_t thread;
    either.function = part;
    check(!pthread_create(&thread, NULL, run, either.pointer), "no thread");
    pthread_join(thread, NULL);
}

int main(int argc, char **argv) {
    check(argc > 2, "BROKERS PROPERTY=VALUE...");
    arguments = argv;
    producer = client(RD_KAFKA_PRODUCER);
    in_a_thread(close_consumers);
    in_a_thread(fork_child);
    in_a_thread(consume_from_another);
    in_a_thread(produce_what_is_set);
    flush(producer);
    rd_kafka_destroy(producer);
    return 0;
}
