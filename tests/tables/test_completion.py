"""Editors complete ids: a language server is queried as an editor does."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import eaps_data as eaps

SERVER = Path(__file__).parents[1] / "node" / "node_modules" / "pyright" / "langserver.index.js"
EXPECTED = {
    'eaps.programs[""]': eaps.programs.ids,
    'eaps.programs.get("")': eaps.programs.ids,
    'eaps.municipalities[""]': eaps.municipalities.ids,
    'eaps.partners[""]': eaps.partners.ids,
    'eaps.sources[""]': eaps.sources.ids,
    'eaps.programs.where(municipality="")': eaps.municipalities.ids,
    'eaps.programs.where(municipality=[""])': eaps.municipalities.ids,
    'eaps.partnerships.where(program="")': eaps.programs.ids,
    'eaps.evidence.where(source="")': eaps.sources.ids,
}


class Server:
    """A language server, over the Language Server Protocol: JSON messages after a header with their length."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._write, self._read, self._last = process.stdin, process.stdout, 0

    def send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._write.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._write.flush()

    def request(self, method: str, **params: Any) -> Any:
        self._last += 1
        self.send(id=self._last, method=method, params=params)
        while True:
            length = 0
            while (line := self._read.readline().strip()) or not length:
                assert line, "the server has ended"
                if line.startswith(b"Content-Length: "):
                    length = int(line.partition(b": ")[2])
            message = json.loads(self._read.read(length))
            if "method" in message and "id" in message:  # the server requests settings
                items = message.get("params", {}).get("items", [])
                self.send(id=message["id"], result=[{"pythonPath": sys.executable} for _ in items])
            elif message.get("id") == self._last:
                return message["result"]


@pytest.mark.node
@pytest.mark.slow
@pytest.mark.skipif(not SERVER.is_file(), reason="pyright is not installed: npm ci --prefix tests/node")
@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
def test_editor_completes_ids(tmp_path: Path) -> None:
    text = "\n".join(["import eaps_data as eaps", *EXPECTED])
    folder, file = tmp_path.as_uri(), (tmp_path / "uses.py").as_uri()
    (tmp_path / "uses.py").write_text(text, encoding="utf-8")
    command = ["node", str(SERVER), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        server = Server(process)
        server.request(
            "initialize",
            processId=None,
            rootUri=folder,
            workspaceFolders=[{"uri": folder, "name": "uses"}],
            capabilities={"workspace": {"configuration": True}},
        )
        server.send(method="initialized", params={})
        document = {"uri": file, "languageId": "python", "version": 1, "text": text}
        server.send(method="textDocument/didOpen", params={"textDocument": document})
        for number, (line, ids) in enumerate(EXPECTED.items(), start=1):
            place = {"line": number, "character": line.index('""') + 1}
            found = server.request("textDocument/completion", textDocument={"uri": file}, position=place)
            assert [item["label"] for item in found["items"]] == [f'"{key}"' for key in ids], line
        process.terminate()


def test_notebook_completes_ids() -> None:
    assert eaps.programs[:2]._ipython_key_completions_() == list(eaps.programs.ids[:2])
