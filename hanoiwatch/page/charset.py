"""From the bytes of a page to its text, whatever the page says about its encoding."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_LOOKED_AT = 4096
"""HTML wants the declaration within 1024 bytes; some pages are late."""

_BAD_PER_CHARACTERS = 200
"""UTF-8 with fewer broken places than one in this many is UTF-8 that was damaged on its way."""

_LONE_MARK = re.compile(r"(?:^|[^a-zA-ZăâêôơưĂÂÊÔƠƯ])[\u0300\u0301\u0303\u0309\u0323]")
"""A combining mark that stands on no vowel: then this is not windows-1258."""

_SAME = {
    # what browsers understand by these names
    "windows-1252": "cp1252", "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252",
    "us-ascii": "cp1252", "ascii": "cp1252", "windows-1258": "cp1258", "x-cp1258": "cp1258",
    "utf8": "utf-8",
}  # fmt: skip


def decode_html(body: bytes, content_type: str = "") -> str:
    """The text of an HTML body. Never fails: what cannot be decoded becomes U+FFFD.

    A byte order mark decides; then bytes that are UTF-8 are UTF-8, whatever is declared (text in
    another encoding practically never is, and pages lie); then the header's and the page's
    declaration; then UTF-8 with a few broken places, windows-1258 or windows-1252.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    declared = _declared(body, content_type)
    if declared.startswith("utf-16") and b"\x00" in body[:_LOOKED_AT]:
        return body.decode("utf-16-be" if declared.endswith("be") else "utf-16-le", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_other(body, declared)


def _declared(body: bytes, content_type: str) -> str:
    found = _HEADER.search(content_type)
    if found:
        name = found[1]
    else:
        head = body[:_LOOKED_AT]
        said = _META.search(head) or _XML.search(head)
        name = said[1].decode("ascii", "replace") if said else ""
    return _SAME.get(name.lower(), name.lower())


def _decode_other(body: bytes, declared: str) -> str:
    text = body.decode("utf-8", "replace")
    if text.count("\ufffd") * _BAD_PER_CHARACTERS < len(text):
        return text
    if declared not in {"", "utf-8", "cp1252", "cp1258"}:
        try:
            return body.decode(declared)
        except (LookupError, UnicodeError):
            pass  # an unknown name, or not the truth
    vietnamese = body.decode("cp1258", "replace")
    # Pages in windows-1258 often declare windows-1252, the Western default of their editors.
    return body.decode("cp1252", "replace") if _LONE_MARK.search(vietnamese) else vietnamese
