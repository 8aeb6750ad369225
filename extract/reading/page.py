"""An HTML page on its way to an article: its main text is found by whoever has time for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from extract.article import Article
from extract.errors import ArticleError, InputError
from extract.reading.fitness import fit_or_failure
from extract.reading.outcome import Failure
from extract.reading.record import make_article

_TAGS_AT_MOST = 30_000  # news pages have a few thousand; the time for a page grows with the square of its tags
_NEVER = "2100-01-01"  # the latest date to believe; htmldate would ask the clock


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was read: its HTML, and what is known of it besides.

    What is `stated` goes before what the page says; `address` is its URL where neither has one, `published` its date.
    `remark` stands in brackets behind what is wrong with it. Finding the main text takes as long as extracting a
    short article's facts, so a run leaves it to the workers.
    """

    id: str
    where: str
    html: str
    stated: Mapping[str, Any] = field(default_factory=dict)
    address: str | None = None
    published: str | None = None
    remark: str = ""

    @property
    def text(self) -> str:
        """What there is of a text so far: the HTML."""
        return self.html

    def read(self) -> Article | Failure:
        """The article of the page, or why there is none."""
        try:
            fields: dict[str, Any] = {**read_page(self.html, self.where), **self.stated, "id": self.id}
            fields["url"] = fields["url"] or self.address
            article = make_article(fields, self.where, self.published)
        except InputError as error:
            what = f"{error.what} ({self.remark})"[:1000] if self.remark else error.what
            return Failure(self.id, error.where or self.id, what, error.expected, error.advice)
        return fit_or_failure(article, self.where)


def read_page(html: str, where: str) -> dict[str, str | None]:
    """The main text of an HTML page, with title, date, URL and source where the page says, as trafilatura finds them.

    Raises:
        ArticleError: the page has no main text, or more tags than an article's page can have.
    """
    if html.count("<") > _TAGS_AT_MOST:
        raise ArticleError(f"a page of {html.count('<'):,} tags", where=where, expected=f"at most {_TAGS_AT_MOST:,}",
                           advice="Save the article's own page, or its text as .txt")  # fmt: skip
    from trafilatura import bare_extraction

    dates = {"extensive_search": False, "original_date": True, "max_date": _NEVER}
    page = bare_extraction(html, with_metadata=True, include_comments=False, date_extraction_params=dates)
    if page is None or isinstance(page, dict) or not page.text:
        raise ArticleError("no main text on the page", where=where, expected="an HTML page with an article",
                           advice="Save the article's own page, or its text as .txt")  # fmt: skip
    return {"text": page.text, "title": page.title, "published": page.date, "url": page.url, "source": page.sitename}
