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
    CHECK(span.tracestate().text() == "congo=2" && span.baggage().text() == "tenant=8,region=eu");
    CHECK(span.set_baggage("bad key", "", values) == TRACEBATON_BAGGAGE_KEY);
    CHECK(span.insert_tracestate("x", "1 ", states) == TRACEBATON_TRACESTATE_VALUE_END);
    CHECK(headers[2].second == "tenant=7, user=x");
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

int main() {
    ids();
    ranges();
    owned();
    changes();
    batch();
    std::printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
