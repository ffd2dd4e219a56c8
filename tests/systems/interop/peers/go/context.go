package main

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// wireContext is a context as the driver writes it.
type wireContext struct {
	TraceID    *string         `json:"trace_id"`
	SpanID     *string         `json:"span_id"`
	TraceFlags *string         `json:"trace_flags"`
	TraceState string          `json:"tracestate"`
	Baggage    []baggageMember `json:"baggage"`
}

type baggageMember struct {
	Key      string `json:"key"`
	Value    string `json:"value"`
	Metadata string `json:"metadata"`
}

// asCurrent makes of it a remote parent and a baggage.
func (wire wireContext) asCurrent(ctx context.Context) (context.Context, error) {
	if wire.TraceID != nil {
		parent, err := wire.spanContext()
		if err != nil {
			return nil, err
		}
		ctx = trace.ContextWithRemoteSpanContext(ctx, parent)
	}
	var members []baggage.Member
	for _, wire := range wire.Baggage {
		properties, err := properties(wire.Metadata)
		if err != nil {
			return nil, err
		}
		member, err := baggage.NewMemberRaw(wire.Key, wire.Value, properties...)
		if err != nil {
			return nil, err
		}
		members = append(members, member)
	}
	carried, err := baggage.New(members...)
	if err != nil {
		return nil, err
	}
	return baggage.ContextWithBaggage(ctx, carried), nil
}

func (wire wireContext) spanContext() (trace.SpanContext, error) {
	if wire.SpanID == nil || wire.TraceFlags == nil {
		return trace.SpanContext{}, fmt.Errorf("trace %s has no span or no flags", *wire.TraceID)
	}
	traceID, err := trace.TraceIDFromHex(*wire.TraceID)
	if err != nil {
		return trace.SpanContext{}, err
	}
	spanID, err := trace.SpanIDFromHex(*wire.SpanID)
	if err != nil {
		return trace.SpanContext{}, err
	}
	flags, err := hex.DecodeString(*wire.TraceFlags)
	if err != nil || len(flags) != 1 {
		return trace.SpanContext{}, fmt.Errorf("these are no flags: %s", *wire.TraceFlags)
	}
	state, err := trace.ParseTraceState(wire.TraceState)
	if err != nil {
		return trace.SpanContext{}, err
	}
	return trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: traceID, SpanID: spanID, TraceFlags: trace.TraceFlags(flags[0]), TraceState: state, Remote: true,
	}), nil
}

func properties(metadata string) ([]baggage.Property, error) {
	var all []baggage.Property
	for field := range strings.SplitSeq(metadata, ";") {
		key, value, valued := strings.Cut(strings.TrimSpace(field), "=")
		if key == "" && !valued {
			continue
		}
		property, err := baggage.NewKeyProperty(strings.TrimSpace(key))
		if valued {
			property, err = baggage.NewKeyValueProperty(strings.TrimSpace(key), strings.TrimSpace(value))
		}
		if err != nil {
			return nil, err
		}
		all = append(all, property)
	}
	return all, nil
}

// wire writes down a span context and the baggage of ctx, whose members have no order: by key.
func wire(ctx context.Context, span trace.SpanContext) wireContext {
	written := wireContext{TraceState: span.TraceState().String(), Baggage: []baggageMember{}}
	if span.IsValid() {
		traceID, spanID, flags := span.TraceID().String(), span.SpanID().String(), span.TraceFlags().String()
		written.TraceID, written.SpanID, written.TraceFlags = &traceID, &spanID, &flags
	}
	for _, member := range baggage.FromContext(ctx).Members() {
		_, metadata, _ := strings.Cut(member.String(), ";")
		written.Baggage = append(written.Baggage, baggageMember{member.Key(), member.Value(), metadata})
	}
	slices.SortFunc(written.Baggage, func(a, b baggageMember) int { return cmp.Compare(a.Key, b.Key) })
	return written
}

// asReceived is a propagator that remembers, for the report, the remote span that those before it have extracted:
// kotel puts its own span in its place.
type asReceived struct{}

func (asReceived) Inject(context.Context, propagation.TextMapCarrier) {}

func (asReceived) Fields() []string { return nil }

func (asReceived) Extract(ctx context.Context, _ propagation.TextMapCarrier) context.Context {
	return context.WithValue(ctx, asReceived{}, trace.SpanContextFromContext(ctx))
}

func receivedSpan(ctx context.Context) trace.SpanContext {
	span, _ := ctx.Value(asReceived{}).(trace.SpanContext)
	return span
}
