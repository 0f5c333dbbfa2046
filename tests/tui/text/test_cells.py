"""Text is cut between clusters only."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.text import legible, width
from tests.tui.texts import shown, typed
from tui.text.cells import clusters, fit, fit_end, joins, next_cluster, previous_cluster


@given(typed)
def test_clusters_are_the_whole_text_and_each_starts_with_its_base(text: str) -> None:
    found = clusters(text)
    assert "".join(found) == text
    for cluster in found[1:]:
        assert not joins(cluster[0])


@given(typed)
def test_going_forth_and_back_stops_at_the_same_borders(text: str) -> None:
    forth = [0]
    while forth[-1] < len(text):
        forth.append(next_cluster(text, forth[-1]))
    back = [len(text)]
    while back[-1] > 0:
        back.append(previous_cluster(text, back[-1]))
    assert forth == back[::-1]


@given(typed)
def test_text_cut_at_a_border_shows_the_same(text: str) -> None:
    text = text.lstrip("\u200d\u200c\ufe0f🏽").replace("\n", " ")
    for index in range(len(text) + 1):
        if index == 0 or index == len(text) or not joins(text, index):
            assert legible(text[:index]) + legible(text[index:]) == legible(text)


@given(shown, st.integers(-1, 12), st.integers(0, 5))
def test_what_fits_is_as_long_as_it_can_be(text: str, limit: int, skip: int) -> None:
    start = 0
    for _ in range(skip):
        start = next_cluster(text, start)
    end = fit(text, limit, start)
    assert width(text[start:end]) <= max(limit, 0)
    assert end == len(text) or limit < 0 or width(text[start : next_cluster(text, end)]) > limit
    assert end in (start, len(text)) or not joins(text, end)


@given(shown, st.integers(-1, 12))
def test_the_end_that_fits_is_as_long_as_it_can_be(text: str, limit: int) -> None:
    start = fit_end(text, limit)
    assert width(text[start:]) <= max(limit, 0)
    assert start == 0 or limit < 0 or width(text[previous_cluster(text, start) :]) > limit


def test_joiners_and_skin_tones_belong_to_the_emoji_before_them() -> None:
    assert clusters("👍🏽a❤\ufe0f") == ["👍🏽", "a", "❤\ufe0f"]
    assert clusters("👨\u200d👩\u200d👧x") == ["👨\u200d👩\u200d👧", "x"]
    assert clusters("می\u200cخ") == ["م", "ی\u200c", "خ"]
    assert clusters("e\u0301\u0323x") == ["e\u0301\u0323", "x"]


@given(shown)
def test_a_text_is_as_wide_as_its_clusters(text: str) -> None:
    assert width(text) == sum(map(width, clusters(text)))
