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
 * The functions are inline. libtracebaton_rdkafka has the same functions compiled, static and shared; define
 * TRACEBATON_RDKAFKA_LINKED to use it, which pkg-config and CMake do for you. Choose the shared library if fixes must reach
 * your program by an update of the system, and the inline functions if you want no second library.
 *
 *
 * Functions at a glance
 * ---------------------
 *     Reading
 *       tracebaton_rdkafka_context           context of a message
 *       tracebaton_rdkafka_extract           the same with a verdict for each of its three headers
 *       tracebaton_rdkafka_extract_headers   the same of a header list
 *       tracebaton_rdkafka_choose            context of a message from the first of several formats that has one
 *       tracebaton_rdkafka_queue_time        how long a message waited in its topic
 *     Producing
 *       tracebaton_rdkafka_record            a record with a value
 *       tracebaton_rdkafka_record_of         a record with the value, key and headers of a message
 *       tracebaton_rdkafka_produce_child     produces a record in the trace of a message
 *       tracebaton_rdkafka_produce           produces a record with any context
 *       tracebaton_rdkafka_produce_formats   the same in several formats
 *     Writing into header lists of your own
 *       tracebaton_rdkafka_inject            writes a context into a header list
 *       tracebaton_rdkafka_inject_if_absent  the same, unless there is a context already
 *       tracebaton_rdkafka_inject_formats    writes a context in several formats into a header list
 *       tracebaton_rdkafka_strip             removes traceparent, tracestate and baggage from a header list
 *       tracebaton_rdkafka_strip_formats     removes the headers of other formats too, such as B3 or Datadog
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
 *  - A message that reports an error or an event is not a record: its payload is a text for people. It has no context, and
 *    no record is made of it.
 *  - There is no state and no lock. Any threads may use messages, lists and clients as librdkafka allows it.
 *
 *
 * Limitations
 * -----------
 * A header name may contain a NUL, but librdkafka shows names as C strings: `traceparent\0x` looks like `traceparent`. It is
 * another name (rule R2 of PROFILE.md), and these functions detect it, with three exceptions:
 *
 *  - If a `traceparent` is replaced or removed, a `traceparent\0x` in the same list is removed too, because
 *    rd_kafka_header_remove() cannot tell them apart. So the second injection into a list may remove a header that the first
 *    one kept.
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

/* Before each function: libtracebaton_rdkafka is compiled with its own. */
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
 * @brief Most look-ups of a name in one list (R9): to remove the headers of that name, one at a time, or to find out whether a
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
 * @param context (out) The context: what was accepted, everything else zeros. It points into the message. It is written
 *                whatever is returned.
 *
 * @returns as tracebaton_rdkafka_extract().
 *
 * @remark Pass it to tracebaton_context_child_or_root() for the span that handles the message.
 */
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_context(const rd_kafka_message_t *message,
                                                             tracebaton_context_t *context);

/**
 * @brief Find the context of a message in its headers, with a verdict for each of the three (R1 to R10).
 *
 * @param message   Message from a consumer, or of a delivery report. May be NULL, as rd_kafka_consumer_poll() returns it
 *                  after a time-out.
 * @param extracted (out) The context and the verdicts, which are written whatever is returned. The \c index of a verdict is
 *                  that of the header in the message.
 *
 * @returns as tracebaton_headers_extract(): 0, or TRACEBATON_NO_CONTEXT if there is no parent.
 *          TRACEBATON_RDKAFKA_NOT_A_RECORD if \p message is NULL or its \c err is set: the context is then empty, except for
 *          the report of a failed delivery, which has the headers that were produced. TRACEBATON_INVALID_ARGUMENT if
 *          \p extracted is NULL.
 *
 * @remark \p extracted points into the message. It is valid until the message is destroyed, or its headers are changed,
 *         replaced or detached.
 * @remark A message whose headers librdkafka cannot parse, such as more than 100,000, is treated as having none.
 * @remark Do not call it for the messages that an \c on_acknowledgement interceptor gets because rd_kafka_produce_batch()
 *         could not enqueue them: librdkafka reads out of bounds if it is asked for their headers.
 */
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_extract(const rd_kafka_message_t *message,
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
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_extract_headers(const rd_kafka_headers_t *headers,
                                                                     tracebaton_extracted_t *extracted);

/**
 * @brief Find the parent of a message in the headers of several formats, of which the first that names one is taken (F12).
 *
 * @param message     As for tracebaton_rdkafka_extract().
 * @param order       The formats, each one of enum tracebaton_format, the most wanted first.
 * @param order_count Number of formats.
 * @param if_deferred What the sampled flag is where the sender left the decision open: 1 is set, 0 is not.
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
    /** Not 0: the record was made from a message that is not a record. Producing it returns this error. */
    rd_kafka_resp_err_t err;
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
TRACEBATON_RDKAFKA_API tracebaton_rdkafka_record_t tracebaton_rdkafka_record(const char *topic, const void *payload, size_t len);

/**
 * @brief A record with the value, the key and the headers of a message, for another topic.
 *
 * @param topic   Topic name.
 * @param message Message from a consumer. May be NULL, as rd_kafka_consumer_poll() returns it after a time-out.
 *
 * @returns the record. It points to \p topic and into \p message, which must live until the record has been produced. If
 *          \p message reports an error or an event, \c err is that of the message, or RD_KAFKA_RESP_ERR__TIMED_OUT if it is
 *          NULL, and the record is refused when it is produced.
 *
 * @remark To produce the message of a failed delivery again, set \c err of the record to 0.
 */
TRACEBATON_RDKAFKA_API tracebaton_rdkafka_record_t tracebaton_rdkafka_record_of(const char *topic,
                                                                       const rd_kafka_message_t *message);

/**
 * @brief Produce a record in the trace of a message: extracts, makes the context of your span, injects and produces.
 *
 * Your span is the child of the span that produced the message, or the root of a new trace if there is no parent. Both keep
 * the message's baggage.
 *
 * @param rk       Producer.
 * @param record   The record, as for tracebaton_rdkafka_produce().
 * @param message  Message from a consumer that the record results from. It is the parent only: the record has what you put
 *                 into it, such as by tracebaton_rdkafka_record_of().
 * @param trace_id Id of the new trace, if there is no parent.
 * @param span_id  Id of your span.
 * @param flags    Flags of the new trace, as for tracebaton_context_child_or_root().
 * @param written  (out) May be NULL. As for tracebaton_rdkafka_produce(), but TRACEBATON_ROOT instead of 0 if a new trace was
 *                 started. An id of zeros gives TRACEBATON_TRACEPARENT_TRACE_ID_ZERO or _PARENT_ID_ZERO.
 *
 * @returns as tracebaton_rdkafka_produce(). RD_KAFKA_RESP_ERR__TIMED_OUT if \p message is NULL, and \c err of \p message if it
 *          reports an error or an event. RD_KAFKA_RESP_ERR__INVALID_ARG if an id is NULL or zeros.
 *
 * @remark If the program needs the context of its span, such as for a tracer, it calls tracebaton_rdkafka_context(),
 *         tracebaton_context_child_or_root(), tracebaton_injection_prepare() and tracebaton_rdkafka_produce() itself.
 */
TRACEBATON_RDKAFKA_API rd_kafka_resp_err_t tracebaton_rdkafka_produce_child(rd_kafka_t *rk,
                                                                            const tracebaton_rdkafka_record_t *record,
                                                                            const rd_kafka_message_t *message,
                                                                            const tracebaton_trace_id_t *trace_id,
                                                                            const tracebaton_span_id_t *span_id,
                                                                            uint8_t flags, tracebaton_status_t *written);

/**
 * @brief Produce a record with a context among its headers (W1 to W6).
 *
 * @param rk        Producer.
 * @param record    The record. It is not changed, and not used after the call, except that librdkafka uses \c payload with
 *                  RD_KAFKA_MSG_F_FREE, or with neither _FREE nor _COPY.
 * @param injection Injection from tracebaton_injection_prepare() or tracebaton_injection_forward(), written into a copy of
 *                  the headers. NULL: the headers are sent as they are.
 * @param written   (out) May be NULL. Set if the record was enqueued: 0 if it carries the context, TRACEBATON_NO_CONTEXT if
 *                  \p injection has no traceparent, TRACEBATON_RDKAFKA_RECORD_TOO_LARGE if it would have been too large with
 *                  the context and was sent without (W6), TRACEBATON_RDKAFKA_NOT_ADDED if librdkafka did not take a header.
 *                  What \p injection replaces is removed in any case, however many headers that are (W1). Set also if an
 *                  argument was refused, to the status that names it: TRACEBATON_INVALID_ARGUMENT.
 *
 * @returns as rd_kafka_producev(): RD_KAFKA_RESP_ERR_NO_ERROR if the record was enqueued. \c err of \p record if that is set,
 *          and RD_KAFKA_RESP_ERR__INVALID_ARG if \p rk, \p record or its topic is NULL: nothing was produced.
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
 * @brief Write a context into a header list: replace what is there (W1), all or none (W6).
 *
 * Every header with one of the names that \p injection carries is removed, in any letter case; then the new ones are added
 * at the end. The other headers keep their order and bytes. Writing a context twice equals writing it once, unless the list
 * has a name that contains a NUL (see Limitations), so a retry may call this again.
 *
 * @param injection Injection from tracebaton_injection_prepare() or tracebaton_injection_forward(). It is copied.
 * @param headers   Your header list, changed in place.
 *
 * @returns 0, or TRACEBATON_NO_CONTEXT if the injection has no traceparent. TRACEBATON_RDKAFKA_TOO_MANY_HEADERS if the names
 *          of more than TRACEBATON_RDKAFKA_MAX_LOOKUPS headers are, up to their first NUL, among those to remove: the list is
 *          then unchanged. TRACEBATON_RDKAFKA_NOT_ADDED if librdkafka did not take a header: the list then has no context.
 *          The list can be sent in both cases. TRACEBATON_INVALID_ARGUMENT if a pointer is NULL.
 *
 * @remark librdkafka walks through the whole list to remove a header, and to look up whether a name contains a NUL. Without
 *         the limit, the time would grow with the product of all headers and those (R9). tracebaton_rdkafka_produce() has no
 *         limit: it leaves out of its copy what is not to be sent.
 * @remark You keep the list. It may be the list that the context was extracted from; what was extracted is not valid
 *         after the call.
 */
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_inject(const tracebaton_injection_t *injection,
                                                            rd_kafka_headers_t *headers);

/**
 * @brief Write a context into a header list, unless the list already has an accepted traceparent (W4).
 *
 * @param injection As for tracebaton_rdkafka_inject().
 * @param headers   As for tracebaton_rdkafka_inject().
 *
 * @returns TRACEBATON_KEPT if there is one, and the list is unchanged; otherwise as tracebaton_rdkafka_inject().
 */
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_inject_if_absent(const tracebaton_injection_t *injection,
                                                                      rd_kafka_headers_t *headers);

/**
 * @brief Write a context in several formats into a header list: replace what is there, all or none (F13).
 *
 * @param injection Injection from tracebaton_format_injection_prepare(). It is copied.
 * @param headers   As for tracebaton_rdkafka_inject().
 *
 * @returns as tracebaton_rdkafka_inject(); TRACEBATON_NO_CONTEXT if no span was written.
 */
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_inject_formats(const tracebaton_format_injection_t *injection,
                                                                             rd_kafka_headers_t *headers);

/**
 * @brief Remove traceparent, tracestate and baggage from a header list, in any letter case and number.
 *
 * The other headers keep their order and bytes. Use it at a boundary, for a list that is sent to strangers. A record that is
 * produced with a context needs no call: tracebaton_rdkafka_produce() replaces what is there.
 *
 * @param headers Your header list, changed in place.
 *
 * @returns 0. TRACEBATON_RDKAFKA_TOO_MANY_HEADERS, as for tracebaton_rdkafka_inject(): the list is then unchanged, and must
 *          not be sent across the boundary. TRACEBATON_INVALID_ARGUMENT if \p headers is NULL.
 */
TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_strip(rd_kafka_headers_t *headers);

/**
 * @brief Remove the headers of tracing formats from a header list, such as of all that are known.
 *
 * A boundary that no trace may cross needs it: if the headers of B3, Datadog or others stay in a record that is sent on, the
 * next consumer of that format continues the old trace.
 *
 * @param headers Your header list, changed in place.
 * @param formats The formats, such as TRACEBATON_FORMATS_ALL.
 *
 * @returns as tracebaton_rdkafka_strip().
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
