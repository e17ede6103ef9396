"""What makes an exercise unsuitable: conditions that an exercise's precautions can name.

Some follow from the episode's findings, the others are ticked on it (brief 2.4 and the
precautions of the exercises in 2.5 and 2.6).
"""

from django.db import models


class Condition(models.TextChoices):
    SENSATION_LOST = "sensation_lost", "Protective feeling lost"
    SENSATION_REDUCED = "sensation_reduced", "Protective feeling reduced or lost"
    IRRITABLE = "irritable", "High irritability"
    RED_FLAG = "red_flag", "A red flag is open"
    FELL = "fell", "A fall in the last 12 months"
    WALKING_AID = "walking_aid", "Uses a walking aid"
    NO_HELPER = "no_helper", "Nobody can stand by at home"
    NECK = "neck", "Neck pain, or dizzy with neck movement"
    VERTIGO = "vertigo", "Dizziness or vertigo"
    LOW_PRESSURE = "low_pressure", "Low blood pressure on standing"
    OSTEOPOROSIS = "osteoporosis", "Osteoporosis or a vertebral fracture"
    DISC = "disc", "Acute disc or nerve-root pain"
    SPINE_SURGERY = "spine_surgery", "Recent spine surgery"
    HIP_KNEE_SURGERY = "hip_knee_surgery", "Recent hip or knee replacement"
    ANTERIOR_HIP = "anterior_hip", "Anterior hip replacement"
    HAMSTRING = "hamstring", "Acute hamstring injury"
    ANKLE_SURGERY = "ankle_surgery", "Achilles or outer-ankle injury or surgery within 12 weeks"
    ACHILLES = "achilles", "Sore Achilles tendon"
    FOREFOOT = "forefoot", "Recent forefoot or toe surgery, fracture or toe-joint disease"
    FOOT_WOUND = "foot_wound", "Open wound or blister on the foot"
    FOOT_ULCER = "foot_ulcer", "A forefoot ulcer before, severe callus or foot deformity"
    FOOT_DROP = "foot_drop", "New or worsening foot drop"
    WEAKNESS = "weakness", "New or spreading weakness"
    NERVE_SURGERY = "nerve_surgery", "Nerve repair or decompression"
    CLOT = "clot", "Deep-vein thrombosis, untreated or suspected"
    CHARCOT = "charcot", "Active Charcot foot"
    MASS = "mass", "Suspected tumor, infection or fracture"
    CORD = "cord", "Spinal-cord signs"
    FIBULAR_NECK = "fibular_neck", "Fracture or decompression at the fibular neck"
    PRESSURE = "pressure", "Raised eye or intracranial pressure"
    JOINT_REPLACEMENT = "joint_replacement", "Another joint replacement"
    HYPERMOBILE = "hypermobile", "Hypermobility"
    PREGNANT = "pregnant", "Late pregnancy"
    ANTICOAGULATED = "anticoagulated", "Bruises easily on blood thinners"
    LOW_GLUCOSE = "low_glucose", "Prone to low blood sugar"
    COGNITION = "cognition", "Needs help to follow a plan"


# Known from other answers; asking for them twice would let the two disagree.
DERIVED = (
    Condition.SENSATION_LOST,
    Condition.SENSATION_REDUCED,
    Condition.IRRITABLE,
    Condition.RED_FLAG,
    Condition.FELL,
    Condition.WALKING_AID,
    Condition.NO_HELPER,
)
ASKED = [(one.value, one.label) for one in Condition if one not in DERIVED]
