"""Memory that nothing uses any more, back to the system."""

from __future__ import annotations

import ctypes


def give_back() -> bool:
    """Hand back the free pages that the allocator of the C library keeps for itself, here after a whole index was let go; whether that
    library can do it. glibc can (https://man7.org/linux/man-pages/man3/malloc_trim.3.html); elsewhere nothing happens."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return False
    trim.argtypes, trim.restype = [ctypes.c_size_t], ctypes.c_int
    trim(0)
    return True
