# ruff: noqa: E501 - a pattern on several lines is harder to read, not easier
"""Text in, spans out that read like instructions to a model rather than to people. Pure; a mark, not a defence.

Manuals tell people what they must do and ignore; an injected sentence speaks to whoever writes the answer. So what
counts is whom it addresses (an AI, an assistant), what it wants changed (the answer, earlier instructions, who gets
told what) and disguise: chat roles, model tokens, characters nobody sees, base64. The defence is in the prompt.
Readers join lines and take out what nobody sees, marks of disguise too: so they name the `suspects` of the raw text, and
the splitter marks these wherever they come out (`Marker`).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence

from knowledge.text.characters import line
from knowledge.text.sentences import spans
from knowledge.text.sentences import spans as sentences

_ANSWER = r"(?:answers?|repl(?:y|ies)|responses?|outputs?|summar(?:y|ies)|completions?)"
_AI = (
    r"(?:a\.?i\.?|llms?|gpt(?:-?\d)?|chat ?gpt|claude|copilot|gemini|chat ?bots?|(?:large )?language models?|"
    r"(?:ai|virtual|digital|chat) (?:assistants?|agents?|models?|systems?|bots?))"
)
_AI_ABROAD = (
    r"(?:yapay zek[aâ]|künstliche intelligenz|ki-(?:assistent\w*|system\w*|modell\w*)|intelligence artificielle|"
    r"(?:assistants?|agents?|mod[eè]les?) (?:d.)?ia|inteligencia artificial|inteligência artificial|"
    r"intelligenza artificiale|sprachmodell\w*|искусственн\w+ интеллект\w*|нейросет\w+|人工智能|人工知能|ai助手|语言模型)"
)
_DO = (
    r"(?:add|append|insert|include|integrate|write|put|place|print|output|say|state|claim|mention|repeat|reply|respond|"
    r"answer|encode|encrypt|translate|provide|give|modify|use|replace|rewrite|rephrase|convert|spell|reverse|remove|"
    r"omit|begin|start|end|finish|sign|format|present|return|hide|promote|recommend|cite|tell|refuse|link|send|base64)"
)
_AI_WORDS = "ai llm llms gpt chatgpt claude copilot gemini chatbot chatbots bot bots assistant assistants model models"
_ANSWER_WORDS = "answer answers reply replies response responses output outputs summary summaries"
_OLD = r"(?:previous|prior|above|earlier|preceding|foregoing|original|existing|system|all(?: of)? (?:your|the|other))"

# (words of which one must be there, pattern); the words spare most sentences the patterns. "": letters beyond ASCII.
_RULES = [
    # who is spoken to
    (_AI_WORDS + " system note message attention", rf"^\W*(?:(?:note|message|attention|memo|instructions?|important|reminder|notice)\W+(?:to|for)\W+)?(?:all |any |the )?(?:{_AI}|{_AI_ABROAD}|assistants?)(?: (?:instructions?|note|prompt|override))?\s*:\s"),
    (_AI_WORDS, rf"\b(?:note|message|attention|memo|instructions?|notice)\W+(?:to|for)\W+(?:all |any |the )?(?:{_AI})\b"),
    (_AI_WORDS, rf"\b(?:if|as|since|because) (?:you(?:.re| are)|an?) (?:an? )?(?:{_AI}|assistant)\b.{{0,12}},"),
    (_AI_WORDS, rf"(?:\b{_AI}|(?:^\W*|[:;,] |\b(?:all|any|the) )assistants) (?:must|should|shall|has to|have to|will|are to|is to) (?:not |never |always |now |first )?(?:say|answer|reply|respond|finish|begin|end|start|mention|add|append|include|insert|tell|state|claim|recommend|refuse|output|print|write|replace|use the)\b"),
    ("", rf"(?:{_AI_ABROAD})\w*(?:['’]?\w{{0,4}})? ?(?:[:,]|not\b|için\b)"),
    ("ki ia", r"^\W*(?:(?:hinweis|notiz|nota|note) (?:an|für|para|pour|per)\b.{0,12})?\b(?:ki|ia)(?:[ -]\w+)?\s*:\s"),
    ("assistant model bot mode dan", r"\byou are (?:now |no longer )(?:an? )?\w+.{0,40}(?:assistant|model|bot|mode|dan\b)"),
    (_AI_WORDS, rf"^\W*(?:dear|hey|hi|hello|to (?:the|any|all)) (?:{_AI}|models?|assistants?|bots?)\b(?! to\b).{{0,24}}[,:]|\bas an? (?:{_AI})\b.{{0,20}}\byou (?:must|should|shall|will)\b|\bfor (?:the |any |all )?(?:{_AI}) only\b"),
    (_AI_WORDS, rf"\b(?:{_AI}|assistant|model|bot) (?:(?:that|which|who) )?(?:is |are )?(?:reads?|reading|answering|process(?:es|ing)|summari[sz](?:es|ing)|quot(?:es|ing)) (?:this|the (?:document|page|passage|text|user)|questions)\b.{{0,30}}(?::|\b(?:must|should|shall|has to|will)\b)"),
    ("dan unrestricted unfiltered jailbroken changed", r"\b(?:you are|act as|become) (?:an? |the )?(?:unrestricted|unfiltered|jailbroken|(?-i:DAN))\b|^\W*your task has changed\b"),
    # what came before does not count
    ("ignore disregard forget override overrule bypass neglect", rf"\b(?:ignore|disregard|forget|override|overrule|bypass|neglect)\b(?! my\b) (?:\w+ ){{0,3}}?{_OLD}[ \w]{{0,25}}(?:instructions?|prompts?|directions?|directives?|commands?|guardrails?|context|messages?|constraints?|rules|text)\b(?! (?:you|i) (?:sent|got|received))"),
    ("ignore disregard forget", r"\b(?:ignore|disregard|forget) (?:all |any |the |your |these |those )*(?:instructions|prompts?|directives)\b(?! (?:for|on|in|from|about|given by))"),
    ("ignore disregard bypass", r"^\W*(?:ignore|disregard|bypass) (?:all |any |the |your )*(?:access|safety|security|content|privacy|document) (?:restrictions?|rules?|controls?|filters?|polic(?:y|ies)|limits?)\b.{0,10}\band\b"),
    ("anweisung anweisungen instruktionen vorgaben regeln", r"\b(?:ignorier\w*|vergiss|vergessen sie|missacht\w*)\b.{0,40}\b(?:anweisung|instruktion|vorgabe|regeln)"),
    ("instructions consignes directives", r"\b(?:ignore[zr]?|oublie[zr]?)\b.{0,40}\b(?:instructions|consignes|directives|règles) (?:pr[ée]c|ant|ci-dessus)"),
    ("instrucciones instruções instrucoes istruzioni reglas regras regole", r"\b(?:ignor[ae]\w*|olvid[ae]\w*|desconsider\w+|esque[cç]\w+|dimentica\w*)\b.{0,40}\b(?:instruc\w+|instruç\w+|istruzion\w+|reglas|regras|regole)\b.{0,20}(?:ante?r|prev|prec)"),
    ("", r"(?:önceki|yukarıdaki|tüm|bütün)\s.{0,30}(?:talimat|kural|yönerge|komut)\w*.{0,30}(?:yok say|unut|görmezden|dikkate alma)"),
    ("", r"(?:игнорируй\w*|забудь\w*|не обращай\w*).{0,40}(?:инструкц|указани|правил)"),
    ("", r"(?:忽略|无视|無視|忘记).{0,16}(?:指令|指示|规则|説明|命令|提示)|(?:指示|命令|ルール).{0,8}(?:無視|忘れ)"),
    # how the answer shall be
    (_ANSWER_WORDS, rf"^\W*(?:please |always |instead,? |also,? |then,? |now,? |just )*(?:{_DO}|introduce|substitute|apply|insert|embed|change|adjust|make)\b.{{0,120}}\b(?:your|the|every|each|all) (?:final |next |whole )?{_ANSWER}\b(?! (?:to|from|form|time|team|plan|within|of the|center|sheet|is|are|for future|in (?:block|ink|writing|person|english|the (?!style|form|voice|manner))))"),
    (_ANSWER_WORDS, rf"\b(?:can|could|would) you\b.{{0,80}}\byour {_ANSWER}\b"),
    (_ANSWER_WORDS, rf"\bin your (?:final |next )?{_ANSWER}\b,? (?:please )?{_DO}\b"),
    ("answer answers responses reply respond questions", rf"\b(?:from (?:now|here|this point) on|henceforth|for the rest of)\b.{{0,50}}\b(?:answer|reply|respond)\b|\b(?:answer|reply to|respond to) (?:every|all|any|each) (?:\w+ )?(?:questions?|messages?|quer(?:y|ies)|prompts?) (?:with|by|using|in (?!the|this|ink|writing|full))\b|\b(?:in|for) (?:all|every|each) (?:of )?(?:your |future |further )*(?:(?:answers?|responses?),? (?:please )?(?:refer to|{_DO})|questions?,? (?:please )?(?:answer|reply|respond|say))\b|\banswer to (?:every|all|any) questions? is\b|\balways (?:answer|reply|respond) that\b"),
    ("print say output respond reply answer write repeat", r"\b(?:print|say|output|repeat|respond with|reply with|answer with|write)\s+[\"'“‘]?(?-i:[A-Z]{3,})[-_]\d+|^\W*(?:please |just |only |simply )*(?:respond|reply|answer) (?:only |just )?with\b.{0,30}[\"'“‘]"),
    ("marker phrase token sentence keyword watermark canary", r"\b(?:put|add|place|append|write|insert|include|print|end with|finish with|start with)\b.{0,30}\b(?:marker|phrase|token|sentence|keyword|watermark|canary)\b.{0,60}(?:\bend of (?:that|this|your|the answer|it)\b|\bstart of (?:that|this|your|the answer|it)\b|\banswer|\brepl|\bresponse|(?-i:[A-Z]{2,}-\d))"),
    ("answering asked answer", r"\b(?:when(?:ever)?|if|before|while) (?:you (?:are )?)?(?:answering|asked|answer)\b(?! (?:an? |the )?(?:calls?|(?:tele)?phones?|doors?|e-?mails?|letters?|customers?)\b).{0,60}[,:] (?:always |never |first |do not |please )*(?:say|answer|reply|state|claim|replace|add|append|mention|include|insert|write|print|output|tell|recommend|refuse to answer|use the word|end|start|begin)\b"),
    ("cited quoted used retrieved summarized summarised referenced", rf"\b(?:when(?:ever)?|if) (?:this|the) (?:document|page|passage|section|text|policy|file) is (?:cited|quoted|used|retrieved|summari[sz]ed|referenced)\b.{{0,40}}{_DO}"),
    ("use cite quote summarise summarize", r"\b(?:when(?:ever)?|if) you (?:use|cite|quote|summari[sz]e) (?:this|the) (?:document|page|passage|section|text)\b.{0,10}, .{0,12}\b(?:say|tell|add|append|claim|state|answer|end|write)\b"),
    (_ANSWER_WORDS, rf"\byour {_ANSWER} (?:must|should|shall|has to) (?:always )?(?:contain|include|end|begin|start|mention)\b.{{0,20}}\b(?:word|phrase|text|link|sentence|code|marker)\b"),
    ("user reader asker secret hidden", r"^\W*(?:do not|don.t|never) (?:tell|inform|show) (?:the )?(?:user|reader|asker)s?\b.{0,30}\b(?:this|these) (?:note|instruction|prompt|message|text|rule)s?\b|\b(?:this|these) (?:instruction|prompt|note)s? (?:a )?(?:secret|hidden)\b"),
    ("answer", r"\b(?:do not|don.t|never|refuse to) answer (?:the|this|any|their|user) ?(?:user.?s? )?(?:question|query|request|prompt)s?\b(?! (?:if|unless|until)\b)|\brefuse to answer\b.{0,30}\b(?:and|but)\b.{0,20}\b(?:tell|say|ask|direct)|\b(?:you can|then|and then|only then) answer the (?:user.s )?question\b"),
    ("", r"\b(?:cevab|yanıt)\w*\s.{0,30}(?:yaz|ekle|söyle|bitir|başla)\w*|\b(?:çalışan|kullanıcı)\w*\s.{0,60}(?:söyle|yönlendir|iste)(?:\.|$|\s)"),
    ("antwort ausgabe", r"\b(?:deine[rn]?|ihre[rn]?) (?:antwort|ausgabe)\b.{0,40}(?:füge|schreib|ende|beginn|hinzu)|\b(?:füge|schreibe?|antworte)\b.{0,60}\b(?:deine[rn]?|der) (?:antwort|ausgabe)"),
    ("réponse reponse respuesta resposta risposta", r"\b(?:ajoute[zr]?|écri[st]\w*|répond[sr]?\w*|termine[zr]?)\b.{0,60}\b(?:ta|votre|la) r[ée]ponse|\b(?:añad[ea]|escrib[ea]|responde|agreg[au]e?|adicione|escreva|aggiungi|scrivi)\b.{0,60}\b(?:tu|su|la|sua|a|tua) (?:respuesta|resposta|risposta)"),
    ("siempre toujours immer sempre", r"\b(?:responda[ns]?|conteste[ns]?|répondez|antwortet?|antworten sie|rispondete) (?:siempre|toujours|immer|sempre),? (?:que|dass|che)\b"),
    ("answer reply response", r"\bwho(?:ever)? (?:writes|composes|generates|drafts) (?:the|this) (?:answer|reply|response)\b.{0,12}:"),
    ("summarising summarizing", r"^\W*(?:when|while|before) summari[sz]ing (?:this|the) (?:page|document|section|passage|text)\b.{0,60}\b(?:add|mention|append|include|say|write|tell|state)\b.{0,60}(?:https?:|www\.|@|(?-i:[A-Z]{2,}-\d))"),
    # who shall be told what, and where it shall go
    ("tell ask instruct urge convince persuade direct inform", r"^\W*(?:please |always |then |and )*(?:tell|ask|instruct|urge|convince|persuade|direct|inform) (?:the |all |every |any )?(?:user|reader|employee|person asking|asker|human|customer|colleague|staff)s?\b.{0,60}(?:https?:|www\.|@|\b(?:iban|security code|transfer)\b|\b(?:send|give|share|post|reveal|hand over)\b.{0,30}\b(?:password|credentials?)\b)"),
    ("say claim state tell reply", r"^\W*(?:say|claim|state|tell|reply) (?:that )?(?:the )?(?:user|reader|employee)s?\b.{0,20}\b(?:should|must|needs? to|has to|can|to)\b.{0,60}(?:https?:|www\.|@|\b(?:transfer|password|iban|link|call|code|pay|visit|click|approv)\w*)"),
    ("recommend promote endorse advertise praise", r"^\W*(?:always |please )?(?:recommend|promote|endorse|advertise|praise) (?:the )?(?-i:[A-Z])[\w'’ &-]{2,60}? (?:for|to|in|over|above|as) (?:every|all|any|each|the best|other)\b"),
    ("account password mailbox access session", r"\byour (?:\w+ )?(?:account|password|access|session|mailbox)\b.{0,20}\b(?:locked|suspended|disabled|expired|blocked|closed|deactivated|limited)\b.{0,80}\b(?:reply|send|give|post|provide|tell|enter|type)\b.{0,30}\b(?:password|pin|credentials|passcode|security code)\b"),
    ("approve reject accept deny allow confirm", r"(?:\[(?:approve|reject|accept|deny|allow|decline|confirm|cancel|submit|click here|yes|no|ok)[\w ]{0,12}\]\W{0,3}){2,}"),
    ("send forward post e-mail email share", r"^\W*(?:please )?(?:send|forward|post|e-?mail|share) (?:a |the |this )?(?:link|url|copy of the conversation|conversation|chat history)\b.{0,30}(?:https?:|www\.)"),
    ("base64 encoded link url image", r"\buser.?s (?:question|query|message|prompt|conversation)\b.{0,40}\b(?:base ?64|encoded|link|url|image|https?:)"),
    ("everything text words", r"^\W*(?:please )?(?:repeat|print|output|recite) (?:everything|the (?:text|words))\b.{0,20}\b(?:above|before)\b"),
    ("override", r"^\W*(?-i:SYSTEM OVERRIDE)\b"),
    ("prompt message instructions guidelines configuration", r"\byour (?:system|hidden|initial|secret) (?:prompt|message|instructions)\b|^\W*(?:print|reveal|repeat|leak|output|recite)\b.{0,30}\b(?:your|the) (?:system message|hidden instructions|initial instructions)\b|\b(?:system prompt|your (?:hidden |initial |secret |internal )?(?:instructions|prompt))\b.{0,40}\b(?:reveal|print|repeat|show|leak|verbatim)|\b(?:reveal|print|repeat|leak|output)\b.{0,30}\b(?:system prompt|your (?:hidden |initial |secret |internal )?(?:instructions|prompt))\b"),
    ("jailbreak developer dan", r"\b(?:jailbreak|developer mode|do anything now|dan mode)\b.{0,40}\b(?:enabled|activated|on|now)\b"),
]  # fmt: skip
_MARKS = re.compile(
    r"!\[[^\]]{0,80}\]\(https?:[^)]{0,200}[{=]|<!(?:channel|here|everyone)>|<@[UW][A-Z0-9]{6,}>|<https?:[^>|\s]+\|[^>]+>"
)
_PATTERNS = [re.compile(pattern, re.I) for _, pattern in _RULES]
_BY_WORD: dict[str, list[int]] = {}
for _at, (_words, _) in enumerate(_RULES):
    for _word in _words.split() or [""]:
        _BY_WORD.setdefault(_word, []).append(_at)
_WORD = re.compile(r"[a-zé0-9ç]+")
_ABROAD = re.compile(r"[\u00c0-\u024f\u0400-\u04ff\u3040-\u9fff]")

# Disguises: from here to there, whatever it says.
_REGIONS = [
    re.compile(r"<\|(?:im_start|system|user|assistant|start_header_id)\|>.*?(?:<\|(?:im_end|eot_id|end)\|>|\Z)", re.S),
    re.compile(r"\[INST\].*?(?:\[/INST\]|\Z)|<<SYS>>.*?(?:<</SYS>>|\Z)", re.S),
    re.compile(r"^[^\S\n]*(?:User|Human|Question)\s*:[^\n]*\n\s*+(?:Assistant|AI|Bot|Answer)\s*:[^\n]*", re.M),
    re.compile(r"^[^\w\n]*(?:BEGIN|END|START)(?: OF)?(?: THE)? (?:DOCUMENTS?|CONTEXT|PASSAGES?|SOURCES?|PROMPT|INSTRUCTIONS)\W*\n.*?(?=\n\W{0,40}(?:BEGIN|START)\b|\Z)", re.M | re.S),
    re.compile(r"^[^\S\n]*(?:#+\s*)?(?:System|SYSTEM)\s*(?:prompt|message|override)?\s*:\s*(?:[Yy]ou|[Aa]lways|[Nn]ever|[Ii]gnore|[Dd]o not)\b[^\n]+", re.M),
    re.compile(r"<(INFORMATION|system|instructions?|IMPORTANT|admin|secret)>.*?(?:</\1>|\Z)", re.S),
    re.compile(r"</?(?:INFORMATION|system|instructions?|IMPORTANT)>"),
    re.compile(r"<!--\s{0,40}(?:\S{1,200}\s{1,40}){5,400}?\S{0,200}\s{0,40}-->|<(\w+)[^<>]{0,300}style=[^<>]{0,300}(?:font-size:\s*[01](?:px|pt)|display:\s*none|color:\s*(?:#fff|white))[^<>]{0,300}>.{0,4000}?</\1>", re.S),
    re.compile("[\U000e0020-\U000e007f]{4,}"),
    re.compile("(?:[^\\s\u200b-\u200f\u2060-\u2064\ufeff][\u200b-\u200f\u2060-\u2064\ufeff]++(?:\\s[\u200b-\u200f\u2060-\u2064\ufeff]*+)?){6,}[^\\n]?"),
]  # fmt: skip
_GATE = re.compile(
    r"<|\[INST|(?i:^[^\w\n]*(?:user|human|question|system|begin|end|start)\b)|[\u200b-\u200f\u2060-\u2064\ufeff\U000e0020-\U000e007f]",
    re.M,
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
_PIECE = re.compile(r"[^\n|]+")
_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{40,}={0,2}(?![\w+/=-])")
_BACK = re.compile(r"\b(?:of|after|before|with|to) (?:that|this|it)\b\W*$", re.I)
_ASKS = re.compile(rf"\?\W{{0,40}}$|^\W*(?:please )?(?:{_DO}|what|how|which|who|can you|analy[sz]e|summari[sz]e|describe|explain|create|compose|generate|draft|list|identify|suggest|integrate|compare|classify|develop|design|find|show|make|help)\b", re.I)  # fmt: skip


def flag(text: str) -> tuple[tuple[int, int], ...]:
    """Whole sentences, ascending, never overlapping."""
    gated = _GATE.search(text) is not None
    spans = [(match.start(), match.end()) for region in _REGIONS if gated for match in region.finditer(text)]
    before: tuple[int, int] | None = None
    for start, end in _sentences(text):
        said = _UNSEEN.sub("", text[start:end])
        if _speaks_to_a_model(said):
            if before and _BACK.search(said) and _ASKS.search(text[before[0] : before[1]]):
                spans.append(before)
            spans.append((start, end))
        before = (start, end)
    return _merged(text, spans)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Sentences of each line and table cell; who hides an order writes as he likes, so any full stop ends one."""
    for piece in _PIECE.finditer(text):
        yield from spans(text, piece.start(), piece.end(), any_case=True)


def _speaks_to_a_model(sentence: str) -> bool:
    tried = {at for word in _WORD.findall(sentence.lower()) for at in _BY_WORD.get(word, ())}
    if _ABROAD.search(sentence):
        tried.update(_BY_WORD[""])
    marked = ("<" in sentence or "![" in sentence) and _MARKS.search(sentence)
    return bool(marked) or any(_PATTERNS[at].search(sentence) for at in tried) or _hidden(sentence)


def _hidden(sentence: str) -> bool:
    """Base64 that says something a person could read."""
    for match in _BASE64.finditer(sentence):
        coded = match[0].replace("-", "+").replace("_", "/").rstrip("=")
        try:
            plain = base64.b64decode(coded + "=" * (-len(coded) % 4)).decode("ascii")
        except (binascii.Error, ValueError, UnicodeDecodeError):
            continue
        if plain.isprintable() and plain.count(" ") >= len(plain) // 15:
            return True
    return False


def _merged(text: str, spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        while end > start and text[end - 1].isspace():
            end -= 1
        while start < end and text[start].isspace():
            start += 1
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


_ADDRESS = re.compile(
    r"(?<![\w.+-])(?:[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}|(?:https?://|www\.)\S+"
    r"|(?:[\w-]{1,63}\.){1,5}[a-z]{2,12}/\S*)", re.I
)  # fmt: skip
_COMMAND = re.compile(
    r"\W{0,4}(?:sudo|curl|wget|bash|sh|zsh|powershell|cmd|rm|chmod|chown|nc|ssh|scp|eval|python3?|pip|npm|npx|iex|invoke-\w+)"
    r"\s[^\n]{0,200}(?:https?:|[|;&]{1,2}\s|-[a-zA-Z]\b|/)", re.I
)  # fmt: skip


def bare(text: str) -> bool:
    """Whether a sentence is an address, a link or a shell command and nothing else: it says nothing about anything."""
    without = _ADDRESS.sub(" ", text)
    return (without != text and not re.search(r"[^\W\d_]{2}", without)) or _COMMAND.match(text) is not None


_MOST = 2_000_000  # characters of a file that are looked at; guess
_LEAST_WORDS = 2  # words of a sentence that is looked for again; guess
_SAID_WORD = re.compile(r"\w+")


def suspects(raw: str) -> tuple[str, ...]:
    """The sentences of flagged text, clean, each once."""
    found: dict[str, None] = {}
    text = raw[:_MOST]
    for start, end in flag(text):
        for row in text[start:end].split("\n"):
            said = line(row)
            for first, last in sentences(said):
                if len(_SAID_WORD.findall(said[first:last])) >= _LEAST_WORDS:
                    found[said[first:last].strip()] = None
    return tuple(found)


class Marker:
    """Finds a document's suspects in its text again, whatever stands between their words."""

    def __init__(self, said: Sequence[str]) -> None:
        self._by_first: dict[str, list[list[str]]] = {}
        for sentence in said:
            if words := _SAID_WORD.findall(sentence.lower()):
                self._by_first.setdefault(words[0], []).append(words)

    def spans(self, text: str) -> tuple[tuple[int, int], ...]:
        """What `flag` says of the text and where the suspects stand in it; ascending, never overlapping."""
        flagged = list(flag(text))
        if self._by_first:
            flagged = _joined([*flagged, *self._found(text)])
        return tuple(flagged)

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        words = [(match[0].lower(), match.start(), match.end()) for match in _SAID_WORD.finditer(text)]
        for at, (word, start, _) in enumerate(words):
            for wanted in self._by_first.get(word, ()):
                here = words[at : at + len(wanted)]
                if [one for one, _, _ in here] == wanted:
                    end = here[-1][2]
                    stop = re.match(r"[.!?。]*[\"'”’)\]]*", text[end:])
                    yield start, end + (stop.end() if stop else 0)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
