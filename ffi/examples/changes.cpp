/*
 * Several changes of a tracestate and of a baggage, in one buffer each. The first change copies the received list into
 * the buffer, and the context is a view of it from then on; the others change it there.
 *
 * Prints:
 *
 *     ours=on,rojo=1
 *     user=Am%C3%A9lie;vip,region=eu,tenant=7
 *     0 bytes of baggage
 */
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <tracebaton.hpp>

/* The buffers must live as long as the context. A change that fails leaves the context unchanged. */
static tracebaton::status change(tracebaton::context &span, tracebaton::buffer state, tracebaton::buffer baggage) {
    tracebaton::status status;
    if ((status = span.delete_tracestate("congo", state)).is_error() ||
        (status = span.insert_tracestate("ours", "on", state)).is_error() ||
        (status = span.remove_baggage("card", baggage)).is_error() ||
        (status = span.set_baggage("region", "eu", baggage)).is_error() ||
        (status = span.set_baggage("tenant", "7", baggage)).is_error())
        std::cerr << status.message() << '\n';
    return status;
}

/* Before a record leaves, in a context with a span: no baggage is better than the private member. */
static void keep_private(tracebaton::context &span, tracebaton::buffer baggage) {
    if (span.remove_baggage("card", baggage).is_error())
        span.clear_baggage();
}

int main() {
    const std::vector<std::pair<std::string, std::string>> headers = {
        {"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
        {"tracestate", "rojo=1,congo=2"},
        {"baggage", "tenant=6,user=Am%C3%A9lie;vip,card=1"}};
    char state[TRACEBATON_TRACESTATE_MAX_SIZE], baggage[TRACEBATON_BAGGAGE_MAX_SIZE]; // room for every result
    auto span = tracebaton::extract(headers).context();
    if (change(span, state, baggage).is_error())
        return 1;
    std::cout << span.tracestate().text() << '\n' << span.baggage().text() << '\n';
    char small[4];
    span = tracebaton::extract(headers).context();
    keep_private(span, small);
    std::cout << span.baggage().text().size() << " bytes of baggage\n";
}
