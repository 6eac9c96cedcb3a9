"""What the page's Python does first, at the reader's and, for the shipped snapshot, at the build."""

import sys

sys.path.insert(0, "/app")
import live_kernel

live_kernel.install()
import live_imports  # noqa: E402, F401
