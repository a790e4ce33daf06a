"""What was written and not sent: kept safe while it is written, and brought back with its session."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from chatui.conversation.attachment import AttachedImage
from chatui.conversation.session import make_session_id
from chatui.conversation.visible import make_visible_line
from chatui.engine.draft_keeper import DraftKeeper
from chatui.engine.live_session import LiveSession
from chatui.storage.drafts import Draft, DraftFolder, LeftDraft
from chatui.storage.errors import StorageError
from chatui.ui.editing import Editing
from chatui.ui.reply_runner import ReplyRunner
from chatui.ui.timeline import show_footnote
from chatui.ui.transcript.widget import Transcript
from chatui.ui.widgets.prompt import Prompt


class Unsent:
    """Keeps what is in the prompt box and the queue, edited and attached, until the session is left or the app ends."""

    def __init__(
        self,
        folder: DraftFolder,
        transcript: Transcript,
        prompt: Prompt,
        editing: Editing,
        runner: ReplyRunner,
        tell: Callable[[str], None],
        changed: Callable[[], None],
    ) -> None:
        """`changed` is called when what was left is back in the box."""
        self._folder = folder
        self._transcript = transcript
        self._prompt = prompt
        self._editing = editing
        self._runner = runner
        self._tell = tell
        self._changed = changed
        self._live: LiveSession | None = None
        self._keeper: DraftKeeper | None = None
        self._waiting: tuple[str, ...] = ()
        self._carried: tuple[AttachedImage, ...] = ()
        """Images of a session that was left, which the disk refused to keep with that."""
        self._moving = asyncio.Lock()
        """Held while one session takes the place of another: each is there before it is left."""

    def note(self) -> None:
        """What is written has changed; O(1)."""
        if self._keeper is not None:
            self._keeper.note()

    def note_waiting(self, prompts: tuple[str, ...]) -> None:
        """These prompts are on their way or wait now."""
        if prompts != self._waiting:
            self._waiting = prompts
            self.note()

    async def enter(self, live: LiveSession, *, takes_left: bool = False) -> None:
        """Begin to keep what is written in a session, and bring back what was left in it, in front of what is there.

        With `takes_left` a session without messages takes over the draft of one that never began.
        """
        async with self._moving:
            may_take = takes_left and not len(live.conversation) and not live.is_read_only
            keeper, left = await self._begin(live, may_take=may_take)
            if left is not None:
                place = " in the prompt" if self._prompt.full_text else ""
                self._tell(f"What you had not sent is back{place}.")
            if await keeper.save() and left is not None:
                await asyncio.to_thread(self._folder.remove_left, left)

    async def leave(self) -> None:
        """Put what is written into the file of its session, and clear the box for another one.

        Where the disk refuses, the box stays as it is, and its images go along to the other one.
        """
        async with self._moving:
            keeper, live = self._keeper, self._live
            if keeper is None or live is None:
                return
            draft = self._read(live)
            self._keeper = self._live = None
            self._editing.forget()
            if self._prompt.full_text:
                self._prompt.load_text("")
            images = live.attached.clear()
            if not await keeper.aclose(draft):
                # A prompt that has its place in the conversation stays in memory with that, and is not unsent.
                last = live.last_prompt()
                self._put_back([text for text in draft.waiting if last is None or text != last.text] + [draft.text])
                self._carried = images
            elif not draft.is_empty:
                is_there = len(live.conversation) and not live.is_read_only
                place = f"in “{live.header.title}”" if is_there else "for the next new session"
                self._tell(f"What you had not sent waits {place}.")

    async def resume(self, live: LiveSession) -> None:
        """Go on keeping for the same session, which was opened anew; the box stays as it is."""
        async with self._moving:
            before, was_live = self._keeper, self._live
            if before is None or was_live is None:
                return
            self._live = live
            self._attach(was_live.attached.clear(), live)
            live.attached.changed = self.note
            if live.is_read_only or before.session_id == live.header.id:
                return
            # It could only be read before: what was written then had a file of its own, and the writer may have left
            # something in this one.
            keeper, _ = await self._begin(live)
            if await keeper.save():
                await before.discard()

    async def aclose(self) -> None:
        """Write what there is now."""
        if self._keeper is not None:
            await self._keeper.aclose()

    async def _begin(self, live: LiveSession, *, may_take: bool = False) -> tuple[DraftKeeper, LeftDraft | None]:
        """Make the keeper of a session, and bring back what is in its draft, or else in one that was left behind."""
        keeper, left = self._make_keeper(live), None
        try:
            draft = await keeper.load()
            if may_take and draft.is_empty:
                left = await asyncio.to_thread(self._folder.take_left)
                draft = draft if left is None else left.draft
        except StorageError as error:
            self._tell(error.reason)
            draft = Draft()
        self._live, self._keeper = live, keeper
        live.attached.changed = self.note
        self._show(draft, live)
        self._changed()
        return keeper, left

    def _make_keeper(self, live: LiveSession) -> DraftKeeper:
        # What is written where nothing can be sent must not overwrite the draft of the one who can.
        session_id = make_session_id(datetime.now(UTC)) if live.is_read_only else live.header.id
        return DraftKeeper(self._folder, session_id, lambda: self._read(self._live or live), self._tell)

    def _read(self, live: LiveSession) -> Draft:
        editing, on_its_way = self._editing, self._runner.on_its_way
        message = editing.message
        # A first prompt that the disk refused is in no file either; one that is not the first is told by its file.
        has_begun = len(live.conversation) > bool(on_its_way) and not (on_its_way and live.disk.has_unsaved)
        return Draft(
            text=self._prompt.full_text if message is None else editing.draft,
            waiting=(*((on_its_way,) if on_its_way else ()), *live.queue.prompts),
            editing="" if message is None else message.id,
            changes=editing.changes,
            is_of_new=not has_begun or live.is_read_only,
            images=live.attached.to_keep,
        )

    def _show(self, draft: Draft, live: LiveSession) -> None:
        last = live.last_prompt()
        sent = "" if last is None else last.text
        # What reached the session before the draft was brought up to date is not brought back a second time.
        waiting = [text for text in draft.waiting if text != sent]
        self._put_back((*waiting, "" if draft.text == sent else draft.text))
        is_sent = bool(sent) and sent in (*draft.waiting, draft.text, *draft.changes.values())
        gone_along = {each.hash for each in last.attachments} if last is not None and is_sent else set()
        images = [image for image in draft.images if image.attachment.hash not in gone_along]
        if missing := ", ".join(make_visible_line(image.attachment.name) for image in images if not image.data):
            self._tell(f"Attached and not sent, but gone from this computer or damaged: {missing}. Attach it again.")
        self._attach((*(image for image in images if image.data), *self._carried), live)
        self._carried = ()
        if waiting:
            self._tell("What waited to be sent is back in the prompt; nothing of it was sent.")
        self._editing.restore(draft.changes)
        if draft.editing in live.conversation:
            self._editing.begin(live.conversation.message(draft.editing))
        elif draft.changes:
            self._tell("A prompt that you changed and did not send is kept: editing it again brings that back.")

    def _attach(self, images: Sequence[AttachedImage], live: LiveSession) -> None:
        if images:
            live.attached.add(*images)
            show_footnote(self._transcript, live)

    def _put_back(self, texts: Sequence[str]) -> None:
        texts = [text for text in (*texts, self._prompt.full_text) if text.strip()]
        if texts and texts != [self._prompt.full_text]:
            self._prompt.load_text("\n\n".join(texts))
