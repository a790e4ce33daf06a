"""A comparison: one prompt to several models at once, their replies siblings in one session."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from chatui.conversation.conversation import Conversation
from chatui.conversation.events import Added, Event, Finished, SaveFailed, Started
from chatui.conversation.message import Status
from chatui.conversation.session import Session
from chatui.engine.answer import Answer
from chatui.engine.lane_checkpoint import LaneCheckpoint
from chatui.engine.recorder import Recorder
from chatui.engine.reply_checkpoint import Noted
from chatui.engine.requests import compose_request
from chatui.engine.roster import Roster


@dataclass(frozen=True, slots=True)
class LaneEvent:
    """What happened in one lane, or, with no lane, in the session."""

    lane: int | None
    """Place of the model in the comparison, from 0."""
    event: Event


class Comparison:
    """Runs once. Each lane is a model; each reply is in the conversation and on the disk before it is `Finished`."""

    def __init__(
        self,
        session: Session,
        recorder: Recorder,
        roster: Roster,
        models: Sequence[str],
        clock: Callable[[], float],
        now: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        self.models = tuple(models)
        """`provider/model` of each lane."""
        self.lanes: tuple[Answer, ...] = ()
        """The replies, once the requests leave."""
        self._session = session
        self._recorder = recorder
        self._roster = roster
        self._clock = clock
        self._now = now
        self._chance = chance
        self._is_stopped = False

    def stop(self) -> None:
        """End all replies where they are; they finish as cancelled, their text kept."""
        self._is_stopped = True
        for lane in self.lanes:
            lane.stop()

    def retry_now(self) -> None:
        """Cut every wait before a retry short."""
        for lane in self.lanes:
            lane.retry_now()

    def try_again(self) -> bool:
        """False: the lanes retry by themselves, and none is begun again from outside."""
        return False

    async def events(self, prompt_id: str) -> AsyncGenerator[LaneEvent, None]:
        """Answer a prompt that is in the conversation; in each lane `Started` comes first and `Finished` last.

        However it ends, the replies are saved before this returns, and the first complete one is the active leaf.
        """
        session = self._session
        session.conversation.activate(prompt_id)
        path, attachments = session.conversation.path(), self._recorder.attachments
        request = await asyncio.to_thread(compose_request, "", session.header, path, attachments)
        ids = reserve_ids(session.conversation, len(self.models))
        self.lanes = tuple(
            Answer(self._roster, request, Started(id, prompt_id, model, self._now()), self._clock, self._chance)
            for id, model in zip(ids, self.models, strict=True)
        )
        if self._is_stopped:
            self.stop()
        happened: asyncio.Queue[LaneEvent] = asyncio.Queue()
        checkpoints = [LaneCheckpoint(path) for path in self._recorder.lane_paths(len(self.lanes))]
        tasks = [
            asyncio.create_task(self._run(number, checkpoint, happened.put_nowait))
            for number, checkpoint in enumerate(checkpoints)
        ]
        left = len(tasks)
        try:
            while left:
                event = await happened.get()
                left -= isinstance(event.event, Finished)
                yield event
        finally:
            for task in tasks:
                task.cancel()
            # Whatever ended this, each lane first saves what it has.
            results = await asyncio.gather(*tasks, return_exceptions=True)
        faults = [result for result in results if isinstance(result, Exception)]
        if faults:
            raise faults[0]
        if problem := await self._choose():
            yield LaneEvent(None, SaveFailed(problem))

    async def _run(self, number: int, checkpoint: LaneCheckpoint, put: Callable[[LaneEvent], None]) -> None:
        answer = self.lanes[number]
        problem: str | None = None
        try:
            problem = await checkpoint.begin(answer.started)
            async with aclosing(answer.events()) as events:
                async for event in events:
                    if isinstance(event, Noted):
                        checkpoint.note(event)
                    if not isinstance(event, Finished):
                        put(LaneEvent(number, event))
        finally:
            message = answer.message
            if message is None:
                # Cancelled before the request left: there is nothing to keep.
                await checkpoint.end(is_saved=True)
            else:
                self._session.conversation.apply(Added(message))
                failed = await self._recorder.save_message(message, self._session.header)
                problem = await checkpoint.end(is_saved=failed is None) or failed or problem
                if problem:
                    put(LaneEvent(number, SaveFailed(problem)))
                put(LaneEvent(number, Finished(message)))

    async def _choose(self) -> str | None:
        """Make the first complete reply the active one, for whoever does not choose."""
        done = [lane.message for lane in self.lanes if lane.message is not None]
        best = next((message for message in done if message.status is Status.COMPLETE), done[0])
        self._session.conversation.activate(best.id)
        return await self._recorder.save_header(self._session.header, best.id)


def reserve_ids(conversation: Conversation, count: int) -> list[str]:
    """Ids for so many messages that are not in the conversation yet."""
    number = int(conversation.next_id()[1:])
    ids: list[str] = []
    while len(ids) < count:
        if (message_id := f"m{number}") not in conversation:
            ids.append(message_id)
        number += 1
    return ids
