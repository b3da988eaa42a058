"""Secrets are found whole, whoever made them; what only speaks of secrets is left. Tokens are made at run time."""

import base64
import random
import string

from bot.privacy.find import find
from tests.rows import each

DICE = random.Random(20261129)
LETTERS = string.ascii_letters + string.digits


def made(length: int, letters: str = LETTERS) -> str:
    return "".join(DICE.choice(letters) for _ in range(length))


def hexadecimal(length: int) -> str:
    return made(length, "0123456789abcdef")


def encoded(length: int) -> str:
    return base64.b64encode(DICE.randbytes(length)).decode()


TOKENS = [
    "gl" + "rt-" + made(20), "GOC" + "SPX-" + made(28), "npm" + "_" + made(36), "hf" + "_" + made(34),
    "sk-" + "ant-api03-" + made(80), "wh" + "sec_" + made(32), "SG" + "." + made(22) + "." + made(43),
    "SK" + hexadecimal(32), "AI" + "za" + made(35),
    "dc" + "kr_pat_" + made(27), "hv" + "s." + made(90), "lin" + "_api_" + made(40), "fig" + "d_" + made(40),
    "NR" + "AK-" + made(27, string.ascii_uppercase), "dapi" + hexadecimal(32), made(3) + "8Q~" + made(34),
    "M" + made(23) + "." + made(6) + "." + made(38), made(10, string.digits) + ":" + made(35),
    "unheard_of_" + made(40), "-----BEGIN RSA PRIVATE " + "KEY-----\n" + encoded(48) + "\n" + encoded(30),
]  # fmt: skip
PLACES = [  # what a program or a person writes before a secret
    ("postgres://app:{}@db.example:5432/hr", made(12)),
    ("redis://:{}@cache.example:6379/0", made(20)),
    ("curl -u admin:{} https://intranet.example/api", "T0p" + made(7)),
    ("docker login -u bot -p {} registry.example", made(16)),
    ("AccountKey={};EndpointSuffix=core.example", encoded(64)),
    ("Cookie: sessionid={}; theme=dark", made(32, string.ascii_lowercase + string.digits)),
    ("https://files.example/box?sp=rl&sig={}", made(40)),
    ("SECRET_KEY='{}'", made(30) + "$" + made(6)),
    ("Authorization: Basic {}", encoded(21)),
    ("WLAN-Passwort für Gäste: {}, darf ich das aushängen?", "Kaffee-7781-Tasse"),
    ("is {} still the password for guests?", "L0bby-Lantern-31"),
    ("{} ist unser Passwort, oder?", "Lamp3-Flur"),
    ("la contraseña del wifi: {}", "Gato77azulMar"),
    ("Passwort:{}", "Regel123x"),
]


@each("token", TOKENS)
def test_tokens_of_many_makers_are_found_whole(token: str) -> None:
    text = f"I found {token} in a wiki page"
    assert [(one.kind, text[one.start : one.end]) for one in find(text)] == [("SECRET", token)]


@each("place, secret", PLACES)
def test_a_secret_is_told_by_what_stands_before_it(place: str, secret: str) -> None:
    text = place.format(secret)
    assert [(one.kind, text[one.start : one.end]) for one in find(text)] == [("SECRET", secret)]


@each("text")
def test_who_only_speaks_of_secrets_tells_none(text: str) -> None:
    assert find(text) == ()


def test_random_values_are_told_by_themselves() -> None:
    """Without a maker's form or a word before them; letters alone look like words."""
    values = ["".join(DICE.choice(LETTERS) for _ in range(32)) for _ in range(300)]
    assert sum(len(find(f"see {value} there")) for value in values) >= 285
