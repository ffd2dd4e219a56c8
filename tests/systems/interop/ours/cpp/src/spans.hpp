// Spans without a tracer.
#ifndef SPANS_HPP
#define SPANS_HPP

#include "contexts.hpp"

/* Begins a span as a child of `parent`, or of a new trace if that is empty. Returns the context of the span. */
tracebaton::context start_span(const tracebaton::context &parent);

/* The description of a span. */
class span {
  public:
    span(const char *kind, const tracebaton::context &own, const tracebaton::context &parent, const std::string &topic,
         std::string_view key);

    /* Sets the queue time of the record of a consumer's span. */
    void waited(RdKafka::Message &message);

    /* Ends the span now, and adds it to the list if it is sampled. */
    void end(json &finished);

  private:
    bool is_sampled_;
    json described_;
};

#endif
