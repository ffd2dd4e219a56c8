/* The value types, without librdkafka's C++ library. */
#define TRACEBATON_RDKAFKACPP 0
#include "tracebaton.hpp"

#include <algorithm>
#include <type_traits>
#include <vector>

#include "check.h"
#include "suites.hpp"

using namespace std::string_view_literals;

namespace {

/* Trivially copyable and destructible types own no memory. */
template <typename... Types>
constexpr bool are_plain = ((std::is_trivially_copyable_v<Types> && std::is_trivially_destructible_v<Types>) && ...);
static_assert(are_plain<tracebaton::trace_id, tracebaton::span_id, tracebaton::context, tracebaton::admitted,
                        tracebaton::extracted, tracebaton::injection, tracebaton::header_range<TRACEBATON_MAX_HEADERS>,
                        tracebaton::header, tracebaton::verdict, tracebaton::status, tracebaton::queue_time>);
static_assert(are_plain<tracebaton::tracestate, tracebaton::tracestate::iterator, tracebaton::tracestate_member,
                        tracebaton::baggage, tracebaton::baggage::iterator, tracebaton::baggage_member,
                        tracebaton::baggage_member::iterator, tracebaton::baggage_property>);
static_assert(sizeof(tracebaton::context) == sizeof(tracebaton_context_t));
static_assert(sizeof(tracebaton::injection) == sizeof(tracebaton_injection_t));
static_assert(std::is_same_v<std::iterator_traits<tracebaton::baggage::iterator>::reference, const tracebaton::baggage_member &>);

constexpr auto parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03"sv;
const std::vector<tracebaton::header> record = {
    {"k", ""sv},
    {"Traceparent", parent},
    {"tracestate", "b=2, a=1,,b=3"sv},
    {"baggage", "user=J%C3%BCrgen;ttl=60;secret, broken ,empty=,user=last"sv},
    {"traceparent", std::nullopt},
};

static_assert(noexcept(tracebaton::extract(record).context().child(std::declval<tracebaton::span_id>())->injection()));
static_assert(noexcept(tracebaton::extract(record).forward().replaces({})));
static_assert(noexcept(++tracebaton::context().baggage().begin(), *tracebaton::context().tracestate().begin()));

tracebaton::context received() { return tracebaton::extract(record).context(); }

void fill_with_sevens(std::uint8_t *bytes, std::size_t size) { std::fill_n(bytes, size, std::uint8_t{7}); }
void fill_with_zeros(std::uint8_t *bytes, std::size_t size) { std::fill_n(bytes, size, std::uint8_t{0}); }

void ids() {
    constexpr auto hex = "0af7651916cd43dd8448eb211c80319c"sv;
    const auto id = tracebaton::trace_id::from_hex(hex);
    CHECK("ids", id && id->str() == hex);
    CHECK("ids", id && *id == *tracebaton::trace_id::from_bytes(id->bytes()));
    CHECK("ids", !tracebaton::trace_id::from_hex("0AF7651916CD43DD8448EB211C80319C"));
    CHECK("ids", !tracebaton::trace_id::from_hex("0af7"));
    CHECK("ids", !tracebaton::trace_id::from_hex({}));
    CHECK("ids", !tracebaton::span_id::from_hex("0000000000000000"));
    CHECK("ids", !tracebaton::span_id::from_bytes({}));
    CHECK("ids", tracebaton::span_id::generate(fill_with_sevens).str() == "0707070707070707");
    CHECK("ids", tracebaton::span_id::from_bytes(tracebaton::span_id::generate(fill_with_zeros).bytes()));
    CHECK("ids", tracebaton::span_id::from_hex("0000000000000001") < tracebaton::span_id::from_hex("0000000000000002"));
    CHECK("ids", *tracebaton::span_id::from_hex("0000000000000001") != tracebaton::span_id::generate(fill_with_sevens));
}

void reading() {
    const auto extracted = tracebaton::extract(record);
    CHECK("reading", extracted.traceparent().is_accepted() && extracted.traceparent().index == 1);
    CHECK("reading", extracted.tracestate().is_accepted() && extracted.tracestate().index == 2);
    CHECK("reading", extracted.baggage().is_accepted() && extracted.baggage().index == 3);
    CHECK("reading", extracted.version() == std::uint8_t{0});
    CHECK("reading", received().span_id()->str() == "b7ad6b7169203331");
    CHECK("reading", received().is_sampled() && received().is_random());

    const std::vector<tracebaton::header> poor = {{"traceparent", "00-0"sv}, {"baggage", std::string_view()}};
    const auto refused = tracebaton::extract(poor);
    CHECK("reading", refused.traceparent().is_refused() && refused.traceparent().offset == 4);
    CHECK("reading", refused.traceparent().result.name() == "too_short");
    CHECK("reading", !refused.traceparent().result.message().empty());
    CHECK("reading", refused.tracestate().is_absent());
    CHECK("reading", refused.baggage().is_accepted() && refused.context().baggage().empty());
    CHECK("reading", !refused.version() && !refused.context().trace_id() && !refused.context().span_id());
}

void tracestate() {
    const auto list = received().tracestate();
    std::vector<std::string_view> seen;
    for (const auto &member : list) {
        seen.push_back(member.key);
        seen.push_back(member.value);
    }
    CHECK("tracestate", (seen == std::vector<std::string_view>{"b", "2", "a", "1", "b", "3"}));
    CHECK("tracestate", list.get("b") == "2" && !list.get("c") && !list.get({}));
    CHECK("tracestate", list.begin() == list.begin() && list.begin() != std::next(list.begin()));
    CHECK("tracestate", std::distance(list.begin(), list.end()) == 3);
    const auto a = std::find_if(list.begin(), list.end(), [](const auto &member) { return member.key == "a"; });
    CHECK("tracestate", a != list.end() && a->value == "1");
    CHECK("tracestate", tracebaton::context().tracestate().empty());

    std::array<char, TRACEBATON_TRACESTATE_MAX_SIZE> place, other_place;
    auto changed = received();
    CHECK("tracestate", changed.insert_tracestate("a", "new", place) == TRACEBATON_OK);
    CHECK("tracestate", changed.tracestate().text().substr(0, 5) == "a=new");
    CHECK("tracestate", changed.delete_tracestate("b", other_place) == TRACEBATON_OK);
    CHECK("tracestate", changed.tracestate().text() == "a=new");
    CHECK("tracestate", changed.truncate_tracestate(511, place) == TRACEBATON_TRACESTATE_LIMIT_TOO_SMALL);
    CHECK("tracestate", changed.insert_tracestate("A", "1", place).is_error());
    CHECK("tracestate", changed.insert_tracestate("b", "1", {place.data(), 2}) == TRACEBATON_TRACESTATE_BUFFER_TOO_SMALL);
    CHECK("tracestate", changed.tracestate().text() == "a=new");
}

void baggage() {
    const auto list = received().baggage();
    std::vector<std::string_view> keys;
    for (const auto &member : list)
        keys.push_back(member.key());
    CHECK("baggage", (keys == std::vector<std::string_view>{"user", "empty", "user"}));
    CHECK("baggage", list.get("user")->encoded_value() == "last" && !list.get("nobody"));

    char place[TRACEBATON_BAGGAGE_MAX_SIZE];
    const auto first = *list.begin();
    CHECK("baggage", first.encoded_value() == "J%C3%BCrgen" && first.value(place) == "J\303\274rgen");
    CHECK("baggage", !first.value({place, 3}));
    CHECK("baggage", first.properties().text() == "ttl=60;secret");
    std::vector<std::string_view> properties;
    for (const auto &property : first.properties()) {
        properties.push_back(property.key());
        properties.push_back(property.encoded_value().value_or("none"));
    }
    CHECK("baggage", (properties == std::vector<std::string_view>{"ttl", "60", "secret", "none"}));
    CHECK("baggage", first.properties().begin()->value(place) == "60");
    CHECK("baggage", list.get("empty")->properties().empty());

    char other_place[TRACEBATON_BAGGAGE_MAX_SIZE];
    auto changed = tracebaton::context();
    CHECK("baggage", changed.set_baggage("note", "a,b", place) == TRACEBATON_OK);
    CHECK("baggage", changed.baggage().text() == "note=a%2Cb");
    CHECK("baggage", changed.set_baggage("not a token", "", other_place) == TRACEBATON_BAGGAGE_KEY);
    CHECK("baggage", changed.remove_baggage("note", other_place) == TRACEBATON_OK && changed.baggage().empty());
}

void contexts() {
    const auto span = tracebaton::span_id::generate(fill_with_sevens);
    const auto trace = tracebaton::trace_id::generate(fill_with_sevens);
    const auto child = received().child(span);
    CHECK("child", child && child->span_id() == span && child->trace_id() == received().trace_id());
    CHECK("child", child && child->tracestate().text() == received().tracestate().text());
    CHECK("child", child && !child->with_sampled(false).is_sampled() && child->with_sampled(false).is_random());
    CHECK("child", !tracebaton::context().child(span));

    const auto root = received().restart(trace, span, tracebaton::trace_flags::sampled);
    CHECK("restart", root.trace_id() == trace && root.is_sampled() && !root.is_random() && root.tracestate().empty());
    CHECK("restart", root.baggage().text() == received().baggage().text());
    CHECK("root", tracebaton::context::root(trace, span, 0).baggage().empty());

    const auto below = received().child_or_root(trace, span, 0);
    CHECK("child or root", below.trace_id() == received().trace_id() && below.span_id() == span && below.is_sampled());
    const auto first = tracebaton::context().child_or_root(trace, span, tracebaton::trace_flags::sampled);
    CHECK("child or root", first.trace_id() == trace && first.span_id() == span && first.is_sampled());

    const auto linked = received().admit(tracebaton::trust_policy::restart_with_link);
    CHECK("admit", !linked.parent.span_id() && linked.link.span_id() == received().span_id());
    CHECK("admit", !received().admit(tracebaton::trust_policy::restart_without_link).link.span_id());
    CHECK("admit", received().admit(tracebaton::trust_policy::continue_trace).parent.is_sampled());
    CHECK("admit", !received().admit(tracebaton::trust_policy::continue_not_sampled).parent.is_sampled());
    CHECK("admit", received().admit(tracebaton::trust_policy::continue_sampled).parent.is_sampled());
}

void writing() {
    const auto forwarded = tracebaton::extract(record).forward();
    std::vector<std::string_view> written;
    const auto headers = forwarded.headers();
    for (const auto &header : headers) {
        written.push_back(header.name);
        written.push_back(*header.value);
    }
    CHECK("forward", (written == std::vector<std::string_view>{"traceparent", parent, "tracestate", "b=2, a=1,,b=3", "baggage",
                                                               *record[3].value}));
    CHECK("forward", forwarded.replaces("TraceState") && !forwarded.replaces("k") && !forwarded.replaces({}));

    const auto injection = received().child(tracebaton::span_id::generate(fill_with_sevens))->injection();
    const auto added = injection.headers();
    CHECK("writing", added.size() == 3 && *added.begin()->value ==
                                              "00-0af7651916cd43dd8448eb211c80319c-0707070707070707-03");
    const auto without_baggage = injection.trace_context_only();
    CHECK("writing", without_baggage.headers().size() == 2 && !without_baggage.replaces("baggage"));
    const auto only_baggage = injection.baggage_only();
    CHECK("writing", only_baggage.headers().size() == 1 && !only_baggage.replaces("traceparent"));

    tracebaton_context_t invalid = *received().c_ptr();
    invalid.tracestate = "A";
    invalid.tracestate_size = 1;
    const auto nothing = tracebaton::context(invalid).injection();
    CHECK("writing", nothing.headers().size() == 0 && !nothing.replaces("traceparent"));
}

} // namespace

void values_suite() {
    ids();
    reading();
    tracestate();
    baggage();
    contexts();
    writing();
}
