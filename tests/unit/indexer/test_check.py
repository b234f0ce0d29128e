"""Each thing that can be damaged, damaged; and seen, by name."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from hanoiwatch.model import Block, BodyLink, Content, Links, Mention
from indexer.check import CATCH_UP, LINK, REBUILD, RESTORE_RECORD, CheckProgress, Fault, check
from indexer.search import indexfile, succession
from tests.search_feed import NOON, make_article
from tests.unit.indexer.test_rebuild import Desk

COUNT = 9


def _content(number: int, words: str = "mưa rào") -> Content:
    return Content(
        url="",
        title=f"Chợ đêm số {number}",
        lead=words,
        section="Đô thị",
        published_at=NOON,
        blocks=(Block(kind="paragraph", text="phố cổ đông người"),),
    )


class Archive(Desk):
    """Indexed by changes; closed files can be damaged."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder
        self.put(*(make_article(number, _content(number)) for number in range(1, COUNT + 1)))
        self.follow()

    def damage_index(self, statement: str, *values: object) -> None:
        number = self.index._number
        file = "index.sqlite3" + (f".{number}" if number else "")
        self._damage(file, statement, values)

    def damage_record(self, statement: str, *values: object) -> None:
        self._damage("record.sqlite3", statement, values)

    def _damage(self, file: str, statement: str, values: tuple[object, ...]) -> None:
        with closing(sqlite3.connect(self.folder / file)) as connection, connection:
            changed = connection.execute(statement, values).rowcount
        assert changed

    def id(self, rowid: int) -> str:
        return self.record.articles.by_rowids([rowid])[rowid].id

    def faults(self, *, quick: bool = False) -> list[tuple[str, str | None, str, str]]:
        """Those of record and index."""
        said = check(self.record, self.index, self.folder / "archive", quick=quick)
        return [
            (one.part, one.article, one.what, one.do)
            for one in said
            if isinstance(one, Fault) and one.part != "archive"
        ]

    def the_fault(self, *, quick: bool = False) -> tuple[str, str | None, str, str]:
        (fault,) = self.faults(quick=quick)
        return fault


@pytest.fixture(params=["followed", "rebuilt"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    made = Archive(tmp_path)
    if request.param == "rebuilt":
        made.rebuild()
    yield made
    made.close()


def test_a_sound_archive_has_no_fault(archive: Archive) -> None:
    assert archive.faults() == []
    archive.put(make_article(3, _content(3, "nắng")))
    archive.set(4, "removed", out_of_scope="section")
    archive.follow()
    assert archive.faults() == []
    progress = [
        said
        for said in check(archive.record, archive.index, archive.folder)
        if isinstance(said, CheckProgress)
    ]
    assert [said.done for said in progress if said.step == "words"][-1] == COUNT - 1


def test_an_index_that_is_behind_says_so_and_names_no_article(archive: Archive) -> None:
    archive.put(make_article(3, _content(3, "nắng")), make_article(30, _content(30)))
    part, article, what, do = archive.the_fault()
    assert (part, article, do) == ("index", None, CATCH_UP)
    assert "2 changes behind" in what


def test_an_index_ahead_of_the_record_is_another_records(archive: Archive) -> None:
    archive.damage_index("UPDATE meta SET value = 99 WHERE name = 'position'")
    assert "is at change 99" in archive.the_fault()[2]


@pytest.mark.parametrize("quick", [False, True])
def test_a_document_that_is_not_there_is_named(archive: Archive, quick: bool) -> None:
    archive.damage_index("DELETE FROM document WHERE article = 4")
    faults = archive.faults(quick=quick)
    assert faults[0] == ("index", archive.id(4), "it is not in the index", REBUILD)
    assert len(faults) == (1 if quick else 2)  # its words are still found


@pytest.mark.parametrize("quick", [False, True])
def test_another_sequence_is_named(archive: Archive, quick: bool) -> None:
    archive.damage_index("UPDATE document SET sequence = 2 WHERE article = 4")
    fault = archive.the_fault(quick=quick)
    assert fault[:2] == ("index", archive.id(4))
    assert "as of change 2, the record as of 4" in fault[2]


def test_an_article_that_the_record_does_not_have_is_named(archive: Archive) -> None:
    archive.damage_record("DELETE FROM article WHERE rowid_ = 4")
    faults = archive.faults()
    assert ("index", None, "the index has an article 4 that the record does not have", REBUILD) in (
        faults
    )
    assert any(part == "record" and "article" in what for part, _, what, _ in faults)


def test_an_article_out_of_scope_in_the_index_is_named(archive: Archive) -> None:
    archive.damage_record("UPDATE article SET out_of_scope = 'section' WHERE rowid_ = 4")
    (fault,) = archive.faults()
    assert fault[0] == "index"
    assert fault[1] == make_article(4, _content(4)).id
    assert "out of its source's scope" in fault[2]


@pytest.mark.parametrize(
    ("statement", "field"),
    [
        ("UPDATE reading SET content = replace(content, 'mưa rào', 'mưa đá') WHERE id = 4", "lead"),
        ("UPDATE reading SET content = replace(content, 'mưa rào', 'mưa') WHERE id = 4", "lead"),
        ("UPDATE reading SET content = replace(content, 'phố cổ', 'phố cỗ') WHERE id = 4", "text"),
        ("UPDATE reading SET content = replace(content, 'Chợ', 'Xuân') WHERE id = 4", "title"),
    ],
)
def test_a_text_that_the_record_has_otherwise_is_named(
    archive: Archive, statement: str, field: str
) -> None:
    archive.damage_record(statement)
    fault = archive.the_fault()
    assert fault[:2] == ("index", archive.id(4))
    assert f"first in {field}" in fault[2]
    assert archive.faults(quick=True) == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [("Đô thị", "Xã hội", "another section"), ("2026-09-30", "2026-09-29", "its date")],
)
def test_a_facet_or_a_date_that_the_record_has_otherwise_is_named(
    archive: Archive, old: str, new: str, what: str
) -> None:
    archive.damage_record(
        "UPDATE reading SET content = replace(content, ?, ?) WHERE id = 4", old, new
    )
    fault = archive.the_fault()
    assert fault[:2] == ("index", archive.id(4))
    assert what in fault[2]


_POSTING = """
    SELECT key, docs, places FROM posting JOIN term ON term.id = (key >> 4) & ((1 << 36) - 1)
    WHERE text = ? AND key & 15 = ?
"""


def _posting(archive: Archive, word: str, slot: int) -> tuple[int, bytes | None, bytes]:
    connection = archive.index._here().connection
    return connection.execute(_POSTING, (word, slot)).fetchone()


def test_a_flipped_bit_of_a_place_is_seen(archive: Archive) -> None:
    key, _, places = _posting(archive, "rào", 1)
    for bit in (0, 3, 17):
        flipped = bytearray(places)
        flipped[bit >> 3] ^= 1 << (bit & 7)
        archive.damage_index("UPDATE posting SET places = ? WHERE key = ?", bytes(flipped), key)
        assert any("words" in what for _, _, what, _ in archive.faults())
    archive.damage_index("UPDATE posting SET places = ? WHERE key = ?", places, key)
    assert archive.faults() == []


def test_a_flipped_bit_of_a_set_names_its_article(archive: Archive) -> None:
    key, docs, _ = _posting(archive, "rào", 1)
    assert docs is not None
    flipped = bytes([docs[0] ^ 0b1000]) + docs[1:]
    archive.damage_index("UPDATE posting SET docs = ? WHERE key = ?", flipped, key)
    assert archive.the_fault()[1:3] == (archive.id(4), "a word's set of articles is wrong on it")


def test_a_posting_that_is_gone_is_seen_on_every_article_that_had_it(archive: Archive) -> None:
    key, _, _ = _posting(archive, "phố", 2)
    archive.damage_index("DELETE FROM posting WHERE key = ?", key)
    assert [article for _, article, _, _ in archive.faults()] == [
        archive.id(number) for number in range(1, COUNT + 1)
    ]


def test_a_flipped_bit_of_a_facet_names_its_article(archive: Archive) -> None:
    key, docs, _ = _posting(archive, "Đô thị", 15)
    assert docs is not None
    flipped = bytes([docs[0] ^ 0b1000]) + docs[1:]
    archive.damage_index("UPDATE posting SET docs = ? WHERE key = ?", flipped, key)
    fault = archive.the_fault()
    assert fault[1] == archive.id(4)
    assert "section" in fault[2]


def test_a_word_with_a_wrong_form_without_marks_is_named(archive: Archive) -> None:
    archive.damage_index("UPDATE term SET folded = 'mua1' WHERE text = 'mưa'")
    assert "'mưa'" in archive.the_fault()[2]


def test_an_article_without_words_is_named(archive: Archive) -> None:
    archive.damage_index("UPDATE segment SET dead = x'08' WHERE first_doc = 0")
    assert archive.the_fault()[1:3] == (archive.id(4), "its words are not in the index")


def test_a_change_that_the_log_does_not_have_is_the_records_fault(archive: Archive) -> None:
    archive.damage_record("UPDATE change SET article = 5 WHERE sequence = 4")
    assert ("record", archive.id(4)) in [
        (part, article) for part, article, _, _ in archive.faults()
    ]


def test_a_damaged_index_is_told_with_what_to_do(archive: Archive) -> None:
    archive.index.close()
    file = archive.index._file.path
    content = file.read_bytes()
    file.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))
    for end in ("-wal", "-shm"):
        Path(f"{file}{end}").unlink(missing_ok=True)
    archive.index.__init__(archive.folder / "index.sqlite3")  # type: ignore[misc]  # opened anew
    fault = archive.the_fault()
    assert (fault[0], fault[3]) == ("index", REBUILD)
    assert archive.rebuild() == COUNT
    assert archive.faults() == []


def test_a_broken_reference_is_the_records_fault(archive: Archive) -> None:
    archive.damage_record("UPDATE article SET page_id = 77 WHERE rowid_ = 4")
    fault = archive.the_fault(quick=True)
    assert (fault[0], fault[3]) == ("record", RESTORE_RECORD)
    assert "table article" in fault[2]


def test_an_index_of_another_version_is_to_be_made_anew(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (indexfile, succession):
        monkeypatch.setattr(module, "VERSION", "2.99")
    assert archive.the_fault()[2:] == ("it was made by another version of this program", REBUILD)


def test_an_article_that_the_index_refused_is_no_fault(archive: Archive) -> None:
    archive.put(make_article(20, _content(20)))
    archive.index.apply([])
    archive.damage_index("UPDATE meta SET value = ? WHERE name = 'position'", COUNT + 1)
    assert archive.the_fault()[2] == "it is not in the index"
    archive.record.articles.mark_not_indexable(20, NOON, "no room for it")
    assert archive.faults() == []


# --- links -------------------------------------------------------------------------------------


def _linked(archive: Archive, rowid: int, words: str = "đêm", confidence: float = 0.9) -> None:
    """The article links to one body by a word of its title."""
    mention = Mention(
        field="title", start=4, end=4 + len(words), text=words, rule="made", confidence=confidence
    )
    links = Links(bodies=(BodyLink(id="cho-dem", name="Chợ đêm", mentions=(mention,)),))
    archive.put(replace(make_article(rowid, _content(rowid)), links=links))
    archive.follow()


def test_links_that_are_as_the_record_says_are_no_fault(archive: Archive) -> None:
    _linked(archive, 4)
    _linked(archive, 5, confidence=0.3)
    assert archive.faults() == []


def test_an_article_counted_under_another_body_is_named(archive: Archive) -> None:
    _linked(archive, 4)
    archive.damage_index("UPDATE term SET text = 'cho-hoa' WHERE text = 'cho-dem'")
    part, article, what, do = archive.the_fault()
    assert (part, article, do) == ("index", archive.id(4), REBUILD)
    assert "another body" in what


def test_links_to_words_that_stand_elsewhere_are_named(archive: Archive) -> None:
    _linked(archive, 4, words="hoa")
    part, article, what, do = archive.the_fault()
    assert (part, article, do) == ("record", archive.id(4), LINK)
    assert "hoa" in what


@pytest.mark.parametrize("quick", [False, True])
def test_articles_that_are_not_linked_are_counted(archive: Archive, quick: bool) -> None:
    archive.damage_record("DELETE FROM linked WHERE article IN (2, 3)")
    part, article, what, do = archive.the_fault(quick=quick)
    assert (part, article, do) == ("record", None, LINK)
    assert what.startswith("2 articles not linked")
