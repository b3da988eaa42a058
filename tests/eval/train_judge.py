"""`python -m tests.eval.train_judge OUT.onnx`: the network of knowledge/index/embed.py, from labelled sections.

Needs torch and onnx, which nothing else here needs: `pip install torch onnx`. Some 25 minutes of one core.
In: tests/eval/judge/*.jsonl: sections of invented companies' manuals, by language models that had seen nothing of this
project, each with questions and the sentences that answer them, and questions that sound alike and that it leaves open.
What MiniLM sees in a question and in a sentence (behind its heading, as `Reading.in_context` writes it) is computed
once and stays as it is; what is learned is a comparison of the two: each word piece of one with its soft partner in
the other, pooled (decomposable attention, Parikh et al. 2016). One section in HELD_OUT is held out.
Prints, per epoch: right sentence first, and the AUC of the best log-odds, answered against left open, held out.
"""

import hashlib
import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.answering.scoring import CONTEXT_CHARACTERS
from knowledge.index.embed import MiniLM

SECTIONS = Path(__file__).parent / "judge"
EPOCHS, GROUPS, HELD_OUT = 5, 24, 20  # groups (a question each) of a step; one section in HELD_OUT
WIDTH, DROPPED = 128, 0.15
NETWORKS = 2  # that start differently; their mean errs less than either
RATE, DECAY = 1.5e-3, 0.03
RIGHT_WEIGHT, RANKING_WEIGHT = 2.0, 0.7  # of a right sentence in the loss; of the order beside each one's log-odds
# sentences of the same section, the nearest always among them, and near ones of other sections of the same manual
NEGATIVES, NEIGHBOURS = 3, 1


@dataclass
class Group:
    """A question and the texts that are judged beside it, as indexes into all texts."""

    question: int
    right: list[int]
    wrong: list[int]  # of the same section, nearest first
    neighbours: list[int]  # of other sections, nearest first
    held_out: bool


def contexts(section: dict[str, Any]) -> list[str | None]:
    """Each sentence behind its heading; a row with the names of its columns; None for a table's header."""
    heading, names, out = section["heading"].split(">")[-1].strip(), None, []
    for sentence in section["sentences"]:
        text = " ".join(sentence.split())
        if "|" in text:
            cells = [cell.strip() for cell in text.strip("| ").split("|")]
            if names is None:
                names = cells
                out.append(None)
                continue
            named = [f"{name}: {cell}" for name, cell in zip(names, cells, strict=False)]
            text = "; ".join(named if len(names) == len(cells) else cells)
        else:
            names = None
        out.append(f"{heading}: {text[:CONTEXT_CHARACTERS]}")
    return out


def groups(model: MiniLM) -> tuple[list[str], list[Group]]:
    """All texts, and all questions with theirs."""
    sections = [json.loads(line) for path in sorted(SECTIONS.glob("*.jsonl")) for line in path.open()]
    numbers: dict[str, int] = {}
    made, owners, questions = [], [], []
    for at, section in enumerate(sections):
        texts = [text and numbers.setdefault(text, len(numbers)) for text in contexts(section)]
        made.append(texts)
        owners += [(number, at) for number in texts if number is not None]
        asked = [(one["q"], one["s"]) for one in section["answered"]] + [(q, []) for q in section["unanswered"]]
        questions += [(question.strip().rstrip("?!. "), right, at) for question, right in asked]
    sentences = list(numbers)
    whole = model.embed(sentences)
    by_manual: dict[str, list[tuple[int, int]]] = {}
    for number, at in owners:
        by_manual.setdefault(sections[at]["title"], []).append((number, at))
    out = []
    for (question, right, at), vector in zip(questions, model.embed([q for q, _, _ in questions]), strict=True):
        own = [number for number in made[at] if number is not None]
        rest = [number for number, other in by_manual[sections[at]["title"]] if other != at and number not in own]
        held = [made[at][n] for n in right if n < len(made[at]) and made[at][n] is not None]
        near = {number: float(whole[number] @ vector) for number in {*own, *rest}}
        wrong = sorted((n for n in own if n not in held), key=lambda n: -near[n])
        key = hashlib.md5(f"{sections[at]['heading']}{sections[at]['title']}".encode()).hexdigest()
        asked = numbers.setdefault(question, len(numbers))
        neighbours = sorted(rest, key=lambda n: -near[n])[:4]
        if wrong and (held or not right):
            out.append(Group(asked, held, wrong[:5], neighbours, int(key, 16) % HELD_OUT == 0))
    return list(numbers), out


def network(torch: Any) -> Any:
    """The comparison; called with states (pairs, pieces, 384) of questions and texts and masks of what is theirs."""
    from torch import nn
    from torch.nn import functional as f

    def mean(values: Any, mask: Any) -> Any:
        weights = mask[..., None].float()
        return (values * weights).sum(1) / weights.sum(1)

    def most(values: Any, mask: Any) -> Any:
        return values.masked_fill(~mask[..., None], 0).max(1).values

    class Comparison(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.narrow = nn.ModuleList([nn.Linear(384, WIDTH), nn.Linear(384, WIDTH)])
            self.compare = nn.ModuleList([nn.Linear(3 * WIDTH + 1, WIDTH), nn.Linear(3 * WIDTH + 1, WIDTH)])
            self.sharpness = nn.Parameter(torch.tensor(10.0))
            self.dropped = nn.Dropout(DROPPED)
            self.hidden, self.out = nn.Linear(7 * WIDTH + 4, WIDTH), nn.Linear(WIDTH, 1)

        def forward(self, asked: Any, asked_mask: Any, texts: Any, texts_mask: Any) -> Any:
            states = [f.layer_norm(one, (384,)) for one in (asked, texts)]
            masks = [asked_mask, texts_mask]
            cosines = f.normalize(states[0], dim=-1) @ f.normalize(states[1], dim=-1).transpose(1, 2)
            cosines = [cosines, cosines.transpose(1, 2)]
            narrow = [self.dropped(to(one)) for to, one in zip(self.narrow, states, strict=True)]
            pooled, best = [], []
            for side, other in ((0, 1), (1, 0)):
                hidden = ~masks[other][:, None, :]
                shares = torch.softmax((cosines[side] * self.sharpness).masked_fill(hidden, -1e4), 2)
                partner = shares @ narrow[other]
                nearest = cosines[side].masked_fill(hidden, -1).max(2).values
                pair = [narrow[side], partner, narrow[side] * partner, nearest[..., None] * 3]
                compared = f.relu(self.compare[side](torch.cat(pair, 2)))
                pooled += [mean(compared, masks[side]), most(compared, masks[side])]
                best.append(nearest)
            wholes = [mean(one, mask) for one, mask in zip(narrow, masks, strict=True)]
            alike = f.cosine_similarity(mean(states[0], masks[0]), mean(states[1], masks[1]))
            weakest = best[0].masked_fill(~masks[0], 1).min(1).values
            means = [mean(one[..., None], mask)[:, 0] for one, mask in zip(best, masks, strict=True)]
            signals = torch.stack([alike, means[0], weakest, means[1]], 1) * 5
            hidden = self.hidden(torch.cat([*pooled, *wholes, wholes[0] * wholes[1], signals], 1))
            return self.out(self.dropped(f.gelu(hidden)))[:, 0]

    return Comparison()


class States:
    """What MiniLM sees in each text, and batches of it."""

    def __init__(self, torch: Any, model: MiniLM, texts: list[str]) -> None:
        self._torch = torch
        self._kept = [one.states for at in range(0, len(texts), 256) for one in model.read(texts[at : at + 256])]

    def pieces(self, index: int) -> int:
        """How many word pieces a text has."""
        return len(self._kept[index])

    def batch(self, indexes: list[int]) -> tuple[Any, Any]:
        """Padded states and the mask of what is theirs."""
        rows = [self._torch.from_numpy(self._kept[at].astype(np.float32)) for at in indexes]
        padded = self._torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
        lengths = self._torch.tensor([len(row) for row in rows])
        return padded, self._torch.arange(padded.shape[1])[None] < lengths[:, None]

    def odds(self, net: Any, question: int, texts: list[int]) -> Any:
        """The log-odds of each text."""
        return net(*self.batch([question] * len(texts)), *self.batch(texts))


def drawn(group: Group, draw: random.Random) -> list[int]:
    """A right text, if there is one, before wrong ones."""
    nearest, *rest = group.wrong
    return [
        *([draw.choice(group.right)] if group.right else []),
        nearest,
        *draw.sample(rest, min(NEGATIVES - 1, len(rest))),
        *draw.sample(group.neighbours, min(NEIGHBOURS, len(group.neighbours))),
    ]


def batches(kept: list[Group], states: States, draw: random.Random) -> list[list[Group]]:
    """The groups in batches of questions about as long, in another order each time."""
    draw.shuffle(kept)
    kept.sort(key=lambda group: states.pieces(group.question) // 6)
    made = [kept[at : at + GROUPS] for at in range(0, len(kept) - GROUPS + 1, GROUPS)]
    draw.shuffle(made)
    return made


def loss_of(torch: Any, net: Any, states: States, batch: list[Group], draw: random.Random) -> Any:
    """Each text's log-odds against its label, and of each question that is answered the right text's share."""
    texts = [drawn(group, draw) for group in batch]
    asked = [group.question for group, own in zip(batch, texts, strict=True) for _ in own]
    odds = net(*states.batch(asked), *states.batch([text for own in texts for text in own]))
    labels = torch.tensor(
        [float(bool(g.right) and n == 0) for g, own in zip(batch, texts, strict=True) for n in range(len(own))]
    )
    loss = torch.nn.functional.binary_cross_entropy_with_logits(odds, labels, pos_weight=torch.tensor(RIGHT_WEIGHT))
    parts = odds.split([len(own) for own in texts])
    ranked = [-part.log_softmax(0)[0] for group, part in zip(batch, parts, strict=True) if group.right]
    return loss + RANKING_WEIGHT * torch.stack(ranked).mean() if ranked else loss


def held_out(torch: Any, net: Any, states: States, kept: list[Group]) -> tuple[float, float]:
    """Share of answered questions whose right sentence comes first in its section; AUC of answered against open."""
    net.eval()
    first, best, answered = [], [], []
    with torch.no_grad():
        for group in kept:
            odds = states.odds(net, group.question, [*group.right, *group.wrong])
            best.append(float(odds.max()))
            answered.append(bool(group.right))
            if group.right:
                first.append(int(odds.argmax()) < len(group.right))
    net.train()
    scores, labels = np.array(best), np.array(answered)
    above = (scores[labels][:, None] > scores[~labels][None]).mean()
    return float(np.mean(first)), float(above)


def export(torch: Any, nets: list[Any], path: str) -> None:
    """The mean of networks as ONNX; inputs: the question's states for each text, the texts', and their lengths."""

    class Whole(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.nets = torch.nn.ModuleList(nets)

        def forward(self, asked: Any, texts: Any, lengths: Any) -> Any:
            own = torch.arange(texts.shape[1])[None] < lengths[:, None]
            whole = torch.ones(asked.shape[:2], dtype=torch.bool)
            return torch.stack([net(asked, whole, texts, own) for net in self.nets]).mean(0)

    many, pieces = {0: "texts", 1: "pieces"}, {0: "texts", 1: "longest"}
    torch.onnx.export(
        Whole().eval(),
        (torch.randn(3, 7, 384), torch.randn(3, 20, 384), torch.tensor([20, 11, 5])),
        path,
        input_names=["asked", "texts", "lengths"],
        output_names=["odds"],
        dynamic_axes={"asked": many, "texts": pieces, "lengths": {0: "texts"}, "odds": {0: "texts"}},
        opset_version=17,
        dynamo=False,
    )


def trained(torch: Any, states: States, made: list[Group], seed: int) -> Any:
    """A network that has learned from what is not held out; `seed` decides where it starts and in which order."""
    torch.manual_seed(seed)
    draw = random.Random(seed)
    kept = [group for group in made if not group.held_out]
    rest = [group for group in made if group.held_out]
    print(f"{len(kept)} questions to learn from, {len(rest)} held out")
    net = network(torch)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * (len(kept) // GROUPS)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps + 1, pct_start=0.1)
    for epoch in range(EPOCHS):
        for batch in batches(kept, states, draw):
            loss = loss_of(torch, net, states, batch, draw)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            rate.step()
        first, above = held_out(torch, net, states, rest)
        print(f"epoch {epoch + 1}: right sentence first {first:.3f}, AUC {above:.3f}", flush=True)
    return net


def main(path: str) -> None:
    import torch

    torch.set_num_threads(1)
    model = MiniLM()
    texts, made = groups(model)
    states = States(torch, model, texts)
    export(torch, [trained(torch, states, made, seed) for seed in range(NETWORKS)], path)


if __name__ == "__main__":
    main(sys.argv[1])
