"""A new prompt: on its branch, with what goes along, and on disk before anyone is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chatui.conversation.attachment import AttachedImage, Attachment
from chatui.conversation.events import Added
from chatui.conversation.message import Message, Role
from chatui.conversation.session import Session, SessionHeader
from chatui.engine.recorder import Recorder
from chatui.engine.titles import make_title
from chatui.engine.unsent_images import UnsentImages


def begin_branch(session: Session, prompt_id: str, text: str) -> tuple[Attachment, ...]:
    """Go back to where an earlier prompt was asked, and return what went along with it.

    A title that was made of it is made of `text` instead.
    """
    before = session.conversation.message(prompt_id)
    session.conversation.activate(before.parent)
    if before.parent is None and session.header.title == make_title(before.text):
        session.header = replace(session.header, title=make_title(text))
    return tuple(before.attachments)


def add_prompt(
    session: Session,
    model: str,
    text: str,
    created: datetime,
    images: Sequence[AttachedImage],
    carried: tuple[Attachment, ...] = (),
) -> Message:
    """Put a prompt at the end of the branch and return it; the model, and a title where there is none, follow.

    `images` go along with it, and so does what is `carried` over from another prompt.
    """
    attachments = (*carried, *(image.attachment for image in images))
    conversation, header = session.conversation, session.header
    prompt = Message(conversation.next_id(), Role.USER, text, created, conversation.active, attachments=attachments)
    conversation.apply(Added(prompt))
    session.header = replace(header, title=header.title or make_title(text), model=model)
    return prompt


async def save_prompt(
    recorder: Recorder,
    header: SessionHeader,
    prompt: Message,
    images: Sequence[AttachedImage],
    unsent: UnsentImages,
) -> list[str]:
    """Put a prompt on disk, its images first; then those are `unsent` no more.

    Returns a sentence for each thing that could not be saved.
    """
    said = (await recorder.attachments.keep(images), await recorder.save_message(prompt, header))
    problems = [problem for problem in said if problem]
    if not problems:
        unsent.settle()
    return problems
