"""What the app remembers between runs: the theme chosen last, recent models, prompts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from chatui.conversation.events import FieldRefused
from chatui.storage.errors import StorageError
from chatui.storage.prompt_history import PromptHistory
from chatui.storage.state import State, load_state, save_state

MAX_RECENT_MODELS = 12


class Memory:
    """The state, and writing it when it changes. A write that fails is told to the caller; the app goes on."""

    def __init__(self, path: Path, history: PromptHistory, state: State | None = None) -> None:
        """`state` is what stands at the path, where that is known already."""
        self._path = path
        self._history = history
        # Writes follow one another, so that the disk ends with what was remembered last.
        self._writing = asyncio.Lock()
        self.state = load_state(path) if state is None else state
        self.prompts: list[str] = []
        """Earlier prompts, oldest first; those of earlier runs once `load_prompts` has run."""

    async def load_prompts(self) -> str | None:
        """Read the prompts of earlier runs. Returns a sentence where they could not be read."""
        async with self._writing:
            try:
                self.prompts[:0] = await asyncio.to_thread(self._history.load)
            except StorageError as error:
                return error.reason
        return None

    async def remember_prompt(self, text: str) -> str | None:
        """Put a prompt at the end. Returns a sentence where it could not be saved."""
        async with self._writing:
            if self.prompts[-1:] != [text]:
                self.prompts.append(text)
            try:
                await asyncio.to_thread(self._history.append, text)
            except StorageError as error:
                return error.reason
        return None

    async def remember_theme(self, theme: str) -> str | None:
        """Remember the theme. Returns a sentence where it could not be saved."""
        return await self._replace(replace(self.state, theme=theme))

    async def remember_sidebar(self, is_shown: bool) -> str | None:
        """Remember whether the sidebar is shown. Returns a sentence where it could not be saved."""
        return await self._replace(replace(self.state, sidebar=is_shown))

    async def remember_model(self, model: str) -> str | None:
        """Put `provider/model` in front of the recent ones. Returns a sentence where it could not be saved."""
        others = tuple(name for name in self.state.recent_models if name != model)
        return await self._replace(replace(self.state, recent_models=(model, *others)[:MAX_RECENT_MODELS]))

    async def remember_refused_field(self, name: str, refused: FieldRefused) -> str | None:
        """Remember what a provider or a `provider/model` does not take. Returns a sentence where it was not saved."""
        fields = {**self.state.refused_fields.get(name, {}), refused.field: refused.instead}
        return await self._replace(replace(self.state, refused_fields={**self.state.refused_fields, name: fields}))

    async def _replace(self, state: State) -> str | None:
        if state == self.state:
            return None
        self.state = state
        async with self._writing:
            try:
                await asyncio.to_thread(save_state, self._path, self.state)
            except StorageError as error:
                return error.reason
        return None
