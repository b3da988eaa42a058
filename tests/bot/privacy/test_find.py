"""Personal data in what people write is found; what a manual is full of (dates, amounts, sections, codes) is not."""

import random
import re
import tomllib
from importlib import import_module, resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.privacy import numbers
from bot.privacy.find import find
from tests.rows import each

PERSONAL = [  # the values are made up, or from the standards' own examples
    ("EMAIL", "Send the form to {} please", ["m.kaya@web.de", "özgür@şirket.com.tr", "john_doe+hr@mail.example.org"]),
    ("EMAIL", "メールは{}までお願いします", ["anna.meier@example.com"]),
    ("PHONE", "電話は{}です", ["090-1234-5678", "+49 30 1234567"]),
    ("CARD", "카드번호는 {}입니다", ["4111111111111111"]),
    ("PHONE", "Is {} the right emergency number for me?", ["0532 939 59 44", "+49 151 23452439", "(415) 555-0199"]),
    ("PHONE", "Please have the manager call me on {} today", ["450 0840", "60-56-85-91", "01.84.17.61.18"]),
    ("PHONE", "call {}", ["06 12 34 56 78", "2 1 2 5 5 5 0 1 9 9", "5-5-5-1-2-3-4-5-6"]),
    ("PHONE", "my phone is {}", ["5 5 5 1 2 3 4 5 6 7"]),
    ("PHONE", "my office line is {} sometimes", ["020 7946 0958 ext. 12"]),
    ("PHONE", "{} is who I spoke to", ["+90 532 272 55 47", "0 (532) 401 18 58", "001-518-640-0854"]),
    ("CARD", "I paid with {}", ["4111 1111 1111 1111", "4111-1111-1111-1111", "3782 822463 10005", "503802053770"]),
    ("IBAN", "Pay to {} today", ["DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819"]),
    ("IBAN", "{} is mine", ["tr33 0006 1005 1978 6457 8413 26", "BE68 5390 0754 7034"]),
    ("NATIONAL_ID", "My tax id is {}", ["10000000146", "536-90-4399", "54362315K", "AB 12 34 56 C"]),
    ("NATIONAL_ID", "here, T.C.: {}", ["219 384 756 16", "536 22 8726"]),
    ("NATIONAL_ID", "here: {}", ["536-90-4399", "10000000146", "756.9217.0769.85", "X-2482300W"]),
    ("IP", "VPN fails from {}", ["10.58.139.79", "2001:db8::b1eb:f33e", "fe80::1"]),
    ("BIRTH_DATE", "I was born on {}", ["12.03.1988", "1990-12-01", "4 March 1991", "4 de mayo de 1991"]),
    ("BIRTH_DATE", "{} is my birthday", ["14 March 1987"]),
    ("SECRET", "I pasted {} in a ticket", ["AKIA" + "FO324MMUQCMKXG3X", "ghp_" + "a1B2c3D4" * 5]),
    ("SECRET", "password: {}", ["hunter2", "Summer2024!", "CorrectHorse"]),
    ("SECRET", "my password {} fails", ["Ankara06!"]),
    ("EMAIL", "write to {}, please", ["ines dot keller at example dot org", "anna.lee at example.com"]),
    ("EMAIL", "{}", ["eva punkt quinn ät example punkt de"]),
    ("EMAIL", "{}", ["eva arroba example punto com", "eva nokta su et example nokta com"]),
    ("PHONE", "I'm on {}, phone, all day", ["4155550170"]),
    ("PHONE", "mobile={}", ["4155550111"]),
    ("CARD", "La carte {} a été volée", ["4111.1111.1111.1111"]),
    ("IBAN", "Auf {} bitte", ["DE89.3704.0044.0532.0130.00"]),
    ("NATIONAL_ID", "{} is wrong", ["54.362.315-K", "AB-12-34-56-C", "RSS MRA 85T10 A562S"]),
    ("NATIONAL_ID", "NIR {}", ["268010546898350"]),
    ("IP", "ping {} fails", ["1.2.3.4"]),
    ("BIRTH_DATE", "mon anniversaire est le {}", ["14 juillet 1980"]),
    ("SECRET", "the passphrase \"{}\" fails", ["vYbNaJ-nEmrs*"]),
    ("SECRET", "posted {} today", ["TjwFIsfG0tnTDbsZ" + "ZNLgNxWCqNdd1YukZi97O0gh"]),
    ("BIRTH_DATE", "Office manager Jane Doe was born {}", ["14 March 1987"]),
    ("BIRTH_DATE", "My company needs my date of birth: {}", ["14 March 1987"]),
    ("BIRTH_DATE", "Meine Firma hat mein Geburtsdatum {} falsch", ["14.03.1987"]),
    ("BIRTH_DATE", "born {}, company car", ["14 March 1987"]),
    ("BIRTH_DATE", "Şirket kaydımda doğum tarihim {}", ["14.03.1987"]),
    ("PHONE", "client Müller: {}", ["0171 2345678"]),
    ("PHONE", "Desk {}", ["0171 2345678"]),
    ("PHONE", "Please update: {}", ["0171 2345678"]),
    ("PHONE", "my mobile since the phone update {}", ["0171/2345678"]),
    ("PHONE", "delivery driver {}", ["0532 123 45 67"]),
    ("PHONE", "Buchung für Anna, {}", ["0171 2345678"]),
    ("PHONE", "{}", ["0211-212-213", "2012 345 6789"]),
    ("IP", "log in from {}", ["203.0.113.77", "8.8.4.4"]),
    ("IP", "{}", ["8.8.4.4"]),
    ("IP", "curl http://{}:8080/x", ["1.2.3.4"]),
    ("IP", "I use {} as resolver", ["1.1.1.1"]),
    ("IP", "{}", ["12.34.20.10"]),
    ("SECRET", "my password is {}? can I keep it", ["hunter22"]),
    ("SECRET", "pass: {}", ["hunter22"]),
    ("SECRET", "Zugang={}", ["ab8Uhr99"]),
    ("EMAIL", "write to {}", ["kim.7 at example.com", "kim at example dot com"]),
    ("PHONE", "Ofis: {} sorun", ["0 212 347 60 15 dahili 208"]),
    ("PHONE", "Büro {}", ["030 901820-14 Durchwahl 7"]),
    ("PHONE", "{} is free of charge", ["1-888-567-8688"]),
    ("EMAIL", "write me at {} please", ["anna . weber @ firma . example", "anna.weber @ firma.example"]),
    ("IP", "{} is in the log", ["::ffff:192.0.2.128"]),
    ("NATIONAL_ID", "our EIN is {}", ["91-1144442"]),
    ("NATIONAL_ID", "Meine Steuernummer: {}", ["181/815/0815 5".replace(" ", "")]),
    ("NATIONAL_ID", "mi RUT {}", ["12.531.909-2"]),
    ("NATIONAL_ID", "my NIP is {}", ["856-734-62-15"]),
    ("IBAN", "{} is mine", ["DE89\u00a03704\u202f0044\u00a00532\u00a00130\u00a000", "DE89 3704\n0044 0532 0130 00"]),
    ("CARD", "La carte {}", ["\uff14111 1111 1111 1111", "4111\u20131111\u20131111\u20131111"]),
    ("NATIONAL_ID", "SSN {}", ["536\u201122\u20118726", "536-22-\u200b8726"]),
    ("NATIONAL_ID", "scan_{}_signed.pdf", ["10000000146"]),
    ("PHONE", "\u202acall {}\u202c", ["+49\u00a0171\u202f483\u00a09021"]),
    ("EMAIL", "write to {}", ["anna\u200b.lee@exam\u00adple.com", "anna.lee\uff20example.com"]),
    ("EMAIL", "~_*{}*_~", ["anna.lee@example.com"]),
    ("EMAIL", "https://x.example/?to={}&n=1", ["anna.lee%40example.com"]),
    ("PERSON", "ask {} first", ["<@U012ABCDEF>", "<@W012ABCDEF|kim>"]),
]  # fmt: skip


def test_a_spaced_number_of_another_country_is_a_phone_even_behind_an_order() -> None:
    said = "Bestellung, 0049 170 1234567 ist meine Nummer"
    assert [(span.kind, said[span.start : span.end]) for span in find(said)] == [("PHONE", "0049 170 1234567")]


@each("kind, said, value", [(k, s, v) for k, s, vs in PERSONAL for v in vs])
def test_personal_data_is_found_whole(kind: str, said: str, value: str) -> None:
    text = said.format(value)
    assert [(one.kind, text[one.start : one.end]) for one in find(text)] == [(kind, value)]


@each("text")
def test_what_a_manual_says_is_not_personal(text: str) -> None:
    assert find(text) == ()


def test_a_wrong_checksum_is_no_card_account_or_id() -> None:
    for text in ("I paid with 4111 1111 1111 1112", "Pay DE88 3704 0044 0532 0130 00", "My tax id is 10000000147"):
        assert not [one for one in find(text, ["TR"]) if one.kind in ("CARD", "IBAN", "NATIONAL_ID")]


ROWS = tomllib.loads(resources.files("bot.privacy").joinpath("ids.toml").read_text())["number"]


@pytest.mark.parametrize("country", sorted({row["country"] for row in ROWS}))
@given(data=st.data())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_number_of_a_countrys_form_is_an_id_where_its_checksum_holds(country: str, data: st.DataObject) -> None:
    rows = [row for row in ROWS if row["country"] == country]
    forms = [re.compile(row["form"], re.I | re.A) for row in rows]
    number = data.draw(st.one_of([st.from_regex(form, fullmatch=True) for form in forms]))
    right = any(
        form.fullmatch(number)
        and (
            "stdnum" not in row or import_module(f"stdnum.{row['stdnum']}").is_valid(re.sub("[ .]", "", number.upper()))
        )
        for row, form in zip(rows, forms, strict=True)
    )
    text = f"my tax id is {number}, thanks"
    assert (len(text) - len(", thanks") in {end for _, end in numbers.ids(text, [country])}) is right


def test_every_turkish_id_made_by_the_rule_is_found() -> None:
    """The checksum as the registry office publishes it, worked out here."""
    dice = random.Random(1)
    for _ in range(200):
        nine = [dice.randint(1, 9), *(dice.randint(0, 9) for _ in range(8))]
        tenth = (7 * sum(nine[0::2]) - sum(nine[1::2])) % 10
        value = "".join(map(str, [*nine, tenth, (sum(nine) + tenth) % 10]))
        assert [one.kind for one in find(f"TC kimlik numaram {value}, izin bakiyem nedir?")] == ["NATIONAL_ID"]


def test_phones_one_after_the_other_are_told_apart() -> None:
    text = "call 0532 939 59 44 0151 23458403 0533 111 22 33"
    assert [text[one.start : one.end] for one in find(text)] == ["0532 939 59 44", "0151 23458403", "0533 111 22 33"]


def test_several_in_one_text_are_told_apart() -> None:
    text = (
        "I am <@U012ABCDEF>, a@b.example, +49 151 23452439, NL91ABNA0417164300 and FR14 2004 1010 0505 0001 3M02 606."
    )
    assert [one.kind for one in find(text)] == ["PERSON", "EMAIL", "PHONE", "IBAN", "IBAN"]


def test_what_is_called_an_iban_is_one_whatever_its_checksum() -> None:
    number = "DE21 5001 0517 5407 3249 31"
    assert ("IBAN", number) in {
        (f.kind, f"hi, IBAN {number}, tax"[f.start : f.end]) for f in find(f"hi, IBAN {number}, tax")
    }
    assert "IBAN" not in {f.kind for f in find(f"room {number}")}
