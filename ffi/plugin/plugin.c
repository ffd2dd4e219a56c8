/*
 * A plugin for librdkafka's plugin.library.paths: forwards the context of a consumed record into the records that are
 * produced after it. README.md in this folder describes its behaviour and its limitations.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients.h"
#include "formats.h"
#include "forwarded.h"
#include "librdkafka.h"
#include "loop.h"
#include "room.h"
#include "shared_lists.h"

/* The glue calls the copy of librdkafka that called the hook. */
static __thread const struct librdkafka *librdkafka;
#define rd_kafka_header_add librdkafka->rd_kafka_header_add
#define rd_kafka_header_cnt librdkafka->rd_kafka_header_cnt
#define rd_kafka_header_get librdkafka->rd_kafka_header_get
#define rd_kafka_header_get_all librdkafka->rd_kafka_header_get_all
#define rd_kafka_header_remove librdkafka->rd_kafka_header_remove
#define rd_kafka_headers_copy librdkafka->rd_kafka_headers_copy
#define rd_kafka_headers_destroy librdkafka->rd_kafka_headers_destroy
#define rd_kafka_headers_new librdkafka->rd_kafka_headers_new
#define rd_kafka_message_headers librdkafka->rd_kafka_message_headers
#define rd_kafka_message_set_headers librdkafka->rd_kafka_message_set_headers
#include <tracebaton_rdkafka.h>

#define NAME "tracebaton"
#define PROPERTY "tracebaton.forward"
#define READ_PROPERTY "tracebaton.formats"
#define WRITTEN_PROPERTY "tracebaton.inject"

/* Indexed by enum forward. */
static const char *const forward_names[] = {"loop", "consumed", "set", "environment", "none"};
static const enum forward forward_values[] = {FORWARD_LOOP, FORWARD_CONSUMED, FORWARD_SET, FORWARD_ENVIRONMENT,
                                              FORWARD_NONE};

/* Writes W3C headers alone, byte for byte if they were received. Returns 0 if there is no room. */
static int inject(const struct client *producer, const struct forwarded_context *forwarded, rd_kafka_message_t *message,
                  rd_kafka_headers_t *present, rd_kafka_headers_t *headers) {
    tracebaton_header_t added[TRACEBATON_MAX_HEADERS];
    const size_t count = tracebaton_injection_headers(&forwarded->injection, added);
    return has_room(producer, message, present, added, count) &&
           tracebaton_rdkafka_inject_if_absent(&forwarded->injection, headers) >= 0;
}

/* Writes the producer's formats, unless the record has a parent in any format. Returns 0 if there is no room. */
static int inject_formats(const struct client *producer, const struct forwarded_context *forwarded,
                          rd_kafka_message_t *message, rd_kafka_headers_t *present, rd_kafka_headers_t *headers) {
    tracebaton_format_t order[TRACEBATON_MAX_READABLE_FORMATS];
    const size_t order_count = formats_unpack(readable_formats, order);
    tracebaton_header_t added[TRACEBATON_MAX_FORMAT_HEADERS];
    tracebaton_format_injection_t injection;
    tracebaton_choice_t choice;
    size_t count = 0;
    if (present && tracebaton_rdkafka_choose(message, order, order_count, 0, &choice) == TRACEBATON_OK)
        return 0;
    return tracebaton_format_injection_prepare(&forwarded->context, producer->written | 1u << TRACEBATON_FORMAT_BAGGAGE, 0,
                                               forwarded->sampling, &injection) >= 0 &&
           tracebaton_headers_inject_formats(&injection, added, &count, TRACEBATON_MAX_FORMAT_HEADERS) >= 0 &&
           has_room(producer, message, present, added, count) &&
           tracebaton_rdkafka_inject_formats(&injection, headers) >= 0;
}

/* An existing list may belong to the program, so it is changed in place and never replaced (W1, W4). */
static rd_kafka_resp_err_t on_send(rd_kafka_t *rk, rd_kafka_message_t *message, void *opaque) {
    const struct client *client = opaque;
    const struct forwarded_context *forwarded;
    rd_kafka_headers_t *present = NULL, *headers;
    rd_kafka_resp_err_t err;
    int is_written;
    (void)rk;
    loop_produce();
    forwarded = forwarded_by(client);
    if (!forwarded)
        return RD_KAFKA_RESP_ERR_NO_ERROR;

    librdkafka = client->librdkafka;
    err = rd_kafka_message_headers(message, &present);
    if (err && err != RD_KAFKA_RESP_ERR__NOENT)
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    headers = err ? rd_kafka_headers_new(TRACEBATON_MAX_HEADERS) : present;
    is_written = (client->written ? inject_formats : inject)(client, forwarded, message, err ? NULL : present, headers);
    if (err && is_written) // or baggage without a parent
        rd_kafka_message_set_headers(message, headers);
    else if (err)
        rd_kafka_headers_destroy(headers);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* Finds the parent in the consumer's formats, and remembers it. Returns whether there is one. */
static int read_formats(const rd_kafka_message_t *message, struct client *client, int is_remembered) {
    tracebaton_format_t order[TRACEBATON_MAX_READABLE_FORMATS];
    const size_t order_count = formats_unpack(client->read ? client->read : TRACEBATON_FORMAT_TRACECONTEXT, order);
    tracebaton_extracted_t received;
    tracebaton_choice_t choice;
    /* A deferred decision becomes sampled: an unsampled parent would drop the whole trace. */
    if (client->read)
        tracebaton_rdkafka_choose(message, order, order_count, 1, &choice);
    if (!client->read || choice.arrived_as == TRACEBATON_FORMAT_TRACECONTEXT) {
        const tracebaton_status_t status = tracebaton_rdkafka_extract(message, &received);
        if (is_remembered)
            forwarded_remember(&received, client);
        return status == TRACEBATON_OK;
    }
    if (is_remembered)
        forwarded_remember_choice(&choice, client);
    return choice.arrived_as != TRACEBATON_FORMAT_NONE;
}

/* librdkafka logs an error of this hook, with the message's topic and offset. It has no other effect. */
static rd_kafka_resp_err_t on_consume(rd_kafka_t *rk, rd_kafka_message_t *message, void *opaque) {
    static __thread int is_told;
    struct client *client = opaque;
    int is_remembered, has_parent;
    (void)rk;
    loop_consume(client);
    forwarded_forget_consumed();
    if (client->forward != FORWARD_LOOP && client->forward != FORWARD_CONSUMED)
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    librdkafka = client->librdkafka;
    is_remembered = loop_holds() || client->forward == FORWARD_CONSUMED;
    has_parent = read_formats(message, client, is_remembered);
    if (is_remembered)
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    forwarded_forget();
    if (is_told || !has_parent)
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    is_told = 1;
    return RD_KAFKA_RESP_ERR__CONFLICT;
}

/*
 * librdkafka destroys a client in a thread of that client, with one exception: after a failed rd_kafka_new(), the creating
 * thread destroys it.
 */
static rd_kafka_resp_err_t on_destroy(rd_kafka_t *rk, void *opaque) {
    const uintptr_t creator = (uintptr_t)opaque;
    char error[256];
    const struct librdkafka *copy = librdkafka_of(__builtin_return_address(0), error, sizeof(error));
    client_remove(rk);
    if (copy && creator == thread_number())
        shared_lists_leave(copy, rk);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* message.max.bytes of a client. 0 if librdkafka does not tell; then no record has room for a context. */
static size_t message_max_bytes(const struct librdkafka *copy, const rd_kafka_conf_t *conf) {
    char value[32];
    size_t size = sizeof(value);
    if (copy->rd_kafka_conf_get(conf, "message.max.bytes", value, &size) != RD_KAFKA_CONF_OK)
        return 0;
    return strtoul(value, NULL, 10);
}

static rd_kafka_resp_err_t add_client(const struct librdkafka *copy, rd_kafka_t *rk, const rd_kafka_conf_t *conf) {
    struct client *client = client_add(rk);
    rd_kafka_resp_err_t err;
    if (!client)
        return RD_KAFKA_RESP_ERR__QUEUE_FULL;
    client->librdkafka = copy;
    client->message_max_bytes = message_max_bytes(copy, conf);
    err = copy->rd_kafka_interceptor_add_on_send(rk, NAME, on_send, client);
    if (!err)
        err = copy->rd_kafka_interceptor_add_on_consume(rk, PROPERTY "=loop", on_consume, client);
    if (err)
        client_remove(rk);
    return err;
}

/* The message that librdkafka logs about a client that is not traced. */
static const char *why_not(rd_kafka_resp_err_t err) {
    switch (err) {
    case RD_KAFKA_RESP_ERR__QUEUE_FULL:
        return NAME ": too many clients; this one is not traced";
    case RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED:
        return NAME ": share consumers are not traced: read their messages with tracebaton_rdkafka.h";
    default:
        return NAME ": librdkafka refused the interceptors";
    }
}

static rd_kafka_resp_err_t on_new(rd_kafka_t *rk, const rd_kafka_conf_t *conf, void *opaque, char *error,
                                  size_t error_size) {
    const struct librdkafka *copy = opaque;
    void *creator = (void *)(uintptr_t)thread_number();
    rd_kafka_resp_err_t err = copy->rd_kafka_interceptor_add_on_destroy(rk, NAME, on_destroy, creator);
    if (!err)
        err = add_client(copy, rk, conf);
    if (err)
        snprintf(error, error_size, "%s", why_not(err));
    return err;
}

/* Called after on_new(), once for each time that the property was set. */
static rd_kafka_resp_err_t on_new_forward(rd_kafka_t *rk, const rd_kafka_conf_t *conf, void *opaque, char *error,
                                          size_t error_size) {
    const enum forward *forward = opaque;
    struct client *client = client_of(rk);
    (void)conf;
    if (!client)
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    client->forward = *forward;
    return *forward != FORWARD_ENVIRONMENT || forwarded_read_environment(error, error_size)
               ? RD_KAFKA_RESP_ERR_NO_ERROR
               : RD_KAFKA_RESP_ERR__INVALID_ARG;
}

/* The same for the formats, which are stored in the pointer itself. */
static rd_kafka_resp_err_t on_new_read(rd_kafka_t *rk, const rd_kafka_conf_t *conf, void *opaque, char *error,
                                       size_t error_size) {
    struct client *client = client_of(rk);
    (void)conf, (void)error, (void)error_size;
    if (client)
        client->read = (format_order_t)(uintptr_t)opaque;
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t on_new_written(rd_kafka_t *rk, const rd_kafka_conf_t *conf, void *opaque, char *error,
                                          size_t error_size) {
    tracebaton_format_t formats[TRACEBATON_MAX_READABLE_FORMATS];
    size_t count = formats_unpack((format_order_t)(uintptr_t)opaque, formats);
    struct client *client = client_of(rk);
    (void)conf, (void)error, (void)error_size;
    if (!client)
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    client->written = 0;
    while (count-- > 0)
        client->written |= 1u << formats[count];
    if (client->written == 1u << TRACEBATON_FORMAT_TRACECONTEXT)
        client->written = 0; /* W3C alone, byte for byte */
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
 * librdkafka stores the property's value as one more interceptor of the future client. Memory of the plugin would have to be
 * freed with the configuration, but librdkafka before 2.13 may announce the end of a configuration twice.
 */
static rd_kafka_conf_res_t keep(const struct librdkafka *copy, rd_kafka_conf_t *conf, const char *property,
                                rd_kafka_interceptor_f_on_new_t *apply, void *setting, char *error, size_t error_size) {
    char unique[64];
    unsigned times;
    for (times = 0; times < 1000; times++) {
        snprintf(unique, sizeof(unique), "%s %u", property, times);
        if (!copy->rd_kafka_conf_interceptor_add_on_new(conf, unique, apply, setting))
            return RD_KAFKA_CONF_OK;
    }
    snprintf(error, error_size, "%s: set more than 1000 times", property);
    return RD_KAFKA_CONF_INVALID;
}

static rd_kafka_conf_res_t keep_formats(const struct librdkafka *copy, rd_kafka_conf_t *conf, const char *property,
                                        const char *value, char *error, size_t error_size) {
    const int is_read = !strcmp(property, READ_PROPERTY);
    const format_order_t allowed = is_read ? readable_formats : writable_formats;
    const format_order_t order = formats_parse(property, value ? value : "", allowed, error, error_size);
    return order ? keep(copy, conf, property, is_read ? on_new_read : on_new_written, (void *)(uintptr_t)order, error, error_size)
                 : RD_KAFKA_CONF_INVALID;
}

static rd_kafka_conf_res_t on_conf_set(rd_kafka_conf_t *conf, const char *name, const char *value, char *error,
                                       size_t error_size, void *opaque) {
    const struct librdkafka *copy = opaque;
    const enum forward *forward;
    if (!strcmp(name, READ_PROPERTY) || !strcmp(name, WRITTEN_PROPERTY))
        return keep_formats(copy, conf, name, value, error, error_size);
    if (strcmp(name, PROPERTY))
        return RD_KAFKA_CONF_UNKNOWN;
    forward = value ? forward_of(value) : NULL;
    if (!forward) {
        snprintf(error, error_size, PROPERTY " must be loop, consumed, set, environment or none");
        return RD_KAFKA_CONF_INVALID;
    }
    return keep(copy, conf, PROPERTY, on_new_forward, (void *)(uintptr_t)forward, error, error_size);
}

/* The child of a fork has the memory of its parent, but must not continue the contexts of its parent. */
static void after_fork(void) {
    forwarded_forget();
    loop_reset();
    clients_unlock();
    librdkafka_unlock();
}

static void watch_forks(void) { pthread_atfork(NULL, NULL, after_fork); }

/* librdkafka calls it when it loads the plugin: for each configuration, and for each copy of one. */
__attribute__((visibility("default"))) rd_kafka_resp_err_t conf_init(rd_kafka_conf_t *conf, void **plug_opaque,
                                                                     char *error, size_t error_size) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const struct librdkafka *copy = librdkafka_of(__builtin_return_address(0), error, error_size);
    rd_kafka_resp_err_t err;
    void *opaque = (void *)(uintptr_t)copy;
    (void)plug_opaque;
    if (!copy)
        return RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED;
    pthread_once(&once, watch_forks);
    err = copy->rd_kafka_conf_interceptor_add_on_new(conf, NAME, on_new, opaque);
    if (!err)
        err = copy->rd_kafka_conf_interceptor_add_on_conf_set(conf, NAME, on_conf_set, opaque);
    if (err == RD_KAFKA_RESP_ERR__CONFLICT)
        return RD_KAFKA_RESP_ERR_NO_ERROR; /* The path was set twice. */
    if (err)
        snprintf(error, error_size, NAME ": librdkafka refused the interceptors");
    return err;
}
