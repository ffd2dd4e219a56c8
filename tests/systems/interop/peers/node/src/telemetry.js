'use strict';

// Sets up OpenTelemetry as a service does, and remembers for the report what the instrumentation has its propagator
// write and read.

const { ROOT_CONTEXT, context, propagation, trace } = require('@opentelemetry/api');
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
const { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } = require('@opentelemetry/core');
const { resourceFromAttributes } = require('@opentelemetry/resources');
const sdk = require('@opentelemetry/sdk-trace-base');

class Watched {
  injected = ROOT_CONTEXT;
  extracted = ROOT_CONTEXT;

  constructor(propagator) {
    this.propagator = propagator;
  }

  inject(current, carrier, setter) {
    this.injected = current;
    this.propagator.inject(current, carrier, setter);
  }

  extract(current, carrier, getter) {
    this.extracted = this.propagator.extract(current, carrier, getter);
    return this.extracted;
  }

  // What was extracted since the last call: an instrumentation need not look where there are no headers.
  takeExtracted() {
    const { extracted } = this;
    this.extracted = ROOT_CONTEXT;
    return extracted;
  }

  fields() {
    return this.propagator.fields();
  }
}

const exporter = new sdk.InMemorySpanExporter();
const propagator = new Watched(
  new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] })
);

function start(service) {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(propagator);
  trace.setGlobalTracerProvider(
    new sdk.BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': service }),
      sampler: new sdk.ParentBasedSampler({ root: new sdk.AlwaysOnSampler() }),
      spanProcessors: [new sdk.SimpleSpanProcessor(exporter)],
    })
  );
}

module.exports = { start, exporter, propagator };
