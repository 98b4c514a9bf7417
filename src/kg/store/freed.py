"""Memory that was freed, given back to the system.

glibc keeps what a program frees, in pieces, for when it asks again: after a large call of the engine half a gigabyte,
beside which the next call takes its own. See malloc_trim(3).
"""

from __future__ import annotations

import ctypes
import gc
import sys


def give_back() -> None:
    """Give back what is free, or only waits for the collector, where the C library can do that (glibc)."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
