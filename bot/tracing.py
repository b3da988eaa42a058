"""Spans for an OpenTelemetry collector: one a question, with children for what it is made of. Off until `configure`.

In: names and attributes under the GenAI conventions (given: opentelemetry.io/docs/specs/semconv/gen-ai). Out: OTLP over
HTTP. Rule kept: nothing that people, the model or the manual wrote is in a span unless `text` was switched on. The
provider is our own: libraries that trace themselves into the global one are not heard.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

Value = str | int | float | bool | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class _On:
    tracer: Any
    provider: Any
    text: bool


_on: _On | None = None


def configure(endpoint: str, headers: Mapping[str, str], *, text: bool) -> None:
    """Send spans to this collector from now on; `endpoint` without /v1/traces."""
    from importlib.metadata import version

    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    global _on
    resource = Resource.create({"service.name": "policybot", "service.version": version("policybot")})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", headers=dict(headers), timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    _on = _On(provider.get_tracer("policybot"), provider, text)


def message(role: str, text: str) -> dict[str, Any]:
    """A message as the conventions write it."""
    return {"role": role, "parts": [{"type": "text", "content": text}]}


def close() -> None:
    """Send what is waiting, for a few seconds at most, and stop."""
    global _on
    if _on is not None:
        ending, _on = _on, None
        ending.provider.shutdown()


class Span:
    """A span that has begun; every method does nothing where tracing is off."""

    def __init__(self, started: Any = None) -> None:
        self._started = started

    def set(self, attributes: Mapping[str, Value]) -> None:
        """Add attributes; None is left out."""
        if self._started is not None:
            self._started.set_attributes({key: value for key, value in attributes.items() if value is not None})

    def text(self, **attributes: Any) -> None:
        """Add what somebody wrote, as JSON, if that is switched on: input_messages -> gen_ai.input.messages."""
        if _on is not None and _on.text:
            written = {key: json.dumps(value, ensure_ascii=False) for key, value in attributes.items()}
            self.set({f"gen_ai.{key.replace('_', '.')}": value for key, value in written.items()})

    def failed(self, code: str) -> None:
        """It ended badly; `code` is an error's."""
        if self._started is not None:
            from opentelemetry.trace import Status, StatusCode

            self._started.set_attribute("error.type", code)
            self._started.set_status(Status(StatusCode.ERROR))

    def end(self) -> None:
        """It is over."""
        if self._started is not None:
            self._started.end()


def begin(name: str, attributes: Mapping[str, Value], *, calls: bool = False) -> Span:
    """A child of the span that is open here. `calls`: it waits for another service. To be ended by the caller."""
    if _on is None:
        return Span()
    from opentelemetry.trace import SpanKind

    span = Span(_on.tracer.start_span(name, kind=SpanKind.CLIENT if calls else SpanKind.INTERNAL))
    span.set(attributes)
    return span


@contextmanager
def inside(name: str, attributes: Mapping[str, Value]) -> Iterator[Span]:
    """A span whose block, and all tasks begun in it, open their spans below it. Not for generators."""
    if _on is None:
        yield Span()
        return
    with _on.tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as started:
        span = Span(started)
        span.set(attributes)
        try:
            yield span
        except BaseException as error:
            span.failed(str(getattr(error, "code", type(error).__name__)))
            raise
