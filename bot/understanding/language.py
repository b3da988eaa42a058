"""A message -> the language it is written in, by script, function words and letters. Pure.

Made for chat messages of a few words, where statistical guessers take English keywords for something else. The rule
kept: without clear evidence the answer is None, and a name with a foreign letter is no evidence.
"""

from __future__ import annotations

import re

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
    "en": "the a an of to in on is are am i my me you we our what how when where who why which can do does for"
    " from if with and or not be have has it this that at by may must should will would get need about"
    " as your was were they there any no been after before per each every all more most many much some"
    " into out up only ok hello hi please about want s t m ll re ve d don doesn isn",
    "de": "in im ins am aus über unter vom beim sein wurde dürfen bitte der die das ein eine einen einem einer"
    " und oder ich mein meine meinen meiner wir uns unsere sie ist sind wie wann wo wer warum welche"
    " welcher welches kann darf muss soll können dürfen müssen für von mit auf bei nach zu zum zur im"
    " nicht haben hat habe werden wird viel viele wenn was gibt es man den dem des bekomme sich auch nur"
    " noch mich mir",
    "fr": "l d j qu n c est y je tu il elle dans dois depuis chez entre mais donc fournir trouver où c'est"
    " y-a-t-il avoir fait faire merci le la les un une des du de et ou je mon ma mes nous notre nos vous"
    " est sont comment quand où qui pourquoi quel quelle quels quelles puis peut dois doit pour avec"
    " dans sur par au aux ne pas avoir combien si que ce cette il elle ai j'ai l'on est-ce qu'est-ce"
    " d'un d'une faut être en se son sa y",
    "es": "desde hasta sobre sin pero entre casa trabajar pedir qué eres necesito quiero el la los las un una"
    " unos unas de del y o yo mi mis nosotros nuestro nuestra es son cómo cuándo dónde quién qué por"
    " para con en al no tengo tiene tienen puedo puede debo debe hay cuántos cuántas cuánto cuál cuáles"
    " si se su sus este esta que como cuando donde hacer me lo le",
    "tr": "mi evden misin mısın musun nereden kimden kimin bana beni bunu şunu nasıl olacak var gerekiyor"
    " gerekir bir ve veya ben benim biz bizim için ile ne nasıl zaman nerede kim neden hangi kaç mi mı"
    " mu mü var yok bu şu olan olarak gibi daha çok en kadar gün izin nedir midir mıdır edebilir miyim"
    " mıyım olur ama ya da göre sonra önce her",
    "it": "l dell nell all un c sul sulla agli dai dal degli nei nelle fare avere casa mia anche ma senza"
    " serve fino tra fra il lo la gli le un una uno di del della dei delle e o io mio mia miei noi"
    " nostro è sono come quando dove chi perché quale quali posso può devo deve per con nel nella su da"
    " al alla non ho ha quanti quante quanto si che cosa se ci questo questa c'è quant'è mi",
    "pt": "sobre sem mas até entre também fazer ter casa trabalhar pelo pela preciso o a os as um uma de do da"
    " dos das e ou eu meu minha nós nosso é são como quando onde quem por que qual quais posso pode devo"
    " deve para com em no na nos nas não tenho tem quantos quantas quanto se há ao à seu sua este esta"
    " isso preciso me",
    "nl": "in uit door over onder mag thuis bij zonder maar ook al tot tussen krijgen hoeveel de het een en of"
    " ik mijn wij we ons onze is zijn hoe wanneer waar wie waarom welke kan mag moet kunnen mogen moeten"
    " voor van met op bij na naar te in niet heb heeft hebben veel als wat er dat dit deze die ook nog"
    " je jij u uw wordt worden krijg",
    "pl": "dostanę znajdę dni pod nad bez dla jeśli gdy albo tylko też są mu mi ma jakie proszę zgłosić i lub"
    " ja mój moja moje my nasz jest są jak kiedy gdzie kto dlaczego jaki jaka jakie ile mogę może muszę"
    " można dla z ze w we na do od po nie mam ma czy co się to ten ta te przez przy być którym który"
    " która które już",
    "sv": "och eller jag min mitt mina vi vår är hur när var vem varför vilken vilka kan får måste ska för med"
    " på av till från inte har många mycket om det den detta en ett att som",
    "da": "og eller jeg min mit mine vi vores er hvordan hvornår hvor hvem hvorfor hvilken kan må skal for med"
    " på af til fra ikke har mange meget om det den dette en et at som der",
    "cs": "a nebo já můj moje my náš je jsou jak kdy kde kdo proč jaký jaká kolik mohu může musím pro s se v"
    " ve na do od po ne mám má co to ten ta být který která které",
    "ro": "și sau eu meu mea noi este sunt cum când unde cine de care pot poate trebuie pentru cu în la pe din"
    " nu am are câte câți ce dacă să un o",
}  # fmt: skip
_KNOWN = {code: frozenset(listed.split()) for code, listed in _FUNCTION_WORDS.items()}
_ALPHABETS = {  # letters beyond a-z; those of one language tell more than those of many
    "de": "äöüß", "fr": "éèêàâçùûôîïœë", "es": "áéíóúñ", "tr": "çğıöşü", "it": "àèéìòù", "pt": "ãõáéíóúâêôç",
    "nl": "ëï", "pl": "ąćęłńóśźż", "sv": "åäö", "da": "æøå", "cs": "áčďéěíňóřšťúůýž", "ro": "ăâîșțşţ",
}  # fmt: skip
_OWN_LETTERS = {"de": "ß", "es": "ñ", "tr": "ğış", "pt": "ãõ", "pl": "ąęłńśźż", "da": "æø", "cs": "ěřů", "ro": "ășț"}
_TOKEN = re.compile(r"[^\W\d_]+")


def language(text: str) -> str | None:
    """ISO 639-1 code of the language a message is written in; None when it is too short or mixed to tell."""
    letters = sum(c.isalpha() for c in text)
    for code, script in _SCRIPTS:
        if len(script.findall(text)) * 3 > letters > 0:
            return code
    said = list(dict.fromkeys(_TOKEN.findall(text)))  # "yo-yo" is one word
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
