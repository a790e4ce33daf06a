"""What providers were found not to take, by provider and by model."""

from __future__ import annotations

from chatui.conversation.events import FieldRefused
from chatui.engine.adaptations import Adaptations


async def test_a_field_of_the_provider_holds_for_all_its_models_any_other_for_one() -> None:
    adaptations = Adaptations()
    assert await adaptations.learn("a/one", FieldRefused("stream_options", "")) is None
    assert await adaptations.learn("a/one", FieldRefused("seed", "", "random_seed")) is None
    assert adaptations.find("a/one") == {"stream_options": "", "seed": "random_seed"}
    assert adaptations.find("a/two") == {"stream_options": ""}
    assert adaptations.find("b/one") == {}


async def test_what_could_not_be_written_down_is_told_and_holds_all_the_same() -> None:
    async def fail(name: str, refused: FieldRefused) -> str | None:
        return f"{name} could not be saved."

    adaptations = Adaptations({}, fail)
    assert await adaptations.learn("a/one", FieldRefused("seed", "")) == "a/one could not be saved."
    assert adaptations.find("a/one") == {"seed": ""}


async def test_a_refusal_that_is_just_this_once_is_not_kept() -> None:
    adaptations = Adaptations()
    await adaptations.learn("a/one", FieldRefused("seed", "", is_lasting=False))
    assert adaptations.find("a/one") == {}


async def test_what_is_known_from_before_is_told_once_where_it_is_wanted() -> None:
    adaptations = Adaptations({"a/one": {"seed": "", "top_p": ""}})
    assert [refused.field for refused in adaptations.take_untold("a/one", ["seed"])] == ["seed"]
    assert adaptations.take_untold("a/one", ["seed"]) == []
    assert adaptations.take_untold("a/two", ["seed"]) == []
