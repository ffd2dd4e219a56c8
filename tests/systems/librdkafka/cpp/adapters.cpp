/* Reading and writing RdKafka::Headers, and reading RdKafka::Message, with the tables of the C tests. */
#include "tracebaton.hpp"

#include <memory>
#include <string>

#include "check.h"
#include "lists.h"
#include "suites.hpp"

namespace {

using list_pointer = std::unique_ptr<RdKafka::Headers>;

list_pointer list_of(const tracebaton_header_t (&headers)[MOST_HEADERS]) {
    list_pointer list(RdKafka::Headers::create());
    for (std::size_t i = 0; i < list_count(headers); i++)
        list->add(std::string(headers[i].name, headers[i].name_size), headers[i].value, headers[i].value_size);
    return list;
}

/* As for the C lists, the whole name is compared: librdkafka finds a header only by the full length of its name. */
bool has_name(const RdKafka::Headers &list, const tracebaton_header_t &header) {
    const bool is_cut = std::memchr(header.name, '\0', header.name_size) != nullptr;
    return is_cut || !list.get(header.name).empty();
}

bool equals(const RdKafka::Headers &list, const tracebaton_header_t (&headers)[MOST_HEADERS]) {
    const auto all = list.get_all();
    if (all.size() != list_count(headers))
        return false;
    for (std::size_t i = 0; i < all.size(); i++)
        if (all[i].key() != headers[i].name || !all[i].value() != !headers[i].value ||
            all[i].value_size() != headers[i].value_size || !has_name(list, headers[i]) ||
            (headers[i].value_size > 0 && std::memcmp(all[i].value(), headers[i].value, headers[i].value_size) != 0))
            return false;
    return true;
}

bool agrees(int expected, const tracebaton::verdict &found, const tracebaton_header_t (&headers)[MOST_HEADERS]) {
    if (expected == ABSENT)
        return found.is_absent();
    if (expected < 0)
        return found.is_refused() && found.index == static_cast<std::size_t>(-10 - expected);
    /* Headers with equal values whose names are equal up to a NUL cannot be distinguished in the copies. */
    const tracebaton_header_t &header = headers[expected], &other = headers[found.index];
    return found.is_accepted() && header.value_size == other.value_size &&
           (header.value_size == 0 || std::memcmp(header.value, other.value, header.value_size) == 0);
}

void extract(const extract_row &row) {
    const list_pointer list = list_of(row.headers);
    const tracebaton::header_copies copies(*list);
    const auto extracted = copies.extract();
    CHECK(row.name, agrees(row.traceparent, extracted.traceparent(), row.headers));
    CHECK(row.name, agrees(row.tracestate, extracted.tracestate(), row.headers));
    CHECK(row.name, agrees(row.baggage, extracted.baggage(), row.headers));
    CHECK(row.name, extracted.context().span_id().has_value() == (row.traceparent >= 0));
    if (row.baggage >= 0) {
        const tracebaton_header_t &header = row.headers[row.baggage];
        const std::string_view value(static_cast<const char *>(header.value), header.value_size);
        CHECK(row.name, extracted.context().baggage().text() == value);
    }
}

tracebaton::injection injection_of(const inject_row &row) {
    std::array<tracebaton::header, 3> headers{};
    headers[0] = {"traceparent", NEW_PARENT};
    if (row.tracestate)
        headers[1] = {"tracestate", row.tracestate};
    if (row.baggage)
        headers[2] = {"baggage", row.baggage};
    return tracebaton::extract(headers).context().injection();
}

void inject(const inject_row &row) {
    const list_pointer list = list_of(row.before);
    const auto injection = injection_of(row);
    for (int times = 0; times < 3; times++) {
        CHECK(row.name, tracebaton::inject(injection, *list) == TRACEBATON_OK);
        CHECK(row.name, equals(*list, row.after));
    }
    CHECK(row.name, tracebaton::inject_if_absent(injection, *list) == TRACEBATON_KEPT);
    CHECK(row.name, equals(*list, row.after));
}

/* librdkafka++ never refuses a header; this list does. */
class refusing_headers : public RdKafka::Headers {
  public:
    explicit refusing_headers(int adds) : list_(RdKafka::Headers::create()), adds_left_(adds) {}

    RdKafka::ErrorCode add(const std::string &key, const void *value, std::size_t size) override {
        return adds_left_-- > 0 ? list_->add(key, value, size) : RdKafka::ERR__READ_ONLY;
    }
    RdKafka::ErrorCode add(const std::string &key, const std::string &value) override {
        return add(key, value.data(), value.size());
    }
    RdKafka::ErrorCode add(const Header &header) override {
        return add(header.key(), header.value(), header.value_size());
    }
    RdKafka::ErrorCode remove(const std::string &key) override { return list_->remove(key); }
    std::vector<Header> get(const std::string &key) const override { return list_->get(key); }
    Header get_last(const std::string &key) const override { return list_->get_last(key); }
    std::vector<Header> get_all() const override { return list_->get_all(); }
    std::size_t size() const override { return list_->size(); }

  private:
    list_pointer list_;
    int adds_left_;
};

void refuse() {
    const auto &row = inject_rows[1];
    for (int taken = 0; taken <= 3; taken++) {
        refusing_headers list(taken + 2);
        list.add("k", "v", 1);
        list.add("Traceparent", "stale", 5);
        const auto status = tracebaton::inject(injection_of(row), list);
        CHECK("refused", status == (taken < 3 ? TRACEBATON_RDKAFKA_NOT_ADDED : TRACEBATON_OK));
        CHECK("refused", list.size() == (taken < 3 ? 1U : 4U));
    }
}

/* Removing a header needs a walk through the list, so the count of removals is limited. */
void remove_many() {
    const auto &row = inject_rows[0];
    const list_pointer list(RdKafka::Headers::create());
    list->add("k", "v", 1);
    for (std::size_t i = 0; i < TRACEBATON_RDKAFKA_MAX_LOOKUPS; i++)
        list->add(i % 2 ? "traceparent" : "TraceParent", "stale", 5);
    CHECK("largest count", tracebaton::inject(injection_of(row), *list) == TRACEBATON_OK);
    CHECK("largest count", list->size() == 2);
    for (std::size_t i = 0; i < TRACEBATON_RDKAFKA_MAX_LOOKUPS; i++)
        list->add("traceparent", "stale", 5);
    CHECK("too many", tracebaton::inject(injection_of(row), *list) == TRACEBATON_RDKAFKA_TOO_MANY_HEADERS);
    CHECK("too many", list->size() == 2 + TRACEBATON_RDKAFKA_MAX_LOOKUPS);
}

void strip() {
    const list_pointer list(RdKafka::Headers::create());
    list->add("TraceParent", "stale", 5);
    list->add("k", "v", 1);
    list->add("baggage", nullptr, 0);
    list->add("X-B3-TraceId", "1", 1);
    CHECK("strip", tracebaton::strip(*list, 1U << TRACEBATON_FORMAT_B3MULTI) == TRACEBATON_OK && list->size() == 3);
    CHECK("strip", tracebaton::strip(*list) == TRACEBATON_OK);
    CHECK("strip", list->size() == 1 && list->get_all()[0].key() == "k");
    for (std::size_t i = 0; i <= TRACEBATON_RDKAFKA_MAX_LOOKUPS; i++)
        list->add("tracestate", "a=1", 3);
    CHECK("strip", tracebaton::strip(*list) == TRACEBATON_RDKAFKA_TOO_MANY_HEADERS);
    CHECK("strip", tracebaton::strip(*list, TRACEBATON_FORMATS_ALL) == TRACEBATON_RDKAFKA_TOO_MANY_HEADERS);
    CHECK("strip", list->size() == 2 + TRACEBATON_RDKAFKA_MAX_LOOKUPS);
}

} // namespace

void adapters_suite() {
    for (std::size_t i = 0; i < extract_row_count; i++)
        extract(extract_rows[i]);
    for (std::size_t i = 0; i < inject_row_count; i++)
        inject(inject_rows[i]);
    refuse();
    remove_many();
    strip();
}
