// Spans by hand: this program has no tracer.
#ifndef SPANS_HPP
#define SPANS_HPP

#include "contexts.hpp"

/** Begins a span below this context, or that of a new trace where there is none; it is given as its context. */
tracebaton::context start_span(const tracebaton::context &parent);

/** What there is to tell of a span. */
class span {
  public:
    span(const char *kind, const tracebaton::context &own, const tracebaton::context &parent, const std::string &topic,
         std::string_view key);

    /** How long the record of a consumer's span waited. */
    void waited(RdKafka::Message &message);

    /** It ends now, and goes to the list if it is sampled. */
    void end(json &finished);

  private:
    bool is_sampled_;
    json described_;
};

#endif
