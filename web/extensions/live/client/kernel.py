"""The page's kernel: runs cells and stands in for what ipywidgets uses of IPython.

Runs inside Pyodide, in a worker, on the standard library, traitlets, comm and ipywidgets. All
that leaves it goes through ``post``, which the worker sets: a dictionary and its binary buffers.
"""

from __future__ import annotations

import ast
import base64
import io
import json
import linecache
import os
import random
import sys
import time
import types
from importlib.machinery import PathFinder

os.environ["JUPYTER_WIDGETS_ECHO"] = "0"  # one page, one front end: nothing to echo
os.environ["LIVE_PAGE"] = "1"  # for packages that bring a style of theirs: the page has the site's

post = None  # set by the worker: post(json text, list of buffers)
base = ""  # set by the worker: the address of the engine's folder
namespace: dict = {}
owner: dict[str, str] = {}  # comm id -> the cell whose run opened it
OWN = "<格"  # how the names of the reader's own code begin, in tracebacks
sinks: list = []  # where output goes: the last one

# What a page can bear, so that a loop that prints for ever can still be stopped.
AT_ONCE = 200  # pieces of text of one run that go to the page one by one; later ones in gulps
GULP = 0.05  # s between gulps
MOST = 200_000  # characters of text that one run may show
BURST = 1000  # messages of one run at full speed
PACE = 0.005  # s between later ones
told = 0  # messages of the present run


def tell(message: dict, buffers=()) -> None:
    """Send a message to the page; a run that says very much is slowed down."""
    global told
    told += 1
    if told > BURST:
        time.sleep(PACE)
    if buffers:
        from pyodide.ffi import to_js

        buffers = to_js([bytes(b) for b in buffers])
    post(json.dumps(message), buffers)


class Sink:
    """Where output goes. Text is held back for a moment once there is much of it."""

    def __init__(self) -> None:
        self.name, self.held, self.pieces, self.due, self.room = "", [], 0, 0.0, MOST

    def write(self, name: str, text: str) -> None:
        """Add text of a stream; what is more than a page can bear is left out."""
        if self.room <= 0:
            return
        if name != self.name:
            self.flush()
            self.name = name
        self.held.append(text[: self.room])
        self.room -= len(text)
        if self.room <= 0:
            self.held.append("\n[……]\n")
        self.pieces += 1
        if self.pieces <= AT_ONCE or time.monotonic() > self.due:
            self.flush()

    def flush(self) -> None:
        """Show the text held back."""
        if self.held:
            text = "".join(self.held)
            self.held.clear()
            self.put({"output_type": "stream", "name": self.name, "text": text})
            self.due = time.monotonic() + GULP

    def add(self, output: dict) -> None:
        """Show an output after the text before it."""
        self.flush()
        self.put(output)


class CellSink(Sink):
    """Output of a running cell, or of a callback of a widget that the cell made."""

    def __init__(self, cell: str) -> None:
        super().__init__()
        self.cell = cell

    def put(self, output: dict) -> None:
        tell({"type": "output", "cell": self.cell, "output": output})

    def clear(self, wait: bool) -> None:
        self.flush()
        tell({"type": "clear", "cell": self.cell, "wait": wait})


class WidgetSink(Sink):
    """Output captured by an ``ipywidgets.Output``."""

    def __init__(self, widget) -> None:
        super().__init__()
        self.widget = widget
        self.clear_next = False

    def put(self, output: dict) -> None:
        before = () if self.clear_next else self.widget.outputs
        self.clear_next = False
        last = before[-1] if before else {}
        stream = output["output_type"] == "stream"
        if stream and last.get("output_type") == "stream" and last["name"] == output["name"]:
            joined = {**last, "text": last["text"] + output["text"]}
            self.widget.outputs = (*before[:-1], joined)
        else:
            self.widget.outputs = (*before, output)

    def clear(self, wait: bool) -> None:
        self.flush()
        if wait:
            self.clear_next = True
        else:
            self.widget.outputs = ()


def begin(cell: str) -> None:
    """Begin a run, or a callback, of a cell: its output goes under the cell."""
    global told
    told = 0
    sinks[:] = [CellSink(cell)]


def end() -> None:
    """End it: show what is held back."""
    for sink in sinks:
        sink.flush()
    sinks.clear()


class Stream(io.TextIOBase):
    """``sys.stdout`` and ``sys.stderr``: text goes to the present sink."""

    def __init__(self, name: str) -> None:
        self.stream_name = name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if text and sinks:
            sinks[-1].write(self.stream_name, text)
        return len(text)

    def flush(self) -> None:
        if sinks:
            sinks[-1].flush()


TEXT = ("html", "markdown", "latex", "svg", "json", "javascript")
MIME = {"html": "text/html", "markdown": "text/markdown", "latex": "text/latex",
        "svg": "image/svg+xml", "json": "application/json",
        "javascript": "application/javascript"}  # fmt: skip


def bundle(value) -> tuple[dict, dict]:
    """Return an object's representations and their metadata, as IPython's formatter does."""
    data: dict = {"text/plain": repr(value)}
    metadata: dict = {}
    if isinstance(value, type):
        return data, metadata
    for name in TEXT:
        method = getattr(value, f"_repr_{name}_", None)
        shown = method() if method else None
        if shown is not None:
            data[MIME[name]] = shown[0] if isinstance(shown, tuple) else shown
    for kind in ("png", "jpeg"):
        method = getattr(value, f"_repr_{kind}_", None)
        shown = method() if method else None
        if shown is not None:
            raw = shown[0] if isinstance(shown, tuple) else shown
            data[f"image/{kind}"] = (
                base64.b64encode(raw).decode() if isinstance(raw, bytes) else raw
            )
    if hasattr(value, "_repr_mimebundle_"):
        shown = value._repr_mimebundle_(include=None, exclude=None)
        if isinstance(shown, tuple):
            shown, metadata = shown
        data = {**data, **(shown or {})}
    return data, metadata


def display(*values, display_id=None, metadata=None, raw=False, **_options) -> None:
    """Show values in the present sink."""
    for value in values:
        if hasattr(value, "_ipython_display_"):
            value._ipython_display_()
            continue
        data, extra = (value, {}) if raw else bundle(value)
        extra = {**extra, **(metadata or {})}
        sinks[-1].add({"output_type": "display_data", "data": data, "metadata": extra})


def clear_output(wait: bool = False) -> None:
    """Clear the present sink."""
    if sinks:
        sinks[-1].clear(wait)


class DisplayObject:
    """What ``IPython.display.HTML`` and its kin need to be here."""

    mime = "text/plain"

    def __init__(self, data="", **_options) -> None:
        self.data = data

    def _repr_mimebundle_(self, **_options) -> dict:
        return {self.mime: self.data}


def kind(name: str, mime: str) -> type:
    return type(name, (DisplayObject,), {"mime": mime})


class Events:
    def register(self, _name, _function) -> None:
        pass

    unregister = register

    def trigger(self, _name, *_arguments) -> None:
        pass


class Shell:
    """What ipywidgets and comm use of IPython's shell."""

    def __init__(self) -> None:
        self.kernel = None
        self.events = Events()
        self.user_ns = namespace
        self.execution_count = 0

    def showtraceback(self, exc_tuple=None, *_arguments, **_options) -> None:
        failure = (exc_tuple or sys.exc_info())[1]
        if sinks:
            sinks[-1].add(error(failure))

    def get_parent(self) -> dict:
        return {}


shell = Shell()


def get_ipython() -> Shell:
    """Return the page's shell."""
    return shell


def error(failure: BaseException) -> dict:
    """Return an exception as an output: the reader's own frames, and what it means."""
    import live_explain  # costs a page's start nothing: read when a cell first fails

    return live_explain.output(failure, OWN)


class RestOfLibrary:
    """Fetches what a page's start left out of the standard library when a cell first imports it."""

    def find_spec(self, name: str, path=None, _target=None):
        if not in_library(name):
            return None
        from js import XMLHttpRequest  # synchronous, as an import is

        request = XMLHttpRequest.new()
        try:
            request.open("GET", base + "python_rest.zip", False)  # fails before there is a base
            request.responseType = "arraybuffer"
            request.send()
            fetched = request.status == 200
        except Exception:
            fetched = False
        if not fetched:
            told = "the rest of Python's library could not be fetched 没取到标准库的这一部分"
            raise ImportError(f"{name}: {told}", name=name)
        place = "/lib/python_rest.zip"
        with open(place, "wb") as file:
            file.write(request.response.to_bytes())
        sys.meta_path.remove(self)
        sys.path.append(place)
        for package, module in list(sys.modules.items()):
            if in_library(package) and hasattr(module, "__path__"):
                module.__path__.append(f"{place}/{package.replace('.', '/')}")
        return PathFinder.find_spec(name, path)


def in_library(name: str) -> bool:
    """Return whether a module belongs to the standard library, shipped here or not."""
    return name.partition(".")[0] in sys.stdlib_module_names


def install() -> None:
    """Put the stand-ins in place of IPython and of comm's defaults, then import ipywidgets."""
    modules = {
        "IPython": {"get_ipython": get_ipython, "version_info": (9, 0, 0), "__version__": "9.0"},
        "IPython.core": {},
        "IPython.core.getipython": {"get_ipython": get_ipython},
        "IPython.core.interactiveshell": {"InteractiveShell": Shell},
        "IPython.core.display": {"display": display, "DisplayObject": DisplayObject},
        "IPython.display": {
            "display": display,
            "clear_output": clear_output,
            "DisplayObject": DisplayObject,
            "HTML": kind("HTML", "text/html"),
            "SVG": kind("SVG", "image/svg+xml"),
            "Markdown": kind("Markdown", "text/markdown"),
            "Latex": kind("Latex", "text/latex"),
            "Javascript": kind("Javascript", "application/javascript"),
        },
    }
    for name, members in modules.items():
        module = types.ModuleType(name)
        module.__dict__.update(members)
        module.__path__ = []
        sys.modules[name] = module
        if "." in name:
            parent, child = name.rsplit(".", 1)
            setattr(sys.modules[parent], child, module)

    import comm
    from comm.base_comm import BaseComm, CommManager

    class PageComm(BaseComm):
        """A comm whose messages travel to the page."""

        def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys) -> None:
            if msg_type == "comm_open" and sinks and isinstance(sinks[-1], CellSink):
                owner[self.comm_id] = sinks[-1].cell
            tell(
                {
                    "type": msg_type,
                    "comm_id": self.comm_id,
                    "target_name": keys.get("target_name"),
                    "data": data or {},
                    "metadata": metadata or {},
                },
                buffers or (),
            )

    manager = CommManager()
    comm.create_comm = PageComm
    comm.get_comm_manager = lambda: manager

    import ipywidgets
    from ipywidgets.widgets import widget_output

    def enter(self):
        sinks.append(WidgetSink(self))
        return self

    def leave(self, etype, failure, _trace):
        if failure is not None:
            sinks[-1].add(error(failure))
        sinks.pop().flush()
        return True

    widget_output.Output.__enter__ = enter
    widget_output.Output.__exit__ = leave
    ipywidgets.register_comm_target()
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    sys.modules["live_kernel"] = sys.modules[__name__]
    sys.meta_path.append(RestOfLibrary())
    namespace.update({"__name__": "__main__", "display": display, "get_ipython": get_ipython})


def reseed() -> None:
    """After a snapshot was loaded: no two readers share random numbers."""
    random.seed()


def run(code: str, cell: str, number: int) -> bool:
    """Run one cell as a notebook does; return whether it ran without error."""
    begin(cell)
    filename = f"{OWN}{number}>"
    linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
    shell.execution_count = number
    try:
        tree = ast.parse(code, filename)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, filename, "exec"), namespace)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), filename, "eval"), namespace)
            if value is not None and not code.rstrip().endswith(";"):
                namespace["_"] = value
                if hasattr(value, "_ipython_display_"):
                    value._ipython_display_()
                else:
                    data, metadata = bundle(value)
                    sinks[-1].add({"output_type": "execute_result", "data": data,
                                   "metadata": metadata, "execution_count": number})  # fmt: skip
    except BaseException as failure:
        sinks[-1].add(error(failure))
        return False
    finally:
        end()
    return True


def receive(text: str, buffers) -> None:
    """Handle a comm message from the page; its errors show under the cell that made the widget."""
    import comm

    message = json.loads(text)
    comm_id = message["comm_id"]
    begin(owner.get(comm_id, ""))
    content = {
        "comm_id": comm_id,
        "data": message["data"],
        "target_name": message.get("target_name"),
    }
    envelope = {"content": content, "metadata": message.get("metadata", {}), "header": {},
                "buffers": [memoryview(b.to_py()) for b in buffers]}  # fmt: skip
    try:
        if message["type"] == "comm_open":
            comm.get_comm_manager().comm_open(None, None, envelope)
        elif message["type"] == "comm_close":
            comm.get_comm_manager().comm_close(None, None, envelope)
        else:
            target = comm.get_comm_manager().comms.get(comm_id)
            if target is not None and target._msg_callback is not None:
                target._msg_callback(envelope)
    except BaseException as failure:
        sinks[-1].add(error(failure))
    finally:
        end()
        tell({"type": "idle", "msg_id": message.get("msg_id")})
