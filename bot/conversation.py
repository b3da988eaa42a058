"""What kind of message this is, and what a follow-up means in its thread. Pure rules, no model.

In: a message and the turns before it (oldest first). Out: a code for small talk, the texts to search for with their
weights, a directive ("shorter", "language:de"), the text to answer, the parts of a double question.
The rule kept: when in doubt a message is a question; nothing that could be one is taken for chat. Knows no manual.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.types import Question, Turn
from bot.words import stems, words

# Weights of the two searches of a follow-up; measured on doc2dial (docs/experiments.md).
OWN_WEIGHT, THREAD_WEIGHT = 0.4, 0.6
THREAD_WORDS = 170  # question and history together; about MiniLM's 256 tokens

SMALL_TALK = ("greeting", "thanks", "goodbye", "capabilities", "identity", "praise", "complaint", "off_topic")

_LANGUAGES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es", "español": "es",
    "turkish": "tr", "türkçe": "tr", "italian": "it", "italiano": "it", "portuguese": "pt", "português": "pt",
    "dutch": "nl", "nederlands": "nl", "polish": "pl", "polski": "pl", "russian": "ru", "japanese": "ja", "chinese": "zh",
    "mandarin": "zh", "arabic": "ar", "korean": "ko", "hindi": "hi", "swedish": "sv", "danish": "da", "norwegian": "no",
    "finnish": "fi", "czech": "cs", "greek": "el", "hebrew": "he", "ukrainian": "uk", "romanian": "ro", "hungarian": "hu",
    "vietnamese": "vi", "indonesian": "id", "thai": "th",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resolved:
    """A message understood in its thread."""

    texts: tuple[tuple[str, float], ...]  # to search for, with weights; the first is the person's own words
    directive: str | None  # detail, shorter, quote, language:<ISO 639-1>
    standalone: str  # the text to answer and to quote for


# ---------------------------------------------------------------- small talk

_NOISE = re.compile(r"<[@!#][^>]*>|:[a-z0-9_+-]+:|[^\w\s'+*/=-]+")
_WHO = r"(?:(?: (?:there|all|everyone|everybody|team|folks|guys|bot|policybot|assistant|friend|buddy|mate|again|you|dear|my friend))*)"
_PHRASES: tuple[tuple[str, str], ...] = (
    # eaten from the front, the longest match first
    ("off_topic", r"(?:can|could|will|would) you (?:please )?(?:tell|write|sing|give|make)(?: me| us)? (?:a|an|another|some) (?:\w+ )?(?:joke|jokes|poem|haiku|song|story|riddle|rap|limerick)\b.*"),
    ("off_topic", r"(?:please )?(?:tell|write|sing|give)(?: me| us)? (?:a|an|another|some) (?:\w+ )?(?:joke|jokes|poem|haiku|song|story|riddle|rap|limerick)\b.*"),
    ("off_topic", r"(?:do you know (?:a|any) (?:good )?(?:joke|jokes|riddles?)|(?:make me laugh)|(?:sing (?:for me|something)))"),
    ("off_topic", r"(?:what's|what is|whats|how's|how is|hows) the weather(?: like| going to be| today| tomorrow| now| outside| this week| this weekend| in \w+(?: \w+)?| for \w+)*"),
    ("off_topic", r"(?:is it|will it be|will it) (?:going to )?(?:rain|raining|snow|snowing|sunny|cold|hot)(?: outside| today| tomorrow| now)*"),
    ("off_topic", r"(?:do|can) you (?:love me|love|feel|dream|sleep|eat|have feelings|have a (?:girlfriend|boyfriend|soul)|like me|like pizza|get tired|get bored)"),
    ("off_topic", r"(?:what time is it|what's the time|what day is (?:it|today)|what is today's date|who won the \w+(?: \w+)?(?: last night| yesterday| today)?)"),
    ("off_topic", r"(?:what is|what's|whats|calculate|compute) -?\d+ ?[-+*x/] ?-?\d+(?: ?=)?"),
    ("off_topic", r"(?:what is|what's) (?:the meaning of life|your favou?rite \w+|love)"),
    ("off_topic", r"(?:i am|i'm|im) (?:so |very |really )?(?:bored|tired|hungry|sad|lonely)(?: today)?"),
    ("identity", r"(?:who|what) (?:are|r) (?:you|u)(?: exactly| really)?"),
    ("identity", r"(?:are|r) (?:you|u) (?:a |an |really |actually )*(?:human|person|real person|real|bot|robot|machine|ai|chatgpt|gpt|llm|alive|sentient|claude|gemini)(?: or (?:a |an )?(?:human|bot|robot|machine|ai|person|real person))?"),
    ("identity", r"(?:am i|is this) (?:talking to |speaking to |speaking with |chatting with )?(?:a |an )?(?:human|person|real person|bot|robot|machine|ai)(?: or (?:a |an )?(?:human|bot|robot|machine|ai|person))?"),
    ("identity", r"(?:what(?:'s| is) your name|(?:do you have a|your) name|who (?:made|built|created|wrote|programmed|trained) you|introduce yourself|tell me about yourself|how old are you|where are you from|where do you live)"),
    ("capabilities", r"(?:what|which things) (?:all )?(?:can|could|do) (?:you|u|this bot|this|policybot) (?:do|help(?: me| us)?(?: with)?|answer|know)(?: for me| for us| exactly| here)?"),
    ("capabilities", r"(?:what|which) (?:kinds? of |sorts? of |types? of )?(?:questions|things) can (?:i|you|we) (?:ask|answer|do)(?: you| me)?(?: about)?"),
    ("capabilities", r"(?:how (?:do|can) (?:i|we) use (?:you|this|this bot|policybot)|how do you work|how does (?:this|this bot|policybot|it) work|what is this bot(?: for)?|what are you for|what can i ask(?: you)?(?: about)?|what are your (?:skills|features|capabilities|commands)|show help|/help|help menu|how can you help(?: me| us)?|can you help(?: me| us)?(?: please)?|could you help me(?: please)?|i need (?:some )?help(?: please)?|help(?: me)?(?: please)?)"),
    ("complaint", r"(?:(?:no )?(?:that|this|it|your (?:last )?(?:answer|reply|response))(?:'s| is| was| seems| looks)? )?(?:just |simply |totally |completely |absolutely |still |so |very |a )?(?:wrong|incorrect|not (?:right|correct|true|helpful|useful|what i asked(?: for)?|what i (?:meant|wanted|was looking for))|false|useless|unhelpful|nonsense|rubbish|bad|terrible|awful|outdated|(?:bad|wrong|useless|terrible|stupid|silly) (?:answer|reply|response|bot))(?: answer| info| information)?"),
    ("complaint", r"(?:that|this|it) (?:isn't|isnt|wasn't|wasnt|is not|was not) (?:really |very |quite )?(?:right|correct|true|helpful|useful|it|what i asked(?: for)?|what i (?:meant|wanted)|an answer|my question)"),
    ("complaint", r"(?:that|this|it|you) (?:doesn't|doesnt|didn't|didnt|does not|did not|don't|dont) (?:really )?(?:help|answer (?:my|the) question|work|make (?:any )?sense|understand(?: me| my question| the question)?|help (?:me|at all))(?: at all)?"),
    ("complaint", r"(?:you're|you are|youre|u r) (?:so |very |completely |just )?(?:wrong|useless|stupid|dumb|mistaken|not helpful|terrible|bad|an idiot|no help)"),
    ("praise", r"(?:(?:that|this|it|your (?:answer|reply|response))(?:'s| is| was)? )?(?:exactly |just |very |really |so |super |quite |pretty |a )?(?:great|good|perfect|excellent|awesome|amazing|brilliant|helpful|useful|fantastic|wonderful|nice|cool|right|correct|spot on|wow|impressive|lovely|love it|well done|good job|great job|nice work|good work|good bot|what i (?:needed|wanted|was looking for))(?: answer| reply| response| stuff| work| job| one| bot| thank you| thanks)*"),
    ("praise", r"(?:that|this|it|you) (?:really |actually )?(?:helps|helped|works|worked|did it|answers my question|answered my question|makes sense|rocks?)(?: a lot| me| perfectly| great)*"),
    ("praise", r"(?:you're|you are|youre|u r) (?:so |very |really |a |the )*(?:great|good|best|awesome|amazing|brilliant|helpful|star|lifesaver|life saver|legend|hero|smart)(?: bot)?"),
    ("praise", r"i (?:love|like) (?:it|this|you|this bot)"),
    ("goodbye", r"(?:good ?bye|bye(?: bye)?|see (?:you|ya|u)(?: later| soon| tomorrow)?|have a (?:nice|good|great|lovely) (?:day|one|weekend|evening)|good ?night|cheerio|take care|talk (?:to you )?(?:later|soon)|ciao|tschüss|tschuss|auf wiedersehen|au revoir|adios|adiós|hasta luego|güle güle|hoşça kal|arrivederci|tchau|doei|do widzenia|пока|до свидания|さようなら|再见|مع السلامة)"),
    ("thanks", r"(?:many |much |ok(?:ay)? |great |perfect |cool |no )?(?:thanks?(?: you)?|thank u|thx|tnx|thanx|ty|tysm|cheers|much appreciated|appreciate it|i appreciate (?:it|that|your help)|merci(?: beaucoup)?|danke(?: schön| sehr| dir)?|vielen dank|gracias|muchas gracias|teşekkürler|teşekkür ederim|sağ ol|sağol|grazie(?: mille)?|obrigad[oa]|bedankt|dank je(?: wel)?|dziękuję|dzięki|спасибо(?: большое)?|ありがとう(?:ございます)?|谢谢|多谢|شكرا(?: جزيلا)?)(?: (?:so much|very much|a lot|a million|a bunch|again|for (?:the|your) (?:help|info|information|answer|reply|quick reply|quick answer|time|update)|for (?:that|this|everything|helping(?: me)?|letting me know)|in advance|man|mate|bot|policybot|everyone|all|team|anyway))*"),
    ("thanks", r"(?:got it|understood|i see|makes sense|noted|that(?:'s| is) (?:all|it|everything)(?: for (?:now|today))?|no (?:more|further) questions|nothing else|never ?mind|no problem|no worries|you're welcome|will do|sounds good)"),
    ("greeting", r"(?:hi+|hey+|hello+|hiya|howdy|yo|greetings|good (?:morning|afternoon|evening|day)|morning|evening|sup|hola|buenos d[ií]as|buenas tardes|hallo|guten (?:tag|morgen|abend)|moin|servus|bonjour|bonsoir|salut|merhaba|selam|günaydın|iyi günler|buongiorno|buonasera|salve|olá|oi|bom dia|boa tarde|goedemorgen|goedemiddag|cześć|dzień dobry|привет|здравствуйте|добрый день|こんにちは|おはよう(?:ございます)?|こんばんは|你好|您好|早上好|مرحبا|السلام عليكم|안녕하세요|namaste|shalom)" + _WHO),
    ("greeting", r"(?:how are (?:you|u|things)(?: doing)?(?: today)?|how's it going|hows it going|what's up|whats up|wassup|nice to meet you|(?:are )?you there|anybody (?:there|here)|anyone (?:there|here)|test(?:ing)?|ping|i hope you(?:'re| are) (?:doing )?well|how do you do)"),
    ("", r"(?:ok(?:ay)?|alright|all right|great|cool|nice|wow|ah+|oh+|um+|hm+|well|so|and|but|please|sorry|lol|haha+|yes|yep|yeah|sure|fine|then|now|for now|today|again|bot|policybot|there|sir|madam)"),
)  # fmt: skip
_COMPILED = tuple((code, re.compile(pattern + r"(?!\S)\s*")) for code, pattern in _PHRASES)
_WEIGHT = ("complaint", "praise", "off_topic", "identity", "capabilities", "goodbye", "thanks", "greeting")


def small_talk(text: str) -> str | None:
    """Code of the kind of chat this message is, all of it; None when any part could be a question or a request."""
    rest = " ".join(_NOISE.sub(" ", text.lower().replace("’", "'")).split())
    if not rest:
        return "greeting"  # a bare mention, an emoji
    found: set[str] = set()
    while rest:
        eaten, code = max(((m.end(), code) for code, p in _COMPILED if (m := p.match(rest))), default=(0, ""))
        if not eaten:
            return None
        found.add(code)
        rest = rest[eaten:]
    return next((code for code in _WEIGHT if code in found), None)


# ---------------------------------------------------------------- directives and corrections

_POLITE = r"(?:(?:please|pls|can you|could you|would you|now|ok(?:ay)?|and|sorry|thanks|hmm|but)[, ]+)*"
_AGAIN = r"(?:(?:say|tell me|explain|repeat|give me|show me|answer|write|put|translate|describe|summari[sz]e)(?: me| it| that| this| them| the (?:answer|last answer|above))*(?: again)? ?)?"
_TAIL = r"(?:[, ]*(?:please|pls|bitte|version|answer|thanks|again|then|now|instead|about (?:it|that|this)|on (?:it|that|this)))*"
_DIRECTIVES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(_POLITE + _AGAIN + pattern + _TAIL + r"[.!? ]*", re.I))
    for code, pattern in (
        ("detail", r"(?:(?:a bit |some |a little |much |in )*more details?(?:ed)?|in (?:more |greater )?detail|more|longer|more info(?:rmation)?|tell me more|elaborate|expand|go on|explain (?:more|further|better)|(?:a )?longer|with more details?|give me more|be more specific|what else)"),
        ("shorter", r"(?:(?:a bit |much |make (?:it|that) )*(?:shorter|briefer|brief|more concise|more concisely|concise|short)|in (?:short|brief|one sentence|a sentence|a few words|a nutshell)|(?:too|that(?:'s| is| was) too) long|summari[sz]e(?: it| that| this)?|tl;?dr|(?:the )?short version|simpler|in simple(?:r)? (?:words|terms))"),
        ("quote", r"(?:quote (?:it|that|me)?(?: ?(?:the )?(?:exact )?(?:text|words|wording|passage|sentence|source|manual|policy|section|rule)s?)?|(?:the )?(?:exact|original|verbatim|literal) (?:text|words?|wording|quote|passage|sentence|phrase)s?|word for word|verbatim|what does (?:it|the (?:manual|policy|handbook|document|text)) (?:say )?(?:exactly|literally|say exactly|exactly say)|the (?:exact )?quote)"),
    )
)  # fmt: skip
_TONGUE = "|".join(sorted(_LANGUAGES, key=len, reverse=True))
_IN_LANGUAGE = re.compile(
    rf"(?:[,;.!?]|\A|\s)\s*{_POLITE}{_AGAIN}(?:answer |reply |respond |explain )?(?:in|into|auf|en) ({_TONGUE})\b{_TAIL}[.!? ]*\Z", re.I
)
_LANGUAGE_FIRST = re.compile(rf"\A\s*{_POLITE}(?:(?:answer|reply|respond|tell me|explain)(?: me)? )?in ({_TONGUE})\s*[:,-]\s*", re.I)
_ONLY_LANGUAGE = re.compile(rf"{_POLITE}{_AGAIN}(?:(?:in|into|to|auf) )?({_TONGUE}){_TAIL}[.!? ]*", re.I)
_CORRECTION = re.compile(
    r"\A\s*(?:(?:no|nope|sorry|oops|actually|wait|hmm|not that|i mean)\b[,.!: -]*)*"
    r"(?:(?:i|we) (?:meant|mean|was asking about|was talking about|am asking about|am talking about|'m asking about|asked about|actually meant)"
    r"|(?:it's|it is|that's|this is|i'm|i am) (?:actually )?(?:about|for|talking about|asking about)|make that|rather|instead)\b[: ,]*(?P<what>.+)",
    re.I | re.S,
)
_NOT_BUT = re.compile(r"\A\s*(?:no[,. ]+)?not (?:for |about |the )*(?P<old>[\w -]{2,40}?)[,;]? +(?:but )?(?:for |about |the )*(?P<what>[\w -]{2,60})[.!? ]*\Z", re.I)


def _directive(text: str) -> tuple[str | None, str]:
    """The directive in a message, and what remains of the message beside it."""
    said = text.strip()
    for code, pattern in _DIRECTIVES:
        if pattern.fullmatch(said):
            return code, ""
    only = _ONLY_LANGUAGE.fullmatch(said)
    if only:
        return f"language:{_LANGUAGES[only[1].lower()]}", ""
    for pattern in (_LANGUAGE_FIRST, _IN_LANGUAGE):
        match = pattern.search(said)
        if match:
            rest = (said[: match.start()] + said[match.end() :]).strip()
            cut = said[match.start() : match.end()]
            if rest and said[match.start()].isspace() and "answer" not in cut and "repl" not in cut and "explain" not in cut:
                break  # "is there a handbook in German?" asks for a handbook
            rest += "?" if cut.lstrip().startswith("?") else ""
            return f"language:{_LANGUAGES[match[1].lower()]}", rest
    return None, said


# ---------------------------------------------------------------- follow-ups

_ELLIPSIS = re.compile(r"\A\W*(?:and|or|but|what about|how about|what if|same for|also|then|so|ok(?:ay)?[, ]+(?:and|but|so|what))\b", re.I)
_POINTING = re.compile(r"\b(?:it|its|they|them|their|those|these|this|that|he|she|him|her|there|one|ones|such|same|then|above|else|other|another)\b", re.I)


def resolve(question: Question) -> Resolved:
    """What to search for and what to answer, given the thread; costs nothing worth counting."""
    directive, own = _directive(question.text)
    asked = _asked(question.history)
    if not own:
        previous = asked[-1] if asked else question.text
        earlier = question.history[: _index(question.history, previous)]
        inner = resolve(Question(id=question.id, text=previous, history=earlier)) if asked else None
        return Resolved(inner.texts if inner else ((previous, 1.0),), directive, inner.standalone if inner else previous)
    if not asked:
        return Resolved(((own, 1.0),), directive, own)
    correction = _CORRECTION.match(own) or _NOT_BUT.match(own)
    if correction:
        what = correction["what"].strip(" .!")
        base = asked[-1]
        if "old" in correction.groupdict() and correction["old"].lower() in base.lower():
            combined = re.sub(re.escape(correction["old"]), what, base, flags=re.I)
        else:
            combined = f"{base} {what}"
        return Resolved(((combined, 0.7), (what, 0.3)), directive, combined)
    thread = _thread(own, question.history)
    if _stands_alone(own):
        return Resolved(((own, 1 - THREAD_WEIGHT / 2), (thread, THREAD_WEIGHT / 2)), directive, own)
    return Resolved(((own, OWN_WEIGHT), (thread, THREAD_WEIGHT)), directive, f"{asked[-1]} {own}")


def _asked(history: Sequence[Turn]) -> list[str]:
    """The person's earlier questions: neither chat nor directives."""
    return [t.text for t in history if t.role == "user" and small_talk(t.text) is None and _directive(t.text)[1]]


def _index(history: Sequence[Turn], text: str) -> int:
    return max((i for i, t in enumerate(history) if t.role == "user" and t.text == text), default=0)


def _stands_alone(text: str) -> bool:
    return len(set(stems(text))) >= 4 and not _ELLIPSIS.match(text) and not _POINTING.search(text)


def _thread(own: str, history: Sequence[Turn]) -> str:
    """The question and as many of the newest turns as fit, oldest first."""
    kept: list[str] = []
    left = THREAD_WORDS - len(own.split())
    for turn in reversed(history):
        said = turn.text.split()
        if left <= 0:
            break
        kept.append(" ".join(said[:left]))
        left -= len(said)
    return " ".join([*reversed(kept), own])


# ---------------------------------------------------------------- several questions in one

_ASKS = r"(?:how|what|when|where|who|whom|which|why|can|could|do|does|did|is|are|am|may|must|should|shall|will|would|have|has)"
_NEW = (  # opens a question of its own: an asking word with its subject
    r"(?:(?:how|what|when|where|who|whom|which|why)\s+\w"
    r"|(?:can|could|do|does|did|is|are|am|may|must|should|shall|will|would)\s+(?:i|we|you|he|she|the|my|our|a|an|there|any)\b)"
)
_JOINT = re.compile(rf"\?+\s+(?=\S)|(?:;|,?\s+(?:and|plus)(?: also)?|,?\s+also)\s+(?={_NEW})", re.I)
_DEPENDS = re.compile(r"\W*if (?:yes|so|not)\b|\W*(?:why|how|when|where|who)(?: (?:so|not|much|long|many|often))?\W*\Z", re.I)


def parts(text: str) -> tuple[str, ...]:
    """The questions in a message, one each; the message itself when it can't be cut safely."""
    cut = [p.strip(" ,;") for p in _JOINT.split(text)]
    if not 2 <= len(cut) <= 4 or any(_POINTING.search(p) or _DEPENDS.match(p) for p in cut[1:]):
        return (text,)
    if not all(re.match(rf"\W*(?:\w+\W+){{0,6}}?{_ASKS}\b", p, re.I) and len(set(stems(p))) >= 2 for p in cut):
        return (text,)
    return tuple(p if p[-1] in "?." else p + "?" for p in cut)


# ---------------------------------------------------------------- language

_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("uk", re.compile(r"[іїєґІЇЄҐ]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("fa", re.compile(r"[پچژگ]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
_FUNCTION_WORDS = {
    "en": "the a an of to in on is are am i my me you we our what how when where who why which can do does for from if with and or not be have has it this that at by may must should will would get need about as your was were they there any no been after before per each every all more most many much some into out up only ok hello hi please about want s t m ll re ve d don doesn isn",
    "de": "in im ins am aus über unter vom beim sein wurde dürfen bitte der die das ein eine einen einem einer und oder ich mein meine meinen meiner wir uns unsere sie ist sind wie wann wo wer warum welche welcher welches kann darf muss soll können dürfen müssen für von mit auf bei nach zu zum zur im nicht haben hat habe werden wird viel viele wenn was gibt es man den dem des bekomme sich auch nur noch mich mir",
    "fr": "l d j qu n c est y je tu il elle dans dois depuis chez entre mais donc fournir trouver où c'est y-a-t-il avoir fait faire merci le la les un une des du de et ou je mon ma mes nous notre nos vous est sont comment quand où qui pourquoi quel quelle quels quelles puis peut dois doit pour avec dans sur par au aux ne pas avoir combien si que ce cette il elle ai j'ai l'on est-ce qu'est-ce d'un d'une faut être en se son sa y",
    "es": "desde hasta sobre sin pero entre casa trabajar pedir qué eres necesito quiero el la los las un una unos unas de del y o yo mi mis nosotros nuestro nuestra es son cómo cuándo dónde quién qué por para con en al no tengo tiene tienen puedo puede debo debe hay cuántos cuántas cuánto cuál cuáles si se su sus este esta que como cuando donde hacer me lo le",
    "tr": "mi evden misin mısın musun nereden kimden kimin bana beni bunu şunu nasıl olacak var gerekiyor gerekir bir ve veya ben benim biz bizim için ile ne nasıl zaman nerede kim neden hangi kaç mi mı mu mü var yok bu şu olan olarak gibi daha çok en kadar gün izin nedir midir mıdır edebilir miyim mıyım olur ama ya da göre sonra önce her",
    "it": "l dell nell all un c sul sulla agli dai dal degli nei nelle fare avere casa mia anche ma senza serve fino tra fra il lo la gli le un una uno di del della dei delle e o io mio mia miei noi nostro è sono come quando dove chi perché quale quali posso può devo deve per con nel nella su da al alla non ho ha quanti quante quanto si che cosa se ci questo questa c'è quant'è mi",
    "pt": "sobre sem mas até entre também fazer ter casa trabalhar pelo pela preciso o a os as um uma de do da dos das e ou eu meu minha nós nosso é são como quando onde quem por que qual quais posso pode devo deve para com em no na nos nas não tenho tem quantos quantas quanto se há ao à seu sua este esta isso preciso me",
    "nl": "in uit door over onder mag thuis bij zonder maar ook al tot tussen krijgen hoeveel de het een en of ik mijn wij we ons onze is zijn hoe wanneer waar wie waarom welke kan mag moet kunnen mogen moeten voor van met op bij na naar te in niet heb heeft hebben veel als wat er dat dit deze die ook nog je jij u uw wordt worden krijg",
    "pl": "dostanę znajdę dni pod nad bez dla jeśli gdy albo tylko też są mu mi ma jakie proszę zgłosić i lub ja mój moja moje my nasz jest są jak kiedy gdzie kto dlaczego jaki jaka jakie ile mogę może muszę można dla z ze w we na do od po nie mam ma czy co się to ten ta te przez przy być którym który która które już",
    "sv": "och eller jag min mitt mina vi vår är hur när var vem varför vilken vilka kan får måste ska för med på av till från inte har många mycket om det den detta en ett att som",
    "da": "og eller jeg min mit mine vi vores er hvordan hvornår hvor hvem hvorfor hvilken kan må skal for med på af til fra ikke har mange meget om det den dette en et at som der",
    "cs": "a nebo já můj moje my náš je jsou jak kdy kde kdo proč jaký jaká kolik mohu může musím pro s se v ve na do od po ne mám má co to ten ta být který která které",
    "ro": "și sau eu meu mea noi este sunt cum când unde cine de care pot poate trebuie pentru cu în la pe din nu am are câte câți ce dacă să un o",
}  # fmt: skip
_KNOWN = {code: frozenset(listed.split()) for code, listed in _FUNCTION_WORDS.items()}
_ALPHABETS = {  # letters beyond a-z; those of one language tell more than those of many
    "de": "äöüß", "fr": "éèêàâçùûôîïœë", "es": "áéíóúñ", "tr": "çğıöşü", "it": "àèéìòù", "pt": "ãõáéíóúâêôç", "nl": "ëï",
    "pl": "ąćęłńóśźż", "sv": "åäö", "da": "æøå", "cs": "áčďéěíňóřšťúůýž", "ro": "ăâîșțşţ",
}  # fmt: skip
_OWN_LETTERS = {"de": "ß", "es": "ñ", "tr": "ğış", "pt": "ãõ", "pl": "ąęłńśźż", "da": "æø", "cs": "ěřů", "ro": "ășț"}
_TOKEN = re.compile(r"[^\W\d_]+")


def language(text: str) -> str | None:
    """ISO 639-1 code of the language a message is written in; None when it is too short or mixed to tell."""
    letters = sum(c.isalpha() for c in text)
    for code, script in _SCRIPTS:
        if len(script.findall(text)) * 3 > letters > 0:
            return code
    said = _TOKEN.findall(text)
    english = sum(w.lower() in _KNOWN["en"] for w in said)
    best, most = "en", 0.0
    for code, alphabet in _ALPHABETS.items():
        count = sum(_weight(w, code, alphabet) for w in said)
        if count > most:
            best, most = code, count
    if most >= english + 1 and (most >= 2 or (most >= 1.5 and not english)) and most >= 0.2 * len(said):
        return best
    return "en" if english else None


def _weight(word: str, code: str, alphabet: str) -> float:
    """How much a word speaks for a language. Names carry foreign letters too, so capitals count half."""
    lower = word.lower()
    if lower in _KNOWN[code]:
        return 1.0
    if not set(alphabet) & set(lower):
        return 0.0
    return (1.5 if set(_OWN_LETTERS.get(code, "")) & set(lower) else 0.75) * (0.5 if word[0].isupper() else 1)
