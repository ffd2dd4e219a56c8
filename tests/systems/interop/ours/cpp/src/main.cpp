// The C++ header as a program of the matrix: header BROKERS SERVICE
#include <exception>
#include <iostream>
#include <string>

#include "service.hpp"

static json answer(service &service, const std::string &line) {
    try {
        return service.obey(json::parse(line));
    } catch (const std::exception &error) {
        return {{"error", error.what()}};
    }
}

int main(int argc, char **argv) try {
    if (argc != 3) {
        std::cerr << "usage: header BROKERS SERVICE\n";
        return 2;
    }
    service service(argv[1], argv[2]);
    const json libraries = {{"tracebaton", tracebaton_version()}, {"librdkafka++", RdKafka::version_str()}};
    std::cout << json{{"ready", true}, {"language", "C++"}, {"libraries", libraries}} << std::endl;
    for (std::string line; std::getline(std::cin, line);)
        std::cout << answer(service, line) << std::endl;
    return 0;
} catch (const std::exception &error) {
    std::cerr << "header: " << error.what() << '\n';
    return 1;
}
