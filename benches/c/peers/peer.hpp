// Measures a C++ peer for the README's comparison; see benches/src/comparison.rs.
#pragma once

#include <cstdlib>
#include <iostream>
#include <new>
#include <string>
#include <utility>
#include <vector>

using headers = std::vector<std::pair<std::string, std::string>>;

/// The last value with exactly this name; null if there is none.
inline const std::string *find(const headers &all, const std::string &name) {
    for (auto header = all.rbegin(); header != all.rend(); ++header)
        if (header->first == name)
            return &header->second;
    return nullptr;
}

static unsigned long allocation_count;

void *operator new(std::size_t size) {
    ++allocation_count;
    if (void *memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

/// Allocations of the second of two calls, since the first may allocate for initialisation.
template <typename Operation> unsigned long allocations(Operation operation) {
    operation();
    const unsigned long before = allocation_count;
    operation();
    return allocation_count - before;
}

inline std::string decoded(const std::string &hex) {
    std::string bytes;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
        bytes += static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16));
    return bytes;
}

/// Reads a record, with each name and value in hexadecimal digits on a line, an empty line, and one traceparent a line.
/// Writes for each traceparent whether it is accepted, and then the other figures.
template <typename Peer> int answer(Peer peer) {
    headers record;
    for (std::string line; std::getline(std::cin, line) && !line.empty();) {
        const auto space = line.find(' ');
        record.emplace_back(line.substr(0, space), decoded(line.substr(space + 1)));
    }
    for (std::string line; std::getline(std::cin, line);)
        std::cout << peer.accepts({{"traceparent", decoded(line)}}) << "\n";
    const auto yes = [](bool is_so) { return is_so ? "yes" : "no"; };
    const headers sent = peer.relay({{"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03"},
                                     {"tracestate", "rojo=1"}});
    const std::string *parent = find(sent, "traceparent"), *state = find(sent, "tracestate");
    std::cout << yes(parent && parent->substr(52) == "-03") << "\n"
              << yes(state && state->find("rojo=1") != std::string::npos) << "\n"
              << yes(peer.reads_baggage({{"baggage", "tenant=7"}})) << "\n"
              << allocations([&] { peer.extract(record); }) << "\n";
    peer.extract(record);
    std::cout << allocations([&] { peer.inject(); }) << "\n";
    return 0;
}
