/*
 * tracebaton_rdkafka.h: carries a trace across Kafka with librdkafka.
 *
 * Reads the trace context of the messages that librdkafka delivers, and writes it into the records that you produce.
 * Include this header and link with libtracebaton and your librdkafka. C99 or newer, C++11 or newer; tested with librdkafka
 * 2.0.2 and 2.12.1.
 *
 *
 * Consume, work, produce
 * ----------------------
 *     tracebaton_rdkafka_context(message, &received);
 *     if (tracebaton_context_child_or_root(&received, trace_id, span_id, flags, &span) < 0 ||
 *         tracebaton_injection_prepare(&span, &injection) < 0)
 *         return RD_KAFKA_RESP_ERR__INVALID_ARG; // an id of zeros
 *     return tracebaton_rdkafka_produce(producer, &record, &injection, NULL);
 *
 * ffi/examples/rdkafka_hop.c is the whole program.
 *
 *
 * Functions at a glance
 * ---------------------
 *     Reading
 *       tracebaton_rdkafka_context           context of a message
 *       tracebaton_rdkafka_extract           the same with a verdict for each of its three headers
 *       tracebaton_rdkafka_extract_headers   the same of a header list
 *       tracebaton_rdkafka_queue_time        how long a message waited in its topic
 *     Writing
 *       tracebaton_rdkafka_inject            writes a context into a header list
 *       tracebaton_rdkafka_inject_if_absent  the same, unless there is a context already
 *     Producing
 *       tracebaton_rdkafka_record            a record with a value
 *       tracebaton_rdkafka_record_of         a record with the value, key and headers of a message
 *       tracebaton_rdkafka_produce           produces a record with a context
 *
 *
 * Laws
 * ----
 * Those of tracebaton.h, except that librdkafka allocates what is added to a list, and these:
 *
 *  - Header lists keep their owner. No function takes a list over, returns one for you to destroy, or keeps a pointer to
 *    one after the call.
 *  - Tracing never stops a record. Reading accepts any bytes, and a record that cannot take the context can be sent
 *    without it.
 *  - There is no state and no lock. Any threads may use messages, lists and clients as librdkafka allows it.
 *
 *
 * Limitations
 * -----------
 * A header name may contain a NUL, but librdkafka shows names as C strings: `traceparent\0x` looks like `traceparent`. It is
 * another name (rule R2 of PROFILE.md), and these functions detect it, with three exceptions:
 *
 *  - If a `traceparent` is replaced, a `traceparent\0x` in the same list is removed too, because rd_kafka_header_remove()
 *    cannot tell them apart.
 *  - At most TRACEBATON_RDKAFKA_MAX_LOOKUPS look-ups are made in a list. After as many look-alikes, a header is recognised
 *    only if its value directly follows its name in memory, as librdkafka stores it.
 *  - If a record has more headers to replace than that, tracebaton_rdkafka_produce() does not send the other headers whose
 *    names contain a NUL, or, once the look-ups are used up, sends those without a value under the name up to the NUL.
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
 * Most look-ups of a name in one list (R9): to remove the headers of that name, one at a time, or to find out whether a
 * name contains a NUL. librdkafka walks through the whole list each time.
 */
#define TRACEBATON_RDKAFKA_MAX_LOOKUPS 64


/**
 * @name Reading
 * @{
 */

/**
 * @brief Find the context of a message: tracebaton_rdkafka_extract() without the verdicts.
 *
 * @param message As for tracebaton_rdkafka_extract().
 * @param context (out) The context: what was accepted, everything else zeros. It points into the message.
 *
 * @returns as tracebaton_rdkafka_extract().
 *
 * @remark Pass it to tracebaton_context_child_or_root() for the span that handles the message.
 */
static inline tracebaton_status_t tracebaton_rdkafka_context(const rd_kafka_message_t *message,
                                                             tracebaton_context_t *context);

/**
 * @brief Find the context of a message in its headers, with a verdict for each of the three (R1 to R10).
 *
 * @param message   Message from a consumer, or of a delivery report. NULL is a message without headers, and so is a message
 *                  that only reports an error.
 * @param extracted (out) The context and the verdicts. The \c index of a verdict is that of the header in the message.
 *
 * @returns as tracebaton_headers_extract(): 0, or TRACEBATON_NO_CONTEXT if there is no parent.
 *
 * @remark \p extracted points into the message. It is valid until the message is destroyed, or its headers are changed,
 *         replaced or detached.
 * @remark A message whose headers librdkafka cannot parse, such as more than 100,000, is treated as having none.
 * @remark Do not call it for the messages that an \c on_acknowledgement interceptor gets because rd_kafka_produce_batch()
 *         could not enqueue them: librdkafka reads out of bounds if it is asked for their headers.
 */
static inline tracebaton_status_t tracebaton_rdkafka_extract(const rd_kafka_message_t *message,
                                                             tracebaton_extracted_t *extracted);

/**
 * @brief Find the context of a record in its header list (R1 to R10).
 *
 * @param headers   Header list; NULL is a record without headers.
 * @param extracted (out) As for tracebaton_rdkafka_extract().
 *
 * @returns as tracebaton_headers_extract().
 *
 * @remark \p extracted points into the list. It is valid until the list is changed or destroyed.
 * @remark The list is read from its end, where producers add headers, and only until all three are found (R3).
 */
static inline tracebaton_status_t tracebaton_rdkafka_extract_headers(const rd_kafka_headers_t *headers,
                                                                     tracebaton_extracted_t *extracted);

/**
 * @brief Compute how long a message waited in its topic until it was consumed (C7).
 *
 * @param message    Message from a consumer; NULL, or one that only reports an error, has no timestamp.
 * @param consumed   Time of consumption by your clock, in milliseconds since the Unix epoch.
 * @param queue_time (out) The time in milliseconds, and the kind of timestamp that it counts from: the producer's clock
 *                   (create time) or the broker's (log-append time). It is negative if the clocks disagree by more than the
 *                   message waited.
 *
 * @returns 0, or TRACEBATON_NO_TIMESTAMP if the message has none.
 *
 * @remark Do not use rd_kafka_message_latency() for this: for a consumed message it returns garbage.
 */
static inline tracebaton_status_t tracebaton_rdkafka_queue_time(const rd_kafka_message_t *message, int64_t consumed,
                                                                tracebaton_queue_time_t *queue_time);

/**@}*/


/**
 * @name Writing
 * @{
 */

/**
 * @brief Write a context into a header list: replace what is there (W1), all or none (W6).
 *
 * Every header with one of the names that \p injection carries is removed, in any letter case; then the new ones are added
 * at the end. The other headers keep their order and bytes. Writing a context twice equals writing it once, so a retry may
 * call this again.
 *
 * @param injection Injection from tracebaton_injection_prepare() or tracebaton_injection_forward(). It is copied.
 * @param headers   Your header list, changed in place.
 *
 * @returns 0. TRACEBATON_HEADERS_FULL if librdkafka did not take a header: the list then has no context. Also
 *          TRACEBATON_HEADERS_FULL if more than TRACEBATON_RDKAFKA_MAX_LOOKUPS headers would have to be removed: the list is
 *          then unchanged. The list can be sent in both cases. TRACEBATON_INVALID_ARGUMENT if a pointer is NULL.
 *
 * @remark librdkafka walks through the whole list to remove a header. Without the limit, the time would grow with the
 *         product of all headers and those to remove (R9). tracebaton_rdkafka_produce() has no limit: it leaves out of its
 *         copy what is not to be sent.
 * @remark You keep the list. It may be the list that the context was extracted from; what was extracted is not valid
 *         after the call.
 */
static inline tracebaton_status_t tracebaton_rdkafka_inject(const tracebaton_injection_t *injection,
                                                            rd_kafka_headers_t *headers);

/**
 * @brief Write a context into a header list, unless the list already has an accepted traceparent (W4).
 *
 * @param injection As for tracebaton_rdkafka_inject().
 * @param headers   As for tracebaton_rdkafka_inject().
 *
 * @returns TRACEBATON_KEPT if there is one, and the list is unchanged; otherwise as tracebaton_rdkafka_inject().
 */
static inline tracebaton_status_t tracebaton_rdkafka_inject_if_absent(const tracebaton_injection_t *injection,
                                                                      rd_kafka_headers_t *headers);

/**@}*/


/**
 * @name Producing
 * @{
 */

/**
 * @brief A record to produce: the application's fields, with librdkafka's names.
 *
 * Get one from tracebaton_rdkafka_record() or tracebaton_rdkafka_record_of(), then set what else you need. Do not begin with
 * zeros: the record would go to partition 0, and its payload would not be copied.
 */
typedef struct tracebaton_rdkafka_record_s {
    /** Topic name. For a topic object: rd_kafka_topic_name(). */
    const char *topic;
    /** Partition, or RD_KAFKA_PARTITION_UA for the topic's partitioner. */
    int32_t partition;
    /** RD_KAFKA_MSG_F_COPY, _FREE, _BLOCK, _PARTITION, as for rd_kafka_producev(). */
    int msgflags;
    /** Value and its size; (NULL, 0) is a tombstone. */
    const void *payload;
    size_t len;
    /** Key and its size; (NULL, 0) is no key. It is copied. */
    const void *key;
    size_t key_len;
    /** Timestamp in milliseconds since the Unix epoch; 0 is now. */
    int64_t timestamp;
    /** The application's headers; NULL is none. They are copied and never changed: the list of a message may be used. */
    const rd_kafka_headers_t *headers;
    /** \c _private of the delivery report. */
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
 * @brief A record with the value, the key and the headers of a message, for another topic.
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
 * @param record    The record. It is not changed, and not used after the call, except that librdkafka uses \c payload with
 *                  RD_KAFKA_MSG_F_FREE, or with neither _FREE nor _COPY.
 * @param injection Injection from tracebaton_injection_prepare() or tracebaton_injection_forward(), written into a copy of
 *                  the headers. NULL: the headers are sent as they are.
 * @param written   (out) May be NULL. Set only if the record was enqueued: 0 if it carries the context,
 *                  TRACEBATON_HEADERS_FULL if it would have been too large with it and was sent without (W6). What
 *                  \p injection replaces is removed in any case, however many headers that are (W1).
 *
 * @returns as rd_kafka_producev(): RD_KAFKA_RESP_ERR_NO_ERROR if the record was enqueued.
 *
 * Who owns what, whatever is returned:
 *  - \c headers are yours, before and after. A copy is passed to librdkafka, which destroys it, or is destroyed here.
 *  - \c payload is librdkafka's only with RD_KAFKA_MSG_F_FREE and if the record was enqueued; otherwise it is yours.
 *  - Everything else is yours.
 *
 * The call can be repeated with the same \p record until it succeeds: the record then carries one context.
 *
 * @remark Headers count as part of the message. With the context it may exceed \c message.max.bytes when it does not
 *         without: then it is sent without.
 */
static inline rd_kafka_resp_err_t tracebaton_rdkafka_produce(rd_kafka_t *rk, const tracebaton_rdkafka_record_t *record,
                                                             const tracebaton_injection_t *injection,
                                                             tracebaton_status_t *written);

/**@}*/

#ifdef __cplusplus
}
#endif

#include "tracebaton_rdkafka_impl.h"

#endif /* TRACEBATON_RDKAFKA_H */
