"""Chat is told from questions, and taken off them."""

import pytest

from bot.understanding.small_talk import KINDS, small_talk, without_chat


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hi", "greeting"),
        ("Hey there! 👋", "greeting"),
        ("<@U0BOT> good morning everyone", "greeting"),
        ("Merhaba", "greeting"),
        ("Bonjour !", "greeting"),
        ("こんにちは", "greeting"),
        ("<@U0BOT>", "greeting"),
        ("Thanks a lot!", "thanks"),
        ("ok thank you so much", "thanks"),
        ("Vielen Dank", "thanks"),
        ("teşekkürler", "thanks"),
        ("got it, thx", "thanks"),
        ("bye, have a nice day", "goodbye"),
        ("what can you do?", "capabilities"),
        ("Help", "capabilities"),
        ("hello, can you help me?", "capabilities"),
        ("What kind of questions can I ask you?", "capabilities"),
        ("Who are you?", "identity"),
        ("are you human or a bot", "identity"),
        ("Great answer, thanks!", "praise"),
        ("that was very helpful", "praise"),
        ("That was wrong.", "complaint"),
        ("no, that's not right", "complaint"),
        ("this doesn't answer my question", "complaint"),
        ("Tell me a joke about cats", "off_topic"),
        ("can you write me a poem", "off_topic"),
        ("What's the weather like in Berlin today?", "off_topic"),
        ("I'm bored", "off_topic"),
        ("👍", "thanks"),
        (":sob: :sob:", "sad"),
        ("😢", "sad"),
        (":tada:", "thanks"),
        (":-1:", "complaint"),
        ("hello, are you still there?", "greeting"),
        ("I have a question", "greeting"),
        ("thanks, that answers it", "praise"),
        ("thank you for clarifying!", "thanks"),
        ("wow, that was fast", "praise"),
        ("the link doesn't work", "complaint"),
        ("wrong page", "complaint"),
        ("you keep giving me the wrong answer", "complaint"),
        ("your explanation makes no sense", "complaint"),
        ("can I talk to a real person please", "person"),
        ("get me a human!", "person"),
        ("do you speak German?", "languages"),
        ("which model do you use?", "identity"),
        ("are you storing what I write here?", "stored"),
        ("Can HR read our chats?", "stored"),
        ("Wer kann meine Fragen lesen?", "stored"),
        ("what is 12 + 30", "off_topic"),
        ("write a python function", "off_topic"),
    ],
)
def test_chat_is_recognised(text: str, code: str) -> None:
    assert small_talk(text) == code
    assert code in KINDS


@pytest.mark.parametrize(
    "text",
    [
        "hi, how many leave days do I get?",
        "thanks! and for contractors?",
        "Hello, I lost my badge",
        "help with expenses",
        "what can you tell me about parental leave?",
        "who are you allowed to share customer data with?",
        "what is the weather policy for outdoor work?",
        "wrong invoice number, what now",
        "good leaver clause",
        "great, and how do I submit it?",
        "thank you gifts from suppliers",
        "hi-vis jacket",
        "test results of drug screening",
        "love contract at work?",
        "story points",
        "bye-laws",
        "no, I meant contractors",
        "what is the time limit?",
        "is it correct that I need a receipt?",
        "morning shift allowance",
        "evening allowance",
        "hot weather rules",
        "see you at the doctor: is it paid?",
        "3+2 schedule",
        "yes",
        "more",
        "my laptop is broken",
        "the app doesn't work",
        "the screen is dead",
        "no answer from IT",
        "wrong bank account",
        "good standing",
        "waste",
        "false statements",
        "false information",
        "that's wrong according to section 4.2",
        "you told me 30 days, is this also for part time",
        "that helps, and for nights?",
        "that's correct?",
        "can I talk to a customer directly",
        "I want to talk to someone from HR",
        "someone I can talk to",
        "can I write a story about a client",
        "4*10",
    ],
)
def test_a_question_is_never_taken_for_chat(text: str) -> None:
    assert small_talk(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Cheers, that clears it up", "praise"),
        ("that did the trick, thank you", "praise"),
        ("Thanks for getting back so quickly", "thanks"),
        ("This answer is total rubbish", "complaint"),
        ("that makes no sense whatsoever", "complaint"),
        ("you missed the mark", "complaint"),
        ("what are you capable of?", "capabilities"),
        ("which LLM is under the hood?", "identity"),
        ("have a great weekend everyone", "goodbye"),
        ("gotcha", "thanks"),
        ("never mind, found it", "thanks"),
        ("happy friday!", "greeting"),
        ("k", "thanks"),
        ("thank you, you've been very helpful", "praise"),
        ("thank youuu", "thanks"),
        ("Whats up", "greeting"),
        ("😂", "praise"),
        ("🤷", "capabilities"),
        ("Besten Dank für die Auskunft", "thanks"),
        ("bonne soirée à tous", "goodbye"),
        ("çok sağol", "thanks"),
    ],
)
def test_chat_is_recognised_however_it_is_put(text: str, code: str) -> None:
    assert small_talk(text) == code


@pytest.mark.parametrize(
    "text",
    ["Not right now", "nothing more?", "thank you gift policy", "hi-vis", "Thanks for that, but what about it"],
)
def test_what_may_ask_is_no_chat(text: str) -> None:
    assert small_talk(text) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("ok thanks. and what is the hotel limit in Berlin?", "and what is the hotel limit in Berlin?"),
        ("Hi! How do I book a hotel?", "How do I book a hotel?"),
        ("Great answer, thank you! shorter please", "shorter please"),
        ("Help! my laptop is broken.", "my laptop is broken."),
        ("perfect, and for managers?", "and for managers?"),
        ("Leave is 25 days. thanks", "Leave is 25 days. thanks"),
        ("No, not yet.", "No, not yet."),
    ],
)
def test_chat_before_a_question_is_taken_off(text: str, rest: str) -> None:
    assert without_chat(text) == rest


@pytest.mark.parametrize(
    "question",
    ["How do I reach the operator?", "Can I talk to a colleague?", "best response time", "who won the safety award",
     "what is 24/7", "This is not working time", "Is this the policy?", "Is this the new policy?",
     "Is this our handbook here?", "This is the rules", "So this is the staff guide?",
     "That is the third time you paid late", "It's the second time this week that the bot room is locked",
     "It's the second time you change the password"],
)  # fmt: skip
def test_what_the_manual_may_know_is_no_chat(question: str) -> None:
    assert small_talk(question) is None
