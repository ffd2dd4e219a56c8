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
 *     const uint8_t flags = TRACEBATON_FLAG_SAMPLED | TRACEBATON_FLAG_RANDOM;
 *     tracebaton_context_t received, span;
 *     tracebaton_injection_t injection;
 *     tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record("payments", value, value_size);
 *
 *     tracebaton_rdkafka_context(message, &received);
 *     tracebaton_context_child_or_root(&received, &trace_id, &span_id, flags, &span);
 *     tracebaton_injection_prepare(&span, &injection);
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
 * @returns what tracebaton_headers_extract() returns: 0, or TRACEBATON_NO_CONTEXT if there is no parent.
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
 * @brief Read the context of a received message: tracebaton_rdkafka_extract() without the verdicts.
 *
 * @param message As for tracebaton_rdkafka_extract().
 * @param context (out) The context: what was accepted, everything else zeros. It points into the message.
 *
 * @returns as tracebaton_rdkafka_extract().
 *
 * @remark Give it to tracebaton_context_child_or_root() for the span that handles the message.
 */
static inline tracebaton_status_t tracebaton_rdkafka_context(const rd_kafka_message_t *message,
                                                             tracebaton_context_t *context);

/**
 * @brief Find the context of a record in its header list (R1 to R10).
 *
 * @param headers   Header list; NULL is a record without headers.
 * @param extracted (out) As for tracebaton_rdkafka_extract().
 *
 * @returns what tracebaton_headers_extract() returns.
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
 * @param injection What to write, from tracebaton_injection_prepare() or
 *                  tracebaton_injection_forward(); copied.
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
 * @param injection What to write into a copy of its headers, from tracebaton_injection_prepare() or
 *                  tracebaton_injection_forward(). NULL: the headers are sent as they are.
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

#ifdef __cplusplus
}
#endif

#include "tracebaton_rdkafka_impl.h"

#endif /* TRACEBATON_RDKAFKA_H */
