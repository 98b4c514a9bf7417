"""What is made once for each state of the graph."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from kg.serve.current import Loaded

Value = TypeVar("Value")


class OfState(Generic[Value]):
    """Something that is made once for each state of the graph, when it is asked for."""

    def __init__(self, make: Callable[[Loaded], Value]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._of: Loaded | None = None
        self._value: Value | None = None

    def get(self, now: Loaded) -> Value:
        """Of that state."""
        with self._lock:
            if self._of is not now or self._value is None:
                self._value, self._of = self._make(now), now
            return self._value
