"""Words of English as readers ask: which say nothing, and which say the same."""

# Words that stand in any question, and those with which people open and close a letter.
SILENT = frozenset(
    """
    a about above after again all also am an and any are aren't as at be because been before being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down
    during each else etc even ever every few for from further get gets getting give given go goes going
    gone got had hadn't has hasn't have haven't having he her here hers herself him himself his how
    however i i'd i'll i'm i've if in instead into is isn't it it's its itself just let like likely lot
    made make makes many may maybe me might mine more most much must my myself near need needs no nor
    not now of off on once one only onto or other others our ours ourselves out over own per put quite
    rather really same say says see seem seems several shall she should shouldn't since so some somebody
    someone something sometimes soon still such sure take takes taken taking than that that's the their
    theirs them themselves then there there's these they they're thing things this those though through
    thus to together too toward under until up upon us use used uses using very via want wants was
    wasn't we well we're were weren't what what's whatever when where whether which while who whole whom
    whose why will with within without won't would wouldn't yes yet you you'd you'll you're you've your
    yours yourself please thank thanks thankyou hello hi hey dear sir madam doctor dr regards sincerely
    greetings advance ask asked asking answer answers question questions know knows known knowing tell
    told wonder wondering hope hoping help helps helpful advise advice anyone anybody everyone
    information info article articles website web page link learn understand explain think thought
    believe feel find found looking look mother mom mum father dad son daughter husband wife brother
    sister friend uncle aunt grandmother grandfather niece nephew cousin year years old month months
    week weeks day days ago last recently possible possibly able available available come came best
    better way ways kind kinds sort type types patient patients person people
    """.split()  # noqa: SIM905 - a list of a few hundred words reads better as words
)

# What readers say and what a text says, where the stems differ: one family to a paragraph.
FAMILIES = [
    family.split()
    for family in """
    treatment treat treatable therapy therapies therapeutic cure cures curable remedy remedies
    medication medications medicine medicines drug drugs pill pills

    diagnosis diagnose diagnosed diagnosing diagnostic diagnoses detect detected detection test tests
    tested testing screening

    symptom symptoms sign signs

    cause caused causes causing reason reasons

    inherited inherit heredity hereditary genetic genetics gene genes familial inheritance

    prognosis outlook survival expectancy survive chance chances

    prevention prevent prevented prevents preventing avoid avoiding

    frequency common rare prevalence affected

    surgery surgical operation operate resection removed

    metastasis metastases metastatic metastasize metastasized spread spreads

    tumor tumors tumour tumours neoplasm neoplasms

    cancer cancers carcinoma carcinomas malignancy malignant

    kidney kidneys renal

    liver hepatic

    heart cardiac

    lung lungs pulmonary bronchial

    stomach gastric

    bowel intestine intestinal gut colon colorectal

    imaging scan scans scanning

    child children childhood pediatric paediatric kid kids

    baby infant newborn neonatal

    pancreas pancreatic

    pituitary hypophysis

    eye eyes vision visual ocular

    skin cutaneous dermal

    brain cerebral

    contagious transmission infectious transmit transmitted

    risk risks susceptibility

    sugar glucose

    itch itchy itching pruritus

    tired tiredness fatigue exhausted

    pregnancy pregnant

    diet dietary nutrition eating eat food foods

    analog analogs analogue analogues

    esophagus esophageal oesophagus oesophageal

    anemia anaemia

    edema oedema
    """.strip().split("\n\n")
]

# What readers call a thing in several words, and the word that texts use for it.
PHRASES = {
    "underactive thyroid": "hypothyroidism",
    "low thyroid": "hypothyroidism",
    "overactive thyroid": "hyperthyroidism",
    "high thyroid": "hyperthyroidism",
    "low blood sugar": "hypoglycemia",
    "low sugar": "hypoglycemia",
    "high blood sugar": "hyperglycemia",
    "high blood pressure": "hypertension",
    "low blood pressure": "hypotension",
    "low cortisol": "adrenal insufficiency",
    "high cortisol": "cushing syndrome",
    "high calcium": "hypercalcemia",
    "low calcium": "hypocalcemia",
    "low potassium": "hypokalemia",
    "islet cell tumor": "pancreatic neuroendocrine tumor",
    "hep b": "hepatitis b",
    "hep c": "hepatitis c",
    "bowel cancer": "colorectal cancer",
    "blood clot leg": "deep vein thrombosis",
    "water pill": "diuretic",
    "blood thinner": "anticoagulant",
    "blood poisoning": "sepsis",
    "hardening arteries": "atherosclerosis",
    "brain bleed": "intracerebral hemorrhage",
    "mini stroke": "transient ischemic attack",
    "lou gehrig": "amyotrophic lateral sclerosis",
    "als": "amyotrophic lateral sclerosis",
    "pink eye": "conjunctivitis",
    "lazy eye": "amblyopia",
    "acid reflux": "gastroesophageal reflux",
    "heart burn": "gastroesophageal reflux",
    "womb cancer": "uterine cancer",
    "pass children": "inherited",
    "runs family": "inherited",
}
