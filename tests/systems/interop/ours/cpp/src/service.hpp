// The commands of the program, done with the C++ header.
#ifndef SERVICE_HPP
#define SERVICE_HPP

#include <memory>

#include "spans.hpp"

class service : RdKafka::DeliveryReportCb {
  public:
    /* Throws an error if the producer cannot be created. */
    service(std::string brokers, std::string name);

    /* Runs a command and returns its answer; throws an error if it fails. */
    json obey(const json &told);

  private:
    json produce(const std::string &topic, const json &records);
    json consume(const std::string &topic, std::size_t count);
    json relay(const std::string &from, const std::string &to, std::size_t count);

    std::unique_ptr<RdKafka::Conf> conf();
    template <typename Handle>
    void read(const std::string &topic, std::size_t count, Handle handle);
    tracebaton::context send(const std::string &topic, tracebaton::record record, const tracebaton::context &parent);
    json finish(const char *verb, json answers);
    void dr_cb(RdKafka::Message &message) override;

    std::string brokers_;
    std::string name_;
    json finished_;
    std::string failure_;
    std::unique_ptr<RdKafka::Producer> producer_;
};

#endif
