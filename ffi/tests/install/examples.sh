# The examples over librdkafka's mock cluster: four orders, and the trace of each to its end.
export LD_LIBRARY_PATH="$lib"

start() { # LOG PROGRAM ARGUMENT...
    "${@:2}" >"$logs/$1" 2>"$logs/$1.errors" &
    services+=("$1:$!")
}

count() { # WHAT LOG
    grep -c -- "$1" "$logs/$2" || true
}

until_seen() { # COUNT WHAT LOG
    local tenths
    for ((tenths = 0; tenths < 600; tenths++)); do
        [ "$(count "$2" "$3")" -lt "$1" ] || return 0
        sleep 0.1
    done
    tail -n 20 "$logs"/* >&2
    fail "not $1 times in a minute in $3: $2"
}

span() { # WHAT LOG: the traceparent of the line, which must be the only one
    local line
    line=$(grep -- "^$1: " "$logs/$2") || fail "$2 has no $1"
    same "how often $2 has $1" "$(wc -l <<<"$line")" 1
    echo "${line##* }"
}

trace() { # WHAT LOG
    span "$@" | cut -d - -f 2
}

check_flow() {
    local order parent="" name
    for order in 10 27 abc; do
        same "the spans of $order" "$(grep -h " $order: " "$logs"/* | sed 's/.*: //' | cut -d - -f 2 | sort -u)" \
            "$(trace "sent $order" producer)"
    done
    # One that failed once, and one that never succeeds.
    same "27, tried again" "$(count '^orders.retry 27: ' process)" 1
    same "abc, tried again" "$(count '^orders.retry abc: ' process)" 2
    same "abc, given up" "$(trace "received abc" dead_letters)" "$(trace "sent abc" producer)"
    same "abc, not paid" "$(cat "$logs"/* | grep -c 'payments abc' || true)" 0
    for order in 10 27; do
        same "$order, to the end" "$(trace "received $order" consumer)" "$(trace "sent $order" producer)"
    done
    # The partner's trace ends at the boundary, with a link to it; and so does its baggage.
    same "the link to the partner" "$(span "  linked to" boundary)" "$(span "sent 40" partner)"
    same "40, to the end" "$(trace "received 40" consumer)" "$(trace "let in 40" boundary)"
    [ "$(trace "let in 40" boundary)" != "$(trace "sent 40" partner)" ] || fail "the partner's trace goes on"
    same "the customers" "$(count '^  for Müller$' consumer)" 2
    same "queue times" "$(count '^  waited .* since the producer created it$' consumer)" 3
    # The batch is linked to the very spans that sent its records, and in a trace of its own.
    same "links of the batch" "$(sed -n 's/^  linked to: //p' "$logs/batch" | sort)" \
        "$(sed -n 's/^payments .*: //p' "$logs/process" | sort)"
    parent=$(sed -n 's/^settled .*: //p' "$logs/batch" | cut -d - -f 2)
    same "other lines about the batch's traces" "$(cat "$logs"/[!b]* | grep -cF "$parent" || true)" 0
    # Every span is its own.
    name=$(cat "$logs"/* | grep -v '^  ' | grep -o -- '-[0-9a-f]\{16\}-03$' | sort | uniq -d)
    same "spans that two services have" "$name" ""
}

flow() { # LINK C-COMPILER C++-COMPILER
    local c="$work/c-$1-$2" cpp="$built/cpp-$1-$3" brokers service services=()
    logs="$work/logs-$1"
    mkdir "$logs"
    coproc mock { "$c/mock_cluster" orders orders.retry orders.dead_letters payments settlements shipments partner.orders 2>/dev/null; }
    read -r brokers <&"${mock[0]}"
    start process "$c/process" "$brokers"
    start service "$cpp/service" "$brokers"
    start consumer "$c/consumer" "$brokers" shipments
    start dead_letters "$c/consumer" "$brokers" orders.dead_letters
    start batch "$c/batch" "$brokers" payments 100
    start boundary "$c/boundary" "$brokers" restart_with_link
    "$c/producer" "$brokers" orders 10 27 abc >"$logs/producer"
    "$c/producer" "$brokers" partner.orders 40 >"$logs/partner"

    until_seen 3 '^received' consumer
    until_seen 1 '^received' dead_letters
    until_seen 3 '^  linked to' batch
    for service in "${services[@]}"; do kill "${service#*:}"; done
    for service in "${services[@]}"; do
        wait "${service#*:}" || { cat "$logs/${service%:*}.errors" >&2; fail "$service ends badly"; }
    done
    kill "$mock_PID"
    wait "$mock_PID" 2>/dev/null || true
    check_flow
}

flow static gcc g++
flow shared clang clang++
flow shared-glue gcc g++
flow static-glue gcc g++
for program in producer consumer process in_flight migrate retry delayed_retry batch boundary mock_cluster; do
    "$work/c-static-gcc/$program" 2>/dev/null && fail "$program needs no arguments"
    same "the answer of $program without arguments" "$?" 2
done
unset LD_LIBRARY_PATH
