"""The lines of a page as people save it: plain text, HTML, or a web archive (MHTML), in any usual encoding."""

import email
import email.policy
import re
from collections.abc import Iterator
from typing import Any, Final

from eaps_data.errors import EapsDataError, MissingExtraError

MOST_BYTES: Final = 16 * 2**20
"""How many bytes a saved page may have: a page of prose has far fewer."""

_MARKS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_MARKUP: Final = re.compile(r"<(?:!doctype|html|head|body|main|article|div|section|p|h[1-6])\b", re.IGNORECASE)
_ARCHIVE: Final = re.compile(rb"\A(?:[\w-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)*?MIME-Version:", re.IGNORECASE)
_LOOKED_AT: Final = 4096
_END: Final = "\0"  # which no text of a page has
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hgroup",
        "hr",
        "html",
        "li",
        "main",
        "ol",
        "option",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_CHROME: Final = frozenset(
    [
        "aside",
        "audio",
        "button",
        "canvas",
        "datalist",
        "embed",
        "footer",
        "form",
        "head",
        "header",
        "iframe",
        "input",
        "math",
        "menu",
        "meter",
        "nav",
        "noscript",
        "object",
        "progress",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "video",
    ]
)
_CHROME_ROLES: Final = frozenset(
    [
        "alert",
        "banner",
        "complementary",
        "contentinfo",
        "dialog",
        "form",
        "navigation",
        "search",
    ]
)


class NotAPageError(EapsDataError, ValueError):
    """What was given is no page that can be read, or quite another page."""


def lines_of(data: bytes) -> list[str]:
    r"""The lines of a saved page, one a paragraph, without markup and without what surrounds the page on its site.

    Args:
        data: the saved page.

    Raises:
        NotAPageError: when it is empty, too large, or no text.
        MissingExtraError: when it is HTML, and lxml is not installed; it names the extra.

    >>> lines_of(b"<nav>Menu</nav><h2>Town of A</h2><p>It <b>has</b>&nbsp;begun.</p>")
    ['Town of A', 'It has\xa0begun.']
    """
    if len(data) > MOST_BYTES:
        raise NotAPageError(f"it has {len(data):,} bytes; a saved page has {MOST_BYTES:,} at most")
    charset = None
    archived = _ARCHIVE.match(data[:_LOOKED_AT])
    if archived:
        data, charset = _unpacked(data)
    text = _decoded(data, charset)
    lines = _lines_of_html(text) if archived or _MARKUP.search(text[:_LOOKED_AT]) else text.splitlines()
    if not any(line.strip() for line in lines):
        raise NotAPageError("there is no text in it")
    return lines


def _decoded(data: bytes, charset: str | None) -> str:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise NotAPageError(f"it begins as {encoding}, but goes on otherwise") from None
    if b"\0" in data:
        raise NotAPageError("it is not text: save the page as HTML or as plain text")
    found = _CHARSET.search(data[:_LOOKED_AT])
    declared = found[1].decode("ascii") if found else None
    # What is UTF-8 is UTF-8, whatever it says; else what it says, or the other encoding that pages are saved in.
    for name in ("utf-8", charset or "utf-8", declared or "utf-8", "cp1252"):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def _unpacked(data: bytes) -> tuple[bytes, str | None]:
    """The HTML of a web archive, and its encoding."""
    for part in email.message_from_bytes(data, policy=email.policy.default).walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                return content, part.get_content_charset()
    raise NotAPageError("there is no page in this web archive")


def _lines_of_html(text: str) -> list[str]:
    try:
        from lxml import etree, html
    except ImportError:
        raise MissingExtraError("reading HTML", "lxml", "html") from None
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        page = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # there is nothing in it
        return []
    main: Any = page.xpath("(//main | //*[@role='main'])[1]")
    pieces = "".join(_text_of(main[0] if main else page))
    return [line for line in pieces.split(_END) if line.strip()]


def _text_of(top: Any) -> Iterator[str]:
    """The texts of a page, with `_END` where a block begins or ends."""
    from lxml import etree

    breaks = 0
    walk = etree.iterwalk(top, events=("start", "end"))
    for event, tag in walk:
        text: str | None = None
        if event == "start" and tag is not top and _is_chrome(tag):
            walk.skip_subtree()
        elif event == "start":
            if tag.tag in _BLOCKS:
                yield _END
            elif tag.tag == "br":  # one parts words, two part paragraphs
                breaks += 1
                yield " " if breaks == 1 else _END
            text = tag.text
        else:
            if tag.tag in _BLOCKS:
                yield _END
            text = None if tag is top else tag.tail
        if text:
            breaks = breaks if text.isspace() else 0
            yield text.replace(_END, " ")


def _is_chrome(tag: Any) -> bool:
    hidden = "hidden" in tag.attrib or tag.get("aria-hidden") == "true"
    return hidden or tag.tag in _CHROME or tag.get("role") in _CHROME_ROLES
