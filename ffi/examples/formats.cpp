/*
 * The consumer of formats.c in C++: it reads W3C, B3 and Datadog, counts in which format a parent arrives, writes W3C and B3, and
 * closes a boundary.
 *
 * Prints:
 *
 *     parent from b3, trace 80f198ee56343ba864fe8b2a57d3eff7
 *     beside it: datadog names another trace
 *     refused: b3: trace_id at byte 0
 *     sent: traceparent, b3
 *     behind the boundary: x-tenant
 */
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <tracebaton.hpp>

using headers = std::vector<std::pair<std::string, std::string>>;
using tracebaton::format;

static void print(const tracebaton::choice &choice) {
    if (const auto trace = choice.context().trace_id())
        std::cout << "parent from " << tracebaton::name_of(choice.arrived_as()) << ", trace " << *trace << '\n';
    for (const tracebaton::other &other : choice.others()) {
        if (other.outcome == tracebaton::outcome::other_trace)
            std::cout << "beside it: " << tracebaton::name_of(other.format) << " names another trace\n";
        if (other.outcome == tracebaton::outcome::refused)
            std::cout << "refused: " << tracebaton::name_of(other.format) << ": " << other.rule << " at byte " << other.offset
                      << '\n';
    }
}

/* The headers that are not replaced, and then the new ones. */
static void inject(const tracebaton::format_injection &injection, headers &record) {
    headers kept;
    for (auto &header : record)
        if (!injection.replaces(header.first))
            kept.push_back(std::move(header));
    for (const auto &header : injection.headers())
        kept.emplace_back(header.name, *header.value);
    record = std::move(kept);
}

int main() {
    const std::vector<format> order = {format::tracecontext, tracebaton::format_named("b3"), format::datadog};
    headers record = {{"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1"},
                      {"x-datadog-trace-id", "7017280452245743464"},
                      {"x-datadog-parent-id", "1234"}};
    const headers broken = {{"b3", "none of this"}};
    const auto choice = tracebaton::choose(record, order, false);
    print(choice);
    print(tracebaton::choose(broken, order, false));

    const auto id = tracebaton::span_id::from_bytes({1, 2, 3, 4, 5, 6, 7, 8}); // random in a service
    const auto span = choice.context().child(id.value()).value();
    inject(span.injection({format::tracecontext, format::b3}, tracebaton::formats::all()), record);
    std::cout << "sent: " << record.at(0).first << ", " << record.at(1).first << '\n';

    headers crossing = {{"X-B3-TraceId", "80f198ee56343ba864fe8b2a57d3eff7"}, {"x-tenant", "7"}, {"elasticapmtraceparent", "x"}};
    tracebaton::strip(crossing, tracebaton::formats::all());
    std::cout << "behind the boundary: " << crossing.at(0).first << '\n';
}
