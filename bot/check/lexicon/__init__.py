"""The few words that the check knows of answers, one file a language, all languages read as one.

leaning: a sentence that opens so leans on the one before · verdicts: answer a yes-or-no question · applied: a rule is
applied to the asker's case · talk: sentences that claim nothing · refuses: a model's own "I can't help" · names: what
opens so only names · says, says_endings, denials: in a heading, it says something itself ·
silent, manual: "the manual does not say" · framed, framed_behind: says of when or whom it is silent · beyond: behind it
more is said; but inquiring: that somebody may be asked · faultless: beside a denial, a verifier's fault is none
"""

from functools import partial

from knowledge.text.words import folded_list

lexicon = partial(folded_list, __name__)
