"""Propagators of other formats, over record headers: what they cannot read is absent, and they never raise."""

import logging
from collections.abc import Iterator
from typing import Any

from opentelemetry.context import Context
from opentelemetry.propagators.textmap import Getter, Setter, TextMapPropagator

_logger = logging.getLogger(__name__)


def inject_other(propagator: TextMapPropagator, record: list[Any], context: Context | None) -> None:
    try:
        propagator.inject(record, context, _WRITE)
    except Exception as error:
        _logger.warning("%s could not inject: %s", type(propagator).__name__, type(error).__name__)


def extract_other(propagator: TextMapPropagator, record: list[Any], context: Context) -> Context:
    try:
        return propagator.extract(record, context, _READ)
    except Exception as error:
        _logger.debug("%s could not extract: %s", type(propagator).__name__, type(error).__name__)
        return context


class _Read(Getter[list[Any]]):
    def get(self, carrier: list[Any], key: str) -> list[str] | None:
        """The last value of this name in any letter case, as for W3C's headers."""
        values = [value for name, value in _texts(carrier) if name.lower() == key.lower()]
        return values[-1:] or None

    def keys(self, carrier: list[Any]) -> list[str]:
        return [name for name, _ in _texts(carrier)]


class _Write(Setter[list[Any]]):
    def set(self, carrier: list[Any], key: str, value: str) -> None:
        carrier[:] = [header for header in carrier if not _is_named(header, key)]
        carrier.append((key, value.encode()))


def _texts(carrier: list[Any]) -> Iterator[tuple[str, str]]:
    """The pairs of two texts."""
    for header in carrier:
        if isinstance(header, (tuple, list)) and len(header) == 2:
            name, value = (_text(part) for part in header)
            if name is not None and value is not None:
                yield name, value


def _text(part: object) -> str | None:
    try:
        return part.decode() if isinstance(part, bytes) else part if isinstance(part, str) else None
    except UnicodeDecodeError:
        return None


def _is_named(header: object, key: str) -> bool:
    name = _text(header[0]) if isinstance(header, (tuple, list)) and header else None
    return name is not None and name.lower() == key.lower()


_READ = _Read()
_WRITE = _Write()
