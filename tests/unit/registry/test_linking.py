"""Linking rule by rule; how well the rules serve together is in tests/eval/test_linking.py."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.registry.linked import bodies, links, officials, topics

DUNG, THANH = "dinh-tien-dung", "tran-sy-thanh"


# --- names and titles ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Bí thư Thành ủy Đinh Tiến Dũng dự họp.", "name-after-post"),
        ("Đinh Tiến Dũng, Bí thư Thành ủy, dự họp.", "name-before-post"),
        ("Ông Đinh Tiến Dũng - Bí thư Thành ủy - dự họp.", "name-before-post"),
        ("Đinh Tiến Dũng (Bí thư Thành ủy) dự họp.", "name-before-post"),
        ("Ông Đinh Tiến Dũng là Bí thư Thành ủy.", "name-before-post"),
        ("Đinh Tiến Dũng\tBí thư Thành ủy", "name-before-post"),
        ("Bí thư Thành ủy, đồng chí Đinh Tiến Dũng.", "name-after-post"),
        ("Đồng chí Đinh Tiến Dũng dự họp.", "name-in-hanoi-article"),
    ],
)
def test_a_name_is_bound_by_the_title_beside_it(text: str, rule: str) -> None:
    (official,) = links(text).officials
    assert official.id == DUNG
    mention = next(one for one in official.mentions if one.text == "Đinh Tiến Dũng")
    assert mention.rule == rule
    assert text[mention.start : mention.end] == "Đinh Tiến Dũng"


def test_all_titles_of_a_chain_go_to_the_one_name() -> None:
    found = officials("Phó Bí thư Thành ủy, Chủ tịch UBND thành phố Trần Sỹ Thanh dự họp.")
    assert found == {THANH: ["Trần Sỹ Thanh"]}


def test_a_title_between_two_names_goes_to_who_held_it() -> None:
    found = links("Dự có Đinh Tiến Dũng, Bí thư Thành ủy, Trần Sỹ Thanh, Chủ tịch UBND thành phố.")
    assert {one.id: one.post for one in found.officials} == {
        DUNG: "Bí thư Thành ủy Hà Nội",
        THANH: "Chủ tịch UBND thành phố",
    }


def test_two_posts_joined_by_and_are_of_two_people() -> None:
    text = "Bí thư Thành ủy và Chủ tịch UBND thành phố Trần Sỹ Thanh cùng dự."
    assert officials(text) == {DUNG: ["Bí thư Thành ủy"], THANH: ["Trần Sỹ Thanh"]}


def test_an_official_is_given_the_posts_of_the_day_the_highest_first() -> None:
    (official,) = links("Chủ tịch UBND thành phố Trần Sỹ Thanh dự họp.").officials
    assert official.post_ids == ("pbt-thanh-uy", "ct-ubnd")
    assert official.posts == ("Phó Bí thư Thành ủy", "Chủ tịch UBND thành phố")
    assert official.post == "Chủ tịch UBND thành phố"


def test_after_the_registry_ends_only_the_posts_that_the_article_names_are_given() -> None:
    (official,) = links("Chủ tịch UBND thành phố Vũ Đại Thắng dự họp.", "2026-06-01").officials
    assert official.post_ids == ("ct-ubnd",)


def test_a_former_holder_is_linked_without_a_post_of_the_day() -> None:
    text = "Nguyên Chủ tịch UBND thành phố Nguyễn Đức Chung nói."
    (official,) = links(text, "2023-05-05").officials
    assert official.id == "nguyen-duc-chung"
    assert official.posts == ()
    assert official.mentions[0].rule == "former-name-after-post"


@pytest.mark.parametrize("name", ["Trần Sĩ Thanh", "TRẦN SỸ THANH", "Trần Sỹ Thanh"])
def test_spellings_of_a_name_mean_the_same_person(name: str) -> None:
    assert officials(f"Chủ tịch UBND thành phố {name} nói.") == {THANH: [name]}


def test_text_that_is_not_nfc_is_linked_at_the_places_of_its_nfc() -> None:
    text = "Bí thư Thành uỷ Đinh Tiến Dũng dự họp."
    (official,) = links(unicodedata.normalize("NFD", text)).officials
    (mention,) = official.mentions
    assert text[mention.start : mention.end] == mention.text == "Đinh Tiến Dũng"


def test_a_name_of_small_letters_is_no_name() -> None:
    assert officials("trần sỹ thanh dự họp") == {}


@pytest.mark.parametrize(
    ("text", "day", "who"),
    [
        # a namesake by gender, by walk of life, by another place
        ("Bà Trần Sỹ Thanh, Chủ tịch UBND thành phố.", "2024-04-10", []),
        ("Anh Lê Hồng Sơn bán phở ở Hà Nội.", "2024-04-10", []),
        ("Ông Lê Hồng Sơn, 52 tuổi, bán phở ở Hà Nội.", "2024-04-10", []),
        ("Ông Lê Hồng Sơn, Phó Chủ tịch UBND tỉnh Nghệ An.", "2024-04-10", []),
        ("Bộ trưởng Bộ Tài chính Nguyễn Văn Thắng.", "2025-12-10", []),
        ("Phố Nguyễn Văn Phong ở Hà Nội.", "2024-04-10", []),
        ("Phó Chủ tịch Quốc hội Lê Hồng Sơn nói ở Hà Nội.", "2024-04-10", []),
        # a name that many have
        ("Ông Nguyễn Văn Phong nói ở Hà Nội.", "2024-04-10", []),
        ("Đồng chí Nguyễn Văn Phong nói ở Hà Nội.", "2024-04-10", ["nguyen-van-phong"]),
        ("Chủ tịch Nguyễn Văn Thắng nói ở Hà Nội.", "2025-12-10", []),
        ("Phó Giám đốc Sở Du lịch Nguyễn Văn Phong.", "2024-04-10", []),
        ("Phó Chủ tịch LĐLĐ thành phố Nguyễn Văn Thắng.", "2025-12-10", ["nguyen-van-thang"]),
        # beside a post that the registry does not give them
        ("Phó Giám đốc Sở Du lịch Trương Việt Dũng.", "2024-04-10", ["truong-viet-dung"]),
        ("Bí thư Tỉnh ủy Quảng Ninh Vũ Đại Thắng.", "2025-10-10", ["vu-dai-thang"]),
        ("Giám đốc Sở Y tế Quảng Ninh Nguyễn Trọng Diện.", "2025-10-10", ["nguyen-trong-dien"]),
        # a misspelling, with and without the post
        ("Phó Chủ tịch UBND thành phố Dương Quốc Tuấn.", "2024-04-10", ["duong-duc-tuan"]),
        ("Ông Dương Quốc Tuấn nói ở Hà Nội.", "2024-04-10", []),
        # no day
        ("Bí thư Thành ủy Hoàng Trung Hải.", None, ["hoang-trung-hai"]),
        # a post taken long ago is no longer new
        ("Tân Bí thư Thành ủy Hà Nội nói.", "2024-07-20", ["bui-thi-minh-hoai"]),
        ("Tân Bí thư Thành ủy Hà Nội nói.", "2025-07-20", []),
    ],
)
def test_namesakes_are_told_apart_and_left_out_rather_than_guessed(
    text: str, day: str | None, who: list[str]
) -> None:
    assert list(officials(text, day)) == who


def test_an_article_without_hanoi_links_a_bare_name_only_where_it_is_addressed() -> None:
    assert list(officials("Ông Hà Minh Hải nói.", of_hanoi=False)) == ["ha-minh-hai"]
    assert officials("Hà Minh Hải nói.", of_hanoi=False) == {}


# --- what the article bound before --------------------------------------------------------


def test_a_short_name_is_who_was_named_before_it() -> None:
    text = "Ông Dũng đến sớm. Bí thư Thành ủy Đinh Tiến Dũng dự họp. Ông Dũng nói; bà Dũng nghe."
    assert officials(text) == {DUNG: ["Đinh Tiến Dũng", "Ông Dũng"]}


def test_a_short_name_of_two_people_is_nobody() -> None:
    text = "Bí thư Thành ủy Đinh Tiến Dũng gặp ông Trương Việt Dũng. Ông Dũng nói."
    assert "Ông Dũng" not in [word for words in officials(text).values() for word in words]


def test_a_post_that_the_article_gave_to_somebody_unknown_is_not_the_registrys_holder() -> None:
    text = "Chủ tịch UBND thành phố Hoàng Văn Mẫu dự. Chủ tịch UBND thành phố nói."
    assert officials(text) == {}


def test_a_post_again_means_whom_the_article_named_by_it_even_after_the_registry_ends() -> None:
    text = "Chủ tịch UBND thành phố Vũ Đại Thắng dự. Chủ tịch UBND thành phố nói."
    found = officials(text, "2027-01-01")
    assert found == {"vu-dai-thang": ["Vũ Đại Thắng", "Chủ tịch UBND thành phố"]}


# --- a post alone -------------------------------------------------------------------------

ALONE = "Chủ tịch UBND thành phố Hà Nội giao các sở báo cáo."


@pytest.mark.parametrize(
    ("day", "who"),
    [
        ("2020-03-01", "nguyen-duc-chung"),
        ("2024-04-10", THANH),
        ("2025-12-01", "vu-dai-thang"),
        ("2022-06-20", None),
        ("2026-03-01", None),
        (None, None),
    ],
)
def test_a_post_alone_is_its_holder_of_the_day(day: str | None, who: str | None) -> None:
    assert list(officials(ALONE, day)) == ([who] if who else [])


def test_a_post_alone_is_nobody_where_the_day_may_be_before_a_change() -> None:
    assert officials(ALONE, "2025-12-05", exact=False) == {}
    assert list(officials(ALONE, "2026-01-10", exact=False)) == ["vu-dai-thang"]


@pytest.mark.parametrize(
    "before",
    ["nguyên ", "cựu ", "quyền ", "các ", "chức danh ", "giữ chức ", "Phó "],
)
def test_words_before_a_post_make_it_another_thing(before: str) -> None:
    assert officials(f"Hà Nội: {before}Chủ tịch UBND thành phố Hà Nội được nhắc tới.") == {}


@pytest.mark.parametrize(
    "post",
    [
        "Phó Chủ tịch UBND thành phố Hà Nội",
        "Giám đốc Sở Tư pháp Hà Nội",
        "Chủ tịch UBND quận Ba Đình",
        "Chủ tịch UBND TP Hồ Chí Minh",
        "Chủ tịch UBND tỉnh Hòa Bình",
        "Bí thư Thành ủy Hải Phòng",
        "Bí thư Đảng ủy phường Ba Đình",
    ],
)
def test_posts_of_several_seats_low_confidence_or_other_places_are_nobody(post: str) -> None:
    assert officials(f"{post} trả lời báo chí.") == {}


# --- bodies -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("UBND TP.Hà Nội", "ubnd"),
        ("UBND T.P Hà Nội", "ubnd"),
        ("Ủy ban Nhân dân Thành phố", "ubnd"),
        ("Ủy ban nhân dân (UBND) thành phố Hà Nội", "ubnd"),
        ("Hội đồng nhân dân (HĐND) TP", "hdnd"),
        ("Hội đồng nhân dân TP", "hdnd"),
        ("Sở GD&ĐT", "so-gddt"),
        ("Sở GD-ĐT Hà Nội", "so-gddt"),
        ("Sở GDĐT", "so-gddt"),
        ("Sở Giáo dục - Đào tạo", "so-gddt"),
        ("Sở LĐ-TB&XH", "so-ldtbxh"),
        ("Sở LĐTBXH", "so-ldtbxh"),
        ("Sở NN&PTNT", "so-nnptnt"),
        ("Sở Quy hoạch và Kiến trúc", "so-qhkt"),
        ("UBKT Thành ủy", "ubkt-thanh-uy"),
        ("BTV Thành ủy", "ban-thuong-vu-thanh-uy"),
        ("Công an TP Hà Nội", "cong-an"),
        ("CATP Hà Nội", "cong-an"),
        ("BTL Thủ đô Hà Nội", "btl-thu-do"),
        ("Ủy ban MTTQ Việt Nam TP Hà Nội", "mttq"),
        ("Quận ủy Ba Đình", "quan-ba-dinh"),
        ("UBND Q.Ba Đình", "quan-ba-dinh"),
        ("Công an huyện Đông Anh", "huyen-dong-anh"),
    ],
)
def test_a_body_is_known_by_each_way_to_write_it(words: str, body: str) -> None:
    assert bodies(f"Đại diện {words} cho biết.") == {body: [words]}


@pytest.mark.parametrize(
    "words",
    ["cơ sở y tế", "Thành ủy Đà Nẵng", "Sở Y tế Nghệ An", "UBND tỉnh Hà Giang", "UBND phường Lạ",
     "Công an thành phố Thủ Đức", "Thành ủy TP.HCM", "chính phủ điện tử"],
)  # fmt: skip
def test_what_only_sounds_like_a_body_of_hanoi_is_none(words: str) -> None:
    assert bodies(f"Đại diện {words} cho biết.") == {}


def test_short_names_count_only_in_an_article_about_hanoi() -> None:
    text = "Sở Xây dựng và Thành ủy đã họp."
    assert set(bodies(text)) == {"so-xay-dung", "thanh-uy"}
    assert bodies(text, of_hanoi=False) == {}
    assert set(bodies(text, of_hanoi=False, title="Hà Nội họp")) == {"so-xay-dung", "thanh-uy"}
    assert bodies(text, title="Quảng Ninh họp") == {}


def test_offices_in_a_row_are_of_the_same_place() -> None:
    assert bodies("HĐND, UBND quận Ba Đình họp.") == {"quan-ba-dinh": ["HĐND", "UBND quận Ba Đình"]}
    assert set(bodies("HĐND và UBND thành phố họp.")) == {"hdnd", "ubnd"}


def test_a_row_of_areas_may_end_the_text() -> None:
    found = bodies("Các huyện Gia Lâm, Đông Anh và Sóc Sơn", "2024-05-05")
    assert list(found) == ["huyen-gia-lam", "huyen-dong-anh", "huyen-soc-son"]
    assert list(bodies("các quận Ba Đình, Hai", "2024-05-05")) == ["quan-ba-dinh"]


def test_wards_are_of_july_2025_and_districts_of_before_by_their_kind() -> None:
    text = "UBND quận Ba Đình (cũ) bàn giao cho UBND phường Ba Đình."
    assert set(bodies(text, "2025-07-10")) == {"quan-ba-dinh", "phuong-ba-dinh"}
    assert set(bodies(text, "2024-07-10")) == {"quan-ba-dinh"}


def test_a_department_is_the_one_of_its_name() -> None:
    assert list(bodies("Sở Giao thông vận tải họp.", "2024-05-05")) == ["so-gtvt"]
    assert list(bodies("Sở Xây dựng họp.", "2025-05-05")) == ["so-xay-dung"]


def test_the_longest_name_counts_and_a_title_names_its_body() -> None:
    found = bodies("Trưởng ban Tổ chức Thành ủy Vũ Đức Bảo dự.")
    assert found == {"ban-to-chuc-thanh-uy": ["ban Tổ chức Thành ủy"]}


# --- topics -------------------------------------------------------------------------------


def test_a_phrase_is_found_whatever_punctuation_stands_in_it() -> None:
    assert topics("Hội nghị bàn về sắp xếp, tổ chức bộ máy của thành phố.") == ["sap-xep-bo-may"]


def test_the_parts_of_a_phrase_stand_in_order_within_one_sentence() -> None:
    near = "Thành phố sắp xếp lại toàn bộ các bộ máy."
    assert topics(near) == ["sap-xep-bo-may"]
    assert topics("Bộ máy chạy êm. Hàng ghế được sắp xếp.") == []
    assert topics("Xe được sắp xếp gọn. Bộ máy chạy êm.") == []


def test_one_word_in_passing_is_no_topic_of_a_long_article() -> None:
    filler = "Các em nhỏ trong xóm kể chuyện cũ và hát cho nhau nghe mỗi tối. " * 60
    assert topics(f"{filler}\nCó người nhắc tới đầu tư công.") == []
    assert topics(filler, title="Đầu tư công và những đứa trẻ") == ["dau-tu-cong"]


def test_a_topic_beside_one_that_weighs_four_times_as_much_is_in_passing() -> None:
    text = "Hội nghị bàn về đầu tư công, giải ngân vốn, dự án trọng điểm.\nCó ý kiến về học phí."
    assert topics(text, title="Đầu tư công tăng tốc", lead="Đầu tư công đạt 90%.") == [
        "dau-tu-cong"
    ]


def test_the_name_of_a_body_or_a_title_is_no_topic() -> None:
    assert topics("Sở Giáo dục và Đào tạo, Sở Y tế, Ủy ban Kiểm tra Thành ủy đã dự.") == []


def test_a_phrase_within_a_longer_one_of_another_topic_does_not_count() -> None:
    assert topics("Chỉ số cải cách hành chính vừa được công bố.") == ["chi-so-pci-par"]


# --- where nothing is linked from ---------------------------------------------------------


def test_empty_articles_have_no_links() -> None:
    found = links("")
    assert (found.officials, found.bodies, found.topics) == ((), (), ())


def test_captions_say_which_image_they_belong_to() -> None:
    found = links("Ảnh.", captions=("Quang cảnh.", "Bí thư Thành ủy Đinh Tiến Dũng phát biểu."))
    (mention,) = found.officials[0].mentions
    assert (mention.field, mention.item) == ("caption", 1)


SAID = (
    "Bí thư Thành ủy", "Chủ tịch UBND thành phố", "Đinh Tiến Dũng", "Trần Sỹ Thanh", "ông",
    "Ông Dũng", ",", ".", " - ", "(", ")", "và", "nguyên", "Hải Phòng", "UBND", "HĐND",
    "quận Ba Đình", "Tây Hồ", "các phường", "Cửa Nam", "Hai Bà", "T.Ư", "đ/c", "TP.", "\n", ";",
    "đầu tư công", "Q.", "Sở", "các sở", "Nội vụ", "Tài chính", "Giám đốc", "trung tâm", "các ban",
    "Ban Tổ chức", "Thành ủy", "Trưởng Ban", "người được giao", "nữ", "Đồng chí Phó Chủ tịch",
    "Hà Nội", "1-3", "“",
)  # fmt: skip
WORDS = st.sampled_from(SAID)


@given(st.lists(WORDS, max_size=25), st.sampled_from([" ", "", "  "]))
def test_every_mention_is_where_it_says_whatever_the_text(words: list[str], gap: str) -> None:
    text = gap.join(words)
    found = links(text)
    said = "\n".join(text.split("\n"))
    for link in (*found.officials, *found.bodies, *found.topics):
        for mention in link.mentions:
            assert said[mention.start : mention.end] == mention.text != ""


DENSE = (
    "Bí thư Thành ủy Đinh Tiến Dũng và Chủ tịch UBND TP Hải Phòng, HĐND, UBND quận Ba Đình, ông "
    "Dũng, Nguyễn Văn Mới, Phó Giám đốc Sở Y tế Lê Văn Thử, đầu tư công, sắp xếp bộ máy, "
)


def test_what_linking_costs_grows_with_the_text() -> None:
    """Four times the text, all names, costs four times as much, not sixteen times."""

    def cost(times: int) -> float:
        start = time.process_time()
        links(DENSE * times)
        return time.process_time() - start

    cost(10)
    # the two one after the other, each time: what else the machine does slows both alike
    assert any(cost(400) <= 9 * cost(100) for _ in range(6))
