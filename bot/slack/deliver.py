"""One claimed question, start to finish: limits, history, answer, reply, record.

In: a job from the inbox. Out: its final state, committed; one answer in its thread. Rule kept: the record is saved
before the answer ends, the job ends after it; whatever stops in between is done again by whoever claims the job next.
Knows neither sockets nor queues.
"""

import asyncio
import bisect
import contextlib
import time
from dataclasses import replace

import structlog

from bot import texts, tracing
from bot.errors import PolicybotError, SlackAuthError, SlackError, StoreError
from bot.log import traced
from bot.privacy.mask import Mask, masked
from bot.slack import hand_off, metrics, private, render
from bot.slack.access import is_direct
from bot.slack.api import Gone, Refused, Restricted, StoppedByUser
from bot.slack.blocks import Block
from bot.slack.history import history
from bot.slack.meanings import packed
from bot.slack.reply import LeaseLost, Reply
from bot.slack.services import ANSWER_S, TOO_LATE, Services
from bot.store.jobs import DELETED, PRIVATE, STOPPED, Ended, Job, State, question_id
from bot.turns import arrival, give_way
from bot.types import Answer, Finished, Outcome, Question, Record, Sentence, Status
from knowledge.text.words import language

ATTEMPTS = 20  # of a question that takes its worker down with it
OPEN_AFTER_S = 0.2  # an answer that takes longer is streamed even if no status announced it
STATUS_S = 1.0  # an end waits so long for the status on its way: one that comes later stays below it for minutes

CLOSED = ("not_in_channel", "channel_not_found", "is_archived")  # the channel, while the question waited

HANDOVER, LOST = "handover", "lost"


class Delivery:
    """One job being answered. `halt` may come from any task, once."""

    def __init__(self, services: Services, job: Job) -> None:
        self.services, self.job = services, job
        self.id = question_id(job)
        self.halted = job.reason if job.cancelled else None  # DELETED, STOPPED, HANDOVER, LOST or PRIVATE
        self._halt = asyncio.Event()  # set, too, when the reply breaks; then `halted` stays None
        self._status = ""
        self._showing: asyncio.Task[None] | None = None
        self._shown: list[Sentence] = []
        self._ends: list[int] = []  # where each of them ends in the reply's text
        self._answer_given: Answer | None = None
        self._mask = Mask(services.me.find_personal, services.locales.name)
        self._notice: str | None = None  # by which of texts.private its move is announced
        self._spoken: str | None = None  # the language it is written in, ISO 639-1
        self._private = False
        self._started_at = time.monotonic()
        self.reply = Reply(services, job, self._mask.hidden, self._halt)

    def halt(self, why: str) -> None:
        """Stop answering; the first reason holds, but a deletion: what is gone is neither kept nor handed over."""
        if self.halted is None or (why == DELETED and self.halted != LOST):
            self.halted = why
        self._halt.set()

    async def run(self) -> None:
        """Answer. Never raises; a job that can't be finished now keeps its state and is claimed again."""
        arrival.set(self.job.received_at.timestamp())  # who came first goes first through the CPU-bound work
        about = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "policybot", "policybot.id": self.id}
        with self.services.metrics.open.track_inprogress(), tracing.inside("question", about) as span:
            reason = await self._ended()
            answer = self._answer_given
            span.set(metrics.spanned(answer) if answer else {"policybot.reason": reason})
            if answer is not None:
                span.text(output_messages=[tracing.message("assistant", answer.text)])

    async def _ended(self) -> str:
        """Answer, end the job, log it; how it ended."""
        state: Ended | None
        try:
            try:
                state, reason = await self._run()
            except StoppedByUser:
                state, reason = await self._keep()
        except LeaseLost:
            state, reason = None, "lease_lost"
        except Gone as error:
            state, reason = State.FAILED, error.reason
            is_closed = isinstance(error, Restricted) or reason in CLOSED
            if is_closed and self.job.kind != "follow" and not is_direct(self.job.channel):
                with contextlib.suppress(SlackError, StoreError):  # who called us hears it in a direct message
                    await private.move(self.services, self.job, self.id, self._notice, self._texts.private)
        except (StoreError, SlackError) as error:
            state, reason = await self._failed(error)
        except Exception as error:
            state, reason = None if self.job.attempt <= ATTEMPTS else State.FAILED, type(error).__name__
            structlog.get_logger().error("delivery_failed", id=self.id, **traced(error))
        if state is not None:
            try:
                entry = metrics.entry(self.job, self.id, self.services.now(), str(state), reason, self._answer_given)
                if not await self.services.in_thread(self.services.store.inbox.finish, self.job, state, reason, entry):
                    state, reason = None, "lease_lost"
            except StoreError as error:
                state, reason = None, error.code
        if state is not None and self.reply.ts is None and self._status:
            self._showing = self.services.show_status(self.job.channel, self.job.root, "")  # no message ends it
        took_s = time.monotonic() - self._started_at
        age_s = (self.services.now() - self.job.received_at).total_seconds()
        self.services.metrics.ended(self._answer_given, reason, took_s=took_s, age_s=age_s)
        structlog.get_logger().info(
            "question",
            id=self.id,
            team=self.job.team,
            channel=self.job.channel,
            kind=self.job.kind,
            state=str(state or "unfinished"),
            reason=reason,
            attempt=self.job.attempt,
            age_ms=round(age_s * 1000),
            took_ms=round(took_s * 1000),
            streamed=self.reply.appends,
            **(metrics.figures(self._answer_given) if self._answer_given else {}),
        )
        return reason

    async def _run(self) -> tuple[Ended | None, str]:
        services, job = self.services, self.job
        again = job.attempt > 1 or job.stream_ts is not None
        self._spoken = language(job.text)
        sensitive = await self._confides() or await private.goes_on(services, job, self._halt)
        self._private = sensitive or private.was_moved(job)
        if self.halted == DELETED:
            return await self._remove()
        if self.halted == STOPPED:
            self.reply.text, self.reply.sent = job.stream_text, len(job.stream_text)
            return await self._keep()
        if again:
            if (ended := await self._resume()) is not None:
                return ended
        elif not private.was_moved(job) and (limited := await services.over_limit(job)) is not None:
            return State.FINAL, limited
        if (instead := self._instead()) is not None:
            return await self._say(*instead)
        if private.is_due(services.rules, job, sensitive=sensitive):
            return await self._move()
        self.status("searching")
        question = await self._question()
        answer = await self._answer(question)
        question = replace(question, private=self._private)  # a model may have found it sensitive
        if self.halted == DELETED:
            return await self._remove()
        if self.halted == LOST:
            raise LeaseLost
        if self.halted == HANDOVER:
            await self.reply.hand_over()
            return await self._remove() if self.halted == DELETED else (None, HANDOVER)
        if self.halted == PRIVATE:
            return await self._move()
        if self.halted == STOPPED or answer is None:
            return await self._keep(question)
        if job.files:
            answer = replace(answer, notes=(*answer.notes, "files"))
        if question.private and is_direct(job.channel):
            whom = () if "person" in answer.notes else ("private_whom",)  # else it has just told whom
            answer = replace(answer, notes=(*answer.notes, "private", *whom))
        self._answer_given = answer
        record = Record(self.id, question, answer, services.now(), self.reply.ts, self.job.root)
        await services.in_thread(services.store.answers.save, record)
        return await self._bring_out(record)

    async def _confides(self) -> bool:
        """Whether it tells what no channel should read; where a model reads it first, only what is surely grave."""
        told = await asyncio.to_thread(self.services.told, self.job.text)
        if told is None or (self.services.for_bot and not told.surely_grave):
            return False
        self._notice = told.notice
        return told.topic is not None

    async def _resume(self) -> tuple[Ended | None, str] | None:
        """Finish what an earlier attempt began; None where the question is to be answered anew."""
        services, job = self.services, self.job
        posted = await self.reply.already_posted()
        record = await services.in_thread(services.store.answers.by_id, self.id)
        if posted:
            await self.reply.clean()
            self._answer_given = record.answer if record else None
            if record is not None and record.message_ts != self.reply.ts:
                await services.in_thread(services.store.answers.save, replace(record, message_ts=self.reply.ts))
            return State.FINAL, "found_posted"
        if record is not None and await services.access.may_see(record, job.user, job.channel):
            self._answer_given = record.answer
            if masked(record.answer.text):
                await self._question()  # the mask learns again what was masked
            return await self._bring_out(record)  # answered before; only bringing it out did not succeed
        return None

    async def _bring_out(self, record: Record) -> tuple[Ended | None, str]:
        """Show the whole of a saved answer, and end its message."""
        services, answer = self.services, record.answer
        if not self._shown:
            shown = "".join(map(self._rendered, answer.sentences)) or render.markdown(
                self._mask.back(answer.text), answer.citations, self._mask.own
            )
            self.reply.text = self._opening + shown if shown.strip() else ""
        tail = render.tail(answer, self.id, record.question.locale)
        self.reply.text += ("\n\n" if self.reply.text.strip() and tail else "") + tail
        if self._showing:
            await asyncio.wait({self._showing}, timeout=STATUS_S)
        with tracing.inside("deliver", {"policybot.streamed": self.reply.appends}):
            ts = await self.reply.finish(await self._below(record))
        if self.halted == DELETED:
            return await self._remove()
        if ts != record.message_ts or self.reply.also:
            await services.in_thread(services.store.answers.save, replace(record, message_ts=ts), self.reply.also)
        return State.FINAL, str(answer.outcome)

    async def _question(self) -> Question:
        """The question with its thread, masked; the mask knows what comes back to the asker."""
        question = self._mask.question(await history(self.services, self.job, self._halt))
        self._private = self._private or await private.goes_on_from_talk(self.services, question)
        return replace(question, private=self._private)

    def _rendered(self, sentence: Sentence) -> str:
        return render.markdown(self._mask.back(sentence.text), sentence.citations, self._mask.own)

    async def _answer(self, question: Question) -> Answer | None:
        """The assistant's answer, its sentences shown as they come; None when halted."""
        if private.is_due(self.services.rules, self.job, sensitive=self._private):
            self.halt(PRIVATE)
            return None
        reading = asyncio.create_task(self._read(question))
        ending = asyncio.create_task(self._halt.wait())
        try:
            await asyncio.wait({reading, ending}, return_when=asyncio.FIRST_COMPLETED)
            if self.halted:
                return None
            self.reply.say("")  # raises what has broken
            return await reading
        finally:
            ending.cancel()
            reading.cancel()
            with contextlib.suppress(BaseException):
                await reading

    async def _read(self, question: Question) -> Answer:
        opening: asyncio.TimerHandle | None = None
        error = ("internal", "The assistant ended without an answer. Report this with the id.")
        answering = self.services.assistant.answer(question)
        try:
            async with asyncio.timeout(ANSWER_S), contextlib.aclosing(answering) as events:
                async for event in events:
                    if isinstance(event, Finished):
                        return event.answer
                    if isinstance(event, Status):
                        self.status(event.code)
                        if event.code == "searching":
                            give_way()  # to whatever asks a model before it searches
                        sensitive = event.code == "sensitive"
                        self._private |= sensitive
                        self._notice = event.notice if sensitive else self._notice
                        if private.is_due(self.services.rules, self.job, sensitive=sensitive):
                            self.halt(PRIVATE)
                        if event.code == "reading":
                            self.reply.open()
                        continue
                    if opening is None:
                        give_way()  # to first words
                        opening = asyncio.get_running_loop().call_later(OPEN_AFTER_S, self.reply.open)
                    self.reply.say(("" if self._shown else self._opening) + self._rendered(event))
                    self._shown.append(event)
                    self._ends.append(len(self.reply.text))
        except TimeoutError:
            error = TOO_LATE
        except (SlackError, StoreError, LeaseLost):
            raise  # said by the reply: the place, not the answer, is in trouble
        except PolicybotError as problem:
            error = (problem.code, problem.message)
        except Exception as problem:
            structlog.get_logger().error("assistant_failed", id=self.id, **traced(problem))
        finally:
            if opening is not None:
                opening.cancel()
        if self._shown:
            return replace(self._partial("cut"), outcome=Outcome.DEGRADED, degraded_reason="model_cut", error=error)
        return Answer(Outcome.FAILED, "", error=error)

    def _partial(self, note: str) -> Answer:
        """The sentences so far as an answer, with why it ends there."""
        cited = {c.n: c for sentence in self._shown for c in sentence.citations}
        return Answer(
            Outcome.ANSWERED,
            "".join(sentence.text for sentence in self._shown).strip() or self.reply.text[: self.reply.sent],
            sentences=tuple(self._shown),
            citations=tuple(cited[n] for n in sorted(cited)),
            notes=(note,),
        )

    async def _keep(self, question: Question | None = None) -> tuple[Ended | None, str]:
        """Stopped by a person: keep what is there, and record that and no more."""
        await self.reply.settle()
        del self._shown[bisect.bisect_right(self._ends, self.reply.sent) :]
        answer = self._answer_given = self._partial("stopped")
        if question is None:  # begun by another process
            question = replace(await self.services.question(self.id, self.job), private=self._private)
        record = Record(self.id, question, answer, self.services.now(), self.reply.ts, self.job.root)
        await self.services.in_thread(self.services.store.answers.save, record)
        await self.reply.keep(await self._below(record), self._texts.notes["stopped"])
        return State.FINAL, STOPPED

    async def _remove(self) -> tuple[Ended | None, str]:
        """The question was deleted: so is whatever there is of its answer, here and where it was moved."""
        job, store = self.job, self.services.store
        known = await self.services.in_thread(store.answers.messages, self.id)
        await self.reply.remove([*known, *await private.take_back(self.services, job, self.id)])
        await self.services.in_thread(store.inbox.cancel, *job.place, self.services.now())
        return State.FINAL, DELETED

    async def _below(self, record: Record) -> list[Block]:
        again = packed(f"{self.id}-again", self.job.message_ts, self.job.root)
        titles = self.services.titles(record.question)
        blocks = render.blocks(record.answer, self.id, again, record.question.locale, titles)
        rules, opted_out = self.services.rules, self.services.store.persons.opted_out
        blocks += [*private.share_below(rules, self.job, record), *hand_off.below(rules, record)]
        if await self.services.in_thread(
            opted_out, self.job.user
        ):  # votes count; what buttons need words for does not work
            return [one for one in blocks if one["type"] != "actions"]  # those need words; a vote does not
        return blocks

    @property
    def _opening(self) -> str:
        """What an answer begins with: that the question's files were not read; "" where it has none."""
        return f"{self._texts.notes['files']}\n\n" if self.job.files else ""

    @property
    def _texts(self) -> texts.Texts:
        """Our own sentences in the asker's language."""
        return self.services.texts_for(self.job.user, self._spoken)

    def _instead(self) -> tuple[str, str] | None:
        """What is said instead of an answer, and why; None where it is answered."""
        job, say = self.job, self._texts
        if job.outsider:
            return say.says["outsider"], "outsider"
        if not job.text and (job.files or job.root == job.message_ts):  # else what stands above is meant
            return say.says["files_only"] if job.files else say.small_talk["capabilities"], "empty"
        return (say.error("internal", self.id), "attempts") if job.attempt > ATTEMPTS else None

    async def _move(self) -> tuple[Ended | None, str]:
        """Answer in the asker's direct messages, and say so here."""
        code = await private.move(self.services, self.job, self.id, self._notice, self._texts.private)
        return await self._say(self._texts.says[code], PRIVATE)

    async def _say(self, text: str, reason: str) -> tuple[Ended | None, str]:
        """Post one of our own sentences instead of an answer."""
        self.reply.text = text
        await self.reply.finish(())
        return State.FINAL, reason

    async def _failed(self, error: SlackError | StoreError) -> tuple[Ended | None, str]:
        """Tried again later, unless Slack certainly won't take it."""
        reason, job = error.reason if isinstance(error, Refused) else error.code, self.job
        later = isinstance(error, SlackAuthError | StoreError)
        later = later or (not isinstance(error, Refused) and job.attempt < ATTEMPTS)
        lost = isinstance(error, StoreError) and error.lasting and job.attempt == 1  # a backup does not hold it
        if not later:
            structlog.get_logger().error("slack_refused", id=self.id, reason=reason)
        if lost or not later:
            text = self._texts.error(error.code if lost else "slack", self.id)
            await self.services.post_ephemeral(job, text)
        return None if later else State.FAILED, reason

    def status(self, code: str) -> None:
        """Show what is going on, in the background; a status that fails is not worth a word."""
        if code in self._texts.status and code != self._status:
            self._status = code
            self._showing = self.services.show_status(self.job.channel, self.job.root, self._texts.status[code])
