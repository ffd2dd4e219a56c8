// dd-trace-go: its propagators for W3C, as a program for tests/conformance/run.
package main

import (
	"fmt"
	"os"

	"conformance/peer"

	"github.com/DataDog/dd-trace-go/v2/ddtrace/tracer"
)

// read leaves out the tracestate, which the library does not show.
func read(headers map[string]string) peer.Object {
	members := []peer.Object{}
	answer := peer.Object{"traceparent": peer.Object{"verdict": "absent"}}
	found, err := tracer.NewPropagator(nil).Extract(tracer.TextMapCarrier(headers))
	if err == nil && found != nil {
		found.ForeachBaggageItem(func(key, value string) bool {
			members = append(members, peer.Object{"key": key, "value": value, "properties": []peer.Object{}})
			return true
		})
		if found.SpanID() != 0 {
			// Its context has a priority in place of flags.
			priority, _ := found.SamplingPriority()
			answer["traceparent"] = peer.Object{
				"verdict": "accepted", "trace_id": found.TraceID(), "span_id": fmt.Sprintf("%016x", found.SpanID()),
				"sampled": priority > 0,
			}
		}
	}
	answer["baggage"] = peer.Object{"verdict": "accepted", "members": members}
	return answer
}

func main() {
	for name, value := range map[string]string{
		"DD_TRACE_PROPAGATION_STYLE": "tracecontext,baggage", "DD_INSTRUMENTATION_TELEMETRY_ENABLED": "false",
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	peer.Serve(read, func(peer.Object) peer.Object { return peer.Skip("no such function") })
}
