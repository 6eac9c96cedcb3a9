"""A strict Content-Security-Policy for every page: only the site itself, inline scripts by hash."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape

from sphinx.errors import ExtensionError

from web.build import Site

MARK = 'http-equiv="Content-Security-Policy"'
INLINE = re.compile(r"<script(?![^>]*\ssrc=)([^>]*)>(.*?)</script>", re.S | re.I)
HANDLER = re.compile(r"<[a-z][^<>]*?\son[a-z]+\s*=\s*(\"[^\"]*\"|'[^']*')", re.I)
DATA = re.compile(r"type\s*=\s*[\"']?(application/(ld\+)?json|text/x-)", re.I)
HEAD = re.compile(
    r"<head(\s[^>]*)?>(\s*<meta charset=[^>]*>)?", re.I
)  # the encoding stands in the first 1024 bytes
EVALUATED = re.compile(r"new Function\(\s*\"n\",\s*`return \(\$\{catalog\.plural_expr\}\)`,?\s*\)")
PLURAL = re.compile(r'"plural_expr": "([^"]*)"')
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


def without_eval(site: Site) -> None:
    """Write the plural rule of Sphinx's translations, which it would evaluate, as plain code."""
    doctools, words = site.static / "doctools.js", site.static / "translations.js"
    rule = PLURAL.search(words.read_text(encoding="utf-8"))
    if rule is None:
        raise ExtensionError("policy: Sphinx's translations have no plural rule any more")
    plain = f"(n) => ({rule[1]})"
    code, found = EVALUATED.subn(lambda _: plain, doctools.read_text(encoding="utf-8"))
    if not found:
        raise ExtensionError(
            "policy: Sphinx's doctools.js evaluates the plural rule in another way"
        )
    doctools.write_text(code, encoding="utf-8")


def sheltered(html: str) -> str:
    """Return a page with its policy, which stands before all that it binds.

    >>> sheltered("<!doctype html><p>x")[:66]
    '<!doctype html><meta http-equiv="Content-Security-Policy" content='
    """
    if MARK in html:
        raise ExtensionError("policy: a page has a policy before it is finished")
    head = HEAD.search(html) or START.match(html)
    place = head.end() if head else 0
    return f'{html[:place]}<meta {MARK} content="{policy(html)}">{html[place:]}'


def protect(site: Site) -> None:
    """Write its policy into every page."""
    site.edit(sheltered)
