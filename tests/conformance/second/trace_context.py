"""Trace context in Kafka record headers: a second implementation, written from PROFILE.md alone.

Its author had the page and the vectors, and had not seen the codec. It shows that the page is complete, and is the
example of a program that the kit tests. It is no library: nobody maintains it but the tests.

Headers are a list of (name: bytes, value: bytes or None), as Kafka clients for Python give them.
"""
import re

LIMIT, MAX_TRACESTATE, MAX_BAGGAGE, MAX_PART, MIN_TRUNCATE = 8192, 32, 64, 256, 512
OWS = b" \t"
NAMES = (b"traceparent", b"tracestate", b"baggage")
_HEX = re.compile(rb"[0-9a-f]*")
_TS_KEY = re.compile(rb"[a-z0-9_\-*/@]*")
_TS_START = re.compile(rb"[a-z0-9]")
_TS_VALUE = re.compile(rb"[\x20-\x2b\x2d-\x3c\x3e-\x7e]*")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_TOKEN = re.compile(rb"[A-Za-z0-9!#$%&'*+\-.^_`|~]+")
_BG_VALUE = re.compile(rb"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_TO_ENCODE = re.compile(rb"[^\x21\x23\x24\x26-\x2a\x2d-\x3a\x3c-\x5b\x5d-\x7e]", re.S)


class Refused(Exception):
    """A broken rule and its offset. Only changes raise it; reading returns it."""

    def __init__(self, rule, offset=0):
        super().__init__(f"{rule} at {offset}")
        self.rule, self.offset = rule, offset


class CarrierError(Exception):
    """carrier_full or carrier_read_only."""


class Verdict:
    """Of one header: kind is accepted, refused or absent."""

    def __init__(self, kind="absent", index=None, value=None, rule=None, offset=None):
        self.kind, self.index, self.value, self.rule, self.offset = kind, index, value, rule, offset

    @property
    def accepted(self):
        return self.kind == "accepted"


# ---------------------------------------------------------------- traceparent (R5, R6)

class Span:
    __slots__ = ("version", "trace_id", "span_id", "flags")

    def __init__(self, trace_id, span_id, flags, version=0):
        self.version, self.trace_id, self.span_id, self.flags = version, trace_id, span_id, flags & 3

    @property
    def sampled(self):
        return bool(self.flags & 1)

    @property
    def random(self):
        return bool(self.flags & 2)

    def write(self):
        return b"00-%s-%s-%02x" % (self.trace_id, self.span_id, self.flags)


def parse_traceparent(value):
    def field(rule, start, end):
        stop = _HEX.match(value, start, end).end()
        if stop < end:
            raise Refused("too_short", len(value)) if stop == len(value) else Refused(rule, stop)
        return value[start:end]

    def dash(at):
        if len(value) <= at:
            raise Refused("too_short", len(value))
        if value[at] != 0x2D:
            raise Refused("separator", at)

    version = field("version", 0, 2)
    if version == b"ff":
        raise Refused("version_forbidden", 0)
    dash(2)
    trace_id = field("trace_id", 3, 35)
    if not trace_id.strip(b"0"):
        raise Refused("trace_id_zero", 3)
    dash(35)
    span_id = field("parent_id", 36, 52)
    if not span_id.strip(b"0"):
        raise Refused("parent_id_zero", 36)
    dash(52)
    flags = field("trace_flags", 53, 55)
    if len(value) > 55 and (version == b"00" or value[55] != 0x2D):
        raise Refused("trailing", 55)
    return Span(trace_id, span_id, int(flags, 16), int(version, 16))


# ---------------------------------------------------------------- tracestate (R7, C3, C4)

def _ts_key(data, start, end):
    """The end of the key. Raises for its start and its length."""
    if not _TS_START.match(data, start, end):
        raise Refused("key_start", start)
    stop = _TS_KEY.match(data, start, end).end()
    if stop - start > MAX_PART:
        raise Refused("key_too_long", start + MAX_PART)
    return stop


def _ts_value(data, start, end):
    if start == end:
        raise Refused("value_empty", start)
    bad = _TS_VALUE.match(data, start, end).end()
    if bad - start > MAX_PART:  # the 257th byte itself is allowed; if not, the rule is "value"
        raise Refused("value_too_long", start + MAX_PART)
    if bad < end:
        raise Refused("value", bad)


def _pieces(data, separator, with_empty=False):
    """Yields (start, end) of what is between separators, without the OWS around it. An empty piece is at its end."""
    start = 0
    while True:
        comma = data.find(separator, start)
        end = len(data) if comma < 0 else comma
        first, last = start, end
        while first < last and data[first] in OWS:
            first += 1
        while last > first and data[last - 1] in OWS:
            last -= 1
        if first < last or with_empty:
            yield first, last
        if comma < 0:
            return
        start = comma + 1


def tracestate_members(value):
    """Yields (key, value, member) of a list; raises Refused."""
    if len(value) > LIMIT:
        raise Refused("too_long", LIMIT)
    for count, (start, end) in enumerate(_pieces(value, b",", with_empty=True)):
        if count == MAX_TRACESTATE:
            raise Refused("too_many_members", start)
        if start == end:
            continue
        stop = _ts_key(value, start, end)
        if stop == end:
            raise Refused("equals_missing", stop)
        if value[stop] != 0x3D:
            raise Refused("key", stop)
        _ts_value(value, stop + 1, end)
        yield value[start:stop], value[stop + 1:end], value[start:end]


def _check_ts_key(key):
    stop = _ts_key(key, 0, len(key))
    if stop < len(key):
        raise Refused("key", stop)


def _fit(result, buffer=None):
    if buffer is not None and len(result) > buffer and buffer < LIMIT:
        raise Refused("buffer_too_small")
    if len(result) > LIMIT:
        raise Refused("too_long", LIMIT)
    return result


def tracestate_get(value, key):
    return next((v for k, v, _ in list(tracestate_members(value)) if k == key), None)


def _shorten(members):
    length = sum(map(len, members)) + max(0, len(members) - 1)
    while len(members) > MAX_TRACESTATE or length > LIMIT:
        length -= len(members.pop()) + 1
    return b",".join(members)


def tracestate_insert(value, key, new, buffer=None):
    members = [m for k, _, m in tracestate_members(value) if k != key]
    _check_ts_key(key)
    _ts_value(new, 0, len(new))
    kept = len(new.rstrip(b" "))
    if kept < len(new):
        raise Refused("value_end", kept) if kept else Refused("value_empty")
    return _fit(_shorten([key + b"=" + new] + members), buffer)


def tracestate_delete(value, key, buffer=None):
    members = [m for k, _, m in tracestate_members(value) if k != key]
    _check_ts_key(key)
    return _fit(_shorten(members), buffer)


def tracestate_truncate(value, limit, buffer=None):
    members = [m for _, _, m in tracestate_members(value)]
    if limit < MIN_TRUNCATE:
        raise Refused("limit_too_small")
    while len(b",".join(members)) > limit:
        long = [i for i, m in enumerate(members) if len(m) > 128]
        del members[long[-1] if long else -1]
    return _fit(b",".join(members), buffer)


# ---------------------------------------------------------------- baggage (R8, C5)

def decode(raw):
    return _PERCENT.sub(lambda m: bytes([int(m[1], 16)]), raw).decode("utf-8", "replace")


def encode(value):
    return _TO_ENCODE.sub(lambda m: b"%%%02X" % m[0][0], value)


def _pair(raw):
    """(key, raw value) or None if malformed."""
    key, equals, value = raw.partition(b"=")
    key, value = key.rstrip(OWS), value.lstrip(OWS)
    return (key, value) if equals and _TOKEN.fullmatch(key) and _BG_VALUE.fullmatch(value) else None


def _bg_member(raw):
    """(key, raw value, [(key, raw value or None)]) or None if malformed."""
    first, _, rest = raw.partition(b";")
    pair = _pair(first.strip(OWS))
    if not pair:
        return None
    properties = []
    for start, end in _pieces(rest, b";"):
        one = rest[start:end]
        found = _pair(one) if b"=" in one else (one, None) if _TOKEN.fullmatch(one) else None
        if not found:
            return None
        properties.append(found)
    return (*pair, properties)


def check_baggage(value):
    if len(value) > LIMIT:
        raise Refused("too_long", LIMIT)
    control = _CONTROL.search(value)
    if control:
        raise Refused("control_byte", control.start())


def baggage_read(value):
    """([(key, value, [(key, value or None)])], skipped): at most 64 members, values as str."""
    members, skipped = [], 0
    for start, end in _pieces(value, b","):
        member = _bg_member(value[start:end])
        if not member:
            skipped += 1
            continue
        key, raw, properties = member
        members.append((key, decode(raw), [(k, None if v is None else decode(v)) for k, v in properties]))
        if len(members) == MAX_BAGGAGE:
            break
    return members, skipped


def baggage_get(value, key):
    check_baggage(value)
    return next((v for k, v, _ in reversed(baggage_read(value)[0]) if k == key), None)


def _check_token(key):
    stop = _TOKEN.match(key)
    stop = stop.end() if stop else 0
    if stop < len(key) or not key:
        raise Refused("key", stop)


def _kept(value, key):
    """(well-formed members without the key, whether the key was there)"""
    check_baggage(value)
    kept, had = [], False
    for start, end in _pieces(value, b","):
        raw = value[start:end]
        member = _bg_member(raw)
        if member and member[0] == key:
            had = True
        elif member:
            kept.append(raw)
    return kept, had


def baggage_set(value, key, new):
    kept, had = _kept(value, key)
    _check_token(key)
    if not had and len(kept) >= MAX_BAGGAGE:
        raise Refused("too_many_members")
    kept.insert(min(len(kept), MAX_BAGGAGE - 1) if len(kept) >= MAX_BAGGAGE else len(kept), key + b"=" + encode(new))
    return _fit(b",".join(kept))


def baggage_remove(value, key):
    kept, _ = _kept(value, key)
    _check_token(key)
    return _fit(b",".join(kept))


def baggage_build(steps, buffer=None):
    """steps: ("member", key, value) or ("property", key, value or None)."""
    members = []
    for what, key, value in steps:
        if what == "property" and not members:
            raise Refused("no_member")
        _check_token(key)
        if what == "member" and len(members) == MAX_BAGGAGE:
            raise Refused("too_many_members")
        text = key if value is None else key + b"=" + encode(value)
        if what == "member":
            members.append(text)
        else:
            members[-1] += b";" + text
        _fit(b",".join(members), buffer)
    return b",".join(members)


# ---------------------------------------------------------------- reading (R1 to R4, R10)

class Context:
    """What the three headers carry, with a verdict for each."""

    def __init__(self, traceparent=None, tracestate=None, baggage=None, span=None):
        self.traceparent = traceparent or Verdict()
        self.tracestate = tracestate or Verdict()
        self.baggage = baggage or Verdict()
        self.span = span


def _verdict(found, check):
    if found is None:
        return Verdict(), None
    index, value = found
    try:
        return Verdict("accepted", index, value), check(value)
    except Refused as e:
        return Verdict("refused", index, value, e.rule, e.offset), None


def _name(name):
    """Which of the three names this is, or None. bytes.lower folds ASCII only."""
    return name.lower() if len(name) <= 11 and name.lower() in NAMES else None


def _check_tracestate(value):
    for _ in tracestate_members(value):
        pass


def extract(headers, joined=False):
    found = {}
    for index, (name, value) in enumerate(headers):
        which = _name(name)
        if which and value is not None:
            if joined and which in found and which != NAMES[0]:  # R11
                value = found[which][1] + b"," + value
            found[which] = (index, value)
    traceparent, span = _verdict(found.get(NAMES[0]), parse_traceparent)
    tracestate = Verdict()
    if span:
        tracestate, _ = _verdict(found.get(NAMES[1]), _check_tracestate)
    baggage, _ = _verdict(found.get(NAMES[2]), check_baggage)
    return Context(traceparent, tracestate, baggage, span)


# ---------------------------------------------------------------- writing (W1 to W6)

def has_members(verdict):
    return verdict.accepted and bool(verdict.value.strip(b" \t,"))


def _replace(headers, names, new, capacity=None, read_only=False):
    """Changes the list in place: all of the new headers, or none (W6)."""
    if read_only:
        raise CarrierError("carrier_read_only")
    headers[:] = [h for h in headers if _name(h[0]) not in names]
    if new and capacity is not None and len(headers) + len(new) > capacity:
        raise CarrierError("carrier_full")
    headers.extend(new)


def _lists(context):
    return [(n, v.value) for n, v in ((NAMES[1], context.tracestate), (NAMES[2], context.baggage)) if has_members(v)]


def inject(context, headers, carries=None, keep=False, capacity=None, read_only=False):
    """Returns parent, no_parent or kept."""
    if keep and extract(headers).traceparent.accepted:
        return "kept"
    names, new = list(NAMES), _lists(context)
    if context.span:
        new.insert(0, (NAMES[0], context.span.write()))
    else:
        names = [NAMES[2]] if has_members(context.baggage) else []
    if carries:
        names = [n for n in names if (n == NAMES[2]) == (carries == "baggage")]
    new = [h for h in new if h[0] in names]
    if names:
        _replace(headers, names, new, capacity, read_only)
    return "parent" if any(n == NAMES[0] for n, _ in new) else "no_parent"


def strip(headers, read_only=False):
    _replace(headers, NAMES, [], read_only=read_only)


def forward(context, headers, capacity=None, read_only=False):
    new = [(NAMES[0], context.traceparent.value)] if context.span else []
    _replace(headers, NAMES, new + _lists(context), capacity, read_only)


# ---------------------------------------------------------------- changing (C1, C2, C6, C7)

def _with_span(context, span):
    return Context(context.traceparent, context.tracestate, context.baggage, span)


def child(context, span_id, sampled=None):
    """None without a trace to continue."""
    if not context.span:
        return None
    flags = context.span.flags if sampled is None else context.span.flags & 2 | sampled
    return _with_span(context, Span(context.span.trace_id, span_id, flags))


def restart(context, trace_id, span_id, sampled, random):
    return Context(baggage=context.baggage, span=Span(trace_id, span_id, sampled | random << 1))


def trust(context, choice, sampled=None):
    """(parent context or None, link context or None, baggage verdict)"""
    none = Verdict()
    if choice == "restart_without_link":
        return None, None, none
    there = context if context.span else None
    if choice == "restart_with_link":
        return None, there, none
    if choice == "continue_resampled" and there:
        flags = context.span.flags & 2 | sampled
        there = _with_span(context, Span(context.span.trace_id, context.span.span_id, flags))
    return there, None, context.baggage


def queue_time(timestamp, kind, consumed):
    if kind == "not_available":
        return None
    return max(-2**63, min(2**63 - 1, consumed - timestamp)), kind
