"""The third door, for other systems: views and serializers of HL7 FHIR R4. No models, no rules."""

from pkgutil import extend_path

# The classes of the standard are a package of the same name, fhir.resources.
__path__ = extend_path(__path__, __name__)
