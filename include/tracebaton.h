/**
 * @file tracebaton.h
 *
 * @brief The C library of tracebaton: carries a trace across Kafka in the headers of records.
 *
 * It reads and writes W3C traceparent, tracestate and baggage. tracebaton_rdkafka.h is the same for the messages and
 * header lists of librdkafka, tracebaton.hpp for C++17. Copyright of its authors; MIT or Apache-2.0, as you choose.
 *
 *
 * A hop, from a consumed record to a produced one
 *
 *     tracebaton_headers_extract(headers, count, &received); // never fails on bytes: its verdicts tell what was refused
 *     if (tracebaton_context_child_or_root(&received.context, &trace_id, &span_id, flags, &span) < 0)
 *         return 1; // an id of zeros
 *     tracebaton_injection_prepare(&span, &injection);
 *     if (tracebaton_headers_inject(&injection, headers, &count, capacity) == TRACEBATON_HEADERS_FULL)
 *         fprintf(stderr, "no room: sent without a context\n");
 *
 *
 * Functions at a glance
 *
 *     Reading
 *       tracebaton_headers_extract              context of a record, and a verdict for each of its three headers
 *       tracebaton_reader_add                   the same header by header: adds one
 *       tracebaton_reader_finish                the same header by header: finds the context
 *       tracebaton_header_name_of               which of the three headers a name is
 *     Contexts
 *       tracebaton_context_child_or_root        context of your span: a child, or the root of a new trace
 *       tracebaton_context_child                a child
 *       tracebaton_context_restart              the root of a new trace
 *       tracebaton_context_admit                the part of a context that a trust policy admits
 *       tracebaton_context_copy                 a copy that outlives its record, for a retry or another thread
 *       tracebaton_context_copy_size            size of the buffer for the copy
 *       tracebaton_links_start                  span contexts of a batch, for links: begins an empty list
 *       tracebaton_links_add                    span contexts of a batch, for links: adds one
 *       tracebaton_traceparent_parse            context from a traceparent outside of a record
 *       tracebaton_traceparent_format           traceparent of a context
 *       tracebaton_trace_id_generate            trace id from random bytes
 *       tracebaton_span_id_generate             span id from random bytes
 *       tracebaton_trace_id_from_hex            trace id from hexadecimal
 *       tracebaton_span_id_from_hex             span id from hexadecimal
 *       tracebaton_trace_id_to_hex              trace id in hexadecimal
 *       tracebaton_span_id_to_hex               span id in hexadecimal
 *     Writing
 *       tracebaton_injection_prepare            what makes a context the parent of the consumer
 *       tracebaton_injection_forward            what a relay without a span of its own passes on
 *       tracebaton_injection_trace_context_only the same without baggage
 *       tracebaton_injection_baggage_only       the same without traceparent and tracestate
 *       tracebaton_headers_inject               writes an injection into an array of headers
 *       tracebaton_headers_inject_if_absent     the same, unless there is a context already
 *       tracebaton_headers_strip                removes all three headers from an array, at a boundary
 *       tracebaton_injection_headers            for other lists: the headers to add
 *       tracebaton_injection_replaces           for other lists: the headers to remove before
 *     Tracestate, one member for each vendor
 *       tracebaton_tracestate_next              reads the members
 *       tracebaton_tracestate_get               finds a member
 *       tracebaton_tracestate_insert            adds or updates your member
 *       tracebaton_tracestate_delete            deletes a member
 *       tracebaton_tracestate_truncate          shortens the list
 *     Baggage, the application's own values
 *       tracebaton_baggage_next                 reads the members
 *       tracebaton_baggage_get                  finds a member
 *       tracebaton_baggage_value                decodes the value of a member
 *       tracebaton_baggage_property_next        reads the properties of a member
 *       tracebaton_baggage_property_value       decodes the value of a property
 *       tracebaton_baggage_set                  adds or updates a member
 *       tracebaton_baggage_remove               removes a member
 *       tracebaton_baggage_build                builds a list
 *     Other formats: B3, Datadog, Jaeger and more
 *       tracebaton_headers_choose               context of a record from the first of several formats that has one
 *       tracebaton_format_injection_prepare     what makes a context the parent, in several formats
 *       tracebaton_headers_inject_formats       writes such an injection into an array of headers
 *       tracebaton_headers_strip_formats        removes the headers of formats, or of all, from an array
 *       tracebaton_header_format_of             format that a header belongs to
 *       tracebaton_format_name                  name of a format
 *       tracebaton_format_of_name               format with a name
 *       tracebaton_format_rule_name             name of a rule that a format breaks
 *     Statuses, time, versions
 *       tracebaton_status_name                  short name of a status
 *       tracebaton_status_message               meaning of a status in English
 *       tracebaton_queue_time_between           how long a record waited in its topic
 *       tracebaton_version                      version of the linked library
 *       tracebaton_version_number               the same as a number
 *
 *
 * Laws, which hold for every function
 *
 * 1. The library allocates nothing, and you free nothing. Structs live where you put them, such as on the stack.
 * 2. The library keeps nothing between calls: no handle, no global state, no clock, no source of randomness, no log.
 * 3. Every text has a size, and none needs a terminator. Sizes are in bytes. TRACEBATON_STR gives both of a literal.
 * 4. (NULL, 0) is an empty text, and a pointer with a size of 0 is not read. Headers are different: a value that is NULL is
 *    Kafka's null, any other pointer with a size of 0 is an empty value, and a name that is NULL is no name that is known.
 *    Every other pointer must not be NULL unless its description says so. An invalid argument, such as NULL, gives
 *    TRACEBATON_INVALID_ARGUMENT_1 if it is the first one, _2 for the second and so on. The descriptions call these
 *    statuses TRACEBATON_INVALID_ARGUMENT.
 * 5. Pointers in results point into the input. They are valid until the input is freed or modified. Static strings, which
 *    live as long as the program, are the exception.
 * 6. 0 is success. A positive status is a normal outcome other than success, such as no parent; the description of the
 *    function says what the outputs hold. A negative status is an error, and outputs, marked (out) or (in, out), are
 *    unchanged. Two exceptions: TRACEBATON_HEADERS_FULL, see tracebaton_headers_inject(), and a buffer for text, which a
 *    failed call may have written in part unless a list in it is changed in place.
 * 7. Inputs are read before outputs are written, so that an output may be the same struct as an input. A
 *    buffer, an array or an output that overlaps another output, or an argument that the result points to, gives
 *    TRACEBATON_OVERLAP, and nothing is changed. There is one exception, which allows several changes in one buffer: a list
 *    that begins where the buffer for the changed list does is changed in place.
 * 8. What you pass is checked again: ids, the tracestate and baggage of a context, constants. What the library writes is
 *    always valid. A list that the library itself put into a struct is not read again while its address and size are the
 *    same, which the field checked tells. Do not modify its bytes (law 5): they would be sent as they are, though no
 *    function would crash or read out of bounds. If you modify them, set checked to 0, and all lists are checked again.
 * 9. Whatever the bytes of headers are, no function crashes, reads out of bounds or hangs. The time grows with the number
 *    of headers and the bytes of at most three values, each of at most 8192 bytes.
 * 10. Any thread may call any function at any time, as long as no other thread writes what the call reads.
 *
 * You must ensure that a pointer leads to as many bytes or elements as its size or count says; that structs and arrays do not
 * overlap the values of headers, which are pointed to but no arguments; and that structs which you fill begin as zeros: their
 * reserved bytes may mean something in a later version.
 *
 *
 * Linking
 *
 * make -C ffi install puts the library, its headers and its manual in place; then:
 * cc program.c $(pkg-config --cflags --libs tracebaton)
 *
 * The library calls memcpy and its like, and nothing else. The archive is one object: with -Wl,--gc-sections a program
 * takes only what it calls. ffi/README.md has the rest.
 *
 *
 * Rules
 *
 * The rules are those of W3C Trace Context Level 2 and W3C Baggage; where they leave something open, those of PROFILE.md.
 * Names are compared in any letter case. If several headers have one name, the last that is not null counts. Exactly the
 * grammar is accepted. No other header is touched.
 */

#ifndef TRACEBATON_H
#define TRACEBATON_H

/* Written by cbindgen from ffi/tracebaton.h.in and ffi/src; to change it, change those, and run
 * TRACEBATON_BLESS=1 cargo test -p tracebaton-ffi --test header */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief A string literal as two arguments, its pointer and its size: tracebaton_baggage_get(&context,
 * TRACEBATON_STR("tenant"), &member). It also initialises two fields of a struct.
 */
#define TRACEBATON_STR(literal) ("" literal ""), (sizeof("" literal "") - 1)

/**
 * @brief The result of a function: 0 is success, a positive number another normal outcome, a negative number an error.
 *
 * Its values are those of enum tracebaton_status, at the end of this file. A later version may add values, and never
 * changes or reuses one: treat an unknown positive value as success and an unknown negative value as an error.
 */
typedef int32_t tracebaton_status_t;

/**
 * @name Ids
 * @{
 */

/**
 * @brief Size of a trace id, in bytes.
 */
#define TRACEBATON_TRACE_ID_SIZE 16

/**
 * @brief Size of a span id, in bytes.
 */
#define TRACEBATON_SPAN_ID_SIZE 8

/**
 * @brief Size of a trace id in hexadecimal, in bytes.
 */
#define TRACEBATON_TRACE_ID_HEX_SIZE 32

/**
 * @brief Size of a span id in hexadecimal, in bytes.
 */
#define TRACEBATON_SPAN_ID_HEX_SIZE 16

/**
 * @brief 16 random bytes for a trace id.
 *
 * Fill them from a good source of randomness, such as getrandom(): the library has none of its own.
 */
typedef struct tracebaton_trace_id_random_t {
    /**
     * The bytes.
     */
    uint8_t bytes[TRACEBATON_TRACE_ID_SIZE];
} tracebaton_trace_id_random_t;

/**
 * @brief The id of a trace: 16 bytes in the order of its digits, not all zeros.
 */
typedef struct tracebaton_trace_id_t {
    /**
     * The bytes.
     */
    uint8_t bytes[TRACEBATON_TRACE_ID_SIZE];
} tracebaton_trace_id_t;

/**
 * @brief 8 random bytes for a span id; see tracebaton_trace_id_random_t.
 */
typedef struct tracebaton_span_id_random_t {
    /**
     * The bytes.
     */
    uint8_t bytes[TRACEBATON_SPAN_ID_SIZE];
} tracebaton_span_id_random_t;

/**
 * @brief The id of a span: 8 bytes in the order of its digits, not all zeros.
 */
typedef struct tracebaton_span_id_t {
    /**
     * The bytes.
     */
    uint8_t bytes[TRACEBATON_SPAN_ID_SIZE];
} tracebaton_span_id_t;

/**
 * @brief Makes a trace id from random bytes: the bytes themselves, or 1 if all of them are zero, which is not an id.
 *
 * @param random The random bytes.
 * @param trace_id (out) The id.
 *
 * @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
 *
 * @remark Set TRACEBATON_FLAG_RANDOM in the flags of a trace with such an id.
 */
tracebaton_status_t tracebaton_trace_id_generate(const tracebaton_trace_id_random_t *random,
                                                 tracebaton_trace_id_t *trace_id);

/**
 * @brief Makes a span id from random bytes: the bytes themselves, or 1 if all of them are zero, which is not an id.
 *
 * @param random The random bytes.
 * @param span_id (out) The id.
 *
 * @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_span_id_generate(const tracebaton_span_id_random_t *random,
                                                tracebaton_span_id_t *span_id);

/**
 * @brief Writes a trace id in lower-case hexadecimal.
 *
 * @param trace_id The id.
 * @param hex (out) Room for TRACEBATON_TRACE_ID_HEX_SIZE bytes; no NUL is added.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_TRACEPARENT_TRACE_ID_ZERO, TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_trace_id_to_hex(const tracebaton_trace_id_t *trace_id,
                                               char *hex);

/**
 * @brief Writes a span id in lower-case hexadecimal.
 *
 * @param span_id The id.
 * @param hex (out) Room for TRACEBATON_SPAN_ID_HEX_SIZE bytes; no NUL is added.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_TRACEPARENT_PARENT_ID_ZERO, TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_span_id_to_hex(const tracebaton_span_id_t *span_id,
                                              char *hex);

/**
 * @brief Reads a trace id from 32 lower-case hexadecimal digits.
 *
 * @param hex The digits. May be NULL if \p hex_size is 0.
 * @param hex_size Number of digits.
 * @param trace_id (out) The id.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_TRACEPARENT_TRACE_ID, TRACEBATON_TRACEPARENT_TRACE_ID_ZERO,
 * TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_trace_id_from_hex(const char *hex,
                                                 size_t hex_size,
                                                 tracebaton_trace_id_t *trace_id);

/**
 * @brief Reads a span id from 16 lower-case hexadecimal digits.
 *
 * @param hex The digits. May be NULL if \p hex_size is 0.
 * @param hex_size Number of digits.
 * @param span_id (out) The id.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_TRACEPARENT_PARENT_ID, TRACEBATON_TRACEPARENT_PARENT_ID_ZERO,
 * TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_span_id_from_hex(const char *hex,
                                                size_t hex_size,
                                                tracebaton_span_id_t *span_id);

/**@}*/


/**
 * @name Contexts
 * @{
 */

/**
 * @brief Trace flag: the span may have been recorded (W3C Trace Context Level 2, 3.2.2.5.1).
 */
#define TRACEBATON_FLAG_SAMPLED 1

/**
 * @brief Trace flag: the right-most 7 bytes of the trace id are random (3.2.2.5.2).
 */
#define TRACEBATON_FLAG_RANDOM 2

/**
 * @brief The context of one record: a span context (ids, flags and tracestate), baggage, both or neither.
 *
 * Ids and flags are held by value. tracestate and baggage are borrowed: they point into the record that was read or the
 * buffer that was written, and are valid until that is freed or modified.
 *
 * A program may fill one itself, from zeros. The ids, the tracestate and the baggage are checked when it is used, except
 * for lists that the library itself put there.
 */
typedef struct tracebaton_context_t {
    /**
     * The trace. If both ids are zeros there is no span context, and trace_flags and tracestate are ignored.
     */
    tracebaton_trace_id_t trace_id;
    /**
     * The span: the producer's, or the one that is about to produce.
     */
    tracebaton_span_id_t span_id;
    /**
     * TRACEBATON_FLAG_SAMPLED, TRACEBATON_FLAG_RANDOM, both or neither; other bits are not written.
     */
    uint8_t trace_flags;
    /**
     * Reserved for more facts about the span: zeros.
     */
    uint8_t reserved[3];
    /**
     * Zero in a context that you fill. The library notes here that it has checked tracestate and baggage; see law 8.
     */
    uint32_t checked;
    /**
     * Value of a tracestate header, one member for each vendor. May be NULL if its size is 0.
     */
    const char *tracestate;
    /**
     * Its size, in bytes.
     */
    size_t tracestate_size;
    /**
     * Value of a baggage header, the application's own values. May be NULL if its size is 0.
     */
    const char *baggage;
    /**
     * Its size, in bytes.
     */
    size_t baggage_size;
} tracebaton_context_t;

/**
 * @brief Makes the context of a child span: the same trace, flags, tracestate and baggage, another span id.
 *
 * To change the sampled flag, change it in the child's trace_flags: W3C allows that together with a new span id (3.4).
 *
 * @param context Context of the parent.
 * @param span_id Id of the child, not all zeros; see tracebaton_span_id_generate().
 * @param child (out) Context of the child; may be \p context itself. Its pointers are those of \p context.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no span context: then \p child has only the baggage.
 * Negative: TRACEBATON_TRACEPARENT_PARENT_ID_ZERO, or what is wrong with \p context.
 */
tracebaton_status_t tracebaton_context_child(const tracebaton_context_t *context,
                                             const tracebaton_span_id_t *span_id,
                                             tracebaton_context_t *child);

/**
 * @brief Makes the context of a span: a child of the record's span, or the root of a new trace if there is no parent.
 *
 * This is what a consumer calls for every record. The child is that of tracebaton_context_child(), the root that of
 * tracebaton_context_restart(). The baggage is kept in both.
 *
 * @param context Context of the record; zeros if there is no record.
 * @param trace_id Id of the new trace if there is no parent, not all zeros; see tracebaton_trace_id_generate().
 * @param span_id Id of the span, not all zeros; see tracebaton_span_id_generate().
 * @param trace_flags Flags of the new trace if there is no parent. A service without a sampler passes
 * TRACEBATON_FLAG_SAMPLED | TRACEBATON_FLAG_RANDOM: samplers further on follow the sampled flag of their parent, so an
 * unsampled root would drop the whole trace. A service with a sampler passes its decision.
 * @param span (out) Context of the span; may be \p context itself. Its pointers are those of \p context.
 *
 * @returns TRACEBATON_OK for a child, TRACEBATON_ROOT for the root of a new trace. Negative:
 * TRACEBATON_TRACEPARENT_TRACE_ID_ZERO or TRACEBATON_TRACEPARENT_PARENT_ID_ZERO if an id is all zeros, even if it is not
 * used, or what is wrong with \p context.
 */
tracebaton_status_t tracebaton_context_child_or_root(const tracebaton_context_t *context,
                                                     const tracebaton_trace_id_t *trace_id,
                                                     const tracebaton_span_id_t *span_id,
                                                     uint8_t trace_flags,
                                                     tracebaton_context_t *span);

/**
 * @brief Makes the context of the root span of a new trace, without tracestate. The baggage is kept.
 *
 * @param context Context whose baggage is kept, or NULL for none.
 * @param trace_id Id of the new trace, not all zeros; see tracebaton_trace_id_generate().
 * @param span_id Id of the root span, not all zeros; see tracebaton_span_id_generate().
 * @param trace_flags TRACEBATON_FLAG_SAMPLED if the span is recorded, TRACEBATON_FLAG_RANDOM if the trace id is random.
 * @param root (out) Context of the root span; may be \p context itself. Its baggage is that of \p context.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_TRACEPARENT_TRACE_ID_ZERO, TRACEBATON_TRACEPARENT_PARENT_ID_ZERO, or
 * what is wrong with \p context.
 */
tracebaton_status_t tracebaton_context_restart(const tracebaton_context_t *context,
                                               const tracebaton_trace_id_t *trace_id,
                                               const tracebaton_span_id_t *span_id,
                                               uint8_t trace_flags,
                                               tracebaton_context_t *root);

/**
 * @brief How far a consumer trusts the producer of a record (W3C Trace Context Level 2, 6 and 7).
 */
typedef enum tracebaton_trust_policy {
    /**
     * The received context is the parent, unchanged.
     */
    TRACEBATON_TRUST_CONTINUE = 0,
    /**
     * The received context is the parent; the consumer has decided to sample.
     */
    TRACEBATON_TRUST_CONTINUE_SAMPLED = 1,
    /**
     * The received context is the parent; the consumer has decided not to sample.
     */
    TRACEBATON_TRUST_CONTINUE_NOT_SAMPLED = 2,
    /**
     * The consumer starts a new trace that links to the received span. The baggage is dropped.
     */
    TRACEBATON_TRUST_RESTART_WITH_LINK = 3,
    /**
     * The consumer starts a new trace and uses nothing of the received context.
     */
    TRACEBATON_TRUST_IGNORE = 4,
} tracebaton_trust_policy;

/**
 * @brief How far a consumer trusts the producer of a record: one of enum tracebaton_trust_policy.
 */
typedef int32_t tracebaton_trust_policy_t;

/**
 * @brief The part of a received context that a trust policy admits: a parent or a link, never both, and baggage.
 */
typedef struct tracebaton_admitted_t {
    /**
     * The parent of the consumer's span, and the baggage to pass on.
     */
    tracebaton_context_t parent;
    /**
     * The span that the consumer's span, the root of a new trace, links to. It has no baggage.
     */
    tracebaton_context_t link;
} tracebaton_admitted_t;

/**
 * @brief Takes from a received context the part that a trust policy admits.
 *
 * @param context Context of the record.
 * @param policy How far its producer is trusted: one of enum tracebaton_trust_policy.
 * @param admitted (out) The admitted part. Its pointers are those of \p context.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no parent: the consumer's span is the root of a new trace.
 * Negative: TRACEBATON_INVALID_ARGUMENT, or what is wrong with \p context.
 */
tracebaton_status_t tracebaton_context_admit(const tracebaton_context_t *context,
                                             tracebaton_trust_policy_t policy,
                                             tracebaton_admitted_t *admitted);

/**
 * @brief Size of the buffer that tracebaton_context_copy() needs, in bytes.
 *
 * @param context The context.
 *
 * @returns the size; 0 if the context has neither tracestate nor baggage, and for an invalid pointer.
 */
size_t tracebaton_context_copy_size(const tracebaton_context_t *context);

/**
 * @brief Copies a context with its tracestate and baggage, so that it outlives its record.
 *
 * For a retry, a queue or another thread. An assignment copies the struct alone, whose pointers still point into the record.
 *
 *     size_t size = tracebaton_context_copy_size(&received.context);
 *     char *buffer = malloc(size);
 *     tracebaton_context_t kept;
 *     tracebaton_context_copy(&received.context, buffer, size, &kept); // kept is valid until buffer is freed
 *
 * @param context The context.
 * @param buffer (out) Room for the tracestate and the baggage. May be NULL if \p capacity is 0. It must live as long as the
 * copy, and must not overlap \p context, what it points to, or \p copy.
 * @param capacity The size of the buffer, in bytes: tracebaton_context_copy_size(); TRACEBATON_TRACESTATE_MAX_SIZE +
 * TRACEBATON_BAGGAGE_MAX_SIZE is always enough.
 * @param copy (out) The copy; may be \p context itself. Its pointers point into \p buffer.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT, or what
 * is wrong with \p context.
 */
tracebaton_status_t tracebaton_context_copy(const tracebaton_context_t *context,
                                            char *buffer,
                                            size_t capacity,
                                            tracebaton_context_t *copy);

/**
 * @brief The distinct span contexts of a batch, for the links of the span that processes it.
 *
 * All memory is yours: an array for the links, and a buffer for their tracestates. tracebaton_links_start() makes it, and
 * makes it empty again for the next batch.
 */
typedef struct tracebaton_links_t {
    /**
     * The links in the order in which they were added, without baggage. Their tracestates are in the buffer.
     */
    tracebaton_context_t *links;
    /**
     * Number of links.
     */
    size_t link_count;
    /**
     * Number of links that the array has room for.
     */
    size_t link_capacity;
    /**
     * Number of span contexts that found no room.
     */
    size_t dropped;
    /**
     * Number of links without the tracestate that they had, because the buffer had no room for it.
     */
    size_t dropped_tracestates;
    /**
     * The buffer for the tracestates.
     */
    char *tracestates;
    /**
     * Number of bytes of the buffer that are used.
     */
    size_t tracestates_size;
    /**
     * The size of the buffer, in bytes.
     */
    size_t tracestates_capacity;
} tracebaton_links_t;

/**
 * @brief Makes links without a link.
 *
 *     tracebaton_context_t array[128];
 *     char tracestates[8192];
 *     tracebaton_links_t links;
 *     tracebaton_links_start(array, 128, tracestates, sizeof tracestates, &links);
 *     for (i = 0; i < record_count; i++)
 *         tracebaton_links_add(&links, &received[i].context);
 *     // links.links[0] to links.links[links.link_count - 1]; links.dropped were too many
 *
 * @param array Room for the links, which need not be initialised. May be NULL if \p capacity is 0.
 * @param capacity Number of links that the array has room for.
 * @param tracestates Room for the tracestates of all links. May be NULL if \p tracestates_capacity is 0: then the links
 * have ids and flags only, which is what a link is for.
 * @param tracestates_capacity The size of the room, in bytes.
 * @param links (out) The links. It must not overlap the array or the room.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_links_start(tracebaton_context_t *array,
                                           size_t capacity,
                                           char *tracestates,
                                           size_t tracestates_capacity,
                                           tracebaton_links_t *links);

/**
 * @brief Adds the span context of a record to the links, unless its span is among them already.
 *
 * A tracestate that finds no room is left out of its link, and counted. The time grows with the number of links.
 *
 * @param links (in, out) The links.
 * @param context Context of the record. It is copied.
 *
 * @returns TRACEBATON_OK; TRACEBATON_NO_CONTEXT if there is no span context; TRACEBATON_KEPT if the span is among the links
 * already; TRACEBATON_LINKS_FULL if there is no room: the link is counted as dropped. Negative: TRACEBATON_OVERLAP,
 * TRACEBATON_INVALID_ARGUMENT, or what is wrong with \p context.
 */
tracebaton_status_t tracebaton_links_add(tracebaton_links_t *links,
                                         const tracebaton_context_t *context);

/**
 * @brief Reads a traceparent that did not come in a record.
 *
 * @param value The value. May be NULL if \p value_size is 0.
 * @param value_size Its size, in bytes.
 * @param context (out) A context with these ids and flags, without tracestate and baggage.
 *
 * @returns TRACEBATON_OK. Negative: the first rule that the value breaks, or TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_traceparent_parse(const char *value,
                                                 size_t value_size,
                                                 tracebaton_context_t *context);

/**
 * @brief Writes the traceparent of a context: version 00, lower case.
 *
 * @param context The context, of which only the ids and flags are read.
 * @param value (out) Room for TRACEBATON_TRACEPARENT_SIZE bytes; no NUL is added. It may overlap \p context, which is
 * read first.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no span context: then \p value is unchanged. Negative:
 * TRACEBATON_TRACEPARENT_TRACE_ID_ZERO or TRACEBATON_TRACEPARENT_PARENT_ID_ZERO if only one id is all zeros, or
 * TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_traceparent_format(const tracebaton_context_t *context,
                                                  char *value);

/**@}*/


/**
 * @name Reading
 * @{
 */

/**
 * @brief The names of the three headers, in the order in which they are written.
 */
typedef enum tracebaton_header_name {
    /**
     * Another name.
     */
    TRACEBATON_NAME_OTHER = 0,
    /**
     * "traceparent"
     */
    TRACEBATON_NAME_TRACEPARENT = 1,
    /**
     * "tracestate"
     */
    TRACEBATON_NAME_TRACESTATE = 2,
    /**
     * "baggage"
     */
    TRACEBATON_NAME_BAGGAGE = 3,
} tracebaton_header_name;

/**
 * @brief Which of the three headers a name is: one of enum tracebaton_header_name.
 */
typedef int32_t tracebaton_header_name_t;

/**
 * @brief One header of a Kafka record.
 *
 * Neither part needs a terminator. As in librdkafka, a value is one of three: bytes; empty, which is a size of 0 and any
 * pointer but NULL; or null, which is the pointer NULL.
 *
 * @remark In an initialiser, TRACEBATON_STR gives both the pointer and the size of a part:
 * {TRACEBATON_STR("tenant"), TRACEBATON_STR("7")}.
 */
typedef struct tracebaton_header_t {
    /**
     * Name, any bytes. May be NULL if its size is 0.
     */
    const char *name;
    /**
     * Size of the name, in bytes.
     */
    size_t name_size;
    /**
     * Value, any bytes; NULL is Kafka's null.
     */
    const void *value;
    /**
     * Size of the value, in bytes; ignored if the value is null.
     */
    size_t value_size;
} tracebaton_header_t;

/**
 * @brief Recognises one of the three names, in any letter case and as a whole.
 *
 * @param name Name of a header. May be NULL if \p name_size is 0.
 * @param name_size Its size, in bytes: strlen(name) for a string.
 *
 * @returns one of enum tracebaton_header_name; TRACEBATON_NAME_OTHER for any other name, and for an invalid pointer or
 * size.
 */
tracebaton_header_name_t tracebaton_header_name_of(const char *name,
                                                   size_t name_size);

/**
 * @brief The verdict on one of the three headers.
 */
typedef struct tracebaton_verdict_t {
    /**
     * TRACEBATON_OK: accepted. TRACEBATON_ABSENT: there is none. Negative: refused; the first rule that is broken.
     */
    tracebaton_status_t status;
    /**
     * Offset in the value, in bytes, at which a refused header breaks the rule.
     */
    uint32_t offset;
    /**
     * Index of an accepted or refused header in the record, from 0.
     */
    size_t index;
} tracebaton_verdict_t;

/**
 * @brief The result of reading one record: its context, and a verdict for each of the three headers.
 */
typedef struct tracebaton_extracted_t {
    /**
     * The context: what was accepted, everything else zeros. Its pointers point into the record's values.
     */
    tracebaton_context_t context;
    /**
     * The traceparent header.
     */
    tracebaton_verdict_t traceparent;
    /**
     * The tracestate header; absent as well if no traceparent was accepted.
     */
    tracebaton_verdict_t tracestate;
    /**
     * The baggage header.
     */
    tracebaton_verdict_t baggage;
    /**
     * Value of an accepted traceparent as it came, for tracebaton_injection_forward(); otherwise NULL.
     */
    const char *traceparent_value;
    /**
     * Its size, in bytes: 55, or more in a version above 0.
     */
    size_t traceparent_value_size;
    /**
     * Version of an accepted traceparent, 0 to 254.
     */
    uint8_t traceparent_version;
    /**
     * Reserved for more facts about the record: zeros.
     */
    uint8_t reserved[3];
    /**
     * The library notes here that it has accepted traceparent_value; see law 8.
     */
    uint32_t checked;
} tracebaton_extracted_t;

/**
 * @brief Reads the headers of a record one by one, for a program that has no array of them.
 *
 * It begins as zeros: tracebaton_reader_t reader = {0}; Its fields are for the functions below and for the headers of this library only.
 */
typedef struct tracebaton_reader_t {
    /**
     * The last values that are not null of traceparent, tracestate and baggage.
     */
    const void *values[3];
    /**
     * Their sizes, in bytes.
     */
    size_t sizes[3];
    /**
     * Their indexes in the record.
     */
    size_t indexes[3];
    /**
     * Number of headers that were added.
     */
    size_t header_count;
} tracebaton_reader_t;

/**
 * @brief Finds the context of a record in its headers.
 *
 * Never fails on the bytes of headers: it gives the context that could be read, and a verdict for each of the three
 * headers. Names are compared in any letter case. If several headers have one name, the last whose value is not null
 * counts. The time grows with the number of headers and the bytes of at most three values.
 *
 * @param headers Headers of the record. May be NULL if \p header_count is 0.
 * @param header_count Number of headers.
 * @param extracted (out) The context and the verdicts. Its pointers point into the values of \p headers; the array itself
 * and the names are no longer needed.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no traceparent was accepted; there may be baggage all the same.
 * Negative: only TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_headers_extract(const tracebaton_header_t *headers,
                                               size_t header_count,
                                               tracebaton_extracted_t *extracted);

/**
 * @brief Adds the next header of a record.
 *
 * @param reader (in, out) What was read so far.
 * @param name Name of the header. May be NULL if \p name_size is 0.
 * @param name_size Its size, in bytes: strlen(name) for a string.
 * @param value Value of the header; NULL is Kafka's null. It must live as long as the context that is read from it.
 * @param value_size Its size, in bytes.
 *
 * @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT, and TRACEBATON_OVERLAP if \p value overlaps \p reader.
 */
tracebaton_status_t tracebaton_reader_add(tracebaton_reader_t *reader,
                                          const char *name,
                                          size_t name_size,
                                          const void *value,
                                          size_t value_size);

/**
 * @brief Finds the context in the headers that were added: tracebaton_headers_extract() without an array.
 *
 * @param reader The headers of the record.
 * @param extracted (out) The context and the verdicts. Its pointers point into the values that were added.
 *
 * @returns as tracebaton_headers_extract().
 */
tracebaton_status_t tracebaton_reader_finish(const tracebaton_reader_t *reader,
                                             tracebaton_extracted_t *extracted);

/**@}*/


/**
 * @name Writing
 * @{
 */

/**
 * @brief Size of a traceparent as the library writes it, in bytes.
 */
#define TRACEBATON_TRACEPARENT_SIZE 55

/**
 * @brief Most headers that are added to one record: traceparent, tracestate and baggage.
 */
#define TRACEBATON_MAX_HEADERS 3

/**
 * @brief Flag of an injection: traceparent and tracestate are replaced.
 */
#define TRACEBATON_CARRIES_TRACE_CONTEXT 1

/**
 * @brief Flag of an injection: baggage is replaced.
 */
#define TRACEBATON_CARRIES_BAGGAGE 2

/**
 * @brief What one record is to carry, from tracebaton_injection_prepare() or tracebaton_injection_forward().
 *
 * It holds the bytes of a traceparent and borrows the rest. It must stay where it is until the headers that were made from
 * it are sent or copied. It may be written into any number of records. Its fields are for reading.
 */
typedef struct tracebaton_injection_t {
    /**
     * The traceparent, unless one is forwarded.
     */
    char traceparent[TRACEBATON_TRACEPARENT_SIZE];
    /**
     * Which headers are replaced: TRACEBATON_CARRIES_TRACE_CONTEXT, TRACEBATON_CARRIES_BAGGAGE, both or neither.
     */
    uint8_t carries;
    /**
     * The traceparent that is forwarded as it came, or NULL.
     */
    const char *forwarded_traceparent;
    /**
     * Size of whichever traceparent it is, in bytes; 0: there is none.
     */
    size_t traceparent_size;
    /**
     * The tracestate.
     */
    const char *tracestate;
    /**
     * Its size, in bytes; 0: there is none.
     */
    size_t tracestate_size;
    /**
     * The baggage.
     */
    const char *baggage;
    /**
     * Its size, in bytes; 0: there is none.
     */
    size_t baggage_size;
} tracebaton_injection_t;

/**
 * @brief Prepares the injection that makes a context the parent of the record's consumer.
 *
 * The context is checked, so that what is written is always valid: a traceparent of version 00, and no tracestate and no
 * baggage without members.
 *
 * @param context The context.
 * @param injection (out) The injection. It borrows the tracestate and the baggage of \p context, not the struct itself.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no span context: then only baggage is replaced, if the
 * context has any, and traceparent and tracestate of the record stay. Negative: what is wrong with \p context.
 */
tracebaton_status_t tracebaton_injection_prepare(const tracebaton_context_t *context,
                                                 tracebaton_injection_t *injection);

/**
 * @brief Prepares the injection of a relay without a span of its own: accepted values byte for byte, refused ones removed.
 *
 * All three headers are replaced, so that nothing but the accepted values is sent. A relay that has a span writes a child
 * instead: tracebaton_context_child_or_root().
 *
 * @param extracted What was extracted from the record: its traceparent_value, and the tracestate and baggage of its
 * context are forwarded. They are checked again if they were changed.
 * @param injection (out) The injection. It borrows the record's values.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no traceparent was accepted: then only baggage is written, if there
 * is any, and traceparent and tracestate are removed. Negative: \p extracted was changed since, and what is wrong with it.
 */
tracebaton_status_t tracebaton_injection_forward(const tracebaton_extracted_t *extracted,
                                                 tracebaton_injection_t *injection);

/**
 * @brief Restricts an injection to traceparent and tracestate: a record's baggage is neither replaced nor removed.
 *
 * @param injection (in, out) The injection.
 *
 * @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_injection_trace_context_only(tracebaton_injection_t *injection);

/**
 * @brief Restricts an injection to baggage: a record's traceparent and tracestate are neither replaced nor removed.
 *
 * After tracebaton_injection_trace_context_only() nothing is left, and the record is not changed.
 *
 * @param injection (in, out) The injection.
 *
 * @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_injection_baggage_only(tracebaton_injection_t *injection);

/**
 * @brief Gives the headers to add to a record, for a program whose headers are not an array of tracebaton_header_t.
 *
 * Before they are added, remove those that tracebaton_injection_replaces().
 *
 * @param injection The injection.
 * @param headers (out) Room for TRACEBATON_MAX_HEADERS headers. They point into \p injection and what it borrows; their
 * names end with a NUL and live as long as the program.
 *
 * @returns the number of headers, 0 to 3; also 0 for an invalid pointer, and if \p headers overlaps \p injection.
 */
size_t tracebaton_injection_headers(const tracebaton_injection_t *injection,
                                    tracebaton_header_t *headers);

/**
 * @brief Tells whether a header must be removed before those of an injection are added, by its name in any letter case.
 *
 * @param injection The injection.
 * @param name Name of the header. May be NULL if \p name_size is 0.
 * @param name_size Its size, in bytes: strlen(name) for a string.
 *
 * @returns 1 if it must be removed, otherwise 0; also 0 for an invalid pointer.
 */
int tracebaton_injection_replaces(const tracebaton_injection_t *injection,
                                  const char *name,
                                  size_t name_size);

/**
 * @brief Writes an injection into an array of headers: replaces what is there, all or none.
 *
 * Every header whose name is carried is removed, whatever its letter case and however many there are. Then those of the
 * injection are added at the end, in the order traceparent, tracestate, baggage. All others keep their order, their
 * pointers and their bytes. Injecting twice equals injecting once.
 *
 * @param injection The injection. The array then points into it: it must live until the array is no longer used.
 * @param headers (in, out) Headers of the record. May be NULL if \p capacity is 0.
 * @param header_count (in, out) Number of headers. There is always enough room for TRACEBATON_MAX_HEADERS more.
 * @param capacity Number of headers that the array has room for.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if the injection has no traceparent: what it replaces is replaced, and
 * one that replaces nothing changes nothing. Negative: TRACEBATON_HEADERS_FULL if there is no room for all of them; the
 * array and \p header_count are then without the headers that would have been replaced, and the record can still be sent.
 * TRACEBATON_OVERLAP or TRACEBATON_INVALID_ARGUMENT, which change nothing.
 */
tracebaton_status_t tracebaton_headers_inject(const tracebaton_injection_t *injection,
                                              tracebaton_header_t *headers,
                                              size_t *header_count,
                                              size_t capacity);

/**
 * @brief tracebaton_headers_inject(), unless the record already has an accepted traceparent: the context of its creator
 * is kept.
 *
 * @param injection As for tracebaton_headers_inject().
 * @param headers As for tracebaton_headers_inject().
 * @param header_count As for tracebaton_headers_inject().
 * @param capacity As for tracebaton_headers_inject().
 *
 * @returns as tracebaton_headers_inject(), or TRACEBATON_KEPT if nothing was changed.
 */
tracebaton_status_t tracebaton_headers_inject_if_absent(const tracebaton_injection_t *injection,
                                                        tracebaton_header_t *headers,
                                                        size_t *header_count,
                                                        size_t capacity);

/**
 * @brief Removes traceparent, tracestate and baggage from an array of headers, in any letter case and number.
 *
 * All other headers keep their order, their pointers and their bytes. To inject a context of zeros is not the same: that
 * leaves the record as it is. tracebaton_headers_strip_formats() also removes the headers of other tracing formats.
 *
 * @param headers (in, out) Headers of the record. May be NULL if \p header_count is 0.
 * @param header_count (in, out) Number of headers.
 *
 * @returns TRACEBATON_OK. Negative: only TRACEBATON_OVERLAP and TRACEBATON_INVALID_ARGUMENT, which change nothing.
 */
tracebaton_status_t tracebaton_headers_strip(tracebaton_header_t *headers,
                                             size_t *header_count);

/**@}*/


/**
 * @name Tracestate
 * @{
 */

/**
 * @brief The position in a list that is read. It begins as zeros: tracebaton_cursor_t cursor = {0};
 *
 * A cursor belongs to one list, which must not change while it is read. A position that is not the start of a member is
 * refused as an invalid argument.
 */
typedef struct tracebaton_cursor_t {
    /**
     * Offset of the rest of the list, in bytes.
     */
    size_t position;
    /**
     * Number of members that were read.
     */
    size_t members;
    /**
     * Number of malformed members of a baggage that were skipped.
     */
    size_t skipped;
} tracebaton_cursor_t;

/**
 * @brief Most members of a tracestate (W3C Trace Context Level 2, 3.3.2).
 */
#define TRACEBATON_TRACESTATE_MAX_MEMBERS 32

/**
 * @brief Largest size of a tracestate, in bytes. A buffer of this size takes the result of every change.
 */
#define TRACEBATON_TRACESTATE_MAX_SIZE 8192

/**
 * @brief Smallest size that a tracestate can be truncated to, in bytes: W3C asks everyone to propagate as much (3.3.3.1).
 */
#define TRACEBATON_TRACESTATE_MIN_PROPAGATED 512

/**
 * @brief One member of a tracestate, that of one vendor. Its pointers point into the tracestate.
 */
typedef struct tracebaton_tracestate_member_t {
    /**
     * Key of the vendor: a-z 0-9 _ - * / @, 1 to 256 bytes (W3C Trace Context Level 2, 3.3.2.2.1).
     */
    const char *key;
    /**
     * The size of the key, in bytes.
     */
    size_t key_size;
    /**
     * Value: printable ASCII without "," and "=", 1 to 256 bytes, leading spaces included (3.3.2.2.2).
     */
    const char *value;
    /**
     * The size of the value, in bytes.
     */
    size_t value_size;
} tracebaton_tracestate_member_t;

/**
 * @brief Reads the next member of a context's tracestate, from the left, which is the newest.
 *
 * @param context The context.
 * @param cursor (in, out) Zeros for the first member.
 * @param member (out) The member, if there is one.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_END if there is no further member. Negative: TRACEBATON_INVALID_ARGUMENT, or the
 * rule that the tracestate breaks; then no member is read.
 */
tracebaton_status_t tracebaton_tracestate_next(const tracebaton_context_t *context,
                                               tracebaton_cursor_t *cursor,
                                               tracebaton_tracestate_member_t *member);

/**
 * @brief Finds the member with a key in a context's tracestate; if there are several, the first, which is the newest.
 *
 * @param context The context.
 * @param key Key of the vendor. May be NULL if \p key_size is 0.
 * @param key_size Its size, in bytes.
 * @param member (out) The member, if there is one.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NOT_FOUND. Negative: TRACEBATON_INVALID_ARGUMENT, or the rule that the
 * tracestate breaks.
 */
tracebaton_status_t tracebaton_tracestate_get(const tracebaton_context_t *context,
                                              const char *key,
                                              size_t key_size,
                                              tracebaton_tracestate_member_t *member);

/**
 * @brief Adds or updates a member of a context's tracestate, as a vendor that takes part in the trace.
 *
 * The member is added at the left, and every other member with its key is removed. The rest keeps its order and bytes; if
 * there are more than 32 members or more than 8192 bytes, the right-most are dropped.
 *
 * For several changes use one buffer: the first copies the tracestate that came into it, the others change it there.
 *
 *     char buffer[TRACEBATON_TRACESTATE_MAX_SIZE];
 *     tracebaton_tracestate_insert(&context, TRACEBATON_STR("rojo"), TRACEBATON_STR("1"), buffer, sizeof buffer);
 *     tracebaton_tracestate_delete(&context, TRACEBATON_STR("congo"), buffer, sizeof buffer);
 *
 * @param context (in, out) The context; its tracestate is then in \p buffer.
 * @param key Key of the vendor: a-z 0-9 _ - * / @, the first a letter or a digit, at most 256 bytes.
 * @param key_size Its size, in bytes.
 * @param value Value: printable ASCII without "," and "=", not ending with a space, at most 256 bytes.
 * @param value_size Its size, in bytes.
 * @param buffer (out) Room for the new tracestate. It must live as long as the context. If the old tracestate begins where
 * the buffer does, it is changed in place, and other contexts that share it must no longer be used. Otherwise the buffer
 * must not overlap the old tracestate, and in no case \p context, its baggage, \p key or \p value.
 * @param capacity The size of the buffer, in bytes; TRACEBATON_TRACESTATE_MAX_SIZE is always enough.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP,
 * TRACEBATON_INVALID_ARGUMENT, or the rule that the tracestate, the key or the value breaks.
 */
tracebaton_status_t tracebaton_tracestate_insert(tracebaton_context_t *context,
                                                 const char *key,
                                                 size_t key_size,
                                                 const char *value,
                                                 size_t value_size,
                                                 char *buffer,
                                                 size_t capacity);

/**
 * @brief Deletes every member with a key from a context's tracestate.
 *
 * @param context (in, out) The context; its tracestate is then in \p buffer.
 * @param key The key.
 * @param key_size Its size, in bytes.
 * @param buffer (out) As for tracebaton_tracestate_insert().
 * @param capacity The size of the buffer, in bytes.
 *
 * @returns as tracebaton_tracestate_insert(); TRACEBATON_OK also if there was no such member.
 */
tracebaton_status_t tracebaton_tracestate_delete(tracebaton_context_t *context,
                                                 const char *key,
                                                 size_t key_size,
                                                 char *buffer,
                                                 size_t capacity);

/**
 * @brief Truncates a context's tracestate to a limit by whole members (W3C Trace Context Level 2, 3.3.3.1).
 *
 * Members of more than 128 bytes are dropped first, from the right, and only as many as needed; then the right-most.
 *
 * @param context (in, out) The context; its tracestate is then in \p buffer.
 * @param limit Most bytes that may be left, at least TRACEBATON_TRACESTATE_MIN_PROPAGATED.
 * @param buffer (out) As for tracebaton_tracestate_insert(); \p limit bytes are enough.
 * @param capacity The size of the buffer, in bytes.
 *
 * @returns as tracebaton_tracestate_insert(). Negative also: TRACEBATON_TRACESTATE_LIMIT_TOO_SMALL.
 */
tracebaton_status_t tracebaton_tracestate_truncate(tracebaton_context_t *context,
                                                   size_t limit,
                                                   char *buffer,
                                                   size_t capacity);

/**@}*/


/**
 * @name Baggage
 * @{
 */

/**
 * @brief Most members of a baggage that are read or written; everyone propagates as many (W3C Baggage 3.3.2).
 */
#define TRACEBATON_BAGGAGE_MAX_MEMBERS 64

/**
 * @brief Largest size of a baggage, in bytes. A buffer of this size takes every list.
 */
#define TRACEBATON_BAGGAGE_MAX_SIZE 8192

/**
 * @brief One member of a baggage. Its pointers point into the baggage.
 */
typedef struct tracebaton_baggage_member_t {
    /**
     * The member as it came, without the white space around it: key, value and properties.
     */
    const char *member;
    /**
     * Its size, in bytes.
     */
    size_t member_size;
    /**
     * Key, a token (RFC 9110 5.6.2), never decoded.
     */
    const char *key;
    /**
     * The size of the key, in bytes.
     */
    size_t key_size;
    /**
     * Value, percent-encoded; see tracebaton_baggage_value().
     */
    const char *value;
    /**
     * The size of the value, in bytes.
     */
    size_t value_size;
    /**
     * Properties as they came, after the first ";". OpenTelemetry calls them metadata.
     */
    const char *properties;
    /**
     * The size of the properties, in bytes; 0: there are none.
     */
    size_t properties_size;
} tracebaton_baggage_member_t;

/**
 * @brief A property of a member (W3C Baggage 3.3.1.4). Its pointers point into the member.
 */
typedef struct tracebaton_baggage_property_t {
    /**
     * The property as it came.
     */
    const char *property;
    /**
     * Its size, in bytes.
     */
    size_t property_size;
    /**
     * Key, a token, never decoded.
     */
    const char *key;
    /**
     * The size of the key, in bytes.
     */
    size_t key_size;
    /**
     * Value, percent-encoded; NULL if there is none.
     */
    const char *value;
    /**
     * The size of the value, in bytes.
     */
    size_t value_size;
} tracebaton_baggage_property_t;

/**
 * @brief Reads the next well-formed member of a context's baggage, in order, at most 64.
 *
 * Malformed members are skipped, and counted in the cursor.
 *
 * @param context The context.
 * @param cursor (in, out) Zeros for the first member.
 * @param member (out) The member, if there is one.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_END if there is no further member. Negative: TRACEBATON_INVALID_ARGUMENT, or the
 * rule that the baggage breaks as a whole; then no member is read.
 */
tracebaton_status_t tracebaton_baggage_next(const tracebaton_context_t *context,
                                            tracebaton_cursor_t *cursor,
                                            tracebaton_baggage_member_t *member);

/**
 * @brief Finds the member with a key in a context's baggage; if there are several, the last.
 *
 * @param context The context.
 * @param key The key. May be NULL if \p key_size is 0.
 * @param key_size Its size, in bytes.
 * @param member (out) The member, if there is one.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NOT_FOUND. Negative: TRACEBATON_INVALID_ARGUMENT, or the rule that the baggage
 * breaks as a whole.
 */
tracebaton_status_t tracebaton_baggage_get(const tracebaton_context_t *context,
                                           const char *key,
                                           size_t key_size,
                                           tracebaton_baggage_member_t *member);

/**
 * @brief Decodes the value of a member: removes percent-encoding, and replaces what is then not UTF-8 by U+FFFD.
 *
 * @param member The member, from tracebaton_baggage_next() or tracebaton_baggage_get().
 * @param value (out) Room for the value, which is UTF-8 and may contain a NUL; no NUL is added. It must not overlap \p member,
 * its text or \p value_size.
 * @param capacity Size of the room, in bytes; value_size of \p member is always enough.
 * @param value_size (out) The size of the value, in bytes.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP, or
 * TRACEBATON_INVALID_ARGUMENT, also if \p member is not one.
 */
tracebaton_status_t tracebaton_baggage_value(const tracebaton_baggage_member_t *member,
                                             char *value,
                                             size_t capacity,
                                             size_t *value_size);

/**
 * @brief Reads the next property of a member; keys may repeat.
 *
 * @param member The member, as tracebaton_baggage_next() or tracebaton_baggage_get() gave it.
 * @param cursor (in, out) Zeros for the first property of this member.
 * @param property (out) The property, if there is one.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_END if there is no further property. Negative: TRACEBATON_INVALID_ARGUMENT, also
 * if \p member is not one.
 */
tracebaton_status_t tracebaton_baggage_property_next(const tracebaton_baggage_member_t *member,
                                                     tracebaton_cursor_t *cursor,
                                                     tracebaton_baggage_property_t *property);

/**
 * @brief Decodes the value of a property as tracebaton_baggage_value() does that of a member.
 *
 * @param property The property, from tracebaton_baggage_property_next().
 * @param value (out) As for tracebaton_baggage_value().
 * @param capacity As for tracebaton_baggage_value().
 * @param value_size (out) As for tracebaton_baggage_value().
 *
 * @returns as tracebaton_baggage_value(), or TRACEBATON_NOT_FOUND if the property has no value: then the outputs are
 * unchanged.
 */
tracebaton_status_t tracebaton_baggage_property_value(const tracebaton_baggage_property_t *property,
                                                      char *value,
                                                      size_t capacity,
                                                      size_t *value_size);

/**
 * @brief An entry of a baggage that is built: a member, or a property of the member before it.
 */
typedef struct tracebaton_baggage_entry_t {
    /**
     * Key, a token (RFC 9110 5.6.2).
     */
    const char *key;
    /**
     * The size of the key, in bytes.
     */
    size_t key_size;
    /**
     * Value, any bytes, which are percent-encoded as needed. A property whose value is NULL has none.
     */
    const char *value;
    /**
     * The size of the value, in bytes.
     */
    size_t value_size;
    /**
     * 0: a member. 1: a property of the member before it.
     */
    uint8_t is_property;
    /**
     * Reserved for how the entry is to be encoded: zeros.
     */
    uint8_t reserved[7];
} tracebaton_baggage_entry_t;

/**
 * @brief Builds a baggage and sets it as that of a context.
 *
 * @param context (in, out) The context; its baggage is then in \p buffer.
 * @param entries The members, each followed by its properties. May be NULL if \p entry_count is 0; the context then has
 * no baggage.
 * @param entry_count Number of entries.
 * @param buffer (out) Room for the baggage. It must live as long as the context, and must not overlap the entries,
 * their texts, \p context, its tracestate or its old baggage, which stays if there is an error.
 * @param capacity The size of the buffer, in bytes; TRACEBATON_BAGGAGE_MAX_SIZE is always enough.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_BAGGAGE_KEY, TRACEBATON_BAGGAGE_NO_MEMBER,
 * TRACEBATON_BAGGAGE_TOO_MANY_MEMBERS (over 64), TRACEBATON_BAGGAGE_TOO_LONG (over 8192 bytes),
 * TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_baggage_build(tracebaton_context_t *context,
                                             const tracebaton_baggage_entry_t *entries,
                                             size_t entry_count,
                                             char *buffer,
                                             size_t capacity);

/**
 * @brief Sets the value of a key in a context's baggage.
 *
 * Every member with the key is removed, and the new one is added at the end. The other well-formed members are kept as
 * they came.
 *
 * For several changes use one buffer: the first copies the baggage that came into it, the others change it there.
 *
 *     char buffer[TRACEBATON_BAGGAGE_MAX_SIZE];
 *     tracebaton_baggage_set(&context, TRACEBATON_STR("tenant"), TRACEBATON_STR("7"), buffer, sizeof buffer);
 *     tracebaton_baggage_remove(&context, TRACEBATON_STR("user"), buffer, sizeof buffer);
 *
 * @param context (in, out) The context; its baggage is then in \p buffer.
 * @param key The key, a token.
 * @param key_size Its size, in bytes.
 * @param value The value, any bytes, which are percent-encoded as needed.
 * @param value_size Its size, in bytes.
 * @param buffer (out) Room for the new baggage. It must live as long as the context. If the old baggage begins where the
 * buffer does, it is changed in place, and other contexts that share it must no longer be used. Otherwise the buffer must
 * not overlap the old baggage, and in no case \p context, its tracestate, \p key or \p value.
 * @param capacity The size of the buffer, in bytes; TRACEBATON_BAGGAGE_MAX_SIZE is always enough.
 *
 * @returns as tracebaton_baggage_build(), or the rule that the old baggage breaks.
 */
tracebaton_status_t tracebaton_baggage_set(tracebaton_context_t *context,
                                           const char *key,
                                           size_t key_size,
                                           const char *value,
                                           size_t value_size,
                                           char *buffer,
                                           size_t capacity);

/**
 * @brief Removes every member with a key from a context's baggage. The other well-formed members are kept as they came.
 *
 * @param context (in, out) The context; its baggage is then in \p buffer.
 * @param key The key, a token.
 * @param key_size Its size, in bytes.
 * @param buffer (out) As for tracebaton_baggage_set().
 * @param capacity The size of the buffer, in bytes.
 *
 * @returns as tracebaton_baggage_set(); TRACEBATON_OK also if there was no such member.
 */
tracebaton_status_t tracebaton_baggage_remove(tracebaton_context_t *context,
                                              const char *key,
                                              size_t key_size,
                                              char *buffer,
                                              size_t capacity);

/**@}*/


/**
 * @name Other formats
 * @{
 */

/**
 * @brief Every format of this version, as a tracebaton_formats_t. W3C Trace Context and Baggage are among them.
 */
#define TRACEBATON_FORMATS_ALL 524286

/**
 * @brief The tracing formats whose headers are met in Kafka records (PROFILE.md, F1).
 *
 * Where OpenTelemetry has a propagator for one, tracebaton_format_name() has its name in OTEL_PROPAGATORS.
 */
typedef enum tracebaton_format {
    /**
     * No format that is known.
     */
    TRACEBATON_FORMAT_NONE = 0,
    /**
     * W3C Trace Context: traceparent, tracestate.
     */
    TRACEBATON_FORMAT_TRACECONTEXT = 1,
    /**
     * W3C Baggage: baggage.
     */
    TRACEBATON_FORMAT_BAGGAGE = 2,
    /**
     * B3 in one header: b3.
     */
    TRACEBATON_FORMAT_B3 = 3,
    /**
     * B3 in several headers: X-B3-TraceId and others.
     */
    TRACEBATON_FORMAT_B3MULTI = 4,
    /**
     * Jaeger: uber-trace-id.
     */
    TRACEBATON_FORMAT_JAEGER = 5,
    /**
     * Datadog: x-datadog-trace-id and others.
     */
    TRACEBATON_FORMAT_DATADOG = 6,
    /**
     * Elastic APM: elasticapmtraceparent, binary.
     */
    TRACEBATON_FORMAT_ELASTIC = 7,
    /**
     * Instana: X_INSTANA_T and others.
     */
    TRACEBATON_FORMAT_INSTANA = 8,
    /**
     * AWS X-Ray: X-Amzn-Trace-Id.
     */
    TRACEBATON_FORMAT_XRAY = 9,
    /**
     * CloudEvents: ce_traceparent, where an event began; never the parent.
     */
    TRACEBATON_FORMAT_CLOUDEVENTS = 10,
    /**
     * Datadog Data Streams: dd-pathway-ctx. Known by name only, as all below.
     */
    TRACEBATON_FORMAT_DATASTREAMS = 11,
    /**
     * OpenTracing's basic tracer: ot-tracer-traceid and others.
     */
    TRACEBATON_FORMAT_OTTRACE = 12,
    /**
     * New Relic: newrelic.
     */
    TRACEBATON_FORMAT_NEWRELIC = 13,
    /**
     * Apache SkyWalking: sw8.
     */
    TRACEBATON_FORMAT_SKYWALKING = 14,
    /**
     * Dynatrace: dtdTraceTagInfo.
     */
    TRACEBATON_FORMAT_DYNATRACE = 15,
    /**
     * Debezium: tracingspancontext.
     */
    TRACEBATON_FORMAT_DEBEZIUM = 16,
    /**
     * ASP.NET before W3C: Request-Id, Correlation-Context.
     */
    TRACEBATON_FORMAT_ASPNET = 17,
    /**
     * OpenCensus: grpc-trace-bin.
     */
    TRACEBATON_FORMAT_OPENCENSUS = 18,
} tracebaton_format;

/**
 * @brief The sampling decisions of all formats.
 */
typedef enum tracebaton_sampling {
    /**
     * There is none; to tracebaton_format_injection_prepare(): that of the sampled flag.
     */
    TRACEBATON_SAMPLING_NONE = 0,
    /**
     * The trace is sampled.
     */
    TRACEBATON_SAMPLING_ACCEPT = 1,
    /**
     * The trace is not sampled.
     */
    TRACEBATON_SAMPLING_DENY = 2,
    /**
     * Nobody has decided yet: the receiver does.
     */
    TRACEBATON_SAMPLING_DEFER = 3,
    /**
     * The trace is sampled, and marked as one that somebody looks for.
     */
    TRACEBATON_SAMPLING_DEBUG = 4,
} tracebaton_sampling;

/**
 * @brief A tracing format: one of enum tracebaton_format.
 */
typedef int32_t tracebaton_format_t;

/**
 * @brief A rule of a format that a header breaks: a positive number that tracebaton_format_rule_name() knows; 0 is none.
 */
typedef int32_t tracebaton_format_rule_t;

/**
 * @brief A set of formats: 1 << format for each, such as 1u << TRACEBATON_FORMAT_B3 | 1u << TRACEBATON_FORMAT_B3MULTI.
 */
typedef uint32_t tracebaton_formats_t;

/**
 * @brief A sampling decision: one of enum tracebaton_sampling.
 */
typedef int32_t tracebaton_sampling_t;

/**
 * @brief The format that a header of this name belongs to.
 *
 * Names are compared in any letter case, and with underscores or the escapes of JMS for dashes.
 *
 * @param name Name of a header. May be NULL if \p name_size is 0.
 * @param name_size Its size, in bytes: strlen(name) for a string.
 *
 * @returns one of enum tracebaton_format; TRACEBATON_FORMAT_NONE for any other name, and for an invalid pointer or size.
 */
tracebaton_format_t tracebaton_header_format_of(const char *name,
                                                size_t name_size);

/**
 * @brief The name of a format, such as "b3multi".
 *
 * @param format Any number.
 *
 * @returns a string that ends with a NUL and is never NULL; "none" for TRACEBATON_FORMAT_NONE, "unknown" for a number that
 * is no format of this version. It lives as long as the program.
 */
const char *tracebaton_format_name(tracebaton_format_t format);

/**
 * @brief The format with this name, in lower case: what tracebaton_format_name() returns.
 *
 * @param name Name of a format. May be NULL if \p name_size is 0.
 * @param name_size Its size, in bytes.
 *
 * @returns one of enum tracebaton_format; TRACEBATON_FORMAT_NONE for any other name, and for an invalid pointer or size.
 */
tracebaton_format_t tracebaton_format_of_name(const char *name,
                                              size_t name_size);

/**
 * @brief The name of a format's rule, such as "trace_id_zero".
 *
 * @param rule Any number.
 *
 * @returns a string that ends with a NUL and is never NULL; "none" for 0, "unknown" for a number that is no rule of this
 * version. It lives as long as the program.
 */
const char *tracebaton_format_rule_name(tracebaton_format_rule_t rule);

/**
 * @brief Removes the headers of other formats from an array: what tracebaton_headers_strip() does for W3C's alone.
 *
 * A boundary that no trace may cross needs it: where the headers of B3, Datadog or others stay in a record that is sent on,
 * the next consumer of that format continues the old trace.
 *
 * @param headers (in, out) Headers of the record. May be NULL if \p header_count is 0.
 * @param header_count (in, out) Number of headers.
 * @param formats The formats, such as TRACEBATON_FORMATS_ALL.
 *
 * @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT, which changes nothing.
 */
tracebaton_status_t tracebaton_headers_strip_formats(tracebaton_header_t *headers,
                                                     size_t *header_count,
                                                     tracebaton_formats_t formats);

/**
 * @brief Most formats that can name a parent.
 */
#define TRACEBATON_MAX_READABLE_FORMATS 8

/**
 * @brief What can become of a format beside the chosen one.
 */
typedef enum tracebaton_outcome {
    /**
     * It names a span of the parent's trace. A trace id of 64 bits is the same as a longer one with that lower half.
     */
    TRACEBATON_OUTCOME_SAME_TRACE = 1,
    /**
     * A conflict: it names a span of another trace.
     */
    TRACEBATON_OUTCOME_OTHER_TRACE = 2,
    /**
     * It has a sampling decision and no ids.
     */
    TRACEBATON_OUTCOME_DECISION = 3,
    /**
     * It breaks a rule.
     */
    TRACEBATON_OUTCOME_REFUSED = 4,
} tracebaton_outcome;

/**
 * @brief What became of a format beside the chosen one: one of enum tracebaton_outcome.
 */
typedef int32_t tracebaton_outcome_t;

/**
 * @brief One format of a record beside the chosen one.
 */
typedef struct tracebaton_other_t {
    /**
     * The trace that it names; zeros if it names none.
     */
    tracebaton_trace_id_t trace_id;
    /**
     * The span that it names; zeros if it names none.
     */
    tracebaton_span_id_t span_id;
    /**
     * The format: one of enum tracebaton_format.
     */
    tracebaton_format_t format;
    /**
     * What became of it: one of enum tracebaton_outcome.
     */
    tracebaton_outcome_t outcome;
    /**
     * Its decision: one of enum tracebaton_sampling.
     */
    tracebaton_sampling_t sampling;
    /**
     * The rule that it breaks, if it is refused: see tracebaton_format_rule_name().
     */
    tracebaton_format_rule_t rule;
    /**
     * Offset in the value, in bytes, at which it breaks the rule.
     */
    uint32_t offset;
    /**
     * Zeros; nothing reads them.
     */
    uint32_t reserved;
    /**
     * Index of its header in the record, from 0: of several, the one at fault or with the trace id.
     */
    size_t index;
} tracebaton_other_t;

/**
 * @brief The result of reading one record in several formats: the parent that was chosen, and what else there was.
 */
typedef struct tracebaton_choice_t {
    /**
     * The parent and the record's baggage, everything else zeros. Its pointers point into the record's values.
     */
    tracebaton_context_t context;
    /**
     * Where an event began, if TRACEBATON_FORMAT_CLOUDEVENTS was asked for: a span to link to, never the parent.
     */
    tracebaton_context_t origin;
    /**
     * The format in which the parent arrived: one of enum tracebaton_format; TRACEBATON_FORMAT_NONE: there is no parent.
     */
    tracebaton_format_t arrived_as;
    /**
     * Its decision: one of enum tracebaton_sampling. Without a parent: of the first format that has a decision alone.
     */
    tracebaton_sampling_t sampling;
    /**
     * A rule that a header of the chosen format breaks, if the format's own rules leave only that header out.
     */
    tracebaton_format_rule_t ignored_rule;
    /**
     * Offset in that header's value, in bytes.
     */
    uint32_t ignored_offset;
    /**
     * Number of elements of \p others.
     */
    size_t other_count;
    /**
     * What became of the other formats that were asked for and have a header, in their order.
     */
    tracebaton_other_t others[TRACEBATON_MAX_READABLE_FORMATS];
} tracebaton_choice_t;

/**
 * @brief Finds the parent of a record in the headers of several formats, of which the first that names one is taken.
 *
 * Never fails on the bytes of headers. Nothing of two formats is merged; baggage is read whatever gives the parent. A
 * program that uses tracebaton_headers_extract() instead reads W3C alone, and is not linked with any of this.
 *
 * @param headers Headers of the record. May be NULL if \p header_count is 0.
 * @param header_count Number of headers.
 * @param order The formats, each one of enum tracebaton_format, the most wanted first. May be NULL if \p order_count is 0.
 * @param order_count Number of formats.
 * @param if_deferred What the sampled flag is where the sender left the decision open: 1 is set, 0 is not.
 * @param choice (out) The parent, and what became of the other formats. Its pointers point into the values of \p headers.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no format names a parent; there may be baggage all the same.
 * Negative: only TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_headers_choose(const tracebaton_header_t *headers,
                                              size_t header_count,
                                              const tracebaton_format_t *order,
                                              size_t order_count,
                                              unsigned char if_deferred,
                                              tracebaton_choice_t *choice);

/**
 * @brief Most headers that are added to one record in all formats together.
 */
#define TRACEBATON_MAX_FORMAT_HEADERS 15

/**
 * @brief Size of the values that an injection in several formats holds, in bytes.
 */
#define TRACEBATON_FORMAT_TEXT_SIZE 328

/**
 * @brief What one record is to carry in several formats, from tracebaton_format_injection_prepare().
 *
 * It holds the bytes of all values but tracestate and baggage, which it borrows. It must stay where it is until the headers
 * that were made from it are sent or copied. Its fields are for the functions below only.
 */
typedef struct tracebaton_format_injection_t {
    /**
     * The context.
     */
    tracebaton_context_t context;
    /**
     * The formats that are written.
     */
    tracebaton_formats_t written;
    /**
     * The formats that are removed as well.
     */
    tracebaton_formats_t replaced;
    /**
     * The decision: one of enum tracebaton_sampling.
     */
    tracebaton_sampling_t sampling;
    /**
     * Size of the values in \p text, in bytes.
     */
    uint32_t text_size;
    /**
     * The values, one after the other.
     */
    char text[TRACEBATON_FORMAT_TEXT_SIZE];
} tracebaton_format_injection_t;

/**
 * @brief Prepares the injection that makes a context the parent of the record's consumer, in several formats.
 *
 * The formats that can be written are TRACEBATON_FORMAT_TRACECONTEXT, _BAGGAGE, _B3, _B3MULTI, _JAEGER, _DATADOG and
 * _INSTANA; others are left out. Each replaces its own headers, in any letter case.
 *
 * @param context The context.
 * @param written The formats to write.
 * @param replaced Formats whose headers are removed as well, such as TRACEBATON_FORMATS_ALL; 0: none.
 * @param sampling TRACEBATON_SAMPLING_NONE: that of the sampled flag. Or a decision that the flag cannot tell.
 * @param injection (out) The injection. It borrows the tracestate and the baggage of \p context, not the struct itself.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no span context: then only baggage is written, and what
 * \p replaced has is removed. Negative: what is wrong with \p context or with a constant.
 */
tracebaton_status_t tracebaton_format_injection_prepare(const tracebaton_context_t *context,
                                                        tracebaton_formats_t written,
                                                        tracebaton_formats_t replaced,
                                                        tracebaton_sampling_t sampling,
                                                        tracebaton_format_injection_t *injection);

/**
 * @brief Writes an injection in several formats into an array of headers: replaces what is there, all or none.
 *
 * As tracebaton_headers_inject(); the headers of W3C come first, then those of the other formats in the order of enum
 * tracebaton_format.
 *
 * @param injection The injection. The array then points into it: it must live until the array is no longer used.
 * @param headers (in, out) Headers of the record. May be NULL if \p capacity is 0.
 * @param header_count (in, out) Number of headers. There is always enough room for TRACEBATON_MAX_FORMAT_HEADERS more.
 * @param capacity Number of headers that the array has room for.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no span was written. Negative: TRACEBATON_HEADERS_FULL if there is no
 * room for all of them; the array and \p header_count are then without the headers that would have been replaced, and the
 * record can still be sent. TRACEBATON_INVALID_ARGUMENT, which changes nothing.
 */
tracebaton_status_t tracebaton_headers_inject_formats(const tracebaton_format_injection_t *injection,
                                                      tracebaton_header_t *headers,
                                                      size_t *header_count,
                                                      size_t capacity);

/**@}*/


/**
 * @name Time and versions
 * @{
 */

/**
 * @brief The kinds of timestamps; the numbers are those of librdkafka's rd_kafka_timestamp_type_t.
 */
typedef enum tracebaton_timestamp_kind {
    /**
     * The record has no timestamp.
     */
    TRACEBATON_TIMESTAMP_NOT_AVAILABLE = 0,
    /**
     * Time at which the producer made the record, by its clock.
     */
    TRACEBATON_TIMESTAMP_CREATE_TIME = 1,
    /**
     * Time at which the broker stored the record, by its clock.
     */
    TRACEBATON_TIMESTAMP_LOG_APPEND_TIME = 2,
} tracebaton_timestamp_kind;

/**
 * @brief The kind of a timestamp: one of enum tracebaton_timestamp_kind.
 */
typedef int32_t tracebaton_timestamp_kind_t;

/**
 * @brief The time from a record's timestamp to its consumption.
 */
typedef struct tracebaton_queue_time_t {
    /**
     * Milliseconds; negative if the clocks disagree by more than the record waited.
     */
    int64_t milliseconds;
    /**
     * Kind of the timestamp that it counts from: one of enum tracebaton_timestamp_kind.
     */
    tracebaton_timestamp_kind_t kind;
    /**
     * Reserved for more facts about the time: zeros.
     */
    uint8_t reserved[4];
} tracebaton_queue_time_t;

/**
 * @brief Computes the time between a record's timestamp and its consumption.
 *
 * It is signed and never clamped, so that a wrong clock shows.
 *
 * @param timestamp Timestamp of the record, in milliseconds since the Unix epoch.
 * @param kind Kind of the timestamp: one of enum tracebaton_timestamp_kind.
 * @param consumed Time of consumption, in milliseconds since the Unix epoch.
 * @param queue_time (out) The time between the two.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_TIMESTAMP if the record has none: then \p queue_time is zeros. Negative: only
 * TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_queue_time_between(int64_t timestamp,
                                                  tracebaton_timestamp_kind_t kind,
                                                  int64_t consumed,
                                                  tracebaton_queue_time_t *queue_time);

/**
 * @brief Version of this header; tracebaton_version() is that of the library.
 */
#define TRACEBATON_VERSION "0.1.0"
#define TRACEBATON_VERSION_MAJOR 0
#define TRACEBATON_VERSION_MINOR 1
#define TRACEBATON_VERSION_PATCH 0
/**
 * @brief Version of this header as a number; tracebaton_version_number() is that of the library.
 */
#define TRACEBATON_VERSION_NUMBER \
    (TRACEBATON_VERSION_MAJOR << 16 | TRACEBATON_VERSION_MINOR << 8 | TRACEBATON_VERSION_PATCH)

/**
 * @brief Version of the linked library, such as "0.1.0"; TRACEBATON_VERSION is that of this header.
 *
 * @returns a string that ends with a NUL. It lives as long as the program.
 */
const char *tracebaton_version(void);

/**
 * @brief Version of the linked library as a number: major << 16 | minor << 8 | patch.
 *
 * @remark If the library is shared, compare it with TRACEBATON_VERSION_NUMBER. Versions with the same major number, or
 * below 1 with the same minor number, work together unless the library is older than the header.
 */
uint32_t tracebaton_version_number(void);

/**@}*/


/**
 * @name Statuses
 * @{
 */

/**
 * @brief Name of a status: lower-case words joined by "_", such as "trace_id_zero".
 *
 * @param status Any number.
 *
 * @returns a string that ends with a NUL and is never NULL; "unknown" for a number that this version does not have. It
 * lives as long as the program.
 *
 * @remark Rules of a header have the same name in every language and tool of the project. Two headers may have rules of
 * the same name; their numbers and messages differ.
 */
const char *tracebaton_status_name(tracebaton_status_t status);

/**
 * @brief Meaning of a status in English, such as "traceparent: the trace-id is all zeros".
 *
 * @param status Any number.
 *
 * @returns a string that ends with a NUL and is never NULL. It lives as long as the program.
 */
const char *tracebaton_status_message(tracebaton_status_t status);

/**
 * @brief Every status; see tracebaton_status_t.
 *
 * Those from -99 up are those of the functions. The others are the rules of the three grammars, -101 and below for
 * traceparent, -201 and below for tracestate, -301 and below for baggage, and -401 and below those of
 * tracebaton_rdkafka.h.
 */
typedef enum tracebaton_status {
    /**
     * Success; as a verdict: the header was accepted.
     */
    TRACEBATON_OK = 0,
    /**
     * There is no span context, and so no parent.
     */
    TRACEBATON_NO_CONTEXT = 1,
    /**
     * As a verdict: the record has no such header with a value, or a tracestate but no accepted traceparent.
     */
    TRACEBATON_ABSENT = 2,
    /**
     * The list has no member with this key.
     */
    TRACEBATON_NOT_FOUND = 3,
    /**
     * The list has no further member.
     */
    TRACEBATON_END = 4,
    /**
     * The record already has a context, which was kept.
     */
    TRACEBATON_KEPT = 5,
    /**
     * The record has no timestamp.
     */
    TRACEBATON_NO_TIMESTAMP = 6,
    /**
     * A new trace was started, because there is no parent.
     */
    TRACEBATON_ROOT = 7,
    /**
     * The links have no room for another one, which was counted as dropped.
     */
    TRACEBATON_LINKS_FULL = 8,
    /**
     * An argument is invalid. The functions of this file return the status that names it: the seven below.
     */
    TRACEBATON_INVALID_ARGUMENT = -1,
    /**
     * A buffer, an array or an output overlaps another argument.
     */
    TRACEBATON_OVERLAP = -2,
    /**
     * The array has no room for the headers; none of them was added.
     */
    TRACEBATON_HEADERS_FULL = -3,
    /**
     * The buffer is too small for the copy; tracebaton_context_copy_size() gives the size.
     */
    TRACEBATON_BUFFER_TOO_SMALL = -4,
    /**
     * The first argument is invalid: a pointer is NULL or misaligned, a size or count is beyond the address space or the
     * capacity, a constant is not one of those defined here, or a struct holds one of these.
     */
    TRACEBATON_INVALID_ARGUMENT_1 = -11,
    /**
     * The second argument is invalid.
     */
    TRACEBATON_INVALID_ARGUMENT_2 = -12,
    /**
     * The third argument is invalid.
     */
    TRACEBATON_INVALID_ARGUMENT_3 = -13,
    /**
     * The fourth argument is invalid.
     */
    TRACEBATON_INVALID_ARGUMENT_4 = -14,
    /**
     * The fifth argument is invalid.
     */
    TRACEBATON_INVALID_ARGUMENT_5 = -15,
    /**
     * The sixth argument is invalid.
     */
    TRACEBATON_INVALID_ARGUMENT_6 = -16,
    /**
     * The seventh argument is invalid.
     */
    TRACEBATON_INVALID_ARGUMENT_7 = -17,
    /**
     * traceparent: the value has fewer than 55 bytes.
     */
    TRACEBATON_TRACEPARENT_TOO_SHORT = -101,
    /**
     * traceparent: the version is not two lower-case hexadecimal digits.
     */
    TRACEBATON_TRACEPARENT_VERSION = -102,
    /**
     * traceparent: the version ff is forbidden.
     */
    TRACEBATON_TRACEPARENT_VERSION_FORBIDDEN = -103,
    /**
     * traceparent: a field is not followed by a dash.
     */
    TRACEBATON_TRACEPARENT_SEPARATOR = -104,
    /**
     * traceparent: the trace-id is not 32 lower-case hexadecimal digits.
     */
    TRACEBATON_TRACEPARENT_TRACE_ID = -105,
    /**
     * traceparent: the trace-id is all zeros.
     */
    TRACEBATON_TRACEPARENT_TRACE_ID_ZERO = -106,
    /**
     * traceparent: the parent-id is not 16 lower-case hexadecimal digits.
     */
    TRACEBATON_TRACEPARENT_PARENT_ID = -107,
    /**
     * traceparent: the parent-id is all zeros.
     */
    TRACEBATON_TRACEPARENT_PARENT_ID_ZERO = -108,
    /**
     * traceparent: the trace-flags are not two lower-case hexadecimal digits.
     */
    TRACEBATON_TRACEPARENT_TRACE_FLAGS = -109,
    /**
     * traceparent: something follows the trace-flags that the version does not allow.
     */
    TRACEBATON_TRACEPARENT_TRAILING = -110,
    /**
     * tracestate: the value has more than 8192 bytes.
     */
    TRACEBATON_TRACESTATE_TOO_LONG = -201,
    /**
     * tracestate: a key does not begin with a lower-case letter or a digit.
     */
    TRACEBATON_TRACESTATE_KEY_START = -202,
    /**
     * tracestate: a key holds a byte other than a-z 0-9 _ - * / @.
     */
    TRACEBATON_TRACESTATE_KEY = -203,
    /**
     * tracestate: a key has more than 256 bytes.
     */
    TRACEBATON_TRACESTATE_KEY_TOO_LONG = -204,
    /**
     * tracestate: a member has no equals sign.
     */
    TRACEBATON_TRACESTATE_EQUALS_MISSING = -205,
    /**
     * tracestate: a value holds a comma, an equals sign, or a byte that is not printable ASCII.
     */
    TRACEBATON_TRACESTATE_VALUE = -206,
    /**
     * tracestate: a value is empty or only white space.
     */
    TRACEBATON_TRACESTATE_VALUE_EMPTY = -207,
    /**
     * tracestate: a value has more than 256 bytes.
     */
    TRACEBATON_TRACESTATE_VALUE_TOO_LONG = -208,
    /**
     * tracestate: the list has more than 32 members.
     */
    TRACEBATON_TRACESTATE_TOO_MANY_MEMBERS = -209,
    /**
     * tracestate: the buffer is too small for the result; 8192 bytes are enough for every list.
     */
    TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL = -210,
    /**
     * tracestate: the limit is below 512 bytes, which everyone must propagate.
     */
    TRACEBATON_TRACESTATE_LIMIT_TOO_SMALL = -211,
    /**
     * tracestate: a value ends with a space, which a reader would trim: remove it.
     */
    TRACEBATON_TRACESTATE_VALUE_END = -212,
    /**
     * baggage: the value has more than 8192 bytes.
     */
    TRACEBATON_BAGGAGE_TOO_LONG = -301,
    /**
     * baggage: the value holds a control byte.
     */
    TRACEBATON_BAGGAGE_CONTROL_BYTE = -302,
    /**
     * baggage: a key is not a token: it is empty, or holds a space, a delimiter, or a byte that is not printable ASCII.
     */
    TRACEBATON_BAGGAGE_KEY = -303,
    /**
     * baggage: the list has more than 64 members.
     */
    TRACEBATON_BAGGAGE_TOO_MANY_MEMBERS = -304,
    /**
     * baggage: the buffer is too small for the result; 8192 bytes are enough for every list.
     */
    TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL = -305,
    /**
     * baggage: a property needs a member that was added before it.
     */
    TRACEBATON_BAGGAGE_NO_MEMBER = -306,
    /**
     * librdkafka: the message is missing, or reports an error or an event instead of a record.
     */
    TRACEBATON_RDKAFKA_NOT_A_RECORD = -401,
    /**
     * librdkafka: the record was sent without the context, with which it exceeds message.max.bytes.
     */
    TRACEBATON_RDKAFKA_RECORD_TOO_LARGE = -402,
    /**
     * librdkafka: the list has more than 64 headers that may have to be removed; it is unchanged.
     */
    TRACEBATON_RDKAFKA_TOO_MANY_HEADERS = -403,
} tracebaton_status;

/**@}*/

#ifdef __cplusplus
}
#endif

#endif /* TRACEBATON_H */
