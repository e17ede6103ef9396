"""What stands on top of every worksheet and beside its numbers, in our own words."""

# On the page, the PDF and in each CSV file, before any number.
DISCLAIMERS = (
    "This is not billing advice. The payer and the Medicare contractor decide. A worksheet says "
    "which counts are met, never that something may be billed.",
    "Device: the codes ask for a device in the FDA’s sense (FD&C Act, section 201(h)). Footing is "
    "not listed with or cleared by anybody. Settle this with your counsel before you bill.",
    "Musculoskeletal or neurologic: the codes for device supply are for the musculoskeletal "
    "system, and numb feet alone may not fall under it. A person names the impairment that the "
    "plan treats; nothing here supposes one.",
    "Sources disagree: on set-up, on talks in person, on assistants, on when 30 days begin. Where "
    "they do, this sheet says so or follows a setting of the clinic.",
    "Collected from pages of vendors, associations and agencies on 28 Nov 2026. Not seen: the "
    "final rule’s own pages on this, change request 14250 itself, and any local coverage "
    "determination.",
)
NOTES = (
    "98975: before 2026 after 16 days with data, since 2026 after 2 in the first 30; one source "
    "names no minimum. The biller decides.",
    "98979 and 98980: read as steps, so never both in a month. No text seen says it outright.",
    "One live talk serves all management codes of its month in every source seen, though each "
    "code asks for one. Messages, letters and reading are no live talk.",
    "When 30 days begin: on the day that was entered as the start, else on the first day with "
    "data after the consent. Sources also name the set-up and the consent. Each 30 days follow "
    "the last without a gap.",
    "Modifiers: GP where a physical therapist furnishes it under a plan of care. CQ for an "
    "assistant’s part: sources put it on set-up only, on set-up and management, or on all lines; "
    "none is put here by itself. A physical therapist in private practice may supervise "
    "assistants generally.",
    "It counts towards the KX threshold. By one source the reduction for multiple procedures does "
    "not apply. The patient owes 20 percent: tell them.",
    "Global period: it binds the operating surgeon, not a therapist who bills elsewhere.",
    "One practitioner a patient in 30 days, and no physiologic monitoring (RPM) in the same month. "
    "Care management beside it (CCM, TCM, BHI) is for practitioners who are not therapists.",
    "Physicians, other qualified professionals and therapists in private practice bill this; "
    "hospital outpatient and other institutional therapy claims go other ways.",
)
NOT_ENTERED = (
    "Set-up, visits in the clinic and time that is billed under another code are no minutes here."
)

# What the patient agrees to; a clinic may use words of its own, and what was said is kept.
CONSENT_VERSION = "Footing 1, Nov 2026"
CONSENT = (
    "My clinic looks at what I enter in Footing between visits, and uses it for my treatment. "
    "Somebody of the clinic may call me about it. My insurance may be asked to pay for this each "
    "month, and I may owe a part: with Medicare mostly 20 percent. Nobody watches my entries all "
    "day: in an emergency I call the emergency number. I can stop this at any time, and my "
    "treatment goes on."
)
CONSENT_IN_SPANISH = (
    "Mi clínica mira lo que anoto en Footing entre las visitas y lo usa para mi tratamiento. "
    "Alguien de la clínica puede llamarme por eso. Se le puede pedir a mi seguro que lo pague "
    "cada mes, y puede que yo deba una parte: con Medicare, por lo general el 20 por ciento. "
    "Nadie vigila mis anotaciones todo el día: en una emergencia llamo al número de emergencias. "
    "Puedo dejarlo en cualquier momento, y mi tratamiento sigue."
)
PLATFORM = "Footing, the patient portal in a web browser"
