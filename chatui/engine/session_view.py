"""What is to be seen of a session: its header, its branch, who answers next."""

from __future__ import annotations

from collections.abc import Sequence

from chatui.conversation.conversation import Conversation
from chatui.conversation.message import Message, Role, StoredMessage
from chatui.conversation.model_info import ModelInfo
from chatui.conversation.session import Session, SessionHeader
from chatui.engine.context import measure_context
from chatui.engine.costs import CostSum, sum_costs
from chatui.engine.roster import Roster
from chatui.engine.stats import ReplyStats


class SessionView:
    """A session to look at; `LiveSession` adds what changes it."""

    def __init__(self, session: Session, roster: Roster, default_model: str) -> None:
        self._session = session
        self._roster = roster
        self._default_model = default_model
        self._cost_sum: tuple[Sequence[Message | StoredMessage], CostSum] | None = None
        self._context: tuple[Sequence[Message | StoredMessage], tuple[int, bool]] | None = None
        self.stats = ReplyStats()
        """Figures of the running reply, or of the last one."""

    @property
    def header(self) -> SessionHeader:
        """Title, model, system prompt, parameters."""
        return self._session.header

    @property
    def conversation(self) -> Conversation:
        """The messages. To be read only; changes go through the methods here."""
        return self._session.conversation

    @property
    def model(self) -> str:
        """`provider/model` of the next reply."""
        return self.header.model or self._default_model

    @property
    def model_info(self) -> ModelInfo:
        """What is known of the model of the next reply."""
        return self._roster.describe(self.model)

    @property
    def context_used(self) -> tuple[int, bool]:
        """Tokens of the context window in use, and whether that is an estimate."""
        if self.stats.is_running:
            usage = self.stats.best_usage()
            return usage.input + usage.output, usage.estimated
        branch = self.conversation.path()
        if self._context is None or self._context[0] is not branch:
            self._context = (branch, measure_context(branch))
        return self._context[1]

    @property
    def total_cost(self) -> CostSum:
        """What the replies of all branches cost together."""
        branch = self.conversation.path()
        if self._cost_sum is None or self._cost_sum[0] is not branch:
            self._cost_sum = (branch, sum_costs(self.conversation))
        return self._cost_sum[1]

    @property
    def continuable(self) -> Message | None:
        """The reply at the end of the branch, if it was cut, stopped or came to its limit; `None` where not."""
        path = self.conversation.path()
        if not path or path[-1].role is not Role.ASSISTANT:
            return None
        reply = self.conversation.message(path[-1].id)
        return reply if reply.can_continue else None

    def last_prompt(self) -> Message | None:
        """The last prompt of the branch."""
        return self._last(Role.USER)

    def last_reply(self) -> Message | None:
        """The last reply of the branch."""
        return self._last(Role.ASSISTANT)

    def _last(self, role: Role) -> Message | None:
        for item in reversed(self.conversation.path()):
            if item.role is role:
                return self.conversation.message(item.id)
        return None
