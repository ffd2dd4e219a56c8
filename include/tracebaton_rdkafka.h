/**
 * @file tracebaton_rdkafka.h
 *
 * @brief The glue for librdkafka: carries the trace context across Kafka in the headers of its messages.
 *
 * It extracts the context from messages that librdkafka delivers, and injects it into records that you produce. Include this
 * header and link with libtracebaton and your librdkafka. C99 or newer, C++11 or newer, librdkafka 2.0.2 or newer. For C++17,
 * tracebaton.hpp includes it. Share groups need librdkafka 2.15.
 *
 *
 * Consume, work, produce
 * ----------------------
 *     if (!message)
 *         return RD_KAFKA_RESP_ERR__TIMED_OUT;
 *     if (message->err)
 *         return message->err; // an error, or an event such as the end of a partition: not a record
 *     record = tracebaton_rdkafka_record_of("payments", message);
 *     return tracebaton_rdkafka_produce_child(producer, &record, message, trace_id, span_id, flags, NULL);
 *
 * ffi/examples/rdkafka_hop.c is the whole program.
 *
 *
 * Linking
 * -------
 * The functions are inline, compiled into your program:
 *
 *     cc program.c $(pkg-config --cflags --libs tracebaton rdkafka)
 *
 * libtracebaton_rdkafka, a static and a shared library, has the same functions compiled. To use it instead:
 *
 *     cc program.c $(pkg-config --cflags --libs tracebaton_rdkafka)
 *
 * Choose the shared library if system updates must bring fixes to your program. Choose the inline functions if you want no
 * second library. pkg-config and CMake define the macro TRACEBATON_RDKAFKA_LINKED, which makes this header use the library.
 * Define it yourself only if you link the library without them.
 *
 *
 * Functions at a glance
 * ---------------------
 *     Reading
 *       tracebaton_rdkafka_context           extracts the context of a message
 *       tracebaton_rdkafka_extract           the same, with a verdict on each of its three headers
 *       tracebaton_rdkafka_extract_headers   the same for a header list
 *       tracebaton_rdkafka_choose            extracts the context from the first of several formats that has one
 *       tracebaton_rdkafka_queue_time        computes how long a message waited in its topic
 *     Producing
 *       tracebaton_rdkafka_record            makes a record with a value
 *       tracebaton_rdkafka_record_of         makes a record with the value, key and headers of a message
 *       tracebaton_rdkafka_produce_child     produces a record in the trace of a message
 *       tracebaton_rdkafka_produce           produces a record with any context
 *       tracebaton_rdkafka_produce_formats   the same in several formats
 *     Writing into header lists of your own
 *       tracebaton_rdkafka_inject            writes a context into a header list
 *       tracebaton_rdkafka_inject_if_absent  the same, unless the list already has a valid traceparent
 *       tracebaton_rdkafka_inject_formats    writes a context in several formats into a header list
 *       tracebaton_rdkafka_strip             removes traceparent, tracestate and baggage from a header list
 *       tracebaton_rdkafka_strip_formats     removes the headers of some or all formats from a header list
 *
 *
 * Laws
 * ----
 * The laws of tracebaton.h apply, except that librdkafka allocates what is added to a list. In addition:
 *
 *  - Some errors change the outputs, unlike law 6. A function that reads a message also writes the context if it returns
 *    TRACEBATON_RDKAFKA_NOT_A_RECORD. A function that writes into a list has removed headers if it returns
 *    TRACEBATON_RDKAFKA_NOT_ADDED, see tracebaton_rdkafka_inject(). A function that produces sets \p written also if an
 *    argument is invalid, see tracebaton_rdkafka_produce().
 *  - Header lists keep their owner. No function takes ownership of a list, returns one for you to destroy, or keeps a
 *    pointer to one after the call.
 *  - Tracing never stops a record. Reading accepts any bytes, and a record that cannot carry the context can be sent
 *    without it.
 *  - A message that reports an error or an event is not a record: its payload is a text for people. It has no context, and
 *    no record can be made from it.
 *  - There is no state and no lock. Threads may share messages, lists and clients as far as librdkafka allows it.
 *
 *
 * Limitations
 * -----------
 * librdkafka shows header names as C strings, but a header name may contain a NUL: `traceparent\0x` looks like `traceparent`.
 * It is another name, and these functions detect it (rule R2 of PROFILE.md). There are three exceptions, of which the last
 * two begin after TRACEBATON_RDKAFKA_MAX_LOOKUPS (64) look-ups in a list:
 *
 *  - If a `traceparent` is replaced or removed, a `traceparent\0x` in the same list is removed too, because
 *    rd_kafka_header_remove() does not distinguish them. The second injection into a list may therefore remove a header that
 *    the first one kept.
 *  - After 64 look-alike headers, a header is recognised only if its value directly follows its name in memory, as
 *    librdkafka stores it.
 *  - If a record has more than 64 headers to replace, tracebaton_rdkafka_produce() also drops every other header whose name
 *    contains a NUL. After the last look-up it no longer detects these names, and sends their headers under the name up to
 *    the NUL.
 */

#ifndef TRACEBATON_RDKAFKA_H
#define TRACEBATON_RDKAFKA_H

#include <stdint.h>
#include <string.h>

#include <librdkafka/rdkafka.h>

#include "tracebaton.h"

/* Precedes each function: static inline, or nothing when libtracebaton_rdkafka is compiled. */
#ifndef TRACEBATON_RDKAFKA_API
#ifdef TRACEBATON_RDKAFKA_LINKED
#define TRACEBATON_RDKAFKA_API
#else
#define TRACEBATON_RDKAFKA_API static inline
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Maximum count of look-ups in one list (R9). A look-up removes one header by its name, or finds out whether a name
 * contains a NUL. librdkafka walks through the whole list for each of them.
 */
#define TRACEBATON_RDKAFKA_MAX_LOOKUPS 64


/**
 * @name Reading
 * @{
 */

/**
 * @brief Extract the context of a message. Same as tracebaton_rdkafka_extract(), without the verdicts.
 *
 * @param message Message from a consumer, or of a delivery report. May be NULL.
 * @param context (out) The context. Fields that no accepted header sets are zeros. It points into the message. It is
 *                always written, also on an error.
 *
 * @returns the same statuses as tracebaton_rdkafka_extract().
 *
 * @remark Pass the context to tracebaton_context_child_or_root() to make the span that handles the message.
 */
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_context(const rd_kafka_message_t *message,
                                                             tracebaton_context_t *context);

/**
 * @brief Extract the context of a message from its headers, with a verdict on each of the three (R1 to R10).
 *
 * @param message   Message from a consumer, or of a delivery report. May be NULL, as rd_kafka_consumer_poll() returns it
 *                  after a time-out.
 * @param extracted (out) The context and the verdicts. They are always written, also on an error. The \c index of a verdict
 *                  is the index of the header in the message.
 *
 * @returns 0, or TRACEBATON_NO_CONTEXT if there is no parent.
 *          TRACEBATON_RDKAFKA_NOT_A_RECORD if \p message is NULL or its \c err is set. The context is then empty, with one
 *          exception: for the report of a failed delivery, it is the context of the record that was to be delivered.
 *          TRACEBATON_INVALID_ARGUMENT if \p extracted is NULL.
 *
 * @remark A delivery report callback gets 0 or TRACEBATON_NO_CONTEXT for a delivered record, and for a failed one
 *         TRACEBATON_RDKAFKA_NOT_A_RECORD together with the context. To log the trace of a failed delivery, use the context
 *         and do not look at the status.
 * @remark \p extracted points into the message. It is valid until the message is destroyed, or its headers are changed,
 *         replaced or detached.
 * @remark A message whose headers librdkafka cannot parse, for example more than 100,000, is treated as having none.
 * @remark Do not call it in an \c on_acknowledgement interceptor for messages that rd_kafka_produce_batch() could not
 *         enqueue: librdkafka reads out of bounds if it is asked for their headers.
 */
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_extract(const rd_kafka_message_t *message,
                                                             tracebaton_extracted_t *extracted);

/**
 * @brief Extract the context of a record from its header list (R1 to R10).
 *
 * @param headers   Header list. NULL is a record without headers.
 * @param extracted (out) The context and the verdicts; see tracebaton_rdkafka_extract().
 *
 * @returns the same statuses as tracebaton_headers_extract().
 *
 * @remark \p extracted points into the list. It is valid until the list is changed or destroyed.
 * @remark The list is read from its end, where producers add headers, until all three headers are found (R3).
 */
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_extract_headers(const rd_kafka_headers_t *headers,
                                                                     tracebaton_extracted_t *extracted);

/**
 * @brief Find the parent of a message in the headers of several formats, of which the first that names one is chosen (F12).
 *
 * @param message     As for tracebaton_rdkafka_extract().
 * @param order       The formats, each one of enum tracebaton_format, the preferred one first.
 * @param order_count Number of formats.
 * @param if_deferred Sampled flag if the producer deferred the sampling decision: 1 sets it, 0 clears it.
 * @param choice      (out) The parent, and what became of the other formats. It points into the message, as the result of
 *                    tracebaton_rdkafka_extract() does.
 *
 * @returns as tracebaton_headers_choose(), and TRACEBATON_RDKAFKA_NOT_A_RECORD as tracebaton_rdkafka_extract().
 */
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_choose(const rd_kafka_message_t *message,
                                                                     const tracebaton_format_t *order, size_t order_count,
                                                                     int if_deferred, tracebaton_choice_t *choice);

/**
 * @brief Compute how long a message waited in its topic until it was consumed (C7).
 *
 * @param message    Message from a consumer. NULL and a message that only reports an error have no timestamp.
 * @param consumed   Time of consumption by your clock, in milliseconds since the Unix epoch. It is the time at which the first
 *                   attempt to process the record begins, also if the message was held until then.
 * @param queue_time (out) The time in milliseconds, and the clock that set the timestamp: the producer's (create time) or
 *                   the broker's (log-append time). If that clock is ahead of the consumer's, the time is too small, or
 *                   even negative; if it is behind, the time is too large.
 *
 * @returns 0, or TRACEBATON_NO_TIMESTAMP if the message has no timestamp: \p queue_time is then zeros.
 *          TRACEBATON_INVALID_ARGUMENT if \p queue_time is NULL.
 *
 * @remark Do not use rd_kafka_message_latency() for this: for a consumed message it returns garbage.
 */
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_queue_time(const rd_kafka_message_t *message, int64_t consumed,
                                                                tracebaton_queue_time_t *queue_time);

/**@}*/


/**
 * @name Producing
 * @{
 */

/**
 * @brief A record to produce: the application's fields, with librdkafka's names.
 *
 * Make it with tracebaton_rdkafka_record() or tracebaton_rdkafka_record_of(), then set the other fields that you need. Do not
 * start from zeros: the record would be sent to partition 0, and its payload would not be copied.
 */
typedef struct tracebaton_rdkafka_record_s {
    /** Topic name. For a topic object: rd_kafka_topic_name(). */
    const char *topic;
    /** Partition, or RD_KAFKA_PARTITION_UA for the topic's partitioner. */
    int32_t partition;
    /** RD_KAFKA_MSG_F_COPY, _FREE, _BLOCK, _PARTITION, as for rd_kafka_producev(). */
    int msgflags;
    /** Value and its size; (NULL, 0) is a null value, a tombstone. */
    const void *payload;
    size_t len;
    /** Key and its size; (NULL, 0) is a null key. It is copied. */
    const void *key;
    size_t key_len;
    /** Timestamp in milliseconds since the Unix epoch; 0 for the current time. */
    int64_t timestamp;
    /** The application's headers; NULL for none. They are copied and never changed, so the list of a message may be used. */
    const rd_kafka_headers_t *headers;
    /** Your opaque pointer, returned as \c _private of the delivery report. */
    void *msg_opaque;
    /** Not 0 if the record was made from a message that is not a record. Producing the record returns this error. */
    rd_kafka_resp_err_t err;
} tracebaton_rdkafka_record_t;

/**
 * @brief Make a record with a value for a topic: any partition, the value copied, no key, no headers, the current time.
 *
 * @param topic   Topic name.
 * @param payload Value; may be NULL.
 * @param len     Size of the value in bytes.
 *
 * @returns the record. It points to \p topic and \p payload.
 */
TRACEBATON_RDKAFKA_API tracebaton_rdkafka_record_t tracebaton_rdkafka_record(const char *topic, const void *payload, size_t len);

/**
 * @brief Make a record with the value, the key and the headers of a message, for another topic.
 *
 * The other fields are as of tracebaton_rdkafka_record(). The timestamp is not copied: the record gets the time at which it
 * is produced, so that its queue time begins then. To keep the message's, set \c timestamp to
 * rd_kafka_message_timestamp(message, NULL).
 *
 * @param topic   Topic name.
 * @param message Message from a consumer. May be NULL, as rd_kafka_consumer_poll() returns it after a time-out.
 *
 * @returns the record. It points to \p topic and into \p message, which must live until the record has been produced. If
 *          \p message is not a record, \c err is set and producing the record returns it: RD_KAFKA_RESP_ERR__TIMED_OUT if
 *          \p message is NULL, otherwise the message's own error or event.
 *
 * @remark To produce a record again after a failed delivery, make it from the consumed message again. Do not produce in the
 *         delivery report callback: a callback must not poll, so it cannot wait until a full queue has room. Note the failure
 *         there, and produce later, as ffi/examples/c/in_flight.c does.
 * @remark A program that reads its reports as events, RD_KAFKA_EVENT_DR, may instead make the record from the message of the
 *         report, which is the whole record, as long as the event lives. Set \c err of the record to 0, and \c msg_opaque to
 *         \c _private of the message. With a NULL injection, the record keeps the context that it was sent with. The topic's
 *         partitioner chooses the partition again, unless you set \c partition to that of the message.
 */
TRACEBATON_RDKAFKA_API tracebaton_rdkafka_record_t tracebaton_rdkafka_record_of(const char *topic,
                                                                       const rd_kafka_message_t *message);

/**
 * @brief Produce a record in the trace of a message. Extracts, makes the context of your span, injects and produces.
 *
 * Your span is a child of the span that produced the message, or a root if the message has no parent. Both keep the message's
 * baggage.
 *
 * @param rk       Producer.
 * @param record   The record, as for tracebaton_rdkafka_produce().
 * @param message  Message from a consumer that caused this record. Only its context is used; copy its value, key and headers
 *                 with tracebaton_rdkafka_record_of() if the record needs them.
 * @param trace_id Trace id for a root.
 * @param span_id  Id of your span.
 * @param flags    Flags for a root, as for tracebaton_context_child_or_root().
 * @param written  (out) May be NULL. As for tracebaton_rdkafka_produce(), but TRACEBATON_ROOT instead of 0 if a new trace was
 *                 started. An id of zeros gives TRACEBATON_TRACEPARENT_TRACE_ID_ZERO or _PARENT_ID_ZERO.
 *
 * @returns the same errors as tracebaton_rdkafka_produce(), RD_KAFKA_RESP_ERR__TIMED_OUT if \p message is NULL, \c err of
 *          \p message if it reports an error or an event, or RD_KAFKA_RESP_ERR__INVALID_ARG if an id is NULL or zeros.
 *
 * @remark If the program needs the context of its span, for example for a tracer, it calls tracebaton_rdkafka_context(),
 *         tracebaton_context_child_or_root(), tracebaton_injection_prepare() and tracebaton_rdkafka_produce() itself.
 */
TRACEBATON_RDKAFKA_API rd_kafka_resp_err_t tracebaton_rdkafka_produce_child(rd_kafka_t *rk,
                                                                            const tracebaton_rdkafka_record_t *record,
                                                                            const rd_kafka_message_t *message,
                                                                            const tracebaton_trace_id_t *trace_id,
                                                                            const tracebaton_span_id_t *span_id,
                                                                            uint8_t flags, tracebaton_status_t *written);

/**
 * @brief Produce a record with a context in its headers (W1 to W6).
 *
 * @param rk        Producer.
 * @param record    The record. It is not changed. librdkafka uses its \c payload after the call if the flags contain
 *                  RD_KAFKA_MSG_F_FREE, or neither _FREE nor _COPY; nothing else is used after the call.
 * @param injection Injection from tracebaton_injection_prepare() or tracebaton_injection_forward(). It is written into a copy
 *                  of the headers. NULL sends the headers unchanged.
 * @param written   (out) May be NULL. What was written: one of the values listed in this description. Unchanged after other
 *                  errors, so initialize it.
 *
 * @returns the result of rd_kafka_producev(): RD_KAFKA_RESP_ERR_NO_ERROR if the record was enqueued. Returns \c err of
 *          \p record if that is set, and RD_KAFKA_RESP_ERR__INVALID_ARG if \p rk, \p record or its topic is NULL; then
 *          nothing was produced.
 *
 * The argument \p written gets one of these values. With the first four, the record was enqueued:
 *  - 0: the record carries the context, or \p injection is NULL.
 *  - TRACEBATON_NO_CONTEXT: \p injection has no traceparent.
 *  - TRACEBATON_RDKAFKA_RECORD_TOO_LARGE: the record is too large with the context, and was sent without it (W6).
 *  - TRACEBATON_RDKAFKA_NOT_ADDED: librdkafka refused a header, and the record was sent without the context.
 *  - TRACEBATON_INVALID_ARGUMENT_1 or _2: this argument is invalid. The returned error does not name it.
 *
 * The headers that \p injection replaces are removed in the first four cases, whatever their number (W1).
 *
 * Ownership, whatever is returned:
 *  - \c headers are yours, before and after. A copy is passed to librdkafka, which destroys it, or is destroyed here.
 *  - \c payload is librdkafka's only with RD_KAFKA_MSG_F_FREE and if the record was enqueued; otherwise it is yours.
 *  - Everything else is yours.
 *
 * You may repeat the call with the same \p record until it succeeds. The record then carries one context.
 *
 * @remark Headers count towards \c message.max.bytes. A record that exceeds it only with the context is sent without the
 *         context.
 */
TRACEBATON_RDKAFKA_API rd_kafka_resp_err_t tracebaton_rdkafka_produce(rd_kafka_t *rk, const tracebaton_rdkafka_record_t *record,
                                                             const tracebaton_injection_t *injection,
                                                             tracebaton_status_t *written);

/**
 * @brief Produce a record with a context in several formats among its headers.
 *
 * @param rk        Producer.
 * @param record    As for tracebaton_rdkafka_produce().
 * @param injection Injection from tracebaton_format_injection_prepare(), written into a copy of the headers.
 * @param written   (out) As for tracebaton_rdkafka_produce().
 *
 * @returns as tracebaton_rdkafka_produce(). Who owns what is the same too.
 */
TRACEBATON_RDKAFKA_API rd_kafka_resp_err_t tracebaton_rdkafka_produce_formats(rd_kafka_t *rk,
                                                                              const tracebaton_rdkafka_record_t *record,
                                                                              const tracebaton_format_injection_t *injection,
                                                                              tracebaton_status_t *written);

/**@}*/


/**
 * @name Writing
 * @{
 */

/**
 * @brief Write a context into a header list (W1). Either all headers are written, or none (W6).
 *
 * Every header that \p injection replaces is removed, in any letter case. Then the new headers are added at the end. The
 * other headers keep their order and bytes. Writing a context twice gives the same list as writing it once, so a retry may
 * call this again. A list with a name that contains a NUL is an exception (see Limitations of tracebaton_rdkafka.h).
 *
 * @param injection Injection from tracebaton_injection_prepare() or tracebaton_injection_forward(). It is copied.
 * @param headers   Your header list, changed in place.
 *
 * @returns 0, or TRACEBATON_NO_CONTEXT if the injection has no traceparent.
 *          TRACEBATON_RDKAFKA_TOO_MANY_HEADERS if more than TRACEBATON_RDKAFKA_MAX_LOOKUPS headers have a name that is
 *          replaced, compared up to its first NUL; the list is then unchanged. TRACEBATON_RDKAFKA_NOT_ADDED if librdkafka
 *          refused a header; the list then has no context. The list can be sent in both cases. TRACEBATON_INVALID_ARGUMENT if a
 *          pointer is NULL.
 *
 * @remark librdkafka walks through the whole list to remove a header, and to find out whether a name contains a NUL. Without
 *         the limit, the time would grow with the number of all headers times the number of removed ones (R9).
 *         tracebaton_rdkafka_produce() has no limit, since it copies only the headers that it sends.
 * @remark You keep the list. It may be the list that the context was extracted from; the result of that extraction is no
 *         longer valid after the call.
 */
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_inject(const tracebaton_injection_t *injection,
                                                            rd_kafka_headers_t *headers);

/**
 * @brief Write a context into a header list, unless the list already has a valid traceparent, which is kept (W4).
 *
 * @param injection Injection; see tracebaton_rdkafka_inject().
 * @param headers   Your header list, changed in place.
 *
 * @returns the same statuses as tracebaton_rdkafka_inject(), or TRACEBATON_KEPT if the list is unchanged.
 */
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_inject_if_absent(const tracebaton_injection_t *injection,
                                                                      rd_kafka_headers_t *headers);

/**
 * @brief Write a context in several formats into a header list. Either all headers are written, or none (F13).
 *
 * @param injection Injection from tracebaton_format_injection_prepare(). It is copied.
 * @param headers   As for tracebaton_rdkafka_inject().
 *
 * @returns as tracebaton_rdkafka_inject(); TRACEBATON_NO_CONTEXT if no span was written.
 */
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_inject_formats(const tracebaton_format_injection_t *injection,
                                                                             rd_kafka_headers_t *headers);

/**
 * @brief Remove every traceparent, tracestate and baggage header from a header list, in any letter case.
 *
 * The other headers keep their order and bytes, including those of B3, Datadog and other formats. At a boundary that no trace
 * may cross, call tracebaton_rdkafka_strip_formats() instead, also for a record that is then produced with a context of
 * yours. Inside your system such a record needs no call: tracebaton_rdkafka_produce() replaces these three headers.
 *
 * @param headers Your header list, changed in place.
 *
 * @returns 0. TRACEBATON_RDKAFKA_TOO_MANY_HEADERS if more than TRACEBATON_RDKAFKA_MAX_LOOKUPS headers of the list have one
 *          of the three names, compared up to its first NUL. The list is then unchanged: do not send it across a boundary.
 *          TRACEBATON_INVALID_ARGUMENT if \p headers is NULL.
 */
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_strip(rd_kafka_headers_t *headers);

/**
 * @brief Remove the headers of some or all tracing formats from a header list.
 *
 * Call it at a boundary that no trace may cross. If headers of B3, Datadog or others stay in a record, the next consumer of
 * that format continues the old trace. Strip a copy of the headers, then produce the record with your own context.
 *
 * @param headers Your header list, changed in place.
 * @param formats The formats, such as TRACEBATON_FORMATS_ALL.
 *
 * @returns 0. TRACEBATON_RDKAFKA_TOO_MANY_HEADERS if more than TRACEBATON_RDKAFKA_MAX_LOOKUPS headers of the list belong to
 *          these formats, counted together, with each name compared up to its first NUL. The list is then unchanged: do not
 *          send it across a boundary. Send the record without headers, as ffi/examples/c/boundary.c does.
 *          TRACEBATON_INVALID_ARGUMENT if \p headers is NULL.
 */
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_strip_formats(rd_kafka_headers_t *headers,
                                                                            tracebaton_formats_t formats);

/**@}*/

#ifdef __cplusplus
}
#endif

#ifndef TRACEBATON_RDKAFKA_LINKED
#include "tracebaton_rdkafka_impl.h"
#endif

#endif /* TRACEBATON_RDKAFKA_H */
