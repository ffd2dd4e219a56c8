#include "service.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contexts.h"
#include "spans.h"

#define PATIENCE_MS 60000

/* The state that waits for a record's delivery report: its producer span. */
struct sending {
    struct service *service;
    tracebaton_context_t span;
    json_t *described;
};

/* Stores the first failure. */
static void fail(struct service *service, const char *format, ...) {
    va_list arguments;
    if (service->error[0])
        return;
    va_start(arguments, format);
    vsnprintf(service->error, sizeof(service->error), format, arguments);
    va_end(arguments);
}

static void delivered(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    struct sending *sending = message->_private;
    (void)rk;
    (void)opaque;
    if (message->err)
        fail(sending->service, "a record was not delivered: %s", rd_kafka_err2str(message->err));
    end_span(sending->described, &sending->span, sending->service->finished);
    free(sending);
}

static rd_kafka_t *client(struct service *service, rd_kafka_type_t type) {
    const char *const settings[][2] = {{"bootstrap.servers", service->brokers}, {"client.id", service->name},
                                       {"group.id", service->name},             {"enable.auto.commit", "false"},
                                       {"fetch.wait.max.ms", "10"},             {"linger.ms", "0"}};
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_t *client = NULL;
    size_t i;
    /* Both types of client get all settings; warnings about those of the other type are not logged. */
    rd_kafka_conf_set(conf, "log_level", "4", NULL, 0);
    for (i = 0; i < sizeof(settings) / sizeof(*settings); i++)
        if (rd_kafka_conf_set(conf, settings[i][0], settings[i][1], service->error, sizeof(service->error)))
            break;
    if (type == RD_KAFKA_PRODUCER)
        rd_kafka_conf_set_dr_msg_cb(conf, delivered);
    if (i == sizeof(settings) / sizeof(*settings))
        client = rd_kafka_new(type, conf, service->error, sizeof(service->error));
    if (!client)
        rd_kafka_conf_destroy(conf);
    return client;
}

int service_open(struct service *service, const char *brokers, const char *name) {
    memset(service, 0, sizeof(*service));
    service->brokers = brokers;
    service->name = name;
    service->producer = client(service, RD_KAFKA_PRODUCER);
    return service->producer ? 0 : -1;
}

void service_close(struct service *service) {
    rd_kafka_destroy(service->producer);
}

/* A consumer of the topic's only partition, from its beginning. */
static rd_kafka_t *consumer_of(struct service *service, const char *topic) {
    rd_kafka_topic_partition_list_t *list;
    rd_kafka_t *consumer = client(service, RD_KAFKA_CONSUMER);
    if (!consumer)
        return NULL;
    rd_kafka_poll_set_consumer(consumer);
    list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
    if (rd_kafka_assign(consumer, list))
        fail(service, "cannot read %s", topic);
    rd_kafka_topic_partition_list_destroy(list);
    return consumer;
}

static void close_consumer(rd_kafka_t *consumer) {
    if (!consumer)
        return;
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
}

/* The next record, or NULL with an error if none arrives. Delivery reports are handled meanwhile. */
static rd_kafka_message_t *next(struct service *service, rd_kafka_t *consumer, const char *topic) {
    const int64_t begun = now();
    rd_kafka_message_t *message = NULL;
    while (!message && now() - begun < (int64_t)PATIENCE_MS * 1000) {
        rd_kafka_poll(service->producer, 0);
        message = rd_kafka_consumer_poll(consumer, 5);
    }
    if (!message)
        fail(service, "no record from %s within %d ms", topic, PATIENCE_MS);
    else if (message->err)
        fail(service, "cannot read %s: %s", topic, rd_kafka_message_errstr(message));
    else
        return message;
    if (message)
        rd_kafka_message_destroy(message);
    return NULL;
}

/* Produces a record with a span that is a child of the parent. Returns the injected context. */
static json_t *send_record(struct service *service, tracebaton_rdkafka_record_t record, const tracebaton_context_t *parent) {
    struct sending *sending = calloc(1, sizeof(*sending));
    tracebaton_injection_t injection;
    rd_kafka_resp_err_t err;
    json_t *sent;
    if (!sending) {
        fail(service, "no memory");
        return json_null();
    }
    sending->service = service;
    start_span(parent, &sending->span);
    sending->described = describe_span("producer", &sending->span, parent, record.topic, record.key, record.key_len);
    sent = context_to_json(&sending->span);
    tracebaton_injection_prepare(&sending->span, &injection);
    record.msg_opaque = sending;
    err = tracebaton_rdkafka_produce(service->producer, &record, &injection, NULL);
    if (err) {
        fail(service, "cannot send to %s: %s", record.topic, rd_kafka_err2str(err));
        json_decref(sending->described);
        free(sending);
    }
    return sent;
}

/* Waits until every record is delivered, and then adds the spans to the answer. */
static json_t *finish(struct service *service, const char *verb, json_t *answers) {
    if (rd_kafka_flush(service->producer, PATIENCE_MS))
        fail(service, "the broker does not accept the records");
    return json_pack("{s:o, s:o}", verb, answers, "spans", service->finished);
}

json_t *service_produce(struct service *service, const char *topic, const json_t *records) {
    json_t *sent = json_array(), *json;
    struct made_context made;
    size_t index;
    service->finished = json_array();
    json_array_foreach(records, index, json) {
        const json_t *key = json_object_get(json, "key"), *value = json_object_get(json, "value");
        tracebaton_rdkafka_record_t record =
            tracebaton_rdkafka_record(topic, json_string_value(value), json_string_length(value));
        const char *wrong = context_from_json(json_object_get(json, "context"), &made);
        if (wrong) {
            fail(service, "a record's %s", wrong);
            break;
        }
        record.key = json_string_value(key);
        record.key_len = json_string_length(key);
        json_array_append_new(sent, json_pack("{s:O, s:o}", "key", key, "context", send_record(service, record, &made.context)));
    }
    return finish(service, "produced", sent);
}

/* The context that the glue extracts from a record. */
static json_t *received(const rd_kafka_message_t *message, tracebaton_extracted_t *extracted) {
    memset(extracted, 0, sizeof(*extracted));
    tracebaton_rdkafka_extract(message, extracted);
    return json_pack("{s:s%, s:o, s:s}", "key", message->key ? (const char *)message->key : "", message->key_len, "context",
                     context_to_json(&extracted->context), "relation", "parent");
}

json_t *service_consume(struct service *service, const char *topic, size_t count) {
    rd_kafka_t *consumer = consumer_of(service, topic);
    json_t *consumed = json_array();
    tracebaton_extracted_t extracted;
    while (!service->error[0] && json_array_size(consumed) < count) {
        rd_kafka_message_t *message = next(service, consumer, topic);
        if (!message)
            break;
        json_array_append_new(consumed, received(message, &extracted));
        rd_kafka_message_destroy(message);
    }
    close_consumer(consumer);
    return json_pack("{s:o}", "consumed", consumed);
}

/* Forwards a record in a span of its processing. */
static json_t *relay(struct service *service, const rd_kafka_message_t *message, const char *from, const char *to) {
    tracebaton_extracted_t extracted;
    tracebaton_context_t process;
    json_t *described, *answer = received(message, &extracted);
    start_span(&extracted.context, &process);
    described = describe_span("consumer", &process, &extracted.context, from, message->key, message->key_len);
    describe_wait(described, message);
    json_decref(send_record(service, tracebaton_rdkafka_record_of(to, message), &process));
    end_span(described, &process, service->finished);
    return answer;
}

json_t *service_relay(struct service *service, const char *from, const char *to, size_t count) {
    rd_kafka_t *consumer = consumer_of(service, from);
    json_t *relayed = json_array();
    service->finished = json_array();
    while (!service->error[0] && json_array_size(relayed) < count) {
        rd_kafka_message_t *message = next(service, consumer, from);
        if (!message)
            break;
        json_array_append_new(relayed, relay(service, message, from, to));
        rd_kafka_message_destroy(message);
    }
    close_consumer(consumer);
    return finish(service, "relayed", relayed);
}
