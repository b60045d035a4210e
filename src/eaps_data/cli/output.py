"""What all commands share: exit codes, and the printing of JSON."""

import json
import sys
from typing import Final

OK: Final = 0
INVALID: Final = 1
UNUSABLE: Final = 2


def print_json(value: object) -> None:
    """Print plain data as JSON."""
    # JSON travels as UTF-8; a console of another encoding gets it in ASCII, which is the same JSON.
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(value, ensure_ascii=not utf8, indent=2))
