"""Systems, profiles, and the codes that were verified; everything else is told in words.

LOINC and SNOMED CT codes were seen on loinc.org, in the source of the Physical Activity guide, or
in two independent public repositories. A code that two sources do not agree on is left out: a wrong
code is read by machines, words by people.
"""

from fhir.elements import Element, coding

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
NPI = "http://hl7.org/fhir/sid/us-npi"
_TERMS = "http://terminology.hl7.org/CodeSystem"
_PA = "http://hl7.org/fhir/us/physical-activity"
US_CORE = "http://hl7.org/fhir/us/core"


def us_core(name: str) -> str:
    """A profile of US Core 3.1.1, which the Physical Activity guide 1.0.1 builds on."""
    return f"{US_CORE}/StructureDefinition/us-core-{name}"


def physical_activity(name: str) -> str:
    return f"{_PA}/StructureDefinition/pa-{name}"


def term(system: str, code: str) -> Element:
    """A code of HL7's own systems, such as `term("condition-clinical", "active")`."""
    return coding(f"{_TERMS}/{system}", code)


_PA_CODES = f"{_PA}/CodeSystem/pa-temporary-codes"
ACTIVITY = coding(_PA_CODES, "PhysicalActivity", "Physical Activity")
ACTIVITY_PANEL = coding(_PA_CODES, "PAPanel")
ASSESS_AND_PLAN = coding(f"{US_CORE}/CodeSystem/careplan-category", "assess-plan")

# Its code is named by USCDI and by HL7's C-CDA on FHIR alike.
PROGRESS_NOTE = coding(LOINC, "11506-3", "Progress note")

PHYSICAL_THERAPY = coding(SNOMED, "91251008", "Physical therapy procedure")
EXERCISE_THERAPY = coding(SNOMED, "229065009", "Exercise therapy")

PAIN = coding(LOINC, "72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported")
FALLS_IN_A_YEAR = coding(LOINC, "75856-5", "Number of falls in the past 12 months [Reported]")
EXERCISE_DURATION = coding(LOINC, "55411-3", "Exercise duration")
EXERCISE_ACTIVITY = coding(LOINC, "73985-4", "Exercise activity")
CHAIR_STAND = coding(LOINC, "66247-8", "Sit to stand frequency in 30 seconds")
UP_AND_GO = coding(
    LOINC, "89423-8", "Time to rise from chair, walk 10 feet and back, and return to sitting [TUG]"
)
