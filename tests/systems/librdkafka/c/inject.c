/*
 * Writing into a header list (W1 to W6). The second half makes librdkafka refuse a header, which it never does by
 * itself.
 */
#include <librdkafka/rdkafka.h>

static int adds_left = -1;

static rd_kafka_resp_err_t add_or_refuse(rd_kafka_headers_t *headers, const char *name, ssize_t name_size,
                                         const void *value, ssize_t value_size) {
    if (adds_left == 0)
        return RD_KAFKA_RESP_ERR__READ_ONLY;
    if (adds_left > 0)
        adds_left--;
    return rd_kafka_header_add(headers, name, name_size, value, value_size);
}

#define rd_kafka_header_add add_or_refuse
#include "tracebaton_rdkafka.h"
#undef rd_kafka_header_add

#include "check.h"
#include "lists.h"

const struct inject_row inject_rows[] = {
    {"an empty list", {{NULL, 0, NULL, 0}}, NULL, NULL, {HEADER("traceparent", NEW_PARENT)}},
    {"all three, in the order of the rules",
     {HEADER("key", "value")}, "a=1", "k=v",
     {HEADER("key", "value"), HEADER("traceparent", NEW_PARENT), HEADER("tracestate", "a=1"), HEADER("baggage", "k=v")}},
    {"other headers keep their place",
     {HEADER("a", "1"), HEADER("traceparent", PARENT("1")), HEADER("b", ""), HEADER("baggage", "old=1"), NULL_HEADER("c")},
     NULL, "k=v",
     {HEADER("a", "1"), HEADER("b", ""), NULL_HEADER("c"), HEADER("traceparent", NEW_PARENT), HEADER("baggage", "k=v")}},
    {"any letter case and count",
     {HEADER("Traceparent", PARENT("1")), HEADER("traceparent", PARENT("2")), HEADER("TRACEPARENT", "x"), HEADER("k", "v"),
      HEADER("traceparent", PARENT("3")), NULL_HEADER("traceparenT"), HEADER("traceParent", "")},
     NULL, NULL,
     {HEADER("k", "v"), HEADER("traceparent", NEW_PARENT)}},
    {"headers without a new value are removed",
     {HEADER("tracestate", "a=1"), HEADER("Baggage", "k=v"), HEADER("traceparent", PARENT("1"))}, NULL, NULL,
     {HEADER("traceparent", NEW_PARENT)}},
    {"similar names are kept",
     {HEADER("Traceparent\0x", "1"), HEADER("ce_traceparent", PARENT("1")), HEADER("traceparents", "2"), NULL_HEADER("baggage\0"),
      HEADER("", "3"), HEADER("\0", "4"), HEADER("tracestate\0", "")},
     NULL, NULL,
     {HEADER("Traceparent\0x", "1"), HEADER("ce_traceparent", PARENT("1")), HEADER("traceparents", "2"), NULL_HEADER("baggage\0"),
      HEADER("", "3"), HEADER("\0", "4"), HEADER("tracestate\0", ""), HEADER("traceparent", NEW_PARENT)}},
    {"a name that continues after a NUL is kept beside another spelling",
     {HEADER("TraceParent\0x", "1"), HEADER("Traceparent", PARENT("1"))}, NULL, NULL,
     {HEADER("TraceParent\0x", "1"), HEADER("traceparent", NEW_PARENT)}},
    {"a name that continues after a NUL is removed with its own spelling",
     {HEADER("traceparent\0x", "1"), HEADER("k", "v"), HEADER("traceparent", PARENT("1"))}, NULL, NULL,
     {HEADER("k", "v"), HEADER("traceparent", NEW_PARENT)}},
    {"bytes of every kind",
     {HEADER("\377", "\0\377"), NULL_HEADER("\200"), HEADER("a\0b", "\0")}, "a=1", NULL,
     {HEADER("\377", "\0\377"), NULL_HEADER("\200"), HEADER("a\0b", "\0"), HEADER("traceparent", NEW_PARENT), HEADER("tracestate", "a=1")}},
};

const size_t inject_row_count = COUNT(inject_rows);

static tracebaton_injection_t injection_with(const char *tracestate, const char *baggage) {
    tracebaton_context_t context;
    tracebaton_injection_t injection;
    static const tracebaton_header_t parent = HEADER("traceparent", NEW_PARENT);
    tracebaton_extracted_t extracted;
    CHECK("set-up", tracebaton_headers_extract(&parent, 1, &extracted) == TRACEBATON_OK);
    context = extracted.context;
    context.tracestate = tracestate;
    context.tracestate_size = tracestate ? strlen(tracestate) : 0;
    context.baggage = baggage;
    context.baggage_size = baggage ? strlen(baggage) : 0;
    CHECK("set-up", tracebaton_injection_prepare(&context, &injection) == TRACEBATON_OK);
    return injection;
}

static void check_row(const struct inject_row *row) {
    tracebaton_injection_t injection = injection_with(row->tracestate, row->baggage);
    rd_kafka_headers_t *list = list_new(row->before, list_count(row->before));
    int times;
    for (times = 0; times < 3; times++) {
        CHECK(row->name, tracebaton_rdkafka_inject(&injection, list) == TRACEBATON_OK);
        CHECK(row->name, list_equals(list, row->after, list_count(row->after)));
    }
    rd_kafka_headers_destroy(list);
}

/* If one of the three headers is refused, none of ours is left, and the other headers are unchanged. */
static void check_refusals(void) {
    static const tracebaton_header_t before[] = {HEADER("k", "v"), HEADER("Traceparent", PARENT("1")), HEADER("baggage", "old=1")};
    static const tracebaton_header_t whole[] = {HEADER("k", "v"), HEADER("traceparent", NEW_PARENT), HEADER("tracestate", "a=1"),
                                                HEADER("baggage", "k=v")};
    tracebaton_injection_t injection = injection_with("a=1", "k=v");
    int taken;
    for (taken = 0; taken <= 3; taken++) {
        rd_kafka_headers_t *list = list_new(before, COUNT(before));
        tracebaton_status_t status;
        adds_left = taken;
        status = tracebaton_rdkafka_inject(&injection, list);
        adds_left = -1;
        CHECK("refused", status == (taken < 3 ? TRACEBATON_RDKAFKA_NOT_ADDED : TRACEBATON_OK));
        CHECK("refused", list_equals(list, taken < 3 ? before : whole, taken < 3 ? 1 : COUNT(whole)));
        rd_kafka_headers_destroy(list);
    }
}

static const struct {
    const char *name;
    tracebaton_header_t before[MOST_HEADERS];
    tracebaton_status_t status;
} kept_rows[] = {
    {"an accepted one is kept", {HEADER("Traceparent", PARENT("1")), HEADER("tracestate", "!")}, TRACEBATON_KEPT},
    {"none", {HEADER("k", "v")}, TRACEBATON_OK},
    {"a refused one is replaced", {HEADER("traceparent", PARENT("1")), HEADER("traceparent", "stale")}, TRACEBATON_OK},
    {"a null one is replaced", {NULL_HEADER("traceparent")}, TRACEBATON_OK},
    {"another name", {HEADER("traceparent\0x", PARENT("1"))}, TRACEBATON_OK},
};

static void check_kept(void) {
    tracebaton_injection_t injection = injection_with(NULL, NULL);
    size_t i;
    for (i = 0; i < COUNT(kept_rows); i++) {
        size_t count = list_count(kept_rows[i].before);
        rd_kafka_headers_t *list = list_new(kept_rows[i].before, count);
        tracebaton_extracted_t extracted;
        CHECK(kept_rows[i].name, tracebaton_rdkafka_inject_if_absent(&injection, list) == kept_rows[i].status);
        if (kept_rows[i].status == TRACEBATON_KEPT)
            CHECK(kept_rows[i].name, list_equals(list, kept_rows[i].before, count));
        CHECK(kept_rows[i].name, tracebaton_rdkafka_extract_headers(list, &extracted) == TRACEBATON_OK);
        CHECK(kept_rows[i].name, (extracted.context.span_id.bytes[7] == 0x39) == (kept_rows[i].status == TRACEBATON_OK));
        rd_kafka_headers_destroy(list);
    }
}

/* Headers that are not written are unchanged. */
static void check_restricted(void) {
    static const tracebaton_header_t before[] = {HEADER("Baggage", "old=1"), HEADER("Tracestate", "old=1"), HEADER("traceparent", "x")};
    static const tracebaton_header_t without_baggage[] = {HEADER("Baggage", "old=1"), HEADER("traceparent", NEW_PARENT),
                                                          HEADER("tracestate", "a=1")};
    static const tracebaton_header_t only_baggage[] = {HEADER("Tracestate", "old=1"), HEADER("traceparent", "x"),
                                                       HEADER("baggage", "k=v")};
    tracebaton_injection_t injection = injection_with("a=1", "k=v");
    rd_kafka_headers_t *list = list_new(before, COUNT(before));
    tracebaton_injection_trace_context_only(&injection);
    CHECK("without baggage", tracebaton_rdkafka_inject(&injection, list) == TRACEBATON_OK);
    CHECK("without baggage", list_equals(list, without_baggage, COUNT(without_baggage)));
    rd_kafka_headers_destroy(list);

    injection = injection_with("a=1", "k=v");
    list = list_new(before, COUNT(before));
    tracebaton_injection_baggage_only(&injection);
    CHECK("only baggage", tracebaton_rdkafka_inject(&injection, list) == TRACEBATON_NO_CONTEXT);
    CHECK("only baggage", list_equals(list, only_baggage, COUNT(only_baggage)));
    rd_kafka_headers_destroy(list);
}

/* A relay writes accepted values byte for byte, including an unknown version, and drops refused ones (W5). */
static void check_forwarded(void) {
    static const tracebaton_header_t before[] = {HEADER("TRACEPARENT", "cc-" TRACE "-b7ad6b7169203331-ff-what"), HEADER("k", "v"),
                                                 HEADER("tracestate", " a=1 ,, b=2"), HEADER("baggage", "k=\001")};
    static const tracebaton_header_t after[] = {HEADER("k", "v"),
                                                HEADER("traceparent", "cc-" TRACE "-b7ad6b7169203331-ff-what"),
                                                HEADER("tracestate", " a=1 ,, b=2")};
    rd_kafka_headers_t *list = list_new(before, COUNT(before));
    rd_kafka_headers_t *other = rd_kafka_headers_copy(list);
    tracebaton_extracted_t extracted;
    tracebaton_injection_t injection;
    CHECK("forwarded", tracebaton_rdkafka_extract_headers(list, &extracted) == TRACEBATON_OK);
    CHECK("forwarded", tracebaton_injection_forward(&extracted, &injection) == TRACEBATON_OK);
    CHECK("forwarded", tracebaton_rdkafka_inject(&injection, other) == TRACEBATON_OK);
    CHECK("forwarded", list_equals(other, after, COUNT(after)));
    CHECK("forwarded in place", tracebaton_rdkafka_inject(&injection, list) == TRACEBATON_OK);
    CHECK("forwarded in place", list_equals(list, after, COUNT(after)));
    rd_kafka_headers_destroy(other);
    rd_kafka_headers_destroy(list);
}

/* A boundary: the three headers are removed, and all others are kept. */
static const struct {
    const char *name;
    tracebaton_header_t before[MOST_HEADERS], after[MOST_HEADERS];
} stripped_rows[] = {
    {"an empty list", {{NULL, 0, NULL, 0}}, {{NULL, 0, NULL, 0}}},
    {"all three, valid or not", {HEADER("traceparent", PARENT("1")), HEADER("k", "v"), HEADER("tracestate", "!"), HEADER("baggage", "k=v")},
     {HEADER("k", "v")}},
    {"any letter case and number", {HEADER("TRACEPARENT", "1"), NULL_HEADER("TraceState"), HEADER("b", ""), HEADER("traceparent", ""), HEADER("Baggage", "2")},
     {HEADER("b", "")}},
    {"similar names", {HEADER("traceparents", "1"), HEADER("baggage\0x", "2"), NULL_HEADER("ce_traceparent")},
     {HEADER("traceparents", "1"), HEADER("baggage\0x", "2"), NULL_HEADER("ce_traceparent")}},
};

/* Strips every format, or one: with long names, duplicates and prefixes. */
static void check_stripped_formats(void) {
    static const tracebaton_header_t before[] = {HEADER("b3", "1"),      HEADER("X-B3-TraceId", "2"), HEADER("x-b3-traceid", "3"),
                                                 HEADER("uberctx-user", "4"), HEADER("k", "v"),       HEADER("x-datadog-trace-id", "5"),
                                                 HEADER("b3\0x", "6"),   HEADER("traceparent", PARENT("1"))};
    static const tracebaton_header_t without_all[] = {HEADER("k", "v")};
    static const tracebaton_header_t without_datadog[] = {HEADER("b3", "1"), HEADER("X-B3-TraceId", "2"), HEADER("x-b3-traceid", "3"),
                                                          HEADER("uberctx-user", "4"), HEADER("k", "v"), HEADER("b3\0x", "6"),
                                                          HEADER("traceparent", PARENT("1"))};
    rd_kafka_headers_t *list = list_new(before, COUNT(before));
    CHECK("no format", tracebaton_rdkafka_strip_formats(list, 0) == TRACEBATON_OK && list_equals(list, before, COUNT(before)));
    CHECK("one format", tracebaton_rdkafka_strip_formats(list, 1u << TRACEBATON_FORMAT_DATADOG) == TRACEBATON_OK);
    CHECK("one format", list_equals(list, without_datadog, COUNT(without_datadog)));
    CHECK("all formats", tracebaton_rdkafka_strip_formats(list, TRACEBATON_FORMATS_ALL) == TRACEBATON_OK);
    CHECK("all formats", list_equals(list, without_all, COUNT(without_all)));
    CHECK("no list", tracebaton_rdkafka_strip_formats(NULL, TRACEBATON_FORMATS_ALL) == TRACEBATON_INVALID_ARGUMENT_1);
    rd_kafka_headers_destroy(list);
}

static void check_stripped(void) {
    rd_kafka_headers_t *many = rd_kafka_headers_new(0);
    size_t i;
    for (i = 0; i < COUNT(stripped_rows); i++) {
        rd_kafka_headers_t *list = list_new(stripped_rows[i].before, list_count(stripped_rows[i].before));
        CHECK(stripped_rows[i].name, tracebaton_rdkafka_strip(list) == TRACEBATON_OK);
        CHECK(stripped_rows[i].name, list_equals(list, stripped_rows[i].after, list_count(stripped_rows[i].after)));
        rd_kafka_headers_destroy(list);
    }
    CHECK("no list", tracebaton_rdkafka_strip(NULL) == TRACEBATON_INVALID_ARGUMENT_1);
    for (i = 0; i <= TRACEBATON_RDKAFKA_MAX_LOOKUPS; i++)
        rd_kafka_header_add(many, "baggage", -1, "k=v", -1);
    CHECK("too many", tracebaton_rdkafka_strip(many) == TRACEBATON_RDKAFKA_TOO_MANY_HEADERS);
    CHECK("too many", rd_kafka_header_cnt(many) == TRACEBATON_RDKAFKA_MAX_LOOKUPS + 1);
    rd_kafka_headers_destroy(many);
}

/* A second injection also removes a name that contains a NUL: the part before the NUL is in the list by then. */
static void check_twice(void) {
    static const tracebaton_header_t before[] = {HEADER("traceparent\0x", "1")};
    static const tracebaton_header_t once[] = {HEADER("traceparent\0x", "1"), HEADER("traceparent", NEW_PARENT)};
    static const tracebaton_header_t twice[] = {HEADER("traceparent", NEW_PARENT)};
    tracebaton_injection_t injection = injection_with(NULL, NULL);
    rd_kafka_headers_t *list = list_new(before, COUNT(before));
    CHECK("once", tracebaton_rdkafka_inject(&injection, list) == TRACEBATON_OK && list_equals(list, once, COUNT(once)));
    CHECK("twice", tracebaton_rdkafka_inject(&injection, list) == TRACEBATON_OK && list_equals(list, twice, COUNT(twice)));
    rd_kafka_headers_destroy(list);
}

/*
 * More look-alikes than the glue looks up, none of which would be removed. The list is unchanged, and the status
 * reports it.
 */
static void check_look_alikes(void) {
    static const tracebaton_header_t look_alike = HEADER("traceparent\0x", "1");
    tracebaton_injection_t injection = injection_with(NULL, NULL);
    rd_kafka_headers_t *list = rd_kafka_headers_new(0);
    size_t i;
    for (i = 0; i <= TRACEBATON_RDKAFKA_MAX_LOOKUPS; i++)
        rd_kafka_header_add(list, look_alike.name, (ssize_t)look_alike.name_size, look_alike.value, 1);
    CHECK("look-alikes", tracebaton_rdkafka_inject(&injection, list) == TRACEBATON_RDKAFKA_TOO_MANY_HEADERS);
    CHECK("look-alikes", rd_kafka_header_cnt(list) == TRACEBATON_RDKAFKA_MAX_LOOKUPS + 1);
    rd_kafka_headers_destroy(list);
}

/* An injection without a traceparent keeps the trace of the record; the status reports that no parent was written. */
static void check_no_parent(void) {
    static const tracebaton_header_t before[] = {HEADER("traceparent", PARENT("1")), HEADER("Baggage", "x=y"), HEADER("k", "v")};
    static const tracebaton_header_t after[] = {HEADER("traceparent", PARENT("1")), HEADER("k", "v"), HEADER("baggage", "k=v")};
    rd_kafka_headers_t *list = list_new(before, COUNT(before));
    tracebaton_context_t context;
    tracebaton_injection_t injection;
    memset(&context, 0, sizeof(context));
    context.baggage = "k=v";
    context.baggage_size = 3;
    CHECK("no parent", tracebaton_injection_prepare(&context, &injection) >= 0);
    CHECK("no parent", tracebaton_rdkafka_inject(&injection, list) == TRACEBATON_NO_CONTEXT);
    CHECK("no parent", list_equals(list, after, COUNT(after)));
    rd_kafka_headers_destroy(list);
}

static void check_nothing(void) {
    static const tracebaton_header_t parent[] = {HEADER("traceparent", PARENT("1"))};
    rd_kafka_headers_t *accepted = list_new(parent, 1);

    tracebaton_injection_t injection = injection_with(NULL, NULL);
    rd_kafka_headers_t *list = rd_kafka_headers_new(0);
    CHECK("no list", tracebaton_rdkafka_inject(&injection, NULL) == TRACEBATON_INVALID_ARGUMENT_2);
    CHECK("no injection", tracebaton_rdkafka_inject(NULL, list) == TRACEBATON_INVALID_ARGUMENT_1);
    CHECK("no list", tracebaton_rdkafka_inject_if_absent(&injection, NULL) == TRACEBATON_INVALID_ARGUMENT_2);
    CHECK("no injection", tracebaton_rdkafka_inject_if_absent(NULL, list) == TRACEBATON_INVALID_ARGUMENT_1);
    CHECK("no injection", tracebaton_rdkafka_inject_if_absent(NULL, accepted) == TRACEBATON_INVALID_ARGUMENT_1);
    CHECK("untouched", rd_kafka_header_cnt(list) == 0);
    rd_kafka_headers_destroy(accepted);
    rd_kafka_headers_destroy(list);
}

void inject_suite(void) {
    size_t i;
    for (i = 0; i < COUNT(inject_rows); i++)
        check_row(&inject_rows[i]);
    check_refusals();
    check_kept();
    check_restricted();
    check_forwarded();
    check_stripped();
    check_stripped_formats();
    check_twice();
    check_look_alikes();
    check_no_parent();
    check_nothing();
}
