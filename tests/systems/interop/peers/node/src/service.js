'use strict';

// A service that sends and receives with one of the clients, each of which has the calls of kafkajs.

const { randomUUID } = require('node:crypto');
const { context, propagation, trace } = require('@opentelemetry/api');
const contexts = require('./contexts');
const spans = require('./spans');
const { exporter, propagator } = require('./telemetry');

const PATIENCE = 60_000;

class Service {
  constructor(client) {
    this.client = client;
    this.producer = client.producer();
  }

  async open() {
    await this.producer.connect();
  }

  async close() {
    await this.producer.disconnect();
  }

  async produce({ topic, records }) {
    exporter.reset();
    const sent = [];
    for (const { key, value, context: wire } of records) {
      await context.with(contexts.make(wire), () => this.send(topic, { key, value }));
      const written = propagator.injected;
      sent.push({ key, context: contexts.write(trace.getSpanContext(written), propagation.getBaggage(written)) });
    }
    return { produced: sent, spans: finished() };
  }

  async consume({ topic, count }) {
    return { consumed: await this.receive(topic, count, async () => {}) };
  }

  async relay({ from, to, count }) {
    exporter.reset();
    const relayed = await this.receive(from, count, ({ key, value, headers }) =>
      this.send(to, { key, value, headers: { ...headers } })
    );
    return { relayed, spans: finished() };
  }

  send(topic, message) {
    return this.producer.send({ topic, messages: [message] });
  }

  // Does the work for each message while the instrumentation's span of it is active.
  async receive(topic, count, work) {
    const received = [];
    const consumer = this.client.consumer(randomUUID());
    let patience;
    await consumer.connect();
    try {
      await consumer.subscribe({ topics: [topic], ...this.client.beginning });
      await new Promise((resolve, reject) => {
        patience = setTimeout(() => reject(new Error(`no record came within ${PATIENCE / 1000} s`)), PATIENCE);
        const eachMessage = async ({ message }) => {
          if (received.length === count) {
            return;
          }
          patience.refresh();
          spans.waited(message.timestamp, this.client.timestampType(message));
          received.push(this.report(message));
          await work(message).catch(reject);
          if (received.length === count) {
            consumer.pause([{ topic }]);
            resolve();
          }
        };
        consumer.run({ eachMessage }).catch(reject);
      });
    } finally {
      clearTimeout(patience);
      await consumer.disconnect();
    }
    return received;
  }

  report(message) {
    const spanContext = trace.getSpanContext(propagator.takeExtracted());
    return {
      key: message.key.toString(),
      context: contexts.write(spanContext, propagation.getActiveBaggage()),
      relation: spans.relation(spanContext),
    };
  }
}

function finished() {
  return exporter.getFinishedSpans().map(spans.write);
}

module.exports = { Service };
