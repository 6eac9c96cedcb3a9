"""A strict Content-Security-Policy for every page: only the site itself, inline scripts by hash."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape
from pathlib import Path

from sphinx.errors import ExtensionError

INLINE = re.compile(r"<script(?![^>]*\ssrc=)([^>]*)>(.*?)</script>", re.S | re.I)
HANDLER = re.compile(r"<[a-z][^<>]*?\son[a-z]+\s*=\s*(\"[^\"]*\"|'[^']*')", re.I)
DATA = re.compile(r"type\s*=\s*[\"']?(application/(ld\+)?json|text/x-)", re.I)
HEAD = re.compile(
    r"<head(\s[^>]*)?>(\s*<meta charset=[^>]*>)?", re.I
)  # the encoding stands in the first 1024 bytes
EVALUATED = re.compile(r"new Function\(\s*\"n\",\s*`return \(\$\{catalog\.plural_expr\}\)`,?\s*\)")
START = re.compile(r"\s*(<!doctype[^>]*>)?\s*(<html[^>]*>)?", re.I)


def digest(script: str) -> str:
    """Return a script's hash as a source of the policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def hashes(html: str) -> list[str]:
    """Return the hashes of all inline scripts and handlers of a page, sorted."""
    scripts = {
        digest(text) for attributes, text in INLINE.findall(html) if not DATA.search(attributes)
    }
    handlers = {digest(unescape(value[1:-1])) for value in HANDLER.findall(html)}
    return sorted(scripts | handlers) + (["'unsafe-hashes'"] if handlers else [])


def policy(html: str) -> str:
    """Return the policy of one page.

    Python runs in a worker made from a blob, which lives under the page's own policy; WebAssembly
    needs ``wasm-unsafe-eval``; styles may be inline because widgets set them.
    """
    scripts = " ".join(["'self'", "'wasm-unsafe-eval'", *hashes(html)])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'"
    )


def without_eval(site: Path) -> None:
    """Write the plural rule of Sphinx's translations, which it would evaluate, as plain code.

    Raises ``ExtensionError`` where Sphinx's scripts are there and say it in another way than before.
    """
    doctools, words = site / "_static" / "doctools.js", site / "_static" / "translations.js"
    if not (doctools.is_file() and words.is_file()):
        return
    rule = re.search(r'"plural_expr": "([^"]*)"', words.read_text(encoding="utf-8"))
    if rule is None:
        raise ExtensionError("live: Sphinx's translations say no plural rule as they did before")
    plain, code = f"(n) => ({rule[1]})", doctools.read_text(encoding="utf-8")
    if f"PLURAL_EXPR = {plain};" in code:
        return  # written by a build before this one
    code, found = EVALUATED.subn(lambda _: plain, code)
    if not found:
        raise ExtensionError("live: Sphinx's script evaluates plurals in another way than before")
    doctools.write_text(code, encoding="utf-8")


def protect(site: Path) -> None:
    """Write its policy into every page of a built site that has none yet."""
    without_eval(site)
    for page in sorted(site.rglob("*.html")):
        html = page.read_text(encoding="utf-8")
        if 'http-equiv="Content-Security-Policy"' not in html:
            head = HEAD.search(html) or START.match(html)
            place = head.end() if head else 0
            meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(html)}">'
            page.write_text(html[:place] + meta + html[place:], encoding="utf-8")
