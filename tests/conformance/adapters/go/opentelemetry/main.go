// OpenTelemetry for Go: its W3C propagators and its TraceState, as a program for tests/conformance/run.
package main

import (
	"context"
	"fmt"

	"conformance/peer"

	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

type object = peer.Object

func members(state trace.TraceState) []object {
	listed := []object{}
	state.Walk(func(key, value string) bool {
		listed = append(listed, object{"key": key, "value": value})
		return true
	})
	return listed
}

func baggageMembers(of baggage.Baggage) []object {
	listed := []object{}
	for _, member := range of.Members() {
		properties := []object{}
		for _, property := range member.Properties() {
			entry := object{"key": property.Key()}
			if value, ok := property.Value(); ok {
				entry["value"] = value
			}
			properties = append(properties, entry)
		}
		listed = append(listed, object{"key": member.Key(), "value": member.Value(), "properties": properties})
	}
	return listed
}

func read(headers map[string]string) object {
	carrier := propagation.MapCarrier(headers)
	found := propagation.TraceContext{}.Extract(context.Background(), carrier)
	found = propagation.Baggage{}.Extract(found, carrier)
	list := object{"verdict": "accepted", "members": baggageMembers(baggage.FromContext(found))}
	span := trace.SpanContextFromContext(found)
	if !span.IsValid() {
		return object{"traceparent": object{"verdict": "absent"}, "tracestate": object{"verdict": "absent"}, "baggage": list}
	}
	flags := byte(span.TraceFlags())
	parent := object{
		"verdict": "accepted", "trace_id": span.TraceID().String(), "span_id": span.SpanID().String(),
		"flags": fmt.Sprintf("%02x", flags), "sampled": flags&1 != 0, "random": flags&2 != 0,
	}
	state := object{"verdict": "accepted", "members": members(span.TraceState())}
	return object{"traceparent": parent, "tracestate": state, "baggage": list}
}

func change(operation object) object {
	list, isText := peer.Text(operation["tracestate"])
	key, _ := peer.Text(operation["key"])
	if _, limited := operation["buffer"]; !isText || limited {
		return peer.Skip("no such function")
	}
	state, err := trace.ParseTraceState(list)
	switch operation["name"] {
	case "tracestate_get":
		if err == nil {
			if value := state.Get(key); value != "" {
				return object{"value": value}
			}
			return object{"value": nil}
		}
	case "tracestate_insert":
		value, isText := peer.Text(operation["value"])
		if !isText {
			return peer.Skip("not text")
		}
		if err == nil {
			state, err = state.Insert(key, value)
		}
	case "tracestate_delete":
		if err == nil {
			state = state.Delete(key)
		}
	default:
		return peer.Skip("no such function")
	}
	if err != nil {
		return object{"error": err.Error()}
	}
	return object{"value": state.String()}
}

func main() {
	peer.Serve(read, change)
}
