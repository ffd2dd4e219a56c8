#include "traffic.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "carriers.h"
#include "kafka.h"
#include "processes.h"

/* The mock broker keeps 5 MB of a partition, so this limits the records that are in flight. */
#define MOST_BYTES_UNDER_WAY 1500000
#define OTHER_BYTES 200
#define MOST_PAYLOAD 1024
#define PATIENCE_MS 120000

struct run {
    const struct traffic_plan *plan;
    const struct carrier *carrier;
    char address[64];
    /* Of each thread, in this process and in the other. */
    uint64_t *consumed;
    /* Passed once by all threads when all are ready, and once when the clocks were read. */
    pthread_barrier_t barrier;
};

/* One thread of a producer or consumer. */
struct worker {
    struct run *run;
    rd_kafka_t *rk;
    int32_t number;
    uint64_t wrong;
};

static void broker(int answer, void *argument) {
    const struct run *run = (const struct run *)argument;
    char address[sizeof(run->address)] = "";
    if (run->plan->brokers) {
        kafka_create_topic(run->plan->brokers, run->plan->topic, run->plan->threads);
        snprintf(address, sizeof(address), "%s", run->plan->brokers);
    } else {
        kafka_broker(run->plan->threads, address, sizeof(address));
    }
    process_answer(answer, address, sizeof(address));
    for (;;)
        pause();
}

static struct usage usage_since(uint64_t processor_before, uint64_t before) {
    struct usage usage = {0, 0, 0};
    usage.processor_time = processor_time() - processor_before;
    usage.elapsed = monotonic_time() - before;
    usage.process = (int32_t)getpid();
    return usage;
}

/* Runs the threads, and measures from the moment at which all of them are ready. */
static struct usage measure(struct run *run, struct worker *workers, void *(*work)(void *worker)) {
    pthread_t threads[MOST_THREADS];
    uint64_t processor_before, before;
    int i;
    pthread_barrier_init(&run->barrier, NULL, (unsigned)run->plan->threads + 1);
    for (i = 0; i < run->plan->threads; i++)
        if (pthread_create(&threads[i], NULL, work, &workers[i]))
            give_up("no thread", "the system refused it");
    pthread_barrier_wait(&run->barrier);
    processor_before = processor_time();
    before = monotonic_time();
    pthread_barrier_wait(&run->barrier);
    for (i = 0; i < run->plan->threads; i++)
        pthread_join(threads[i], NULL);
    return usage_since(processor_before, before);
}

static void start_together(const struct worker *worker) {
    pthread_barrier_wait(&worker->run->barrier);
    pthread_barrier_wait(&worker->run->barrier);
}

static void send_one(const struct worker *worker, const char *payload, uint64_t nth) {
    const struct traffic_plan *plan = worker->run->plan;
    const struct destination to = {worker->rk, plan->topic, worker->number};
    rd_kafka_resp_err_t err;
    while ((err = worker->run->carrier->send(&to, payload, plan->payload_size, nth)) == RD_KAFKA_RESP_ERR__QUEUE_FULL)
        rd_kafka_poll(worker->rk, 1);
    if (err)
        give_up("not produced", rd_kafka_err2str(err));
}

static void *send_all(void *argument) {
    const struct worker *worker = (const struct worker *)argument;
    const struct traffic_plan *plan = worker->run->plan;
    const uint64_t most_under_way = MOST_BYTES_UNDER_WAY / (plan->payload_size + OTHER_BYTES);
    const uint64_t *consumed = &worker->run->consumed[worker->number];
    char payload[MOST_PAYLOAD];
    uint64_t nth;
    memset(payload, 'x', sizeof(payload));
    send_one(worker, payload, 0);
    rd_kafka_flush(worker->rk, PATIENCE_MS);

    start_together(worker);
    for (nth = 1; nth <= plan->records; nth++) {
        while (nth > __atomic_load_n(consumed, __ATOMIC_ACQUIRE) + most_under_way)
            rd_kafka_poll(worker->rk, 1);
        send_one(worker, payload, nth);
        if (nth % 64 == 0)
            rd_kafka_poll(worker->rk, 0);
    }
    if (rd_kafka_flush(worker->rk, PATIENCE_MS))
        give_up("not delivered", "the broker took too long");
    return NULL;
}

struct sent {
    struct usage usage;
    uint64_t wire_bytes;
};

static void producer(int answer, void *argument) {
    struct run *run = (struct run *)argument;
    struct sent sent = {{0, 0, 0}, 0};
    uint64_t *wire_bytes = run->plan->counts_wire_bytes ? &sent.wire_bytes : NULL;
    rd_kafka_t *rk = kafka_producer(run->address, run->plan->compression, wire_bytes);
    struct worker workers[MOST_THREADS];
    int32_t i;
    for (i = 0; i < run->plan->threads; i++)
        workers[i] = (struct worker){run, rk, i, 0};
    sent.usage = measure(run, workers, send_all);
    for (i = 0; wire_bytes && i < 15; i++)
        rd_kafka_poll(rk, 100);
    process_answer(answer, &sent, sizeof(sent));
}

struct received {
    struct usage usage;
    uint64_t wrong;
};

static void receive_one(struct worker *worker) {
    const struct carrier *carrier = worker->run->carrier;
    rd_kafka_message_t *message = rd_kafka_consumer_poll(worker->rk, PATIENCE_MS);
    if (!message)
        give_up("not consumed", "no record arrived");
    if (message->err)
        give_up("not consumed", rd_kafka_message_errstr(message));
    worker->wrong += carrier->is_right(carrier->receive(message)) ? 0 : 1;
    rd_kafka_message_destroy(message);
}

static void *receive_all(void *argument) {
    struct worker *worker = (struct worker *)argument;
    uint64_t nth;
    receive_one(worker);
    start_together(worker);
    for (nth = 1; nth <= worker->run->plan->records; nth++) {
        receive_one(worker);
        if (nth % 64 == 0)
            __atomic_store_n(&worker->run->consumed[worker->number], nth, __ATOMIC_RELEASE);
    }
    return NULL;
}

static void consumer(int answer, void *argument) {
    struct run *run = (struct run *)argument;
    struct received received = {{0, 0, 0}, 0};
    struct worker workers[MOST_THREADS];
    int32_t i;
    for (i = 0; i < run->plan->threads; i++)
        workers[i] = (struct worker){run, kafka_consumer(run->address, run->plan->topic, i), i, 0};
    received.usage = measure(run, workers, receive_all);
    for (i = 0; i < run->plan->threads; i++)
        received.wrong += workers[i].wrong;
    process_answer(answer, &received, sizeof(received));
}

static int run_clients(struct run *run, struct traffic *traffic) {
    struct process sending, receiving;
    struct received received = {{0, 0, 0}, 0};
    struct sent sent = {{0, 0, 0}, 0};
    int failed;
    if (process_start(&receiving, consumer, run))
        return -1;
    if (process_start(&sending, producer, run)) {
        process_end(&receiving, 1);
        return -1;
    }
    failed = process_read(&sending, &sent, sizeof(sent));
    failed |= process_end(&sending, failed);
    failed = failed || process_read(&receiving, &received, sizeof(received));
    failed |= process_end(&receiving, failed);
    traffic->producer = sent.usage;
    traffic->wire_bytes = sent.wire_bytes;
    traffic->consumer = received.usage;
    traffic->wrong = received.wrong;
    return failed;
}

int traffic_run(const struct traffic_plan *plan, struct traffic *traffic) {
    struct run run;
    struct process between;
    int failed;
    if (plan->carrier < 0 || plan->carrier >= CARRIER_COUNT || plan->payload_size == 0 ||
        plan->payload_size > MOST_PAYLOAD || plan->threads < 1 || plan->threads > MOST_THREADS)
        return -1;
    memset(&run, 0, sizeof(run));
    run.plan = plan;
    run.carrier = &carriers[plan->carrier];
    run.consumed = shared_counts_new(MOST_THREADS);
    if (!run.consumed)
        return -1;
    failed = process_start(&between, broker, &run);
    if (!failed) {
        failed = process_read(&between, run.address, sizeof(run.address)) || run_clients(&run, traffic);
        process_end(&between, 1);
    }
    shared_counts_free(run.consumed, MOST_THREADS);
    return failed ? -1 : 0;
}
