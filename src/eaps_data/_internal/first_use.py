"""The lock under which names are imported and the packaged data is loaded, both on first use."""

import os
import threading
from typing import Final

LOCK: Final = threading.RLock()
"""A fork takes it first, so that a child process never inherits it locked by a thread that it does not have."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=LOCK.acquire, after_in_parent=LOCK.release, after_in_child=LOCK.release)
