// OpenTelemetry for JavaScript: its W3C propagators and its TraceState, as a program for tests/conformance/run.
"use strict";

const { createInterface } = require("node:readline");
const api = require("@opentelemetry/api");
const core = require("@opentelemetry/core");

const NAMES = ["traceparent", "tracestate", "baggage"];
const traces = new core.W3CTraceContextPropagator();
const baggages = new core.W3CBaggagePropagator();
const skip = (reason) => ({ skip: reason });

// The headers as a text map, or null if a carrier decides how to read them.
function carrierOf(headers) {
  const carrier = {};
  for (const [name, value] of headers) {
    if (typeof name !== "string" || typeof value !== "string" || Object.hasOwn(carrier, name)) return null;
    if (!NAMES.includes(name) && NAMES.includes(name.toLowerCase())) return null;
    carrier[name] = value;
  }
  return carrier;
}

// The serialized list, since its class has no public iterator.
function members(state) {
  const list = state ? state.serialize() : "";
  return list.split(",").filter((member) => member).map((member) => {
    const equals = member.indexOf("=");
    return { key: member.slice(0, equals), value: member.slice(equals + 1) };
  });
}

function metadata(entry) {
  const text = entry.metadata ? entry.metadata.toString() : "";
  return text.split(";").map((part) => part.trim()).filter((part) => part).map((part) => {
    const [key, ...value] = part.split("=");
    return value.length ? { key: key.trim(), value: value.join("=").trim() } : { key };
  });
}

function read(headers) {
  const carrier = carrierOf(headers);
  if (!carrier) return skip("about the carrier");
  let context = traces.extract(api.ROOT_CONTEXT, carrier, api.defaultTextMapGetter);
  context = baggages.extract(context, carrier, api.defaultTextMapGetter);
  const span = api.trace.getSpanContext(context);
  const entries = api.propagation.getBaggage(context)?.getAllEntries() ?? [];
  const list = entries.map(([key, entry]) => ({ key, value: entry.value, properties: metadata(entry) }));
  const baggage = { verdict: "accepted", members: list };
  if (!span) return { traceparent: { verdict: "absent" }, tracestate: { verdict: "absent" }, baggage };
  const flags = span.traceFlags;
  const traceparent = {
    verdict: "accepted",
    trace_id: span.traceId,
    span_id: span.spanId,
    flags: flags.toString(16).padStart(2, "0"),
    sampled: (flags & 1) === 1,
    random: (flags & 2) === 2,
  };
  return { traceparent, tracestate: { verdict: "accepted", members: members(span.traceState) }, baggage };
}

function change(operation) {
  const { name, tracestate, key, value } = operation;
  if (![tracestate, key, value ?? ""].every((text) => typeof text === "string") || "buffer" in operation) return skip("no such function");
  const state = new core.TraceState(tracestate);
  if (name === "tracestate_get") return { value: state.get(key) ?? null };
  if (name === "tracestate_insert") return { value: state.set(key, value).serialize() };
  if (name === "tracestate_delete") return { value: state.unset(key).serialize() };
  return skip("no such function");
}

function answer(row) {
  try {
    return row.headers ? read(row.headers) : change(row.operation);
  } catch (error) {
    return { error: error.name };
  }
}

createInterface({ input: process.stdin }).on("line", (line) => console.log(JSON.stringify(answer(JSON.parse(line)))));
