"""A stand-in for Kibana on loopback: speaks what is documented of the API that we use.

It keeps what it is given, refuses a request without ``kbn-xsrf``, a reference to what is not
there, a type it does not know, and a rule whose body its schema forbids.
"""

from __future__ import annotations

import email.parser
import email.policy
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from tests.kibana_export import RuleBody

TYPES = ("index-pattern", "search", "lens", "dashboard", "visualization", "map")
_CHANGEABLE = {"name", "tags", "schedule", "params", "actions"}


@dataclass
class StandIn:
    """What it has, and what it shall do otherwise."""

    url: str = ""
    space: str = ""
    authorization: str = ""
    """Only requests with this header are let in; empty: all."""
    level: str = "available"
    objects: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    """Instead of what it would say, by path."""
    copies: bool = False
    """Ids are taken in another space: objects are made under others."""

    def imported(self, ndjson: str, *, overwrite: bool) -> dict[str, Any]:
        given = [json.loads(line) for line in ndjson.splitlines()]
        there = {(one["type"], one["id"]) for one in given} | self.objects.keys()
        errors = [fault for one in given if (fault := _fault(one, there))]
        made = [] if errors else [self._made(one, overwrite=overwrite) for one in given]
        answer = {"success": not errors, "successCount": len(made), "warnings": []}
        return answer | ({"errors": errors} if errors else {"successResults": made})

    def _made(self, one: dict[str, Any], *, overwrite: bool) -> dict[str, Any]:
        key = (one["type"], one["id"])
        result = {"type": one["type"], "id": one["id"], "managed": False,
                  "meta": {"title": one["attributes"]["title"]}}  # fmt: skip
        if key in self.objects and overwrite:
            result["overwrite"] = True
        if self.copies:
            result["destinationId"] = f"copy-of-{one['id']}"
        self.objects[key] = one
        return result


def _fault(one: dict[str, Any], there: set[tuple[str, str]]) -> dict[str, Any] | None:
    said = {"type": one["type"], "id": one["id"], "meta": {}}
    if one["type"] not in TYPES:
        return said | {"error": {"type": "unsupported_type"}}
    lacking = [
        {"type": ref["type"], "id": ref["id"]}
        for ref in one["references"]
        if (ref["type"], ref["id"]) not in there
    ]
    if lacking:
        return said | {"error": {"type": "missing_references", "references": lacking}}
    return None


class _Server(ThreadingHTTPServer):
    def __init__(self, kibana: StandIn) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.kibana = kibana


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = urlsplit(self.path)
        self.server.kibana.asked.append((self.command, self.path))
        status, answer = self._answer(parts.path, parse_qs(parts.query), body)
        sent = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    do_GET = do_POST = do_PUT = _serve  # noqa: N815 - the library's names

    def _answer(self, path: str, query: dict[str, list[str]], body: bytes) -> tuple[int, Any]:
        kibana = self.server.kibana
        if path in kibana.answers:
            return kibana.answers[path]
        if path == "/api/status":
            return 200, {"version": {"number": "9.5.3"},
                         "status": {"overall": {"level": kibana.level}}}  # fmt: skip
        if kibana.authorization and self.headers.get("Authorization") != kibana.authorization:
            return _error(401, "unable to authenticate user")
        if self.command != "GET" and not self.headers.get("kbn-xsrf"):
            return _error(400, "Request must contain a kbn-xsrf header.")
        space = f"/s/{kibana.space}" if kibana.space else ""
        if not path.startswith(f"{space}/api/"):
            return _error(404, "Not Found")
        return self._in_space(path.removeprefix(space), query, body)

    def _in_space(self, path: str, query: dict[str, list[str]], body: bytes) -> tuple[int, Any]:
        if path == "/api/saved_objects/_import" and self.command == "POST":
            overwrite = query.get("overwrite") == ["true"]
            return 200, self.server.kibana.imported(self._file(body), overwrite=overwrite)
        if path.startswith("/api/alerting/rule/"):
            return self._rule(path.rpartition("/")[2], body)
        return _error(404, "Not Found")

    def _file(self, body: bytes) -> str:
        """The part called `file` of a form, as Kibana wants it: a name that ends in .ndjson."""
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
        (part,) = form.iter_parts()
        assert part.get_param("name", header="content-disposition") == "file"
        assert str(part.get_filename()).endswith(".ndjson")
        return part.get_payload(decode=True).decode()

    def _rule(self, key: str, body: bytes) -> tuple[int, Any]:
        rules = self.server.kibana.rules
        if self.command == "POST":
            if key in rules:
                return _error(409, f"Saved object [alert/{key}] conflict")
            return self._kept(key, json.loads(body))
        if key not in rules:
            return _error(404, f"Saved object [alert/{key}] not found")
        if self.command == "PUT":
            change = json.loads(body)
            if unknown := change.keys() - _CHANGEABLE:
                return _error(400, f"[request body.{min(unknown)}]: definition is missing")
            return self._kept(key, rules[key] | change)
        return 200, rules[key]

    def _kept(self, key: str, rule: dict[str, Any]) -> tuple[int, Any]:
        known = {name: rule[name] for name in RuleBody.__struct_fields__ if name in rule}
        try:
            msgspec.convert(known, RuleBody)
        except msgspec.ValidationError as error:
            return _error(400, f"[request body]: {error}")
        self.server.kibana.rules[key] = rule | {"id": key, "created_by": "desk"}
        return 200, self.server.kibana.rules[key]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def _error(status: int, message: str) -> tuple[int, Any]:
    return status, {"statusCode": status, "error": "", "message": message}


@contextmanager
def kibana(**how: Any) -> Iterator[StandIn]:
    stand_in = StandIn(**how)
    server = _Server(stand_in)
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
