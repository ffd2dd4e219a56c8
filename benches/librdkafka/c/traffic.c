#include "traffic.h"

#include <stdlib.h>
#include <unistd.h>

#include "carriers.h"
#include "kafka.h"
#include "processes.h"

/* The broker keeps 5 MB of a partition, so this limits the records that are in flight. */
#define MOST_UNDER_WAY 5000
#define MOST_PAYLOAD 512
#define PATIENCE_MS 120000

struct run {
    const struct carrier *carrier;
    uint64_t records, payload_size;
    char address[64];
    uint64_t *consumed;
};

static void broker(int answer, void *argument) {
    char address[sizeof(((struct run *)NULL)->address)] = "";
    (void)argument;
    kafka_broker(address, sizeof(address));
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

static void send_one(rd_kafka_t *producer, const struct run *run, const char *payload, uint64_t nth) {
    rd_kafka_resp_err_t err;
    while ((err = run->carrier->send(producer, payload, run->payload_size, nth)) == RD_KAFKA_RESP_ERR__QUEUE_FULL)
        rd_kafka_poll(producer, 1);
    if (err)
        give_up("not produced", rd_kafka_err2str(err));
}

static void producer(int answer, void *argument) {
    const struct run *run = (const struct run *)argument;
    rd_kafka_t *rk = kafka_producer(run->address);
    char payload[MOST_PAYLOAD];
    uint64_t nth, processor_before, before;
    struct usage usage;
    memset(payload, 'x', sizeof(payload));
    send_one(rk, run, payload, 0);
    rd_kafka_flush(rk, PATIENCE_MS);

    processor_before = processor_time();
    before = monotonic_time();
    for (nth = 1; nth <= run->records; nth++) {
        while (nth > __atomic_load_n(run->consumed, __ATOMIC_ACQUIRE) + MOST_UNDER_WAY)
            rd_kafka_poll(rk, 1);
        send_one(rk, run, payload, nth);
        if (nth % 64 == 0)
            rd_kafka_poll(rk, 0);
    }
    if (rd_kafka_flush(rk, PATIENCE_MS))
        give_up("not delivered", "the broker took too long");
    usage = usage_since(processor_before, before);
    process_answer(answer, &usage, sizeof(usage));
}

struct consumed {
    struct usage usage;
    uint64_t wrong;
};

static int receive_one(rd_kafka_t *consumer, const struct run *run, uint64_t *wrong) {
    rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, PATIENCE_MS);
    if (!message)
        give_up("not consumed", "no record arrived");
    if (message->err)
        give_up("not consumed", rd_kafka_message_errstr(message));
    *wrong += run->carrier->is_right(run->carrier->receive(message)) ? 0 : 1;
    rd_kafka_message_destroy(message);
    return 1;
}

static void consumer(int answer, void *argument) {
    const struct run *run = (const struct run *)argument;
    rd_kafka_t *rk = kafka_consumer(run->address);
    struct consumed consumed = {{0, 0, 0}, 0};
    uint64_t nth, processor_before, before;
    receive_one(rk, run, &consumed.wrong);

    processor_before = processor_time();
    before = monotonic_time();
    for (nth = 1; nth <= run->records; nth++) {
        receive_one(rk, run, &consumed.wrong);
        if (nth % 64 == 0)
            __atomic_store_n(run->consumed, nth, __ATOMIC_RELEASE);
    }
    consumed.usage = usage_since(processor_before, before);
    process_answer(answer, &consumed, sizeof(consumed));
}

static int run_clients(struct run *run, struct traffic *traffic) {
    struct process sending, receiving;
    struct consumed consumed = {{0, 0, 0}, 0};
    int failed;
    if (process_start(&receiving, consumer, run))
        return -1;
    if (process_start(&sending, producer, run)) {
        process_end(&receiving, 1);
        return -1;
    }
    failed = process_read(&sending, &traffic->producer, sizeof(traffic->producer));
    failed |= process_end(&sending, failed);
    failed = failed || process_read(&receiving, &consumed, sizeof(consumed));
    failed |= process_end(&receiving, failed);
    traffic->consumer = consumed.usage;
    traffic->wrong = consumed.wrong;
    return failed;
}

int traffic_run(int carrier, uint64_t records, uint64_t payload_size, struct traffic *traffic) {
    struct run run;
    struct process between;
    int failed;
    if (carrier < 0 || carrier >= CARRIER_COUNT || payload_size == 0 || payload_size > MOST_PAYLOAD)
        return -1;
    memset(&run, 0, sizeof(run));
    run.carrier = &carriers[carrier];
    run.records = records;
    run.payload_size = payload_size;
    run.consumed = shared_count_new();
    if (!run.consumed)
        return -1;
    failed = process_start(&between, broker, NULL);
    if (!failed) {
        failed = process_read(&between, run.address, sizeof(run.address)) || run_clients(&run, traffic);
        process_end(&between, 1);
    }
    shared_count_free(run.consumed);
    return failed ? -1 : 0;
}
