"""Our files in the hands of others: warcio, FastWARC, gzip and pywb."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastWarcIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator
from warcio.checker import Checker

from tests.unit.archive.made import PAGE, Made, make_archive

PYWB = Path(__file__).with_name("pywb.lock")

KINDS = [
    "warcinfo",
    *("response", "request"),
    *("revisit", "request"),
    *("revisit", "request"),
    *("response", "request"),
]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return make_archive(tmp_path)


def test_gzip_reads_the_whole_file(made: Made) -> None:
    assert gzip.decompress(made.path.read_bytes()).count(b"WARC/1.1\r\nWARC-Type: ") == len(KINDS)


def test_warcio_reads_every_record_and_its_digests_hold(made: Made) -> None:
    kinds, bodies = [], []
    with made.path.open("rb") as stream:
        for record in WarcioIterator(stream, check_digests="raise"):
            kinds.append(record.rec_type)
            body = record.content_stream().read()
            if record.rec_type == "response":
                assert record.digest_checker.passed
                bodies.append(body)
    assert kinds == KINDS
    assert bodies == [PAGE, b"<p>404</p>"]


def test_warcio_check_passes_and_fails_with_a_wrong_digest(
    made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    class Command:
        inputs = (str(made.path),)
        verbose = True

    assert Checker(Command).process_all() == 0
    assert capsys.readouterr().out.count("digest pass") == 1 + 2 + 4  # all but the two revisits


def test_warcio_finds_our_records_where_we_say_they_are(made: Made) -> None:
    for prepared in made.prepared:
        with made.path.open("rb") as stream:
            stream.seek(prepared.place.offset)
            iterator = WarcioIterator(stream)
            record = next(iterator)
            assert record.rec_headers.get_header("WARC-Record-ID") == (
                f"<{prepared.place.record_id}>"
            )
            record.content_stream().read()
            assert iterator.get_record_offset() == prepared.place.offset
            next(iterator)
            assert iterator.get_record_offset() == prepared.place.offset + prepared.place.length


def test_fastwarc_reads_every_record_and_its_digests_hold(made: Made) -> None:
    with made.path.open("rb") as stream:
        kinds = [str(record.record_type) for record in FastWarcIterator(stream, parse_http=False)]
    with made.path.open("rb") as stream:
        blocks = [one.verify_block_digest() for one in FastWarcIterator(stream, parse_http=False)]
    with made.path.open("rb") as stream:
        payloads = [
            record.verify_payload_digest()
            for record in FastWarcIterator(stream)
            if str(record.record_type) == "response"
        ]
    assert kinds == KINDS
    assert blocks == [True] * len(KINDS)
    assert payloads == [True, True]


@pytest.mark.slow
def test_pywb_indexes_every_capture_where_we_say_it_is(
    made: Made, tmp_path: Path, pywb: Path
) -> None:
    index = tmp_path / "index.cdx"
    command = [pywb, "--cdxj", "--sort", "--output", index, made.path]
    subprocess.run(command, check=True, timeout=240)
    lines = index.read_text(encoding="utf-8").splitlines()
    found = {(int(_value(line, "offset")), int(_value(line, "length"))) for line in lines}
    assert found == {(one.place.offset, one.place.length) for one in made.prepared}
    assert [line.split(" ")[1] for line in lines] == [
        f"2026112005000{number}" for number in range(1, 5)
    ]
    assert sum("warc/revisit" in line for line in lines) == 2
    assert hashlib.sha256(PAGE).hexdigest() in lines[0]


def _value(line: str, name: str) -> str:
    return line.partition(f'"{name}": "')[2].partition('"')[0]


@pytest.fixture(scope="session")
def pywb(request: pytest.FixtureRequest) -> Path:
    """pywb's indexer, in an environment of its own that is kept between runs."""
    digest = hashlib.sha256(PYWB.read_bytes()).hexdigest()[:16]
    folder = Path(request.config.cache.mkdir("pywb")) / digest
    if not (folder / "done").exists():
        _install(folder)
    return folder / "bin" / "cdx-indexer"


def _install(folder: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run(
        [*pip, "--disable-pip-version-check", "--require-hashes", "-r", PYWB],
        check=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    (folder / "done").touch()
