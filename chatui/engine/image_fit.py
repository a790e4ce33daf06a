"""Which images of a request go to a model: those that it takes and that are still there. Nothing is left out untold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chatui.conversation.attachment import AttachedImage
from chatui.conversation.events import Warned
from chatui.conversation.failure import Failure, FailureKind
from chatui.conversation.message import Role
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.request import Request, Turn


@dataclass(frozen=True, slots=True)
class ImageFit:
    """A request as it can be sent."""

    request: Request
    warnings: tuple[Warned, ...] = ()
    """What the user has to know of it."""
    failure: Failure | None = None
    """Why it cannot be sent; `None` when it can."""


def fit_images(request: Request, model: ModelInfo) -> ImageFit:
    """Leave out the images that are gone, and those of earlier prompts where the model takes none.

    An image of the prompt itself that the model does not take makes a failure, and so does one within the text of any
    turn: without it the question is another one.
    Where nobody knows whether it takes images they are sent, and that is told.
    """
    if not any(turn.image_count for turn in request.turns):
        return ImageFit(request)
    newest = max(i for i, turn in enumerate(request.turns) if turn.role is Role.USER)
    asked = len(request.turns[newest].images) + sum(len(turn.placed) for turn in request.turns)
    if asked and model.takes_images is False:
        return ImageFit(request, failure=refuse_images(model))
    takes = model.takes_images is not False
    warnings: list[Warned] = []
    gone = {image.attachment.hash: image.attachment.name for turn in request.turns for image in turn.images}
    gone = {each: name for each, name in gone.items() if each in _gone(request.turns)}
    if gone:
        names = ", ".join(gone.values())
        warnings.append(Warned(f"Not sent, because no longer on this computer: {names}.", "Attach it again."))
    if not takes:
        count = sum(len(turn.images) for turn in request.turns)
        which = "the image" if count == 1 else f"{count} images"
        warnings.append(Warned(f"{model.name} takes no images, so {which} of earlier prompts did not go along."))
    elif asked and model.takes_images is None:
        warnings.append(
            Warned(
                f"Whether {model.name} takes images is not known; it was asked with {_count(asked)}.",
                f"Say it in the config: {_name_setting(model, 'true')}, or false.",
            )
        )
    return ImageFit(replace(request, turns=tuple(_thin(turn, takes=takes) for turn in request.turns)), tuple(warnings))


def refuse_images(model: ModelInfo) -> Failure:
    """Say that a model takes no images, and what to do."""
    advice = f"Choose another model; if this one does take them, set {_name_setting(model, 'true')} in the config."
    return Failure(FailureKind.CONFIGURATION, f"{model.name} takes no images.", advice=advice)


def _gone(turns: Iterable[Turn]) -> frozenset[str]:
    return frozenset(image.attachment.hash for turn in turns for image in turn.images if not image.data)


def _thin(turn: Turn, *, takes: bool) -> Turn:
    """The turn with the images that go along; each of the others leaves a word, so that the model knows of it."""
    left_out = [image for image in turn.images if not (takes and image.data)]
    if not left_out:
        return turn
    kept = tuple(image for image in turn.images if image not in left_out)
    notes = [_say_left_out(image) for image in left_out]
    return replace(turn, text="\n\n".join([turn.text, *notes]), images=kept)


def _say_left_out(image: AttachedImage) -> str:
    return f"[Here was an image, {image.attachment.name}, that cannot be shown to you.]"


def _count(count: int) -> str:
    return "the image" if count == 1 else f"{count} images"


def _name_setting(model: ModelInfo, value: str) -> str:
    return f'images = {value} in [providers.{model.provider}.models."{model.id}"]'
