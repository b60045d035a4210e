"""Parse HTML as browsers do."""

from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser  # pyright: ignore[reportMissingTypeStubs]


def parse_page(html: str, *, strict: bool = True) -> Element:
    """Return the root element of a page; with `strict`, the page must have no error."""
    parser = HTMLParser(namespace_html_elements=False)
    root = parser.parse(html)
    assert isinstance(root, Element)
    assert not (strict and parser.errors)
    return root


def parse_fragment(html: str) -> Element:
    """Return an element with the elements of a part of a page, which must have no error."""
    parser = HTMLParser(namespace_html_elements=False)
    root = parser.parse_fragment(html)
    assert isinstance(root, Element)
    assert not parser.errors
    return root
