"""Saved pages: plain text, HTML and web archives, in any usual encoding, or refused with the reason."""

import io
import sys
from collections.abc import Callable
from contextlib import suppress
from itertools import repeat
from pathlib import Path
from time import process_time

import pytest

import eaps_data as eaps
from eaps_data.provenance.saved_page import MAX_BYTES, NotAPageError, read_bytes, read_paragraphs
from support.funded_places import PAGE, as_archive, as_html

PARAGRAPHS = [line for line in PAGE.splitlines() if line]


def text_of(page: bytes) -> list[str]:
    return [paragraph for paragraph in read_paragraphs(page) if paragraph]


# HTML


@pytest.mark.parametrize(
    ("html", "paragraphs"),
    [
        ("<p>One <b>t</b>wo&nbsp;<i>three</i>.</p><div>Four</div>Five", ["One two three.", "Four", "Five"]),
        ("<div>One<div>Two<section>Three</section></div></div>", ["One", "Two", "Three"]),
        ("<p>One<br>two<br/> three</p>", ["One two three"]),
        ("<p>One<br><br>Two<br>\n <br>Three</p>", ["One", "Two", "Three"]),
        ("<p>One <ins>or</ins> two</p>", ["One or two"]),
        ("<ul><li>One</li><li>Two<ol><li>Three</li></ol></li></ul>", ["One", "Two", "Three"]),
        ("<dl><dt>Fax</dt><dd>(617)</dd></dl>", ["Fax", "(617)"]),
        ("<table><tr><th>Fax</th><td>(617)</td></tr><tr><td>End</td></tr></table>", ["Fax", "(617)", "End"]),
        ("<p style='margin: 0'>One</p><p style='margin: 0; display: inline'>Two</p>", ["One", "Two"]),
        ("<pre>One\n  two</pre><p>One\n  two</p>", ["One two", "One two"]),
        ("<p>One</p><p hidden>no</p><p aria-hidden=true>no</p><p style='display: none'>no</p>", ["One"]),
        ("<header>no</header><nav>no</nav><p>One</p><div role=search>no</div><footer>no</footer>", ["One"]),
        ("<p>no</p><main><nav>no</nav><p>One</p></main><p>no</p>", ["One"]),
        ("<p>no</p><div role=main><p>One</p></div>no", ["One"]),
        ("<p>One</p><script>no</script><style>no</style><template>no</template><svg><text>no</text></svg>", ["One"]),
        ("<p>One</p><select><option>no</option></select><textarea>no</textarea><button>no</button>", ["One"]),
        ("<p>One<!-- no --> two<?no no?></p>", ["One two"]),
    ],
)
def test_html_is_reduced_to_its_paragraphs(html: str, paragraphs: list[str]) -> None:
    assert text_of(f"<!doctype html>{html}".encode()) == paragraphs


def test_html_of_a_site_has_the_paragraphs_of_the_page() -> None:
    assert text_of(as_html(PAGE).encode()) == PARAGRAPHS


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"])
@pytest.mark.parametrize("make", [str, as_html])
def test_usual_encoding_is_detected(encoding: str, make: Callable[[str], str]) -> None:
    assert text_of(make(PAGE).encode(encoding)) == PARAGRAPHS


def test_declared_encoding_is_used() -> None:
    text = "Zażółć gęślą jaźń"
    html = f"<html><head><meta charset=iso-8859-2></head><body><p>{text}</p></body></html>"
    assert text_of(html.encode("iso-8859-2")) == [text]
    archive = as_archive(f"<p>{text}</p>".encode("iso-8859-2"), "text/html; charset=iso-8859-2")
    assert text_of(archive) == [text]


def test_utf_8_is_read_as_utf_8_whatever_is_declared() -> None:
    assert text_of("<meta charset=latin1><p>It\u2019s</p>".encode()) == ["It\u2019s"]
    assert text_of(as_archive("<p>It\u2019s</p>".encode(), "text/html; charset=nonsense")) == ["It\u2019s"]


# Web archives


def test_web_archive_is_read() -> None:
    assert text_of(as_archive(as_html(PAGE).encode())) == PARAGRAPHS


def test_web_archive_without_html_is_refused() -> None:
    with pytest.raises(NotAPageError, match="web archive has no HTML part"):
        read_paragraphs(as_archive(b"<p>One</p>", "text/plain"))


def nested_archive(depth: int) -> bytes:
    parts = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(depth))
    return b"MIME-Version: 1.0\r\n" + b"".join(parts) + b"Content-Type: text/html\r\n\r\n<p>One</p>\r\n"


def test_deeply_nested_web_archive_is_refused() -> None:
    assert text_of(nested_archive(20)) == ["One"]
    with pytest.raises(NotAPageError, match="nested too deeply"):
        read_paragraphs(nested_archive(2000))


def test_text_that_resembles_headers_is_read_at_once() -> None:
    assert text_of(b"a:\r\n" * 34 + b"\r\nText.") == [*repeat("a:", 34), "Text."]
    assert text_of(b"a:\r\n" * 100_000) == [*repeat("a:", 100_000)]


# Input that is not a page


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (b"", "no text"),
        (b" \n\t\n", "no text"),
        (b"<html><script>x</script></html>", "no text"),
        (b"<!doctype html>", "no text"),
        (b"<div " * 100_000, "no text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20, "not text"),
        (b"\xff\xfe\x00", "not text"),
        (b"x" * (MAX_BYTES + 1), "more than 16,777,216 bytes"),
        (b"<p>x</p>" * 100_001, "more than 100,000 HTML elements"),
    ],
)
def test_input_that_is_not_a_page_is_refused(page: bytes, message: str) -> None:
    with pytest.raises(NotAPageError, match=message):
        read_paragraphs(page)


@pytest.mark.parametrize(
    "html",
    [
        "<p>" * 90_000 + "x",
        "<div>" * 90_000 + "x",
        "<p>" + "<b>" * 90_000 + "x",
        "<p " + "a=b " * 100_000 + ">x",
        "<p>x</p>" * 1_000_000,
    ],
)
def test_pathological_html_is_read_or_refused_at_once(html: str) -> None:
    with suppress(NotAPageError):
        assert text_of(html.encode()) == ["x"]


def test_endless_stream_is_read_up_to_the_maximum() -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            assert size >= 0, "reads to the end of an endless stream"
            return b"a" * size

    with pytest.raises(NotAPageError, match="more than"):
        read_paragraphs(read_bytes(Endless()))  # type: ignore[arg-type]
    assert read_bytes(io.BytesIO(b"One")) == b"One"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no endless file")
def test_endless_file_is_read_up_to_the_maximum() -> None:
    with pytest.raises(NotAPageError, match="more than"):
        eaps.verify("/dev/zero")


# Without the extra


def test_utf_8_text_needs_no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("lxml", "inscriptis", "charset_normalizer"):
        monkeypatch.setitem(sys.modules, library, None)
    assert text_of(PAGE.encode()) == PARAGRAPHS
    assert text_of(PAGE.encode("utf-8-sig")) == PARAGRAPHS


@pytest.mark.parametrize(
    ("library", "page"),
    [
        ("lxml", as_html(PAGE).encode()),
        ("inscriptis", as_html(PAGE).encode()),
        ("charset_normalizer", PAGE.encode("cp1252")),
    ],
)
def test_missing_library_is_reported_with_the_extra(library: str, page: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [name for name in sys.modules if name.split(".")[0] == library]:
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(eaps.MissingExtraError, match=r"\(extra 'html'\); install it with: pip install "):
        read_paragraphs(page)


@pytest.mark.parametrize(
    "unit",
    [
        "a:\r\n",
        "Town of A A A A ",
        "A b. ",
        "\n ",
        "<div>",
        "<p>x",
        "<ul><li>",
        "<table><tr><td>",
        "&#",
        "e\u0316\u0301",
    ],
    ids=ascii,
)
@pytest.mark.parametrize("start", ["", "<html><body><main>", "MIME-Version: 1.0\r\n"], ids=["text", "html", "mime"])
def test_time_grows_no_faster_than_the_page(start: str, unit: str) -> None:
    def steps(size: int) -> float:
        page = (start + unit * (size // len(unit))).encode()
        begin = process_time()
        with suppress(eaps.EapsDataError):
            eaps.verify(page)
        return process_time() - begin

    steps(1000)  # what is loaded on first use
    assert steps(80_000) < 30 * max(steps(8_000), 0.02)  # squared, the time would grow a hundredfold


@pytest.mark.parametrize("depth", [500, 5000])
def test_deeply_nested_pages_are_answered(depth: int) -> None:
    nested = "".join(
        f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n' for level in range(depth)
    )
    for page in (
        f"MIME-Version: 1.0\r\n{nested}Content-Type: text/html\r\n\r\n<p>Text.</p>",
        "<html>" + "<div>" * depth + "Text.",
        "<html>" + "<ul><li>" * depth + "Text.",
        "<html>" + "<b><table><tr><td>" * depth + "Text.",
    ):
        with suppress(NotAPageError):
            assert read_paragraphs(page.encode())
