"""Lists: the switcher, what was found, links."""

from __future__ import annotations

from tests.tui.scenes import MINUTE, Scene, morning
from tui.model.effects import Ask, Copy, Open


def labels(scene: Scene) -> list[str]:
    choice = scene.model.choice
    assert choice is not None
    return [item.label for item in choice.items]


def test_the_switcher_offers_what_is_new_first() -> None:
    scene = morning()
    scene.press("ctrl-k")
    assert labels(scene)[:3] == ["carol  !", "#ops  2", "bob"]
    scene.press("enter")
    assert scene.model.current == "carol"


def test_the_switcher_goes_to_people_without_a_conversation_yet() -> None:
    scene = morning()
    scene.press("f2")
    scene.type("bo")
    scene.press("enter")
    assert scene.model.current == "bob"


def test_a_person_is_found_with_an_at_sign_too() -> None:
    scene = morning()
    scene.press("f2")
    scene.type("@bo")
    assert labels(scene)[0] == "bob"


def test_the_switcher_offers_commands() -> None:
    scene = morning()
    scene.press("ctrl-k")
    scene.type("/the")
    assert labels(scene)[0] == "/theme name"
    scene.press("enter")
    assert scene.model.editor.text == "/theme "


def test_going_up_from_the_first_is_the_last() -> None:
    scene = morning()
    scene.press("ctrl-k", "up")
    assert scene.model.choice is not None
    assert scene.model.choice.index == len(labels(scene)) - 1
    scene.press("down", "pageup")
    assert scene.model.choice.index == 0


def test_a_message_is_found_and_gone_to() -> None:
    scene = morning(80, 14)
    for number in range(50):
        scene.says("bob", f"line {number}")
    scene.press("ctrl-s")
    scene.type("anyone")
    assert labels(scene)[0] == "10:14 bob: did anyone see the build?"
    scene.press("enter")
    assert "did anyone see" in scene.screen()
    assert scene.model.selected is not None


def test_the_server_searches_too_and_its_hits_come_behind() -> None:
    scene = morning()
    scene.line("/find cake")
    assert labels(scene) == ["Search on the server, too"]
    assert scene.press("enter") == [
        Ask({"request": "search", "content": "cake", "to": "#main", "limit": 200}, "search", "cake")
    ]
    id = list(scene.model.asked)[-1]
    hit = {"sender": "bob", "to": "#main", "seq": 1, "content": "the cake\nis good", "at": scene.now}
    scene.hear({"response": "ok", "reply_to": id, "content": [hit, {"seq": None}]})
    assert labels(scene) == ["10:16 bob: the cake is good"]
    assert scene.model.hint == ""
    scene.press("enter")
    assert scene.model.selected is not None


def test_a_server_that_finds_nothing_more_says_so() -> None:
    scene = morning()
    for query, words in (("cake", "nothing either"), ("build", "nothing more")):
        scene.line(f"/find {query}")
        scene.press("up", "enter")
        scene.hear({"response": "ok", "reply_to": list(scene.model.asked)[-1], "content": []})
        assert words in scene.screen()
        scene.press("escape")


def test_what_was_found_far_above_is_shown_with_what_was_said_around_it() -> None:
    scene = Scene(columns=80, rows=16)
    scene.online()
    scene.join("#main", "bob", seq=900)
    scene.says("bob", "the newest", seq=900)
    scene.line("/find cake")
    scene.press("enter")
    hit = {"sender": "bob", "to": "#main", "seq": 100, "content": "the cake", "at": scene.now}
    scene.hear({"response": "ok", "reply_to": list(scene.model.asked)[-1], "content": [hit]})
    assert scene.press("enter") == [
        Ask({"request": "history", "to": "#main", "before": 126, "limit": 50}, "around", "#main", "100")
    ]
    around = [{**hit, "seq": seq, "content": f"line {seq}\nand more"} for seq in range(76, 126)]
    scene.hear({"response": "ok", "reply_to": list(scene.model.asked)[-1], "content": around})
    screen = scene.screen()
    assert "10:14 bob               line 100" in screen and "#main, earlier" in screen
    assert scene.model.rooms["#main"].log.first_message_seq() == 900
    scene.press("escape")
    assert "the newest" in scene.screen()
    scene.hear({"response": "state", "state": "offline", "reason": "Gone."})
    scene.model.asked["again"] = ("around", "#main", "100")
    scene.hear({"response": "ok", "reply_to": "again", "content": []})
    assert scene.model.page is None


def test_what_was_found_is_marked_and_never_beyond_the_edge() -> None:
    scene = morning(80, 14)
    scene.now += 24 * 60 * MINUTE
    scene.says("bob", "word " * 60 + "the needle and " + "word " * 60)
    scene.press("ctrl-s")
    scene.type("NEEDLE")
    line = next(line for line in scene.screen().splitlines() if "bob: …" in line)
    assert "10:16 bob: …word" in line and "the needle and" in line
    choice = scene.model.choice
    assert choice is not None
    assert "".join(choice.items[0].label[at] for at in choice.items[0].spots) == "needle"
    scene.press("escape")
    scene.line("/find anyone")
    assert labels(scene)[0] == "21 Nov 10:14 bob: did anyone see the build?"


def test_an_answer_for_another_search_is_passed_over() -> None:
    scene = morning()
    scene.line("/find cake")
    scene.press("enter")
    scene.type("s")
    id = list(scene.model.asked)[-1]
    before = labels(scene)
    scene.hear({"response": "ok", "reply_to": id, "content": []})
    assert labels(scene) == before


def test_links_on_the_screen_are_listed_newest_first_and_opened_as_they_really_are() -> None:
    scene = morning()
    scene.says("bob", "https://exаmple.org/ and www.example.com.")
    scene.line("/urls")
    assert labels(scene) == [
        "https://exаmple.org/", "https://www.example.com", "https://example.org/build/4711",
    ]  # fmt: skip
    assert "xn--" in scene.screen()
    assert scene.press("enter") == [Open("https://xn--exmple-4nf.org/")]
    assert scene.model.choice is None


def test_a_link_is_opened_by_its_number() -> None:
    scene = morning()
    scene.says("bob", "https://a.example and https://b.example")
    scene.press("alt-o")
    assert "2 https://b.example" in scene.screen()
    assert scene.press("alt-9") == []
    assert scene.press("alt-2") == [Open("https://b.example")]


def test_a_long_link_leaves_room_for_where_it_really_leads() -> None:
    scene = morning(80, 14)
    scene.says("bob", "https://bank.example@evil.example/" + "x" * 200)
    scene.press("alt-o")
    assert "…  evil.example" in scene.screen()


def test_a_link_is_copied_only_if_the_user_allows_it() -> None:
    scene = morning()
    scene.press("alt-o")
    assert scene.press("alt-y") == []
    assert "clipboard = true" in scene.screen()
    scene.model.clipboard = True
    scene.press("alt-o")
    assert scene.press("alt-y") == [Copy("https://example.org/build/4711")]


def test_without_links_there_is_no_list() -> None:
    scene = Scene()
    scene.online()
    scene.join("#main")
    scene.press("alt-o")
    assert scene.model.choice is None
    assert "There are no links here." in scene.screen()


def test_a_paste_goes_into_the_search() -> None:
    scene = morning()
    scene.press("ctrl-s")
    scene.paste("green\nblue")
    assert labels(scene)[0].endswith("looks green to me")
    scene.press("backspace")
    assert scene.model.choice is not None and scene.model.choice.query == "gree"
