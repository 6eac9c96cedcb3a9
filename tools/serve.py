"""Serve the built book at a printed address: on this machine only, unless ``--host`` says otherwise."""

from __future__ import annotations

import argparse
import contextlib
import errno
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tools.paths import SITE


class QuietHandler(SimpleHTTPRequestHandler):
    """Static files of the site, without a line for each request or for a reader who left."""

    def handle(self) -> None:
        """Answer, unless the browser has closed the connection meanwhile."""
        with contextlib.suppress(ConnectionError):
            super().handle()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer an address that the site does not have with its own page, as hosts do."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            return super().send_error(code, message, explain)
        text = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)
        return None

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


def server(
    port: int,
    folder: Path = SITE,
    handler: type[QuietHandler] = QuietHandler,
    host: str = "127.0.0.1",
) -> ThreadingHTTPServer:
    """Return a server of the site, or another folder, on localhost; port 0 takes any free one."""
    return ThreadingHTTPServer((host, port), partial(handler, directory=str(folder)))


@contextlib.contextmanager
def served(folder: Path = SITE, handler: type[QuietHandler] = QuietHandler) -> Iterator[str]:
    """Serve a folder while the block runs and give its address, ending in a slash."""
    with server(0, folder, handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{site.server_port}/"
        finally:
            site.shutdown()


def main() -> None:
    """Serve until Ctrl-C; a port in use ends in one clear line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    told = parser.parse_args()
    port = told.port
    try:
        site = server(port, host=told.host)
    except (OSError, OverflowError) as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            sys.exit(f"kefu: port {port} is in use; run: make book PORT={port + 1}")
        sys.exit(f"kefu: cannot listen on port {port} ({error}); run: make book PORT=8000")
    print(
        f"kefu: the book is at http://{told.host}:{site.server_port}/  (Ctrl-C stops it)",
        flush=True,
    )
    try:
        site.serve_forever()
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()
