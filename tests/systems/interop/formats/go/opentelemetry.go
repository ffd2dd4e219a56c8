package main

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/contrib/propagators/aws/xray"
	"go.opentelemetry.io/contrib/propagators/b3"
	"go.opentelemetry.io/contrib/propagators/jaeger"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// openTelemetry is the SDK with the propagators of contrib.
type openTelemetry struct {
	tracer      trace.Tracer
	propagators map[string]propagation.TextMapPropagator
}

func newOpenTelemetry() (tracer, []string, error) {
	provider := sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.AlwaysSample())))
	propagators := map[string]propagation.TextMapPropagator{
		"b3":      b3.New(b3.WithInjectEncoding(b3.B3SingleHeader)),
		"b3multi": b3.New(b3.WithInjectEncoding(b3.B3MultipleHeader)),
		"jaeger":  jaeger.Jaeger{},
		"xray":    xray.Propagator{},
	}
	modules := []string{
		"go.opentelemetry.io/contrib/propagators/aws", "go.opentelemetry.io/contrib/propagators/b3",
		"go.opentelemetry.io/contrib/propagators/jaeger", "go.opentelemetry.io/otel",
	}
	return &openTelemetry{provider.Tracer("formats"), propagators}, modules, nil
}

func (otel *openTelemetry) inject(format string, told spanContext) ([]kgo.RecordHeader, error) {
	traceID, err := trace.TraceIDFromHex(told.TraceID)
	if err != nil {
		return nil, err
	}
	spanID, err := trace.SpanIDFromHex(told.SpanID)
	if err != nil {
		return nil, err
	}
	flags := trace.TraceFlags(0).WithSampled(told.Sampling == "accept" || told.Sampling == "debug")
	config := trace.SpanContextConfig{TraceID: traceID, SpanID: spanID, TraceFlags: flags, Remote: true}
	return otel.write(format, trace.ContextWithSpanContext(context.Background(), trace.NewSpanContext(config))), nil
}

func (otel *openTelemetry) write(format string, ctx context.Context) []kgo.RecordHeader {
	written := carrier{}
	otel.propagators[format].Inject(ctx, &written)
	return written.headers
}

func (otel *openTelemetry) relay(format string, headers []kgo.RecordHeader) (*spanContext, *spanContext, []kgo.RecordHeader, error) {
	ctx := otel.propagators[format].Extract(context.Background(), &carrier{headers})
	received := trace.SpanContextFromContext(ctx)
	if !received.IsValid() {
		return nil, nil, nil, nil
	}
	ctx, span := otel.tracer.Start(ctx, "process")
	defer span.End()
	return tellOpenTelemetry(received), tellOpenTelemetry(span.SpanContext()), otel.write(format, ctx), nil
}

func tellOpenTelemetry(span trace.SpanContext) *spanContext {
	sampling := "deny"
	if span.IsSampled() {
		sampling = "accept"
	}
	return &spanContext{span.TraceID().String(), span.SpanID().String(), sampling}
}
