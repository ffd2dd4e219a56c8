package main

import (
	"context"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

// The conventions have no names for these; the first is that of OpenTelemetry's Java agent.
const (
	queueTime     = attribute.Key("kafka.record.queue_time_ms")
	timestampType = attribute.Key("kafka.record.timestamp_type")
)

// wireSpan is a finished span as the driver reads it.
type wireSpan struct {
	TraceID       string     `json:"trace_id"`
	SpanID        string     `json:"span_id"`
	Parent        *string    `json:"parent"`
	Links         []wireLink `json:"links"`
	Name          string     `json:"name"`
	Kind          string     `json:"kind"`
	Start         int64      `json:"start_us"`
	End           int64      `json:"end_us"`
	Topic         *string    `json:"topic"`
	Key           *string    `json:"key"`
	QueueTime     *int64     `json:"queue_time_ms"`
	TimestampType *string    `json:"timestamp_type"`
}

type wireLink struct {
	TraceID string `json:"trace_id"`
	SpanID  string `json:"span_id"`
}

// finished are the spans so far.
func (service *service) finished() []wireSpan {
	spans := []wireSpan{}
	for _, span := range service.spans.GetSpans() {
		spans = append(spans, written(span))
	}
	return spans
}

func written(span tracetest.SpanStub) wireSpan {
	links := []wireLink{}
	for _, link := range span.Links {
		links = append(links, wireLink{link.SpanContext.TraceID().String(), link.SpanContext.SpanID().String()})
	}
	wire := wireSpan{
		TraceID: span.SpanContext.TraceID().String(),
		SpanID:  span.SpanContext.SpanID().String(),
		Links:   links,
		Name:    span.Name,
		Kind:    strings.ToLower(span.SpanKind.String()),
		Start:   span.StartTime.UnixMicro(),
		End:     span.EndTime.UnixMicro(),
	}
	if span.Parent.IsValid() {
		parent := span.Parent.SpanID().String()
		wire.Parent = &parent
	}
	wire.describe(span.Attributes)
	return wire
}

// describe keeps the attributes that kotel and waited set for the record.
func (wire *wireSpan) describe(attributes []attribute.KeyValue) {
	for _, said := range attributes {
		text, number := said.Value.AsString(), said.Value.AsInt64()
		switch said.Key {
		case "messaging.destination.name", "messaging.source.name":
			wire.Topic = &text
		case "messaging.kafka.message.key":
			wire.Key = &text
		case queueTime:
			wire.QueueTime = &number
		case timestampType:
			wire.TimestampType = &text
		}
	}
}

// waited says how long the record did, which kotel does not.
func waited(record *kgo.Record) []attribute.KeyValue {
	kinds := map[int8]string{0: "create_time", 1: "log_append_time"}
	kind, known := kinds[record.Attrs.TimestampType()]
	if !known || record.Timestamp.UnixMilli() < 0 {
		return nil
	}
	waited := time.Now().UnixMilli() - record.Timestamp.UnixMilli()
	return []attribute.KeyValue{queueTime.Int64(waited), timestampType.String(kind)}
}

// current is what kotel was to write: the span that it left in a record's context.
func current(ctx context.Context) wireContext {
	return wire(ctx, trace.SpanContextFromContext(ctx))
}

// asRead is what kotel read from a record's headers, and whether its span is a child of that.
func asRead(record *kgo.Record) received {
	remote := receivedSpan(record.Context)
	relation := "none"
	if remote.IsValid() {
		relation = "link"
		if trace.SpanContextFromContext(record.Context).TraceID() == remote.TraceID() {
			relation = "parent"
		}
	}
	return received{string(record.Key), wire(record.Context, remote), relation}
}
