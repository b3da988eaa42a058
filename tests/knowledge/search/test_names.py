"""Which documents a question names, and what is left of the question without the name."""

from knowledge.catalog.reading import Name
from knowledge.search.rank import GLUED_BOOST, NAMED_BOOST, Names
from tests.rows import each

FILES = {
    1: ("monitoring.md", "Monitoring"),
    2: ("Mail Server Rules.pdf", "Mail Server Rules"),
    3: ("NIST SP 800-63B - Digital Identity.pdf", "Digital Identity Guidelines"),
    4: ("BESTBUY_2019_10K.pdf", "FORM 10-K"),
    5: ("BESTBUY_2018_10K.pdf", "FORM 10-K"),
    6: ("ACME_2019_10K.pdf", "ANNUAL REPORT OF ACME"),
    7: ("travel-policy.md", "Handbook"),
    8: ("leave-policy.md", "Handbook"),
    9: ("NIST SP 800-45 - Mail.pdf", "Mail"),
    10: ("NIST SP 800-12 - Basics.pdf", "Basics"),
}
NAMES = Names.of([Name(revision, "root", path, title) for revision, (path, title) in FILES.items()])


@each(
    "question, named",
    [
        ("how do I monitor my team?", {}),  # one ordinary word is a subject
        ('what does "Monitoring" say?', {1: NAMED_BOOST}),
        ("what do the mail server rules say", {2: NAMED_BOOST}),
        ("secret length per 800-63B?", {3: NAMED_BOOST}),
        ("What was Best Buy's revenue in FY2019, per its 10-K?", {4: GLUED_BOOST}),
        ("ACME 2019 capital expenditure", {6: GLUED_BOOST}),
        ("what is an annual report?", {}),  # of a title in capitals
        ("is there a handbook?", {}),  # two files share the title
        ("what does the travel policy say", {7: NAMED_BOOST}),
    ],
)
def test_a_question_names_documents(question: str, named: dict[int, float]) -> None:
    assert NAMES.named(question) == named


def test_the_name_is_taken_out_of_what_is_asked() -> None:
    asked = "According to the mail server rules: how long are secrets?"
    assert NAMES.without(asked, [2]) == "According to the how long are secrets?"
    assert NAMES.without("mail server rules", [2]) == ""  # nothing but the name
