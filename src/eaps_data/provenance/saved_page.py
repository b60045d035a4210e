"""Read the paragraphs of a saved page: plain text, HTML or a web archive (MHTML), in any usual encoding."""

import email
import re
from contextlib import suppress
from email.parser import BytesHeaderParser
from typing import Any, BinaryIO, Final

from eaps_data.errors import EapsDataError, MissingExtraError

MAX_BYTES: Final = 16 * 2**20
"""The maximum size of a saved page; a page of prose is far smaller."""

_MAX_ELEMENTS: Final = 100_000
_START: Final = 4096  # the bytes or characters in which a file shows its format
_MARKUP: Final = re.compile(r"<(?:!doctype|html|head|body|main|article|div|section|p|h[1-6])\b", re.IGNORECASE)
_PARAGRAPH_END: Final = re.compile(r"\n\s*\n")
# The encodings in which English pages are saved. Among all that it knows, charset-normalizer takes English text in
# Windows-1252 for one of a dozen encodings that differ in a few characters.
_ENCODINGS: Final = ("utf_16", "utf_16_le", "utf_16_be", "cp1252", "mac_roman")
# Elements and roles that belong to the site or have no text of the page, each between spaces.
_SITE_ELEMENTS: Final = (
    " aside audio button canvas datalist dialog embed footer form head header iframe input math menu meter nav noscript"
    " object progress script select style svg template textarea title video "
)
_SITE_ROLES: Final = " alert banner complementary contentinfo dialog form navigation search "
_SITE: Final = (
    ".//*[@hidden or @aria-hidden='true' or contains(translate(@style, ' ', ''), 'display:none')"
    f" or contains('{_SITE_ELEMENTS}', concat(' ', name(), ' '))"
    f" or contains('{_SITE_ROLES}', concat(' ', @role, ' '))]"
)
_BLOCKS_OF_HTML5: Final = {"article", "body", "details", "figcaption", "figure", "hgroup", "main", "section", "summary"}


class NotAPageError(EapsDataError, ValueError):
    """The input is not a page that can be read, or is another page."""


def read_bytes(stream: BinaryIO) -> bytes:
    """Read a saved page from a stream: at most one byte over the maximum, even if the stream is endless."""
    return stream.read(MAX_BYTES + 1)


def read_paragraphs(page: bytes) -> list[str]:
    r"""Return the paragraphs of a saved page, without markup and without the parts that belong to the site.

    Args:
        page: The bytes of the file.

    Raises:
        NotAPageError: If the page is empty, too large, or not text.
        MissingExtraError: If it is HTML or not in UTF-8, and the extra `html` is not installed.

    >>> read_paragraphs(b"<nav>Menu</nav><h2>Town of A</h2><p>It <b>has</b>&nbsp;begun.</p>")
    ['Town of A', 'It has begun.']
    """
    if len(page) > MAX_BYTES:
        raise NotAPageError(f"the page has more than {MAX_BYTES:,} bytes, the maximum")
    charset = None
    is_archive = "MIME-Version" in BytesHeaderParser().parsebytes(page[:_START])
    if is_archive:
        page, charset = _unpack(page)
    text = _decode(page, charset)
    is_html = is_archive or _MARKUP.search(text[:_START])
    paragraphs = _paragraphs_of_html(text) if is_html else text.splitlines()
    if not any(paragraph.strip() for paragraph in paragraphs):
        raise NotAPageError("the page has no text")
    return paragraphs


def _unpack(archive: bytes) -> tuple[bytes, str | None]:
    """Return the HTML of a web archive, and its encoding if the archive states it."""
    try:
        for part in email.message_from_bytes(archive).walk():
            if part.get_content_type() == "text/html" and isinstance(html := part.get_payload(decode=True), bytes):
                return html, part.get_content_charset()
    except RecursionError:
        raise NotAPageError("the parts of the web archive are nested too deeply") from None
    raise NotAPageError("the web archive has no HTML part")


def _decode(page: bytes, charset: str | None) -> str:
    for encoding in ("utf-8-sig", charset or "utf-8"):
        with suppress(UnicodeDecodeError, LookupError):
            text = page.decode(encoding)
            if "\0" not in text:  # else it may be UTF-16 without a byte order mark
                return text
    try:
        from charset_normalizer import from_bytes
        from charset_normalizer.utils import any_specified_encoding
    except ImportError:
        raise MissingExtraError("reading a page that is not UTF-8", "charset-normalizer", "html") from None
    declared = any_specified_encoding(page)
    found = from_bytes(page, cp_isolation=[*_ENCODINGS, *([declared] if declared else [])]).best()
    if found is None:
        raise NotAPageError("the file is not text; save the page as HTML or as plain text")
    return str(found)


def _paragraphs_of_html(text: str) -> list[str]:
    try:
        from inscriptis.css_profiles import CSS_PROFILES  # pyright: ignore[reportMissingTypeStubs]  # it has none
        from inscriptis.html_engine import Inscriptis  # pyright: ignore[reportMissingTypeStubs]  # it has none
        from inscriptis.model.config import ParserConfig  # pyright: ignore[reportMissingTypeStubs]  # it has none
        from lxml import etree, html
        from lxml.html import defs
    except ImportError:
        raise MissingExtraError("reading HTML", "inscriptis", "html") from None
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        page: Any = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # the document is empty
        return []
    if page.xpath("count(//*)") > _MAX_ELEMENTS:
        raise NotAPageError(f"the page has more than {_MAX_ELEMENTS:,} HTML elements, the maximum")
    page = next(iter(page.xpath("//main | //*[@role='main']")), page)
    for element in page.xpath(_SITE):
        element.drop_tree()
    # Inscriptis renders lists with bullets, tables in columns, and ends a `div` with one line break, like `br`.
    # Renamed to `p`, every block is a paragraph that ends with a blank line.
    for element in page.iter(*defs.block_tags - {"del", "ins"}, *defs.list_tags, *defs.table_tags, *_BLOCKS_OF_HTML5):
        element.tag = "p"
        element.attrib.clear()
    page.tail = None
    rendered = Inscriptis(page, ParserConfig(css=CSS_PROFILES["strict"])).get_text()
    return [" ".join(paragraph.split()) for paragraph in _PARAGRAPH_END.split(rendered)]
