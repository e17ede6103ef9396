"""What this door says of itself: a CapabilityStatement, and what SMART App Launch asks for."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.smart import keys
from accounts.smart.addresses import address_of_fhir, address_of_revoking, address_of_tokens
from accounts.smart.scopes import KINDS, LAUNCH, OFFLINE, Level
from fhir.elements import Element, Resource, coding, concept
from fhir.outcome import FHIR_JSON
from fhir.parameters import COMMON, PARAMETERS
from fhir.search_terms import OF_CLINIC, includable

CHANGED_ON = "2026-11-30"  # the last day on which this statement said something else
_OAUTH = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"


def address_of_asking() -> str:
    """Where an app leads a patient, who says yes or no."""
    return settings.SITE_ADDRESS + reverse("app_authorize")


def capability_statement() -> Resource:
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": CHANGED_ON,
        "kind": "instance",
        "implementation": {"description": "Footing", "url": address_of_fhir()},
        "software": {"name": "Footing"},
        "fhirVersion": "4.0.1",
        "format": [FHIR_JSON, "json"],
        "rest": [
            {
                "mode": "server",
                "documentation": "One patient's record, or a clinic's; nothing is written.",
                "security": _security(),
                "resource": [_resource(kind) for kind in PARAMETERS],
            }
        ],
    }


def _security() -> Element:
    uris = {
        "authorize": address_of_asking(),
        "token": address_of_tokens(),
        "revoke": address_of_revoking(),
    }
    service = "http://terminology.hl7.org/CodeSystem/restful-security-service"
    return {
        "extension": [
            {
                "url": _OAUTH,
                "extension": [{"url": name, "valueUri": uri} for name, uri in uris.items()],
            }
        ],
        "cors": True,
        "service": [concept("OAuth 2.0 as SMART App Launch", coding(service, "SMART-on-FHIR"))],
    }


def _resource(kind: str) -> Element:
    known = {name: one.type.value for name, one in (COMMON | PARAMETERS[kind]).items()}
    if kind not in {*OF_CLINIC, "Patient"}:
        known["patient"] = "reference"
    found: dict[str, Any] = {
        "type": kind,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "versioned",
        "readHistory": False,
        "conditionalRead": "not-match",
        "searchParam": [{"name": name, "type": of} for name, of in known.items()],
        "searchRevInclude": ["Provenance:target"],
    }
    if includes := [f"{kind}:{name}" for name in includable(kind)]:
        found["searchInclude"] = includes
    return found


def smart_configuration() -> dict[str, Any]:
    scopes = [f"{level}/{kind}.rs" for level in Level for kind in ("*", *KINDS)]
    return {
        "authorization_endpoint": address_of_asking(),
        "token_endpoint": address_of_tokens(),
        "revocation_endpoint": address_of_revoking(),
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": keys.ALGORITHMS,
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": [LAUNCH, OFFLINE, *scopes],
        "capabilities": [
            "launch-standalone",
            "client-public",
            "client-confidential-asymmetric",
            "context-standalone-patient",
            "permission-offline",
            "permission-patient",
            "permission-v1",
            "permission-v2",
        ],
    }
