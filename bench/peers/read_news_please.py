"""news-please reads pages in library mode (see ``answering.py``)."""

from answering import answer_all, stated
from newsplease import NewsPlease


def read(html, url):
    article = NewsPlease.from_html(html, url, fetch_images=False)
    return {
        "title": article.title,
        "text": article.maintext or "",
        "authors": article.authors,
        "published": stated(article.date_publish),
    }


if __name__ == "__main__":
    answer_all(read)
