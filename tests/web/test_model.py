"""The model of the page, and its outbox: `model.test.mjs`, which node runs."""

from __future__ import annotations

from tests.web import node


@node.needs_node
def test_the_model_of_the_page_keeps_lines_in_order_each_once() -> None:
    node.test("model.test.mjs")
