"""Words in a reader's question that cannot wait for an editor."""

import re
import unicodedata

# Showing the notice wrongly costs a reader one paragraph; not showing it may cost a life. The list is wide.
_SIGNS = (
    r"chest (pain|pressure|tightness)",
    r"pain in (my|his|her|their|the) chest",
    r"(can ?not|can ?'?t|could ?n'?t|unable to|hard to|struggl\w* to|trouble|difficulty) (breath|swallow)\w*",
    r"(short(ness)? of|gasping for) (breath|air)",
    r"(not|stopped) breathing",
    r"chok(ing|ed)",
    r"suicid\w*",
    r"(kill|hurt|harm)(ing)? (my|him|her|them)sel(f|ves)",
    r"end(ing)? (my|his|her|their|it) (own )?(life|all)",
    r"(want|wants|wanted|wish|going) to die",
    r"(do ?n'?t|does ?n'?t|not) want to (live|be alive)",
    r"(self|auto)[- ]?harm\w*",
    r"over ?dos\w*",
    r"(took|taken|swallowed) (too many|too much)",
    r"(had|having|have|has) a (stroke|seizure|heart attack)",
    r"heart attack",
    r"convuls\w*",
    r"unconscious",
    r"(passed|passing) out",
    r"(faint|collaps)(ed|ing)",
    r"(wo ?n'?t|not|ca ?n'?t|can ?not) (wake|wak(e|ing) up)",
    r"(severe|heavy|heavily|uncontroll\w*|won'?t stop) bleed\w*",
    r"bleeding (heavily|badly|a lot|that won'?t stop)",
    r"(cough|vomit|throw)\w* (up )?blood",
    r"anaphyla\w*",
    r"(throat|tongue|face|lips?) (is|are) swelling",
    r"carcinoid crisis",
    r"emergency",
    r"(call|dial|ring) (911|112|999|000)",
)
_PATTERN = re.compile(r"\b(?:" + "|".join(_SIGNS) + r")\b")


def sounds_urgent(text: str) -> bool:
    """Whether a question may be about an emergency. Linear in its length."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("‘", "'")
    return _PATTERN.search(re.sub(r"\s+", " ", folded)) is not None
