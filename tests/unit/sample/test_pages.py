"""Article pages: faithful to their system's markup, and to the article."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import lxml.html
import pytest

from hanoiwatch.model import Content
from hanoiwatch.sample.articles import TEMPLATES, Picture, Piece, SampleArticle, TemplateName
from hanoiwatch.sample.edition import Entry
from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.routes import page_at
from tests.outlet import small_article

TITLE = {
    "onecms-new": "article.entry h1.sc-longform-header-title.block-sc-title",
    "onecms-old": "h1.c-detail-head__title",
    "vccorp": "h1.detail-title[data-role=title]",
    "epi": "h1.article__title.cms-title",
    "mastercms": "h1.post-title",
}
LEAD = {
    "onecms-new": "article.entry p.sc-longform-header-sapo",
    "onecms-old": "article.entry b.fixh22",
    "vccorp": "h2.detail-sapo[data-role=sapo]",
    "epi": "div.article__sapo.cms-desc",
    "mastercms": ".post-desc",
}
BYLINE = {
    "onecms-new": "span.sc-longform-header-author",
    "onecms-old": "span.c-detail-head__author",
    "vccorp": "[data-role=author]",
    "epi": "a.cms-author",
    "mastercms": "a.author",
}
TIME = {
    "onecms-new": "span.sc-longform-header-date",
    "onecms-old": "span.c-detail-head__time",
    "vccorp": "[data-role=publishdate]",
    "epi": "time.time",
    "mastercms": ".post-time",
}
BODY = {
    "onecms-new": "article.entry",
    "onecms-old": "article.entry",
    "vccorp": "[data-role=content].afcbc-body",
    "epi": "div.article__body.cms-body",
    "mastercms": ".__MASTERCMS_CONTENT",
}
TAGS = {
    "onecms-new": ".c-tags li a",
    "onecms-old": ".c-tags li a",
    "vccorp": "[data-role=tags] a",
    "epi": ".article__tag a",
    "mastercms": ".article-keyword a",
}
CAPTION = {
    "onecms-new": "figure > figcaption",
    "onecms-old": "figure.expNoEdit > figcaption",
    "vccorp": "figcaption.PhotoCMS_Caption",
    "epi": "table.picture td.caption, table.article__avatar td.caption, figure figcaption",
    "mastercms": "table.MASTERCMS_TPL_TABLE em",
}
KINDS = (
    Piece(kind="paragraph", text="Đoạn mở đầu có < và & trong câu."),
    Piece(kind="heading", text="Một đề mục"),
    Piece(kind="paragraph", text="Đoạn thứ hai nói tiếp chuyện hôm trước."),
    Piece(kind="image", picture=Picture(file="mot.jpg", caption="Ảnh một.", credit="Minh Khôi")),
    Piece(kind="quote", text="Một lời nói đáng nhớ."),
    Piece(kind="list", items=("Việc thứ nhất", "Việc thứ hai")),
    Piece(kind="table", rows=(("Phường", "Hồ sơ"), ("Cửa Nam", "120"))),
    Piece(kind="inset", text="Khung thông tin kể thêm."),
    Piece(kind="image", picture=Picture(file="hai.jpg", caption="Ảnh hai.", credit="Lan Chi")),
    Piece(kind="image", picture=Picture(file="ba.jpg", caption="")),
    Piece(kind="paragraph", text="Đoạn cuối khép lại câu chuyện."),
)


def all_kinds(template: TemplateName) -> SampleArticle:
    """An article with every kind of block."""
    return replace(small_article(3, template), pieces=KINDS, lead_prefix="(TĐM) - ")


def outlet_of(article: SampleArticle) -> tuple[Outlet, Entry]:
    """An outlet that has ``article`` among others to relate to, and its entry."""
    earlier = [small_article(place, article.template) for place in range(3)]
    outlet = Outlet([article, *earlier])
    return outlet, outlet.entry(article.slug)


def parsed(outlet: Outlet, entry: Entry) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(page_at(outlet.edition, entry.path).body.decode())


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def texts(document: lxml.html.HtmlElement, selector: str) -> list[str]:
    return [words(element) for element in document.cssselect(selector)]


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_fields_are_where_the_system_keeps_them(template: TemplateName) -> None:
    document = parsed(*outlet_of(all_kinds(template)))
    article = small_article(3)
    assert texts(document, TITLE[template]) == [article.title]
    assert texts(document, LEAD[template]) == [f"(TĐM) - {article.lead}"]
    assert texts(document, BYLINE[template]) == ["Ngọc Lam"]
    assert texts(document, TAGS[template]) == ["hồ nước", "môi trường"]


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_block_stands_once_in_the_body_and_in_order(template: TemplateName) -> None:
    outlet, entry = outlet_of(all_kinds(template))
    (body,) = parsed(outlet, entry).cssselect(BODY[template])
    text = words(body)
    blocks = outlet.expected(entry.article.slug).blocks
    lines = [line for block in blocks for line in block.text.replace("\t", "\n").splitlines()]
    assert [text.count(line) for line in lines] == [1] * len(lines)
    assert sorted(lines, key=text.index) == lines


@pytest.mark.parametrize("template", TEMPLATES)
def test_captions_are_printed_with_their_credits(template: TemplateName) -> None:
    outlet, entry = outlet_of(all_kinds(template))
    lines = [entry.caption(picture).text for picture in entry.article.pictures[:2]]
    captions = [line for line in texts(parsed(outlet, entry), CAPTION[template]) if line]
    assert captions == lines
    assert ["Minh Khôi" in lines[0], "Lan Chi" in lines[1]] == [True, True]


@pytest.mark.parametrize("template", TEMPLATES)
def test_an_article_may_open_with_an_image(template: TemplateName) -> None:
    picture = Picture(file="dau.jpg", caption="Ảnh đầu bài.", credit="Minh Khôi")
    article = small_article(3, template)
    pieces = (Piece(kind="image", picture=picture), *article.pieces)
    outlet, entry = outlet_of(replace(article, pieces=pieces))
    assert texts(parsed(outlet, entry), CAPTION[template]) == [entry.caption(picture).text]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("place", [2, 3, 4])
def test_the_visible_time_is_day_first_and_to_the_minute(
    template: TemplateName, place: int
) -> None:
    forms = ("%d/%m/%Y - %H:%M", "%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M", "%H:%M %d/%m/%Y")
    outlet = Outlet(small_article(each, template) for each in range(8))
    entry = outlet.entry(small_article(place).slug)
    (shown,) = texts(parsed(outlet, entry), TIME[template])
    shown = shown.rpartition(", ")[2].removeprefix("- ").removesuffix(" GMT+7")
    assert shown in {entry.published.strftime(form) for form in forms}


@pytest.mark.parametrize("template", ["onecms-new", "onecms-old"])
def test_onecms_has_its_date_trap(template: TemplateName) -> None:
    article = small_article(3, template)
    evening = datetime(2026, 9, 5, 22, 17, tzinfo=article.published.tzinfo)
    outlet = Outlet([replace(article, published=evening)])
    html = page_at(outlet.edition, outlet.entry(article.slug).path).body.decode()
    assert 'property="article:published_time" content="9/5/2026 10:17:00 PM"' in html
    assert 'name="datetimenow" content="9/5/2026 10:27:00 PM"' in html
    assert 'http-equiv="REFRESH" content="1800"' in html


@pytest.mark.parametrize(
    ("template", "noise"),
    [
        ("onecms-new", ("article .c-box", ".sc-empty-layer", ".c-related-posts", ".c-comments")),
        ("onecms-old", ("article .c-box", ".c-related-posts", ".c-comments", ".c-author-box")),
        ("vccorp", ("[data-role=content] [type=RelatedNewsBox]", "[type=RelatedOneNews]", "zone")),
        ("epi", (".cms-body .ads_middle", ".cms-body a.cms-relate", ".audio-player", ".comment")),
        ("mastercms", (".__MASTERCMS_CONTENT .banner-content", ".__mb_article_in_content")),
    ],
)
def test_the_page_has_the_noise_of_a_real_one(
    template: TemplateName, noise: tuple[str, ...]
) -> None:
    outlet = Outlet(small_article(place, template) for place in range(8))
    document = parsed(outlet, outlet.entry(small_article(7).slug))
    assert [selector for selector in noise if not document.cssselect(selector)] == []
    assert "ghi rõ nguồn" in words(document)


def test_vccorp_hides_text_in_html_comments_of_the_body() -> None:
    outlet, entry = outlet_of(all_kinds("vccorp"))
    html = page_at(outlet.edition, entry.path).body.decode()
    assert f"<!-- <p>Bản nháp: {entry.article.lead}</p> -->" in html


@pytest.mark.parametrize("template", TEMPLATES)
def test_padding_makes_a_page_as_heavy_as_asked_and_changes_nothing_it_says(
    template: TemplateName,
) -> None:
    light = Outlet([small_article(3, template)])
    heavy = Outlet([small_article(3, template)], padding_kb=60)
    entry = heavy.entry(small_article(3).slug)
    assert 59_000 < len(page_at(heavy.edition, entry.path).body) <= 60_000
    for selectors in (TITLE, LEAD, BODY, TIME):
        selector = selectors[template]
        assert texts(parsed(heavy, entry), selector) == texts(parsed(light, entry), selector)


def test_the_answer_key_of_every_bundled_article_is_on_its_page() -> None:
    outlet = Outlet()
    for entry in outlet.edition.entries:
        html = page_at(outlet.edition, entry.path).body.decode()
        text = words(lxml.html.document_fromstring(html))
        for line in said(outlet.expected(entry.article.slug)):
            assert " ".join(line.split()) in text, (entry.path, line)


def said(content: Content) -> list[str]:
    """Every line of text that an archive should hold of the article."""
    lines = [content.title, content.lead, *content.byline, *content.tags]
    lines += [line for block in content.blocks for line in block.text.split("\n")]
    lines += [text for image in content.images for text in (image.caption, image.credit)]
    return [cell for line in lines for cell in line.split("\t") if cell]
