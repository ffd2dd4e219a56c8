'use strict';

// OpenTelemetry's SDK and propagators over kafkajs, with the carrier of its instrumentation: BROKERS SERVICE.

const path = require('node:path');
const readline = require('node:readline');
const { randomUUID } = require('node:crypto');
const { defaultTextMapGetter, defaultTextMapSetter, isSpanContextValid, ROOT_CONTEXT, trace } = require('@opentelemetry/api');
const { B3InjectEncoding, B3Propagator } = require('@opentelemetry/propagator-b3');
const { JaegerPropagator } = require('@opentelemetry/propagator-jaeger');
const { BasicTracerProvider } = require('@opentelemetry/sdk-trace-base');
const { Kafka, Partitioners, logLevel } = require('kafkajs');

const PATIENCE = 60_000;
const LIBRARIES = ['@opentelemetry/propagator-b3', '@opentelemetry/propagator-jaeger', 'kafkajs'];
const PROPAGATORS = {
  b3: new B3Propagator({ injectEncoding: B3InjectEncoding.SINGLE_HEADER }),
  b3multi: new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER }),
  jaeger: new JaegerPropagator(),
};
const tracer = new BasicTracerProvider().getTracer('formats');

function inject(format, context) {
  const headers = {};
  PROPAGATORS[format].inject(context, headers, defaultTextMapSetter);
  return headers;
}

function make({ trace_id: traceId, span_id: spanId, sampling }) {
  const traceFlags = sampling === 'accept' || sampling === 'debug' ? 1 : 0;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function tell({ traceId, spanId, traceFlags }) {
  return { trace_id: traceId, span_id: spanId, sampling: traceFlags & 1 ? 'accept' : 'deny' };
}

// The context that was read, that of the child which is sent, and its headers.
function relayed(format, headers) {
  const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
  const context = PROPAGATORS[format].extract(ROOT_CONTEXT, texts, defaultTextMapGetter);
  const received = trace.getSpanContext(context);
  if (!received || !isSpanContextValid(received)) {
    return [null, null, {}];
  }
  const span = tracer.startSpan('process', {}, context);
  span.end();
  return [tell(received), tell(span.spanContext()), inject(format, trace.setSpan(context, span))];
}

async function send(kafka, producer, { format, topic, records }) {
  const messages = records.map(({ key, value, context }) => ({ key, value, headers: inject(format, make(context)) }));
  await producer.send({ topic, messages });
  return { sent: records.length };
}

async function relay(kafka, producer, { format, from, to, count }) {
  const all = [];
  await each(kafka, from, count, async ({ key, value, headers }) => {
    const [context, sent, written] = relayed(format, headers);
    await producer.send({ topic: to, messages: [{ key, value, headers: written }] });
    all.push({ key: key.toString(), context, sent });
  });
  return { relayed: all };
}

async function each(kafka, topic, count, work) {
  const consumer = kafka.consumer({ groupId: randomUUID() });
  await consumer.connect();
  let patience;
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    let left = count;
    await new Promise((resolve, reject) => {
      patience = setTimeout(() => reject(new Error(`no record came within ${PATIENCE / 1000} s`)), PATIENCE);
      const eachMessage = async ({ message }) => {
        if (left > 0) {
          left -= 1;
          await work(message).catch(reject);
          if (left === 0) {
            resolve();
          }
        }
      };
      consumer.run({ eachMessage }).catch(reject);
    });
  } finally {
    clearTimeout(patience);
    await consumer.disconnect();
  }
}

async function answer(kafka, producer, line) {
  try {
    const command = JSON.parse(line);
    return await (command.command === 'send' ? send : relay)(kafka, producer, command);
  } catch (error) {
    return { error: String(error) };
  }
}

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function main([brokers, clientId]) {
  const kafka = new Kafka({ brokers: [brokers], clientId, logLevel: logLevel.WARN });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const { packages } = require(path.join(process.env.NODE_PATH, '.package-lock.json'));
  const libraries = Object.fromEntries(LIBRARIES.map(name => [name, packages[`node_modules/${name}`].version]));
  say({ ready: true, language: 'Node.js', libraries });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    say(await answer(kafka, producer, line));
  }
  await producer.disconnect();
}

main(process.argv.slice(2)).catch(error => {
  console.error(error);
  process.exit(1);
});
