/**
 * @file tracebaton.h
 *
 * @brief The C library of tracebaton: carries the trace context across Kafka in record headers.
 *
 * It reads and writes W3C traceparent, tracestate and baggage. tracebaton_rdkafka.h does the same for librdkafka's
 * messages and header lists, and tracebaton.hpp for C++17. Copyright of its authors; MIT or Apache-2.0, at your
 * choice.
 *
 *
 * A hop, from a consumed record to a produced one
 *
 *     tracebaton_headers_extract(headers, count, &received); // never fails on bytes: each header gets a verdict
 *     if (tracebaton_context_child_or_root(&received.context, &trace_id, &span_id, flags, &span) < 0)
 *         return 1; // an id is all zeros
 *     tracebaton_injection_prepare(&span, &injection);
 *     if (tracebaton_headers_inject(&injection, headers, &count, capacity) == TRACEBATON_HEADERS_FULL)
 *         fprintf(stderr, "no room: sent without the context\n");
 *
 *
 * Several changes of a list in one buffer
 *
 *     char state[TRACEBATON_TRACESTATE_MAX_SIZE], baggage[TRACEBATON_BAGGAGE_MAX_SIZE]; // must live as long as span
 *     if ((status = tracebaton_tracestate_delete(&span, TRACEBATON_STR("congo"), state, sizeof(state))) < 0 ||
 *         (status = tracebaton_baggage_remove(&span, TRACEBATON_STR("card"), baggage, sizeof(baggage))) < 0 ||
 *         (status = tracebaton_baggage_set(&span, TRACEBATON_STR("tenant"), TRACEBATON_STR("7"), baggage,
 *                                          sizeof(baggage))) < 0)
 *         fprintf(stderr, "%s\n", tracebaton_status_message(status)); // for example, that a key is invalid
 *
 * The first change copies the list into the buffer, the others change it there. A call that fails leaves span
 * unchanged, with the changes of the calls before it: span can still be injected.
 *
 *
 * Functions at a glance
 *
 *     Reading
 *       tracebaton_headers_extract              extracts the context of a record, with a verdict on each header
 *       tracebaton_reader_add                   the same for one header at a time: adds a header
 *       tracebaton_reader_finish                the same for one header at a time: extracts the context
 *       tracebaton_headers_extract_traceparent  extracts the traceparent alone, for small programs
 *       tracebaton_reader_finish_traceparent    the same for one header at a time: extracts the traceparent
 *       tracebaton_headers_extract_joined       extracts the context, for bridges that split a list over several headers
 *       tracebaton_raw_headers_start            checks the header block of a record in a batch, and starts to read it
 *       tracebaton_raw_headers_next             reads the next header of that block
 *       tracebaton_header_name_of               recognises the three header names
 *     Contexts
 *       tracebaton_context_child_or_root        makes the context of your span: a child, or the root of a new trace
 *       tracebaton_context_child                makes a child
 *       tracebaton_context_restart              makes the root of a new trace
 *       tracebaton_context_admit                reduces a context to the part that a trust policy admits
 *       tracebaton_context_copy                 copies a context that must outlive its record, for a retry or a thread
 *       tracebaton_context_copy_size            size of the buffer for that copy
 *       tracebaton_links_start                  starts an empty list of links, for the span contexts of a batch
 *       tracebaton_links_add                    adds the span context of a record to that list
 *       tracebaton_traceparent_parse            parses a traceparent that does not come from a record
 *       tracebaton_traceparent_format           formats the traceparent of a context
 *       tracebaton_trace_id_generate            makes a trace id from random bytes
 *       tracebaton_span_id_generate             makes a span id from random bytes
 *       tracebaton_trace_id_from_hex            reads a trace id in hexadecimal
 *       tracebaton_span_id_from_hex             reads a span id in hexadecimal
 *       tracebaton_trace_id_to_hex              writes a trace id in hexadecimal
 *       tracebaton_span_id_to_hex               writes a span id in hexadecimal
 *     Writing
 *       tracebaton_injection_prepare            prepares headers that make a context the parent of the consumer
 *       tracebaton_injection_forward            prepares headers that a relay without a span forwards
 *       tracebaton_injection_trace_context_only restricts them to traceparent and tracestate
 *       tracebaton_injection_baggage_only       restricts them to baggage
 *       tracebaton_headers_inject               writes an injection into an array of headers
 *       tracebaton_headers_inject_if_absent     the same, unless the record already has a valid traceparent
 *       tracebaton_headers_strip                removes traceparent, tracestate and baggage from an array
 *       tracebaton_raw_headers_write            writes the headers of a record as the header block of a batch
 *       tracebaton_injection_headers            for other header lists: the headers to add
 *       tracebaton_injection_replaces           for other header lists: tells which headers to remove first
 *     Tracestate: one member for each vendor
 *       tracebaton_tracestate_next              reads the members
 *       tracebaton_tracestate_get               finds a member
 *       tracebaton_tracestate_insert            adds or updates your member
 *       tracebaton_tracestate_insert_within     the same for a small buffer: drops other members
 *       tracebaton_tracestate_delete            deletes a member
 *       tracebaton_tracestate_truncate          shortens the list
 *     Baggage: key-value pairs of the application
 *       tracebaton_baggage_next                 reads the members
 *       tracebaton_baggage_get                  finds a member
 *       tracebaton_baggage_value                decodes the value of a member
 *       tracebaton_baggage_property_next        reads the properties of a member
 *       tracebaton_baggage_property_value       decodes the value of a property
 *       tracebaton_baggage_set                  adds or updates a member
 *       tracebaton_baggage_remove               removes a member
 *       tracebaton_baggage_build                builds a list
 *     Other formats: B3, Datadog, Jaeger and more
 *       tracebaton_headers_choose               extracts the context from the first of several formats that has one
 *       tracebaton_choice_reader_add            the same for one header at a time: adds a header
 *       tracebaton_choice_reader_finish         the same for one header at a time: extracts the context
 *       tracebaton_format_injection_prepare     prepares an injection in several formats
 *       tracebaton_headers_inject_formats       writes such an injection into an array of headers
 *       tracebaton_format_injection_replaces    for other header lists: tells which headers to remove first
 *       tracebaton_headers_strip_formats        removes the headers of some or all formats from an array
 *       tracebaton_header_format_of             format that a header belongs to
 *       tracebaton_format_name                  name of a format
 *       tracebaton_format_of_name               format with a name
 *       tracebaton_format_rule_name             name of a rule that a header of a format breaks
 *     Statuses, time, versions
 *       tracebaton_status_name                  short name of a status
 *       tracebaton_status_message               meaning of a status in English
 *       tracebaton_queue_time_between           computes how long a record waited in its topic
 *       tracebaton_version                      version of the linked library
 *       tracebaton_version_number               the same as a number
 *
 *
 * Laws, which hold for every function
 *
 * 1. The library allocates nothing, and you free nothing. You provide the memory of all structs, for example on the stack.
 * 2. The library keeps nothing between calls: no handle, no global state, no clock, no source of randomness, no log.
 * 3. Every text has a size, and none needs a terminator. Sizes are in bytes. TRACEBATON_STR gives both for a literal.
 * 4. (NULL, 0) is an empty text, and a pointer with a size of 0 is not read. Headers are different: the value NULL is
 *    Kafka's null value, any other pointer with a size of 0 is an empty value, and the name NULL is an unknown name.
 *    Every other pointer must not be NULL unless its description allows it. A call with an invalid argument returns the
 *    status of its place: TRACEBATON_INVALID_ARGUMENT_1 for the first argument, _2 for the second, up to _7. Where a
 *    description has TRACEBATON_INVALID_ARGUMENT, it means one of these seven. No function returns the number of
 *    TRACEBATON_INVALID_ARGUMENT itself, so do not compare with it.
 * 5. Pointers in results point into the input. They are valid until the input is freed or modified. Only static strings
 *    live as long as the program.
 * 6. 0 is success. A positive status is a normal outcome other than success, such as no parent; the description of the
 *    function defines the outputs. A negative status is an error, and the outputs, marked (out) or (in, out), are
 *    unchanged. There are three exceptions. TRACEBATON_HEADERS_FULL removes headers, see tracebaton_headers_inject().
 *    tracebaton_raw_headers_start() sets the offset of an invalid block. A failed call may have written a part of a
 *    buffer for text, unless it changes a list in place.
 * 7. A call reads its inputs before it writes its outputs, so one struct may be both:
 *    tracebaton_context_child(&span, &span_id, &span) replaces span. A buffer, an array or an output must not overlap
 *    another output, nor anything that the result points to. Otherwise the call returns TRACEBATON_OVERLAP and changes
 *    nothing. One exception allows several changes in one buffer: a list that begins where the buffer for its new
 *    version begins is changed in place.
 * 8. Everything that you pass is checked again: ids, the tracestate and baggage of a context, constants. Everything that
 *    the library writes is valid. A list that the library itself put into a struct is not read again while its address
 *    and size are the same, as the field checked tells. Do not modify its bytes (law 5): they would be sent as they are,
 *    though no function would crash or read out of bounds. If you modify them, set checked to 0: all lists are checked.
 * 9. No function crashes, reads out of bounds or hangs, whatever the bytes of headers are. The time grows with the number
 *    of headers and the size of at most three values, each of at most 8192 bytes.
 * 10. Any thread may call any function at any time, as long as no other thread writes what the call reads. So may an
 *     interrupt handler: no function waits, or keeps anything between two calls.
 *
 * You must ensure three things. Every pointer points to as many bytes or elements as its size or count says. Structs and
 * arrays do not overlap the values of headers, which the library cannot check. Structs that you fill begin as zeros:
 * their reserved bytes may get a meaning in a later version.
 *
 *
 * Linking
 *
 * make -C ffi install installs the library, its headers and its manual. Then compile with the first command, or with
 * the second if the program includes tracebaton_rdkafka.h:
 *
 *     cc program.c $(pkg-config --cflags --libs tracebaton)
 *     cc program.c $(pkg-config --cflags --libs tracebaton rdkafka)
 *
 * The library calls memcpy and similar functions, and on processors of 32 bits the compiler's own 64-bit arithmetic,
 * such as __aeabi_uldivmod of libgcc. It calls nothing else. The archive is one object: with -Wl,--gc-sections
 * a program links only what it calls. ffi/README.md has the details.
 *
 *
 * Rules
 *
 * The rules are those of W3C Trace Context Level 2 and W3C Baggage. PROFILE.md adds rules where these leave something
 * open. Header names match in any letter case. If a name repeats, the last header that is not null counts. Only
 * values that agree with the grammar are accepted. No other header is changed.
 */

#ifndef TRACEBATON_H
#define TRACEBATON_H

/* Generated by cbindgen from ffi/tracebaton.h.in and ffi/src. To change it, edit these and run TRACEBATON_BLESS=1
 * cargo test -p tracebaton-ffi --test header */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief A string literal as two arguments, its pointer and its size in bytes.
 *
 * tracebaton_baggage_get(&context, TRACEBATON_STR("tenant"), &member) is the same as
 * tracebaton_baggage_get(&context, "tenant", 6, &member). It also initialises two fields of a struct. It accepts only
 * literals; for another string, pass the pointer and strlen() of it.
 */
#define TRACEBATON_STR(literal) ("" literal ""), (sizeof("" literal "") - 1)

/**
 * @brief The result of a function: 0 is success, a positive number another normal outcome, a negative number an
 * error.
 *
 * The values are those of enum tracebaton_status. A later version may add values, but never changes or reuses one.
 * An unknown positive value is not an error, and an unknown negative value is one.
 */
typedef int32_t tracebaton_status_t;

/**
 * @name Ids
 * @{
 */

/**
 * @brief Size of a trace id in bytes.
 */
#define TRACEBATON_TRACE_ID_SIZE 16

/**
 * @brief Size of a span id in bytes.
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
 * Fill them from a good source of randomness, such as getrandom(). The library has no source of its own.
 */
typedef struct tracebaton_trace_id_random_t {
    /**
     * The bytes.
     */
    uint8_t bytes[TRACEBATON_TRACE_ID_SIZE];
} tracebaton_trace_id_random_t;

/**
 * @brief Id of a trace: 16 bytes in the order of its digits, not all zeros.
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
 * @brief Id of a span: 8 bytes in the order of its digits, not all zeros.
 */
typedef struct tracebaton_span_id_t {
    /**
     * The bytes.
     */
    uint8_t bytes[TRACEBATON_SPAN_ID_SIZE];
} tracebaton_span_id_t;

/**
 * @brief Makes a trace id from random bytes. If all bytes are zero, which is not an id, the id is 1.
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
 * @brief Makes a span id from random bytes. If all bytes are zero, which is not an id, the id is 1.
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
 * @param hex (out) Buffer of TRACEBATON_TRACE_ID_HEX_SIZE bytes; no NUL is added.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_TRACEPARENT_TRACE_ID_ZERO, TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_trace_id_to_hex(const tracebaton_trace_id_t *trace_id,
                                               char *hex);

/**
 * @brief Writes a span id in lower-case hexadecimal.
 *
 * @param span_id The id.
 * @param hex (out) Buffer of TRACEBATON_SPAN_ID_HEX_SIZE bytes; no NUL is added.
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
 * @brief Trace flag that is set if the parent may have recorded its span (W3C Trace Context Level 2, 3.2.2.5.1).
 */
#define TRACEBATON_FLAG_SAMPLED 1

/**
 * @brief Trace flag that is set if the right-most 7 bytes of the trace id are random (3.2.2.5.2).
 */
#define TRACEBATON_FLAG_RANDOM 2

/**
 * @brief The context of one record: a span context (ids, flags and tracestate), baggage, both or neither.
 *
 * Ids and flags are stored by value. tracestate and baggage are borrowed: they point into the record that was read
 * or into the buffer that was written. They are valid until it is freed or modified.
 *
 * A program may fill a zeroed struct itself. Every function checks the ids, the tracestate and the baggage before
 * use, except for lists that the library itself put there.
 */
typedef struct tracebaton_context_t {
    /**
     * Trace id. If both ids are zeros there is no span context, and trace_flags and tracestate are ignored.
     */
    tracebaton_trace_id_t trace_id;
    /**
     * Span id of the producer's span, or of the span that is about to produce.
     */
    tracebaton_span_id_t span_id;
    /**
     * TRACEBATON_FLAG_SAMPLED, TRACEBATON_FLAG_RANDOM, both or neither; other bits are not written.
     */
    uint8_t trace_flags;
    /**
     * Reserved: zeros.
     */
    uint8_t reserved[3];
    /**
     * Zero in a context that you fill. The library notes here that it has checked tracestate and baggage; see law 8
     * of tracebaton.h.
     */
    uint32_t checked;
    /**
     * Value of a tracestate header: one member for each vendor. May be NULL if its size is 0.
     */
    const char *tracestate;
    /**
     * Size of the tracestate in bytes.
     */
    size_t tracestate_size;
    /**
     * Value of a baggage header: key-value pairs of the application. May be NULL if its size is 0.
     */
    const char *baggage;
    /**
     * Size of the baggage in bytes.
     */
    size_t baggage_size;
} tracebaton_context_t;

/**
 * @brief Makes the context of a child: the same trace, flags, tracestate and baggage, with another span id.
 *
 * To change the sampled flag, change trace_flags of the child. W3C allows that only together with a new span id
 * (3.4).
 *
 * @param context Context of the parent.
 * @param span_id Id of the child, not all zeros; see tracebaton_span_id_generate().
 * @param child (out) Context of the child; may be \p context itself. Its pointers are copied from \p context.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no span context: then \p child has only the baggage.
 * Negative: TRACEBATON_TRACEPARENT_PARENT_ID_ZERO, TRACEBATON_INVALID_ARGUMENT, or the rule that \p context breaks.
 */
tracebaton_status_t tracebaton_context_child(const tracebaton_context_t *context,
                                             const tracebaton_span_id_t *span_id,
                                             tracebaton_context_t *child);

/**
 * @brief Makes the context of your span: a child of the record's span, or a root if the record has no parent.
 *
 * A consumer calls this for every record. The child is the same as from tracebaton_context_child(), and the root as
 * from tracebaton_context_restart(). The baggage is kept in both cases.
 *
 * @param context Context of the record; zeros if there is no record.
 * @param trace_id Trace id for a root, not all zeros; see tracebaton_trace_id_generate().
 * @param span_id Id of the span, not all zeros; see tracebaton_span_id_generate().
 * @param trace_flags Flags for a root. A service with a sampler passes its decision. A service without a sampler
 * passes TRACEBATON_FLAG_SAMPLED | TRACEBATON_FLAG_RANDOM: later samplers follow the sampled flag of their parent,
 * so an unsampled root would drop the whole trace.
 * @param span (out) Context of the span; may be \p context itself. Its pointers are copied from \p context.
 *
 * @returns TRACEBATON_OK for a child, TRACEBATON_ROOT for a root. Negative: TRACEBATON_TRACEPARENT_TRACE_ID_ZERO or
 * TRACEBATON_TRACEPARENT_PARENT_ID_ZERO if an id is all zeros, even one that is not used;
 * TRACEBATON_INVALID_ARGUMENT, or the rule that \p context breaks.
 */
tracebaton_status_t tracebaton_context_child_or_root(const tracebaton_context_t *context,
                                                     const tracebaton_trace_id_t *trace_id,
                                                     const tracebaton_span_id_t *span_id,
                                                     uint8_t trace_flags,
                                                     tracebaton_context_t *span);

/**
 * @brief Makes the context of a root: a new trace without tracestate. The baggage is kept.
 *
 * @param context Context whose baggage is kept. May be NULL for no baggage.
 * @param trace_id Id of the new trace, not all zeros; see tracebaton_trace_id_generate().
 * @param span_id Id of the root, not all zeros; see tracebaton_span_id_generate().
 * @param trace_flags TRACEBATON_FLAG_SAMPLED if the span is recorded, TRACEBATON_FLAG_RANDOM if the trace id is
 * random, or both.
 * @param root (out) Context of the root; may be \p context itself. Its baggage pointer is copied from \p context.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_TRACEPARENT_TRACE_ID_ZERO, TRACEBATON_TRACEPARENT_PARENT_ID_ZERO,
 * TRACEBATON_INVALID_ARGUMENT, or the rule that \p context breaks.
 */
tracebaton_status_t tracebaton_context_restart(const tracebaton_context_t *context,
                                               const tracebaton_trace_id_t *trace_id,
                                               const tracebaton_span_id_t *span_id,
                                               uint8_t trace_flags,
                                               tracebaton_context_t *root);

/**
 * @brief How far a consumer trusts the producer of a record (W3C Trace Context Level 2, 6 and 7).
 *
 * tracebaton_context_admit() reduces a context to the part that a policy admits.
 */
typedef enum tracebaton_trust_policy {
    /**
     * The received context is the parent, unchanged.
     */
    TRACEBATON_TRUST_CONTINUE = 0,
    /**
     * The received context is the parent. The consumer has decided to sample.
     */
    TRACEBATON_TRUST_CONTINUE_SAMPLED = 1,
    /**
     * The received context is the parent. The consumer has decided not to sample.
     */
    TRACEBATON_TRUST_CONTINUE_NOT_SAMPLED = 2,
    /**
     * The consumer starts a new trace with a link to the received span. The baggage is dropped.
     */
    TRACEBATON_TRUST_RESTART_WITH_LINK = 3,
    /**
     * The consumer starts a new trace. It uses no part of the received context.
     */
    TRACEBATON_TRUST_RESTART_WITHOUT_LINK = 4,
} tracebaton_trust_policy;

/**
 * @brief How far a consumer trusts the producer of a record: one of enum tracebaton_trust_policy. See
 * tracebaton_context_admit().
 */
typedef int32_t tracebaton_trust_policy_t;

/**
 * @brief The part of a received context that a trust policy admits: a parent or a link, never both, and baggage.
 */
typedef struct tracebaton_admitted_t {
    /**
     * Parent of the consumer's span, with the baggage that the consumer propagates.
     */
    tracebaton_context_t parent;
    /**
     * Span that the consumer's root links to. It has no baggage.
     */
    tracebaton_context_t link;
} tracebaton_admitted_t;

/**
 * @brief Reduces a received context to the part that a trust policy admits.
 *
 * It does not change the record. After every policy except TRACEBATON_TRUST_CONTINUE, a record that you send again
 * still has the tracing headers of its producer. Remove them with tracebaton_headers_strip_formats(), or in
 * librdkafka's list with tracebaton_rdkafka_strip_formats(). Then inject the context of your span.
 *
 * @param context Context of the record.
 * @param policy How far the producer is trusted: one of enum tracebaton_trust_policy.
 * @param admitted (out) The admitted part. Its pointers are copied from \p context.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no parent: the consumer's span is then a root.
 * Negative: TRACEBATON_INVALID_ARGUMENT, or the rule that \p context breaks.
 */
tracebaton_status_t tracebaton_context_admit(const tracebaton_context_t *context,
                                             tracebaton_trust_policy_t policy,
                                             tracebaton_admitted_t *admitted);

/**
 * @brief Size in bytes of the buffer that tracebaton_context_copy() needs.
 *
 * @param context The context.
 *
 * @returns the size. It is 0 if the context has neither tracestate nor baggage, and for an invalid pointer.
 */
size_t tracebaton_context_copy_size(const tracebaton_context_t *context);

/**
 * @brief Copies a context with its tracestate and baggage, so that it outlives its record.
 *
 * Use it for a retry, a queue or another thread. An assignment copies the struct alone, whose pointers still point
 * into the record. With a buffer of your own, which must live as long as the copy:
 *
 *     tracebaton_context_t kept;
 *     char texts[1024];
 *     status = tracebaton_context_copy(&received.context, texts, sizeof(texts), &kept);
 *     if (status < 0) // TRACEBATON_BUFFER_TOO_SMALL, for example: nothing was copied
 *         fprintf(stderr, "%s\n", tracebaton_status_message(status));
 *
 * To keep the rest of a context that does not fit, set the baggage or the tracestate of a struct that was assigned from it
 * to NULL and its size to 0, and copy again. The ids and the flags are in the struct, so they need no buffer.
 *
 * With a buffer of the exact size, which you free after the last use of the copy. The size is 0 if the context has
 * neither tracestate nor baggage. malloc(0) may return NULL, which is a valid buffer of size 0:
 *
 *     tracebaton_context_t kept;
 *     const size_t size = tracebaton_context_copy_size(&received.context);
 *     char *texts = malloc(size);
 *     if (!texts && size > 0)
 *         return 1;
 *     status = tracebaton_context_copy(&received.context, texts, size, &kept);
 *     if (status < 0)
 *         fprintf(stderr, "%s\n", tracebaton_status_message(status));
 *
 * @param context The context.
 * @param buffer (out) Buffer for the tracestate and the baggage. May be NULL if \p capacity is 0. It must live as
 * long as the copy, and must not overlap \p context, what it points to, or \p copy.
 * @param capacity Size of the buffer in bytes: tracebaton_context_copy_size() gives it.
 * TRACEBATON_TRACESTATE_MAX_SIZE + TRACEBATON_BAGGAGE_MAX_SIZE is always enough.
 * @param copy (out) The copy; may be \p context itself. Its pointers point into \p buffer.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT, or
 * the rule that \p context breaks.
 */
tracebaton_status_t tracebaton_context_copy(const tracebaton_context_t *context,
                                            char *buffer,
                                            size_t capacity,
                                            tracebaton_context_t *copy);

/**
 * @brief The distinct span contexts of a batch, for the links of the span that processes the batch.
 *
 * You own all its memory: an array for the links, and a buffer for their tracestates. tracebaton_links_start()
 * initialises the list, and empties it for the next batch.
 */
typedef struct tracebaton_links_t {
    /**
     * The links, in the order in which they were added, without baggage. Their tracestates are in the buffer.
     */
    tracebaton_context_t *links;
    /**
     * Number of links.
     */
    size_t link_count;
    /**
     * Capacity of the array in links.
     */
    size_t link_capacity;
    /**
     * Number of span contexts that were dropped because the array was full.
     */
    size_t dropped;
    /**
     * Number of links whose tracestate was left out because the buffer was full.
     */
    size_t dropped_tracestates;
    /**
     * Buffer for the tracestates.
     */
    char *tracestates;
    /**
     * Number of used bytes in the buffer.
     */
    size_t tracestates_size;
    /**
     * Size of the buffer in bytes.
     */
    size_t tracestates_capacity;
} tracebaton_links_t;

/**
 * @brief Starts an empty list of links in an array.
 *
 *     tracebaton_context_t array[128];
 *     char tracestates[8192];
 *     tracebaton_links_t links;
 *     tracebaton_links_start(array, 128, tracestates, sizeof(tracestates), &links);
 *     for (i = 0; i < record_count; i++)
 *         tracebaton_links_add(&links, &records[i].context);
 *     // links.links[0] to links.links[links.link_count - 1]; links.dropped were too many
 *
 * @param array Array for the links; need not be initialised. May be NULL if \p capacity is 0.
 * @param capacity Capacity of the array in links.
 * @param tracestates Buffer for the tracestates of all links. May be NULL if \p tracestates_capacity is 0; the links
 * then have ids and flags only, which are enough for a link.
 * @param tracestates_capacity Size of the buffer in bytes.
 * @param links (out) The list. It must not overlap the array or the buffer.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_links_start(tracebaton_context_t *array,
                                           size_t capacity,
                                           char *tracestates,
                                           size_t tracestates_capacity,
                                           tracebaton_links_t *links);

/**
 * @brief Adds the span context of a record to the links, unless its span is already there.
 *
 * If the buffer has no room for its tracestate, the link is added without it, and the list counts that. The time
 * grows with the number of links.
 *
 * @param links (in, out) The list.
 * @param context Context of the record. It is copied.
 *
 * @returns TRACEBATON_OK; TRACEBATON_NO_CONTEXT if there is no span context; TRACEBATON_KEPT if the span is already
 * in the list; TRACEBATON_LINKS_FULL if the array is full, which counts the link as dropped. Negative:
 * TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT, or the rule that \p context breaks.
 */
tracebaton_status_t tracebaton_links_add(tracebaton_links_t *links,
                                         const tracebaton_context_t *context);

/**
 * @brief Parses a traceparent that does not come from a record.
 *
 * @param value The value. May be NULL if \p value_size is 0.
 * @param value_size Size of the value in bytes.
 * @param context (out) A context with these ids and flags, without tracestate and baggage.
 *
 * @returns TRACEBATON_OK. Negative: the first rule that the value breaks, or TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_traceparent_parse(const char *value,
                                                 size_t value_size,
                                                 tracebaton_context_t *context);

/**
 * @brief Formats the traceparent of a context: version 00, lower case.
 *
 * @param context The context. Only the ids and flags are read.
 * @param value (out) Buffer of TRACEBATON_TRACEPARENT_SIZE bytes; no NUL is added. It may overlap \p context, which
 * is read first.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no span context: then \p value is unchanged.
 * Negative: TRACEBATON_TRACEPARENT_TRACE_ID_ZERO or TRACEBATON_TRACEPARENT_PARENT_ID_ZERO if only one id is all
 * zeros, or TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_traceparent_format(const tracebaton_context_t *context,
                                                  char *value);

/**@}*/


/**
 * @name Reading
 * @{
 */

/**
 * @brief The three header names, in the order in which they are written.
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
 * @brief One of the three header names, or another name: one of enum tracebaton_header_name.
 */
typedef int32_t tracebaton_header_name_t;

/**
 * @brief One header of a Kafka record.
 *
 * Neither part needs a terminator. As in librdkafka, a value is bytes, empty or null: an empty value has a size of 0
 * and a pointer other than NULL, and a null value has the pointer NULL.
 *
 * @remark In an initialiser, TRACEBATON_STR gives pointer and size of a part: {TRACEBATON_STR("tenant"),
 * TRACEBATON_STR("7")}.
 */
typedef struct tracebaton_header_t {
    /**
     * Name: any bytes. May be NULL if its size is 0.
     */
    const char *name;
    /**
     * Size of the name in bytes.
     */
    size_t name_size;
    /**
     * Value: any bytes; NULL is Kafka's null value.
     */
    const void *value;
    /**
     * Size of the value in bytes; ignored if the value is null.
     */
    size_t value_size;
} tracebaton_header_t;

/**
 * @brief Recognises one of the three header names, in any letter case.
 *
 * @param name Name of a header. May be NULL if \p name_size is 0.
 * @param name_size Size of the name in bytes: strlen(name) for a string.
 *
 * @returns one of enum tracebaton_header_name; TRACEBATON_NAME_OTHER for any other name, and for an invalid pointer
 * or size.
 */
tracebaton_header_name_t tracebaton_header_name_of(const char *name,
                                                   size_t name_size);

/**
 * @brief Size of a buffer that is enough for tracebaton_headers_extract_joined(), in bytes.
 */
#define TRACEBATON_JOINED_SIZE 16384

/**
 * @brief Verdict on one of the three headers: accepted, absent or refused.
 */
typedef struct tracebaton_verdict_t {
    /**
     * TRACEBATON_OK if accepted, TRACEBATON_ABSENT if absent. Negative if refused: the first rule that the header
     * breaks.
     */
    tracebaton_status_t status;
    /**
     * Offset in the value, in bytes, at which a refused header breaks the rule.
     */
    uint32_t offset;
    /**
     * Index in the record, from 0, of an accepted or refused header.
     */
    size_t index;
} tracebaton_verdict_t;

/**
 * @brief Result of tracebaton_headers_extract(): the context, and a verdict on each of the three headers.
 */
typedef struct tracebaton_extracted_t {
    /**
     * The context. Fields that no accepted header sets are zeros. Its pointers point into the record's values.
     */
    tracebaton_context_t context;
    /**
     * Verdict on the traceparent header.
     */
    tracebaton_verdict_t traceparent;
    /**
     * Verdict on the tracestate header. It is absent as well if no traceparent was accepted.
     */
    tracebaton_verdict_t tracestate;
    /**
     * Verdict on the baggage header.
     */
    tracebaton_verdict_t baggage;
    /**
     * Received value of an accepted traceparent, for tracebaton_injection_forward(); otherwise NULL.
     */
    const char *traceparent_value;
    /**
     * Size of that value in bytes: 55, or more in a version above 0.
     */
    size_t traceparent_value_size;
    /**
     * Version of an accepted traceparent, 0 to 254.
     */
    uint8_t traceparent_version;
    /**
     * Reserved: zeros.
     */
    uint8_t reserved[3];
    /**
     * The library notes here that it has accepted traceparent_value; see law 8 of tracebaton.h.
     */
    uint32_t checked;
} tracebaton_extracted_t;

/**
 * @brief Incremental tracebaton_headers_extract(), for a program that has no array of headers.
 *
 * Start with zeros: tracebaton_reader_t reader = {0}; Only this library and its headers may access the fields.
 */
typedef struct tracebaton_reader_t {
    /**
     * Last non-null values of traceparent, tracestate and baggage.
     */
    const void *values[3];
    /**
     * Sizes of these values in bytes.
     */
    size_t sizes[3];
    /**
     * Indexes of these headers in the record.
     */
    size_t indexes[3];
    /**
     * Number of headers that were added.
     */
    size_t header_count;
} tracebaton_reader_t;

/**
 * @brief Extracts the context from the headers of a record.
 *
 * Never fails on the bytes of headers: the result has the valid parts of the context and a verdict on each of the
 * three headers. Header names match in any letter case. If a name repeats, the last header whose value is not null
 * counts. The time grows with the number of headers and the size of at most three values.
 *
 * @param headers Headers of the record. May be NULL if \p header_count is 0.
 * @param header_count Number of headers.
 * @param extracted (out) The context and the verdicts. Its pointers point into the values of \p headers; the array
 * and the names may be freed.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no traceparent was accepted; \p extracted may still have
 * baggage. Negative: only TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_headers_extract(const tracebaton_header_t *headers,
                                               size_t header_count,
                                               tracebaton_extracted_t *extracted);

/**
 * @brief Extracts the traceparent alone from the headers of a record.
 *
 * The ids, the flags and the verdict are those of tracebaton_headers_extract(). A program that calls this function and no
 * function for tracestate and baggage does not contain their code, if it is linked with -Wl,--gc-sections.
 *
 * @param headers Headers of the record. May be NULL if \p header_count is 0.
 * @param header_count Number of headers.
 * @param context (out) The context, without tracestate and baggage. All zeros if no traceparent was accepted.
 * @param traceparent (out) Verdict on the traceparent header.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no traceparent was accepted. Negative: only
 * TRACEBATON_INVALID_ARGUMENT and TRACEBATON_OVERLAP.
 */
tracebaton_status_t tracebaton_headers_extract_traceparent(const tracebaton_header_t *headers,
                                                           size_t header_count,
                                                           tracebaton_context_t *context,
                                                           tracebaton_verdict_t *traceparent);

/**
 * @brief Extracts the context like tracebaton_headers_extract(), and joins several tracestate or baggage headers.
 *
 * Only for bridges that copy each HTTP field to a header. In other records a second header is from a producer
 * that appended, and joining would revive the old one.
 *
 * The values of a name that are not null are joined with commas, in the order of the headers. A list that is in one
 * header is not copied. The index of a joined list is that of its last header. A joined list of more than 8192 bytes
 * is refused as too long, and so is one that does not fit into \p buffer.
 *
 * @param headers Headers of the record. May be NULL if \p header_count is 0.
 * @param header_count Number of headers.
 * @param buffer (out) Buffer for the joined lists. It must live as long as the extracted context, and must not overlap
 * the headers, their names or values, or \p extracted. May be NULL if \p capacity is 0.
 * @param capacity Size of the buffer in bytes. TRACEBATON_JOINED_SIZE is always enough.
 * @param extracted (out) The context and the verdicts. Its pointers point into the values of \p headers and into \p
 * buffer.
 *
 * @returns the same statuses as tracebaton_headers_extract(), and TRACEBATON_OVERLAP.
 */
tracebaton_status_t tracebaton_headers_extract_joined(const tracebaton_header_t *headers,
                                                      size_t header_count,
                                                      char *buffer,
                                                      size_t capacity,
                                                      tracebaton_extracted_t *extracted);

/**
 * @brief Adds the next header of a record.
 *
 * @param reader (in, out) The reader.
 * @param name Name of the header. May be NULL if \p name_size is 0.
 * @param name_size Size of the name in bytes: strlen(name) for a string.
 * @param value Value of the header; NULL is Kafka's null value. It must live as long as the extracted context is
 * used.
 * @param value_size Size of the value in bytes.
 *
 * @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT, and TRACEBATON_OVERLAP if \p value overlaps \p
 * reader.
 */
tracebaton_status_t tracebaton_reader_add(tracebaton_reader_t *reader,
                                          const char *name,
                                          size_t name_size,
                                          const void *value,
                                          size_t value_size);

/**
 * @brief Extracts the context from the headers that were added, like tracebaton_headers_extract().
 *
 * @param reader The reader.
 * @param extracted (out) The context and the verdicts. Its pointers point into the values that were added.
 *
 * @returns the same statuses as tracebaton_headers_extract().
 */
tracebaton_status_t tracebaton_reader_finish(const tracebaton_reader_t *reader,
                                             tracebaton_extracted_t *extracted);

/**
 * @brief Extracts the traceparent alone from the headers that were added, like tracebaton_headers_extract_traceparent().
 *
 * @param reader The reader.
 * @param context (out) The context, without tracestate and baggage. All zeros if no traceparent was accepted.
 * @param traceparent (out) Verdict on the traceparent header.
 *
 * @returns the same statuses as tracebaton_headers_extract_traceparent().
 */
tracebaton_status_t tracebaton_reader_finish_traceparent(const tracebaton_reader_t *reader,
                                                         tracebaton_context_t *context,
                                                         tracebaton_verdict_t *traceparent);

/**
 * @brief The headers of a record in a batch of version 2, in the bytes of the batch: a cursor, which only reads.
 *
 * For proxies and firmware that have a batch and no Kafka client. A record's headers are the block that begins right after
 * its value, at the count of headers, and ends with the record. tracebaton_raw_headers_start() makes the cursor. Only this
 * library may access the fields.
 *
 *     if (tracebaton_raw_headers_start(block, block_size, &raw, &offset) < 0)
 *         return 1; // the block is invalid at this offset
 *     while (tracebaton_raw_headers_next(&raw, &header) == TRACEBATON_OK)
 *         tracebaton_reader_add(&reader, header.name, header.name_size, header.value, header.value_size);
 *     tracebaton_reader_finish(&reader, &extracted);
 */
typedef struct tracebaton_raw_headers_t {
    /**
     * The bytes of the headers that are still to come.
     */
    const void *rest;
    /**
     * Number of these bytes.
     */
    size_t rest_size;
    /**
     * Number of headers that are still to come.
     */
    size_t header_count;
} tracebaton_raw_headers_t;

/**
 * @brief Checks a block of headers to its end, and places a cursor before its first header.
 *
 * @param block The block. May be NULL if \p block_size is 0. It must live as long as the headers that are read from it.
 * @param block_size Its size, in bytes.
 * @param headers (out) The cursor.
 * @param offset (out) Offset in the block, in bytes, at which a block that is refused breaks the rule; otherwise unchanged.
 *
 * @returns TRACEBATON_OK. Negative: the first rule that is broken, TRACEBATON_RAW_HEADERS_TOO_SHORT and those after it;
 * TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_raw_headers_start(const void *block,
                                                 size_t block_size,
                                                 tracebaton_raw_headers_t *headers,
                                                 size_t *offset);

/**
 * @brief Reads the next header of a block.
 *
 * @param headers (in, out) The cursor.
 * @param header (out) The header, whose pointers point into the block. Its value may be NULL.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_END if there is no further header: then \p header is unchanged. Negative:
 * TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_raw_headers_next(tracebaton_raw_headers_t *headers,
                                                tracebaton_header_t *header);

/**
 * @brief Writes the headers of a record as the block that a batch of version 2 has after the record's value.
 *
 * For firmware and proxies that write records without a Kafka client. tracebaton_raw_headers_start() reads the block.
 *
 *     unsigned char block[512];
 *     if ((status = tracebaton_raw_headers_write(headers, count, block, sizeof(block), &block_size)) < 0)
 *         fprintf(stderr, "%s\n", tracebaton_status_message(status));
 *
 * @param headers Headers of the record. May be NULL if \p header_count is 0.
 * @param header_count Number of headers.
 * @param block (out) Buffer for the block. It must not overlap \p headers, their names or values, or \p block_size.
 * @param capacity Size of the buffer in bytes. Five bytes, and for each header ten more than its name and its value have,
 * are always enough. Names and values of up to 63 bytes take one byte each instead of five.
 * @param block_size (out) Size of the block in bytes.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT; the first
 * argument is invalid as well if a name is NULL and its size is not 0, or if a size is beyond the address space.
 */
tracebaton_status_t tracebaton_raw_headers_write(const tracebaton_header_t *headers,
                                                 size_t header_count,
                                                 void *block,
                                                 size_t capacity,
                                                 size_t *block_size);

/**@}*/


/**
 * @name Writing
 * @{
 */

/**
 * @brief Size in bytes of a traceparent that the library writes.
 */
#define TRACEBATON_TRACEPARENT_SIZE 55

/**
 * @brief Maximum count of headers that one injection adds to a record: traceparent, tracestate and baggage.
 */
#define TRACEBATON_MAX_HEADERS 3

/**
 * @brief Flag of an injection that replaces traceparent and tracestate.
 */
#define TRACEBATON_CARRIES_TRACE_CONTEXT 1

/**
 * @brief Flag of an injection that replaces baggage.
 */
#define TRACEBATON_CARRIES_BAGGAGE 2

/**
 * @brief The headers to write into a record, made by tracebaton_injection_prepare() or
 * tracebaton_injection_forward().
 *
 * It contains the bytes of a traceparent and borrows the rest. It must stay at its address until the headers made
 * from it have been sent or copied. It may be written into any number of records. Read its fields, but do not change
 * them.
 */
typedef struct tracebaton_injection_t {
    /**
     * The traceparent, unless one is forwarded.
     */
    char traceparent[TRACEBATON_TRACEPARENT_SIZE];
    /**
     * Headers that are replaced: TRACEBATON_CARRIES_TRACE_CONTEXT, TRACEBATON_CARRIES_BAGGAGE, both or neither.
     */
    uint8_t carries;
    /**
     * Received traceparent that is forwarded, or NULL.
     */
    const char *forwarded_traceparent;
    /**
     * Size in bytes of the traceparent, whether written or forwarded; 0 if there is none.
     */
    size_t traceparent_size;
    /**
     * The tracestate.
     */
    const char *tracestate;
    /**
     * Size of the tracestate in bytes; 0 if there is none.
     */
    size_t tracestate_size;
    /**
     * The baggage.
     */
    const char *baggage;
    /**
     * Size of the baggage in bytes; 0 if there is none.
     */
    size_t baggage_size;
} tracebaton_injection_t;

/**
 * @brief Prepares the injection that makes a context the parent of the record's consumer.
 *
 * The context is checked, so the result is always valid: a traceparent of version 00, and no tracestate or baggage
 * without members.
 *
 * All three headers of the record are replaced: if \p context has no tracestate or no baggage, the record's old
 * tracestate or baggage is removed. A context without a span context replaces less: the record's traceparent and
 * tracestate stay, and its baggage is replaced only if \p context has baggage.
 *
 * @param context The context.
 * @param injection (out) The injection. It borrows the tracestate and the baggage of \p context, not the struct
 * itself.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no span context. Negative:
 * TRACEBATON_INVALID_ARGUMENT, or the rule that \p context breaks.
 */
tracebaton_status_t tracebaton_injection_prepare(const tracebaton_context_t *context,
                                                 tracebaton_injection_t *injection);

/**
 * @brief Prepares the injection for a relay without a span of its own: it forwards accepted values byte for byte.
 *
 * All three headers are replaced, so a refused value is never forwarded. A relay that has a span writes a child
 * instead: see tracebaton_context_child_or_root().
 *
 * @param extracted Result of extracting from the received record. Its traceparent_value and the tracestate and
 * baggage of its context are forwarded. They are checked again if they were changed.
 * @param injection (out) The injection. It borrows the record's values.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no traceparent was accepted: then traceparent and tracestate
 * are removed, and baggage is written if there is any. Negative: TRACEBATON_INVALID_ARGUMENT, or the rule that \p
 * extracted breaks because it was changed in between.
 */
tracebaton_status_t tracebaton_injection_forward(const tracebaton_extracted_t *extracted,
                                                 tracebaton_injection_t *injection);

/**
 * @brief Restricts an injection to traceparent and tracestate: the record's baggage stays unchanged.
 *
 * @param injection (in, out) The injection.
 *
 * @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_injection_trace_context_only(tracebaton_injection_t *injection);

/**
 * @brief Restricts an injection to baggage: the record's traceparent and tracestate stay unchanged.
 *
 * After tracebaton_injection_trace_context_only() it leaves an injection that changes nothing.
 *
 * @param injection (in, out) The injection.
 *
 * @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_injection_baggage_only(tracebaton_injection_t *injection);

/**
 * @brief Gives the headers to add to a record, for header lists other than an array of tracebaton_header_t.
 *
 * First remove every header for which tracebaton_injection_replaces() returns 1, then add these.
 *
 * @param injection The injection.
 * @param headers (out) Array of TRACEBATON_MAX_HEADERS headers. They point into \p injection and to what it borrows;
 * their names end with a NUL and live as long as the program.
 *
 * @returns the number of headers, 0 to 3. Returns 0 for an invalid pointer too, and if \p headers overlaps \p
 * injection.
 */
size_t tracebaton_injection_headers(const tracebaton_injection_t *injection,
                                    tracebaton_header_t *headers);

/**
 * @brief Tells whether a header must be removed before the headers of an injection are added. Letter case does not
 * matter.
 *
 * @param injection The injection.
 * @param name Name of the header. May be NULL if \p name_size is 0.
 * @param name_size Size of the name in bytes: strlen(name) for a string.
 *
 * @returns 1 if the header must be removed, otherwise 0. Returns 0 for an invalid pointer too.
 */
int tracebaton_injection_replaces(const tracebaton_injection_t *injection,
                                  const char *name,
                                  size_t name_size);

/**
 * @brief Writes an injection into an array of headers. Either all headers are written, or none.
 *
 * Every header that the injection replaces is removed, in any letter case and however often it repeats. Then the
 * headers of the injection are added at the end, in the order traceparent, tracestate, baggage. All others keep
 * their order, their pointers and their bytes. Injecting twice gives the same array as injecting once.
 *
 * @param injection The injection. The array then points into it: it must live until the array is no longer used.
 * @param headers (in, out) Headers of the record. May be NULL if \p capacity is 0.
 * @param header_count (in, out) Number of headers. At most TRACEBATON_MAX_HEADERS are added.
 * @param capacity Number of headers that the array has room for.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if the injection has no traceparent; its other replacements are
 * made. Negative: TRACEBATON_HEADERS_FULL if the array has no room for all headers; then the headers to replace are
 * removed, \p header_count is their new number, none are added, and the record can still be sent. TRACEBATON_OVERLAP
 * or TRACEBATON_INVALID_ARGUMENT, which change nothing.
 */
tracebaton_status_t tracebaton_headers_inject(const tracebaton_injection_t *injection,
                                              tracebaton_header_t *headers,
                                              size_t *header_count,
                                              size_t capacity);

/**
 * @brief Calls tracebaton_headers_inject(), unless the record already has a valid traceparent, which is kept.
 *
 * @param injection The injection; see tracebaton_headers_inject().
 * @param headers (in, out) Headers of the record; see tracebaton_headers_inject().
 * @param header_count (in, out) Number of headers; see tracebaton_headers_inject().
 * @param capacity Number of headers that the array has room for.
 *
 * @returns the same statuses as tracebaton_headers_inject(), or TRACEBATON_KEPT if the record was not changed.
 */
tracebaton_status_t tracebaton_headers_inject_if_absent(const tracebaton_injection_t *injection,
                                                        tracebaton_header_t *headers,
                                                        size_t *header_count,
                                                        size_t capacity);

/**
 * @brief Removes every traceparent, tracestate and baggage header from an array, in any letter case.
 *
 * All other headers keep their order, their pointers and their bytes. Injecting a context of zeros instead would
 * leave old headers in the record. tracebaton_headers_strip_formats() also removes the headers of other tracing
 * formats.
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
 * @brief Position in a list that is read member by member. Start with zeros: tracebaton_cursor_t cursor = {0};
 *
 * A cursor belongs to one list, which must not change while it is read. A position that is not the start of a member
 * is refused as an invalid argument.
 */
typedef struct tracebaton_cursor_t {
    /**
     * Offset in bytes of the part that is not yet read.
     */
    size_t position;
    /**
     * Number of members that were read.
     */
    size_t members;
    /**
     * Number of malformed baggage members that were skipped.
     */
    size_t skipped;
} tracebaton_cursor_t;

/**
 * @brief Maximum count of members in a tracestate (W3C Trace Context Level 2, 3.3.2).
 */
#define TRACEBATON_TRACESTATE_MAX_MEMBERS 32

/**
 * @brief Maximum size of a tracestate in bytes. A buffer of this size is large enough for the result of every
 * change.
 */
#define TRACEBATON_TRACESTATE_MAX_SIZE 8192

/**
 * @brief Smallest limit for tracebaton_tracestate_truncate(), in bytes. W3C requires everyone to propagate this many
 * (3.3.3.1).
 */
#define TRACEBATON_TRACESTATE_MIN_PROPAGATED 512

/**
 * @brief One member of a tracestate, which belongs to one vendor. Its pointers point into the tracestate.
 */
typedef struct tracebaton_tracestate_member_t {
    /**
     * Key of the vendor: 1 to 256 bytes of a-z 0-9 _ - * / @ (W3C Trace Context Level 2, 3.3.2.2.1).
     */
    const char *key;
    /**
     * Size of the key in bytes.
     */
    size_t key_size;
    /**
     * Value: 1 to 256 bytes of printable ASCII without "," and "=", including leading spaces (3.3.2.2.2).
     */
    const char *value;
    /**
     * Size of the value in bytes.
     */
    size_t value_size;
} tracebaton_tracestate_member_t;

/**
 * @brief Reads the next member of a context's tracestate, from left to right. The left-most member is the newest.
 *
 * @param context The context.
 * @param cursor (in, out) Position in the list; zeros before the first call.
 * @param member (out) The member. It points into the tracestate.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_END if there is no further member. Negative: TRACEBATON_INVALID_ARGUMENT, or
 * the rule that the tracestate breaks; then no member can be read.
 */
tracebaton_status_t tracebaton_tracestate_next(const tracebaton_context_t *context,
                                               tracebaton_cursor_t *cursor,
                                               tracebaton_tracestate_member_t *member);

/**
 * @brief Finds the member with a key in a context's tracestate. If there are several, finds the first, which is the
 * newest.
 *
 * @param context The context.
 * @param key Key of the vendor. May be NULL if \p key_size is 0.
 * @param key_size Size of the key in bytes.
 * @param member (out) The member. It points into the tracestate.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NOT_FOUND. Negative: TRACEBATON_INVALID_ARGUMENT, or the rule that the
 * tracestate breaks.
 */
tracebaton_status_t tracebaton_tracestate_get(const tracebaton_context_t *context,
                                              const char *key,
                                              size_t key_size,
                                              tracebaton_tracestate_member_t *member);

/**
 * @brief Adds or updates a member of a context's tracestate, for a vendor that takes part in the trace.
 *
 * The member becomes the left-most, and every other member with its key is removed. The rest keep their order and
 * bytes. The right-most members are dropped if the list would have more than 32 members or 8192 bytes.
 *
 * Several changes can share one buffer: the first call copies the received tracestate into it, and later calls
 * change it there.
 *
 *     char state[TRACEBATON_TRACESTATE_MAX_SIZE]; // must live as long as span
 *     if ((status = tracebaton_tracestate_insert(&span, TRACEBATON_STR("rojo"), TRACEBATON_STR("1"), state,
 *                                                sizeof(state))) < 0 ||
 *         (status = tracebaton_tracestate_delete(&span, TRACEBATON_STR("congo"), state, sizeof(state))) < 0)
 *         fprintf(stderr, "%s\n", tracebaton_status_message(status));
 *
 * @param context (in, out) The context. On success its tracestate points into \p buffer.
 * @param key Key of the vendor: a-z 0-9 _ - * / @, the first a letter or a digit, at most 256 bytes.
 * @param key_size Size of the key in bytes.
 * @param value Value: printable ASCII without "," and "=", not ending with a space, at most 256 bytes.
 * @param value_size Size of the value in bytes.
 * @param buffer (out) Buffer for the new tracestate. It must live as long as the context. It must not overlap \p
 * context, its baggage, \p key or \p value. If the old tracestate begins where the buffer does, it is changed in
 * place, and other contexts that point to it must no longer be used. Otherwise the buffer must not overlap the old
 * tracestate.
 * @param capacity Size of the buffer in bytes. TRACEBATON_TRACESTATE_MAX_SIZE is always enough.
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
 * @brief Calls tracebaton_tracestate_insert() for a small buffer: drops as many other members as it takes for the list to
 * fit.
 *
 * Members of more than 128 bytes are dropped first, from the right, until the list fits. Then the right-most members
 * are dropped. W3C requires everyone to propagate TRACEBATON_TRACESTATE_MIN_PROPAGATED bytes or more, so give the buffer
 * that size if there is room.
 *
 *     char state[TRACEBATON_TRACESTATE_MIN_PROPAGATED]; // must live as long as span
 *     if ((status = tracebaton_tracestate_insert_within(&span, TRACEBATON_STR("rojo"), TRACEBATON_STR("1"), state,
 *                                                       sizeof(state))) < 0)
 *         fprintf(stderr, "%s\n", tracebaton_status_message(status)); // the key or the value is invalid
 *
 * @param context (in, out) The context. On success its tracestate points into \p buffer.
 * @param key Key of the vendor; see tracebaton_tracestate_insert().
 * @param key_size Size of the key in bytes.
 * @param value Value; see tracebaton_tracestate_insert().
 * @param value_size Size of the value in bytes.
 * @param buffer (out) Buffer for the new tracestate; see tracebaton_tracestate_insert().
 * @param capacity Size of the buffer in bytes. \p key_size + \p value_size + 1 bytes are enough.
 *
 * @returns the same statuses as tracebaton_tracestate_insert(). The buffer is too small only if the new member alone
 * does not fit, or if the old tracestate begins in it and continues after its end.
 */
tracebaton_status_t tracebaton_tracestate_insert_within(tracebaton_context_t *context,
                                                        const char *key,
                                                        size_t key_size,
                                                        const char *value,
                                                        size_t value_size,
                                                        char *buffer,
                                                        size_t capacity);

/**
 * @brief Deletes every member with a key from a context's tracestate.
 *
 * @param context (in, out) The context. On success its tracestate points into \p buffer.
 * @param key The key.
 * @param key_size Size of the key in bytes.
 * @param buffer (out) Buffer for the new tracestate; see tracebaton_tracestate_insert().
 * @param capacity Size of the buffer in bytes.
 *
 * @returns TRACEBATON_OK, also if the tracestate has no such member. Negative:
 * TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT, or the rule that the
 * tracestate or the key breaks.
 */
tracebaton_status_t tracebaton_tracestate_delete(tracebaton_context_t *context,
                                                 const char *key,
                                                 size_t key_size,
                                                 char *buffer,
                                                 size_t capacity);

/**
 * @brief Truncates a context's tracestate to a limit, by whole members (W3C Trace Context Level 2, 3.3.3.1).
 *
 * Members of more than 128 bytes are dropped first, from the right, until the list fits. Then the right-most members
 * are dropped.
 *
 * @param context (in, out) The context. On success its tracestate points into \p buffer.
 * @param limit Maximum size of the result in bytes, at least TRACEBATON_TRACESTATE_MIN_PROPAGATED.
 * @param buffer (out) Buffer for the new tracestate; see tracebaton_tracestate_insert(). \p limit bytes are enough.
 * @param capacity Size of the buffer in bytes.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_TRACESTATE_LIMIT_TOO_SMALL, TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL,
 * TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT, or the rule that the tracestate breaks.
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
 * @brief Maximum count of baggage members that are read or written. W3C requires everyone to propagate this many
 * (W3C Baggage 3.3.2).
 */
#define TRACEBATON_BAGGAGE_MAX_MEMBERS 64

/**
 * @brief Maximum size of a baggage in bytes. A buffer of this size is large enough for every list.
 */
#define TRACEBATON_BAGGAGE_MAX_SIZE 8192

/**
 * @brief One member of a baggage. Its pointers point into the baggage.
 */
typedef struct tracebaton_baggage_member_t {
    /**
     * The received member, without the white space around it: key, value and properties.
     */
    const char *member;
    /**
     * Size of the member in bytes.
     */
    size_t member_size;
    /**
     * Key: a token (RFC 9110 5.6.2), never decoded.
     */
    const char *key;
    /**
     * Size of the key in bytes.
     */
    size_t key_size;
    /**
     * Value, percent-encoded. tracebaton_baggage_value() decodes it.
     */
    const char *value;
    /**
     * Size of the value in bytes.
     */
    size_t value_size;
    /**
     * Received properties, after the first ";". OpenTelemetry calls them metadata.
     */
    const char *properties;
    /**
     * Size of the properties in bytes; 0 if there are none.
     */
    size_t properties_size;
} tracebaton_baggage_member_t;

/**
 * @brief A property of a member (W3C Baggage 3.3.1.4). Its pointers point into the member.
 */
typedef struct tracebaton_baggage_property_t {
    /**
     * The received property, without the white space around it.
     */
    const char *property;
    /**
     * Size of the property in bytes.
     */
    size_t property_size;
    /**
     * Key: a token, never decoded.
     */
    const char *key;
    /**
     * Size of the key in bytes.
     */
    size_t key_size;
    /**
     * Value, percent-encoded; NULL if the property has none.
     */
    const char *value;
    /**
     * Size of the value in bytes.
     */
    size_t value_size;
} tracebaton_baggage_property_t;

/**
 * @brief Reads the next well-formed member of a context's baggage, from left to right, at most 64.
 *
 * Malformed members are skipped and counted in the cursor.
 *
 * @param context The context.
 * @param cursor (in, out) Position in the list; zeros before the first call.
 * @param member (out) The member. It points into the baggage.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_END if there is no further member. Negative: TRACEBATON_INVALID_ARGUMENT, or
 * the rule that the whole baggage breaks; then no member can be read.
 */
tracebaton_status_t tracebaton_baggage_next(const tracebaton_context_t *context,
                                            tracebaton_cursor_t *cursor,
                                            tracebaton_baggage_member_t *member);

/**
 * @brief Finds the member with a key in a context's baggage. If there are several, finds the last one.
 *
 * @param context The context.
 * @param key The key. May be NULL if \p key_size is 0.
 * @param key_size Size of the key in bytes.
 * @param member (out) The member. It points into the baggage.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NOT_FOUND. Negative: TRACEBATON_INVALID_ARGUMENT, or the rule that the whole
 * baggage breaks.
 */
tracebaton_status_t tracebaton_baggage_get(const tracebaton_context_t *context,
                                           const char *key,
                                           size_t key_size,
                                           tracebaton_baggage_member_t *member);

/**
 * @brief Decodes the value of a member: removes percent-encoding, then replaces invalid UTF-8 by U+FFFD.
 *
 * @param member The member, from tracebaton_baggage_next() or tracebaton_baggage_get().
 * @param value (out) Buffer for the decoded value, which is UTF-8 and may contain a NUL. No NUL is added. It must
 * not overlap \p member, its text or \p value_size.
 * @param capacity Size of the buffer in bytes. The value_size of \p member is always enough.
 * @param value_size (out) Size of the decoded value in bytes.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP, or
 * TRACEBATON_INVALID_ARGUMENT, which includes a \p member that is not a member.
 */
tracebaton_status_t tracebaton_baggage_value(const tracebaton_baggage_member_t *member,
                                             char *value,
                                             size_t capacity,
                                             size_t *value_size);

/**
 * @brief Reads the next property of a member. Keys may repeat.
 *
 * @param member The member, from tracebaton_baggage_next() or tracebaton_baggage_get().
 * @param cursor (in, out) Position in the properties; zeros before the first call for this member.
 * @param property (out) The property. It points into the member.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_END if there is no further property. Negative: TRACEBATON_INVALID_ARGUMENT,
 * which includes a \p member that is not a member.
 */
tracebaton_status_t tracebaton_baggage_property_next(const tracebaton_baggage_member_t *member,
                                                     tracebaton_cursor_t *cursor,
                                                     tracebaton_baggage_property_t *property);

/**
 * @brief Decodes the value of a property, as tracebaton_baggage_value() does for a member.
 *
 * @param property The property, from tracebaton_baggage_property_next().
 * @param value (out) Buffer for the decoded value; see tracebaton_baggage_value().
 * @param capacity Size of the buffer in bytes.
 * @param value_size (out) Size of the decoded value in bytes.
 *
 * @returns the same statuses as tracebaton_baggage_value(), or TRACEBATON_NOT_FOUND if the property has no value; then
 * the outputs are unchanged.
 */
tracebaton_status_t tracebaton_baggage_property_value(const tracebaton_baggage_property_t *property,
                                                      char *value,
                                                      size_t capacity,
                                                      size_t *value_size);

/**
 * @brief One entry for tracebaton_baggage_build(): a member, or a property of the member before it.
 */
typedef struct tracebaton_baggage_entry_t {
    /**
     * Key: a token (RFC 9110 5.6.2).
     */
    const char *key;
    /**
     * Size of the key in bytes.
     */
    size_t key_size;
    /**
     * Value: any bytes, which are percent-encoded where necessary. NULL for a property without a value.
     */
    const char *value;
    /**
     * Size of the value in bytes.
     */
    size_t value_size;
    /**
     * 0 for a member, 1 for a property of the member before it.
     */
    uint8_t is_property;
    /**
     * Reserved for encoding options: zeros.
     */
    uint8_t reserved[7];
} tracebaton_baggage_entry_t;

/**
 * @brief Builds a baggage and stores it in a context.
 *
 * @param context (in, out) The context. On success its baggage points into \p buffer; on an error it keeps its old
 * baggage.
 * @param entries The members, each followed by its properties. May be NULL if \p entry_count is 0; the context then
 * has no baggage.
 * @param entry_count Number of entries.
 * @param buffer (out) Buffer for the baggage. It must live as long as the context, and must not overlap the entries,
 * their texts, \p context, its tracestate or its old baggage.
 * @param capacity Size of the buffer in bytes. TRACEBATON_BAGGAGE_MAX_SIZE is always enough.
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
 * Every member with this key is removed, and the new member is added at the end. All other well-formed members are
 * kept byte for byte. Malformed members are dropped.
 *
 * Several changes can share one buffer: the first call copies the received baggage into it, and later calls change
 * it there.
 *
 *     char baggage[TRACEBATON_BAGGAGE_MAX_SIZE]; // must live as long as span
 *     if ((status = tracebaton_baggage_set(&span, TRACEBATON_STR("tenant"), TRACEBATON_STR("7"), baggage,
 *                                          sizeof(baggage))) < 0 ||
 *         (status = tracebaton_baggage_remove(&span, TRACEBATON_STR("user"), baggage, sizeof(baggage))) < 0)
 *         fprintf(stderr, "%s\n", tracebaton_status_message(status));
 *
 * @param context (in, out) The context. On success its baggage points into \p buffer.
 * @param key The key: a token.
 * @param key_size Size of the key in bytes.
 * @param value The value: any bytes, which are percent-encoded where necessary.
 * @param value_size Size of the value in bytes.
 * @param buffer (out) Buffer for the new baggage. It must live as long as the context. It must not overlap \p
 * context, its tracestate, \p key or \p value. If the old baggage begins where the buffer does, it is changed in
 * place, and other contexts that point to it must no longer be used. Otherwise the buffer must not overlap the old
 * baggage.
 * @param capacity Size of the buffer in bytes. TRACEBATON_BAGGAGE_MAX_SIZE is always enough.
 *
 * @returns TRACEBATON_OK. Negative: TRACEBATON_BAGGAGE_KEY, TRACEBATON_BAGGAGE_TOO_MANY_MEMBERS (over 64),
 * TRACEBATON_BAGGAGE_TOO_LONG (over 8192 bytes), TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP,
 * TRACEBATON_INVALID_ARGUMENT, or the rule that the old baggage breaks.
 */
tracebaton_status_t tracebaton_baggage_set(tracebaton_context_t *context,
                                           const char *key,
                                           size_t key_size,
                                           const char *value,
                                           size_t value_size,
                                           char *buffer,
                                           size_t capacity);

/**
 * @brief Removes every member with a key from a context's baggage. All other well-formed members are kept byte for
 * byte. Malformed members are dropped.
 *
 * If it fails, the context still has the member. To send no private member in any case, set \c baggage to NULL and \c
 * baggage_size to 0 then: if the context has a span, its injection removes the record's baggage. Without a span, strip the
 * record's headers, see tracebaton_headers_strip().
 *
 * @param context (in, out) The context. On success its baggage points into \p buffer.
 * @param key The key: a token.
 * @param key_size Size of the key in bytes.
 * @param buffer (out) Buffer for the new baggage; see tracebaton_baggage_set().
 * @param capacity Size of the buffer in bytes.
 *
 * @returns TRACEBATON_OK, also if the baggage has no such member. Negative: TRACEBATON_BAGGAGE_KEY,
 * TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL, TRACEBATON_OVERLAP, TRACEBATON_INVALID_ARGUMENT, or the rule that the old
 * baggage breaks.
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
 * @brief The set of all formats of this version, including W3C Trace Context and Baggage.
 */
#define TRACEBATON_FORMATS_ALL 524286

/**
 * @brief The tracing formats whose headers occur in Kafka records (FORMATS.md, F1).
 *
 * If OpenTelemetry has a propagator for a format, tracebaton_format_name() returns its name in OTEL_PROPAGATORS.
 */
typedef enum tracebaton_format {
    /**
     * No known format.
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
     * CloudEvents: ce_traceparent. It names the origin of an event, never the parent.
     */
    TRACEBATON_FORMAT_CLOUDEVENTS = 10,
    /**
     * Datadog Data Streams: dd-pathway-ctx. This format and all below are recognised by name only.
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
     * Of a received record: it has no decision. As an argument of tracebaton_format_injection_prepare(): the sampled
     * flag is the decision.
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
     * The producer has not decided; the consumer decides.
     */
    TRACEBATON_SAMPLING_DEFER = 3,
    /**
     * The trace is sampled, and marked for debugging.
     */
    TRACEBATON_SAMPLING_DEBUG = 4,
} tracebaton_sampling;

/**
 * @brief A tracing format: one of enum tracebaton_format.
 */
typedef int32_t tracebaton_format_t;

/**
 * @brief A rule of a format that a header breaks, as a positive number; 0 is none. tracebaton_format_rule_name()
 * gives its name.
 */
typedef int32_t tracebaton_format_rule_t;

/**
 * @brief A set of formats, such as TRACEBATON_FORMATS_ALL. Each format is the bit 1 << format: 1u <<
 * TRACEBATON_FORMAT_B3 | 1u << TRACEBATON_FORMAT_B3MULTI.
 */
typedef uint32_t tracebaton_formats_t;

/**
 * @brief A sampling decision: one of enum tracebaton_sampling.
 */
typedef int32_t tracebaton_sampling_t;

/**
 * @brief Finds the format that a header belongs to by the header's name.
 *
 * Letter case does not matter. A dash may also be written as an underscore or as one of the escapes that JMS bridges
 * use.
 *
 * @param name Name of a header. May be NULL if \p name_size is 0.
 * @param name_size Size of the name in bytes: strlen(name) for a string.
 *
 * @returns one of enum tracebaton_format; TRACEBATON_FORMAT_NONE for any other name, and for an invalid pointer or
 * size.
 */
tracebaton_format_t tracebaton_header_format_of(const char *name,
                                                size_t name_size);

/**
 * @brief Name of a format, such as "b3multi".
 *
 * @param format Any number.
 *
 * @returns a string that ends with a NUL and is never NULL: "none" for TRACEBATON_FORMAT_NONE, "unknown" for a
 * number that is no format of this version. It lives as long as the program.
 */
const char *tracebaton_format_name(tracebaton_format_t format);

/**
 * @brief Finds the format with a name that tracebaton_format_name() returns, in lower case.
 *
 * @param name Name of a format. May be NULL if \p name_size is 0.
 * @param name_size Size of the name in bytes.
 *
 * @returns one of enum tracebaton_format; TRACEBATON_FORMAT_NONE for any other name, and for an invalid pointer or
 * size.
 */
tracebaton_format_t tracebaton_format_of_name(const char *name,
                                              size_t name_size);

/**
 * @brief Name of a format's rule, such as "trace_id_zero".
 *
 * @param rule Any number.
 *
 * @returns a string that ends with a NUL and is never NULL: "none" for 0, "unknown" for a number that is no rule of
 * this version. It lives as long as the program.
 */
const char *tracebaton_format_rule_name(tracebaton_format_rule_t rule);

/**
 * @brief Removes the headers of a set of formats from an array. tracebaton_headers_strip() removes those of W3C
 * alone.
 *
 * Call it at a boundary that no trace may cross. If headers of B3, Datadog or others stay in a record, the next
 * consumer of that format continues the old trace.
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
 * @brief Maximum count of formats that can name a parent.
 */
#define TRACEBATON_MAX_READABLE_FORMATS 8

/**
 * @brief The reasons why a format was not chosen.
 */
typedef enum tracebaton_outcome {
    /**
     * It names a span of the same trace. A trace id of 64 bits equals a longer one with the same lower half.
     */
    TRACEBATON_OUTCOME_SAME_TRACE = 1,
    /**
     * It names a span of another trace: a conflict.
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
 * @brief Why a format was not chosen: one of enum tracebaton_outcome.
 */
typedef int32_t tracebaton_outcome_t;

/**
 * @brief One format that a record has beside the chosen one.
 */
typedef struct tracebaton_other_t {
    /**
     * Id of the trace that the format names; zeros if it names none.
     */
    tracebaton_trace_id_t trace_id;
    /**
     * Id of the span that the format names; zeros if it names none.
     */
    tracebaton_span_id_t span_id;
    /**
     * The format: one of enum tracebaton_format.
     */
    tracebaton_format_t format;
    /**
     * Why the format was not chosen: one of enum tracebaton_outcome.
     */
    tracebaton_outcome_t outcome;
    /**
     * Its sampling decision: one of enum tracebaton_sampling.
     */
    tracebaton_sampling_t sampling;
    /**
     * The rule that it breaks if it was refused; tracebaton_format_rule_name() gives the name.
     */
    tracebaton_format_rule_t rule;
    /**
     * Offset in the header's value, in bytes, at which it breaks the rule.
     */
    uint32_t offset;
    /**
     * Reserved: zeros, which are not read.
     */
    uint32_t reserved;
    /**
     * Index in the record, from 0, of the header with the trace id; of the one with the decision if the format has no
     * ids; of the one at fault if it is refused.
     */
    size_t index;
} tracebaton_other_t;

/**
 * @brief Result of tracebaton_headers_choose(): the parent, and the other formats that the record has.
 */
typedef struct tracebaton_choice_t {
    /**
     * The parent and the record's baggage. Fields that neither sets are zeros. Its pointers point into the record's values.
     */
    tracebaton_context_t context;
    /**
     * The span where the event originated, if TRACEBATON_FORMAT_CLOUDEVENTS is in the order. Link to it; it is never
     * the parent.
     */
    tracebaton_context_t origin;
    /**
     * Verdict on the traceparent header, whichever format was chosen.
     */
    tracebaton_verdict_t traceparent;
    /**
     * Verdict on the tracestate header. It is absent as well if no traceparent was accepted.
     */
    tracebaton_verdict_t tracestate;
    /**
     * Verdict on the baggage header.
     */
    tracebaton_verdict_t baggage;
    /**
     * Format that names the parent: one of enum tracebaton_format; TRACEBATON_FORMAT_NONE if there is no parent.
     */
    tracebaton_format_t arrived_as;
    /**
     * Sampling decision of the parent: one of enum tracebaton_sampling. Without a parent it is that of the first
     * format in the order that has a decision.
     */
    tracebaton_sampling_t sampling;
    /**
     * Rule that a header breaks which was ignored beside the valid ids of the chosen format: Datadog's _dd.p.tid in
     * x-datadog-tags, or Instana's level; 0 if there is none.
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
     * The other formats of the order that the record has, in the same order.
     */
    tracebaton_other_t others[TRACEBATON_MAX_READABLE_FORMATS];
} tracebaton_choice_t;

/**
 * @brief Finds the parent of a record in the headers of several formats. The first format that names a parent wins.
 *
 * Never fails on the bytes of headers. Parts of two formats are never merged. Baggage is read whichever format is
 * chosen. A program that reads W3C alone calls tracebaton_headers_extract() instead, and then links none of this
 * code.
 *
 * @param headers Headers of the record. May be NULL if \p header_count is 0.
 * @param header_count Number of headers.
 * @param order The formats, each one of enum tracebaton_format, the preferred one first. May be NULL if \p
 * order_count is 0.
 * @param order_count Number of formats.
 * @param if_deferred Sampled flag if the producer deferred the sampling decision: 1 sets it, 0 clears it.
 * @param choice (out) The parent and the other formats. Its pointers point into the values of \p headers.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no format names a parent; \p choice may still have baggage.
 * Negative: only TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_headers_choose(const tracebaton_header_t *headers,
                                              size_t header_count,
                                              const tracebaton_format_t *order,
                                              size_t order_count,
                                              unsigned char if_deferred,
                                              tracebaton_choice_t *choice);

/**
 * @brief Most headers of one record that the formats are read from.
 */
#define TRACEBATON_MAX_CHOICE_HEADERS 22

/**
 * @brief Reads the headers of a record one at a time in several formats, for a program that has no array of them.
 *
 * It begins as zeros: tracebaton_choice_reader_t reader = {0}; Only this library may access the fields.
 */
typedef struct tracebaton_choice_reader_t {
    /**
     * The last header that is not null of each name.
     */
    tracebaton_header_t headers[TRACEBATON_MAX_CHOICE_HEADERS];
    /**
     * Their indexes in the record.
     */
    size_t indexes[TRACEBATON_MAX_CHOICE_HEADERS];
    /**
     * Number of headers that were added.
     */
    size_t header_count;
} tracebaton_choice_reader_t;

/**
 * @brief Adds the next header of a record.
 *
 * @param reader (in, out) What was read so far.
 * @param name Name of the header. May be NULL if \p name_size is 0. It must live until tracebaton_choice_reader_finish().
 * @param name_size Its size, in bytes: strlen(name) for a string.
 * @param value Value of the header; NULL is Kafka's null. It must live as long as the context that is read from it.
 * @param value_size Its size, in bytes.
 *
 * @returns TRACEBATON_OK. Negative: only TRACEBATON_INVALID_ARGUMENT, and TRACEBATON_OVERLAP if \p name or \p value overlaps
 * \p reader.
 */
tracebaton_status_t tracebaton_choice_reader_add(tracebaton_choice_reader_t *reader,
                                                 const char *name,
                                                 size_t name_size,
                                                 const void *value,
                                                 size_t value_size);

/**
 * @brief Finds the parent in the headers that were added: tracebaton_headers_choose() without an array.
 *
 * @param reader The headers of the record.
 * @param order The formats, as for tracebaton_headers_choose().
 * @param order_count Number of formats.
 * @param if_deferred As for tracebaton_headers_choose().
 * @param choice (out) The parent, and what became of the other formats. Its pointers point into the values that were added.
 *
 * @returns as tracebaton_headers_choose().
 */
tracebaton_status_t tracebaton_choice_reader_finish(const tracebaton_choice_reader_t *reader,
                                                    const tracebaton_format_t *order,
                                                    size_t order_count,
                                                    unsigned char if_deferred,
                                                    tracebaton_choice_t *choice);

/**
 * @brief Maximum count of headers that one injection in several formats adds to a record.
 */
#define TRACEBATON_MAX_FORMAT_HEADERS 15

/**
 * @brief Size in bytes of the text inside an injection in several formats.
 */
#define TRACEBATON_FORMAT_TEXT_SIZE 328

/**
 * @brief The headers to write into a record in several formats, made by tracebaton_format_injection_prepare().
 *
 * It contains the bytes of all values but tracestate and baggage, which it borrows. It must stay at its address
 * until the headers made from it have been sent or copied. Only this library may access the fields.
 */
typedef struct tracebaton_format_injection_t {
    /**
     * The context.
     */
    tracebaton_context_t context;
    /**
     * Formats that are written.
     */
    tracebaton_formats_t written;
    /**
     * Further formats whose headers are removed.
     */
    tracebaton_formats_t replaced;
    /**
     * Sampling decision: one of enum tracebaton_sampling.
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
 * _INSTANA; others are ignored. Each replaces its own headers, in any letter case.
 *
 * @param context The context.
 * @param written The formats to write.
 * @param replaced Further formats whose headers are removed, such as TRACEBATON_FORMATS_ALL; 0 for none.
 * @param sampling TRACEBATON_SAMPLING_NONE to use the sampled flag of \p context, or a decision that the flag cannot
 * express.
 * @param injection (out) The injection. It borrows the tracestate and the baggage of \p context, not the struct
 * itself.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if there is no span context: then only baggage is written, and
 * the headers of the formats in \p replaced are removed. Negative: TRACEBATON_INVALID_ARGUMENT, or the rule that \p
 * context breaks.
 */
tracebaton_status_t tracebaton_format_injection_prepare(const tracebaton_context_t *context,
                                                        tracebaton_formats_t written,
                                                        tracebaton_formats_t replaced,
                                                        tracebaton_sampling_t sampling,
                                                        tracebaton_format_injection_t *injection);

/**
 * @brief Tells whether a header must be removed before the headers of an injection in several formats are added.
 *
 * For header lists other than arrays. The headers to add are those that tracebaton_headers_inject_formats() writes into
 * an empty array.
 *
 * @param injection The injection.
 * @param name Name of the header. May be NULL if \p name_size is 0.
 * @param name_size Its size, in bytes: strlen(name) for a string.
 *
 * @returns 1 if it must be removed, otherwise 0; also 0 for an invalid pointer or injection.
 */
int tracebaton_format_injection_replaces(const tracebaton_format_injection_t *injection,
                                         const char *name,
                                         size_t name_size);

/**
 * @brief Writes an injection in several formats into an array of headers. Either all headers are written, or none.
 *
 * Works like tracebaton_headers_inject(). The headers of W3C come first, then those of the other formats in the
 * order of enum tracebaton_format.
 *
 * @param injection The injection. The array then points into it: it must live until the array is no longer used.
 * @param headers (in, out) Headers of the record. May be NULL if \p capacity is 0.
 * @param header_count (in, out) Number of headers. At most TRACEBATON_MAX_FORMAT_HEADERS are added.
 * @param capacity Number of headers that the array has room for.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_CONTEXT if no span context was written. Negative: TRACEBATON_HEADERS_FULL
 * if the array has no room for all headers; then the headers to replace are removed, \p header_count is their new
 * number, none are added, and the record can still be sent. TRACEBATON_INVALID_ARGUMENT, which changes nothing.
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
     * Creation time, by the producer's clock.
     */
    TRACEBATON_TIMESTAMP_CREATE_TIME = 1,
    /**
     * Time at which the broker stored the record, by the broker's clock.
     */
    TRACEBATON_TIMESTAMP_LOG_APPEND_TIME = 2,
} tracebaton_timestamp_kind;

/**
 * @brief The kind of a timestamp: one of enum tracebaton_timestamp_kind.
 */
typedef int32_t tracebaton_timestamp_kind_t;

/**
 * @brief Time between a record's timestamp and its consumption.
 */
typedef struct tracebaton_queue_time_t {
    /**
     * Milliseconds. If the clock that set the timestamp is ahead of the consumer's, the time is too small, or even
     * negative; if it is behind, the time is too large.
     */
    int64_t milliseconds;
    /**
     * Clock that set the record's timestamp: one of enum tracebaton_timestamp_kind.
     */
    tracebaton_timestamp_kind_t kind;
    /**
     * Reserved: zeros.
     */
    uint8_t reserved[4];
} tracebaton_queue_time_t;

/**
 * @brief Computes how long a record waited, from its timestamp to its consumption.
 *
 * The result is signed and never clamped, so that a wrong clock is visible.
 *
 * @param timestamp Timestamp of the record, in milliseconds since the Unix epoch.
 * @param kind Kind of the timestamp: one of enum tracebaton_timestamp_kind.
 * @param consumed Time of consumption, in milliseconds since the Unix epoch: when the first attempt to process the
 * record begins.
 * @param queue_time (out) The time between the two.
 *
 * @returns TRACEBATON_OK, or TRACEBATON_NO_TIMESTAMP if the record has no timestamp: then \p queue_time is zeros.
 * Negative: only TRACEBATON_INVALID_ARGUMENT.
 */
tracebaton_status_t tracebaton_queue_time_between(int64_t timestamp,
                                                  tracebaton_timestamp_kind_t kind,
                                                  int64_t consumed,
                                                  tracebaton_queue_time_t *queue_time);

/**
 * @brief Version of this header. tracebaton_version() returns the version of the library.
 */
#define TRACEBATON_VERSION "0.1.0"
#define TRACEBATON_VERSION_MAJOR 0
#define TRACEBATON_VERSION_MINOR 1
#define TRACEBATON_VERSION_PATCH 0
/**
 * @brief Version of this header as a number. tracebaton_version_number() returns that of the library.
 */
#define TRACEBATON_VERSION_NUMBER \
    (TRACEBATON_VERSION_MAJOR << 16 | TRACEBATON_VERSION_MINOR << 8 | TRACEBATON_VERSION_PATCH)

/**
 * @brief Version of the linked library, such as "0.1.0". TRACEBATON_VERSION is the version of this header.
 *
 * @returns a string that ends with a NUL. It lives as long as the program.
 */
const char *tracebaton_version(void);

/**
 * @brief Version of the linked library as a number: major << 16 | minor << 8 | patch.
 *
 * @remark With a shared library, compare it with TRACEBATON_VERSION_NUMBER. Header and library work together if
 * their major numbers are equal (below 1.0, their minor numbers) and the library is not older than the header.
 */
uint32_t tracebaton_version_number(void);

/**@}*/


/**
 * @name Statuses
 * @{
 */

/**
 * @brief Short name of a status: lower-case words joined by "_", such as "trace_id_zero".
 *
 * @param status Any number.
 *
 * @returns a string that ends with a NUL and is never NULL: "unknown" for a number that this version does not have.
 * It lives as long as the program.
 *
 * @remark A rule has the same name in every language and tool of the project. Two headers may have rules of the same
 * name; their numbers and messages differ. The verdicts of several formats have rules of their own:
 * tracebaton_format_rule_name().
 */
const char *tracebaton_status_name(tracebaton_status_t status);

/**
 * @brief Meaning of a status as an English sentence, such as "the trace-id is all zeros".
 *
 * @param status Any number.
 *
 * @returns a string that ends with a NUL and is never NULL. It lives as long as the program.
 */
const char *tracebaton_status_message(tracebaton_status_t status);

/**
 * @brief Every status; see tracebaton_status_t.
 *
 * The errors have ranges. From -99 to -1 they are about arguments, arrays and buffers, from -199 to -101 about a
 * traceparent, from -299 to -201 about a tracestate, and from -399 to -301 about a baggage. From -599 to -501 they are
 * about the header block of a record in a batch. An error about a text or a block names the rule of the grammar that
 * its bytes break, or says that a buffer or a limit is too small. Those from -499 to -401 are about librdkafka, and
 * only tracebaton_rdkafka.h returns them.
 */
typedef enum tracebaton_status {
    /**
     * Success. As a verdict: the header was accepted.
     */
    TRACEBATON_OK = 0,
    /**
     * The context has no span context, so there is no parent.
     */
    TRACEBATON_NO_CONTEXT = 1,
    /**
     * As a verdict: the record has no such header with a value, or it has a tracestate without an accepted
     * traceparent.
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
     * The record already has a valid traceparent, or the list already has the link. It was kept.
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
     * The links have no room: the new link was counted as dropped.
     */
    TRACEBATON_LINKS_FULL = 8,
    /**
     * Stands for the seven statuses below in descriptions. No function returns this number.
     */
    TRACEBATON_INVALID_ARGUMENT = -1,
    /**
     * A buffer, an array or an output overlaps another argument.
     */
    TRACEBATON_OVERLAP = -2,
    /**
     * The header array is full; none of the headers was added. Leave room for TRACEBATON_MAX_HEADERS more.
     */
    TRACEBATON_HEADERS_FULL = -3,
    /**
     * The buffer is too small for the result. The description of the function says which size is enough.
     */
    TRACEBATON_BUFFER_TOO_SMALL = -4,
    /**
     * The first argument is invalid: a pointer is NULL or misaligned, a size or count is beyond the address space or
     * the capacity, a constant is unknown, or a struct contains one of these.
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
     * The traceparent has fewer than 55 bytes.
     */
    TRACEBATON_TRACEPARENT_TOO_SHORT = -101,
    /**
     * The version of the traceparent is not two lower-case hexadecimal digits.
     */
    TRACEBATON_TRACEPARENT_VERSION = -102,
    /**
     * The version of the traceparent is ff, which is forbidden.
     */
    TRACEBATON_TRACEPARENT_VERSION_FORBIDDEN = -103,
    /**
     * A field of the traceparent is not followed by a dash.
     */
    TRACEBATON_TRACEPARENT_SEPARATOR = -104,
    /**
     * The trace-id is not 32 lower-case hexadecimal digits.
     */
    TRACEBATON_TRACEPARENT_TRACE_ID = -105,
    /**
     * The trace-id is all zeros.
     */
    TRACEBATON_TRACEPARENT_TRACE_ID_ZERO = -106,
    /**
     * The parent-id is not 16 lower-case hexadecimal digits.
     */
    TRACEBATON_TRACEPARENT_PARENT_ID = -107,
    /**
     * The parent-id is all zeros.
     */
    TRACEBATON_TRACEPARENT_PARENT_ID_ZERO = -108,
    /**
     * The trace-flags of the traceparent are not two lower-case hexadecimal digits.
     */
    TRACEBATON_TRACEPARENT_TRACE_FLAGS = -109,
    /**
     * The traceparent has bytes after its trace-flags that its version does not allow.
     */
    TRACEBATON_TRACEPARENT_TRAILING = -110,
    /**
     * The tracestate has more than 8192 bytes.
     */
    TRACEBATON_TRACESTATE_TOO_LONG = -201,
    /**
     * A tracestate key does not begin with a lower-case letter or a digit.
     */
    TRACEBATON_TRACESTATE_KEY_START = -202,
    /**
     * A tracestate key contains a byte other than a-z 0-9 _ - * / @.
     */
    TRACEBATON_TRACESTATE_KEY = -203,
    /**
     * A tracestate key has more than 256 bytes.
     */
    TRACEBATON_TRACESTATE_KEY_TOO_LONG = -204,
    /**
     * A tracestate member has no equals sign.
     */
    TRACEBATON_TRACESTATE_EQUALS_MISSING = -205,
    /**
     * A tracestate value contains a comma, an equals sign, or a byte that is not printable ASCII.
     */
    TRACEBATON_TRACESTATE_VALUE = -206,
    /**
     * A tracestate value is empty or only white space.
     */
    TRACEBATON_TRACESTATE_VALUE_EMPTY = -207,
    /**
     * A tracestate value has more than 256 bytes.
     */
    TRACEBATON_TRACESTATE_VALUE_TOO_LONG = -208,
    /**
     * The tracestate has more than 32 members.
     */
    TRACEBATON_TRACESTATE_TOO_MANY_MEMBERS = -209,
    /**
     * The buffer is too small for the new tracestate: 8192 bytes are always enough.
     */
    TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL = -210,
    /**
     * The limit for the tracestate is below 512 bytes: W3C requires at least 512.
     */
    TRACEBATON_TRACESTATE_LIMIT_TOO_SMALL = -211,
    /**
     * A tracestate value ends with a space, which readers trim: remove the space.
     */
    TRACEBATON_TRACESTATE_VALUE_END = -212,
    /**
     * The baggage has more than 8192 bytes.
     */
    TRACEBATON_BAGGAGE_TOO_LONG = -301,
    /**
     * The baggage contains a control byte.
     */
    TRACEBATON_BAGGAGE_CONTROL_BYTE = -302,
    /**
     * A baggage key is empty, or contains a space, a delimiter, or a byte that is not printable ASCII.
     */
    TRACEBATON_BAGGAGE_KEY = -303,
    /**
     * The baggage would have more than 64 members: remove one first.
     */
    TRACEBATON_BAGGAGE_TOO_MANY_MEMBERS = -304,
    /**
     * The buffer is too small for the new baggage: 8192 bytes are always enough.
     */
    TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL = -305,
    /**
     * The baggage has no member that the property could belong to: add a member first.
     */
    TRACEBATON_BAGGAGE_NO_MEMBER = -306,
    /**
     * librdkafka: the message is NULL, or reports an error or an event instead of a record: check its err.
     */
    TRACEBATON_RDKAFKA_NOT_A_RECORD = -401,
    /**
     * librdkafka: the record with its context exceeds message.max.bytes; it was sent without the context. Raise the limit.
     */
    TRACEBATON_RDKAFKA_RECORD_TOO_LARGE = -402,
    /**
     * librdkafka: the list has more than 64 headers that may have to be removed; it is unchanged.
     * tracebaton_rdkafka_produce() has no such limit.
     */
    TRACEBATON_RDKAFKA_TOO_MANY_HEADERS = -403,
    /**
     * librdkafka: the list refused a header, for example because it is read-only; it has no context.
     */
    TRACEBATON_RDKAFKA_NOT_ADDED = -404,
    /**
     * The header block ends inside a number, a name or a value.
     */
    TRACEBATON_RAW_HEADERS_TOO_SHORT = -501,
    /**
     * A number in the header block has more than five bytes or than 32 bits.
     */
    TRACEBATON_RAW_HEADERS_NUMBER = -502,
    /**
     * The count of the header block is negative or more than its bytes can hold.
     */
    TRACEBATON_RAW_HEADERS_COUNT = -503,
    /**
     * The length of a name in the header block is negative.
     */
    TRACEBATON_RAW_HEADERS_NAME_LENGTH = -504,
    /**
     * The length of a value in the header block is negative and not -1.
     */
    TRACEBATON_RAW_HEADERS_VALUE_LENGTH = -505,
    /**
     * The header block continues after its last header.
     */
    TRACEBATON_RAW_HEADERS_TRAILING = -506,
} tracebaton_status;

/**@}*/

#ifdef __cplusplus
}
#endif

#endif /* TRACEBATON_H */
