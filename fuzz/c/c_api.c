/*
 * libFuzzer harness over tracebaton.h. C and the archive are built with sanitizers; every object has exactly its size.
 *
 * It checks that the verdicts equal the oracle's, that different ways to the same result agree, and that written values
 * are read back. Pointers in results must point into the input, and a second call must change nothing.
 */
#include "oracle.h"

static int is_equal(const void *a, size_t a_size, const void *b, size_t b_size) {
    return a_size == b_size && (a_size == 0 || memcmp(a, b, a_size) == 0);
}

/* The part is within the value of one of the headers, or is empty. */
static int is_within(const hop_record *record, const char *part, size_t size) {
    for (size_t i = 0; i < record->count; i++) {
        const char *const value = (const char *)record->headers[i].value;
        if (value != NULL && part >= value && part + size <= value + record->headers[i].value_size)
            return 1;
    }
    return size == 0;
}

static void check_verdict(tracebaton_verdict_t verdict, const hop_record *record, tracebaton_header_name_t name) {
    CHECK(strcmp(tracebaton_status_name(verdict.status), "unknown") != 0);
    CHECK(verdict.status <= 0 || verdict.status == TRACEBATON_ABSENT);
    if (verdict.status == TRACEBATON_ABSENT)
        return;
    CHECK(verdict.index < record->count);
    const tracebaton_header_t header = record->headers[verdict.index];
    CHECK(header.value != NULL && verdict.offset <= header.value_size);
    CHECK(tracebaton_header_name_of(header.name, header.name_size) == name);
    for (size_t i = verdict.index + 1; i < record->count; i++)
        CHECK(record->headers[i].value == NULL ||
              tracebaton_header_name_of(record->headers[i].name, record->headers[i].name_size) != name);
}

static tracebaton_extracted_t extract(const hop_record *record) {
    tracebaton_extracted_t extracted;
    CHECK(tracebaton_headers_extract(record->headers, record->count, &extracted) >= 0);
    return extracted;
}

/* Extracts with the array function and header by header; the results must be equal, and the oracle's. */
static void check_extract(hop *of) {
    const hop_record *const record = &of->source;
    tracebaton_extracted_t array, by_hand;
    tracebaton_reader_t reader = {0};
    memset(&array, 0xa5, sizeof array);
    memset(&by_hand, 0x5a, sizeof by_hand);
    const tracebaton_status_t status = tracebaton_headers_extract(record->headers, record->count, &array);
    CHECK(status == (array.traceparent.status == TRACEBATON_OK ? TRACEBATON_OK : TRACEBATON_NO_CONTEXT));
    for (size_t i = 0; i < record->count; i++) {
        const tracebaton_header_t header = record->headers[i];
        CHECK(tracebaton_reader_add(&reader, header.name, header.name_size, header.value, header.value_size) == 0);
    }
    CHECK(tracebaton_reader_finish(&reader, &by_hand) == status);
    CHECK(memcmp(&array, &by_hand, sizeof array) == 0);
    oracle_check(record, &array);
    check_verdict(array.traceparent, record, TRACEBATON_NAME_TRACEPARENT);
    check_verdict(array.tracestate, record, TRACEBATON_NAME_TRACESTATE);
    check_verdict(array.baggage, record, TRACEBATON_NAME_BAGGAGE);
    CHECK(is_within(record, array.traceparent_value, array.traceparent_value_size));
    CHECK(is_within(record, array.context.tracestate, array.context.tracestate_size));
    CHECK(is_within(record, array.context.baggage, array.context.baggage_size));
}

static size_t member_count(const tracebaton_context_t *context, int of_baggage) {
    tracebaton_cursor_t cursor = {0};
    tracebaton_tracestate_member_t state;
    tracebaton_baggage_member_t baggage;
    while ((of_baggage ? tracebaton_baggage_next(context, &cursor, &baggage)
                       : tracebaton_tracestate_next(context, &cursor, &state)) == TRACEBATON_OK)
        ;
    return cursor.members + cursor.skipped;
}

/* Extraction returns the context that was injected. A list without members is absent. */
static void check_arrived(const tracebaton_context_t *sent, const hop_record *record) {
    const tracebaton_context_t received = extract(record).context;
    CHECK(memcmp(&sent->trace_id, &received.trace_id, sizeof sent->trace_id) == 0);
    CHECK(memcmp(&sent->span_id, &received.span_id, sizeof sent->span_id) == 0);
    CHECK((sent->trace_flags & 3) == received.trace_flags);
    const int has_state = received.trace_id.bytes[0] | received.tracestate_size ? member_count(sent, 0) > 0 : 0;
    if (has_state)
        CHECK(is_equal(sent->tracestate, sent->tracestate_size, received.tracestate, received.tracestate_size));
    if (member_count(sent, 1) > 0)
        CHECK(is_equal(sent->baggage, sent->baggage_size, received.baggage, received.baggage_size));
    else
        CHECK(received.baggage_size == 0);
}

/* Injects into an array of exactly that capacity: all headers or none. A second injection changes nothing. */
static void inject(hop *of, const tracebaton_context_t *context, const tracebaton_injection_t *injection) {
    const size_t before = of->target.count, capacity = before + of->room % 5;
    hop_record record = {(tracebaton_header_t *)hop_room(of, capacity * sizeof(tracebaton_header_t)), before};
    size_t kept = 0;
    if (before > 0)
        memcpy(record.headers, of->target.headers, before * sizeof *record.headers);
    for (size_t i = 0; i < before; i++)
        kept += !tracebaton_injection_replaces(injection, record.headers[i].name, record.headers[i].name_size);
    tracebaton_header_t new_headers[TRACEBATON_MAX_HEADERS];
    const size_t new_count = tracebaton_injection_headers(injection, new_headers);
    const int has_parent = new_count > 0 && new_headers[0].name_size == strlen("traceparent");
    const tracebaton_status_t written = has_parent ? TRACEBATON_OK : TRACEBATON_NO_CONTEXT;
    const tracebaton_status_t status = tracebaton_headers_inject(injection, record.headers, &record.count, capacity);
    CHECK(status == (kept + new_count <= capacity ? written : TRACEBATON_HEADERS_FULL));
    CHECK(record.count == (status >= 0 ? kept + new_count : kept));
    if (status < 0)
        return;
    const size_t size = record.count * sizeof *record.headers;
    void *const once = hop_room(of, size);
    if (size > 0)
        memcpy(once, record.headers, size);
    CHECK(tracebaton_headers_inject(injection, record.headers, &record.count, capacity) == written);
    CHECK(is_equal(once, size, record.headers, record.count * sizeof *record.headers));
    if (context != NULL)
        check_arrived(context, &record);
}

/* A copy equals the original and has pointers of its own. */
static void copy(hop *of) {
    const tracebaton_extracted_t extracted = extract(&of->source);
    const tracebaton_context_t *const context = &extracted.context;
    const size_t size = tracebaton_context_copy_size(context), capacity = of->choice & 1 ? size : of->room;
    tracebaton_context_t copied, array[1];
    tracebaton_links_t links;
    char *const buffer = (char *)hop_room(of, capacity);
    const tracebaton_status_t status = tracebaton_context_copy(context, buffer, capacity, &copied);
    CHECK(status == (size <= capacity ? TRACEBATON_OK : TRACEBATON_BUFFER_TOO_SMALL));
    if (status == TRACEBATON_OK) {
        CHECK(is_equal(copied.tracestate, copied.tracestate_size, context->tracestate, context->tracestate_size));
        CHECK(is_equal(copied.baggage, copied.baggage_size, context->baggage, context->baggage_size));
    }
    CHECK(tracebaton_links_start(array, 1, buffer, capacity, &links) == TRACEBATON_OK);
    if (tracebaton_links_add(&links, context) == TRACEBATON_OK) {
        CHECK(links.link_count == 1 && memcmp(&array[0].span_id, &context->span_id, sizeof array[0].span_id) == 0);
        CHECK(tracebaton_links_add(&links, context) == TRACEBATON_KEPT);
    }
}

/* Without a span context, the record keeps its traceparent and tracestate (W2). */
static void prepare(hop *of) {
    const tracebaton_extracted_t extracted = extract(&of->source);
    tracebaton_injection_t injection;
    const tracebaton_status_t prepared = tracebaton_injection_prepare(&extracted.context, &injection);
    CHECK(prepared >= 0);
    inject(of, prepared == TRACEBATON_OK ? &extracted.context : NULL, &injection);
    CHECK(tracebaton_injection_baggage_only(&injection) == TRACEBATON_OK);
    inject(of, NULL, &injection);
}

static void forward(hop *of) {
    const tracebaton_extracted_t extracted = extract(&of->source);
    tracebaton_injection_t injection;
    CHECK(tracebaton_injection_forward(&extracted, &injection) >= 0);
    inject(of, &extracted.context, &injection);
}

static void derive(hop *of) {
    static const tracebaton_span_id_t zeros = {{0}};
    const tracebaton_context_t context = extract(&of->source).context;
    tracebaton_injection_t injection;
    tracebaton_context_t span = {0};
    tracebaton_admitted_t admitted;
    const int is_zero = memcmp(&of->span_id, &zeros, sizeof zeros) == 0;
    if (tracebaton_context_child(&context, &of->span_id, &span) == TRACEBATON_OK) {
        CHECK(!is_zero && memcmp(&span.trace_id, &context.trace_id, sizeof span.trace_id) == 0);
        CHECK(tracebaton_injection_prepare(&span, &injection) == TRACEBATON_OK);
        inject(of, &span, &injection);
    }
    tracebaton_trace_id_t trace_id;
    memset(&trace_id, of->room | 1, sizeof trace_id);
    const tracebaton_status_t status = tracebaton_context_restart(&context, &trace_id, &of->span_id, of->choice, &span);
    CHECK(status == (is_zero ? TRACEBATON_TRACEPARENT_PARENT_ID_ZERO : TRACEBATON_OK));
    CHECK(is_zero || span.tracestate_size == 0);
    if (tracebaton_context_admit(&context, of->room % 6, &admitted) >= 0)
        CHECK(memcmp(&admitted.parent.span_id, &zeros, 8) == 0 || memcmp(&admitted.link.span_id, &zeros, 8) == 0);
}

/* The first value of a header with that name, valid or not. */
static hop_text list_of(const hop *of, tracebaton_header_name_t name) {
    hop_text list = {NULL, 0};
    for (size_t i = 0; i < of->source.count && list.size == 0; i++) {
        const tracebaton_header_t header = of->source.headers[i];
        if (header.value != NULL && tracebaton_header_name_of(header.name, header.name_size) == name) {
            list.data = (char *)header.value;
            list.size = header.value_size;
        }
    }
    return list;
}

static void change_tracestate(hop *of) {
    const hop_text list = list_of(of, TRACEBATON_NAME_TRACESTATE);
    const size_t capacity = of->size % (TRACEBATON_TRACESTATE_MAX_SIZE + 1);
    char *const buffer = (char *)hop_room(of, capacity);
    tracebaton_context_t before = {0}, after;
    tracebaton_tracestate_member_t member;
    before.tracestate = list.data;
    before.tracestate_size = list.size;
    after = before;
    if (tracebaton_tracestate_insert(&after, of->key.data, of->key.size, of->value.data, of->value.size, buffer,
                                     capacity) == TRACEBATON_OK) {
        CHECK(after.tracestate_size <= capacity && member_count(&after, 0) <= TRACEBATON_TRACESTATE_MAX_MEMBERS);
        CHECK(tracebaton_tracestate_get(&after, of->key.data, of->key.size, &member) == TRACEBATON_OK);
        CHECK(is_equal(member.value, member.value_size, of->value.data, of->value.size));
    } else {
        CHECK(memcmp(&before, &after, sizeof before) == 0);
    }
    if (list.size > 0 && list.size <= capacity) { /* in place */
        tracebaton_context_t same = before;
        const tracebaton_context_t copied = after;
        char *const place = (char *)hop_room(of, capacity);
        memcpy(place, list.data, list.size);
        same.tracestate = place;
        if (tracebaton_tracestate_insert(&same, of->key.data, of->key.size, of->value.data, of->value.size, place, capacity) ==
            TRACEBATON_OK)
            CHECK(is_equal(same.tracestate, same.tracestate_size, copied.tracestate, copied.tracestate_size));
        else
            CHECK(memcmp(place, list.data, list.size) == 0 && same.tracestate_size == list.size);
    }
    after = before;
    if (tracebaton_tracestate_delete(&after, of->key.data, of->key.size, buffer, capacity) == TRACEBATON_OK)
        CHECK(tracebaton_tracestate_get(&after, of->key.data, of->key.size, &member) == TRACEBATON_NOT_FOUND);
    after = before;
    if (tracebaton_tracestate_truncate(&after, of->size, buffer, capacity) == TRACEBATON_OK)
        CHECK(after.tracestate_size <= of->size && member_count(&after, 0) <= member_count(&before, 0));
}

static void check_member(hop *of, const tracebaton_baggage_member_t *member) {
    char *const buffer = (char *)malloc(member->value_size);
    size_t size = 0;
    tracebaton_cursor_t cursor = {0};
    tracebaton_baggage_property_t property;
    CHECK(tracebaton_baggage_value(member, buffer, member->value_size, &size) == TRACEBATON_OK);
    CHECK(size <= member->value_size);
    free(buffer);
    while (tracebaton_baggage_property_next(member, &cursor, &property) == TRACEBATON_OK) {
        char *const value = (char *)malloc(property.value_size);
        const tracebaton_status_t status = tracebaton_baggage_property_value(&property, value, property.value_size, &size);
        CHECK(status == (property.value == NULL ? TRACEBATON_NOT_FOUND : TRACEBATON_OK));
        free(value);
    }
    (void)of;
}

static void change_baggage(hop *of) {
    const hop_text list = list_of(of, TRACEBATON_NAME_BAGGAGE);
    const size_t capacity = of->size % (TRACEBATON_BAGGAGE_MAX_SIZE + 1);
    char *const buffer = (char *)hop_room(of, capacity);
    tracebaton_context_t before = {0}, after;
    tracebaton_cursor_t cursor = {0};
    tracebaton_baggage_member_t member;
    before.baggage = list.data;
    before.baggage_size = list.size;
    while (tracebaton_baggage_next(&before, &cursor, &member) == TRACEBATON_OK)
        check_member(of, &member);
    after = before;
    if (tracebaton_baggage_set(&after, of->key.data, of->key.size, of->value.data, of->value.size, buffer, capacity) ==
        TRACEBATON_OK) {
        CHECK(after.baggage_size <= capacity && member_count(&after, 1) <= TRACEBATON_BAGGAGE_MAX_MEMBERS);
        CHECK(tracebaton_baggage_get(&after, of->key.data, of->key.size, &member) == TRACEBATON_OK);
        check_member(of, &member);
    } else {
        CHECK(memcmp(&before, &after, sizeof before) == 0);
    }
    if (list.size > 0 && list.size <= capacity) { /* in place */
        tracebaton_context_t same = before;
        const tracebaton_context_t copied = after;
        char *const place = (char *)hop_room(of, capacity);
        memcpy(place, list.data, list.size);
        same.baggage = place;
        if (tracebaton_baggage_set(&same, of->key.data, of->key.size, of->value.data, of->value.size, place, capacity) ==
            TRACEBATON_OK)
            CHECK(is_equal(same.baggage, same.baggage_size, copied.baggage, copied.baggage_size));
        else
            CHECK(memcmp(place, list.data, list.size) == 0 && same.baggage_size == list.size);
    }
    after = before;
    if (tracebaton_baggage_remove(&after, of->key.data, of->key.size, buffer, capacity) == TRACEBATON_OK)
        CHECK(tracebaton_baggage_get(&after, of->key.data, of->key.size, &member) == TRACEBATON_NOT_FOUND);
    const tracebaton_baggage_entry_t entries[] = {
        {of->key.data, of->key.size, of->value.data, of->value.size, 0, {0}},
        {of->key.data, of->key.size, of->choice & 1 ? of->value.data : NULL, of->value.size, 1, {0}},
    };
    after = before;
    if (tracebaton_baggage_build(&after, entries, of->room % 3, buffer, capacity) == TRACEBATON_OK)
        CHECK(member_count(&after, 1) == (of->room % 3 > 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size) {
    static hop_part *const parts[] = {check_extract, copy, prepare, forward, derive, change_tracestate, change_baggage};
    return hop_run(input, size, parts, sizeof parts / sizeof *parts);
}
