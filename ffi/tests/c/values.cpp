/* The value types of tracebaton.hpp without Kafka: what a user writes first, and what outlives what. */
#include <cstdio>
#include <deque>
#include <list>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#define TRACEBATON_RDKAFKACPP 0
#include "tracebaton.hpp"

static int failures;

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            std::printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                                \
            failures++;                                                                                                \
        }                                                                                                              \
    } while (0)

static const char *const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

static tracebaton::span_id span_of(std::uint8_t byte) {
    tracebaton::span_id::bytes_type bytes{};
    bytes.back() = byte;
    return tracebaton::span_id::from_bytes(bytes).value();
}

static void ids() {
    const auto id = tracebaton::trace_id::from_hex("0af7651916cd43dd8448eb211c80319c").value();
    const std::string copied = id.hex();
    std::string assigned;
    assigned = id.hex();
    std::ostringstream out;
    out << id << ' ' << id.hex() << ' ' << span_of(1);
    CHECK(copied == "0af7651916cd43dd8448eb211c80319c" && assigned == copied && id.str() == copied);
    CHECK(id.hex() == copied && id.hex() != "0");
    CHECK(out.str() == copied + ' ' + copied + " 0000000000000001");
    const auto digits = id.hex();
    const std::string_view view = digits;
    CHECK(view == copied);

    const auto one = span_of(1), two = span_of(2);
    CHECK(one < two && two > one && one <= one && one >= one && one != two && one == span_of(1));
    std::unordered_set<tracebaton::span_id> seen{one, two, one};
    std::set<tracebaton::span_id> sorted{two, one};
    std::map<tracebaton::trace_id, int> counts{{id, 1}};
    CHECK(seen.size() == 2 && *sorted.begin() == one && counts.at(id) == 1);
}

template <typename Headers>
static void reads(const Headers &headers) {
    const auto received = tracebaton::extract(headers);
    CHECK(received.traceparent().is_accepted() && received.baggage().is_accepted());
    CHECK(received.context().trace_id()->str() == "0af7651916cd43dd8448eb211c80319c");
    CHECK(received.context().baggage().text() == "tenant=7");
}

static std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

static void ranges() {
    const std::vector<tracebaton::header> views{{"traceparent", parent}, {"null", std::nullopt}, {"baggage", "tenant=7"}};
    const std::vector<std::pair<std::string, std::string>> strings{{"Traceparent", parent}, {"baggage", "tenant=7"}};
    const std::list<std::pair<std::string, std::vector<std::uint8_t>>> bytes{{"traceparent", bytes_of(parent)},
                                                                             {"baggage", bytes_of("tenant=7")}};
    const std::map<std::string, std::vector<char>> chars{{"baggage", {'t', 'e', 'n', 'a', 'n', 't', '=', '7'}},
                                                         {"traceparent", {parent, parent + 55}}};
    const std::pair<const char *, const char *> literals[] = {{"traceparent", parent}, {"baggage", "tenant=7"},
                                                              {"baggage", nullptr}};
    using optional_value = std::optional<std::vector<std::byte>>;
    std::vector<std::byte> parent_bytes, baggage_bytes;
    for (const char *byte = parent; *byte; byte++)
        parent_bytes.push_back(std::byte(*byte));
    for (const char byte : std::string_view("tenant=7"))
        baggage_bytes.push_back(std::byte(byte));
    const std::vector<std::pair<std::string_view, optional_value>> optionals{
        {"traceparent", parent_bytes}, {"baggage", baggage_bytes}, {"baggage", std::nullopt}};
    reads(views);
    reads(strings);
    reads(bytes);
    reads(chars);
    reads(literals);
    reads(optionals);

    /* An empty value is not null: it hides the one before it. */
    const std::vector<std::pair<std::string, std::vector<std::uint8_t>>> empty{{"baggage", bytes_of("tenant=7")},
                                                                               {"baggage", {}}};
    CHECK(tracebaton::extract(empty).baggage().index == 1);

    /* The lists of a bridge are joined, in the order of their headers; null is absent, and a buffer may be too small. */
    const std::pair<const char *, const char *> split[] = {
        {"traceparent", parent}, {"Baggage", "tenant=7"}, {"tracestate", "a=1"}, {"baggage", nullptr},
        {"BAGGAGE", "region=eu"}, {"tracestate", "b=2"}, {"key", "1"}};
    char joined[TRACEBATON_JOINED_SIZE], small[18];
    const auto both = tracebaton::extract_joined(split, joined);
    CHECK(both.context().baggage().text() == "tenant=7,region=eu" && both.baggage().index == 4);
    CHECK(both.context().tracestate().text() == "a=1,b=2" && both.tracestate().index == 5);
    CHECK(tracebaton::extract(split).context().baggage().text() == "region=eu");
    const auto refused = tracebaton::extract_joined(split, small);
    CHECK(refused.tracestate().is_accepted() && refused.baggage().is_refused() && refused.baggage().index == 4);
    CHECK(tracebaton::extract_joined(views, {nullptr, 0}).context().baggage().text() == "tenant=7");

    std::vector<std::pair<std::string, std::string>> stripped{
        {"TRACEPARENT", "x"}, {"key", "1"}, {"tracestate", ""}, {"Baggage", "y"}, {"traceparent2", "2"}};
    tracebaton::strip(stripped);
    CHECK(stripped.size() == 2 && stripped[0].first == "key" && stripped[1].second == "2");
    std::list<std::pair<std::string, std::vector<std::uint8_t>>> list = bytes;
    tracebaton::strip(list);
    CHECK(list.empty());
}

static void owned() {
    std::deque<tracebaton::owned_context> retries;
    {
        std::vector<std::pair<std::string, std::string>> headers{
            {"traceparent", parent}, {"tracestate", "rojo=1, congo=2"}, {"baggage", "tenant=7"}};
        retries.emplace_back(tracebaton::extract(headers).context());
        retries.emplace_back();
        for (auto &header : headers)
            header.second.assign(header.second.size(), '!');
    }
    const tracebaton::owned_context copied = retries.front();
    retries.push_back(std::move(retries.front()));
    retries.pop_front();
    for (const tracebaton::owned_context *kept : {&copied, const_cast<const tracebaton::owned_context *>(&retries.back())}) {
        CHECK(kept->context().trace_id()->str() == "0af7651916cd43dd8448eb211c80319c");
        CHECK(kept->context().tracestate().text() == "rojo=1, congo=2" && kept->context().is_sampled());
        CHECK(kept->context().baggage().text() == "tenant=7");
        const auto injection = kept->context().injection();
        CHECK(injection.headers().size() == 3);
    }
    CHECK(!retries.front().context().trace_id() && retries.front().context().baggage().empty());
    tracebaton_context_t invalid{};
    invalid.span_id.bytes[0] = 1;
    const tracebaton::owned_context empty{tracebaton::context(invalid)};
    CHECK(!empty.context().span_id());
    tracebaton::owned_context source = copied, target;
    target = std::move(source);
    CHECK(target.context().baggage().text() == "tenant=7");
    CHECK(source.context().baggage().empty() && !source.context().trace_id()); // NOLINT: a moved one is empty
}

static void changes() {
    const std::vector<std::pair<std::string, std::string>> headers{
        {"traceparent", parent}, {"tracestate", "rojo=1"}, {"baggage", "tenant=7, user=x"}};
    auto span = tracebaton::extract(headers).context();
    char states[TRACEBATON_TRACESTATE_MAX_SIZE], values[TRACEBATON_BAGGAGE_MAX_SIZE];
    CHECK(!span.insert_tracestate("congo", "2", states).is_error() && !span.delete_tracestate("rojo", states).is_error());
    CHECK(!span.set_baggage("tenant", "8", values).is_error() && !span.remove_baggage("user", values).is_error());
    CHECK(!span.set_baggage("region", "eu", values).is_error());
    char small[16];
    auto other = span;
    CHECK(!other.insert_tracestate_within("azul", "345678", small).is_error() && other.tracestate().text() == "azul=345678");
    CHECK(span.tracestate().text() == "congo=2" && span.baggage().text() == "tenant=8,region=eu");
    CHECK(span.set_baggage("bad key", "", values) == TRACEBATON_BAGGAGE_KEY);
    CHECK(span.insert_tracestate("x", "1 ", states) == TRACEBATON_TRACESTATE_VALUE_END);
    CHECK(headers[2].second == "tenant=7, user=x");
}

static void traceparent_alone() {
    const std::vector<std::pair<std::string, std::string>> headers{
        {"Traceparent", parent}, {"baggage", "tenant=7"}, {"traceparent", "00-"}};
    const auto [refused, why] = tracebaton::extract_traceparent(headers);
    CHECK(!refused.trace_id() && why.result == TRACEBATON_TRACEPARENT_TOO_SHORT && why.index == 2);
    const std::vector received(headers.begin(), headers.begin() + 2);
    const auto [found, verdict] = tracebaton::extract_traceparent(received);
    CHECK(verdict.is_accepted() && verdict.index == 0 && found.baggage().empty());
    CHECK(found.span_id() && found.span_id() == tracebaton::extract(received).context().span_id());
}

static void batch() {
    tracebaton::links<2, 16> links;
    for (int round = 0; round < 2; round++) {
        links.clear();
        CHECK(links.empty());
        for (const std::uint8_t byte : {1, 2, 1, 3}) {
            const auto trace = tracebaton::trace_id::from_hex("0af7651916cd43dd8448eb211c80319c").value();
            auto context = tracebaton::context::root(trace, span_of(byte), tracebaton::trace_flags::sampled);
            char states[64];
            CHECK(!context.insert_tracestate("rojo", "1", states).is_error());
            CHECK(links.insert(context) == (byte != 3));
        }
        CHECK(links.size() == 2 && links.dropped() == 1 && links.dropped_tracestates() == 0);
        std::string spans;
        for (const tracebaton::context &link : links)
            spans += link.span_id()->str().back() + std::string(link.tracestate().text());
        CHECK(spans == "1rojo=12rojo=1");
    }
    tracebaton::links<1> bare;
    CHECK(bare.insert(tracebaton::context()) && bare.empty());
}

using tracebaton::format;
using tracebaton::formats;

static void sets_of_formats() {
    static_assert(formats::w3c().bits() == 6 && formats().bits() == 0 && formats(format::none).bits() == 0);
    static_assert(formats{format::b3, format::jaeger}.contains(format::b3) && !formats(format::b3).contains(format::none));
    static_assert((formats(format::b3) | format::jaeger) == formats{format::jaeger, format::b3});
    CHECK(formats::all() == formats(TRACEBATON_FORMATS_ALL));
    CHECK(tracebaton::name_of(format::b3multi) == "b3multi" && tracebaton::format_named("datadog") == format::datadog);
    CHECK(tracebaton::format_named("Datadog") == format::none && tracebaton::format_of("X-B3-TraceId") == format::b3multi);
    const std::vector<format> order{format::b3, format::none, format::b3, static_cast<format>(19), format::jaeger};
    CHECK(tracebaton::format_order(order).size() == 2 && tracebaton::format_order({format::b3}).data()[0] == 3);
}

static void choices() {
    const std::vector<std::pair<std::string, std::string>> headers{
        {"x-datadog-trace-id", "1"}, {"x-datadog-parent-id", "2"}, {"b3", "x"}, {"traceparent", parent}, {"baggage", "tenant=7"}};
    const auto choice = tracebaton::choose(headers, {format::b3, format::tracecontext, format::datadog}, false);
    CHECK(choice.arrived_as() == format::tracecontext && choice.sampling() == tracebaton::sampling::accept);
    CHECK(choice.context().span_id()->str() == "b7ad6b7169203331" && choice.context().baggage().text() == "tenant=7");
    CHECK(choice.others().size() == 2 && !choice.origin().span_id());
    CHECK(choice.traceparent().is_accepted() && choice.traceparent().index == 3 && choice.baggage().index == 4);
    CHECK(choice.tracestate().is_absent());
    auto other = choice.others().begin();
    CHECK((*other).format == format::b3 && (*other).outcome == tracebaton::outcome::refused && (*other).index == 2);
    CHECK((*other).rule == "trace_id" && (*other).offset == 0 && !(*other).named.span_id());
    ++other;
    CHECK((*other).format == format::datadog && (*other).outcome == tracebaton::outcome::other_trace);
    CHECK((*other).named.span_id() == span_of(2) && (*other).rule == "none" && ++other == choice.others().end());
    const auto none = tracebaton::choose(headers, {}, true);
    CHECK(none.arrived_as() == format::none && none.context().baggage().text() == "tenant=7" && none.others().empty());

    /* A null value does not hide the one before it, and the decision of the caller counts where the sender has none. */
    const std::vector<tracebaton::header> deferred{{"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1"}, {"B3", std::nullopt}};
    CHECK(tracebaton::choose(deferred, {format::b3}, true).context().is_sampled());
    CHECK(!tracebaton::choose(deferred, {format::b3}, false).context().is_sampled());
    CHECK(tracebaton::choose(deferred, {format::b3}, false).sampling() == tracebaton::sampling::defer);
}

static void format_injections() {
    const std::vector<std::pair<std::string, std::string>> headers{{"traceparent", parent}, {"baggage", "tenant=7"}};
    const auto context = tracebaton::extract(headers).context();
    const auto injection = context.injection({format::b3, format::baggage, format::elastic}, format::datadog);
    CHECK(injection.replaces("B3") && injection.replaces("x-datadog-tags") && !injection.replaces("traceparent"));
    const auto written = injection.headers();
    CHECK(written.size() == 2 && written.begin()->name == "baggage" && written.begin()[1].name == "b3");
    CHECK(written.begin()[1].value == "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1");
    const auto debug = context.injection(format::b3, {}, tracebaton::sampling::debug);
    CHECK(debug.headers().begin()->value == "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-d");
    const auto nothing = tracebaton::context().injection(formats::all());
    CHECK(nothing.headers().size() == 0 && !nothing.replaces("b3"));

    std::vector<std::pair<std::string, std::string>> record{{"b3", "1"}, {"key", "2"}, {"X_INSTANA_T", "3"}, {"traceparent", "4"}};
    tracebaton::strip(record, format::b3);
    CHECK(record.size() == 3);
    tracebaton::strip(record, {format::instana});
    CHECK(record.size() == 2);
    tracebaton::strip(record, TRACEBATON_FORMATS_ALL);
    CHECK(record.size() == 1 && record[0].first == "key");
}

static void blocks() {
    using namespace std::string_view_literals;
    const tracebaton::raw_headers headers("\x04\x0e" "baggage\x10tenant=7\x12schema-id\x01"sv);
    CHECK(!headers.result().is_error() && headers.size() == 2 && !headers.empty());
    CHECK(tracebaton::extract(headers).context().baggage().text() == "tenant=7");
    CHECK(tracebaton::choose(headers, {format::b3}, true).context().baggage().text() == "tenant=7");
    std::string seen;
    for (const tracebaton::header &header : headers)
        seen.append(header.name).append(header.value.value_or("-")).append(" ");
    CHECK(seen == "baggagetenant=7 schema-id- ");
    const tracebaton::raw_headers empty("\0"sv), cut("\x04\x0e" "bagg"sv), nothing(std::string_view{});
    CHECK(!empty.result().is_error() && empty.empty() && empty.begin() == empty.end());
    CHECK(cut.result() == TRACEBATON_RAW_HEADERS_TOO_SHORT && cut.offset() == 6 && cut.begin() == cut.end());
    CHECK(nothing.result() == TRACEBATON_RAW_HEADERS_TOO_SHORT && nothing.empty());
    CHECK(tracebaton::write_raw_headers(headers) == "\x04\x0e" "baggage\x10tenant=7\x12schema-id\x01"sv);
    CHECK(tracebaton::write_raw_headers(empty) == "\0"sv);
}

int main() {
    sets_of_formats();
    choices();
    format_injections();
    blocks();
    ids();
    ranges();
    owned();
    changes();
    traceparent_alone();
    batch();
    std::printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
