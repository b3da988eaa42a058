"""The words by which names of people and postal addresses are told; one file a language, all languages read as one.

first: given names · title, before, after: what stands beside a name · place: what stands before a place's · determiner:
what stands before a noun that has a capital letter · never: capital letters that name nobody · street, street_before,
street_ending: the word after, the word before and the last letters of a street's name
"""
