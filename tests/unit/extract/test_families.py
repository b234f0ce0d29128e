"""What the bundled layouts hold to beyond the golden pages: whose pages and fields they take."""

from __future__ import annotations

import pytest

from hanoiwatch.clock import to_shown
from tests.unit.extract.pages import PROSE, article, content, nothing, prose

HEAD = """<head><meta charset="utf-8"><meta property="og:site_name" content="Blog Vườn Nhà">
    <meta property="og:title" content="Vườn nhà mùa hoa cải"></head>"""


@pytest.mark.parametrize(
    ("title", "box"),
    [
        ("post-title", "post-content"),  # WordPress
        ("entry-title", "entry-content"),
        ("article__title", "article__body"),
        ("article-title", "article-content"),
        ("article-title", "article-body"),
        ("title-detail", "detail-content"),
        ("detail-title", "content-detail"),
        ("title", "text-long"),
        ("post-subinfo", "post-content"),
        ("page-title", "singular-content"),
        ("article-detail-title", "article-detail-body"),
    ],
)
def test_names_that_everybody_gives_choose_no_layout(title: str, box: str) -> None:
    read = article(f"""<html>{HEAD}<body><h1 class="{title}">Vườn nhà mùa hoa cải</h1>
        <div class="{box}" itemprop="articleBody">{prose() * 2}</div></body></html>""")
    assert read.layout == "general"


def test_a_page_is_chosen_by_a_mark_of_the_editor_alone() -> None:
    picture = '<img src="https://x.example/stores/news_dataimages/2026/a.jpg">'
    read = article(f"""<html><body><h1 class="article-detail-title">Mùa hoa cải</h1>
        <div class="article-detail-body"><p>{picture}</p>{prose()}</div></body></html>""")
    assert read.layout == "mastercms/article"
    assert read.content.text == "\n".join(PROSE)


def vccorp(body: str, *, above: str = "", below: str = "") -> str:
    return f"""<html><head><meta charset="utf-8"></head><body>{above}
        <h1 class="detail-title" data-role="title">Phường họp không giấy</h1>
        <div class="detail-content afcbc-body" data-role="content">{body}</div>{below}
        </body></html>"""


CARD = """<article><h3 data-role="title">Bài khác</h3><p data-role="sapo">Lời dẫn của bài khác.</p>
    <span data-role="author">Người Khác</span><span data-role="publishdate">01/11/2026 09:00</span>
    </article>"""


@pytest.mark.parametrize("place", ["above", "below"])
def test_the_cards_of_other_articles_lend_nothing(place: str) -> None:
    said = content(vccorp(prose(), **{place: CARD}))
    assert (said.title, said.lead, said.byline) == ("Phường họp không giấy", "", ())
    assert said.text == "\n".join(PROSE)


def test_a_header_that_is_an_article_of_its_own_is_the_headlines() -> None:
    page = f"""<html><body><article><h1 data-role="title">Phường họp không giấy</h1>
        <div data-role="author">Hà Vũ</div><span data-role="publishdate">05/11/2026 10:38</span>
        <h2 data-role="sapo">Ba tháng không in.</h2></article>
        <div class="afcbc-body" data-role="content">{prose()}</div></body></html>"""
    said = content(page)
    assert (said.lead, said.byline) == ("Ba tháng không in.", ("Hà Vũ",))
    assert said.published_at is not None


def test_an_author_below_the_text_counts_where_none_stands_above() -> None:
    below = '<div class="t"><p class="author">Hà Vũ</p></div>'
    above = '<div data-role="author">Đỗ Nam</div>'
    empty = '<div data-role="author"> </div>'
    assert content(vccorp(prose(), below=below)).byline == ("Hà Vũ",)
    assert content(vccorp(prose(), above=empty, below=below)).byline == ("Hà Vũ",)
    assert content(vccorp(prose(), above=above, below=below)).byline == ("Đỗ Nam",)


def test_authors_beyond_the_first_are_taken_from_the_list_that_the_page_declares() -> None:
    meta = '<meta property="dable:author" content="HÀ VŨ;ĐỖ NAM;LÊ THẢO">'
    shown = '<div class="author-info"><a class="name">HÀ VŨ</a><span>và 2 tác giả khác</span></div>'
    other = '<div class="author-info"><a class="name">Mai Lam</a></div>'
    assert content(vccorp(prose(), above=meta + shown)).byline == ("HÀ VŨ", "ĐỖ NAM", "LÊ THẢO")
    assert content(vccorp(prose(), above=meta + other)).byline == ("Mai Lam",)


def test_two_paragraphs_side_by_side_are_one_lead_and_what_is_elsewhere_is_not() -> None:
    above = """<p class="sapo">Một câu dẫn.</p><p class="sapo">Câu dẫn thứ hai.</p>
        <div>Chia sẻ</div><p class="sapo">Lời dẫn của hộp tin bên cạnh.</p>"""
    assert content(vccorp(prose(), above=above)).lead == "Một câu dẫn. Câu dẫn thứ hai."


def test_links_set_into_a_lead_are_no_part_of_it() -> None:
    above = """<div data-role="sapo">(Chinhphu.vn) - Ba tháng không in tài liệu.
        <ul><li><a href="/a">Họp trực tuyến ở phường bên</a></li></ul></div>"""
    said = content(vccorp(prose(), above=above))
    assert (said.lead_prefix, said.lead) == ("(Chinhphu.vn) -", "Ba tháng không in tài liệu.")


FILM = """<div class="VCSortableInPreviewMode" type="VideoStream" {still}><div>
    <iframe src="https://player.example/embed/1"></iframe></div>
    <div class="VideoCMS_Caption"><p>Cảnh họp sáng 7-3. Video: Hà Vũ</p></div></div>"""


def test_what_is_printed_under_a_film_is_a_caption_of_its_still() -> None:
    film = FILM.format(still='data-thumb="/2026/hop.jpg"')
    said = content(vccorp(f"<p>{PROSE[0]}</p>{film}<p>{PROSE[1]}</p>"))
    assert said.text == "\n".join(PROSE[:2])
    (image,) = said.images
    assert image.url == "https://songnhue.example/2026/hop.jpg"
    assert (image.caption, image.credit) == ("Cảnh họp sáng 7-3.", "Hà Vũ")


def test_what_is_printed_under_a_film_without_a_still_is_held_by_the_film() -> None:
    film = FILM.format(still="")
    framed = '<iframe src="https://player.example/embed/1"></iframe>'
    loose = f'<p style="text-align:center">{framed}<br><em>Cảnh họp sáng 7-3. Clip: Hà Vũ</em></p>'
    for one in (film, loose):
        said = content(vccorp(f"<p>{PROSE[0]}</p>{one}<p>{PROSE[1]}</p>"))
        assert said.text == "\n".join(PROSE[:2])
        (image,) = said.images
        assert image.url == "https://player.example/embed/1"
        assert (image.caption, image.credit) == ("Cảnh họp sáng 7-3.", "Hà Vũ")


def test_a_film_without_a_still_or_anything_printed_under_it_is_left_out() -> None:
    film = '<p><iframe src="https://player.example/embed/1"></iframe></p>'
    assert content(vccorp(f"<p>{PROSE[0]}</p>{film}<p>{PROSE[1]}</p>")).images == ()


def test_a_picture_under_a_player_is_its_still() -> None:
    film = """<div class="box_embed_video"><img src="/2026/hop.jpg"><video src="/hop.mp4"></video>
        <p class="caption">Cảnh họp sáng 7-3. Video: Hà Vũ</p></div>"""
    (image,) = content(vccorp(f"<p>{PROSE[0]}</p>{film}<p>{PROSE[1]}</p>")).images
    assert image.url == "https://songnhue.example/2026/hop.jpg"
    assert (image.caption, image.credit) == ("Cảnh họp sáng 7-3.", "Hà Vũ")


def test_a_note_in_italics_under_a_film_without_a_still_stays_in_the_text() -> None:
    film = '<p><iframe src="https://www.youtube.com/embed/x"></iframe></p>'
    note = "Tên các nhân vật trong bài đã được thay đổi"
    said = content(vccorp(f"<p>{PROSE[0]}</p>{film}<p><em>{note}</em></p><p>{PROSE[1]}</p>"))
    assert said.text == "\n".join((PROSE[0], note, PROSE[1]))


def test_a_frame_that_plays_nothing_parts_no_picture_from_its_caption() -> None:
    body = f"""<p>{PROSE[0]}</p><p><img src="/a.jpg"></p><iframe src="https://ads.example/1"></iframe>
        <p>Phòng họp mới. Ảnh: Hà Vũ</p><p>{PROSE[1]}</p>"""
    (image,) = content(vccorp(body)).images
    assert (image.caption, image.credit) == ("Phòng họp mới.", "Hà Vũ")


@pytest.mark.parametrize(
    ("under", "caption"),
    [
        ('<p style="text-align:center">Phòng họp mới của phường</p>', "Phòng họp mới của phường"),
        ("<p><em>Phòng họp mới của phường</em></p>", "Phòng họp mới của phường"),
        ("<figcaption>Phòng họp mới</figcaption>", "Phòng họp mới"),
        ('<p class="PhotoCMS_Caption">Phòng họp mới</p>', "Phòng họp mới"),
        ('<p><em>"Chúng tôi đọc trước ở nhà".</em></p>', ""),
        ('<p style="text-align:center"><b>Vẫn còn người in</b></p>', ""),
        ("<p>Phòng họp mới của phường</p>", ""),
        (f"<p><em>{' '.join(PROSE)}</em></p>", ""),
    ],
)
def test_small_print_under_a_bare_picture_is_its_caption(under: str, caption: str) -> None:
    body = f'<p>{PROSE[0]}</p><p><img src="/a.jpg"></p>{under}<p>{PROSE[1]}</p><p>{PROSE[2]}</p>'
    (image,) = content(vccorp(body)).images
    assert image.caption == caption


def test_where_the_text_itself_is_centred_a_centred_line_is_no_caption() -> None:
    lines = "".join(f'<p style="text-align:center">{text}</p>' for text in PROSE)
    said = content(vccorp(f'<p><img src="/a.jpg"></p>{lines}'))
    assert said.text == "\n".join(PROSE)
    assert said.images[0].caption == ""


def test_a_caption_with_no_picture_is_no_text() -> None:
    body = f"<p>{PROSE[0]}</p><figcaption>Ảnh đã gỡ</figcaption><p>{PROSE[1]}</p>"
    assert content(vccorp(body)).text == "\n".join(PROSE[:2])


@pytest.mark.parametrize(
    "holder",
    [
        '<a data-sub-html="&lt;p&gt;Phòng họp. Ảnh: Hà Vũ&lt;/p&gt;"><img src="/a.jpg"></a>',
        '<a data-desc="Phòng họp. Ảnh: Hà Vũ"><img src="/a.jpg"></a>',
        '<img src="/a.jpg" data-caption="Phòng họp. Ảnh: Hà Vũ" alt="Ảnh 1">',
    ],
)
@pytest.mark.parametrize("box", ["figure", "p"])
def test_a_caption_that_only_the_enlarged_picture_shows_is_kept(holder: str, box: str) -> None:
    body = f"<p>{PROSE[0]}</p><{box}>{holder}</{box}><p>{PROSE[1]}</p>"
    (image,) = content(vccorp(body)).images
    assert (image.caption, image.credit) == ("Phòng họp.", "Hà Vũ")


def test_a_text_that_stands_in_boxes_throughout_is_the_text() -> None:
    boxes = "".join(f'<div type="content"><p>{text}</p></div>' for text in PROSE)
    assert content(vccorp(boxes)).text == "\n".join(PROSE)
    beside = content(vccorp(prose() + f'<div type="content"><p>{PROSE[0]}</p></div>'))
    assert [block.kind for block in beside.blocks].count("inset") == 1


@pytest.mark.parametrize(
    ("line", "byline", "source"),
    [
        ("<p>Minh Khôi</p>", ("Minh Khôi",), None),
        ("<p>HM</p>", ("HM",), None),
        ("<p>Đ.H</p>", ("Đ.H",), None),
        ("<p>T.Nhung</p>", ("T.Nhung",), None),
        ("<p>N.H.</p>", ("N.H",), None),
        ("<p>Nhóm phóng viên Thời sự</p>", ("Nhóm phóng viên Thời sự",), None),
        ("<p>TTXVN</p>", ("TTXVN",), None),
        ("<p>(TTXVN/Vietnam+)</p>", (), None),
        ("<p>PV (t/h)</p>", ("PV",), None),
        ("<p>Hà Vũ (từ Paris)</p>", ("Hà Vũ",), None),
        ("<p><b>Thiết kế: Hà Vũ</b></p>", (), None),
        ("<p><em>(Theo Báo Bãi Giữa)</em></p>", (), "Báo Bãi Giữa"),
        ("<p><em>* Mời bạn đọc gửi ý kiến về tòa soạn.</em></p>", (), None),
    ],
)
def test_the_last_line_is_the_signature_and_no_text(
    line: str, byline: tuple[str, ...], source: str | None
) -> None:
    said = content(vccorp(prose() + line))
    assert said.text == "\n".join(PROSE)
    assert (said.byline, said.original_source) == (byline, source)


def test_a_name_behind_theo_beside_the_text_is_its_author_where_the_page_declares_it() -> None:
    above = '<meta property="article:author" content="Hà My"><p data-role="author">Theo Hà My</p>'
    said = content(vccorp(prose(), above=above))
    assert (said.byline, said.original_source) == (("Hà My",), None)


def test_who_drew_a_graphic_is_credited_and_no_photographer() -> None:
    figure = "<figure><img src='/a.png'><figcaption>Mức đóng. Đồ họa: Hà Vũ</figcaption></figure>"
    said = content(vccorp(f"<p>{PROSE[0]}</p>{figure}<p>{PROSE[1]}</p>"))
    assert (said.images[0].caption, said.images[0].credit) == ("Mức đóng.", "Hà Vũ")
    assert said.photographers == ()


def test_what_lists_and_tables_leave_of_a_text_is_no_article() -> None:
    table = "<table><tr><td>Năm</td><td>Số hộ</td></tr><tr><td>2026</td><td>12</td></tr></table>"
    listed = "<ul><li>Đọc trước ở nhà.</li><li>Ý kiến gửi trước.</li></ul>"
    assert nothing(vccorp(f"<h2>Đọc trước ở nhà</h2>{table}")) == "empty"
    assert nothing(vccorp(listed)) == "empty"
    long = "".join(f"<li>{text}</li>" for text in PROSE)
    assert content(vccorp(f"<ul>{long}</ul>")).blocks[0].kind == "list"


def test_the_label_over_a_film_is_no_credit_of_the_picture_before_it() -> None:
    label = "Video: Cận cảnh khu nhà"
    said = content(vccorp(f"<p>{PROSE[0]}</p><p><img src='/a.jpg'></p><p>{label}</p>{prose()}"))
    assert (said.images[0].caption, said.images[0].credit) == ("", "")
    assert label in said.text


def test_a_quotation_box_keeps_its_speaker() -> None:
    box = """<div type="SimpleQuote"><div class="quote-content"><p>Tôi đọc trước ở nhà.</p></div>
        <div class="StarNameCaption"><p>Bà Trịnh Thị Vượng</p></div></div>"""
    said = content(vccorp(f"<p>{PROSE[0]}</p>{box}<p>{PROSE[1]}</p>"))
    quotes = [block.text for block in said.blocks if block.kind == "quote"]
    assert quotes == ["Tôi đọc trước ở nhà.\nBà Trịnh Thị Vượng"]


def test_a_caption_in_a_box_is_no_text_of_the_box() -> None:
    box = f"""<div type="content"><p>{PROSE[0]}</p><p><img src="/a.jpg"></p>
        <p style="text-align:center"><em>Phòng họp mới. Ảnh: Hà Vũ</em></p></div>"""
    said = content(vccorp(prose() + box + f"<p>{PROSE[1]}</p>"))
    assert [block.text for block in said.blocks if block.kind == "inset"] == [PROSE[0]]
    assert (said.images[0].caption, said.images[0].credit) == ("Phòng họp mới.", "Hà Vũ")


def test_a_signature_above_a_box_is_found() -> None:
    box = f'<div type="content"><p>{PROSE[0]}</p></div>'
    said = content(vccorp(f"{prose()}<p>Minh Khôi</p>{box}"))
    assert said.byline == ("Minh Khôi",)
    assert [block.text for block in said.blocks] == [*PROSE, PROSE[0]]


@pytest.mark.parametrize(
    "last",
    [
        "Theo Sở Y tế, dịch đã được kiểm soát.",
        "Hồ Tây lại xanh.",
        "Hà Nội, ngày 5/3/2026",
        "Ai sẽ trả tiền?",
        "Theo Ủy ban nhân dân thành phố việc này còn phải chờ thêm.",
    ],
)
def test_a_short_last_sentence_stays_in_the_text(last: str) -> None:
    assert content(vccorp(f"{prose()}<p>{last}</p>")).text == "\n".join((*PROSE, last))


def test_a_lead_that_is_nowhere_shown_is_the_description_in_a_portal_only() -> None:
    info = '<div class="news-info"><span class="time">17:30 02/11/2026</span></div>'
    head = '<head><meta property="og:description" content="Ba tháng không in."></head>'
    body = f'<h1 class="detail-title">Họp</h1>{info}<div class="afcbc-body">{prose()}</div>'
    portal = article(f"<html>{head}<body>{body}</body></html>")
    assert (portal.layout, portal.content.lead) == ("vccorp/portal", "Ba tháng không in.")
    assert portal.content.published_at is not None
    assert to_shown(portal.content.published_at) == "2026-11-02T17:30:00+07:00"
    assert content(f"<html>{head}<body>{vccorp(prose())}</body></html>").lead == ""
