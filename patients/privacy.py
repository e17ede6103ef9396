"""The privacy notice that a patient accepts. Its text is templates/patients/privacy_notice.html."""

# The day its words last changed; kept with each acceptance. Change both together.
PRIVACY_VERSION = "2026-11-23"
