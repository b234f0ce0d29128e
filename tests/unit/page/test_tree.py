from __future__ import annotations

import pytest

from hanoiwatch.page.tree import lines_of, parse_html, text_of, tidy


def root(html: str):
    parsed = parse_html(html)
    assert parsed is not None
    return parsed


def test_text_is_composed_and_single_spaced() -> None:
    assert tidy("  Ha\u0300 No\u0323\u0302i\u00a0\u200b \n mới ") == "Hà Nội mới"


def test_blocks_and_breaks_part_lines_and_inline_tags_do_not() -> None:
    html = "<div>Một <b>hai</b> ba<p>bốn<br>năm</p>sáu<ul><li>bảy</li><li>tám</li></ul></div>"
    assert lines_of(root(html)) == ["Một hai ba", "bốn", "năm", "sáu", "bảy", "tám"]
    assert text_of(root(html)) == "Một hai ba bốn năm sáu bảy tám"


def test_scripts_styles_and_skipped_elements_are_silent() -> None:
    tree = root("<div>a<script>b</script><style>c</style><noscript>d</noscript><i>e</i>f</div>")
    assert lines_of(tree) == ["aef"]
    assert lines_of(tree, {next(tree.iter("i"))}) == ["af"]


def test_comments_are_gone_before_anything_reads_the_page() -> None:
    tree = root("<p>Nay<!-- bản nháp: 01/01/2020 --> đăng</p><!--<h1>cũ</h1>-->")
    assert text_of(tree) == "Nay đăng"
    assert next(tree.iter("h1"), None) is None


def test_deep_nesting_loses_no_text() -> None:
    html = "<div>" * 1500 + "đáy" + "</div>" * 1500 + "<p>sau</p>"
    assert lines_of(root(html)) == ["đáy", "sau"]


@pytest.mark.parametrize("html", ["", "   ", "<!-- -->", "\x00\x00", "\ufeff"])
def test_a_page_without_anything_has_no_tree_or_an_empty_one(html: str) -> None:
    parsed = parse_html(html)
    assert parsed is None or lines_of(parsed) == []


def test_null_bytes_and_xml_declarations_do_not_stop_the_parser() -> None:
    html = '<?xml version="1.0" encoding="utf-16"?><html><body><p>Hà\x00 Nội</p></body></html>'
    assert lines_of(root(html)) == ["Hà Nội"]


def test_a_paragraph_stays_in_the_heading_it_was_written_in() -> None:
    page = root('<h2 class="sapo"><p>Ba máy quá hạn.</p></h2><p>Sáng 13-10, …</p>')
    assert [(one.tag, text_of(one)) for one in page.iter("h2", "p")] == [
        ("h2", "Ba máy quá hạn."), ("p", "Sáng 13-10, …"),
    ]  # fmt: skip


def test_an_empty_heading_takes_no_paragraph() -> None:
    page = root("<h2></h2><p>Sáng 13-10, …</p>")
    assert [(one.tag, text_of(one)) for one in page.iter("h2", "p")] == [
        ("h2", ""), ("p", "Sáng 13-10, …"),
    ]  # fmt: skip
