/*
 * A plugin for librdkafka's plugin.library.paths: forwards the context of a consumed record into those that are produced
 * after it. README.md beside this file has what it does, its limits, and why it is on its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients.h"
#include "forwarded.h"
#include "librdkafka.h"

/* The glue calls the librdkafka that the hook was called by. */
static __thread const struct librdkafka *librdkafka;
#define rd_kafka_header_add librdkafka->rd_kafka_header_add
#define rd_kafka_header_cnt librdkafka->rd_kafka_header_cnt
#define rd_kafka_header_get librdkafka->rd_kafka_header_get
#define rd_kafka_header_get_all librdkafka->rd_kafka_header_get_all
#define rd_kafka_header_remove librdkafka->rd_kafka_header_remove
#define rd_kafka_headers_destroy librdkafka->rd_kafka_headers_destroy
#define rd_kafka_headers_new librdkafka->rd_kafka_headers_new
#define rd_kafka_message_headers librdkafka->rd_kafka_message_headers
#define rd_kafka_message_set_headers librdkafka->rd_kafka_message_set_headers
#include <tracebaton_rdkafka.h>

#define NAME "tracebaton"
#define PROPERTY "tracebaton.forward"

/* By enum forward. */
static const char *const forward_names[] = {"consumed", "set", "environment", "none"};
static const enum forward forward_values[] = {FORWARD_CONSUMED, FORWARD_SET, FORWARD_ENVIRONMENT, FORWARD_NONE};

/* What librdkafka counts of a message beside key, value and headers, and of a header beside name and value, at most. */
#define MESSAGE_OVERHEAD 36
#define HEADER_OVERHEAD 10

static const tracebaton_injection_t *forwarded_by(const struct client *client) {
    switch (client->forward) {
    case FORWARD_CONSUMED:
    case FORWARD_SET:
        return forwarded_by_thread();
    case FORWARD_ENVIRONMENT:
        return forwarded_by_environment();
    default:
        return NULL;
    }
}

/* Whether a record is within message.max.bytes with the context too: librdkafka has looked before. */
static int has_room(const struct client *client, const rd_kafka_message_t *message, const rd_kafka_headers_t *headers,
                    const tracebaton_injection_t *injection) {
    size_t size = MESSAGE_OVERHEAD + message->len + message->key_len;
    tracebaton_header_t added[TRACEBATON_MAX_HEADERS];
    size_t value_size, i, count = tracebaton_injection_headers(injection, added);
    const char *name;
    const void *value;
    for (i = 0; i < count; i++)
        size += HEADER_OVERHEAD + added[i].name_size + added[i].value_size;
    for (i = 0; headers && !rd_kafka_header_get_all(headers, i, &name, &value, &value_size); i++)
        size += HEADER_OVERHEAD + strlen(name) + value_size;
    return size <= client->message_max_bytes;
}

/* A list that is there may be the program's, so it is changed in place, and never replaced (W1, W4). */
static rd_kafka_resp_err_t on_send(rd_kafka_t *rk, rd_kafka_message_t *message, void *opaque) {
    const struct client *client = opaque;
    const tracebaton_injection_t *injection = forwarded_by(client);
    rd_kafka_headers_t *headers = NULL;
    rd_kafka_resp_err_t err;
    (void)rk;
    if (!injection)
        return RD_KAFKA_RESP_ERR_NO_ERROR;

    librdkafka = client->librdkafka;
    err = rd_kafka_message_headers(message, &headers);
    if ((err && err != RD_KAFKA_RESP_ERR__NOENT) || !has_room(client, message, headers, injection))
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    if (!err) {
        tracebaton_rdkafka_inject_if_absent(injection, headers);
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    headers = rd_kafka_headers_new(TRACEBATON_MAX_HEADERS);
    if (tracebaton_rdkafka_inject(injection, headers) == TRACEBATON_OK)
        rd_kafka_message_set_headers(message, headers);
    else
        rd_kafka_headers_destroy(headers);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t on_consume(rd_kafka_t *rk, rd_kafka_message_t *message, void *opaque) {
    const struct client *client = opaque;
    tracebaton_extracted_t received;
    (void)rk;
    if (client->forward != FORWARD_CONSUMED)
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    librdkafka = client->librdkafka;
    tracebaton_rdkafka_extract(message, &received);
    forwarded_remember(&received);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t on_destroy(rd_kafka_t *rk, void *opaque) {
    (void)opaque;
    client_remove(rk);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* message.max.bytes of a client; 0, for which nothing has room, if librdkafka does not tell. */
static size_t message_max_bytes(const struct librdkafka *copy, const rd_kafka_conf_t *conf) {
    char value[32];
    size_t size = sizeof(value);
    if (copy->rd_kafka_conf_get(conf, "message.max.bytes", value, &size) != RD_KAFKA_CONF_OK)
        return 0;
    return strtoul(value, NULL, 10);
}

static rd_kafka_resp_err_t on_new(rd_kafka_t *rk, const rd_kafka_conf_t *conf, void *opaque, char *error,
                                  size_t error_size) {
    const struct librdkafka *copy = opaque;
    struct client *client = client_add(rk);
    rd_kafka_resp_err_t err;
    if (!client) {
        snprintf(error, error_size, NAME ": too many clients, this one is not traced");
        return RD_KAFKA_RESP_ERR__FAIL;
    }
    client->librdkafka = copy;
    client->message_max_bytes = message_max_bytes(copy, conf);
    err = copy->rd_kafka_interceptor_add_on_destroy(rk, NAME, on_destroy, NULL);
    if (!err)
        err = copy->rd_kafka_interceptor_add_on_send(rk, NAME, on_send, client);
    if (!err)
        err = copy->rd_kafka_interceptor_add_on_consume(rk, NAME, on_consume, client);
    if (err)
        snprintf(error, error_size, NAME ": librdkafka does not add the interceptors");
    return err;
}

/* Follows on_new(), once for each time that the property was set. */
static rd_kafka_resp_err_t on_new_forward(rd_kafka_t *rk, const rd_kafka_conf_t *conf, void *opaque, char *error,
                                          size_t error_size) {
    const enum forward *forward = opaque;
    struct client *client = client_of(rk);
    (void)conf;
    (void)error;
    (void)error_size;
    if (client)
        client->forward = *forward;
    if (*forward == FORWARD_ENVIRONMENT)
        forwarded_read_environment();
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static const enum forward *forward_of(const char *name) {
    size_t i;
    for (i = 0; i < sizeof(forward_names) / sizeof(*forward_names); i++)
        if (!strcmp(name, forward_names[i]))
            return &forward_values[i];
    return NULL;
}

/*
 * What is set is kept by librdkafka, as one more interceptor of the client to be: memory of the plugin's would have to
 * be freed with the configuration, which librdkafka before 2.13 may announce twice.
 */
static rd_kafka_conf_res_t on_conf_set(rd_kafka_conf_t *conf, const char *name, const char *value, char *error,
                                       size_t error_size, void *opaque) {
    const struct librdkafka *copy = opaque;
    const enum forward *forward;
    char unique[64];
    unsigned times;
    if (strcmp(name, PROPERTY))
        return RD_KAFKA_CONF_UNKNOWN;
    forward = value ? forward_of(value) : NULL;
    if (!forward) {
        snprintf(error, error_size, PROPERTY ": one of consumed, set, environment, none");
        return RD_KAFKA_CONF_INVALID;
    }
    for (times = 0; times < 1000; times++) {
        snprintf(unique, sizeof(unique), PROPERTY " %u", times);
        if (!copy->rd_kafka_conf_interceptor_add_on_new(conf, unique, on_new_forward, (void *)(uintptr_t)forward))
            return RD_KAFKA_CONF_OK;
    }
    snprintf(error, error_size, PROPERTY ": set too often");
    return RD_KAFKA_CONF_INVALID;
}

/* Called by librdkafka when the plugin is loaded, for each configuration, and for each copy of one. */
__attribute__((visibility("default"))) rd_kafka_resp_err_t conf_init(rd_kafka_conf_t *conf, void **plug_opaque,
                                                                     char *error, size_t error_size) {
    const struct librdkafka *copy = librdkafka_of(__builtin_return_address(0), error, error_size);
    rd_kafka_resp_err_t err;
    void *opaque = (void *)(uintptr_t)copy;
    (void)plug_opaque;
    if (!copy)
        return RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED;
    err = copy->rd_kafka_conf_interceptor_add_on_new(conf, NAME, on_new, opaque);
    if (!err)
        err = copy->rd_kafka_conf_interceptor_add_on_conf_set(conf, NAME, on_conf_set, opaque);
    if (err == RD_KAFKA_RESP_ERR__CONFLICT)
        return RD_KAFKA_RESP_ERR_NO_ERROR; /* The path was set twice. */
    if (err)
        snprintf(error, error_size, NAME ": librdkafka does not add the interceptors");
    return err;
}
