"""The two templates of ONECMS, in the ways in which their markup varies."""

from __future__ import annotations

import unicodedata

import pytest

from hanoiwatch.clock import to_shown
from hanoiwatch.model import Image
from tests.unit.extract.pages import PROSE, article, content, new_onecms, nothing, old_onecms, prose

TRAP = '<meta property="article:published_time" content="9/5/2026 10:17:01 PM">'


@pytest.mark.parametrize("container", ["article", "div", "section"])
def test_the_container_may_be_any_element(container: str) -> None:
    read = article(new_onecms(prose(), container=container))
    assert read.layout == "onecms/new"
    assert tuple(block.text for block in read.content.blocks) == PROSE
    assert read.content.lead == "Ba tháng không in tài liệu."


SHOWN = (
    "05/09/2026 - 22:17", "05/09/2026 22:17", "Thứ bảy, 05/09/2026 - 22:17", "22:17 05/09/2026",
    "05-09-2026 22:17",
)  # fmt: skip


@pytest.mark.parametrize("span", SHOWN)
@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        ("", "00"),
        (TRAP, "01"),  # the same minute, read as month, day, year: so it is that
        (TRAP.replace("10:17", "10:18"), "00"),
        (TRAP.replace("9/5", "5/9"), "00"),
    ],
)
def test_the_visible_time_is_taken_and_of_a_us_order_meta_only_the_seconds_of_that_minute(
    span: str, head: str, seconds: str
) -> None:
    header = f'<span class="sc-longform-header-date block-sc-publish-time">{span}</span>'
    published = content(new_onecms(prose(), header=header, head=head)).published_at
    assert published is not None
    assert to_shown(published) == f"2026-09-05T22:17:{seconds}+07:00"


def test_without_a_visible_time_json_ld_comes_before_the_meta_and_the_meta_before_nothing() -> None:
    json_ld = """<script type="application/ld+json">{"@type": "NewsArticle",
        "datePublished": "2026-09-05T22:17:09+07:00"}</script>"""
    by_json = content(new_onecms(prose(), head=TRAP + json_ld)).published_at
    by_meta = content(new_onecms(prose(), head=TRAP)).published_at
    assert by_json is not None
    assert by_meta is not None
    assert to_shown(by_json) == "2026-09-05T22:17:09+07:00"
    assert to_shown(by_meta) == "2026-09-05T22:17:01+07:00"
    assert content(new_onecms(prose())).published_at is None


@pytest.mark.parametrize("tag", ["b", "strong"])
@pytest.mark.parametrize(
    "wrap", ["<p>{}</p>", "{}", "<p style='text-align:justify'>{}</p>", "<div>{}</div>"]
)
def test_the_old_template_has_its_lead_in_the_first_bold_line(tag: str, wrap: str) -> None:
    lead = "Sau ba tháng bỏ hẳn tài liệu in, phường tiết kiệm gần 40 triệu đồng, người dân mừng."
    picture = '<figure class="expNoEdit"><img src="/a.jpg"></figure>'
    bold = wrap.format(f"<{tag}>{lead}</{tag}>")
    for body in (bold + prose(), picture + bold + prose()):
        read = article(old_onecms(body))
        assert read.layout == "onecms/old"
        assert read.content.lead == lead
        assert read.content.text == "\n".join(PROSE)


def test_a_bold_lead_set_into_the_first_paragraph_is_parted_from_it() -> None:
    lead = "Sau ba tháng bỏ hẳn tài liệu in, phường tiết kiệm gần 40 triệu đồng, người dân mừng."
    body = f"<p><b>{lead}</b><br>{PROSE[0]}</p><p>{PROSE[1]}</p>"
    said = content(old_onecms(body))
    assert (said.lead, said.text) == (lead, "\n".join(PROSE[:2]))


def test_a_short_bold_line_is_a_heading_and_a_bold_word_is_text() -> None:
    body = f"{prose()}<p><b>Chưa thể áp dụng cho mọi việc</b></p><p><b>Nay</b> {PROSE[0]}</p>"
    blocks = content(new_onecms(body)).blocks
    assert (blocks[-2].kind, blocks[-1].kind) == ("heading", "paragraph")


@pytest.mark.parametrize(
    "figure",
    [
        '<figure class="image">{i}<figcaption><i>{c}</i></figcaption></figure>',
        '<figure class="expNoEdit">{l}<figcaption>{c}</figcaption></figure>',
        '<figure><a href="/">{i}</a><figcaption>Cầu mới. <i>Ảnh: Hà Vũ</i></figcaption></figure>',
        "<figure>{i}<figcaption><p>Cầu mới.</p><p>Ảnh: Hà Vũ</p></figcaption></figure>",
        "<figure><picture>{s}</picture><figcaption>Cầu mới. (Ảnh: Hà Vũ)</figcaption></figure>",
        '<div class="image">{i}<p class="caption">{c}</p></div>',
        '<p align="center">{i}</p><p align="center"><em>{c}</em></p>',
        "<p>{i}</p><p>{c}</p>",
        "<p>{i}<br>{c}</p>",
        '<table class="picture"><tr><td>{i}</td></tr><tr><td>{c}</td></tr></table>',
        '<figure>{i}<figcaption>Cầu mới. <b class="author">Hà Vũ</b></figcaption></figure>',
    ],
)  # fmt: skip
def test_captions_and_credits_are_parted_and_kept_out_of_the_text(figure: str) -> None:
    url = "https://sn.cdn.example/2026/9/5/cau-moi.jpg"
    marked = figure.format(
        i=f'<img src="{url}">',
        l=f'<img data-src="{url}" src="/images/blank.gif">',
        s=f'<source srcset="{url}"><img src="data:image/gif;base64,R0lGOD">',
        c="Cầu mới. Ảnh: Hà Vũ",
    )
    said = content(new_onecms(f"<p>{PROSE[0]}</p>{marked}<p>{PROSE[1]}</p>"))
    assert said.images[0].caption.rstrip(" .") == "Cầu mới"
    assert (said.images[0].url, said.images[0].credit) == (url, "Hà Vũ")
    assert [block.kind for block in said.blocks] == ["paragraph", "image", "paragraph"]
    assert said.text == "\n".join(PROSE[:2])
    assert said.photographers == ("Hà Vũ",)


def test_the_lead_image_of_the_header_comes_first_and_once() -> None:
    media = """<div class="sc-longform-header-media"><figure><img src="//sn.cdn.example/a.jpg">
        <figcaption>Phòng họp. Ảnh: Hà Vũ</figcaption></figure></div>"""
    again = '<figure><img src="https://sn.cdn.example/a.jpg"></figure>'
    said = content(new_onecms(prose() + again, header=media))
    assert said.images == (
        Image(url="https://sn.cdn.example/a.jpg", caption="Phòng họp.", credit="Hà Vũ"),
    )
    assert said.blocks[0].image == 0
    assert said.text == "\n".join(PROSE)


@pytest.mark.parametrize(
    "noise",
    [
        '<div class="c-box" id="ads_after_sapo_1"><a href="/qc">Mua nhà ven sông</a></div>',
        '<div class="c-box"><p>Quảng cáo</p></div>',
        "<p>Quảng cáo</p>",
        '<div class="c-related-posts"><h3>Bài liên quan</h3><a href="/b">Bài khác</a></div>',
        '<ul class="list"><li><a href="/b-1.html">Một bài khác đã đăng hôm qua</a></li></ul>',
        '<p>&gt;&gt; <a href="/b-1.html">Một bài khác đã đăng hôm qua</a></p>',
        '<p>Xem thêm: <a href="/b-1.html">Một bài khác đã đăng hôm qua</a></p>',
        '<p><a href="/b-1.html"><strong>Một bài khác đã đăng hôm qua</strong></a></p>',
        '<div class="c-share-detail">Chia sẻ <a href="#">Facebook</a></div>',
        '<div class="c-comments onecms__comments"><p>Bài hay quá, cảm ơn báo.</p></div>',
        '<div class="c-tags"><ul><li><a href="/x-ptag.html">họp</a></li></ul></div>',
        '<div class="c-audio"><button>Nghe</button><span>04:12</span></div>',
        '<div class="sc-empty-layer"></div><p>&nbsp;</p><p>***</p>',
        "<script>var x = 'chữ trong mã';</script><style>p{}</style><iframe src='/v'></iframe>",
        '<div style="display:none">Bản nháp chưa duyệt</div><!-- <p>bản cũ</p> -->',
        "<p><i>© Báo Sông Nhuệ. Ghi rõ nguồn khi phát hành lại.</i></p>",
        '<video src="/v.mp4">Trình duyệt không hỗ trợ</video>',
    ],
)  # fmt: skip
def test_what_is_no_article_stays_out(noise: str) -> None:
    middle = f"<p>{PROSE[0]}</p><p>{PROSE[1]}</p>{noise}<p>{PROSE[2]}</p>"
    end = f"<p>{PROSE[0]}</p><p>{PROSE[1]}</p><p>{PROSE[2]}</p>{noise}"
    if "©" not in noise:  # a notice stands at the end only
        assert content(new_onecms(middle)).text == "\n".join(PROSE[:3])
    said = content(new_onecms(end))
    assert (said.text, said.images) == ("\n".join(PROSE[:3]), ())


def test_lists_quotes_tables_and_insets_are_blocks_of_their_kind() -> None:
    body = f"""<p>{PROSE[0]}</p><ul><li>Một</li><li>Hai <b>ba</b></li></ul>
        <blockquote><p>Lời một.</p><p>Lời hai.</p></blockquote>
        <table><tr><th>Phường</th><th>Số</th></tr><tr><td>Láng</td><td>12</td></tr></table>
        <div class="sc-hightlight-box"><p><b>Con số</b></p><p>41 cuộc họp.</p></div>
        <h3>Còn lại</h3><p>{PROSE[1]}</p>"""
    assert [(block.kind, block.text) for block in content(new_onecms(body)).blocks] == [
        ("paragraph", PROSE[0]),
        ("list", "Một\nHai ba"),
        ("quote", "Lời một.\nLời hai."),
        ("table", "Phường\tSố\nLáng\t12"),
        ("inset", "Con số\n41 cuộc họp."),
        ("heading", "Còn lại"),
        ("paragraph", PROSE[1]),
    ]


def test_a_list_in_a_list_and_the_words_under_a_table_are_said_once() -> None:
    body = f"""<p>{PROSE[0]}</p><ul><li>Mục hai<ul><li>Mục con</li></ul></li></ul>
        <figure><table><tr><td>Láng</td><td>12</td></tr></table>
        <figcaption>Số hồ sơ trong tháng</figcaption></figure><p>{PROSE[1]}</p>"""
    assert [(block.kind, block.text) for block in content(new_onecms(body)).blocks[1:-1]] == [
        ("list", "Mục hai\nMục con"),
        ("table", "Láng\t12"),
        ("paragraph", "Số hồ sơ trong tháng"),
    ]


@pytest.mark.parametrize(
    ("line", "byline", "source"),
    [
        ('<p style="text-align:right"><b>Hà Vũ</b></p>', ("Hà Vũ",), None),
        ('<p align="right">Hà Vũ - Đỗ Nam</p>', ("Hà Vũ", "Đỗ Nam"), None),
        ("<p><strong>HÀ VŨ</strong></p>", ("HÀ VŨ",), None),
        ("<p>Hà Vũ</p>", ("Hà Vũ",), None),
        ('<p class="author">Hà Vũ</p>', ("Hà Vũ",), None),
        ("<p><em>Bài, ảnh: Hà Vũ</em></p>", ("Hà Vũ",), None),
        ('<p style="text-align:right">Theo Báo Bãi Giữa</p>', (), "Báo Bãi Giữa"),
        ("<p>(Theo TTXVN)</p>", (), "TTXVN"),
        ('<p style="text-align:right"><b>Hà Vũ</b></p><p>(Theo TTXVN)</p>', ("Hà Vũ",), "TTXVN"),
    ],
)
def test_a_signature_under_the_text_is_byline_and_no_text(
    line: str, byline: tuple[str, ...], source: str | None
) -> None:
    said = content(new_onecms(prose() + line))
    assert (said.byline, said.original_source) == (byline, source)
    assert said.text == "\n".join(PROSE)


@pytest.mark.parametrize(
    "line", ["Ông Nam nói vậy.", "“Thế là xong”", "Hôm nay trời mưa", "Năm 2026", "Còn nữa..."]
)
def test_a_short_last_sentence_is_text(line: str) -> None:
    said = content(new_onecms(f"{prose()}<p>{line}</p>"))
    assert said.blocks[-1].text == line
    assert said.byline == ()


def test_a_lead_in_two_paragraphs_is_one_lead() -> None:
    header = '<p class="sc-longform-header-sapo block-sc-sapo">HNM - Phường bỏ giấy tờ.</p>'
    said = content(new_onecms(prose(), header=header))
    assert (said.lead_prefix, said.lead) == (
        "HNM -",
        "Phường bỏ giấy tờ. Ba tháng không in tài liệu.",
    )
    assert said.text == "\n".join(PROSE)


def test_a_link_that_nobody_ended_takes_no_text_away() -> None:
    body = f'<div><a href="/x"><p>{PROSE[0]}</p><p>{PROSE[1]} {PROSE[2]}</p></a></div>'
    assert "\n".join(PROSE[1:3]).replace("\n", " ") in content(new_onecms(body)).text


def test_the_name_of_the_paper_is_no_byline() -> None:
    header = '<span class="sc-longform-header-author">Báo Sông Nhuệ</span>'
    said = content(new_onecms(f"{prose()}<p style='text-align:right'>Hà Vũ</p>", header=header))
    assert said.byline == ("Hà Vũ",)
    assert content(new_onecms(prose(), header=header)).byline == ()


def test_text_is_composed_whatever_the_page_typed() -> None:
    decomposed = unicodedata.normalize("NFD", new_onecms(prose())).replace(" ", "\u00a0", 0)
    said = content(decomposed)
    assert said.title == "Phường họp không giấy"
    assert said.text == "\n".join(PROSE)


def test_the_reprint_box_under_the_text_names_the_source() -> None:
    box = '<div class="c-author-page"><p>Theo Báo Bãi Giữa</p><a id="url-copy">Copy Link</a></div>'
    assert content(new_onecms(prose(), after=box)).original_source == "Báo Bãi Giữa"
    assert content(new_onecms(prose() + box)).original_source == "Báo Bãi Giữa"


def test_paragraphs_that_repeat_title_or_lead_are_no_text() -> None:
    repeated = "<h2>Phường họp không giấy</h2><p>Ba tháng không in tài liệu.</p>"
    assert content(new_onecms(repeated + prose())).text == "\n".join(PROSE)


def test_an_empty_container_is_empty_and_a_teaser_before_a_login_is_login() -> None:
    assert nothing(new_onecms("")) == "empty"
    assert nothing(new_onecms("<p>Mở đầu.</p><p>Bạn cần đăng nhập để xem tiếp.</p>")) == "login"
