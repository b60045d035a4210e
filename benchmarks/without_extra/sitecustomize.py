"""With this folder on PYTHONPATH, no process of Python finds the modules of the extra `fast`, nor do its children."""

import sys

# This runs at each start, so it imports nothing that a start would not import anyway.
sys.modules.update(dict.fromkeys(("jsonschema_rs", "orjson")))  # type: ignore[arg-type]  # None: not to be found
