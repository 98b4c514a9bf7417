"""What pages have just read of one state of the graph: kept for the next page, forgotten with the state.

Leafing through a thing's facts would else read all its claims anew for each page.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pyoxigraph import Store

Value = TypeVar("Value")


class Remembered:
    """Values by key, of the view that was asked last; the oldest go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._view: Store | None = None
        self._values: dict[Hashable, Any] = {}

    def get(self, view: Store, key: Hashable, made: Callable[[], Value]) -> Value:
        """The value of a key, made where it isn't known; two who ask at once may both make it."""
        with self._lock:
            if view is not self._view:
                self._view, self._values = view, {}
            elif key in self._values:
                value: Value = self._values[key]
                return value
        value = made()
        with self._lock:
            if view is self._view:
                self._values[key] = value
                while len(self._values) > self._most:
                    del self._values[next(iter(self._values))]
        return value
