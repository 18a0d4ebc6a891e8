from __future__ import annotations

from html.parser import HTMLParser

from mebench.challenge.export.detailed import accepted_page, failed_page

BAIT = '<script>alert("1")</script>&amp;</title></style>'


class Tags(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.texts.append(data)


def test_what_stands_in_a_submission_never_becomes_markup():
    for page in (failed_page(f"1 error\n  {BAIT}, type: {BAIT}"), accepted_page({"f1": 0.5}, [BAIT], "public")):
        read = Tags(page)
        assert "script" not in read.tags
        assert any(BAIT in text for text in read.texts)
        assert "default-src 'none'" in page


def test_a_failed_page_lists_every_line():
    read = Tags(failed_page("2 errors: mend them.\n  a.csv:2, type\n\n  a.csv:3, type\n"))
    assert read.tags.count("li") == 2
    assert "The submission has no score" in read.texts
    assert Tags(failed_page("")).tags.count("li") == 0


def test_controls_are_not_written():
    assert "\x1b" not in failed_page("a\x1b[31mb")
    assert "\u202e" not in accepted_page({}, ["\u202e"], "all")


def test_an_accepted_page_says_of_which_part_its_scores_are():
    assert "final ranking is by the hidden part" in accepted_page({"f1_overall": 0.5}, [], "public")
    assert "hidden" not in accepted_page({"f1_overall": 0.5}, [], "all")
