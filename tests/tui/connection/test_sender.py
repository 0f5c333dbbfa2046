"""Every line is sent once, in its order, whatever breaks in between."""

from __future__ import annotations

from pathlib import Path

from tests.tui.connection.sessions import in_line, texts
from tests.tui.world import World
from tui.model.session_events import FAILED, QUEUED


def test_a_line_said_online_is_sent_at_once_and_told_to_be_sent_with_its_number(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    id = world.say(alice, "#main", "hi")
    assert alice.session.out
    world.settle()
    (sent,) = alice.of("sent")
    assert (sent["id"], sent["room"], sent["state"], sent["seq"]) == (id, "#main", "sent", 1)
    assert sent["at"] == world.said("#main")[0].at
    assert alice.session.pending() == []
    assert texts(bob) == ["hi"]


def test_lines_said_offline_are_sent_in_their_order_when_one_is_back(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    world.connect(bob)
    for number in range(50):
        world.say(alice, "#main", str(number))
    assert [line.state for line in alice.session.pending()] == [QUEUED] * 50
    world.settle()
    assert texts(bob) == texts(alice) == [str(number) for number in range(50)]


def test_no_more_lines_are_under_way_than_a_server_takes_at_once(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    for number in range(100):
        world.say(alice, "#main", str(number))
    assert sum(b'"request":"msg"' in frame for frame in alice.session.out) == 16


def test_a_line_whose_answer_was_lost_is_sent_again_and_said_once(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    world.say(alice, "#main", "hi")
    world.up(alice)
    world.commit()
    world.break_(alice)
    assert [line.text for line in alice.session.pending()] == ["hi"]
    world.settle()
    assert texts(alice) == texts(bob) == ["hi"]
    assert [said.text for said in world.said("#main")] == ["hi"]


def test_a_killed_client_sends_what_it_left(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    world.say(alice, "#main", "acknowledged")
    world.settle()
    world.say(alice, "#main", "under way")
    world.up(alice)
    world.commit()
    world.break_(alice)
    world.say(alice, "#main", "waiting")
    again = world.kill(alice)
    assert [line.text for line in again.session.pending()] == ["under way", "waiting"]
    world.settle()
    assert texts(bob) == ["acknowledged", "under way", "waiting"]
    assert sorted(text for _, text in again.shown("#main")) == ["acknowledged", "under way", "waiting"]


def test_a_line_for_a_channel_that_a_killed_client_was_in_leads_there_again(world: World) -> None:
    alice, bob = world.client("alice", "#main", "#ops"), world.client("bob", "#ops")
    in_line(world)
    world.break_(alice)
    world.say(alice, "#ops", "hi")
    alice.session._channels.wanted.pop("#ops")  # the next one starts without it
    world.kill(alice)
    world.settle()
    assert texts(bob, "#ops") == ["hi"]


def test_a_direct_message_says_when_it_will_be_found_in_the_inbox(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    world.break_(bob)
    world.say(alice, "bob", "psst")
    world.up(alice)
    world.commit()
    world.down(alice)
    (sent,) = alice.of("sent")
    assert sent["kept"] is True
    bob.told.clear()
    world.settle()
    assert texts(bob, "alice") == ["psst"]


def test_an_action_and_a_broadcast_are_what_they_are(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    world.say(alice, "#main", "waves", action=True)
    world.say(alice, "*", "dinner")
    world.settle()
    action, broadcast = bob.of("message")
    assert (action["action"], action["room"]) == (True, "#main")
    assert (broadcast["broadcast"], broadcast["room"]) == (True, "*")
    assert texts(alice, "*") == ["dinner"]


def test_a_refused_line_has_failed_and_stays(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    id = world.say(alice, "nobody", "hi")
    world.settle()
    (sent,) = alice.of("sent")
    assert (sent["id"], sent["state"]) == (id, "failed")
    assert "nobody" in sent["reason"]
    (line,) = world.kill(alice).session.pending()
    assert (line.state, line.text, line.reason) == (FAILED, "hi", sent["reason"])


def test_a_failed_line_can_be_sent_once_more_or_dropped(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    ids = [world.say(alice, "bob", text) for text in ("one", "two")]
    world.settle()
    bob = world.client("bob")
    in_line(world)
    alice.session.drop(ids[0])
    new = alice.session.again(ids[1], world.now)
    assert new != ids[1]
    world.lines.append(type(world.lines[0])(new, "bob", "two"))
    world.settle()
    assert alice.session.pending() == []
    assert texts(bob, "alice") == texts(alice, "bob") == ["two"]


def test_a_line_that_the_server_could_not_keep_waits_and_is_sent_again(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    world.say(alice, "#main", "one")
    world.say(alice, "#main", "two")
    world.up(alice)
    world.commit(fails=True)
    world.down(alice)
    assert [facts["state"] for facts in alice.of("sent")] == ["queued", "queued"]
    assert alice.session.deadline is not None
    world.settle()
    assert texts(bob) == ["one", "two"]


def test_a_line_too_long_for_the_server_fails_and_is_never_put_on_the_wire(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    world.say(alice, "#main", "x" * 70_000)
    world.say(alice, "#main", "short")
    world.settle()
    assert [facts["state"] for facts in alice.of("sent")] == ["failed", "sent"]


def test_a_line_that_may_have_arrived_longer_ago_than_servers_remember_is_not_sent_unasked(
    world: World,
) -> None:
    alice = world.client("alice")
    in_line(world)
    world.say(alice, "#main", "hi")
    world.break_(alice)
    world.book.now += 24 * 3_600_000
    world.connect(alice)
    world.settle()
    (sent,) = alice.of("sent")
    assert sent["state"] == "failed"
    assert world.said("#main") == []


def test_a_line_that_was_never_sent_is_sent_after_any_time(world: World) -> None:
    alice = world.client("alice")
    world.say(alice, "#main", "hi")
    world.book.now += 48 * 3_600_000
    world.settle()
    assert texts(alice) == ["hi"]


def test_a_line_that_can_not_be_written_to_disk_is_told_and_still_sent(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    alice = world.client("alice", directory=tmp_path / "file" / "no directory")
    world.say(alice, "#main", "hi")
    world.settle()
    told = alice.of("sent")
    assert [facts["state"] for facts in told] == ["queued", "sent"]
    assert "disk" in told[0]["reason"]
