"""Somebody at the app without a browser: its web socket, its uploads, and what its pages say."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

ROOT = Path(__file__).parents[1]
PAGES = ("overview", "value", "segments", "repeat", "profile", "targets", "then_now", "")
_PATIENCE = 600.0  # seconds


@contextlib.contextmanager
def served(
    *flags: str,
    said: Any = subprocess.DEVNULL,
    before: Sequence[str] = (),
    program: Sequence[str] = ("-m", "streamlit"),
    **variables: str,
) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """The address and the process of a server of our own, until the context ends.

    `before` is a command that starts it, and `program` what Python runs in Streamlit's place.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"port": port, "address": "127.0.0.1", "headless": "true", "fileWatcherType": "none"}
    command = [*before, sys.executable, *program, "run", "app.py"]
    command += [f"--server.{name}={value}" for name, value in options.items()] + list(flags)
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": path} | variables, stdout=said, stderr=said
    )  # fmt: skip
    try:
        _wait_for(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(URLError, OSError), urllib.request.urlopen(f"{address}/_stcore/health") as answer:
            if answer.read() == b"ok":
                return
        time.sleep(0.1)
    raise RuntimeError("The app did not start.")


class Visitor:
    """One session of the app. `said` is what its page shows in text, `ids` its widgets by key."""

    def __init__(self, address: str) -> None:
        from websockets.sync.client import connect

        self.address, self.said, self.ids, self.pages = address, [], {}, {}
        self.session_id, self.page = "", ""
        self._widgets: dict[str, Any] = {}
        url = address.replace("http", "ws") + "/_stcore/stream"
        self._open = contextlib.ExitStack()
        self._socket = self._open.enter_context(connect(url, max_size=None, subprotocols=["streamlit"]))  # type: ignore[list-item]
        self._rerun()

    def go(self, page: str) -> "Visitor":
        """Open a page, by its address."""
        self.page = self.pages[page]
        return self._rerun()

    def click(self, key: str) -> "Visitor":
        """Click a button."""
        return self._rerun({self.ids[key]: {"trigger_value": True}})

    def drop(self, key: str, *files: tuple[str, bytes]) -> "Visitor":
        """Drop files on an uploader. Raises `HTTPError` when the server takes none of them."""
        from streamlit.proto.Common_pb2 import FileUploaderState

        asked = {"request_id": uuid.uuid4().hex, "file_names": [name for name, _ in files]}
        urls = self._ask(file_urls_request={**asked, "session_id": self.session_id}).file_urls
        state = FileUploaderState()
        for (name, content), url in zip(files, urls, strict=True):
            self._put(url.upload_url, name, content)
            state.uploaded_file_info.add(name=name, size=len(content), file_id=url.file_id, file_urls=url)
        self._widgets[self.ids[key]] = {"file_uploader_state_value": state}
        return self._rerun()

    def leave(self) -> None:
        """Close the tab."""
        self._open.close()

    def _put(self, path: str, name: str, content: bytes) -> None:
        mark = uuid.uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = b"".join([head.encode(), content, f"\r\n--{mark}--\r\n".encode()])
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        with contextlib.suppress(HTTPError), urllib.request.urlopen(f"{self.address}/_stcore/health") as answer:
            cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
            headers |= {"Cookie": cookie, "X-Xsrftoken": cookie.partition("=")[2]}
        request = urllib.request.Request(self.address + path, body, headers, method="PUT")
        urllib.request.urlopen(request, timeout=_PATIENCE).close()

    def _rerun(self, once: Mapping[str, Mapping[str, Any]] = {}) -> "Visitor":
        from streamlit.proto.BackMsg_pb2 import BackMsg

        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        for widget, value in (self._widgets | dict(once)).items():
            state = message.rerun_script.widget_states.widgets.add(id=widget)
            for field, content in value.items():
                if field == "file_uploader_state_value":
                    state.file_uploader_state_value.CopyFrom(content)
                else:
                    setattr(state, field, content)
        self._socket.send(message.SerializeToString())
        for heard in self._heard():
            if heard.WhichOneof("type") == "script_finished" and heard.script_finished in {0, 1}:
                return self
        raise RuntimeError("The server hung up.")

    def _ask(self, **request: Any) -> Any:
        from streamlit.proto.BackMsg_pb2 import BackMsg

        self._socket.send(BackMsg(**request).SerializeToString())
        return next(one.file_urls_response for one in self._heard() if one.WhichOneof("type") == "file_urls_response")

    def _heard(self) -> Iterator[Any]:
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        while True:
            message = ForwardMsg()
            message.ParseFromString(self._socket.recv(_PATIENCE))  # type: ignore[arg-type]
            self._note(message)
            yield message

    def _note(self, message: Any) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session_id = message.new_session.initialize.session_id or self.session_id
            self.said, self.ids = [], {}
            self.page = message.new_session.page_script_hash
        elif kind == "navigation":
            pages = message.navigation.app_pages
            self.pages = {"" if one.is_default else one.url_pathname: one.page_script_hash for one in pages}
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            shown = getattr(element, element.WhichOneof("type"))
            if widget := getattr(shown, "id", ""):
                self.ids[widget.rpartition("-")[2]] = widget
            if isinstance(text := getattr(shown, "body", ""), str) and text:
                self.said.append(text)
