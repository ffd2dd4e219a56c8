from collections.abc import Iterable
from typing import Any

Span = tuple[int, int, int, str, list[tuple[str, str]]]
Refused = tuple[str, str, int]

def extract(headers: Iterable[Any], join_lists: bool = False) -> tuple[Span | None, dict[str, str], bytes, list[Refused]]: ...
def inject(
    headers: list[Any], span: tuple[int, int, int, str] | None, baggage: dict[str, object] | None, received: bytes
) -> int: ...
def queue_time(timestamp: int, kind: int, now: int) -> tuple[int, str] | None: ...
