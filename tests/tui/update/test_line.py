"""Writing and sending: what becomes of a line, a paste, a completion."""

from __future__ import annotations

from evchat.settings.client import MAX_MESSAGE_BYTES
from tests.tui.scenes import Scene, morning
from tui.model.effects import EditOutside, Remember, Say
from tui.model.inputs import EditedOutside, Paste


def said(scene: Scene) -> list[Say]:
    return [effect for effect in scene.effects if isinstance(effect, Say)]


def test_a_line_is_sent_remembered_and_gone() -> None:
    scene = morning()
    done = scene.line("hello")
    assert Say("#main", "hello") in done
    assert Remember("#main", "hello") in done
    assert scene.model.editor.text == ""


def test_an_empty_line_is_nothing() -> None:
    scene = morning()
    assert scene.line("   ") == []
    assert scene.model.editor.text == ""


def test_a_doubled_sign_is_the_sign_itself() -> None:
    scene = morning()
    scene.line("//slashes")
    scene.line("--dashes")
    assert [effect.text for effect in said(scene)[1:]] == ["/slashes", "-dashes"]


def test_a_password_is_not_remembered() -> None:
    scene = morning()
    done = scene.line("/register s3cret")
    assert not [effect for effect in done if isinstance(effect, Remember)]
    assert scene.model.typed[-1] != "/register s3cret"


def test_a_text_that_is_too_long_for_one_message_becomes_several() -> None:
    scene = morning()
    text = "word " * (MAX_MESSAGE_BYTES // 5 + 10) + "end"
    scene.model.room.draft = scene.model.room.draft.insert(text)
    assert "2 messages" in scene.screen()
    sent = [effect.text for effect in scene.press("enter") if isinstance(effect, Say)]
    assert len(sent) == 2
    assert " ".join(sent) == text
    assert scene.model.editor.text == ""


def test_a_text_that_would_be_too_many_messages_stays() -> None:
    scene = morning()
    scene.model.max_lines = 2
    text = "\n".join("line" for _ in range(100))
    scene.model.room.draft = scene.model.room.draft.insert(text)
    assert scene.press("enter") == []
    assert scene.model.editor.text == text
    assert "That is too long: 50 messages" in scene.screen()


def test_a_paste_tells_what_it_is_and_how_many_messages_it_takes() -> None:
    scene = morning()
    scene.paste("x" * 3000)
    assert "Paste: 1 line, 3,000 characters ─" in scene.screen()
    assert "Enter: send as one message" in scene.screen()
    scene.press("escape")
    scene.hear({"response": "welcome", "content": {"limits": {"max_lines": 2}}})
    scene.paste("one\ntwo\nthree")
    assert "Paste: 3 lines, 13 characters, 2 messages" in scene.screen()
    assert "Enter: send as 2 messages" in scene.screen()
    done = scene.press("enter")
    assert [effect.text for effect in done if isinstance(effect, Say)] == ["one\ntwo", "three"]


def test_spaces_at_the_end_are_not_sent() -> None:
    assert Say("#main", "  two words") in morning().line("  two words   ")


def test_in_no_room_nothing_is_said() -> None:
    scene = Scene()
    assert scene.line("hello") == []
    assert scene.model.editor.text == "hello"
    assert "You are not in a room." in scene.screen()


def test_in_a_room_that_one_has_left_nothing_is_said() -> None:
    scene = morning()
    scene.hear({"response": "left", "sender": "alice", "to": "#main", "content": ""})
    assert scene.line("hello") == []
    assert "You are not in #main now." in scene.screen()


def test_a_short_paste_goes_into_the_line_a_long_one_asks() -> None:
    scene = morning()
    scene.paste("words\n")
    assert scene.model.editor.text == "words"
    scene.paste("x" * 3000)
    assert scene.model.paste == "x" * 3000
    scene.press("n")
    assert scene.model.editor.text == "words"


def test_a_paste_can_be_edited_or_sent_within_what_is_written() -> None:
    scene = morning()
    scene.type("see: ")
    scene.paste("a\nb")
    scene.press("e")
    assert scene.model.editor.text == "see: a\nb"
    scene.press("ctrl-u", "alt-k")
    scene.type("look: ")
    scene.paste("c\nd")
    scene.press("enter")
    assert said(scene)[-1].text == "look: c\nd"


def test_a_paste_that_was_cut_says_so() -> None:
    scene = morning()
    scene.take(Paste("a\nb", cut=True))
    assert "The paste was too long" in scene.screen()


def test_names_of_latest_speakers_are_completed_first() -> None:
    scene = Scene()
    scene.online()
    scene.join("#main", "anna", "anton", "antje")
    scene.says("antje", "hi")
    scene.says("anton", "hi")
    scene.type("an")
    seen = []
    for _ in range(4):
        scene.press("tab")
        seen.append(scene.model.editor.text)
    assert seen == ["anton: ", "antje: ", "anna: ", "anton: "]
    scene.press("shift-tab")
    assert scene.model.editor.text == "anna: "


def test_completion_ends_with_the_next_key() -> None:
    scene = morning()
    scene.type("/c")
    scene.press("tab")
    assert scene.model.room.completion is not None
    scene.press("x")
    assert scene.model.room.completion is None


def test_emoji_and_channels_are_completed() -> None:
    scene = morning()
    scene.type(":tada")
    scene.press("tab")
    assert scene.model.editor.text == "🎉"
    scene.press("ctrl-u")
    scene.type("see #o")
    scene.press("tab")
    assert scene.model.editor.text == "see #ops "


def test_the_text_can_be_edited_elsewhere() -> None:
    scene = morning()
    scene.type("draft")
    assert scene.press("ctrl-x") == [EditOutside("draft")]
    scene.take(EditedOutside("better\nlonger\n"))
    assert scene.model.editor.text == "better\nlonger"
    scene.take(EditedOutside("", "vi can't be started."))
    assert scene.model.editor.text == "better\nlonger"
    assert "vi can't be started." in scene.screen()
    scene.press("ctrl-_")
    assert scene.model.editor.text == "draft"


def test_what_users_of_older_systems_mean_as_a_command_stays_once() -> None:
    scene = morning()
    for line, meant in (
        ("send bob secret", "/send bob …"),
        ("inbox", "/inbox"),
        ("broadcast message hi", "/broadcast …"),
    ):
        before = said(scene)
        scene.line(line)
        assert said(scene) == before and scene.model.editor.text == line
        assert scene.model.hint == f"Did you mean {meant}? Enter again says it to #main."
        scene.press("enter")
        assert said(scene)[-1] == Say("#main", line) and scene.model.editor.text == ""


def test_a_sentence_that_only_begins_like_a_command_is_said() -> None:
    scene = morning()
    for line in ("send money", "send nobody-here secret", "help me", "//inbox"):
        scene.line(line)
        assert said(scene)[-1].text == line.removeprefix("/")


def test_what_could_not_be_done_stays_marked_until_something_else_is_typed() -> None:
    scene = morning()
    scene.line("/nonsense here")
    assert scene.model.hint and scene.model.editor.text == "/nonsense here"
    marked = scene.model.theme["selected"]
    assert any(style == marked for _, style in scene.frame().panes[-1].rows[0]), "it is marked"
    scene.line("hello")
    assert [effect.text for effect in said(scene)[1:]] == ["hello"]
    scene.press("up", "up")
    assert scene.model.editor.text == "/nonsense here", "and is found again"


def test_what_could_not_be_done_is_edited_like_any_line() -> None:
    scene = morning()
    for key, text in (("end", "/theme pinkx"), ("backspace", "/theme pinx"), ("left", "/theme pinxk")):
        scene.line("/theme pink")
        scene.press(key)
        scene.type("x")
        assert scene.model.editor.text == text
        scene.press("ctrl-c")


def test_a_paste_replaces_what_could_not_be_done_and_enter_tries_it_again() -> None:
    scene = morning()
    scene.line("/theme pink")
    scene.press("enter")
    assert scene.model.editor.text == "/theme pink"
    scene.paste("hello")
    assert scene.model.editor.text == "hello"


def test_a_password_that_could_not_be_used_is_not_found_again() -> None:
    scene = morning()
    scene.hear({"response": "state", "state": "offline"})
    scene.line("/register s3cret")
    assert scene.model.editor.text == "/register s3cret"
    scene.type("x")
    assert not any("s3cret" in entry for entry in (*scene.model.typed, *scene.model.room.typed))
