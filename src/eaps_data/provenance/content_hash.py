"""A name for what a dataset says: equal data has an equal hash, however it was written."""

import hashlib

from eaps_data.tables.dataset import Dataset


def content_hash(dataset: Dataset) -> str:
    """The SHA-256 of a dataset's canonical JSON, `Dataset.to_json` in UTF-8.

    Indentation, the order of keys and fields left out as unknown make no difference, so a file that holds just
    the canonical JSON has this very checksum. The document names its schema and its edition: a new version of
    either gives a new hash.

    Returns:
        `sha256:`, and 64 hexadecimal digits.

    >>> import eaps_data as eaps
    >>> again = eaps.Dataset.from_json(eaps.load().to_json().replace("  ", ""))
    >>> content_hash(again) == content_hash(eaps.load())
    True
    """
    return "sha256:" + hashlib.sha256(dataset.to_json().encode("utf-8")).hexdigest()
