/*
 * tracebaton_rdkafka_impl.h: the functions of tracebaton_rdkafka.h, which includes this file.
 *
 * Do not include it yourself. Names that begin with tracebaton_rdkafka_impl_ may change in every version.
 */
#ifndef TRACEBATON_RDKAFKA_IMPL_H
#define TRACEBATON_RDKAFKA_IMPL_H

#ifndef TRACEBATON_RDKAFKA_H
#error "include tracebaton_rdkafka.h, not tracebaton_rdkafka_impl.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
#define TRACEBATON_RDKAFKA_IMPL_CAST(type, value) static_cast<type>(value)
#define TRACEBATON_RDKAFKA_IMPL_MUTABLE(pointer) const_cast<void *>(pointer)
#define TRACEBATON_RDKAFKA_IMPL_ADDRESS(pointer) reinterpret_cast<uintptr_t>(pointer)
#else
#define TRACEBATON_RDKAFKA_IMPL_CAST(type, value) ((type)(value))
#define TRACEBATON_RDKAFKA_IMPL_MUTABLE(pointer) ((void *)(uintptr_t)(pointer))
#define TRACEBATON_RDKAFKA_IMPL_ADDRESS(pointer) ((uintptr_t)(pointer))
#endif

static inline int tracebaton_rdkafka_impl_is_name(const char *name, const char *lower_case) {
    for (; *lower_case; name++, lower_case++)
        /* A byte that equals a lower-case letter with this bit set is that letter in upper or lower case. */
        if ((*name | 0x20) != *lower_case)
            return 0;
    return *name == '\0';
}

/* Recognises a name in any letter case: 0, 1 or 2 in the order of writing, 3 for every other name. */
static inline unsigned tracebaton_rdkafka_impl_which(const char *name) {
    switch (*name | 0x20) {
    case 't':
        if (tracebaton_rdkafka_impl_is_name(name, "traceparent"))
            return 0;
        return tracebaton_rdkafka_impl_is_name(name, "tracestate") ? 1 : 3;
    case 'b':
        return tracebaton_rdkafka_impl_is_name(name, "baggage") ? 2 : 3;
    default:
        return 3;
    }
}

/* Whether 8 bytes equal these lower-case letters after the case bits are set. */
static inline int tracebaton_rdkafka_impl_are(const char *bytes, const char *lower_case, const char *case_bits) {
    uint64_t word, letters, bits;
    memcpy(&word, bytes, 8);
    memcpy(&letters, lower_case, 8);
    memcpy(&bits, case_bits, 8);
    return (word | bits) == letters;
}

/*
 * Fast path: 0, 1 or 2 is certain, 3 is undecided. If the value begins directly after the NUL of the name, that NUL ends the
 * name. librdkafka stores name and value this way, in one piece of memory, but does not promise it.
 */
static inline unsigned tracebaton_rdkafka_impl_which_adjacent(const char *name, const void *value) {
    static const char all[] = "        ", all_but_nul[] = "       ";
    switch (TRACEBATON_RDKAFKA_IMPL_ADDRESS(value) - TRACEBATON_RDKAFKA_IMPL_ADDRESS(name)) {
    case sizeof("traceparent"):
        return tracebaton_rdkafka_impl_are(name, "tracepar", all) &&
                       tracebaton_rdkafka_impl_are(name + 4, "eparent", all_but_nul)
                   ? 0
                   : 3;
    case sizeof("tracestate"):
        return tracebaton_rdkafka_impl_are(name, "tracesta", all) &&
                       tracebaton_rdkafka_impl_are(name + 3, "cestate", all_but_nul)
                   ? 1
                   : 3;
    case sizeof("baggage"):
        return tracebaton_rdkafka_impl_are(name, "baggage", all_but_nul) ? 2 : 3;
    default:
        return 3;
    }
}

/*
 * Whether a header with exactly this name has this value, so that the name contains no NUL. It compares pointers:
 * rd_kafka_header_get() compares whole names, and returns pointers into the list.
 */
static inline int tracebaton_rdkafka_impl_is_whole(const rd_kafka_headers_t *headers, const char *name, const void *value,
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

/* Recognises one of the three headers; 3 for every other header, and for a null value. */
static inline unsigned tracebaton_rdkafka_impl_which_header(const rd_kafka_headers_t *headers, const char *name,
                                                            const void *value, unsigned *lookups_left) {
    const int initial = *name | 0x20;
    unsigned which;
    if ((initial != 't' && initial != 'b') || !value)
        return 3;
    which = tracebaton_rdkafka_impl_which_adjacent(name, value);
    if (which < 3)
        return which;
    which = tracebaton_rdkafka_impl_which(name);
    return which < 3 && tracebaton_rdkafka_impl_is_whole(headers, name, value, lookups_left) ? which : 3;
}

TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_extract_headers(const rd_kafka_headers_t *headers,
                                                                     tracebaton_extracted_t *extracted) {
    tracebaton_reader_t found;
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
        which = tracebaton_rdkafka_impl_which_header(headers, name, value, &lookups_left);
        if (which == 3 || found.values[which])
            continue;
        found.values[which] = value;
        found.sizes[which] = size;
        found.indexes[which] = index;
        missing--;
    }

    return tracebaton_reader_finish(&found, extracted);
}

/*
 * Whether this is an error without a message, such as librdkafka++ makes for a time-out. librdkafka reads out of bounds if it
 * is asked for the headers or the timestamp of one.
 */
static inline int tracebaton_rdkafka_impl_is_bare(const rd_kafka_message_t *message) {
    return !message || (message->err && !message->rkt);
}

/* The error or event that a message reports; no error if it is a record. */
static inline rd_kafka_resp_err_t tracebaton_rdkafka_impl_error(const rd_kafka_message_t *message) {
    return message ? message->err : RD_KAFKA_RESP_ERR__TIMED_OUT;
}

/* The headers of a message; NULL if it has none, or if librdkafka cannot parse them. */
static inline const rd_kafka_headers_t *tracebaton_rdkafka_impl_headers(const rd_kafka_message_t *message) {
    rd_kafka_headers_t *headers = NULL;
    return tracebaton_rdkafka_impl_is_bare(message) || rd_kafka_message_headers(message, &headers) ? NULL : headers;
}

TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_extract(const rd_kafka_message_t *message,
                                                             tracebaton_extracted_t *extracted) {
    const tracebaton_status_t status =
        tracebaton_rdkafka_extract_headers(tracebaton_rdkafka_impl_headers(message), extracted);
    return status >= 0 && tracebaton_rdkafka_impl_error(message) ? TRACEBATON_RDKAFKA_NOT_A_RECORD : status;
}

TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_context(const rd_kafka_message_t *message,
                                                             tracebaton_context_t *context) {
    tracebaton_extracted_t extracted;
    tracebaton_status_t status;
    if (!context)
        return TRACEBATON_INVALID_ARGUMENT_2;
    status = tracebaton_rdkafka_extract(message, &extracted);
    *context = extracted.context;
    return status;
}

/* The format of a header that is read; none for another, for a null value, and if the name contains a NUL. */
static inline int tracebaton_rdkafka_impl_is_format(const rd_kafka_headers_t *headers, const char *name, size_t name_size,
                                                    const void *value, unsigned *lookups_left) {
    if (!value || tracebaton_header_format_of(name, name_size) == TRACEBATON_FORMAT_NONE)
        return 0;
    return TRACEBATON_RDKAFKA_IMPL_ADDRESS(value) - TRACEBATON_RDKAFKA_IMPL_ADDRESS(name) == name_size + 1 ||
           tracebaton_rdkafka_impl_is_whole(headers, name, value, lookups_left);
}

TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_choose(const rd_kafka_message_t *message,
                                                                     const tracebaton_format_t *order, size_t order_count,
                                                                     int if_deferred, tracebaton_choice_t *choice) {
    const rd_kafka_headers_t *headers = tracebaton_rdkafka_impl_headers(message);
    const size_t count = headers ? rd_kafka_header_cnt(headers) : 0;
    unsigned lookups_left = TRACEBATON_RDKAFKA_MAX_LOOKUPS;
    tracebaton_choice_reader_t reader;
    tracebaton_status_t status;
    size_t index, size;
    const char *name;
    const void *value;
    memset(&reader, 0, sizeof(reader));
    for (index = 0; index < count && !rd_kafka_header_get_all(headers, index, &name, &value, &size); index++) {
        const size_t name_size = strlen(name);
        if (!tracebaton_rdkafka_impl_is_format(headers, name, name_size, value, &lookups_left))
            value = NULL;
        tracebaton_choice_reader_add(&reader, name, name_size, value, size);
    }
    status = tracebaton_choice_reader_finish(&reader, order, order_count, if_deferred != 0, choice);
    return status >= 0 && tracebaton_rdkafka_impl_error(message) ? TRACEBATON_RDKAFKA_NOT_A_RECORD : status;
}

/* Whether the injection replaces headers of this name, compared up to its first NUL. */
static inline int tracebaton_rdkafka_impl_replaces(const tracebaton_injection_t *injection, const char *name) {
    return tracebaton_rdkafka_impl_which(name) < 3 && tracebaton_injection_replaces(injection, name, strlen(name));
}

/* Whether the injection replaces more headers than may be removed. */
static inline int tracebaton_rdkafka_impl_replaces_many(const tracebaton_injection_t *injection,
                                                        const rd_kafka_headers_t *headers) {
    const char *name;
    const void *value;
    size_t size, index;
    unsigned removals_left = TRACEBATON_RDKAFKA_MAX_LOOKUPS;
    for (index = 0; !rd_kafka_header_get_all(headers, index, &name, &value, &size); index++)
        if (tracebaton_rdkafka_impl_replaces(injection, name) && removals_left-- == 0)
            return 1;
    return 0;
}

/* Whether no header of the list has exactly this name. Then the name of the header with this value contains a NUL. */
static inline int tracebaton_rdkafka_impl_is_other(const rd_kafka_headers_t *headers, const char *name, const void *value) {
    const void *first;
    size_t size;
    return tracebaton_rdkafka_impl_which_adjacent(name, value) == 3 &&
           rd_kafka_header_get(headers, 0, name, &first, &size) != RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* Removes the headers that the injection replaces. The caller has checked that there are not too many. */
static inline void tracebaton_rdkafka_impl_remove(const tracebaton_injection_t *injection, rd_kafka_headers_t *headers) {
    size_t count, kept = 0;
    while ((count = rd_kafka_header_cnt(headers)) > kept) {
        char spelling[sizeof("traceparent")];
        const char *name;
        const void *value;
        size_t size;
        if (rd_kafka_header_get_all(headers, count - 1 - kept, &name, &value, &size) ||
            !tracebaton_rdkafka_impl_replaces(injection, name) || tracebaton_rdkafka_impl_is_other(headers, name, value)) {
            kept++;
            continue;
        }
        /* The name in the list is freed with its header. */
        memcpy(spelling, name, strlen(name) + 1);
        if (rd_kafka_header_remove(headers, spelling))
            kept++;
    }
}

/* Whether a value to add lies in a header of the list that is about to be removed. */
static inline int tracebaton_rdkafka_impl_lends(const rd_kafka_headers_t *headers, const tracebaton_header_t *added,
                                                size_t count) {
    const char *name;
    const void *value;
    size_t size, index, i;
    for (index = 0; !rd_kafka_header_get_all(headers, index, &name, &value, &size); index++) {
        const uintptr_t start = TRACEBATON_RDKAFKA_IMPL_ADDRESS(value);
        if (tracebaton_rdkafka_impl_which(name) == 3)
            continue;
        for (i = 0; i < count; i++)
            if (TRACEBATON_RDKAFKA_IMPL_ADDRESS(added[i].value) - start < size)
                return 1;
    }
    return 0;
}

static inline tracebaton_status_t tracebaton_rdkafka_impl_add(rd_kafka_headers_t *headers, const tracebaton_header_t *added,
                                                              size_t count) {
    size_t i;
    for (i = 0; i < count; i++)
        if (rd_kafka_header_add(headers, added[i].name, TRACEBATON_RDKAFKA_IMPL_CAST(ssize_t, added[i].name_size),
                                added[i].value, TRACEBATON_RDKAFKA_IMPL_CAST(ssize_t, added[i].value_size)))
            return TRACEBATON_RDKAFKA_NOT_ADDED;
    /* A traceparent is always the first header, and has the only name of its length. */
    return count > 0 && added[0].name_size == sizeof("traceparent") - 1 ? TRACEBATON_OK : TRACEBATON_NO_CONTEXT;
}

/* Replaces headers by these, whose values do not lie in the list. The caller has checked that there are not too many. */
static inline tracebaton_status_t tracebaton_rdkafka_impl_replace(const tracebaton_injection_t *injection,
                                                                  rd_kafka_headers_t *headers,
                                                                  const tracebaton_header_t *added, size_t count) {
    tracebaton_status_t status;
    tracebaton_rdkafka_impl_remove(injection, headers);
    status = tracebaton_rdkafka_impl_add(headers, added, count);
    if (status < 0)
        tracebaton_rdkafka_impl_remove(injection, headers);
    return status;
}

TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_inject(const tracebaton_injection_t *injection,
                                                            rd_kafka_headers_t *headers) {
    tracebaton_status_t status;
    rd_kafka_headers_t *copies;
    tracebaton_header_t added[TRACEBATON_MAX_HEADERS];
    size_t count, i;
    if (!headers || !injection)
        return injection ? TRACEBATON_INVALID_ARGUMENT_2 : TRACEBATON_INVALID_ARGUMENT_1;
    if (tracebaton_rdkafka_impl_replaces_many(injection, headers))
        return TRACEBATON_RDKAFKA_TOO_MANY_HEADERS;

    count = tracebaton_injection_headers(injection, added);
    if (!tracebaton_rdkafka_impl_lends(headers, added, count))
        return tracebaton_rdkafka_impl_replace(injection, headers, added, count);
    copies = rd_kafka_headers_new(count);
    status = tracebaton_rdkafka_impl_add(copies, added, count);
    for (i = 0; status >= 0 && i < count; i++)
        rd_kafka_header_get_all(copies, i, &added[i].name, &added[i].value, &added[i].value_size);
    if (status >= 0)
        status = tracebaton_rdkafka_impl_replace(injection, headers, added, count);
    else
        tracebaton_rdkafka_impl_remove(injection, headers);
    rd_kafka_headers_destroy(copies);
    return status;
}

TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_inject_if_absent(const tracebaton_injection_t *injection,
                                                                      rd_kafka_headers_t *headers) {
    tracebaton_extracted_t extracted;
    if (injection && headers && tracebaton_rdkafka_extract_headers(headers, &extracted) == TRACEBATON_OK)
        return TRACEBATON_KEPT;
    return tracebaton_rdkafka_inject(injection, headers);
}

#define TRACEBATON_RDKAFKA_IMPL_W3C (1u << TRACEBATON_FORMAT_TRACECONTEXT | 1u << TRACEBATON_FORMAT_BAGGAGE)

/* Whether a name, compared up to its first NUL, belongs to one of these formats. */
static inline int tracebaton_rdkafka_impl_is_of(const char *name, tracebaton_formats_t formats) {
    const unsigned which = tracebaton_rdkafka_impl_which(name);
    tracebaton_format_t format = TRACEBATON_FORMAT_NONE;
    if (which < 3)
        format = which == 2 ? TRACEBATON_FORMAT_BAGGAGE : TRACEBATON_FORMAT_TRACECONTEXT;
    else if (formats & ~TRACEBATON_RDKAFKA_IMPL_W3C)
        format = tracebaton_header_format_of(name, strlen(name));
    return format != TRACEBATON_FORMAT_NONE && (formats >> format & 1) != 0;
}

/* Removes the headers that an injection replaces, or those of formats if there is none; all of them or, if too many, none. */
static inline tracebaton_status_t tracebaton_rdkafka_impl_strip(rd_kafka_headers_t *headers,
                                                                const tracebaton_format_injection_t *injection,
                                                                tracebaton_formats_t formats) {
    size_t unwanted[TRACEBATON_RDKAFKA_MAX_LOOKUPS];
    size_t size, index, i, count = 0;
    const char *name;
    const void *value;
    rd_kafka_headers_t *names;
    for (index = 0; !rd_kafka_header_get_all(headers, index, &name, &value, &size); index++) {
        if (!(injection ? tracebaton_format_injection_replaces(injection, name, strlen(name))
                        : tracebaton_rdkafka_impl_is_of(name, formats)))
            continue;
        if (count == TRACEBATON_RDKAFKA_MAX_LOOKUPS)
            return TRACEBATON_RDKAFKA_TOO_MANY_HEADERS;
        unwanted[count++] = index;
    }
    if (count == 0)
        return TRACEBATON_OK;

    /* The names in the list are freed with their headers. */
    names = rd_kafka_headers_copy(headers);
    for (i = 0; i < count; i++)
        /* If no header has this name, the name contains a NUL, or the header was removed before. */
        if (!rd_kafka_header_get_all(names, unwanted[i], &name, &value, &size) &&
            !rd_kafka_header_get(headers, 0, name, &value, &size))
            rd_kafka_header_remove(headers, name);
    rd_kafka_headers_destroy(names);
    return TRACEBATON_OK;
}

TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_strip_formats(rd_kafka_headers_t *headers,
                                                                            tracebaton_formats_t formats) {
    if (!headers)
        return TRACEBATON_INVALID_ARGUMENT_1;
    return tracebaton_rdkafka_impl_strip(headers, NULL, formats);
}

TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_inject_formats(const tracebaton_format_injection_t *injection,
                                                                             rd_kafka_headers_t *headers) {
    tracebaton_header_t added[TRACEBATON_MAX_FORMAT_HEADERS];
    tracebaton_status_t status, written;
    rd_kafka_headers_t *copies;
    size_t count = 0, i;
    if (!headers || !injection)
        return injection ? TRACEBATON_INVALID_ARGUMENT_2 : TRACEBATON_INVALID_ARGUMENT_1;
    written = tracebaton_headers_inject_formats(injection, added, &count, TRACEBATON_MAX_FORMAT_HEADERS);
    if (written < 0)
        return written;

    /* What is added may lie in the headers that are removed before. */
    copies = rd_kafka_headers_new(count);
    status = tracebaton_rdkafka_impl_add(copies, added, count);
    for (i = 0; status >= 0 && i < count; i++)
        rd_kafka_header_get_all(copies, i, &added[i].name, &added[i].value, &added[i].value_size);
    if (status >= 0)
        status = tracebaton_rdkafka_impl_strip(headers, injection, 0);
    if (status >= 0)
        status = tracebaton_rdkafka_impl_add(headers, added, count);
    if (status == TRACEBATON_RDKAFKA_NOT_ADDED)
        tracebaton_rdkafka_impl_strip(headers, injection, 0);
    rd_kafka_headers_destroy(copies);
    return status < 0 ? status : written;
}

TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_strip(rd_kafka_headers_t *headers) {
    return tracebaton_rdkafka_strip_formats(headers, TRACEBATON_RDKAFKA_IMPL_W3C);
}

TRACEBATON_RDKAFKA_API tracebaton_status_t tracebaton_rdkafka_queue_time(const rd_kafka_message_t *message, int64_t consumed,
                                                                tracebaton_queue_time_t *queue_time) {
    rd_kafka_timestamp_type_t kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    const int64_t timestamp = tracebaton_rdkafka_impl_is_bare(message) ? -1 : rd_kafka_message_timestamp(message, &kind);
    if (!queue_time)
        return TRACEBATON_INVALID_ARGUMENT_3;
    return tracebaton_queue_time_between(timestamp, TRACEBATON_RDKAFKA_IMPL_CAST(tracebaton_timestamp_kind_t, kind), consumed,
                                         queue_time);
}

TRACEBATON_RDKAFKA_API tracebaton_rdkafka_record_t tracebaton_rdkafka_record(const char *topic, const void *payload, size_t len) {
    tracebaton_rdkafka_record_t record;
    memset(&record, 0, sizeof(record));
    record.topic = topic;
    record.partition = RD_KAFKA_PARTITION_UA;
    record.msgflags = RD_KAFKA_MSG_F_COPY;
    record.payload = payload;
    record.len = len;
    return record;
}

TRACEBATON_RDKAFKA_API tracebaton_rdkafka_record_t tracebaton_rdkafka_record_of(const char *topic,
                                                                       const rd_kafka_message_t *message) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(topic, NULL, 0);
    record.err = tracebaton_rdkafka_impl_error(message);
    if (message) {
        record.payload = message->payload;
        record.len = message->len;
        record.key = message->key;
        record.key_len = message->key_len;
        record.headers = tracebaton_rdkafka_impl_headers(message);
    }
    return record;
}

/* Enqueues the record. librdkafka then owns the list, unless there is an error. */
static inline rd_kafka_resp_err_t tracebaton_rdkafka_impl_enqueue(rd_kafka_t *rk, const tracebaton_rdkafka_record_t *record,
                                                                  rd_kafka_headers_t *headers) {
    return rd_kafka_producev(rk, RD_KAFKA_VTYPE_TOPIC, record->topic, RD_KAFKA_VTYPE_PARTITION, record->partition,
                             RD_KAFKA_VTYPE_MSGFLAGS, record->msgflags, RD_KAFKA_VTYPE_VALUE,
                             TRACEBATON_RDKAFKA_IMPL_MUTABLE(record->payload), record->len, RD_KAFKA_VTYPE_KEY,
                             TRACEBATON_RDKAFKA_IMPL_MUTABLE(record->key), record->key_len, RD_KAFKA_VTYPE_TIMESTAMP,
                             record->timestamp, RD_KAFKA_VTYPE_OPAQUE, record->msg_opaque, RD_KAFKA_VTYPE_HEADERS,
                             headers, RD_KAFKA_VTYPE_END);
}

/*
 * Makes a new list of the headers that the injection does not replace. Returns NULL if librdkafka refused one. The time grows
 * with the number of headers, however many are replaced. librdkafka does not show the part of a name after a NUL: a header
 * that certainly has such a name is left out, and one that may have it is kept (R10).
 */
static inline rd_kafka_headers_t *tracebaton_rdkafka_impl_others(const tracebaton_injection_t *injection,
                                                                 const tracebaton_format_injection_t *formats,
                                                                 const rd_kafka_headers_t *headers) {
    rd_kafka_headers_t *others = rd_kafka_headers_new(TRACEBATON_MAX_HEADERS);
    const char *name;
    const void *value;
    size_t size, index;
    unsigned lookups_left = TRACEBATON_RDKAFKA_MAX_LOOKUPS;
    for (index = 0; !rd_kafka_header_get_all(headers, index, &name, &value, &size); index++) {
        const size_t name_size = strlen(name);
        const int is_adjacent = TRACEBATON_RDKAFKA_IMPL_ADDRESS(value) - TRACEBATON_RDKAFKA_IMPL_ADDRESS(name) ==
                                TRACEBATON_RDKAFKA_IMPL_CAST(uintptr_t, name_size + 1);
        if ((formats ? tracebaton_format_injection_replaces(formats, name, name_size)
                     : tracebaton_rdkafka_impl_replaces(injection, name)) ||
            (!is_adjacent && !tracebaton_rdkafka_impl_is_whole(headers, name, value, &lookups_left) && lookups_left > 0))
            continue;
        if (rd_kafka_header_add(others, name, TRACEBATON_RDKAFKA_IMPL_CAST(ssize_t, name_size), value,
                                TRACEBATON_RDKAFKA_IMPL_CAST(ssize_t, size))) {
            rd_kafka_headers_destroy(others);
            return NULL;
        }
    }
    return others;
}

/* Makes a new list of a record's headers in which the injection replaces the old headers. */
static inline rd_kafka_headers_t *tracebaton_rdkafka_impl_with(const tracebaton_injection_t *injection,
                                                               const rd_kafka_headers_t *own, tracebaton_status_t *status) {
    tracebaton_header_t added[TRACEBATON_MAX_HEADERS];
    rd_kafka_headers_t *headers;
    size_t count;
    if (!own)
        headers = rd_kafka_headers_new(TRACEBATON_MAX_HEADERS);
    else if (!injection || !tracebaton_rdkafka_impl_replaces_many(injection, own))
        headers = rd_kafka_headers_copy(own);
    else
        headers = tracebaton_rdkafka_impl_others(injection, NULL, own);
    if (!headers) {
        *status = TRACEBATON_RDKAFKA_NOT_ADDED;
        return rd_kafka_headers_copy(own);
    }
    if (injection) {
        count = tracebaton_injection_headers(injection, added);
        *status = tracebaton_rdkafka_impl_replace(injection, headers, added, count);
    }
    return headers;
}

/* librdkafka has one error for every argument; the status tells which one it is. */
static inline rd_kafka_resp_err_t tracebaton_rdkafka_impl_refuse(tracebaton_status_t why, tracebaton_status_t *written) {
    if (written)
        *written = why;
    return RD_KAFKA_RESP_ERR__INVALID_ARG;
}

TRACEBATON_RDKAFKA_API rd_kafka_resp_err_t tracebaton_rdkafka_produce(rd_kafka_t *rk, const tracebaton_rdkafka_record_t *record,
                                                             const tracebaton_injection_t *injection,
                                                             tracebaton_status_t *written) {
    tracebaton_status_t status = TRACEBATON_OK;
    rd_kafka_resp_err_t err;
    rd_kafka_headers_t *headers;

    if (!rk)
        return tracebaton_rdkafka_impl_refuse(TRACEBATON_INVALID_ARGUMENT_1, written);
    if (!record || !record->topic)
        return tracebaton_rdkafka_impl_refuse(TRACEBATON_INVALID_ARGUMENT_2, written);
    if (record->err)
        return record->err;
    headers = tracebaton_rdkafka_impl_with(injection, record->headers, &status);

    err = tracebaton_rdkafka_impl_enqueue(rk, record, headers);
    if (err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE && status >= 0 && injection) {
        tracebaton_rdkafka_impl_remove(injection, headers);
        status = TRACEBATON_RDKAFKA_RECORD_TOO_LARGE;
        err = tracebaton_rdkafka_impl_enqueue(rk, record, headers);
    }
    if (err)
        rd_kafka_headers_destroy(headers);
    else if (written)
        *written = status;
    return err;
}

TRACEBATON_RDKAFKA_API rd_kafka_resp_err_t tracebaton_rdkafka_produce_formats(rd_kafka_t *rk,
                                                                              const tracebaton_rdkafka_record_t *record,
                                                                              const tracebaton_format_injection_t *injection,
                                                                              tracebaton_status_t *written) {
    tracebaton_rdkafka_record_t with;
    tracebaton_status_t status;
    rd_kafka_headers_t *headers;
    rd_kafka_resp_err_t err;
    if (!rk || !record || !record->topic || !injection || record->err)
        return injection ? tracebaton_rdkafka_produce(rk, record, NULL, written)
                         : tracebaton_rdkafka_impl_refuse(TRACEBATON_INVALID_ARGUMENT_3, written);
    with = *record;
    headers = record->headers ? rd_kafka_headers_copy(record->headers) : rd_kafka_headers_new(TRACEBATON_MAX_FORMAT_HEADERS);
    status = tracebaton_rdkafka_inject_formats(injection, headers);
    if (status == TRACEBATON_RDKAFKA_TOO_MANY_HEADERS) {
        rd_kafka_headers_t *others = tracebaton_rdkafka_impl_others(NULL, injection, headers);
        status = TRACEBATON_RDKAFKA_NOT_ADDED;
        if (others) {
            rd_kafka_headers_destroy(headers);
            headers = others;
            status = tracebaton_rdkafka_inject_formats(injection, headers);
        }
    }
    with.headers = headers;
    err = tracebaton_rdkafka_produce(rk, &with, NULL, NULL);
    if (err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE && status >= 0) {
        tracebaton_rdkafka_impl_strip(headers, injection, 0);
        status = TRACEBATON_RDKAFKA_RECORD_TOO_LARGE;
        err = tracebaton_rdkafka_produce(rk, &with, NULL, NULL);
    }
    rd_kafka_headers_destroy(headers);
    if (!err && written)
        *written = status;
    return err;
}

TRACEBATON_RDKAFKA_API rd_kafka_resp_err_t tracebaton_rdkafka_produce_child(rd_kafka_t *rk,
                                                                            const tracebaton_rdkafka_record_t *record,
                                                                            const rd_kafka_message_t *message,
                                                                            const tracebaton_trace_id_t *trace_id,
                                                                            const tracebaton_span_id_t *span_id,
                                                                            uint8_t flags, tracebaton_status_t *written) {
    tracebaton_context_t received, span;
    tracebaton_injection_t injection;
    tracebaton_status_t origin;
    rd_kafka_resp_err_t err = tracebaton_rdkafka_impl_error(message);
    if (err)
        return err;
    if (!trace_id || !span_id)
        return tracebaton_rdkafka_impl_refuse(trace_id ? TRACEBATON_INVALID_ARGUMENT_5 : TRACEBATON_INVALID_ARGUMENT_4, written);
    tracebaton_rdkafka_context(message, &received);
    origin = tracebaton_context_child_or_root(&received, trace_id, span_id, flags, &span);
    if (origin < 0)
        return tracebaton_rdkafka_impl_refuse(origin, written);
    tracebaton_injection_prepare(&span, &injection);
    err = tracebaton_rdkafka_produce(rk, record, &injection, written);
    if (!err && written && *written == TRACEBATON_OK)
        *written = origin;
    return err;
}

#undef TRACEBATON_RDKAFKA_IMPL_CAST
#undef TRACEBATON_RDKAFKA_IMPL_MUTABLE
#undef TRACEBATON_RDKAFKA_IMPL_ADDRESS
#undef TRACEBATON_RDKAFKA_IMPL_W3C

#ifdef __cplusplus
}
#endif

#endif /* TRACEBATON_RDKAFKA_IMPL_H */
