"""Build the engine: everything a page needs to run Python, in one folder named by its contents."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import tempfile
import zipfile
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging

from web.build import bundle, digest, digest_files, imported, node

HERE = Path(__file__).parent
CLIENT = HERE / "client"
STATIC = re.compile(r'(?:\bfrom|\bimport)"\./(chunk-\w+\.js)"')
"""An import that stands at the top of a bundled script."""
LEFT_OUT = ("__pycache__", "tests", "test", "*.ttf", "*.so", "*.pyi")


def key(app: Sphinx) -> str:
    """Return the name of the engine's folder: a hash of all that goes into it."""
    return _key(app.srcdir, *_settings(app), _imports(app))


def _settings(
    app: Sphinx,
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...], tuple[str, ...], str]:
    c = app.config
    files = tuple(sorted(c.live_files.items()))
    return tuple(c.live_packages), files, tuple(c.live_wheels), c.live_node_modules


def _imports(app: Sphinx) -> tuple[str, ...]:
    """Return every module that a live cell of the book imports, for the snapshot to hold."""
    cells = [c for m in app.env.metadata.values() for c in json.loads(m.get("live", "[]"))]
    return tuple(sorted({name for cell in cells for name in imported(cell["source"])}))


@cache
def _key(
    book: str,
    packages: tuple[str, ...],
    files: tuple[tuple[str, str], ...],
    wheels: tuple[str, ...],
    node_modules: str,
    imports: tuple[str, ...],
) -> str:
    root = Path(book)
    told = repr((files, imports, [metadata.version(w) for w in wheels]))
    sources = [*HERE.rglob("*.py"), *filter(Path.is_file, CLIENT.iterdir())]
    sources += [f for p in packages for f in _kept(root / p)]
    sources += [f for pattern, _ in files for f in root.glob(pattern)]
    sources.append(root / node_modules / ".package-lock.json")
    return digest(told, digest_files(sources, root))[:16]


def _kept(folder: Path) -> list[Path]:
    """Return the files of a package that go into the archive."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not any(
            part.match(pattern)
            for inside in [path.relative_to(folder)]  # whatever the book's own folder is called
            for part in (inside, *inside.parents)
            for pattern in LEFT_OUT
        )
    ]


def engine(app: Sphinx) -> Path:
    """Return the folder of the engine for this book, built if it is not there yet."""
    folder = Path(app.outdir).parent / "live" / key(app)
    if folder.is_dir():
        return folder
    logging.getLogger(__name__).info("building the live engine ...")
    modules = Path(app.srcdir) / app.config.live_node_modules
    if not (modules / "pyodide").is_dir():
        raise ExtensionError(f"live: no Pyodide in {app.config.live_node_modules}; run the set-up")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        made = Path(scratch) / "engine"
        made.mkdir()
        copy_pyodide(modules / "pyodide", made)
        write_archive(app, modules / "pyodide", Path(scratch) / "staging", made)
        write_library(modules / "pyodide", Path(scratch), made)
        write_snapshot(modules / "pyodide", Path(scratch), made)
        bundle_scripts(modules, write_fronts(app, Path(scratch)), made)
        made.rename(folder)
    return folder


def copy_pyodide(source: Path, target: Path) -> None:
    """Copy the interpreter; what is large travels gzipped and is inflated by the worker."""
    for name in ("pyodide.mjs", "pyodide.asm.mjs"):
        shutil.copy(source / name, target)
    squeeze(target / "pyodide.asm.wasm.gz", (source / "pyodide.asm.wasm").read_bytes())
    lock = json.loads((source / "pyodide-lock.json").read_text(encoding="utf-8"))
    (target / "pyodide-lock.json").write_text(
        json.dumps({**lock, "packages": {}}), encoding="utf-8"
    )


def squeeze(path: Path, data: bytes) -> None:
    """Write gzipped data that is the same for the same input."""
    path.write_bytes(gzip.compress(data, compresslevel=9, mtime=0))


def write_archive(app: Sphinx, pyodide: Path, staging: Path, target: Path) -> None:
    """Write ``app.pack.gz``: the packages compiled by the very Python that will import them.

    The pack is a length, a JSON list of [path, size], then the files' bytes: see ``worker.js``.
    """
    packages, files, wheels, _ = _settings(app)
    for wheel in wheels:
        spec = find_spec(wheel)
        if spec is None or not spec.submodule_search_locations:
            raise ExtensionError(f"live: no package {wheel!r} in the environment")
        _stage(Path(next(iter(spec.submodule_search_locations))), staging / wheel)
    for package in packages:
        _stage(Path(app.srcdir) / package, staging / Path(package).name)
    for pattern, place in files:
        for path in sorted(Path(app.srcdir).glob(pattern)):
            (staging / place).mkdir(parents=True, exist_ok=True)
            shutil.copy(path, staging / place)
    for name in ("kernel", "explain"):
        shutil.copy(CLIENT / f"{name}.py", staging / f"live_{name}.py")
    lines = "".join(f"import {name}\n" for name in _imports(app))
    (staging / "live_imports.py").write_text(lines, encoding="utf-8")
    node(CLIENT / "compile.mjs", pyodide / "pyodide.mjs", staging)
    kept = sorted(p for p in staging.rglob("*") if p.is_file() and p.suffix != ".py")
    listed = [[f"/app/{p.relative_to(staging).as_posix()}", p.stat().st_size] for p in kept]
    head = json.dumps(listed).encode()
    body = b"".join(path.read_bytes() for path in kept)
    squeeze(target / "app.pack.gz", len(head).to_bytes(4, "big") + head + body)


def write_library(pyodide: Path, scratch: Path, target: Path) -> None:
    """Write ``python_stdlib.zip.gz``, what a page imports at its start, and ``python_rest.zip``.

    Pyodide ships the library's sources; compiling the 150 modules of a start takes longer than all
    the rest of it. What a start does not need travels when a cell first imports it: see
    ``kernel.RestOfLibrary``.
    """
    pack, folder, library = scratch / "app.pack", scratch / "stdlib", scratch / "python_stdlib.zip"
    pack.write_bytes(gzip.decompress((target / "app.pack.gz").read_bytes()))
    with zipfile.ZipFile(pyodide / "python_stdlib.zip") as archive:
        archive.extractall(folder)
    node(CLIENT / "stdlib.mjs", pyodide / "pyodide.mjs", folder, pack, CLIENT / "start.py")
    compiled = sorted(folder.rglob("*.pyc"))
    sources = sorted(p for p in folder.rglob("*.py") if not p.with_suffix(".pyc").exists())
    _zip(library, folder, compiled, zipfile.ZIP_STORED)
    squeeze(target / "python_stdlib.zip.gz", library.read_bytes())
    _zip(target / "python_rest.zip", folder, sources, zipfile.ZIP_DEFLATED)


def _zip(target: Path, folder: Path, files: list[Path], how: int) -> None:
    """Write files into a zip that is the same for the same input."""
    with zipfile.ZipFile(target, "w", how, compresslevel=9) as archive:
        for path in files:
            info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), (2020, 1, 1, 0, 0, 0))
            archive.writestr(info, path.read_bytes(), how)


def write_snapshot(pyodide: Path, scratch: Path, target: Path) -> None:
    """Write ``snapshot.bin.gz``: the memory of a Python that has started and imported everything.

    Made with the very library that the page has: the memory holds offsets into its file.
    """
    memory = scratch / "snapshot.bin"
    inputs = (scratch / "python_stdlib.zip", scratch / "app.pack", CLIENT / "start.py")
    node(CLIENT / "snapshot.mjs", pyodide / "pyodide.mjs", *inputs, memory)
    squeeze(target / "snapshot.bin.gz", memory.read_bytes())


def _stage(source: Path, target: Path) -> None:
    for path in _kept(source):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)


def write_fronts(app: Sphinx, scratch: Path) -> Path:
    """Write the module that lists the front ends of the book's own widgets by their anywidget ids."""
    root = Path(app.srcdir)
    fronts = [(name, str(root / path)) for name, path in sorted(app.config.live_fronts.items())]
    lines = [f"import front{n} from {json.dumps(path)};" for n, (_, path) in enumerate(fronts)]
    listed = ", ".join(f"{json.dumps(name)}: front{n}" for n, (name, _) in enumerate(fronts))
    made = scratch / "fronts.js"
    made.write_text("\n".join([*lines, f"export default {{ {listed} }};\n"]), encoding="utf-8")
    return made


def bundle_scripts(modules: Path, fronts: Path, target: Path) -> None:
    """Bundle the page's scripts and styles; what stands in every page is one file each."""
    left_out = [f"--loader:.{kind}=empty" for kind in ("svg", "woff", "woff2", "ttf", "eot")]
    options = [
        "--external:node:*",
        "--loader:.py=text",
        f"--alias:live-fronts={fronts}",
        f"--alias:sanitize-html={CLIENT / 'sanitize.js'}",
        f"--define:SNAPSHOT={(target / 'snapshot.bin.gz').stat().st_size}",
        *left_out,
    ]
    for names in (
        ("page.js", "editor.js", "play.js"),
        ("worker.js",),
        ("keep.js",),
        ("loader.js",),
    ):
        bundle(target, *(CLIENT / name for name in names), options=options, modules=modules)
    # Whatever the page imports is asked for at once, by the first script, which stands in the page.
    parts = ["page.js", *STATIC.findall((target / "page.js").read_text(encoding="utf-8"))]
    options += [f"--define:PAGE_SCRIPTS={json.dumps(parts)}", "--splitting=false", "--format=iife"]
    bundle(
        target, CLIENT / "boot.js", options=[*options, "--global-name=liveBoot"], modules=modules
    )
