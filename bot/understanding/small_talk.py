"""Messages that are chat and nothing else -> a code for a fitting reply. Pure rules.

The rule kept: a message is chat only when every clause of it is, and a clause only when every word of it is; anything
left over makes it a question. A clause is a known phrase, or a verdict: words that judge, and besides them none but
those about the bot and what it said.
"""

from __future__ import annotations

import re

from knowledge.text.words import stopwords

SMALL_TALK = (
    "greeting", "thanks", "goodbye", "capabilities", "languages", "identity", "person", "praise", "complaint",
    "off_topic",
)  # fmt: skip

_EMOJI = re.compile(r"<[@!#][^>]*>|:[a-z0-9_+-]+:(?!\d)")
_NOISE = re.compile(r"[^\w\s'+*/=-]+")
_WHO = (
    r"(?:(?: (?:there|all|everyone|everybody|team|folks|guys|bot|policybot|assistant|friend|buddy|mate|again"
    r"|you|dear|my friend|zusammen|a todos|tous|herkese))*)"
)
_PHRASES: tuple[tuple[str, str], ...] = (
    # eaten from the front, the longest match first
    (
        "off_topic",
        r"(?:(?:can|could|will|would) you )?(?:please )?(?:(?:tell|give)(?: me| us)|(?:write|sing|compose"
        r"|draw)(?: me| us)?)"
        r" (?:an?|another|some) (?:[\w+#]+ ){0,2}(?:(?:jokes?|poem|haiku|song|story|riddle|rap|limerick)"
        r"(?: (?:about|on|for|of|that|which|in|to|with|where|please)\b.*)?|(?:essay|lyrics|code|function|picture)"
        r"(?: (?:for (?:me|us)|please))?)",
    ),
    (
        "off_topic",
        r"(?:do you know (?:a|any) (?:good )?(?:joke|jokes|riddles?)|make me laugh|sing (?:for me|something)"
        r"|tell me something (?:funny|interesting)|knock knock)",
    ),
    (
        "off_topic",
        r"(?:what's|what is|whats|how's|how is|hows) the weather(?: like| going to be| today| tomorrow| now|"
        r" outside| this week| this weekend| in \w+(?: \w+)?| for \w+)*",
    ),
    (
        "off_topic",
        r"(?:is it|will it be|will it) (?:going to )?(?:rain|raining|snow|snowing|sunny|cold|hot)(?: outside|"
        r" today| tomorrow| now)*",
    ),
    (
        "off_topic",
        r"(?:do|can) you (?:love me|love|feel|dream|sleep|eat|have feelings|have a (?:girlfriend|boyfriend"
        r"|soul)|like me|like pizza|get tired|get bored)",
    ),
    (
        "off_topic",
        r"(?:what time is it|what's the time|what day is (?:it|today)|what is today's date|who won the"
        r" (?:game|match|election|world cup|super bowl|league)(?:"
        r" \w+)?(?: last night| yesterday| today)?)",
    ),
    (
        "off_topic",
        r"(?:(?:what is|what's|whats|calculate|compute|how much is) -?\d+(?: ?(?:[+*x]"
        r"|(?<= )[-/](?= )|times|plus|minus|divided by|of"
        r"|percent of) ?-?\d+)+)(?: ?=)?",
    ),
    (
        "off_topic",
        r"(?:what is|what's) (?:the meaning of life|your favou?rite (?:colou?r|food|movie|song|book|animal|team)|love)",
    ),
    ("off_topic", r"(?:i am|i'm|im) (?:so |very |really )?(?:bored|tired|hungry|sad|lonely)(?: today)?"),
    ("identity", r"(?:who|what)(?: exactly| really)? (?:are|r) (?:you|u)(?: exactly| really)?"),
    (
        "identity",
        r"(?:are|r) (?:you|u) (?:a |an |really |actually )*(?:human|person|real person|real|bot|robot|machine"
        r"|ai|chatgpt|gpt|llm|alive|sentient|claude|gemini)(?: or (?:a |an )?(?:human|bot|robot|machine|ai"
        r"|person|real person))?",
    ),
    (
        "identity",
        r"(?:am i|is this) (?:talking to |speaking to |speaking with |chatting with )?(?:a |an )?(?:human"
        r"|person|real person|bot|robot|machine|ai)(?: or (?:a |an )?(?:human|bot|robot|machine|ai|person))?",
    ),
    (
        "identity",
        r"who am i (?:talking|speaking|chatting) (?:to|with)|(?:what|which) (?:ai |language )?(?:model|llm"
        r"|ai) (?:are you|do"
        r" you use|are you using)|where do (?:your answers|you) (?:come from|get your answers(?: from)?)"
        r"|can i trust (?:you"
        r"|your answers)",
    ),
    (
        "person",
        r"(?:(?:(?:can|could|may) (?:i|we)|i(?:'d like| want| would like| need|'d rather| prefer)(?: to)?|let me"
        r"|please|can you|could you) )*(?:talk|speak|chat|connect(?: me| us)?|transfer me|put me through|get me"
        r"|reach)(?: to"
        r"| with)? (?:an? |some)?(?:(?:real|actual|live|human) )*(?:human|person|someone real|human agent|operator"
        r"|human being|real people)(?: (?:instead|please|here|now|directly|real))*",
    ),
    (
        "person",
        r"(?:(?:is|are) there|i (?:want|need)|give me|get me) (?:an? |any )?(?:(?:real|actual|live) )*(?:human"
        r"|person|human"
        r" being|operator)(?: (?:i can (?:ask|talk to|speak to)|please|instead|to talk to|here))*",
    ),
    (
        "languages",
        r"(?:(?:do|can) you (?:speak|understand|know|talk)|are you able to speak) (?:german|french|spanish|turkish"
        r"|italian"
        r"|portuguese|dutch|polish|english|russian|chinese|japanese|arabic|other languages"
        r"|any other language)(?: too| as"
        r" well)?|(?:what|which) languages? (?:do|can) you (?:speak|understand|know|answer in|support)",
    ),
    (
        "identity",
        r"(?:what(?:'s| is) your name|(?:do you have a|your) name|who (?:made|built|created|wrote|programmed"
        r"|trained) you|introduce yourself|tell me about yourself|how old are you|where are you from|where do"
        r" you live)",
    ),
    (
        "capabilities",
        r"(?:what|which things) (?:all )?(?:can|could|do) (?:you|u|this bot|this|policybot) (?:do|help(?: me|"
        r" us)?(?: with)?|answer|know)(?: for me| for us| exactly| here)?",
    ),
    (
        "capabilities",
        r"what do you know about|what (?:are you able to|do you) do|(?:what|which) (?:topics|subjects|areas) (?:do"
        r"|can) you (?:cover|know|answer|handle)",
    ),
    (
        "capabilities",
        r"(?:what|which) (?:kinds? of |sorts? of |types? of )?(?:questions|things|stuff) can (?:i|you|we) (?:ask"
        r"|answer|do)(?: you| me)?(?: about)?",
    ),
    (
        "capabilities",
        r"(?:how (?:do|can) (?:i|we) use (?:you|this|this bot|policybot)|how do you work|how does (?:this|this"
        r" bot|policybot|it) work|what is this bot(?: for)?|what are you for|what can i ask(?: you)?(?:"
        r" about)?|what are your (?:skills|features|capabilities|commands)|show help|/help|help menu|how can"
        r" you help(?: me| us)?|can you help(?: me| us)?(?: please)?|could you help me(?: please)?|i need"
        r" (?:some )?help(?: please)?|help(?: me)?(?: please)?)",
    ),
    (
        "complaint",
        r"(?:(?:that's |this is |it's )?not (?:really )?what i (?:asked|needed|meant|wanted|was looking)(?: for)?"
        r"|i asked (?:for |about )?something (?:else|different)|are you (?:kidding|serious|joking)(?: me)?|seriously"
        r"|fuck (?:off|you|this)|go away|shut up|what the (?:hell|fuck))",
    ),
    (
        "praise",
        r"(?:good|great|nice) (?:work|job)|(?:exactly |just |precisely )what i (?:needed|wanted|meant|was looking for)",
    ),
    (
        "goodbye",
        r"(?:good ?bye|cya|gotta go|(?:i )?(?:got|have) to go|signing off|bye(?: bye)?|see (?:you|ya|u)(?: later"
        r"| soon| tomorrow)?|have a (?:nice|good|great"
        r"|lovely) (?:day|one|weekend|evening)|good ?night|cheerio|take care|talk (?:to you )?(?:later|soon)"
        r"|ciao|tschüss|tschuss|auf wiedersehen|au revoir|adios|adiós|hasta luego|güle güle|hoşça kal"
        r"|arrivederci|tchau|doei|do widzenia|пока|до свидания|さようなら|再见|مع السلامة)",
    ),
    (
        "thanks",
        r"(?:many |much |ok(?:ay)? |great |perfect |cool |no )?(?:thanks?(?: you)?|thank u|thx|tnx|thanx|ty"
        r"|tysm|tyvm|cheers|much appreciated|appreciate it|i appreciate (?:it|that|your help)|merci(?: beaucoup| bien)?"
        r"|danke(?: schön| sehr| dir)?|vielen dank|gracias|muchas gracias|teşekkürler|teşekkür ederim|sağ ol"
        r"|sağol|grazie(?: mille)?|(?:muito )?obrigad[oa]|bedankt|dank je(?: wel)?|dziękuję|dzięki|спасибо(?: большое)?"
        r"|ありがとう(?:ございます)?|谢谢|多谢|شكرا(?: جزيلا)?)(?: (?:so much|very much|a lot|a million|a bunch|again"
        r"|for (?:the|your) (?:help|info|information|answer|reply|quick reply|quick answer|time|update)|for"
        r" (?:that|this|everything|helping(?: me)?|letting me know)|in advance|man|mate|bot|policybot|everyone"
        r"|all|team|anyway))*",
    ),
    (
        "thanks",
        r"(?:got it|good to know|understood|i see|makes sense|noted|that(?:'s| is) (?:all|it|everything)(?: for (?:now"
        r"|today))?|no (?:more|further) questions|nothing else|never ?mind|no problem|no worries|you're"
        r" welcome|will do|sounds good)",
    ),
    (
        "greeting",
        r"(?:hi+|hey+|hello+|hiya|howdy|yo|greetings|good (?:morning|afternoon|evening|day)|morning|evening"
        r"|sup|hola|buenos d[ií]as|buenas tardes|hallo|guten (?:tag|morgen|abend)|moin|servus|bonjour|bonsoir"
        r"|salut|merhaba|selam|günaydın|iyi günler|buongiorno|buonasera|salve|olá|oi|bom dia|boa tarde"
        r"|goedemorgen|goedemiddag|cześć|dzień dobry|привет|здравствуйте|добрый день|こんにちは|おはよう(?:ございます)?"
        r"|こんばんは|你好|您好|早上好|مرحبا|السلام عليكم|안녕하세요|namaste|shalom|g'day"
        r"|gm)" + _WHO + r"(?: from (?:the )?\w+(?: office| team)?)?",
    ),
    (
        "greeting",
        r"(?:(?:just |only |this is (?:just )?(?:a )?)?test(?:ing)?(?: message| \d+)*(?: (?:please )?ignore)?"
        r"|please ignore"
        r"|(?:are )?(?:you|u) (?:still )?(?:there|here|online|awake|alive)|still there|(?:is )?any(?:body"
        r"|one)(?: there| here| home)?"
        r"|can you (?:hear|read|see) me|it's me(?: again)?|(?:i )?hope (?:you(?:'re| are)|everyone is"
        r"|all is)(?: all)?(?: doing)?"
        r" well|i have (?:a|another|one more|one|a few|some) (?:quick |short )?questions?(?: for you)?|(?:can|could"
        r"|may) i ask"
        r"(?: you)?(?: something| a (?:quick )?question)|(?:a )?quick (?:question|one)"
        r"|how are (?:you|u|things)(?: doing)?(?: today)?|how's it going|hows it going|what's up|whats up"
        r"|wassup|nice to meet you|ping|how do you do)",
    ),
    ("noted", r"(?:ok(?:ay)?|alright|all right|cool|wow|a?ha+|oh+|lol|haha+)"),
    (
        "",
        r"(?:great|nice|um+|hm+|well|so|and|but|please|sorry|yes|yep|yeah|no|nope|sure|fine|then|now|for now|today"
        r"|again|bot|policybot|there|sir|madam)",
    ),
)  # fmt: skip
_COMPILED = tuple((code, re.compile(pattern + r"(?!\S)\s*")) for code, pattern in _PHRASES)
_WEIGHT = (
    "complaint", "person", "praise", "off_topic", "identity", "languages", "capabilities", "goodbye", "thanks",
    "greeting",
)  # fmt: skip
_CLAUSE = re.compile(r"[.!?;,:\n]+(?=\s|\Z)|\s[-–—]+\s")
_MOODS = (  # of a message of emoji
    ("complaint", re.compile(r":(?:-1|thumbsdown|rage|angry|unamused|disappointed|facepalm)\b|[👎😡😠🤬😞🤦]")),
    ("thanks", re.compile(r":(?:\+1|thumbsup|pray|tada|clap|heart|100|ok_hand|raised_hands)\b|[👍🙏🎉👏❤💯👌🙌]")),
)

_LISTED = {
    # the bot, and what it says
    "about": "answer answers answered reply replies replied response link links page pages source sources citation"
    " citations quote quotes explanation bot policybot chatbot",
    "bad": "wrong incorrect false useless unhelpful nonsense rubbish garbage crap bad terrible awful horrible"
    " outdated stupid silly dumb idiot sucks suck misleading mistaken misunderstood misunderstand worst failed"
    " disappointed disappointing bullshit lame ridiculous waste wtf ugh",
    # of a link; a laptop may be broken too
    "broken": "broken dead fails",
    "good": "great good perfect excellent awesome amazing brilliant helpful useful fantastic wonderful nice cool"
    " super fast quick impressive impressed lovely love loved best correct right true clear accurate rock rocks"
    " smart clever genius star legend hero lifesaver saved wow kudos bravo spot helps helped works worked solved"
    " answers needed",
    # of the words above, those that are things too: a verdict only when aimed
    "things": "answers garbage rubbish waste quick fast rock rocks star hero spot works worked worst clear dumb lame",
    "thanks": "thanks thank thx tyvm appreciated appreciate",
    # good or bad with a "not"; else they say nothing
    "neutral": "help helping work working job opens understand sense asked meant wanted question"
    " questions enough point tool stuff news info information simple exactly ever makes made read gave give"
    " giving getting keep sent told answering quoted linked showed shown today sorry clarifying clarification"
    " explaining update patience kindly lot",
}  # fmt: skip
_ABOUT, _BAD, _BROKEN, _GOOD, _THINGS, _THANKS, _NEUTRAL = (frozenset(listed.split()) for listed in _LISTED.values())
_NOT = re.compile(r"\b(?:not|no|never|nothing|nowhere|cannot|\w+n't|dont|doesnt|didnt|isnt|wasnt|cant|wont)\b")
_ASKS = re.compile(
    r"(?:how|who|whom|whose|when|where|which|why|what(?! an? )|what's|can|could|may|must|should|shall|will|would|is|am"
    r"|are|was|were|do|does|did|have|has|if)\b"
)
_AIMED = re.compile(
    r"\b(?:you|your|that|this|it(?:'s|(?= (?:is|was|does|did|doesn't|didn't|isn't|wasn't))))\b|what an? "
)
_PERSONAL = re.compile(r"\b(?:i|i'm|my|we|our|from|of|in|at|for|to|about|with|on|by)\b")


def small_talk(text: str) -> str | None:
    """Code of the kind of chat this message is, all of it; None when any part could be a question or a request."""
    plain = _EMOJI.sub(" ", text.lower().replace("’", "'"))
    clauses = [words for clause in _CLAUSE.split(plain) if (words := _words(clause))]
    if not clauses:  # a bare mention, an emoji
        return next((code for code, mood in _MOODS if mood.search(text)), "greeting")
    found: set[str] = set()
    for clause in clauses:
        codes = _phrases(clause)
        if not codes or codes == {""}:
            codes = _verdict(clause) or codes
        if codes is None:
            return None
        found |= codes
    if found & {"complaint", "praise"} and text.rstrip().endswith("?"):
        return None  # "that's correct?" asks
    return next((code for code in _WEIGHT if code in found), "thanks" if found == {"noted"} else None)


def _words(clause: str) -> str:
    return " ".join(_NOISE.sub(" ", clause).split())


def _phrases(clause: str) -> set[str] | None:
    """Codes of the phrases a clause is made of, the longest match first; None when something is left."""
    found: set[str] = set()
    while clause:
        eaten, code = max(((m.end(), code) for code, p in _COMPILED if (m := p.match(clause))), default=(0, ""))
        if not eaten:
            return None
        found.add(code)
        clause = clause[eaten:]
    return found


def _verdict(clause: str) -> set[str] | None:
    """praise, complaint or thanks for a clause about the bot or its answer; None when it asks or is about more."""
    clause = clause.replace("right now", "now")
    denied = _NOT.search(clause) is not None
    said = [re.sub(r"'\w+\Z", "", word) for word in clause.split() if not _NOT.fullmatch(word)]
    known = _BAD | _BROKEN | _GOOD | _THANKS | _ABOUT
    judged = {w for w in said if w in known | _NEUTRAL or not (w in stopwords() or w.endswith("ly"))}
    if _ASKS.match(clause) or "would" in said or not judged or judged - known - _NEUTRAL:
        return None
    brief = len(said) <= (5 if judged & _ABOUT else 2) and (judged & _ABOUT or judged <= known - _THINGS)
    if not (_AIMED.search(clause) or judged & _THANKS or (brief and not _PERSONAL.search(clause))):
        return None
    bad = bool(judged & _BAD or (judged & _BROKEN and judged & _ABOUT))
    if judged & _THANKS and not denied:
        return {"thanks"}
    if bad != denied:
        return {"complaint"}
    return {"praise"} if judged & (_GOOD | _BAD) and not judged & _BROKEN else None
