"""`deploy/elasticsearch/setup.sh` against a stand-in that remembers what it was asked."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.deploy.programs import DEPLOY

SECRETS = {
    "ELASTIC_PASSWORD": "superuser-1", "KIBANA_SYSTEM_PASSWORD": "kibana-own-2",
    "HANOIWATCH_PASSWORD": "service-own-3", "DESK_PASSWORD": "desk-own-44",
}  # fmt: skip


class Elasticsearch(ThreadingHTTPServer):
    """Says yes to everything but what is in ``refused``."""

    def __init__(self, refused: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.refused = refused
        self.asked: list[tuple[str, str, str, dict]] = []


class Handler(BaseHTTPRequestHandler):
    server: Elasticsearch

    def handle_any(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        sent = (self.command, self.path, self.headers["Authorization"], body)
        self.server.asked.append(sent)
        no = bool(self.server.refused) and self.server.refused in self.path
        answer = b'{"error":{"reason":"not so"},"status":400}' if no else b'{"acknowledged":true}'
        self.send_response(400 if no else 200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_PUT = do_POST = handle_any  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def elasticsearch(refused: str = "") -> Iterator[Elasticsearch]:
    server = Elasticsearch(refused)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def set_up(server: Elasticsearch, **secrets: str) -> subprocess.CompletedProcess:
    env = {"PATH": os.environ["PATH"], **SECRETS, **secrets}
    env["ELASTICSEARCH"] = f"http://127.0.0.1:{server.server_port}"
    script = DEPLOY / "elasticsearch" / "setup.sh"
    return subprocess.run(
        ["bash", script], check=False, env=env, capture_output=True, text=True, timeout=240
    )


def test_it_sends_passwords_roles_users_and_snapshots_as_the_superuser() -> None:
    with elasticsearch() as server:
        said = set_up(server)
    assert said.returncode == 0, said.stderr
    assert [(method, path) for method, path, _, _ in server.asked] == [
        ("POST", "/_security/user/kibana_system/_password"),
        ("PUT", "/_security/role/hanoiwatch_reader"),
        ("PUT", "/_security/role/hanoiwatch_writer"),
        ("PUT", "/_security/user/hanoiwatch"),
        ("PUT", "/_security/user/desk"),
        ("PUT", "/_snapshot/hanoiwatch"),
        ("PUT", "/_slm/policy/hanoiwatch"),
    ]
    assert {who for _, _, who, _ in server.asked} == {
        "Basic " + base64.b64encode(b"elastic:superuser-1").decode()
    }
    bodies = {path: body for _, path, _, body in server.asked}
    assert bodies["/_security/user/hanoiwatch"] == {
        "password": "service-own-3", "roles": ["hanoiwatch_writer"],
    }  # fmt: skip
    assert bodies["/_slm/policy/hanoiwatch"]["repository"] == "hanoiwatch"
    assert not any(secret in said.stdout + said.stderr for secret in SECRETS.values())


def test_it_stops_at_the_first_no_and_shows_the_answer() -> None:
    with elasticsearch(refused="_security/user/hanoiwatch") as server:
        said = set_up(server)
    assert said.returncode != 0
    assert "not so" in said.stderr
    assert server.asked[-1][1] == "/_security/user/hanoiwatch"


@pytest.mark.parametrize("password", ['quote"inside', "short", ""])
def test_a_password_that_would_break_something_is_refused_before_anything_is_sent(
    password: str,
) -> None:
    with elasticsearch() as server:
        said = set_up(server, DESK_PASSWORD=password)
    assert said.returncode == 1
    assert "DESK_PASSWORD must be" in said.stderr
    assert server.asked == []
