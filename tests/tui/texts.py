"""Texts for the property tests of the terminal client."""

from __future__ import annotations

from hypothesis import strategies as st

from evchat.protocol.text import legible

ODD = "e\u0301\u0323 \u0903日本語ｗ한👍🎉❤\u20e3\ufe0f\u200d🏽\u200cم\u25cc\u0bbe\u1100"

typed = st.text(
    st.one_of(
        st.sampled_from("ab c-_X\n"), st.sampled_from(ODD), st.characters(exclude_categories=["Cs", "Cc"])
    )
)
"""What a person may have typed."""

shown = st.one_of(
    st.text(st.sampled_from("abc  XY,.-")),
    st.text(st.sampled_from("ab æø–日本👍 \u0323\u0903❤\ufe0f\u200d\u200cم")),
).map(legible)
"""Legible text with spaces, wide characters and marks."""

sentences = st.lists(
    st.one_of(
        shown, st.text(st.sampled_from("abcdefgh"), max_size=30), st.just("http://example.org/" + "x" * 20)
    )
).map(lambda words: legible(" ".join(words)))
"""Legible text of words of all lengths."""
