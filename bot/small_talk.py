"""Messages that are chat and nothing else -> a code for a fitting reply. Pure rules.

The rule kept: a message is chat only when every word of it is; anything left over makes it a question.
"""

from __future__ import annotations

import re

SMALL_TALK = ("greeting", "thanks", "goodbye", "capabilities", "identity", "praise", "complaint", "off_topic")

_NOISE = re.compile(r"<[@!#][^>]*>|:[a-z0-9_+-]+:|[^\w\s'+*/=-]+")
_WHO = (
    r"(?:(?: (?:there|all|everyone|everybody|team|folks|guys|bot|policybot|assistant|friend|buddy|mate|again"
    r"|you|dear|my friend))*)"
)
_PHRASES: tuple[tuple[str, str], ...] = (
    # eaten from the front, the longest match first
    (
        "off_topic",
        r"(?:can|could|will|would) you (?:please )?(?:tell|write|sing|give|make)(?: me| us)? (?:a|an|another"
        r"|some) (?:\w+ )?(?:joke|jokes|poem|haiku|song|story|riddle|rap|limerick)\b.*",
    ),
    (
        "off_topic",
        r"(?:please )?(?:tell|write|sing|give)(?: me| us)? (?:a|an|another|some) (?:\w+ )?(?:joke|jokes|poem"
        r"|haiku|song|story|riddle|rap|limerick)\b.*",
    ),
    (
        "off_topic",
        r"(?:do you know (?:a|any) (?:good )?(?:joke|jokes|riddles?)|(?:make me laugh)|(?:sing (?:for me"
        r"|something)))",
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
        r"(?:what time is it|what's the time|what day is (?:it|today)|what is today's date|who won the \w+(?:"
        r" \w+)?(?: last night| yesterday| today)?)",
    ),
    ("off_topic", r"(?:what is|what's|whats|calculate|compute) -?\d+ ?[-+*x/] ?-?\d+(?: ?=)?"),
    ("off_topic", r"(?:what is|what's) (?:the meaning of life|your favou?rite \w+|love)"),
    ("off_topic", r"(?:i am|i'm|im) (?:so |very |really )?(?:bored|tired|hungry|sad|lonely)(?: today)?"),
    ("identity", r"(?:who|what) (?:are|r) (?:you|u)(?: exactly| really)?"),
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
        r"(?:what|which) (?:kinds? of |sorts? of |types? of )?(?:questions|things) can (?:i|you|we) (?:ask"
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
        r"(?:(?:no )?(?:that|this|it|your (?:last )?(?:answer|reply|response))(?:'s| is| was| seems| looks)?"
        r" )?(?:just |simply |totally |completely |absolutely |still |so |very |a )?(?:wrong|incorrect|not"
        r" (?:right|correct|true|helpful|useful|what i asked(?: for)?|what i (?:meant|wanted|was looking for))"
        r"|false|useless|unhelpful|nonsense|rubbish|bad|terrible|awful|outdated|(?:bad|wrong|useless|terrible"
        r"|stupid|silly) (?:answer|reply|response|bot))(?: answer| info| information)?",
    ),
    (
        "complaint",
        r"(?:that|this|it) (?:isn't|isnt|wasn't|wasnt|is not|was not) (?:really |very |quite )?(?:right"
        r"|correct|true|helpful|useful|it|what i asked(?: for)?|what i (?:meant|wanted)|an answer|my question)",
    ),
    (
        "complaint",
        r"(?:that|this|it|you) (?:doesn't|doesnt|didn't|didnt|does not|did not|don't|dont) (?:really )?(?:help"
        r"|answer (?:my|the) question|work|make (?:any )?sense|understand(?: me| my question| the question)?"
        r"|help (?:me|at all))(?: at all)?",
    ),
    (
        "complaint",
        r"(?:you're|you are|youre|u r) (?:so |very |completely |just )?(?:wrong|useless|stupid|dumb|mistaken"
        r"|not helpful|terrible|bad|an idiot|no help)",
    ),
    (
        "praise",
        r"(?:(?:that|this|it|your (?:answer|reply|response))(?:'s| is| was)? )?(?:exactly |just |very |really "
        r"|so |super |quite |pretty |a )?(?:great|good|perfect|excellent|awesome|amazing|brilliant|helpful"
        r"|useful|fantastic|wonderful|nice|cool|right|correct|spot on|wow|impressive|lovely|love it|well done"
        r"|good job|great job|nice work|good work|good bot|what i (?:needed|wanted|was looking for))(?: answer"
        r"| reply| response| stuff| work| job| one| bot| thank you| thanks)*",
    ),
    (
        "praise",
        r"(?:that|this|it|you) (?:really |actually )?(?:helps|helped|works|worked|did it|answers my question"
        r"|answered my question|makes sense|rocks?)(?: a lot| me| perfectly| great)*",
    ),
    (
        "praise",
        r"(?:you're|you are|youre|u r) (?:so |very |really |a |the )*(?:great|good|best|awesome|amazing"
        r"|brilliant|helpful|star|lifesaver|life saver|legend|hero|smart)(?: bot)?",
    ),
    ("praise", r"i (?:love|like) (?:it|this|you|this bot)"),
    (
        "goodbye",
        r"(?:good ?bye|bye(?: bye)?|see (?:you|ya|u)(?: later| soon| tomorrow)?|have a (?:nice|good|great"
        r"|lovely) (?:day|one|weekend|evening)|good ?night|cheerio|take care|talk (?:to you )?(?:later|soon)"
        r"|ciao|tschüss|tschuss|auf wiedersehen|au revoir|adios|adiós|hasta luego|güle güle|hoşça kal"
        r"|arrivederci|tchau|doei|do widzenia|пока|до свидания|さようなら|再见|مع السلامة)",
    ),
    (
        "thanks",
        r"(?:many |much |ok(?:ay)? |great |perfect |cool |no )?(?:thanks?(?: you)?|thank u|thx|tnx|thanx|ty"
        r"|tysm|cheers|much appreciated|appreciate it|i appreciate (?:it|that|your help)|merci(?: beaucoup)?"
        r"|danke(?: schön| sehr| dir)?|vielen dank|gracias|muchas gracias|teşekkürler|teşekkür ederim|sağ ol"
        r"|sağol|grazie(?: mille)?|obrigad[oa]|bedankt|dank je(?: wel)?|dziękuję|dzięki|спасибо(?: большое)?"
        r"|ありがとう(?:ございます)?|谢谢|多谢|شكرا(?: جزيلا)?)(?: (?:so much|very much|a lot|a million|a bunch|again"
        r"|for (?:the|your) (?:help|info|information|answer|reply|quick reply|quick answer|time|update)|for"
        r" (?:that|this|everything|helping(?: me)?|letting me know)|in advance|man|mate|bot|policybot|everyone"
        r"|all|team|anyway))*",
    ),
    (
        "thanks",
        r"(?:got it|understood|i see|makes sense|noted|that(?:'s| is) (?:all|it|everything)(?: for (?:now"
        r"|today))?|no (?:more|further) questions|nothing else|never ?mind|no problem|no worries|you're"
        r" welcome|will do|sounds good)",
    ),
    (
        "greeting",
        r"(?:hi+|hey+|hello+|hiya|howdy|yo|greetings|good (?:morning|afternoon|evening|day)|morning|evening"
        r"|sup|hola|buenos d[ií]as|buenas tardes|hallo|guten (?:tag|morgen|abend)|moin|servus|bonjour|bonsoir"
        r"|salut|merhaba|selam|günaydın|iyi günler|buongiorno|buonasera|salve|olá|oi|bom dia|boa tarde"
        r"|goedemorgen|goedemiddag|cześć|dzień dobry|привет|здравствуйте|добрый день|こんにちは|おはよう(?:ございます)?"
        r"|こんばんは|你好|您好|早上好|مرحبا|السلام عليكم|안녕하세요|namaste|shalom)" + _WHO,
    ),
    (
        "greeting",
        r"(?:how are (?:you|u|things)(?: doing)?(?: today)?|how's it going|hows it going|what's up|whats up"
        r"|wassup|nice to meet you|(?:are )?you there|anybody (?:there|here)|anyone (?:there|here)"
        r"|test(?:ing)?|ping|i hope you(?:'re| are) (?:doing )?well|how do you do)",
    ),
    (
        "",
        r"(?:ok(?:ay)?|alright|all right|great|cool|nice|wow|ah+|oh+|um+|hm+|well|so|and|but|please|sorry|lol"
        r"|haha+|yes|yep|yeah|sure|fine|then|now|for now|today|again|bot|policybot|there|sir|madam)",
    ),
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
