"""A picture: SVG, with its content in words."""

from dataclasses import dataclass
from html import escape
from os import PathLike
from pathlib import Path
from typing import Final

from eaps_data._internal.atomic_writes import atomic_export, check_destination
from eaps_data.errors import ExportError, MissingExtraError

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ margin: 1rem; font: 1rem/1.5 system-ui, sans-serif; }}
figure {{ margin: 0 auto; max-width: 75rem; overflow-x: auto; }}
svg {{ min-width: 40rem; }}
</style>
</head>
<body>
<main>
<figure>
{svg}
<figcaption><details><summary>In words</summary><p dir="auto">{alt}</p></details></figcaption>
</figure>
</main>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture. Notebooks display it.

    Attributes:
        title: The title.
        alt: The content in words, as a text alternative.
        svg: The picture as a self-contained SVG document.
    """

    title: str
    alt: str
    svg: str

    def save(self, path: str | PathLike[str]) -> None:
        """Write the picture to a file, atomically; an existing file is replaced.

        Args:
            path: The file. Its suffix is the format: `.svg`; `.html`, a page with the picture and its text
                alternative; or `.png`, at twice the size, which requires the extra `png`.

        Raises:
            ExportError: If the suffix is not supported, or the file cannot be written.
            MissingExtraError: If the format is PNG and the extra `png` is not installed.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "a.svg")
        ...     Picture("A line", "A line.", "<svg/>").save(path)
        ...     path.read_text()
        '<svg/>'
        """
        target = Path(path)
        check_destination(target, "a picture", force=True)
        match target.suffix.lower():
            case ".svg":
                content = self.svg.encode()
            case ".html":
                content = _PAGE.format(title=escape(self.title), alt=escape(self.alt), svg=self.svg).encode()
            case ".png":
                content = self._png()
            case suffix:
                given = f"unknown suffix {suffix}" if suffix else "missing suffix"
                raise ExportError(target, f"{given}; use .svg, .html or .png")
        with atomic_export(target) as temporary:
            temporary.write_bytes(content)

    def _png(self) -> bytes:
        try:
            import vl_convert
        except ImportError as error:
            raise MissingExtraError("a picture as PNG", "vl-convert-python", "png") from error
        png: bytes = vl_convert.svg_to_png(self.svg, scale=2)
        return png

    def __repr__(self) -> str:
        return f"<Picture: {self.alt}>"

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        # Notebooks show SVG as an image, without tooltips; as HTML, tooltips work.
        return f'<div style="overflow-x:auto">{self.svg}</div>'
