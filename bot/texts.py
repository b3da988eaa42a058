"""Every sentence users read that is not a quote, by code. Pure. tests/bot/test_texts.py wants an entry for each code.

Each says what happened and what to do next. `{name}` is filled with str.format by the caller.
"""

from __future__ import annotations

from bot.types import Answer

SMALL_TALK = {
    "greeting": "Hello! Ask me anything about the policy manual and I'll answer with the place where it says so.",
    "thanks": "You're welcome! Ask again whenever you need to look something up.",
    "goodbye": "Goodbye! I'm here whenever you have a question about the manual.",
    "capabilities": (
        "I answer questions from the policy manual, and every sentence I give names the document, section and page it "
        "comes from. Mention me in a channel or write me here, in your own words or with keywords; ask follow-ups in "
        "the same thread. Use 👍 and 👎 under an answer to tell me whether it helped."
    ),
    "languages": (
        "I read the manual in English and quote it as it stands. Ask in your language: if I can't answer in it, I "
        "say so."
    ),
    "person": (
        "I'm a bot and can't connect you to a person. Ask me who is responsible for your topic, and I'll look up what "
        "the manual says about whom to contact."
    ),
    "praise": "Glad that helped! A 👍 under the answer lets us count it.",
    "complaint": (
        "Sorry about that. A 👎 under the answer sends it to the people who look after me; rephrasing the question, or "
        "naming the document you have in mind, often finds the right place."
    ),
    "identity": (
        "I'm a bot that looks things up in the policy manual and quotes where it says so. What would you like to know?"
    ),
    "off_topic": "I only know the policy manual, so I can't help with that. Ask me about anything it may cover.",
}

SOURCE, SOURCES = "the manual", "the sources"  # where a sentence names what it cites and only had a number for it
PART_NOT_FOUND = "I found nothing in the manual on this part: “{part}”."

NOTHING_BEFORE = "I see no question before this one. Ask it together with how you'd like the answer, in one message."
NOTHING_MORE = "That is all I found in the manual on this."
PARTS_LEFT = "I took the first {count} of your questions. Please ask the others in another message."

REFUSED = "I couldn't find an answer to that in the manual."
REFUSED_BECAUSE = {  # by the code that bot.answering.refusal gives
    "personal": "I only see the manual, not what systems keep about you, such as balances, requests or accounts. "
    "Ask the team that keeps it.",
    "codes": "I couldn't find an answer to that in the manual: the sections that come near don't have the code you "
    "name. Check how it is written.",
    "vague": "I couldn't find an answer to that in the manual. Ask in a whole sentence, with what you want to know "
    "about it.",
}
REFUSED_CLOSEST = "The sections that come closest:"
REFUSED_NEXT = "Try other words, or name the document you have in mind."

NOTES = {
    "quoted": "Quoted word for word from the manual.",
    "as_written": "I can't translate or reword without a language model: these are the manual's own words.",
    "words_only": "Checked word for word only: what could not be verified stands in the manual's own words.",
    "disagree": "The manual's documents differ here. Mind their editions, or ask the owner which one holds.",
    "cut": "The language model stopped in the middle: what is shown was checked. Ask again for the rest.",
    "cached": "Answered from a recent, identical question.",
    "vectors_pending": "The manual is still being indexed: this answer was found by words only and may improve soon.",
    "language": "I read the manual in English only: please ask in English.",
    "stopped": "Stopped.",
}

DEGRADED = {
    "model_unavailable": "The language model can't be reached, {instead}. Ask again later for an answer it writes.",
    "model_timeout": "The language model is too slow, {instead}. Ask again later for an answer it writes.",
    "model_cut": "The language model stopped in the middle, {instead}. Ask again for an answer it writes.",
    "model_rejected": "The language model refused the request, {instead}. If that goes on, tell the people who run me.",
    "budget_reached": "Today's budget for the language model is used up, {instead}. It starts anew at midnight UTC.",
}
EXPLAINED = "Why each sentence is shown (docs/check.md):"
QUOTED_INSTEAD = "so these are the manual's own sentences"
REFUSED_INSTEAD = "so I could only look for sentences to quote"

ERRORS = {
    "internal": "Something went wrong on my side. Please ask again; if it happens again, report id {id}.",
    "settings": "I'm not set up correctly. Please tell the people who run me (id {id}).",
    "answer": "I couldn't answer that. Please ask again; if it happens again, report id {id}.",
    "model_unavailable": "The language model can't be reached. Please try again in a few minutes (id {id}).",
    "model_timeout": "The language model is too slow right now. Please try again in a few minutes (id {id}).",
    "model_cut": "The answer broke off. Please ask again (id {id}).",
    "model_rejected": "The language model refused the request. Please tell the people who run me (id {id}).",
    "budget_reached": "Today's budget is used up. Please try again tomorrow (id {id}).",
    "store_unavailable": "My database can't be reached right now. Please try again in a few minutes (id {id}).",
    "slack": "Slack refused what I tried to post. Please ask again (id {id}).",
    "slack_auth": "My access to Slack was revoked. Please tell the people who run me (id {id}).",
    "slack_unavailable": "Slack can't be reached right now. Please ask again later (id {id}).",
    "knowledge": "I can't search the manual right now. Please try again in a few minutes (id {id}).",
    "unreadable": "A document of the manual can't be read. Please tell the people who run me (id {id}).",
    "index_mismatch": "The manual must be indexed again first. Please tell the people who run me (id {id}).",
    "index_missing": "No manual has been given to me yet. Please tell the people who run me (id {id}).",
    "index_unavailable": "I can't search the manual right now. Please try again in a few minutes (id {id}).",
    "embedding_failed": "I can't search the manual right now. Please try again in a few minutes (id {id}).",
    "ingest_busy": "The manual is being updated. Please try again in a minute (id {id}).",
}


def refusal(answer: Answer) -> str:
    """What is said in place of an answer: the text that fits why there is none."""
    for note in answer.notes:
        if note == "language":
            return NOTES[note]
        if note in REFUSED_BECAUSE:
            return REFUSED_BECAUSE[note]
    return f"{REFUSED} {REFUSED_NEXT}"


def remarks(answer: Answer) -> list[str]:
    """What is said below an answer about how it came to be."""
    notes = [note for note in answer.notes if note in NOTES and note != "language"]  # that one stands in its place
    if not answer.degraded_reason or "cut" in notes:
        return [NOTES[note] for note in notes]
    instead = QUOTED_INSTEAD if answer.citations else REFUSED_INSTEAD
    happened = DEGRADED.get(answer.degraded_reason, DEGRADED["model_unavailable"])
    return [happened.format(instead=instead), *(NOTES[note] for note in notes if note != "quoted")]
