"""What every device is up to, rule by rule: reports go in, findings come out."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from alerts.board.alert import Finding
from alerts.judging.detecting import Known, State
from alerts.judging.lasting import UNKNOWN, Clocks, Memory, Phase
from alerts.judging.memories import Key, Memories
from alerts.judging.ordering import number_of
from alerts.judging.posts import Post, Posting, ProfilePosts, as_state
from alerts.judging.raising import Raiser, hearing_of, is_replay
from alerts.judging.readying import ProfileRules
from alerts.judging.weighing import Weigher
from devices.reading import Report
from devices.registry import Registry, Speaker

__all__ = ["KNOWN", "Conditions", "Key", "is_replay"]

KNOWN: Final = ""
"""Among the saved states of a device, where no rule has an empty id: its latest values."""


class Conditions:
    """The memories of all devices under all rules; without a memory a device is quiet."""

    def __init__(self, *, late_us: int, ahead_us: int) -> None:
        """Begin with no memory; `late_us` and `ahead_us` bound what counts as present."""
        self._live = Clocks(late_us, ahead_us)
        self._recorded = Clocks(late_us, ahead_us, replay=True)
        self._speakers: Mapping[str, Speaker] = {}
        self._posting = Posting()
        self._posts: dict[str, ProfilePosts] = {}
        self._memories = Memories()
        self._raiser = Raiser(self._memories)
        self._weigher = Weigher(self._memories, self._raiser)
        self._saved: dict[str, Mapping[str, Any]] = {}
        self._heard: dict[str, None] = {}
        self._kept: set[str] = set()

    @property
    def judged(self) -> int:
        """Return how many judgements there have been: samples times rules."""
        return self._weigher.judged

    @property
    def unjudged(self) -> int:
        """Return how many could not be: doubtful, late, ahead of time, or out of order."""
        return self._weigher.unjudged

    @property
    def changed(self) -> dict[Key, Memory]:
        """Return the memories that moved since the caller last took them to disk."""
        return self._memories.changed

    @changed.setter
    def changed(self, changed: dict[Key, Memory]) -> None:
        self._memories.changed = changed

    def adopt(self, registry: Registry, rules: Mapping[str, ProfileRules]) -> None:
        """Judge these devices by these rules from now on; memories and states stay."""
        for device_id in self._speakers.keys() - registry.speakers.keys():
            self._posting.forget(device_id, number_of(self._speakers[device_id].device))
            self._weigher.knowledge.forget(device_id)
        self._speakers = registry.speakers
        self._posts = {name: self._posting.set_up(each) for name, each in rules.items()}
        for key, memory in self._memories:
            self._take_over(key, memory)
        for device_id in self._saved.keys() & self._speakers.keys():
            self._take_back(device_id, self._saved.pop(device_id))

    def restore(self, memories: Mapping[Key, Memory]) -> None:
        """Take back what was on disk, pending delays with it; they count from `adopt` on."""
        self._memories.restore(memories)
        for key, memory in memories.items():
            self._take_over(key, memory)

    def restore_states(self, saved: Mapping[str, Mapping[str, Any]]) -> None:
        """Take back what `detector_states` gave, read from JSON; it counts from `adopt` on."""
        self._saved.update(saved)
        self._kept.update(saved)

    def detector_states(self, most: int = 5_000) -> dict[str, dict[str, State]]:
        """Hand over, by device and rule, the states of `most` of those heard since the last time.

        A device's entry replaces the one before, also an empty one. Those that have waited longest
        come first; what is handed over at once is what the engine can write without a pause.
        """
        states = {}
        for device_id in list(islice(self._heard, most)):
            del self._heard[device_id]
            entry = self._states_of(device_id)
            if entry or device_id in self._kept:
                states[device_id] = entry
        self._kept.update(device_id for device_id, entry in states.items() if entry)
        self._kept.difference_update(device_id for device_id, entry in states.items() if not entry)
        return states

    def forget(self, source: str, rule_id: str) -> None:
        """Begin anew with this condition: whatever is bad from now on is told again."""
        if (key := Key(source, rule_id)) in self._memories:
            self._memories.write(key, UNKNOWN)

    def give_grace(self, now_us: int) -> None:
        """Give every pending delay one more interval: until now we could not have heard better."""
        for key, memory in self._memories:
            if memory.phase is Phase.RISING and (found := self._find(key)):
                self._memories.give_grace(key, now_us + found[1].delays.interval_us)

    def outlast(self, now_us: int) -> Iterator[Finding]:
        """Raise what was bad when last heard and has been silent beyond its deadline."""
        for key, rising in self._memories.due(now_us):
            if (found := self._find(key)) is not None:
                yield self._raiser.outlast(key, rising, *found)

    def judge(self, speaker: Speaker, report: Report, now_us: int) -> list[Finding]:
        """Judge everything one message said."""
        posts = self._posts.get(speaker.profile.profile_id)
        if posts is None:
            return []
        clocks = self._recorded if is_replay(speaker) else self._live
        if posts.keeps_states:
            self._heard[speaker.device.device_id] = None
        return self._weigher.weigh(hearing_of(speaker, clocks, now_us), posts, report)

    def _states_of(self, device_id: str) -> dict[str, State]:
        posts = self._posts_of(device_id)
        states = {
            post.rule_id: post.states[device_id]
            for post in (posts.by_rule.values() if posts else ())
            if device_id in post.states
        }
        known = self._weigher.knowledge.of(device_id)
        return {**states, KNOWN: known} if known else states

    def _take_over(self, key: Key, memory: Memory) -> None:
        """Let a memory from before count under the rules as they are now."""
        if (found := self._find(key)) is None:
            return
        speaker, post = found
        post.latest.take(number_of(speaker.device), memory.judged_us)
        if memory.phase is Phase.QUIET:
            self._memories.drop(key)
        else:
            post.stir(key.device_id)

    def _take_back(self, device_id: str, saved: Mapping[str, Any]) -> None:
        """Give the detectors what was saved of this device."""
        posts = self._posts_of(device_id)
        for rule_id, raw in saved.items():
            post = posts.by_rule.get(rule_id) if posts else None
            state_type = getattr(post.detector, "state_type", None) if post else None
            if post is not None and (state := as_state(state_type, raw)) is not None:
                post.states[device_id] = state
        known = as_state(dict[str, Known], saved.get(KNOWN, {}))
        self._weigher.knowledge.restore(device_id, known or {})

    def _posts_of(self, device_id: str) -> ProfilePosts | None:
        speaker = self._speakers.get(device_id)
        return self._posts.get(speaker.profile.profile_id) if speaker else None

    def _find(self, key: Key) -> tuple[Speaker, Post] | None:
        """Return who and what a memory is about, as the registry and the rules are now."""
        posts = self._posts_of(key.device_id)
        post = posts.by_rule.get(key.rule_id) if posts else None
        return None if post is None else (self._speakers[key.device_id], post)
