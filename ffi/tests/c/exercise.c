/* Every function of the library, from C: what it does when all is well, and what it answers when it is not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tracebaton.h>

static int failures;

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                                     \
            failures++;                                                                                                \
        }                                                                                                              \
    } while (0)

#define TRACEPARENT "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
#define HEADER(name, value) {name, sizeof(name) - 1, value, sizeof(value) - 1}
#define TEXT(text) text, sizeof(text) - 1

static const tracebaton_trace_id_t TRACE_ID = {
    {0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd, 0x84, 0x48, 0xeb, 0x21, 0x1c, 0x80, 0x31, 0x9c}};
static const tracebaton_span_id_t PARENT_ID = {{0xb7, 0xad, 0x6b, 0x71, 0x69, 0x20, 0x33, 0x31}};
static const tracebaton_span_id_t SPAN_ID = {{1, 2, 3, 4, 5, 6, 7, 8}};
static const tracebaton_trace_id_t NO_TRACE_ID;
static const tracebaton_span_id_t NO_SPAN_ID;

static int same(const void *bytes, size_t size, const char *text) {
    return size == strlen(text) && memcmp(bytes, text, size) == 0;
}

static tracebaton_context_t extracted_context(void) {
    const tracebaton_header_t headers[] = {HEADER("Traceparent", TRACEPARENT), HEADER("tracestate", "a=b, c=d"),
        HEADER("BAGGAGE", "user=Am%C3%A9lie;ttl=30;q, bad member, region=eu")};
    tracebaton_extracted_t extracted;
    CHECK(tracebaton_headers_extract(headers, 3, &extracted) == TRACEBATON_OK);
    return extracted.context;
}

static void versions(void) {
    CHECK(strcmp(tracebaton_version(), TRACEBATON_VERSION) == 0);
    CHECK(tracebaton_version_number() == TRACEBATON_VERSION_NUMBER);
}

static void statuses(void) {
    CHECK(strcmp(tracebaton_status_name(TRACEBATON_OK), "ok") == 0);
    CHECK(strcmp(tracebaton_status_name(TRACEBATON_TRACEPARENT_TRACE_ID_ZERO), "trace_id_zero") == 0);
    CHECK(strcmp(tracebaton_status_message(TRACEBATON_BAGGAGE_NO_MEMBER),
                 "the baggage has no member that the property could belong to: add a member first")
          == 0);
    CHECK(strcmp(tracebaton_status_name(12345), "unknown") == 0);
}

static void names(void) {
    CHECK(tracebaton_header_name_of(TEXT("tRaCeStAtE")) == TRACEBATON_NAME_TRACESTATE);
    CHECK(tracebaton_header_name_of(TEXT("traceparent\0")) == TRACEBATON_NAME_OTHER);
    CHECK(tracebaton_header_name_of(NULL, 0) == TRACEBATON_NAME_OTHER);
    CHECK(tracebaton_header_name_of(NULL, 7) == TRACEBATON_NAME_OTHER);
    CHECK(tracebaton_header_name_of("baggage", SIZE_MAX) == TRACEBATON_NAME_OTHER);
}

static void extract(void) {
    const tracebaton_header_t headers[] = {{NULL, 0, NULL, 0}, HEADER("schema", "\0\xff"), {"baggage", 7, NULL, 3},
        {"baggage", 7, "", 0}, HEADER("traceparent", "00-"), HEADER("traceparent", TRACEPARENT),
        {"traceparent", 11, NULL, 0}, HEADER("tracestate", "A=b")};
    tracebaton_reader_t reader = {{NULL, NULL, NULL}, {0, 0, 0}, {0, 0, 0}, 0};
    const tracebaton_header_t split[] = {HEADER("baggage", "tenant=7"), HEADER("Baggage", "user=1")};
    static char joined[TRACEBATON_JOINED_SIZE];
    tracebaton_extracted_t extracted, again;
    tracebaton_context_t alone;
    tracebaton_verdict_t verdict;
    size_t i;

    memset(&extracted, 0xaa, sizeof extracted);
    memset(&again, 0xaa, sizeof again);
    CHECK(tracebaton_headers_extract(headers, 8, &extracted) == TRACEBATON_OK);
    CHECK(memcmp(&extracted.context.trace_id, &TRACE_ID, 16) == 0);
    CHECK(memcmp(&extracted.context.span_id, &PARENT_ID, 8) == 0);
    CHECK(extracted.context.trace_flags == TRACEBATON_FLAG_SAMPLED);
    CHECK(extracted.traceparent.status == TRACEBATON_OK && extracted.traceparent.index == 5);
    CHECK(extracted.tracestate.status == TRACEBATON_TRACESTATE_KEY_START && extracted.tracestate.offset == 0);
    CHECK(extracted.baggage.status == TRACEBATON_OK && extracted.baggage.index == 3);
    CHECK(extracted.context.tracestate_size == 0 && extracted.context.baggage_size == 0);
    CHECK(same(extracted.traceparent_value, extracted.traceparent_value_size, TRACEPARENT));

    for (i = 0; i < 8; i++)
        CHECK(tracebaton_reader_add(&reader, headers[i].name, headers[i].name_size, headers[i].value,
                  headers[i].value_size)
              == TRACEBATON_OK);
    CHECK(tracebaton_reader_finish(&reader, &again) == TRACEBATON_OK);
    CHECK(memcmp(&again, &extracted, sizeof again) == 0);

    memset(&again, 0xaa, sizeof again);
    CHECK(tracebaton_headers_extract_joined(headers, 8, joined, sizeof joined, &again) == TRACEBATON_OK);
    CHECK(memcmp(&again, &extracted, sizeof again) == 0);
    CHECK(tracebaton_headers_extract_joined(split, 2, joined, 15, &again) == TRACEBATON_NO_CONTEXT);
    CHECK(again.context.baggage == joined && same(again.context.baggage, again.context.baggage_size, "tenant=7,user=1"));
    CHECK(again.baggage.status == TRACEBATON_OK && again.baggage.index == 1);
    CHECK(tracebaton_headers_extract_joined(split, 2, joined, 14, &again) == TRACEBATON_NO_CONTEXT);
    CHECK(again.baggage.status == TRACEBATON_BAGGAGE_TOO_LONG && again.baggage.offset == 8192);
    CHECK(tracebaton_headers_extract_joined(split, 1, NULL, 0, &again) == TRACEBATON_NO_CONTEXT);
    CHECK(again.context.baggage_size == 8);
    CHECK(tracebaton_headers_extract_joined(NULL, 1, joined, 8, &again) == TRACEBATON_INVALID_ARGUMENT_1);
    CHECK(tracebaton_headers_extract_joined(split, SIZE_MAX, joined, 8, &again) == TRACEBATON_INVALID_ARGUMENT_2);
    CHECK(tracebaton_headers_extract_joined(split, 2, NULL, 8, &again) == TRACEBATON_INVALID_ARGUMENT_3);
    CHECK(tracebaton_headers_extract_joined(split, 2, joined, SIZE_MAX, &again) == TRACEBATON_INVALID_ARGUMENT_4);
    CHECK(tracebaton_headers_extract_joined(split, 2, joined, 8, NULL) == TRACEBATON_INVALID_ARGUMENT_5);
    CHECK(tracebaton_headers_extract_joined(split, 2, (char *)&again, 8, &again) == TRACEBATON_OVERLAP);

    memset(&alone, 0xaa, sizeof alone);
    CHECK(tracebaton_headers_extract_traceparent(headers, 8, &alone, &verdict) == TRACEBATON_OK);
    CHECK(memcmp(&alone.trace_id, &TRACE_ID, 16) == 0 && alone.baggage_size == 0 && verdict.index == 5);
    CHECK(tracebaton_reader_finish_traceparent(&reader, &alone, &verdict) == TRACEBATON_OK);
    CHECK(memcmp(&alone.span_id, &PARENT_ID, 8) == 0 && verdict.status == TRACEBATON_OK);
    CHECK(tracebaton_headers_extract_traceparent(headers, 5, &alone, &verdict) == TRACEBATON_NO_CONTEXT);
    CHECK(memcmp(&alone.trace_id, &NO_TRACE_ID, 16) == 0 && verdict.status == TRACEBATON_TRACEPARENT_TOO_SHORT);
    CHECK(tracebaton_reader_finish_traceparent(&reader, NULL, &verdict) == TRACEBATON_INVALID_ARGUMENT_2);

    CHECK(tracebaton_headers_extract(NULL, 0, &extracted) == TRACEBATON_NO_CONTEXT);
    CHECK(extracted.traceparent.status == TRACEBATON_ABSENT && extracted.traceparent_value == NULL);
    CHECK(tracebaton_headers_extract(NULL, 1, &extracted) == TRACEBATON_INVALID_ARGUMENT_1);
    CHECK(tracebaton_headers_extract(headers, SIZE_MAX, &extracted) == TRACEBATON_INVALID_ARGUMENT_2);
    CHECK(tracebaton_headers_extract(headers, 8, NULL) == TRACEBATON_INVALID_ARGUMENT_3);
    CHECK(tracebaton_reader_add(NULL, NULL, 0, NULL, 0) == TRACEBATON_INVALID_ARGUMENT_1);
    CHECK(tracebaton_reader_finish(NULL, &again) == TRACEBATON_INVALID_ARGUMENT_1);
}

static void many_headers(void) {
    const size_t count = 100000;
    const tracebaton_header_t last = HEADER("traceparent", TRACEPARENT), other = HEADER("tracestate", "=");
    tracebaton_header_t *headers = malloc((count + 3) * sizeof *headers);
    tracebaton_context_t context = extracted_context();
    tracebaton_extracted_t extracted;
    tracebaton_injection_t injection;
    size_t i, left = count;

    for (i = 0; i < count; i++)
        headers[i] = i + 1 < count ? other : last;
    CHECK(tracebaton_headers_extract(headers, count, &extracted) == TRACEBATON_OK);
    CHECK(extracted.traceparent.index == count - 1 && extracted.tracestate.index == count - 2);
    CHECK(tracebaton_injection_prepare(&context, &injection) == TRACEBATON_OK);
    CHECK(tracebaton_headers_inject(&injection, headers, &left, count + 3) == TRACEBATON_OK);
    CHECK(left == 3);
    free(headers);
}

static void inject(void) {
    tracebaton_header_t headers[8] = {HEADER("key", "value"), HEADER("TRACEPARENT", "stale"), {"null", 4, NULL, 0}};
    tracebaton_header_t three[TRACEBATON_MAX_HEADERS];
    tracebaton_context_t context = extracted_context(), none;
    tracebaton_injection_t injection, restricted;
    size_t count = 3;

    memset(&none, 0, sizeof none);
    CHECK(tracebaton_injection_prepare(&context, &injection) == TRACEBATON_OK);
    CHECK(tracebaton_injection_replaces(&injection, TEXT("Baggage")) == 1);
    CHECK(tracebaton_injection_replaces(&injection, TEXT("ce_traceparent")) == 0);
    CHECK(tracebaton_injection_headers(&injection, three) == 3);
    CHECK(strcmp(three[0].name, "traceparent") == 0 && strcmp(three[1].name, "tracestate") == 0);
    CHECK(strcmp(three[2].name, "baggage") == 0);
    CHECK(same(three[0].value, three[0].value_size, TRACEPARENT));

    CHECK(tracebaton_headers_inject(&injection, headers, &count, 4) == TRACEBATON_HEADERS_FULL);
    CHECK(count == 2 && same(headers[1].name, headers[1].name_size, "null") && headers[1].value == NULL);
    CHECK(tracebaton_headers_inject(&injection, headers, &count, 8) == TRACEBATON_OK && count == 5);
    CHECK(tracebaton_headers_inject(&injection, headers, &count, 8) == TRACEBATON_OK && count == 5);
    CHECK(same(headers[3].value, headers[3].value_size, "a=b, c=d"));
    CHECK(tracebaton_headers_inject_if_absent(&injection, headers, &count, 8) == TRACEBATON_KEPT && count == 5);
    count = 0;
    CHECK(tracebaton_headers_inject_if_absent(&injection, headers, &count, 8) == TRACEBATON_OK && count == 3);

    restricted = injection;
    CHECK(tracebaton_injection_trace_context_only(&restricted) == TRACEBATON_OK);
    CHECK(tracebaton_injection_headers(&restricted, three) == 2);
    CHECK(tracebaton_injection_replaces(&restricted, TEXT("baggage")) == 0);
    restricted = injection;
    CHECK(tracebaton_injection_baggage_only(&restricted) == TRACEBATON_OK);
    CHECK(tracebaton_injection_headers(&restricted, three) == 1);
    CHECK(tracebaton_injection_replaces(&restricted, TEXT("traceparent")) == 0);

    CHECK(tracebaton_injection_prepare(&none, &injection) == TRACEBATON_NO_CONTEXT);
    CHECK(tracebaton_injection_headers(&injection, three) == 0);
    CHECK(tracebaton_headers_inject(&injection, headers, &count, 8) == TRACEBATON_NO_CONTEXT && count == 3);
    CHECK(tracebaton_headers_strip(headers, &count) == TRACEBATON_OK && count == 0);
    CHECK(tracebaton_headers_strip(NULL, &count) == TRACEBATON_OK && count == 0);
    CHECK(tracebaton_headers_strip(headers, NULL) == TRACEBATON_INVALID_ARGUMENT_2);
    context.tracestate = "garbage";
    context.tracestate_size = 7;
    CHECK(tracebaton_injection_prepare(&context, &injection) == TRACEBATON_TRACESTATE_EQUALS_MISSING);
    context.tracestate = NULL;
    CHECK(tracebaton_injection_prepare(&context, &injection) == TRACEBATON_INVALID_ARGUMENT_1);
    CHECK(tracebaton_injection_prepare(NULL, &injection) == TRACEBATON_INVALID_ARGUMENT_1);
    CHECK(tracebaton_headers_inject(&injection, headers, NULL, 8) == TRACEBATON_INVALID_ARGUMENT_3);
    count = 9;
    CHECK(tracebaton_headers_inject(&injection, headers, &count, 8) == TRACEBATON_INVALID_ARGUMENT_3 && count == 9);
    CHECK(tracebaton_headers_inject_if_absent(NULL, headers, &count, 8) == TRACEBATON_INVALID_ARGUMENT_1);
    CHECK(tracebaton_injection_headers(NULL, three) == 0 && tracebaton_injection_replaces(NULL, NULL, 0) == 0);
    CHECK(tracebaton_injection_trace_context_only(NULL) == TRACEBATON_INVALID_ARGUMENT_1);
    CHECK(tracebaton_injection_baggage_only(NULL) == TRACEBATON_INVALID_ARGUMENT_1);
}

static void forward(void) {
    const tracebaton_header_t record[] = {
        HEADER("traceparent", "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff-x"), HEADER("tracestate", "a=b,,c=d")};
    tracebaton_header_t three[TRACEBATON_MAX_HEADERS];
    tracebaton_extracted_t extracted;
    tracebaton_injection_t injection;

    CHECK(tracebaton_headers_extract(record, 2, &extracted) == TRACEBATON_OK && extracted.traceparent_version == 0xcc);
    CHECK(tracebaton_injection_forward(&extracted, &injection) == TRACEBATON_OK);
    CHECK(tracebaton_injection_headers(&injection, three) == 2);
    CHECK(three[0].value == record[0].value && three[0].value_size == record[0].value_size);
    CHECK(three[1].value == record[1].value && three[1].value_size == record[1].value_size);
    CHECK(tracebaton_headers_extract(record + 1, 1, &extracted) == TRACEBATON_NO_CONTEXT);
    CHECK(tracebaton_injection_forward(&extracted, &injection) == TRACEBATON_NO_CONTEXT);
    CHECK(tracebaton_injection_headers(&injection, three) == 0);
    CHECK(tracebaton_injection_forward(NULL, &injection) == TRACEBATON_INVALID_ARGUMENT_1);
}

static void contexts(void) {
    tracebaton_context_t context = extracted_context(), other;
    tracebaton_admitted_t admitted;

    CHECK(tracebaton_context_child(&context, &SPAN_ID, &context) == TRACEBATON_OK);
    CHECK(memcmp(&context.trace_id, &TRACE_ID, 16) == 0 && memcmp(&context.span_id, &SPAN_ID, 8) == 0);
    CHECK(same(context.tracestate, context.tracestate_size, "a=b, c=d"));
    CHECK(tracebaton_context_child(&context, &NO_SPAN_ID, &other) == TRACEBATON_TRACEPARENT_PARENT_ID_ZERO);
    CHECK(tracebaton_context_child(NULL, &SPAN_ID, &other) == TRACEBATON_INVALID_ARGUMENT_1);
    CHECK(tracebaton_context_restart(&context, &TRACE_ID, &SPAN_ID, TRACEBATON_FLAG_RANDOM, NULL) == TRACEBATON_INVALID_ARGUMENT_5);
    CHECK(tracebaton_context_restart(&context, &TRACE_ID, &SPAN_ID, TRACEBATON_FLAG_RANDOM, &other) == TRACEBATON_OK);
    CHECK(other.trace_flags == TRACEBATON_FLAG_RANDOM && other.tracestate_size == 0 && other.baggage_size > 0);
    CHECK(tracebaton_context_restart(NULL, &NO_TRACE_ID, &SPAN_ID, 0, &other) == TRACEBATON_TRACEPARENT_TRACE_ID_ZERO);
    CHECK(tracebaton_context_child_or_root(&context, &TRACE_ID, &PARENT_ID, 0, &other) == TRACEBATON_OK);
    CHECK(memcmp(&other.span_id, &PARENT_ID, 8) == 0 && other.trace_flags == TRACEBATON_FLAG_SAMPLED);
    memset(&other, 0, sizeof other);
    CHECK(tracebaton_context_child_or_root(&other, &TRACE_ID, &SPAN_ID, TRACEBATON_FLAG_RANDOM, &other) == TRACEBATON_ROOT);
    CHECK(memcmp(&other.trace_id, &TRACE_ID, 16) == 0 && other.trace_flags == TRACEBATON_FLAG_RANDOM);
    CHECK(tracebaton_context_child_or_root(&context, &NO_TRACE_ID, &SPAN_ID, 0, &other)
          == TRACEBATON_TRACEPARENT_TRACE_ID_ZERO);

    CHECK(tracebaton_context_admit(&context, TRACEBATON_TRUST_CONTINUE_NOT_SAMPLED, &admitted) == TRACEBATON_OK);
    CHECK(admitted.parent.trace_flags == 0 && admitted.parent.baggage == context.baggage);
    CHECK(tracebaton_context_admit(&context, TRACEBATON_TRUST_RESTART_WITH_LINK, &admitted) == TRACEBATON_NO_CONTEXT);
    CHECK(memcmp(&admitted.link.span_id, &SPAN_ID, 8) == 0 && admitted.parent.baggage_size == 0);
    CHECK(tracebaton_context_admit(&context, 99, &admitted) == TRACEBATON_INVALID_ARGUMENT_2);
}

static void copies(void) {
    const tracebaton_context_t context = extracted_context();
    tracebaton_context_t copy, array[2];
    tracebaton_links_t links;
    char buffer[128];
    const size_t size = tracebaton_context_copy_size(&context);

    CHECK(size == context.tracestate_size + context.baggage_size && size <= sizeof buffer);
    CHECK(tracebaton_context_copy(&context, buffer, size - 1, &copy) == TRACEBATON_BUFFER_TOO_SMALL);
    CHECK(tracebaton_context_copy(&context, buffer, size, &copy) == TRACEBATON_OK);
    CHECK(copy.tracestate == buffer && same(copy.tracestate, copy.tracestate_size, "a=b, c=d"));
    CHECK(memcmp(copy.baggage, context.baggage, context.baggage_size) == 0);
    CHECK(tracebaton_context_copy(&copy, buffer + 1, size, &copy) == TRACEBATON_OVERLAP);
    CHECK(tracebaton_context_copy_size(NULL) == 0);

    CHECK(tracebaton_links_start(array, 2, buffer, 8, &links) == TRACEBATON_OK);
    CHECK(tracebaton_links_add(&links, &context) == TRACEBATON_OK && links.link_count == 1);
    CHECK(tracebaton_links_add(&links, &context) == TRACEBATON_KEPT && links.link_count == 1);
    copy = context;
    copy.span_id = SPAN_ID;
    CHECK(tracebaton_links_add(&links, &copy) == TRACEBATON_OK && links.dropped_tracestates == 1);
    copy.span_id.bytes[0] = 9;
    CHECK(tracebaton_links_add(&links, &copy) == TRACEBATON_LINKS_FULL && links.dropped == 1);
    CHECK(same(array[0].tracestate, array[0].tracestate_size, "a=b, c=d") && array[1].tracestate_size == 0);
    CHECK(array[0].baggage_size == 0 && memcmp(&array[1].span_id, &SPAN_ID, 8) == 0);
}

static void ids(void) {
    const tracebaton_trace_id_random_t zero_trace = {{0}};
    const tracebaton_span_id_random_t zero_span = {{0}};
    tracebaton_trace_id_t trace_id;
    tracebaton_span_id_t span_id;
    char long_hex[TRACEBATON_TRACE_ID_HEX_SIZE], short_hex[TRACEBATON_SPAN_ID_HEX_SIZE];

    CHECK(tracebaton_trace_id_generate(&zero_trace, &trace_id) == TRACEBATON_OK && trace_id.bytes[15] == 1);
    CHECK(tracebaton_span_id_generate(&zero_span, &span_id) == TRACEBATON_OK && span_id.bytes[7] == 1);
    CHECK(tracebaton_trace_id_to_hex(&TRACE_ID, long_hex) == TRACEBATON_OK);
    CHECK(same(long_hex, sizeof long_hex, "0af7651916cd43dd8448eb211c80319c"));
    CHECK(tracebaton_span_id_to_hex(&PARENT_ID, short_hex) == TRACEBATON_OK);
    CHECK(same(short_hex, sizeof short_hex, "b7ad6b7169203331"));
    CHECK(tracebaton_trace_id_from_hex(long_hex, 32, &trace_id) == TRACEBATON_OK && memcmp(&trace_id, &TRACE_ID, 16) == 0);
    CHECK(tracebaton_span_id_from_hex(short_hex, 16, &span_id) == TRACEBATON_OK && memcmp(&span_id, &PARENT_ID, 8) == 0);
    CHECK(tracebaton_trace_id_from_hex(long_hex, 31, &trace_id) == TRACEBATON_TRACEPARENT_TRACE_ID);
    CHECK(tracebaton_span_id_from_hex(NULL, 0, &span_id) == TRACEBATON_TRACEPARENT_PARENT_ID);
    CHECK(tracebaton_trace_id_to_hex(&NO_TRACE_ID, long_hex) == TRACEBATON_TRACEPARENT_TRACE_ID_ZERO);
    CHECK(tracebaton_span_id_to_hex(&NO_SPAN_ID, short_hex) == TRACEBATON_TRACEPARENT_PARENT_ID_ZERO);
}

static void traceparents(void) {
    tracebaton_context_t context;
    char value[TRACEBATON_TRACEPARENT_SIZE];

    CHECK(tracebaton_traceparent_parse(TEXT(TRACEPARENT), &context) == TRACEBATON_OK);
    CHECK(tracebaton_traceparent_format(&context, value) == TRACEBATON_OK && same(value, sizeof value, TRACEPARENT));
    CHECK(tracebaton_traceparent_parse(TEXT(TRACEPARENT "-"), &context) == TRACEBATON_TRACEPARENT_TRAILING);
    CHECK(tracebaton_traceparent_parse(NULL, 55, &context) == TRACEBATON_INVALID_ARGUMENT_1);
    memset(&context, 0, sizeof context);
    CHECK(tracebaton_traceparent_format(&context, value) == TRACEBATON_NO_CONTEXT);
}

static void tracestates(void) {
    tracebaton_context_t context = extracted_context();
    tracebaton_tracestate_member_t member;
    tracebaton_cursor_t cursor = {0, 0, 0};
    char one[TRACEBATON_TRACESTATE_MAX_SIZE], two[64];

    CHECK(tracebaton_tracestate_next(&context, &cursor, &member) == TRACEBATON_OK);
    CHECK(same(member.key, member.key_size, "a") && same(member.value, member.value_size, "b"));
    CHECK(tracebaton_tracestate_next(&context, &cursor, &member) == TRACEBATON_OK);
    CHECK(tracebaton_tracestate_next(&context, &cursor, &member) == TRACEBATON_END && cursor.members == 2);
    CHECK(tracebaton_tracestate_get(&context, TEXT("c"), &member) == TRACEBATON_OK);
    CHECK(tracebaton_tracestate_get(&context, TEXT("x"), &member) == TRACEBATON_NOT_FOUND);

    CHECK(tracebaton_tracestate_insert(&context, TEXT("x"), TEXT("1"), one, sizeof one) == TRACEBATON_OK);
    CHECK(same(context.tracestate, context.tracestate_size, "x=1,a=b,c=d"));
    CHECK(tracebaton_tracestate_insert(&context, TEXT("y"), TEXT("1"), one + 1, 64) == TRACEBATON_OVERLAP);
    CHECK(tracebaton_tracestate_insert(&context, TEXT("y"), TEXT("1 "), one, sizeof one) == TRACEBATON_TRACESTATE_VALUE_END);
    CHECK(tracebaton_tracestate_insert(&context, TEXT("x"), TEXT("2"), one, sizeof one) == TRACEBATON_OK);
    CHECK(same(context.tracestate, context.tracestate_size, "x=2,a=b,c=d") && context.tracestate == one);
    CHECK(tracebaton_tracestate_delete(&context, TEXT("a"), two, sizeof two) == TRACEBATON_OK);
    CHECK(same(context.tracestate, context.tracestate_size, "x=2,c=d"));
    CHECK(tracebaton_tracestate_truncate(&context, 512, one, 3) == TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL);
    CHECK(tracebaton_tracestate_truncate(&context, 12, one, sizeof one) == TRACEBATON_TRACESTATE_LIMIT_TOO_SMALL);
    CHECK(tracebaton_tracestate_truncate(&context, 512, one, sizeof one) == TRACEBATON_OK);
    CHECK(tracebaton_tracestate_insert_within(&context, TEXT("y"), TEXT("3"), two, 7) == TRACEBATON_OK);
    CHECK(same(context.tracestate, context.tracestate_size, "y=3,x=2"));
    CHECK(tracebaton_tracestate_insert_within(&context, TEXT("z"), TEXT("4"), two, 7) == TRACEBATON_OK);
    CHECK(same(context.tracestate, context.tracestate_size, "z=4,y=3"));
    CHECK(tracebaton_tracestate_insert_within(&context, TEXT("y"), TEXT("3"), one, 2) == TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL);
    CHECK(tracebaton_tracestate_delete(&context, NULL, 1, two, sizeof two) == TRACEBATON_INVALID_ARGUMENT_2);
}

static void baggages(void) {
    tracebaton_context_t context = extracted_context();
    tracebaton_baggage_member_t member;
    tracebaton_baggage_property_t property;
    tracebaton_cursor_t cursor = {0, 0, 0}, of_properties = {0, 0, 0};
    const tracebaton_baggage_entry_t entries[] = {
        {TEXT("a"), TEXT("1 2"), 0, {0}}, {TEXT("p"), NULL, 0, 1, {0}}, {TEXT("q"), TEXT(""), 1, {0}}};
    char value[64], one[64], two[64];
    size_t size = 0;

    CHECK(tracebaton_baggage_next(&context, &cursor, &member) == TRACEBATON_OK);
    CHECK(same(member.key, member.key_size, "user") && same(member.properties, member.properties_size, "ttl=30;q"));
    CHECK(tracebaton_baggage_value(&member, value, sizeof value, &size) == TRACEBATON_OK);
    CHECK(same(value, size, "Am\xc3\xa9lie"));
    CHECK(tracebaton_baggage_value(&member, value, 3, &size) == TRACEBATON_BAGGAGE_BUFFER_TOO_SMALL);
    CHECK(tracebaton_baggage_property_next(&member, &of_properties, &property) == TRACEBATON_OK);
    CHECK(tracebaton_baggage_property_value(&property, value, sizeof value, &size) == TRACEBATON_OK);
    CHECK(same(property.key, property.key_size, "ttl") && same(value, size, "30"));
    CHECK(tracebaton_baggage_property_next(&member, &of_properties, &property) == TRACEBATON_OK);
    CHECK(tracebaton_baggage_property_value(&property, value, sizeof value, &size) == TRACEBATON_NOT_FOUND);
    CHECK(tracebaton_baggage_property_next(&member, &of_properties, &property) == TRACEBATON_END);
    CHECK(tracebaton_baggage_next(&context, &cursor, &member) == TRACEBATON_OK);
    CHECK(tracebaton_baggage_next(&context, &cursor, &member) == TRACEBATON_END && cursor.skipped == 1);
    CHECK(tracebaton_baggage_get(&context, TEXT("region"), &member) == TRACEBATON_OK);
    CHECK(tracebaton_baggage_get(&context, TEXT("nothing"), &member) == TRACEBATON_NOT_FOUND);

    CHECK(tracebaton_baggage_build(&context, entries, 3, one, sizeof one) == TRACEBATON_OK);
    CHECK(same(context.baggage, context.baggage_size, "a=1%202;p;q="));
    CHECK(tracebaton_baggage_build(&context, entries + 1, 1, two, sizeof two) == TRACEBATON_BAGGAGE_NO_MEMBER);
    CHECK(tracebaton_baggage_set(&context, TEXT("b"), TEXT("\n"), two, sizeof two) == TRACEBATON_OK);
    CHECK(same(context.baggage, context.baggage_size, "a=1%202;p;q=,b=%0A"));
    CHECK(tracebaton_baggage_set(&context, TEXT("b c"), TEXT(""), one, sizeof one) == TRACEBATON_BAGGAGE_KEY);
    CHECK(tracebaton_baggage_remove(&context, TEXT("a"), two + 1, sizeof two - 1) == TRACEBATON_OVERLAP);
    CHECK(tracebaton_baggage_remove(&context, TEXT("a"), one, sizeof one) == TRACEBATON_OK);
    CHECK(same(context.baggage, context.baggage_size, "b=%0A"));
    CHECK(tracebaton_baggage_build(&context, NULL, 0, NULL, 0) == TRACEBATON_OK && context.baggage_size == 0);
}

static void queue_times(void) {
    tracebaton_queue_time_t waited;

    CHECK(tracebaton_queue_time_between(1000, TRACEBATON_TIMESTAMP_CREATE_TIME, 900, &waited) == TRACEBATON_OK);
    CHECK(waited.milliseconds == -100 && waited.kind == TRACEBATON_TIMESTAMP_CREATE_TIME);
    CHECK(tracebaton_queue_time_between(0, TRACEBATON_TIMESTAMP_NOT_AVAILABLE, 900, &waited) == TRACEBATON_NO_TIMESTAMP);
    CHECK(tracebaton_queue_time_between(0, 3, 900, &waited) == TRACEBATON_INVALID_ARGUMENT_2);
}

static void formats(void) {
    static const tracebaton_format_t order[] = {TRACEBATON_FORMAT_TRACECONTEXT, TRACEBATON_FORMAT_B3};
    const tracebaton_header_t b3[] = {HEADER("b3", "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1")};
    tracebaton_header_t headers[TRACEBATON_MAX_FORMAT_HEADERS];
    tracebaton_format_injection_t injection;
    tracebaton_choice_t choice;
    size_t count = 0;

    CHECK(tracebaton_header_format_of(TEXT("X-B3-TraceId")) == TRACEBATON_FORMAT_B3MULTI);
    CHECK(tracebaton_header_format_of(NULL, 3) == TRACEBATON_FORMAT_NONE);
    CHECK(tracebaton_format_of_name(TEXT("jaeger")) == TRACEBATON_FORMAT_JAEGER);
    CHECK(tracebaton_format_of_name(TEXT("Jaeger")) == TRACEBATON_FORMAT_NONE);
    CHECK(strcmp(tracebaton_format_name(TRACEBATON_FORMAT_DATADOG), "datadog") == 0);
    CHECK(strcmp(tracebaton_format_name(-1), "unknown") == 0);
    CHECK(strcmp(tracebaton_format_rule_name(0), "none") == 0);

    CHECK(tracebaton_headers_choose(b3, 1, order, 2, 0, &choice) == TRACEBATON_OK);
    CHECK(choice.arrived_as == TRACEBATON_FORMAT_B3 && memcmp(&choice.context.trace_id, &TRACE_ID, 16) == 0);
    CHECK(tracebaton_headers_choose(b3, 1, order, 1, 0, &choice) == TRACEBATON_NO_CONTEXT);
    CHECK(tracebaton_headers_choose(b3, 1, order, 2, 0, NULL) < 0);

    CHECK(tracebaton_headers_choose(b3, 1, order, 2, 0, &choice) == TRACEBATON_OK);
    CHECK(tracebaton_format_injection_prepare(&choice.context, 1u << TRACEBATON_FORMAT_B3, 0, TRACEBATON_SAMPLING_NONE,
                                              &injection) == TRACEBATON_OK);
    CHECK(tracebaton_format_injection_replaces(&injection, TEXT("B3")) == 1);
    CHECK(tracebaton_format_injection_replaces(&injection, TEXT("traceparent")) == 0);
    CHECK(tracebaton_format_injection_replaces(NULL, TEXT("b3")) == 0);
    CHECK(tracebaton_headers_inject_formats(&injection, headers, &count, 0) == TRACEBATON_HEADERS_FULL && count == 0);
    CHECK(tracebaton_headers_inject_formats(&injection, headers, &count, TRACEBATON_MAX_FORMAT_HEADERS) ==
          TRACEBATON_OK);
    CHECK(count == 1 && same(headers[0].value, headers[0].value_size, "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1"));
    CHECK(tracebaton_headers_strip_formats(headers, &count, TRACEBATON_FORMATS_ALL) == TRACEBATON_OK && count == 0);
}

/* A block with a null value and a traceparent, in W3C alone and beside B3. */
static void raw_headers(void) {
    static const tracebaton_format_t order[] = {TRACEBATON_FORMAT_B3, TRACEBATON_FORMAT_TRACECONTEXT};
    static const char block[] = "\x04\x04k1\x01\x16traceparent\x6e" "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    tracebaton_choice_reader_t choices = {0};
    tracebaton_reader_t reader = {{0}, {0}, {0}, 0};
    const tracebaton_header_t list[] = {{"k1", 2, NULL, 0}, HEADER("traceparent", TRACEPARENT)}, nameless = {NULL, 1, NULL, 0};
    char written[sizeof block + 10];
    tracebaton_raw_headers_t headers;
    tracebaton_extracted_t extracted;
    tracebaton_header_t header;
    tracebaton_choice_t choice;
    size_t offset = 7;

    CHECK(tracebaton_raw_headers_start(block, sizeof block - 1, &headers, &offset) == TRACEBATON_OK && offset == 7);
    while (tracebaton_raw_headers_next(&headers, &header) == TRACEBATON_OK) {
        CHECK(tracebaton_reader_add(&reader, header.name, header.name_size, header.value, header.value_size) == TRACEBATON_OK);
        CHECK(tracebaton_choice_reader_add(&choices, header.name, header.name_size, header.value, header.value_size) ==
              TRACEBATON_OK);
    }
    CHECK(tracebaton_raw_headers_next(&headers, &header) == TRACEBATON_END);
    CHECK(tracebaton_reader_finish(&reader, &extracted) == TRACEBATON_OK && extracted.traceparent.index == 1);
    CHECK(tracebaton_choice_reader_finish(&choices, order, 2, 0, &choice) == TRACEBATON_OK);
    CHECK(choice.arrived_as == TRACEBATON_FORMAT_TRACECONTEXT && memcmp(&choice.context.trace_id, &TRACE_ID, 16) == 0);
    CHECK(tracebaton_raw_headers_start(block, 5, &headers, &offset) == TRACEBATON_RAW_HEADERS_TOO_SHORT && offset == 5);
    CHECK(tracebaton_raw_headers_start(NULL, 5, &headers, &offset) == TRACEBATON_INVALID_ARGUMENT_1);
    CHECK(tracebaton_raw_headers_write(list, 2, written, sizeof written, &offset) == TRACEBATON_OK);
    CHECK(offset == sizeof block - 1 && memcmp(written, block, offset) == 0);
    CHECK(tracebaton_raw_headers_write(list, 2, written, sizeof block - 2, &offset) == TRACEBATON_BUFFER_TOO_SMALL);
    CHECK(tracebaton_raw_headers_write(&nameless, 1, written, sizeof written, &offset) == TRACEBATON_INVALID_ARGUMENT_1);
    CHECK(strcmp(tracebaton_status_name(TRACEBATON_RAW_HEADERS_COUNT), "count") == 0);
}

int main(void) {
    versions();
    statuses();
    names();
    extract();
    many_headers();
    inject();
    forward();
    contexts();
    copies();
    ids();
    traceparents();
    tracestates();
    baggages();
    queue_times();
    formats();
    raw_headers();
    printf("%d failures\n", failures);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
