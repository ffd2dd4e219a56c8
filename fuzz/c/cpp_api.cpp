/* libFuzzer harness over tracebaton.hpp: the C++ types return the results of the C functions and of the oracle. */
#include <algorithm>
#include <vector>

#define TRACEBATON_RDKAFKACPP 0
#include "tracebaton.hpp"

#include "oracle.h"

namespace {

std::vector<tracebaton::header> headers_of(const hop_record &record) {
    std::vector<tracebaton::header> headers;
    for (std::size_t i = 0; i < record.count; i++) {
        const tracebaton_header_t &header = record.headers[i];
        std::optional<std::string_view> value;
        if (header.value != nullptr)
            value = std::string_view(static_cast<const char *>(header.value), header.value_size);
        headers.push_back({std::string_view(header.name, header.name_size), value});
    }
    return headers;
}

bool is_same(const tracebaton::verdict &a, const tracebaton_verdict_t &b) {
    CHECK(a.is_accepted() + a.is_absent() + a.is_refused() == 1);
    return a.result == b.status && a.offset == b.offset && a.index == b.index;
}

void check_extract(hop *of) {
    const hop_record &record = of->source;
    const auto extracted = tracebaton::extract(headers_of(record));
    tracebaton_extracted_t same;
    CHECK(tracebaton_headers_extract(record.headers, record.count, &same) >= 0);
    oracle_check(&record, &same);
    CHECK(is_same(extracted.traceparent(), same.traceparent));
    CHECK(is_same(extracted.tracestate(), same.tracestate));
    CHECK(is_same(extracted.baggage(), same.baggage));
    CHECK(extracted.version().has_value() == extracted.traceparent().is_accepted());
    CHECK(extracted.context().trace_id().has_value() == extracted.traceparent().is_accepted());
}

/** Lists that were split over several headers (R11): the same result as through C. */
void extract_joined(hop *of) {
    char joined[2][TRACEBATON_JOINED_SIZE];
    const std::size_t size = of->size < TRACEBATON_JOINED_SIZE ? of->size : TRACEBATON_JOINED_SIZE;
    for (const std::size_t room : {std::size_t(TRACEBATON_JOINED_SIZE), size}) {
        const auto extracted = tracebaton::extract_joined(headers_of(of->source), {joined[0], room});
        tracebaton_extracted_t same;
        CHECK(tracebaton_headers_extract_joined(of->source.headers, of->source.count, joined[1], room, &same) >= 0);
        CHECK(is_same(extracted.traceparent(), same.traceparent));
        CHECK(is_same(extracted.tracestate(), same.tracestate));
        CHECK(is_same(extracted.baggage(), same.baggage));
        CHECK(extracted.context().tracestate().text() ==
              std::string_view(same.context.tracestate, same.context.tracestate_size));
        CHECK(extracted.context().baggage().text() == std::string_view(same.context.baggage, same.context.baggage_size));
    }
}

/** The headers after an injection, in a vector, as a C++ program holds them; they point into the injection. */
std::vector<tracebaton::header> injected(const tracebaton::injection &injection, std::vector<tracebaton::header> headers) {
    headers.erase(std::remove_if(headers.begin(), headers.end(),
                                 [&](const tracebaton::header &header) { return injection.replaces(header.name); }),
                  headers.end());
    for (const tracebaton::header &header : injection.headers())
        headers.push_back(header);
    return headers;
}

void arrives(const tracebaton::context &sent, const hop &of) {
    const auto injection = sent.injection();
    const auto once = injected(injection, headers_of(of.target));
    const auto twice = injected(injection, once);
    CHECK(once.size() == twice.size());
    const auto received = tracebaton::extract(once).context();
    CHECK(received.trace_id() == sent.trace_id() && received.span_id() == sent.span_id());
    CHECK(received.is_sampled() == sent.is_sampled() && received.is_random() == sent.is_random());
    CHECK(received.baggage().text() == sent.baggage().text() ||
          (received.baggage().text().empty() && sent.baggage().empty()));
    const auto trace_only = injection.trace_context_only(), baggage_only = injection.baggage_only();
    const auto one_by_one = injected(baggage_only, injected(trace_only, headers_of(of.target)));
    CHECK(one_by_one.size() == once.size());
    CHECK(tracebaton::extract(one_by_one).context().span_id() == sent.span_id());
}

void read_lists(hop *of) {
    const auto context = tracebaton::extract(headers_of(of->source)).context();
    for (const auto &member : context.tracestate()) {
        CHECK(!member.key.empty() && !member.value.empty());
        CHECK(context.tracestate().get(member.key).has_value());
    }
    for (const auto &member : context.baggage()) {
        std::vector<char> place(member.encoded_value().size());
        CHECK(member.value({place.data(), place.size()}).has_value());
        CHECK(context.baggage().get(member.key()).has_value());
        for (const auto &property : member.properties()) {
            CHECK(!property.key().empty());
            place.resize(property.encoded_value().value_or("").size());
            CHECK(property.value({place.data(), place.size()}).has_value() == property.encoded_value().has_value());
        }
    }
}

void change_lists(hop *of) {
    const auto before = tracebaton::extract(headers_of(of->source)).context();
    const std::string_view key(of->key.data, of->key.size), value(of->value.data, of->value.size);
    const tracebaton::buffer place(static_cast<char *>(hop_room(of, of->size)), of->size);
    auto after = before;
    if (!after.insert_tracestate(key, value, place).is_error())
        CHECK(after.tracestate().get(key) == value);
    after = before;
    if (!after.delete_tracestate(key, place).is_error())
        CHECK(!after.tracestate().get(key));
    after = before;
    if (!after.truncate_tracestate(of->size, place).is_error())
        CHECK(after.tracestate().text().size() <= of->size);
    after = before;
    if (!after.set_baggage(key, value, place).is_error())
        CHECK(after.baggage().get(key).has_value());
    after = before;
    if (!after.remove_baggage(key, place).is_error())
        CHECK(!after.baggage().get(key));
}

void inject_and_forward(hop *of) {
    const auto extracted = tracebaton::extract(headers_of(of->source));
    if (extracted.context().span_id()) // without one, the record keeps its traceparent (W2)
        arrives(extracted.context(), *of);
    const auto injection = extracted.forward();
    const auto forwarded = injected(injection, headers_of(of->source));
    CHECK(tracebaton::extract(forwarded).version() == extracted.version());
}

void derive(hop *of) {
    const auto context = tracebaton::extract(headers_of(of->source)).context();
    tracebaton::span_id::bytes_type bytes;
    std::memcpy(bytes.data(), of->span_id.bytes, bytes.size());
    if (const auto span = tracebaton::span_id::from_bytes(bytes)) {
        CHECK(tracebaton::span_id::from_hex(span->str()) == span);
        const auto child = context.child(*span);
        CHECK(child.has_value() == context.span_id().has_value());
        if (child)
            arrives(child->with_sampled((of->choice & 1) != 0), *of);
        const auto trace = tracebaton::trace_id::generate(
            [&](std::uint8_t *to, std::size_t size) { std::memset(to, of->room, size); });
        arrives(context.restart(trace, *span, of->choice), *of);
    }
    const auto admitted = context.admit(static_cast<tracebaton::trust_policy>(of->room % 5));
    CHECK(!admitted.parent.span_id() || !admitted.link.span_id());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *input, std::size_t size) {
    static hop_part *const parts[] = {check_extract, extract_joined, read_lists, change_lists, inject_and_forward, derive};
    return hop_run(input, size, parts, sizeof parts / sizeof *parts);
}
