"""Pages that hold no article, bare and dressed as one; and articles that talk of such pages."""

from __future__ import annotations

import pytest

from hanoiwatch.model import ReadArticle
from tests.unit.extract.pages import PROSE, nothing, reading

MENU = "".join(
    f'<li><a href="/{slug}">{name}</a></li>'
    for slug, name in {
        "chinh-tri": "Chính trị", "xa-hoi": "Xã hội", "do-thi": "Đô thị", "kinh-te": "Kinh tế",
        "van-hoa": "Văn hóa", "giao-duc": "Giáo dục", "y-te": "Y tế", "ban-doc": "Bạn đọc",
    }.items()
)  # fmt: skip
SIDE = "".join(
    f'<li><a href="/tin-so-{n}-12203{n:02d}.html">{PROSE[n % 4][:70]} ({n})</a></li>'
    for n in range(24)
)
TEASER = (
    "Chiều 18-11, gần ba mươi hộ bán hàng ở chợ đầu mối ký vào biên bản nhận chỗ mới.",
    "Người nhận sạp đầu tiên là một bà bán rau đã ngồi ở chợ cũ từ năm 1991.",
)


def dressed(inner: str, *, title: str = "Chợ đầu mối dời về phía nam", head: str = "",
            below: str = "") -> str:  # fmt: skip
    """A whole page of the paper: menus, side lists, footer, and an article's template."""
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title} - Báo Sông
        Nhuệ</title><meta property="og:site_name" content="Báo Sông Nhuệ">{head}</head><body>
        <header><a href="/">Báo Sông Nhuệ</a><a href="/dang-nhap">Đăng nhập</a>
        <nav><ul>{MENU}</ul></nav></header><main>
        <div class="c-detail-head"><h1 class="c-detail-head__title">{title}</h1>
        <span class="c-detail-head__time">18/11/2026 - 16:40</span></div>
        <div class="entry">{inner}</div>{below}
        <div class="c-comments"><p>Vui lòng đăng nhập để bình luận.</p></div></main>
        <aside><ul>{SIDE}</ul></aside><footer>Giấy phép số 12/GP-BTTTT. Ghi rõ nguồn khi phát lại.
        </footer></body></html>"""


def framed(inner: str, *, title: str = "Báo Sông Nhuệ") -> str:
    """The paper's frame around something that is in no article's template."""
    return f"""<html><head><title>{title}</title></head><body><header><nav><ul>{MENU}</ul></nav>
        </header><main>{inner}</main><aside><ul>{SIDE}</ul></aside></body></html>"""


def bare(inner: str, *, title: str = "") -> str:
    return f"<html><head><title>{title}</title></head><body>{inner}</body></html>"


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


CHALLENGES = {
    "cloudflare": bare(
        "<h1>songnhue.example</h1><h2>Performing security verification</h2><p>This website uses a "
        "security service to protect against malicious bots.</p>"
        '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>',
        title="Just a moment...",
    ),
    "cloudflare in Vietnamese": bare(
        "<h2>Đang xác minh kết nối của bạn</h2><p>songnhue.example cần kiểm tra tính bảo mật của "
        "kết nối trước khi tiếp tục.</p>", title="Chờ một chút...",
    ),
    "cloudflare block": bare(
        '<div id="cf-error-details"><h1>Sorry, you have been blocked</h1><p>You are unable to '
        "access songnhue.example</p></div>", title="Attention Required! | Cloudflare",
    ),
    "ddos-guard": bare(
        "<h1>Checking your browser before accessing songnhue.example</h1>"
        '<script src="/.well-known/ddos-guard/js-challenge/index.js"></script>', title="DDoS-Guard",
    ),
    "imperva": bare(
        '<iframe src="/_Incapsula_Resource?CWUDNSAI=23">Request unsuccessful. Incapsula incident '
        "ID: 1241000930</iframe>",
    ),
    "akamai": bare(
        "<h1>Access Denied</h1>You don't have permission to access this page on this server.<p>"
        "Reference #18.2d4c1602</p><p>https://errors.edgesuite.net/18.2d4c1602</p>",
        title="Access Denied",
    ),
    "datadome": bare(
        "<p>Vui lòng bật JS và tắt mọi trình chặn quảng cáo</p>"
        "<script>var dd={'host':'geo.captcha-delivery.com'}</script>", title="songnhue.example",
    ),
    "perimeterx": bare(
        '<div id="px-captcha"></div><p>Press & Hold to confirm you are a human.</p>',
        title="Access to this page has been denied",
    ),
    "d1n cookie": bare("", title="").replace(
        "<body>", '<script>document.cookie="D1N=5fd0a1"+"; path=/";location.reload(true);</script>'
        "<body>",
    ),
    "hosting firewall": bare(
        "<h1>Đang kiểm tra trình duyệt của bạn</h1><p>Hệ thống chống tấn công từ chối dịch vụ đang "
        "làm việc. Bạn sẽ được chuyển tới trang sau 5 giây.</p>", title="Firewall",
    ),
    "waf of a Vietnamese vendor": bare(
        "<h3>Yêu cầu của bạn đã bị chặn</h3><p>Yêu cầu chứa dấu hiệu tấn công. Mã sự cố: 7731-220."
        "</p><p>Bảo vệ bởi tường lửa ứng dụng web</p>", title="403",
    ),
    "too fast": bare(
        "<p>Bạn đang truy cập quá nhanh, xin thử lại sau ít phút.</p>", title="Thông báo",
    ),
    "challenge in the article's template": dressed(
        paragraphs("Hệ thống đang kiểm tra trình duyệt của bạn, xin chờ trong giây lát.")
    ),
    "robot question in the article's template": dressed(
        paragraphs("Vui lòng xác nhận bạn không phải robot để tiếp tục.") + "<form><input></form>"
    ),
}  # fmt: skip

LOGINS = {
    "wall after two sentences": dressed(
        paragraphs(*TEASER, "Đăng nhập để đọc tiếp bài viết này.")
    ),
    "wall in a box of its own": dressed(
        paragraphs(*TEASER) + '<div class="paywall"><h3>Bài viết dành cho bạn đọc đặt mua</h3>'
        "<p>Mua gói thành viên từ 39.000 đồng mỗi tháng.</p></div>"
    ),
    "wall below the container": dressed(
        paragraphs(*TEASER),
        below='<section class="lock"><p>Để đọc toàn bộ nội dung, mời bạn đăng nhập.</p></section>',
    ),
    "wall that only the data tells": dressed(
        paragraphs(*TEASER),
        head='<script type="application/ld+json">{"@type": "NewsArticle", '
        '"isAccessibleForFree": false}</script>',
    ),
    "sign in instead of the text": dressed(paragraphs("Vui lòng đăng nhập để xem nội dung này.")),
    "login form alone": bare(
        "<h1>Đăng nhập</h1><form><label>Tên đăng nhập</label><input></form>", title="Đăng nhập",
    ),
    "in other words, at the end": dressed(
        paragraphs(*TEASER, "Quý độc giả hãy đăng nhập tài khoản để xem hết phần còn lại.")
    ),
    "paid content": dressed(
        paragraphs(*TEASER), below="<div><b>Đây là nội dung có phí.</b><p>Đăng ký gói đọc báo để "
        "tiếp tục xem bài viết này.</p></div>",
    ),
    "read to the end of the allowance": dressed(
        paragraphs(TEASER[0], "Bạn đã đọc hết số bài miễn phí của tháng này.")
    ),
}  # fmt: skip

GONE = {
    "gone in the article's template": dressed(
        paragraphs("Bài viết đã bị gỡ hoặc không còn tồn tại."), title="Thông báo",
    ),
    "its title says it": dressed(
        paragraphs("Mời bạn xem các tin khác trên trang chủ."), title="Bài viết không tồn tại",
    ),
    "sorry": framed("<h1>Rất tiếc!</h1><p>Trang bạn tìm không tồn tại.</p>", title="Lỗi 404"),
    "no such content": bare("<p>Xin lỗi, nội dung bạn yêu cầu không còn trên hệ thống.</p>"),
    "in English": bare("<h2>This page could not be found.</h2>", title="404"),
}  # fmt: skip

REPAIRS = {
    "maintenance in the article's template": dressed(
        paragraphs("Hệ thống đang bảo trì, mời quý độc giả quay lại sau 6 giờ sáng."),
    ),
    "upgrade": bare("<p>Báo điện tử đang nâng cấp giao diện, xin quay lại sau.</p>"),
    "busy": bare("<h1>Máy chủ đang bận</h1><p>Xin thử lại sau ít phút.</p>", title="Thông báo"),
}  # fmt: skip

CONSENT = {
    "consent first": bare(
        "<h1>Trước khi tiếp tục</h1><p>Chúng tôi và đối tác sử dụng cookie để đo lượng đọc.</p>"
        "<button>Đồng ý</button><button>Từ chối</button>", title="Báo Sông Nhuệ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("html", CHALLENGES.values(), ids=CHALLENGES)
def test_a_challenge_is_none(html: str) -> None:
    assert nothing(html) == "challenge"


@pytest.mark.parametrize("html", LOGINS.values(), ids=LOGINS)
def test_a_login_wall_is_none(html: str) -> None:
    assert nothing(html) == "login"


@pytest.mark.parametrize("html", GONE.values(), ids=GONE)
def test_a_soft_404_is_none(html: str) -> None:
    assert nothing(html) == "not-found"


@pytest.mark.parametrize("html", REPAIRS.values(), ids=REPAIRS)
def test_a_page_under_repair_is_none(html: str) -> None:
    assert nothing(html) == "maintenance"


@pytest.mark.parametrize("html", CONSENT.values(), ids=CONSENT)
def test_a_consent_page_is_none(html: str) -> None:
    assert nothing(html) == "consent"


EMPTY = {
    "headings are all that is left": dressed("<h3>Người ở lại</h3><p>\u00a0</p><h3>Giá cũ</h3>"),
    "an empty container, and a long notice beside it": framed(
        '<h1>Chợ đầu mối dời về phía nam</h1><article class="entry"> </article>'
        f'<div class="c-comments">{paragraphs(*PROSE)}</div>'
    ),
    "nothing in the container": dressed(""),
    "the cover is all that is left": dressed(
        '<figure><img src="/a.jpg"><figcaption>Chợ cũ. Ảnh: Hà Vũ</figcaption></figure>'
    ),
    "the front page at an article's address": framed(f"<ul>{SIDE}</ul><ul>{SIDE}</ul>"),
}


@pytest.mark.parametrize("html", EMPTY.values(), ids=EMPTY)
def test_a_template_without_a_text_is_none(html: str) -> None:
    assert nothing(html) in {"empty", "list"}


ARTICLES = {
    "on a fault of a website": dressed(
        paragraphs(
            "Sáng 18-11, nhiều người mở cổng dịch vụ công chỉ thấy dòng “Hệ thống đang bảo trì” "
            "trên nền trắng.", *PROSE,
        ),
        title="Cổng dịch vụ công báo bảo trì giữa giờ làm việc",
    ),
    "brief, on results that one logs in for": dressed(
        paragraphs(
            "Sở Giáo dục và Đào tạo công bố điểm vào lúc 14 giờ hôm nay.",
            "Phụ huynh đăng nhập để xem kết quả của con trên cổng của Sở.",
        ),
        title="Công bố điểm thi thử lớp 9",
    ),
    "brief, on a post that was taken down": dressed(
        paragraphs(
            "Công an phường mời chủ tài khoản lên làm việc về tin bịa đặt dịch sởi ở một trường.",
            "Người này nhận sai và cho biết bài viết đã bị gỡ khỏi mạng xã hội ngay trong đêm.",
        ),
        title="Xử phạt người đăng tin sai về dịch sởi",
    ),
    "brief, on captchas": dressed(
        paragraphs(
            "Từ 1-12, người nộp hồ sơ trực tuyến phải nhập mã captcha ở bước cuối.",
            "Theo Sở Khoa học và Công nghệ, thay đổi này nhằm chặn phần mềm đặt lịch hộ.",
        ),
        title="Đặt lịch làm hộ chiếu thêm một bước xác minh",
    ),
    "brief, on a portal that shows plans": dressed(
        paragraphs(
            "Người dân đăng nhập cổng của Sở để xem toàn bộ nội dung quy hoạch từ sáng thứ hai.",
            "Sở nhận góp ý đến hết ngày 15-12, bằng thư hoặc tại bộ phận một cửa của phường.",
            "Bản vẽ khổ lớn được treo ở nhà văn hóa của bảy phường ven sông.",
        ),
        title="Công khai quy hoạch hai bên sông",
    ),
    "with an invitation to comment": dressed(paragraphs(*PROSE)),
    "free, and says so": dressed(
        paragraphs(*TEASER), head='<script type="application/ld+json">{"isAccessibleForFree": true}'
        "</script>",
    ),
    "brief, in a paper that has subscribers": dressed(
        paragraphs(*TEASER), below='<div class="share"><a href="#">Chia sẻ</a></div>'
    ),
    "an essay in pictures": dressed(
        "".join(
            f'<figure><img src="/{n}.jpg"><figcaption>{PROSE[n]} Ảnh: Hà Vũ</figcaption></figure>'
            for n in range(4)
        ),
        title="Một ngày ở chợ đầu mối",
    ),
    "on 404 pages": dressed(
        paragraphs("Trang giả mạo thường báo lỗi 404 sau khi lấy được mật khẩu.", *PROSE),
        title="Vì sao trang giả mạo hay báo lỗi 404",
    ),
    "without a template, on cookies": framed(
        "<article><h1>Cookie và quyền riêng tư: người đọc báo nên biết gì</h1>"
        + paragraphs("Nhiều trang nước ngoài hiện dòng chữ “We value your privacy” khi mở.", *PROSE)
        + "</article>",
        title="Cookie và quyền riêng tư: người đọc báo nên biết gì",
    ),
}  # fmt: skip


@pytest.mark.parametrize("html", ARTICLES.values(), ids=ARTICLES)
def test_an_article_about_such_things_is_an_article(html: str) -> None:
    assert isinstance(reading(html), ReadArticle), reading(html)
