// OpenTelemetry for Go: its W3C propagators and its TraceState, as a program for tests/conformance/run.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"

	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

type object = map[string]any

func text(value any) (string, bool) {
	of, ok := value.(string)
	return of, ok
}

// carrier has the headers as a text map, or false if a carrier decides how to read them.
func carrier(headers []any) (propagation.MapCarrier, bool) {
	names := map[string]bool{"traceparent": true, "tracestate": true, "baggage": true}
	carrier := propagation.MapCarrier{}
	for _, header := range headers {
		pair := header.([]any)
		name, isName := text(pair[0])
		value, isText := text(pair[1])
		if _, repeats := carrier[name]; !isName || !isText || repeats {
			return nil, false
		}
		if !names[name] && names[lower(name)] {
			return nil, false
		}
		carrier[name] = value
	}
	return carrier, true
}

func lower(name string) string {
	bytes := []byte(name)
	for at, letter := range bytes {
		if 'A' <= letter && letter <= 'Z' {
			bytes[at] = letter + 'a' - 'A'
		}
	}
	return string(bytes)
}

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

func read(headers []any) object {
	carrier, ok := carrier(headers)
	if !ok {
		return object{"skip": "about the carrier"}
	}
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
	list, isText := text(operation["tracestate"])
	key, _ := text(operation["key"])
	if _, limited := operation["buffer"]; !isText || limited {
		return object{"skip": "no such function"}
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
		value, isText := text(operation["value"])
		if !isText {
			return object{"skip": "not text"}
		}
		if err == nil {
			state, err = state.Insert(key, value)
		}
	case "tracestate_delete":
		if err == nil {
			state = state.Delete(key)
		}
	default:
		return object{"skip": "no such function"}
	}
	if err != nil {
		return object{"error": err.Error()}
	}
	return object{"value": state.String()}
}

func main() {
	input := bufio.NewReader(os.Stdin)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		var row object
		if err := json.Unmarshal(line, &row); err != nil {
			panic(err)
		}
		answer := object{}
		if headers, ok := row["headers"].([]any); ok {
			answer = read(headers)
		} else {
			answer = change(row["operation"].(object))
		}
		written, err := json.Marshal(answer)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(written))
	}
}
