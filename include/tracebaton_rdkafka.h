/*
 * tracebaton_rdkafka.h: one trace across Kafka, with librdkafka.
 *
 * Reads the trace context from the records that librdkafka delivers, and writes it into those that are produced. This
 * header is the whole of the glue: include it, and link with libtracebaton and with the librdkafka that you have.
 * C99 or newer, C++11 or newer; tested with librdkafka 2.0.2 and 2.12.1.
 *
 * R, W and C with a number name the rules of PROFILE.md.
 *
 *
 * Laws
 * ----
 * Those of tracebaton.h hold here too, but that librdkafka allocates what is added to a list; and three more:
 *
 *  - A header list stays with whom it belongs to. Nothing here takes a list over from you, gives you one to destroy, or
 *    keeps a pointer to one after the call.
 *  - Tracing never stops a record. Reading is total; a record that cannot take the context can be sent without it.
 *  - There is no state and no lock. Messages, lists and clients may be used by as many threads as librdkafka allows.
 *
 *
 * Consume, work, produce
 * ----------------------
 *     tracebaton_extracted_t received;
 *     tracebaton_context_t sent = {0};
 *     tracebaton_injection_t injection = {0};
 *     tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record("payments", value, value_size);
 *
 *     tracebaton_rdkafka_extract(message, &received);
 *     if (tracebaton_child(&received.context, span_id, &sent) == TRACEBATON_NO_CONTEXT)
 *         tracebaton_restart(&received.context, trace_id, span_id, TRACEBATON_FLAG_SAMPLED, &sent);
 *     tracebaton_injection(&sent, &injection);
 *     err = tracebaton_rdkafka_produce(rk, &record, &injection, NULL);
 *
 * ffi/examples/rdkafka_hop.c is a whole program.
 *
 *
 * Names with a NUL
 * ----------------
 * A header's name may hold any byte, but librdkafka shows it as a C string: `traceparent\0x` looks like `traceparent`.
 * It is another name (R2), and is not taken for it: the functions below find out whether a name goes on behind its NUL.
 * Three ends stay open. Where a context is written and `traceparent\0x` stands beside a `traceparent` that is replaced, it
 * goes as well: rd_kafka_header_remove() cannot tell them apart. And a list is looked through for a name at most
 * TRACEBATON_RDKAFKA_MAX_LOOKUPS times (R9): behind as many that look like ours and are not, no name counts as ours unless
 * its value lies right behind it, as librdkafka keeps them; and of a record with more headers that look like ours
 * tracebaton_rdkafka_produce() sends no other whose name has a NUL, or, once it has looked so often and there is no value,
 * sends it under the name up to there.
 */
#ifndef TRACEBATON_RDKAFKA_H
#define TRACEBATON_RDKAFKA_H

#include <stdint.h>
#include <string.h>

#include <librdkafka/rdkafka.h>

#include "tracebaton.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * How many times one list is looked through for a name (R9): to remove the headers of that name, which librdkafka does
 * no faster, or to find out whether a name that looks like it goes on behind a NUL.
 */
#define TRACEBATON_RDKAFKA_MAX_LOOKUPS 64


/**
 * @name Reading
 * @{
 */

/**
 * @brief Find the context of a received message in its headers (R1 to R10).
 *
 * @param message   Message from a consumer, or of a delivery report; NULL is one without headers, and so is an error.
 * @param extracted (out) What the headers say, and for each of the three why it could not be used. The \c index of a
 *                  verdict counts the headers of the message from 0.
 *
 * @returns what tracebaton_extract() returns: 0, or TRACEBATON_NO_CONTEXT if there is no parent.
 *
 * @remark \p extracted points into the message. It is valid until the message is destroyed, or its headers are changed,
 *         replaced or detached.
 * @remark Headers that librdkafka cannot parse, such as more than 100,000, are no headers.
 * @remark Not for the messages that rd_kafka_produce_batch() hands to an \c on_acknowledgement interceptor because it
 *         could not enqueue them: librdkafka reads out of bounds when it is asked for the headers of such.
 */
static inline tracebaton_status_t tracebaton_rdkafka_extract(const rd_kafka_message_t *message,
                                                             tracebaton_extracted_t *extracted);

/**
 * @brief Find the context of a record in its header list (R1 to R10).
 *
 * @param headers   Header list; NULL is a record without headers.
 * @param extracted (out) As for tracebaton_rdkafka_extract().
 *
 * @returns what tracebaton_extract() returns.
 *
 * @remark \p extracted points into the list. It is valid until the list is changed or destroyed.
 * @remark The list is read from its end, where producers add, and only until all three are found (R3).
 */
static inline tracebaton_status_t tracebaton_rdkafka_extract_headers(const rd_kafka_headers_t *headers,
                                                                     tracebaton_extracted_t *extracted);

/**
 * @brief Tell how long a message waited in its topic until it was consumed (C7).
 *
 * @param message    Message from a consumer; NULL, and an error, is one without a timestamp.
 * @param consumed   When it was consumed, by your clock, in milliseconds since the Unix epoch.
 * @param queue_time (out) The time in milliseconds, and what it counts from: the producer's clock (create time) or the
 *                   broker's (log-append time). It is negative if those clocks disagree by more than the message waited.
 *
 * @returns 0, or TRACEBATON_NO_TIMESTAMP if the message has none.
 *
 * @remark rd_kafka_message_latency() is not for this: of a consumed message it returns garbage.
 */
static inline tracebaton_status_t tracebaton_rdkafka_queue_time(const rd_kafka_message_t *message, int64_t consumed,
                                                                tracebaton_queue_time_t *queue_time);

/**@}*/


/**
 * @name Writing
 * @{
 */

/**
 * @brief Put a context into a header list: replace what is there (W1), all or none (W6).
 *
 * Every header with one of the names that \p injection carries is removed, whatever its case; then the new ones are added
 * at the end. The other headers keep their order and bytes. To write a context twice is the same as to write it once, so
 * a retry may call this again.
 *
 * @param injection What to write, from tracebaton_injection() or tracebaton_forward(); copied.
 * @param headers   Header list of yours, changed in place.
 *
 * @returns 0; TRACEBATON_HEADERS_FULL if librdkafka did not take a header, then the list carries no context, or if more
 *          than TRACEBATON_RDKAFKA_MAX_LOOKUPS headers would have to go, then it is as it was; it can be sent in both cases.
 *          TRACEBATON_INVALID_ARGUMENT if a pointer is NULL.
 *
 * @remark librdkafka looks through the whole list to remove a header, hence the limit: without it a list made to cost time
 *         would, as the product of its headers and those of ours among them (R9). tracebaton_rdkafka_produce() has no such
 *         limit: it leaves out of its copy what is not to be sent.
 * @remark The list remains yours. It may be the list that the context was extracted from; what was extracted is no
 *         longer valid after the call.
 */
static inline tracebaton_status_t tracebaton_rdkafka_inject(const tracebaton_injection_t *injection,
                                                            rd_kafka_headers_t *headers);

/**
 * @brief Put a context into a header list, unless it has a traceparent already that is accepted (W4).
 *
 * @param injection As for tracebaton_rdkafka_inject().
 * @param headers   As for tracebaton_rdkafka_inject().
 *
 * @returns TRACEBATON_KEPT if the list has one and was not touched, else as tracebaton_rdkafka_inject().
 */
static inline tracebaton_status_t tracebaton_rdkafka_inject_if_absent(const tracebaton_injection_t *injection,
                                                                      rd_kafka_headers_t *headers);

/**@}*/


/**
 * @name Producing
 * @{
 */

/**
 * @brief A record to produce: the application's fields, by librdkafka's names.
 *
 * Get one from tracebaton_rdkafka_record() or tracebaton_rdkafka_record_of(), then set what else you want: a struct of
 * zeros would go to partition 0, and its payload would not be copied.
 */
typedef struct tracebaton_rdkafka_record_s {
    /** Topic name. Of a topic object: rd_kafka_topic_name(). */
    const char *topic;
    /** Partition, or RD_KAFKA_PARTITION_UA for the topic's partitioner. */
    int32_t partition;
    /** RD_KAFKA_MSG_F_COPY, _FREE, _BLOCK, _PARTITION, as for rd_kafka_producev(). */
    int msgflags;
    /** Value and its size; (NULL, 0) is a tombstone. */
    const void *payload;
    size_t len;
    /** Key and its size; (NULL, 0) is none. Copied. */
    const void *key;
    size_t key_len;
    /** Timestamp in milliseconds since the Unix epoch; 0 is now. */
    int64_t timestamp;
    /** The application's headers; NULL is none. Copied, and never changed: also the list of a received message. */
    const rd_kafka_headers_t *headers;
    /** What the delivery report gets as \c _private. */
    void *msg_opaque;
} tracebaton_rdkafka_record_t;

/**
 * @brief A record with a value for a topic: any partition, the value copied, no key, no headers, the time of the call.
 *
 * @param topic   Topic name.
 * @param payload Value; may be NULL.
 * @param len     Its size in bytes.
 *
 * @returns the record. It points to \p topic and \p payload.
 */
static inline tracebaton_rdkafka_record_t tracebaton_rdkafka_record(const char *topic, const void *payload, size_t len);

/**
 * @brief A record with the value, the key and the headers of a received message, for another topic.
 *
 * @param topic   Topic name.
 * @param message Message from a consumer; NULL is one without anything.
 *
 * @returns the record. It points to \p topic and into \p message, which must live until the record has been produced.
 */
static inline tracebaton_rdkafka_record_t tracebaton_rdkafka_record_of(const char *topic,
                                                                       const rd_kafka_message_t *message);

/**
 * @brief Produce a record with a context among its headers (W1 to W6).
 *
 * @param rk        Producer.
 * @param record    The record; not changed, and not used after the call but for \c payload with RD_KAFKA_MSG_F_FREE, or
 *                  with neither _FREE nor _COPY.
 * @param injection What to write into a copy of its headers, from tracebaton_injection() or tracebaton_forward(). NULL: the
 *                  headers are sent as they are.
 * @param written   (out) May be NULL. Written only if the record was enqueued: 0 if it carries the context,
 *                  TRACEBATON_HEADERS_FULL if it would have been too large with it and was sent without (W6).
 *                  What \c headers have of ours goes in any case, however many there are (W1).
 *
 * @returns what rd_kafka_producev() returns: RD_KAFKA_RESP_ERR_NO_ERROR if the record was enqueued.
 *
 * Who owns what, whatever is returned:
 *  - \c headers are yours, before and after. A copy goes to librdkafka, which destroys it, or is destroyed here.
 *  - \c payload is librdkafka's only with RD_KAFKA_MSG_F_FREE and if the record was enqueued; otherwise it is yours.
 *  - Everything else is yours.
 *
 * So the call can be repeated with the same \p record until it succeeds: the record then carries one context.
 *
 * @remark A header counts as part of the message: with the context it may be larger than \c message.max.bytes when it
 *         is not without. Then it is sent without: tracing never stops a record.
 */
static inline rd_kafka_resp_err_t tracebaton_rdkafka_produce(rd_kafka_t *rk, const tracebaton_rdkafka_record_t *record,
                                                             const tracebaton_injection_t *injection,
                                                             tracebaton_status_t *written);

/**@}*/


/*
 * How it is done. Nothing below is for use by itself.
 */

#ifdef __cplusplus
#define TRACEBATON_RDKAFKA_CAST(type, value) static_cast<type>(value)
#define TRACEBATON_RDKAFKA_MUTABLE(pointer) const_cast<void *>(pointer)
#define TRACEBATON_RDKAFKA_ADDRESS(pointer) reinterpret_cast<uintptr_t>(pointer)
#else
#define TRACEBATON_RDKAFKA_CAST(type, value) ((type)(value))
#define TRACEBATON_RDKAFKA_MUTABLE(pointer) ((void *)(uintptr_t)(pointer))
#define TRACEBATON_RDKAFKA_ADDRESS(pointer) ((uintptr_t)(pointer))
#endif

static inline int tracebaton_rdkafka_is_name(const char *name, const char *lower_case) {
    for (; *lower_case; name++, lower_case++)
        /* Of all bytes only a letter's two cases give that letter with this bit set. */
        if ((*name | 0x20) != *lower_case)
            return 0;
    return *name == '\0';
}

/* Which of the three names this is, in any case: 0, 1 or 2, in the order of writing; 3 if none. */
static inline unsigned tracebaton_rdkafka_which(const char *name) {
    switch (*name | 0x20) {
    case 't':
        if (tracebaton_rdkafka_is_name(name, "traceparent"))
            return 0;
        return tracebaton_rdkafka_is_name(name, "tracestate") ? 1 : 3;
    case 'b':
        return tracebaton_rdkafka_is_name(name, "baggage") ? 2 : 3;
    default:
        return 3;
    }
}

/* Whether 8 bytes, with the case bits set, are these. */
static inline int tracebaton_rdkafka_are(const char *bytes, const char *lower_case, const char *case_bits) {
    uint64_t word, letters, bits;
    memcpy(&word, bytes, 8);
    memcpy(&letters, lower_case, 8);
    memcpy(&bits, case_bits, 8);
    return (word | bits) == letters;
}

/*
 * The same at once, for a name whose value begins right behind the NUL at which it is seen to end: then the name does end
 * there. librdkafka keeps the two so, in one piece of memory, but does not promise it: 3 says nothing.
 */
static inline unsigned tracebaton_rdkafka_which_adjacent(const char *name, const void *value) {
    static const char all[] = "        ", all_but_nul[] = "       ";
    switch (TRACEBATON_RDKAFKA_ADDRESS(value) - TRACEBATON_RDKAFKA_ADDRESS(name)) {
    case sizeof("traceparent"):
        return tracebaton_rdkafka_are(name, "tracepar", all) && tracebaton_rdkafka_are(name + 4, "eparent", all_but_nul) ? 0 : 3;
    case sizeof("tracestate"):
        return tracebaton_rdkafka_are(name, "tracesta", all) && tracebaton_rdkafka_are(name + 3, "cestate", all_but_nul) ? 1 : 3;
    case sizeof("baggage"):
        return tracebaton_rdkafka_are(name, "baggage", all_but_nul) ? 2 : 3;
    default:
        return 3;
    }
}

/* Whether a header of exactly this name has this very value; rd_kafka_header_get(), unlike _get_all(), knows its length. */
static inline int tracebaton_rdkafka_is_whole(const rd_kafka_headers_t *headers, const char *name, const void *value,
                                              unsigned *lookups_left) {
    const void *other;
    size_t size, nth;
    for (nth = 0; *lookups_left > 0; nth++) {
        (*lookups_left)--;
        if (rd_kafka_header_get(headers, nth, name, &other, &size))
            return 0;
        if (other == value)
            return 1;
    }
    return 0;
}

/* Which of the three headers this is; 3 if none, or if it has no value. */
static inline unsigned tracebaton_rdkafka_which_header(const rd_kafka_headers_t *headers, const char *name, const void *value,
                                                       unsigned *lookups_left) {
    const int initial = *name | 0x20;
    unsigned which;
    if ((initial != 't' && initial != 'b') || !value)
        return 3;
    which = tracebaton_rdkafka_which_adjacent(name, value);
    if (which < 3)
        return which;
    which = tracebaton_rdkafka_which(name);
    return which < 3 && tracebaton_rdkafka_is_whole(headers, name, value, lookups_left) ? which : 3;
}

static inline tracebaton_status_t tracebaton_rdkafka_extract_headers(const rd_kafka_headers_t *headers,
                                                                     tracebaton_extracted_t *extracted) {
    tracebaton_extraction_t found;
    size_t index = headers ? rd_kafka_header_cnt(headers) : 0;
    unsigned lookups_left = TRACEBATON_RDKAFKA_MAX_LOOKUPS;
    unsigned missing = 3;

    memset(&found, 0, sizeof(found));
    while (missing > 0 && index-- > 0) {
        const char *name;
        const void *value;
        size_t size;
        unsigned which;
        if (rd_kafka_header_get_all(headers, index, &name, &value, &size))
            continue;
        which = tracebaton_rdkafka_which_header(headers, name, value, &lookups_left);
        if (which == 3 || found.values[which])
            continue;
        found.values[which] = value;
        found.sizes[which] = size;
        found.indexes[which] = index;
        missing--;
    }

    return tracebaton_extraction_finish(&found, extracted);
}

/*
 * Whether there is no message behind this one: librdkafka++ makes one of an error alone, as for a time-out, and
 * librdkafka reads out of bounds when it is asked for the headers or the timestamp of such.
 */
static inline int tracebaton_rdkafka_is_bare(const rd_kafka_message_t *message) {
    return !message || (message->err && !message->rkt);
}

/* The headers of a message; NULL if it has none, or librdkafka cannot parse them. */
static inline const rd_kafka_headers_t *tracebaton_rdkafka_headers(const rd_kafka_message_t *message) {
    rd_kafka_headers_t *headers = NULL;
    return tracebaton_rdkafka_is_bare(message) || rd_kafka_message_headers(message, &headers) ? NULL : headers;
}

static inline tracebaton_status_t tracebaton_rdkafka_extract(const rd_kafka_message_t *message,
                                                             tracebaton_extracted_t *extracted) {
    return tracebaton_rdkafka_extract_headers(tracebaton_rdkafka_headers(message), extracted);
}

/* Whether the injection replaces headers of this name, or of one that looks like it up to its NUL. */
static inline int tracebaton_rdkafka_replaces(const tracebaton_injection_t *injection, const char *name) {
    return tracebaton_rdkafka_which(name) < 3 && tracebaton_injection_replaces(injection, name, strlen(name));
}

/* Whether the injection replaces more headers than are removed one by one. */
static inline int tracebaton_rdkafka_replaces_many(const tracebaton_injection_t *injection, const rd_kafka_headers_t *headers) {
    const char *name;
    const void *value;
    size_t size, index;
    unsigned removals_left = TRACEBATON_RDKAFKA_MAX_LOOKUPS;
    for (index = 0; !rd_kafka_header_get_all(headers, index, &name, &value, &size); index++)
        if (tracebaton_rdkafka_replaces(injection, name) && removals_left-- == 0)
            return 1;
    return 0;
}

/* Whether no header of the list has exactly this name, so that this one's goes on behind its NUL. */
static inline int tracebaton_rdkafka_is_other(const rd_kafka_headers_t *headers, const char *name, const void *value) {
    const void *first;
    size_t size;
    return tracebaton_rdkafka_which_adjacent(name, value) == 3 &&
           rd_kafka_header_get(headers, 0, name, &first, &size) != RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* Removes the headers that the injection replaces, which are not many. */
static inline void tracebaton_rdkafka_remove(const tracebaton_injection_t *injection, rd_kafka_headers_t *headers) {
    size_t count, kept = 0;
    while ((count = rd_kafka_header_cnt(headers)) > kept) {
        char spelling[sizeof("traceparent")];
        const char *name;
        const void *value;
        size_t size;
        if (rd_kafka_header_get_all(headers, count - 1 - kept, &name, &value, &size) ||
            !tracebaton_rdkafka_replaces(injection, name) || tracebaton_rdkafka_is_other(headers, name, value)) {
            kept++;
            continue;
        }
        /* The name in the list is freed with its header. */
        memcpy(spelling, name, strlen(name) + 1);
        if (rd_kafka_header_remove(headers, spelling))
            kept++;
    }
}

/* Whether bytes that are to be added lie in the values of the list's own headers, which are about to be removed. */
static inline int tracebaton_rdkafka_lends(const rd_kafka_headers_t *headers, const tracebaton_header_t *added, size_t count) {
    const char *name;
    const void *value;
    size_t size, index, i;
    for (index = 0; !rd_kafka_header_get_all(headers, index, &name, &value, &size); index++) {
        const uintptr_t start = TRACEBATON_RDKAFKA_ADDRESS(value);
        if (tracebaton_rdkafka_which(name) == 3)
            continue;
        for (i = 0; i < count; i++)
            if (TRACEBATON_RDKAFKA_ADDRESS(added[i].value) - start < size)
                return 1;
    }
    return 0;
}

static inline tracebaton_status_t tracebaton_rdkafka_add(rd_kafka_headers_t *headers, const tracebaton_header_t *added,
                                                         size_t count) {
    size_t i;
    for (i = 0; i < count; i++)
        if (rd_kafka_header_add(headers, added[i].name, TRACEBATON_RDKAFKA_CAST(ssize_t, added[i].name_size),
                                added[i].value, TRACEBATON_RDKAFKA_CAST(ssize_t, added[i].value_size)))
            return TRACEBATON_HEADERS_FULL;
    return TRACEBATON_OK;
}

/* Puts these headers, which do not lie in the list, in the place of those that the injection replaces, which are not many. */
static inline tracebaton_status_t tracebaton_rdkafka_replace(const tracebaton_injection_t *injection, rd_kafka_headers_t *headers,
                                                             const tracebaton_header_t *added, size_t count) {
    tracebaton_status_t status;
    tracebaton_rdkafka_remove(injection, headers);
    status = tracebaton_rdkafka_add(headers, added, count);
    if (status)
        tracebaton_rdkafka_remove(injection, headers);
    return status;
}

static inline tracebaton_status_t tracebaton_rdkafka_inject(const tracebaton_injection_t *injection,
                                                            rd_kafka_headers_t *headers) {
    tracebaton_status_t status;
    rd_kafka_headers_t *copies;
    tracebaton_header_t added[TRACEBATON_MAX_HEADERS];
    size_t count, i;
    if (!headers || !injection)
        return TRACEBATON_INVALID_ARGUMENT;
    if (tracebaton_rdkafka_replaces_many(injection, headers))
        return TRACEBATON_HEADERS_FULL;

    count = tracebaton_injection_headers(injection, added);
    if (!tracebaton_rdkafka_lends(headers, added, count))
        return tracebaton_rdkafka_replace(injection, headers, added, count);
    copies = rd_kafka_headers_new(count);
    status = tracebaton_rdkafka_add(copies, added, count);
    for (i = 0; !status && i < count; i++)
        rd_kafka_header_get_all(copies, i, &added[i].name, &added[i].value, &added[i].value_size);
    if (!status)
        status = tracebaton_rdkafka_replace(injection, headers, added, count);
    else
        tracebaton_rdkafka_remove(injection, headers);
    rd_kafka_headers_destroy(copies);
    return status;
}

static inline tracebaton_status_t tracebaton_rdkafka_inject_if_absent(const tracebaton_injection_t *injection,
                                                                      rd_kafka_headers_t *headers) {
    tracebaton_extracted_t extracted;
    if (headers && tracebaton_rdkafka_extract_headers(headers, &extracted) == TRACEBATON_OK)
        return TRACEBATON_KEPT;
    return tracebaton_rdkafka_inject(injection, headers);
}

static inline tracebaton_status_t tracebaton_rdkafka_queue_time(const rd_kafka_message_t *message, int64_t consumed,
                                                                tracebaton_queue_time_t *queue_time) {
    rd_kafka_timestamp_type_t kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    const int64_t timestamp = tracebaton_rdkafka_is_bare(message) ? -1 : rd_kafka_message_timestamp(message, &kind);
    return tracebaton_queue_time(timestamp, TRACEBATON_RDKAFKA_CAST(tracebaton_timestamp_kind_t, kind), consumed, queue_time);
}

static inline tracebaton_rdkafka_record_t tracebaton_rdkafka_record(const char *topic, const void *payload, size_t len) {
    tracebaton_rdkafka_record_t record;
    memset(&record, 0, sizeof(record));
    record.topic = topic;
    record.partition = RD_KAFKA_PARTITION_UA;
    record.msgflags = RD_KAFKA_MSG_F_COPY;
    record.payload = payload;
    record.len = len;
    return record;
}

static inline tracebaton_rdkafka_record_t tracebaton_rdkafka_record_of(const char *topic,
                                                                       const rd_kafka_message_t *message) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(topic, NULL, 0);
    if (message) {
        record.payload = message->payload;
        record.len = message->len;
        record.key = message->key;
        record.key_len = message->key_len;
        record.headers = tracebaton_rdkafka_headers(message);
    }
    return record;
}

/* Hands the list to librdkafka, or back to the caller if there is an error. */
static inline rd_kafka_resp_err_t tracebaton_rdkafka_enqueue(rd_kafka_t *rk, const tracebaton_rdkafka_record_t *record,
                                                             rd_kafka_headers_t *headers) {
    return rd_kafka_producev(rk, RD_KAFKA_VTYPE_TOPIC, record->topic, RD_KAFKA_VTYPE_PARTITION, record->partition,
                             RD_KAFKA_VTYPE_MSGFLAGS, record->msgflags, RD_KAFKA_VTYPE_VALUE,
                             TRACEBATON_RDKAFKA_MUTABLE(record->payload), record->len, RD_KAFKA_VTYPE_KEY,
                             TRACEBATON_RDKAFKA_MUTABLE(record->key), record->key_len, RD_KAFKA_VTYPE_TIMESTAMP,
                             record->timestamp, RD_KAFKA_VTYPE_OPAQUE, record->msg_opaque, RD_KAFKA_VTYPE_HEADERS,
                             headers, RD_KAFKA_VTYPE_END);
}

/*
 * A new list of the headers that the injection does not replace; NULL if librdkafka did not take one. The time grows with
 * the number of headers alone, however many are replaced. What goes on behind the NUL in a name is not to be had from
 * librdkafka, so that a header with such a name is left out, as far as it was found out: none is lost for a doubt (R10).
 */
static inline rd_kafka_headers_t *tracebaton_rdkafka_others(const tracebaton_injection_t *injection,
                                                            const rd_kafka_headers_t *headers) {
    rd_kafka_headers_t *others = rd_kafka_headers_new(TRACEBATON_MAX_HEADERS);
    const char *name;
    const void *value;
    size_t size, index;
    unsigned lookups_left = TRACEBATON_RDKAFKA_MAX_LOOKUPS;
    for (index = 0; !rd_kafka_header_get_all(headers, index, &name, &value, &size); index++) {
        const size_t name_size = strlen(name);
        const int is_adjacent =
            TRACEBATON_RDKAFKA_ADDRESS(value) - TRACEBATON_RDKAFKA_ADDRESS(name) == TRACEBATON_RDKAFKA_CAST(uintptr_t, name_size + 1);
        if (tracebaton_rdkafka_replaces(injection, name) ||
            (!is_adjacent && !tracebaton_rdkafka_is_whole(headers, name, value, &lookups_left) && lookups_left > 0))
            continue;
        if (rd_kafka_header_add(others, name, TRACEBATON_RDKAFKA_CAST(ssize_t, name_size), value,
                                TRACEBATON_RDKAFKA_CAST(ssize_t, size))) {
            rd_kafka_headers_destroy(others);
            return NULL;
        }
    }
    return others;
}

/* A new list of a record's headers, with the context in place of what it replaces. */
static inline rd_kafka_headers_t *tracebaton_rdkafka_with(const tracebaton_injection_t *injection,
                                                          const rd_kafka_headers_t *own, tracebaton_status_t *status) {
    tracebaton_header_t added[TRACEBATON_MAX_HEADERS];
    rd_kafka_headers_t *headers;
    size_t count;
    if (!own)
        headers = rd_kafka_headers_new(TRACEBATON_MAX_HEADERS);
    else if (!injection || !tracebaton_rdkafka_replaces_many(injection, own))
        headers = rd_kafka_headers_copy(own);
    else
        headers = tracebaton_rdkafka_others(injection, own);
    if (!headers) {
        *status = TRACEBATON_HEADERS_FULL;
        return rd_kafka_headers_copy(own);
    }
    if (injection) {
        count = tracebaton_injection_headers(injection, added);
        *status = tracebaton_rdkafka_replace(injection, headers, added, count);
    }
    return headers;
}

static inline rd_kafka_resp_err_t tracebaton_rdkafka_produce(rd_kafka_t *rk, const tracebaton_rdkafka_record_t *record,
                                                             const tracebaton_injection_t *injection,
                                                             tracebaton_status_t *written) {
    tracebaton_status_t status = TRACEBATON_OK;
    rd_kafka_resp_err_t err;
    rd_kafka_headers_t *headers;

    if (!rk || !record || !record->topic)
        return RD_KAFKA_RESP_ERR__INVALID_ARG;
    headers = tracebaton_rdkafka_with(injection, record->headers, &status);

    err = tracebaton_rdkafka_enqueue(rk, record, headers);
    if (err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE && status == TRACEBATON_OK && injection) {
        tracebaton_rdkafka_remove(injection, headers);
        status = TRACEBATON_HEADERS_FULL;
        err = tracebaton_rdkafka_enqueue(rk, record, headers);
    }
    if (err)
        rd_kafka_headers_destroy(headers);
    else if (written)
        *written = status;
    return err;
}

#undef TRACEBATON_RDKAFKA_CAST
#undef TRACEBATON_RDKAFKA_MUTABLE
#undef TRACEBATON_RDKAFKA_ADDRESS

#ifdef __cplusplus
}
#endif

#endif /* TRACEBATON_RDKAFKA_H */
