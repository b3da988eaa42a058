"""Clock times and lengths in words against those in figures: what is true stays, what is not is found."""

from knowledge.text.figures_alike import exchanged
from knowledge.text.quantities import quantities
from tests.rows import each

PAIRS = [  # of the manual, true, false
    ("The gate closes at 16:45.", "The gate closes at a quarter to five.", "The gate closes at a quarter to six."),
    ("Breakfast ends at 10:30.", "Breakfast ends at half past ten.", "Breakfast ends at half past nine."),
    ("Um 13.20 Uhr beginnt die Schicht.", "It starts at twenty past one.", "It starts at twenty past two."),
    ("The desk opens at 15:00.", "It opens at three in the afternoon.", "It opens at four in the afternoon."),
    ("Mail leaves at 9:00.", "Mail leaves at nine o'clock.", "Mail leaves at eight o'clock."),
    ("The break is 30 minutes.", "You get half an hour.", "You get an hour."),
    ("Der Besuch dauert 45 Minuten.", "It takes three quarters of an hour.", "It takes an hour."),
    ("The shop opens at 9:30.", "Der Laden öffnet um halb zehn.", "Der Laden öffnet um halb neun."),
    ("Lunch ends at 13:45.", "Das Essen endet um Viertel vor zwei.", "Das Essen endet um Viertel nach zwei."),
    ("The hall closes at 18:00.", "Die Halle schließt um achtzehn Uhr.", "Die Halle schließt um siebzehn Uhr."),
    ("The rest lasts 45 minutes.", "Die Pause ist eine Dreiviertelstunde.", "Die Pause ist eine Viertelstunde."),
    ("The talk lasts 90 minutes.", "Es dauert anderthalb Stunden.", "Es dauert zweieinhalb Stunden."),
    ("The bus leaves at 16:45.", "Le bus part à cinq heures moins le quart.", "Il part à cinq heures et quart."),
    ("Doors open at 7:30.", "On ouvre à sept heures et demie.", "On ouvre à huit heures et demie."),
    ("The wait is 15 minutes.", "On attend un quart d'heure.", "On attend trois quarts d'heure."),
    ("Reception closes at 12:00.", "On ferme à midi pile, donc avant midi.", "On ferme avant minuit."),
    ("The office closes at 20:15.", "Cierra a las ocho y cuarto.", "Cierra a las siete y cuarto."),
    ("The class starts at 18:50.", "Empieza a las siete menos diez.", "Empieza a las siete y diez."),
    ("The tool is lent until 10:30.", "Saat on buçuğa kadar verilir.", "Saat dokuz buçuğa kadar verilir."),
    ("The service leaves at 17:15.", "Servis beşi çeyrek geçe kalkar.", "Servis altıyı çeyrek geçe kalkar."),
    ("The share is 15%.", "Payın yüzde on beşi ödenir.", "Payın yüzde onu ödenir."),
]


@each("manual, true, false", PAIRS)
def test_a_time_in_words_is_the_one_in_figures_and_no_other(manual: str, true: str, false: str) -> None:
    found = [exchanged(said, manual, [], manual, is_twin=False, is_row=False) for said in (true, false)]
    assert found[0] == "" and found[1]


@each("text")
def test_an_ordinary_phrase_is_no_time(text: str) -> None:
    assert [q for q in quantities(text) if q.kind == "time"] == []


@each("text, value")
def test_a_time_has_both_halves_of_the_day_where_none_is_said(text: str, value: str) -> None:
    assert "".join(q.value for q in quantities(text) if q.kind == "time") == value
