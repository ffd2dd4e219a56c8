package main

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	dd "github.com/DataDog/dd-trace-go/v2/ddtrace/tracer"
	"github.com/twmb/franz-go/pkg/kgo"
)

// datadog is Datadog's tracer, which needs no agent to make spans.
type datadog struct {
	propagators map[string]dd.Propagator
}

// styles are the names of the formats in DD_TRACE_PROPAGATION_STYLE.
var styles = map[string]string{
	"b3": "b3 single header", "b3multi": "b3multi", "datadog": "datadog", "tracecontext": "tracecontext",
}

var priorities = map[string]string{"accept": "1", "deny": "0", "debug": "2"}

// silent takes the tracer's messages and its traces.
type silent struct{}

func (silent) Log(string) {}

func (silent) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("there is no agent")
}

func newDatadog() (tracer, []string, error) {
	err := dd.Start(dd.WithLogger(silent{}), dd.WithLogStartup(false), dd.WithHTTPClient(&http.Client{Transport: silent{}}))
	if err != nil {
		return nil, nil, err
	}
	propagators := map[string]dd.Propagator{}
	for format, style := range styles {
		config := dd.PropagatorConfig{InjectStyle: style, ExtractStyle: style, MaxTagsHeaderLen: 512}
		propagators[format] = dd.NewPropagator(&config)
	}
	return &datadog{propagators}, []string{"github.com/DataDog/dd-trace-go/v2"}, nil
}

// inject makes the context as Datadog's own propagator does, since its span contexts have no other constructor.
func (datadog *datadog) inject(format string, told spanContext) ([]kgo.RecordHeader, error) {
	headers := dd.TextMapCarrier{}
	for name, digits := range map[string]string{
		dd.DefaultTraceIDHeader: told.TraceID[16:], dd.DefaultParentIDHeader: told.SpanID,
	} {
		id, err := strconv.ParseUint(digits, 16, 64)
		if err != nil {
			return nil, err
		}
		headers[name] = strconv.FormatUint(id, 10)
	}
	if told.TraceID[:16] != "0000000000000000" {
		headers["x-datadog-tags"] = "_dd.p.tid=" + told.TraceID[:16]
	}
	if priority, is := priorities[told.Sampling]; is {
		headers[dd.DefaultPriorityHeader] = priority
	}
	made, err := datadog.propagators["datadog"].Extract(headers)
	if err != nil {
		return nil, err
	}
	return datadog.write(format, made)
}

func (datadog *datadog) write(format string, context *dd.SpanContext) ([]kgo.RecordHeader, error) {
	written := carrier{}
	err := datadog.propagators[format].Inject(context, &written)
	return written.headers, err
}

func (datadog *datadog) relay(format string, headers []kgo.RecordHeader) (*spanContext, *spanContext, []kgo.RecordHeader, error) {
	received, err := datadog.propagators[format].Extract(&carrier{headers})
	if errors.Is(err, dd.ErrSpanContextNotFound) || errors.Is(err, dd.ErrSpanContextCorrupted) {
		return nil, nil, nil, nil
	}
	if err != nil {
		return nil, nil, nil, err
	}
	told := tellDatadog(received)
	span := dd.StartSpan("process", dd.ChildOf(received))
	defer span.Finish()
	written, err := datadog.write(format, span.Context())
	return told, tellDatadog(span.Context()), written, err
}

func tellDatadog(context *dd.SpanContext) *spanContext {
	sampling := "defer"
	if priority, is := context.SamplingPriority(); is {
		switch {
		case priority > 1:
			sampling = "debug"
		case priority == 1:
			sampling = "accept"
		default:
			sampling = "deny"
		}
	}
	return &spanContext{context.TraceID(), fmt.Sprintf("%016x", context.SpanID()), sampling}
}
