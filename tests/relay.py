"""A stock Firefox as Playwright wants it: between the two, a relay for what they disagree on.

Playwright drives a stock Firefox over WebDriver BiDi, but it wants commands that Debian's Firefox
(ESR 140) does not know yet, none of which these tests need, and it evaluates code with ``eval``,
which the pages' own Content-Security-Policy forbids in Firefox. Run in Firefox's place, as
``python relay.py /path/to/firefox OPTIONS``, this starts it, gives an empty answer to those commands
and hands Playwright's code over as a function, which BiDi lets through any policy. Neither side
holds small messages back, as Firefox itself and Tornado do: a click is a dozen of them, and each
would wait 40 ms for the other side's word that the one before has come.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import sys
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketClientConnection, WebSocketHandler, websocket_connect

DISPENSABLE = {
    "browser.setDownloadBehavior",
    "emulation.setMediaFeaturesOverride",
    "emulation.setScreenOrientationOverride",
    "emulation.setScreenSettingsOverride",
    "network.addDataCollector",
}
EVALUATE = "(utilityScript, ...args) => utilityScript.evaluate(...args)"
"""What Playwright calls for each evaluation; its fifth argument is the code."""
WITHOUT_EVAL = """(utilityScript, ...args) => {
    const {global} = utilityScript;
    utilityScript.global = {eval: () => (
%s
    )};
    try { return utilityScript.evaluate(...args); } finally { utilityScript.global = global; }
}"""
REPLACED = {
    "injectedScript.extend(": "() => {}",
    "window.__pw_bidiInsertText(": "text => void document.execCommand('insertText', false, text)",
}
"""The way to enter text that no key types, which Playwright installs by ``eval``: its installation,
its use."""
LARGEST = 1 << 28
"""The largest message, in bytes: a whole page's text passes, and a picture of it."""


def handed_over(command: dict[str, Any]) -> dict[str, Any]:
    """Return a command of Playwright's with the code that it would evaluate as a function's own."""
    parameters = command.get("params", {})
    if parameters.get("functionDeclaration") == EVALUATE:
        code = parameters["arguments"][3]["value"]
        code = next((mine for theirs, mine in REPLACED.items() if theirs in code), code)
        parameters["functionDeclaration"] = WITHOUT_EVAL % code
    return command


class Relay(WebSocketHandler):
    """Playwright's side of the relay; ``firefox`` is the other."""

    firefox: WebSocketClientConnection

    def initialize(self, address: str) -> None:
        self.address = address
        self.dispensable: set[int] = set()

    async def open(self) -> None:
        self.set_nodelay(True)
        self.firefox = await websocket_connect(
            self.address, on_message_callback=self.answer, max_message_size=LARGEST
        )

    async def on_message(self, message: str | bytes) -> None:
        command = json.loads(message)
        if command["method"] in DISPENSABLE:
            self.dispensable.add(command["id"])
        await self.firefox.write_message(json.dumps(handed_over(command)))

    def answer(self, message: str | bytes | None) -> None:
        """Pass on what Firefox says; ``None`` when it has gone."""
        if message is None:
            self.close()
            return
        if hasattr(socket, "TCP_QUICKACK"):  # Linux alone has it, and forgets it after a message
            stream = self.firefox.protocol.stream
            stream.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        answer = json.loads(message)
        if answer.get("error") == "unknown command" and answer["id"] in self.dispensable:
            message = json.dumps({"type": "success", "id": answer["id"], "result": {}})
        self.write_message(message)

    def on_close(self) -> None:
        self.firefox.close()


async def run(*command: str) -> int:
    """Start Firefox, stand in for it until it ends, and return its exit status."""
    firefox = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    assert firefox.stderr
    async for line in firefox.stderr:
        if found := re.search(rb"WebDriver BiDi listening on (ws://\S+)", line):
            here = bind_sockets(0, "127.0.0.1")
            target = {"address": f"{found[1].decode()}/session"}
            HTTPServer(Application([("/session", Relay, target)],
                       websocket_max_message_size=LARGEST)).add_sockets(here)  # fmt: skip
            line = b"WebDriver BiDi listening on ws://127.0.0.1:%d\n" % here[0].getsockname()[1]
        sys.stderr.buffer.write(line)
        sys.stderr.flush()
    return await firefox.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(run(*sys.argv[1:])))
