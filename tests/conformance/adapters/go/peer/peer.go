// Package peer runs a library that knows text maps as a program for tests/conformance/run.
package peer

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// Object is an object of JSON.
type Object = map[string]any

// Text is a text of a row, or false if its bytes are not UTF-8.
func Text(value any) (string, bool) {
	of, ok := value.(string)
	return of, ok
}

// Skip is the answer to a row that is not run.
func Skip(reason string) Object {
	return Object{"skip": reason}
}

// carrier has the headers as a text map, or false if a carrier decides how to read them.
func carrier(headers []any) (map[string]string, bool) {
	names := map[string]bool{"traceparent": true, "tracestate": true, "baggage": true}
	carrier := map[string]string{}
	for _, header := range headers {
		pair := header.([]any)
		name, isName := Text(pair[0])
		value, isText := Text(pair[1])
		if _, repeats := carrier[name]; !isName || !isText || repeats {
			return nil, false
		}
		if !names[name] && names[strings.ToLower(name)] {
			return nil, false
		}
		carrier[name] = value
	}
	return carrier, true
}

// Serve answers each line of standard input with one line.
func Serve(read func(map[string]string) Object, change func(Object) Object) {
	input := bufio.NewReader(os.Stdin)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		var row Object
		if err := json.Unmarshal(line, &row); err != nil {
			panic(err)
		}
		answer := Skip("about the carrier")
		if headers, ok := row["headers"].([]any); !ok {
			answer = change(row["operation"].(Object))
		} else if carrier, ok := carrier(headers); ok {
			answer = read(carrier)
		}
		written, err := json.Marshal(answer)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(written))
	}
}
