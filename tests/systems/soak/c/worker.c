#include "worker.h"

#include <stdio.h>
#include <string.h>

/* How many records a restarted service reads again, as if it had not committed them. */
#define READ_AGAIN 20

static void client_error(rd_kafka_t *rk, int err, const char *reason, void *opaque) {
    const struct listener *listener = opaque;
    (void)rk;
    listener->client_error(listener->run, (rd_kafka_resp_err_t)err, reason);
}

static int statistics(rd_kafka_t *rk, char *json, size_t size, void *opaque) {
    const struct listener *listener = opaque;
    (void)rk;
    listener->statistics(listener->run, json, size);
    return 0;
}

static void delivered(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    const struct listener *listener = opaque;
    (void)rk;
    listener->delivered(listener->run, message->err);
}

/* A client with these settings; NULL after an error was reported to the listener. */
static rd_kafka_t *open_client(rd_kafka_type_t type, const struct listener *listener, struct settings settings) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_t *client = NULL;
    char error[256] = "";
    size_t i;
    for (i = 0; i < settings.count; i++)
        if (rd_kafka_conf_set(conf, settings.all[i].name, settings.all[i].value, error, sizeof(error)))
            break;
    rd_kafka_conf_set_opaque(conf, (void *)(uintptr_t)listener);
    rd_kafka_conf_set_log_cb(conf, NULL);
    rd_kafka_conf_set_error_cb(conf, client_error);
    rd_kafka_conf_set_stats_cb(conf, statistics);
    if (type == RD_KAFKA_PRODUCER)
        rd_kafka_conf_set_dr_msg_cb(conf, delivered);
    if (i == settings.count)
        client = rd_kafka_new(type, conf, error, sizeof(error));
    if (!client) {
        rd_kafka_conf_destroy(conf);
        listener->stopped(listener->run, error);
    }
    return client;
}

rd_kafka_t *producer_open(const struct listener *listener, struct settings settings) {
    return open_client(RD_KAFKA_PRODUCER, listener, settings);
}

void producer_close(rd_kafka_t *producer) {
    rd_kafka_flush(producer, 10000);
    rd_kafka_destroy(producer);
}

/* A consumer of one partition, starting at this offset. */
static rd_kafka_t *open_consumer(const struct worker *worker, int64_t offset) {
    rd_kafka_topic_partition_list_t *partitions;
    rd_kafka_t *consumer = open_client(RD_KAFKA_CONSUMER, worker->listener, worker->consumer);
    rd_kafka_resp_err_t err;
    if (!consumer)
        return NULL;
    rd_kafka_poll_set_consumer(consumer);
    partitions = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(partitions, worker->from, worker->partition)->offset = offset;
    err = rd_kafka_assign(consumer, partitions);
    rd_kafka_topic_partition_list_destroy(partitions);
    if (!err)
        return consumer;
    worker->listener->stopped(worker->listener->run, rd_kafka_err2str(err));
    rd_kafka_destroy(consumer);
    return NULL;
}

static void close_consumer(rd_kafka_t *consumer) {
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
}

/* Forwards the record in its trace; this service's span is the parent. */
static int send_on(const struct worker *worker, const rd_kafka_message_t *message, const struct payload *payload,
                   const tracebaton_extracted_t *received, enum order (*order)(void *), void *desk) {
    const struct listener *listener = worker->listener;
    const tracebaton_span_id_t *span_id = &payload->span_ids[worker->stage + 1];
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of(worker->to, message);
    tracebaton_context_t sent = {0};
    tracebaton_injection_t injection = {0};
    tracebaton_status_t written = TRACEBATON_OK;
    rd_kafka_resp_err_t err;

    tracebaton_context_child_or_root(&received->context, &payload->trace_id, span_id,
                                     TRACEBATON_FLAG_SAMPLED | TRACEBATON_FLAG_RANDOM, &sent);
    tracebaton_injection_prepare(&sent, &injection);
    record.partition = worker->partition;
    while ((err = tracebaton_rdkafka_produce(worker->producer, &record, &injection, &written)) ==
           RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        if (order(desk) == ORDER_STOP)
            return 0;
        listener->queue_full(listener->run);
        rd_kafka_poll(worker->producer, 10);
    }
    rd_kafka_poll(worker->producer, 0);
    if (err)
        listener->stopped(listener->run, rd_kafka_err2str(err));
    else
        listener->enqueued(listener->run, written);
    return !err;
}

/* Handles one message; returns 0 if the worker cannot continue. */
static int handle(const struct worker *worker, const rd_kafka_message_t *message, enum order (*order)(void *), void *desk) {
    const struct listener *listener = worker->listener;
    rd_kafka_headers_t *headers = NULL;
    tracebaton_extracted_t received;
    struct payload payload = {0};

    if (message->err) {
        listener->client_error(listener->run, message->err, rd_kafka_message_errstr(message));
        return 1;
    }
    tracebaton_rdkafka_extract(message, &received);
    if (rd_kafka_message_headers(message, &headers))
        headers = NULL;
    listener->received(listener->run, worker->stage, message->payload, message->len, headers, &received);
    if (!worker->producer || message->len < sizeof(payload))
        return 1;
    memcpy(&payload, message->payload, sizeof(payload));
    return send_on(worker, message, &payload, &received, order, desk);
}

void worker_run(const struct worker *worker, enum order (*order)(void *desk), void *desk) {
    int64_t next = 0;
    rd_kafka_t *consumer = open_consumer(worker, next);
    int runs = consumer != NULL;
    while (runs) {
        const enum order now = order(desk);
        rd_kafka_message_t *message;
        if (now == ORDER_STOP)
            break;
        if (now == ORDER_RESTART) {
            close_consumer(consumer);
            next = next < READ_AGAIN ? 0 : next - READ_AGAIN;
            if (!(consumer = open_consumer(worker, next)))
                break;
        }
        message = rd_kafka_consumer_poll(consumer, 50);
        if (worker->producer)
            rd_kafka_poll(worker->producer, 0);
        if (!message)
            continue;
        if (!message->err && message->offset > next)
            worker->listener->skipped(worker->listener->run, worker->stage, next, message->offset);
        runs = handle(worker, message, order, desk);
        if (!message->err)
            next = message->offset + 1;
        rd_kafka_message_destroy(message);
    }
    if (consumer)
        close_consumer(consumer);
}
