"""A client of a language server: what an editor shows at a place in a file."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self


class LanguageServer:
    """A language server of one folder, as a context manager; it speaks on its standard input and output."""

    def __init__(self, command: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
        self._server = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._folder = folder
        self._last_id = 0

    def __enter__(self) -> Self:
        root = {"uri": self._folder.as_uri(), "name": self._folder.name}
        capabilities = {"textDocument": {"hover": {"contentFormat": ["plaintext"]}}}
        self._request(
            "initialize",
            {"processId": None, "rootUri": root["uri"], "workspaceFolders": [root], "capabilities": capabilities},
        )
        self._send({"method": "initialized", "params": {}})
        return self

    def __exit__(self, *_: object) -> None:
        self._server.kill()
        self._server.communicate()

    def hover(self, text: str) -> str:
        """Return the tooltip at the mark `|` in a file of Python."""
        return str(self._at(text, "textDocument/hover")["contents"]["value"])

    def completions(self, text: str) -> list[str]:
        """Return what can be inserted at the mark `|` in a file of Python."""
        return [item["label"] for item in self._at(text, "textDocument/completion")["items"]]

    def _at(self, text: str, method: str) -> Any:
        before, _, after = text.partition("|")
        document = {"uri": (self._folder / f"file{self._last_id}.py").as_uri()}
        opened = {**document, "languageId": "python", "version": 1, "text": before + after}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": opened}})
        line = before.rpartition("\n")[2]
        position = {"line": before.count("\n"), "character": len(line)}
        return self._request(method, {"textDocument": document, "position": position})

    def _request(self, method: str, params: Any) -> Any:
        self._last_id += 1
        self._send({"id": self._last_id, "method": method, "params": params})
        while True:
            message = self._receive()
            if "method" not in message and message.get("id") == self._last_id:
                return message["result"]
            if "method" in message and "id" in message:  # the server asks for settings; the defaults are kept
                is_settings = message["method"] == "workspace/configuration"
                answer: list[dict[str, Any]] | None = [{} for _ in message["params"]["items"]] if is_settings else None
                self._send({"id": message["id"], "result": answer})

    def _send(self, message: dict[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin is not None
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        self._server.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self._server.stdout is not None
        length = 0
        while header := self._server.stdout.readline().strip():
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        message: dict[str, Any] = json.loads(self._server.stdout.read(length))
        return message
