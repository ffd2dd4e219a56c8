/*
 * libFuzzer harness over tracebaton_rdkafka.h and the part of tracebaton.hpp for librdkafka's C++ classes, on lists of the
 * real librdkafka. Results equal those of tracebaton.h on an array of the same headers, which c_api compares with the
 * oracle. Lists with a NUL in a name differ as the header documents: their results are not compared.
 */
#include <memory>
#include <vector>

#include <librdkafka/rdkafkacpp.h>

#include "tracebaton.hpp"
#include "tracebaton_rdkafka.h"

#include "oracle.h"

namespace {

using headers = std::vector<tracebaton_header_t>;

/* The most headers that an injection adds. */
constexpr std::size_t MOST_ADDED = TRACEBATON_MAX_FORMAT_HEADERS;

headers array_of(const hop_record &record) {
    return headers(record.headers, record.headers + record.count);
}

bool has_nul(const headers &array) {
    for (const tracebaton_header_t &header : array)
        if (header.name_size > 0 && std::memchr(header.name, 0, header.name_size) != nullptr)
            return true;
    return false;
}

struct list {
    rd_kafka_headers_t *const of;
    explicit list(const headers &array) : of(rd_kafka_headers_new(array.size())) {
        for (const tracebaton_header_t &header : array)
            CHECK(rd_kafka_header_add(of, header.name, static_cast<ssize_t>(header.name_size), header.value,
                                      static_cast<ssize_t>(header.value_size)) == RD_KAFKA_RESP_ERR_NO_ERROR);
    }
    list(const list &) = delete;
    ~list() { rd_kafka_headers_destroy(of); }

    bool equals(const headers &array) const {
        if (rd_kafka_header_cnt(of) != array.size())
            return false;
        for (std::size_t i = 0; i < array.size(); i++) {
            const char *name;
            const void *value;
            std::size_t size;
            CHECK(rd_kafka_header_get_all(of, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR);
            if (std::string_view(name) != std::string_view(array[i].name, array[i].name_size) ||
                (value == nullptr) != (array[i].value == nullptr) ||
                (value != nullptr && (size != array[i].value_size || (size > 0 && std::memcmp(value, array[i].value, size) != 0))))
                return false;
        }
        return true;
    }
};

bool is_same(const tracebaton_verdict_t &a, const tracebaton_verdict_t &b) {
    return a.status == b.status && a.offset == b.offset && a.index == b.index;
}

bool is_same(const char *a, std::size_t a_size, const char *b, std::size_t b_size) {
    return a_size == b_size && (a_size == 0 || std::memcmp(a, b, a_size) == 0);
}

void check_same(const tracebaton_extracted_t &a, const tracebaton_extracted_t &b) {
    CHECK(is_same(a.traceparent, b.traceparent));
    CHECK(is_same(a.tracestate, b.tracestate));
    CHECK(is_same(a.baggage, b.baggage));
    CHECK(is_same(a.context.tracestate, a.context.tracestate_size, b.context.tracestate, b.context.tracestate_size));
    CHECK(is_same(a.context.baggage, a.context.baggage_size, b.context.baggage, b.context.baggage_size));
    CHECK(std::memcmp(&a.context.trace_id, &b.context.trace_id, sizeof a.context.trace_id) == 0);
    CHECK(std::memcmp(&a.context.span_id, &b.context.span_id, sizeof a.context.span_id) == 0);
}

tracebaton_extracted_t extract(const headers &array) {
    tracebaton_extracted_t extracted;
    CHECK(tracebaton_headers_extract(array.data(), array.size(), &extracted) >= 0);
    return extracted;
}

void check_extract(hop *of) {
    const headers array = array_of(of->source);
    const list list(array);
    tracebaton_extracted_t expected, seen;
    const tracebaton_status_t status = tracebaton_headers_extract(array.data(), array.size(), &expected);
    CHECK(tracebaton_rdkafka_extract_headers(list.of, &seen) == status);
    check_same(seen, expected);
}

/* The call on librdkafka's list has the same result as the call on an array, or leaves the list unchanged. */
template <typename OnArray, typename OnList>
void changes(const headers &before, const OnArray &on_array, const OnList &on_list) {
    headers array = before;
    array.resize(before.size() + MOST_ADDED);
    std::size_t count = before.size();
    const tracebaton_status_t expected = on_array(array.data(), &count, array.size());
    array.resize(count);
    const list changed(before);
    const tracebaton_status_t status = on_list(changed.of);
    if (has_nul(before))
        return;
    if (status == TRACEBATON_RDKAFKA_TOO_MANY_HEADERS) {
        CHECK(before.size() > TRACEBATON_RDKAFKA_MAX_LOOKUPS && changed.equals(before));
        return;
    }
    CHECK(status == expected);
    CHECK(changed.equals(array));
}

tracebaton_injection_t prepared(const hop &of) {
    const tracebaton_extracted_t extracted = extract(array_of(of.source));
    tracebaton_injection_t injection;
    CHECK(tracebaton_injection_prepare(&extracted.context, &injection) >= 0);
    return injection;
}

void inject(hop *of) {
    const tracebaton_injection_t injection = prepared(*of);
    changes(array_of(of->target),
            [&](auto *array, auto *count, auto capacity) { return tracebaton_headers_inject(&injection, array, count, capacity); },
            [&](auto *list) { return tracebaton_rdkafka_inject(&injection, list); });
}

void inject_if_absent(hop *of) {
    const tracebaton_injection_t injection = prepared(*of);
    changes(array_of(of->target),
            [&](auto *array, auto *count, auto capacity) {
                return tracebaton_headers_inject_if_absent(&injection, array, count, capacity);
            },
            [&](auto *list) { return tracebaton_rdkafka_inject_if_absent(&injection, list); });
}

tracebaton_formats_t some_formats(const hop &of) {
    return static_cast<tracebaton_formats_t>(of.size) << 1;
}

void strip(hop *of) {
    const headers target = array_of(of->target);
    changes(target, [](auto *array, auto *count, std::size_t) { return tracebaton_headers_strip(array, count); },
            [](auto *list) { return tracebaton_rdkafka_strip(list); });
    const tracebaton_formats_t some = some_formats(*of);
    changes(target,
            [&](auto *array, auto *count, std::size_t) { return tracebaton_headers_strip_formats(array, count, some); },
            [&](auto *list) { return tracebaton_rdkafka_strip_formats(list, some); });
}

void inject_formats(hop *of) {
    const tracebaton_extracted_t extracted = extract(array_of(of->source));
    const tracebaton_formats_t replaced = (of->choice & 1) != 0 ? TRACEBATON_FORMATS_ALL : 0;
    tracebaton_format_injection_t formats;
    CHECK(tracebaton_format_injection_prepare(&extracted.context, some_formats(*of), replaced, of->room % 5, &formats) >= 0);
    changes(array_of(of->target),
            [&](auto *array, auto *count, auto capacity) {
                return tracebaton_headers_inject_formats(&formats, array, count, capacity);
            },
            [&](auto *list) { return tracebaton_rdkafka_inject_formats(&formats, list); });
}

/* librdkafka's C++ lists: what is extracted, and what an injection leaves. */
void in_cpp(hop *of) {
    const headers array = array_of(of->source);
    const tracebaton_extracted_t expected = extract(array);
    const std::unique_ptr<RdKafka::Headers> list(RdKafka::Headers::create());
    for (const tracebaton_header_t &header : array)
        CHECK(list->add(std::string(header.name, header.name_size), header.value, header.value_size) == RdKafka::ERR_NO_ERROR);
    const tracebaton::header_copies copies(*list);
    const auto seen = copies.extract();
    if (has_nul(array))
        return;
    CHECK(seen.traceparent().result == expected.traceparent.status && seen.traceparent().index == expected.traceparent.index);
    CHECK(seen.tracestate().result == expected.tracestate.status && seen.tracestate().offset == expected.tracestate.offset);
    CHECK(seen.baggage().result == expected.baggage.status && seen.baggage().index == expected.baggage.index);
    const auto injection = seen.context().injection();
    const auto status = tracebaton::inject(injection, *list);
    if (status == TRACEBATON_RDKAFKA_TOO_MANY_HEADERS) {
        CHECK(array.size() > TRACEBATON_RDKAFKA_MAX_LOOKUPS && list->size() == array.size());
        return;
    }
    const tracebaton::header_copies after(*list);
    CHECK(after.extract().context().span_id() == seen.context().span_id());
    if (tracebaton::strip(*list) == TRACEBATON_RDKAFKA_TOO_MANY_HEADERS) {
        CHECK(array.size() > TRACEBATON_RDKAFKA_MAX_LOOKUPS);
        return;
    }
    const tracebaton::header_copies stripped(*list);
    CHECK(stripped.extract().traceparent().is_absent());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *input, std::size_t size) {
    static hop_part *const parts[] = {check_extract, inject, inject_if_absent, strip, inject_formats, in_cpp};
    return hop_run(input, size, parts, sizeof parts / sizeof *parts);
}
