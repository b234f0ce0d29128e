"""newspaper4k reads pages (see ``answering.py``)."""

import newspaper
from answering import answer_all, stated


def read(html, url):
    article = newspaper.Article(url, fetch_images=False)
    article.download(input_html=html)
    article.parse()
    return {
        "title": article.title,
        "text": article.text,
        "authors": article.authors,
        "published": stated(article.publish_date or None),
    }


if __name__ == "__main__":
    answer_all(read)
