"""The words of links within an article's text, and the lines that tell them."""

from __future__ import annotations

from dataclasses import replace

from hanoiwatch.cli.articletext import article_lines
from hanoiwatch.cli.linklines import LinkedWords, link_fields, link_rows, parts, within
from hanoiwatch.cli.marked import Paper
from hanoiwatch.model import Block, BodyLink, Content, Image, Links, Mention, OfficialLink
from hanoiwatch.store.history import ArticleHistory, CaptureRef, Revision
from tests.search_feed import NOON, make_article

CONTENT = Content(
    url="https://bao.example/1",
    title="Ông An họp",
    lead="An đến sớm.",
    blocks=(
        Block(kind="heading", text="Việc của Sở"),
        Block(kind="image", text="", image=0),
        Block(kind="list", text="Một việc\nÔng An nói"),
    ),
    images=(Image(url="1.jpg", caption="Nhà Sở", credit="Ông An"),),
)


def mention(field, start: int, text: str, item: int = 0, confidence: float = 0.9) -> Mention:
    return Mention(
        field=field, item=item, start=start, end=start + len(text), text=text, rule="made",
        confidence=confidence,
    )  # fmt: skip


LINKS = Links(
    officials=(
        OfficialLink(
            id="an", name="Nguyễn An", post="Giám đốc Sở", posts=("Giám đốc Sở",),
            post_ids=("gd",),
            mentions=(mention("title", 0, "Ông An"), mention("title", 4, "An"),
                      mention("text", CONTENT.text.index("Ông An"), "Ông An")),
        ),
    ),
    bodies=(
        BodyLink(id="so", name="Sở Mẫu", mentions=(mention("text", 9, "Sở"),
                                                   mention("caption", 4, "Sở"))),
        BodyLink(id="nha", name="Nhà Mẫu", mentions=(mention("caption", 0, "Nhà", 0, 0.4),)),
    ),
)  # fmt: skip
ARTICLE = replace(make_article(1, CONTENT), links=LINKS)


def lines(paper: Paper) -> list[str]:
    capture = CaptureRef(url="", fetched_at=NOON, record_id="", sha256="")
    revision = Revision(
        number=1, recorded_at=NOON, capture=capture, layout="", extractor="", content=CONTENT
    )
    history = ArticleHistory(revisions=(revision,), changes=(), held=(), addresses=(), absences=())
    return list(article_lines(ARTICLE, history, paper))


def test_stretches_that_meet_are_one() -> None:
    words = LinkedWords(LINKS, CONTENT)
    assert words.of("title") == [(0, 6)]
    assert words.of("caption", 0) == [(0, 3), (4, 6)]
    assert words.of("caption", 1) == words.of("lead") == []


def test_stretches_of_the_text_are_those_of_its_blocks() -> None:
    heading, picture, listed = LinkedWords(LINKS, CONTENT).of_blocks()
    assert [CONTENT.blocks[0].text[start:end] for start, end in heading] == ["Sở"]
    assert list(picture) == []
    assert [CONTENT.blocks[2].text[start:end] for start, end in listed] == ["Ông An"]
    assert within([(0, 4), (6, 9)], 3, 7) == [(0, 1), (3, 4)]


def test_parts_are_the_whole_text() -> None:
    assert list(parts("Ông An họp", [(0, 6)])) == [("Ông An", True), (" họp", False)]
    assert list(parts("Ông An", [])) == [("Ông An", False)]
    assert list(parts("", [])) == []


def test_a_terminal_underlines_what_names_somebody_and_a_pipe_shows_plain_text() -> None:
    plain = lines(Paper(coloured=False, room=None))
    assert plain[0] == "Ông An họp"
    assert "officials: Nguyễn An (Giám đốc Sở)" in plain
    assert "bodies: Sở Mẫu, Nhà Mẫu?" in plain
    assert plain[-2:] == ["- Một việc", "- Ông An nói"]
    assert "[image] Nhà Sở [Ông An]" in plain
    assert not any("\x1b" in line for line in plain)
    coloured = lines(Paper(coloured=True, room=60))
    assert coloured[0].startswith("\x1b[1m\x1b[4mÔng An\x1b[0m")
    assert coloured[-1] == "- \x1b[4mÔng An\x1b[0m nói"
    credit = next(line for line in coloured if "[image]" in line)
    assert credit.startswith("\x1b[2m[image] \x1b[0m")
    assert "\x1b[2m\x1b[4mNhà\x1b[0m" in credit
    assert credit.endswith("\x1b[2m [Ông An]\x1b[0m")


def test_each_mention_is_a_row() -> None:
    rows = link_rows(ARTICLE)
    assert [(row["kind"], row["id"], row["words"]) for row in rows] == [
        ("official", "an", "Ông An"), ("official", "an", "An"), ("official", "an", "Ông An"),
        ("body", "so", "Sở"), ("body", "so", "Sở"), ("body", "nha", "Nhà"),
    ]  # fmt: skip
    assert rows[0]["post"] == "Giám đốc Sở"
    assert rows[3]["post"] is None
    assert list(link_fields(Links())) == []
