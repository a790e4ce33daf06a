"""One measurement in a process of its own: `python -m tests.benchmarks.child APP JOB PARAMETERS RESULT`."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import traceback
from pathlib import Path
from typing import Any

from tests.benchmarks.stage import SETTLE_SECONDS, Stage, wait_until

_STAGES = {
    "chatui": ("tests.benchmarks.stage_chatui", "ChatuiStage"),
    "bare": ("tests.benchmarks.stage_textual", "BareStage"),
    "richlog": ("tests.benchmarks.stage_textual", "RichLogStage"),
    "markdown": ("tests.benchmarks.stage_textual", "MarkdownStage"),
}


def make_stage(kind: str, **options: Any) -> Stage:
    """Make the app. Its module is loaded now: Textual reads its environment when it is imported."""
    module, name = _STAGES[kind]
    made: Stage = getattr(importlib.import_module(module), name)(**options)
    return made


async def run(kind: str, job: str, parameters: dict[str, Any], result: Path) -> None:
    """Run the app until the job is done, and write what it measured."""
    stage = make_stage(kind, **parameters.pop("stage", {}))
    app = stage.app
    module, _, job = job.rpartition(".")
    work = importlib.import_module(f"tests.benchmarks.{module or 'jobs'}")
    tasks: list[asyncio.Task[None]] = []

    async def measure() -> None:
        try:
            measured = await getattr(work, job)(stage, **parameters)
            result.write_text(json.dumps(measured), encoding="utf-8")
        except BaseException:
            # The terminal belongs to the app: the reason goes where the parent looks.
            result.with_suffix(".error").write_text(traceback.format_exc(), encoding="utf-8")
            raise
        finally:
            app.exit()

    def start() -> None:
        tasks.append(asyncio.create_task(measure()))

    running = asyncio.create_task(app.run_async())
    await wait_until(lambda: app.is_running and app._dom_ready and getattr(app, "is_open", True))
    await asyncio.sleep(SETTLE_SECONDS)
    # From inside the app, so that its context is that of the app.
    app.call_later(start)
    await running
    await asyncio.gather(*tasks)


def main() -> None:
    """Take the words of the command line."""
    kind, job, parameters, result = sys.argv[1:]
    asyncio.run(run(kind, job, json.loads(parameters), Path(result)))


if __name__ == "__main__":
    main()
