"""The terms of the ontology and of the standards it stands on, as Python names.

One prefix, one namespace, one constant per term that the package writes or reads. A test holds the ``kg:`` part against
``ontology/kg.ttl``. No constant depends on the base that a user sets: that one makes ids (``DEFAULT_BASE``), not terms.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

DEFAULT_BASE: Final = "https://w3id.org/jejaring/"
ONTOLOGY_BASE: Final = "https://w3id.org/jejaring/ontology#"
SHAPES_BASE: Final = "https://w3id.org/jejaring/ontology/shapes#"

PREFIXES: Final[dict[str, str]] = {
    "adms": "http://www.w3.org/ns/adms#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "kg": ONTOLOGY_BASE,
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "pav": "http://purl.org/pav/",
    "person": "http://www.w3.org/ns/person#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#",
    "sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
    "sdmx-measure": "http://purl.org/linked-data/sdmx/2009/measure#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def term(name: str) -> NamedNode:
    """The node of a prefixed name, as in ``term("org:member")``; KeyError for an unknown prefix."""
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


# ---- rdf, rdfs, owl, xsd
TYPE: Final = term("rdf:type")
SUBJECT: Final = term("rdf:subject")
PREDICATE: Final = term("rdf:predicate")
OBJECT: Final = term("rdf:object")
LANG_STRING: Final = term("rdf:langString")
LABEL: Final = term("rdfs:label")
COMMENT: Final = term("rdfs:comment")
SEE_ALSO: Final = term("rdfs:seeAlso")
SUB_CLASS_OF: Final = term("rdfs:subClassOf")
SUB_PROPERTY_OF: Final = term("rdfs:subPropertyOf")
SAME_AS: Final = term("owl:sameAs")
STRING: Final = term("xsd:string")
DATE: Final = term("xsd:date")
G_YEAR: Final = term("xsd:gYear")
G_YEAR_MONTH: Final = term("xsd:gYearMonth")
DECIMAL: Final = term("xsd:decimal")
INTEGER: Final = term("xsd:integer")
NON_NEGATIVE_INTEGER: Final = term("xsd:nonNegativeInteger")
ANY_URI: Final = term("xsd:anyURI")

# ---- skos, dct, adms, foaf
CONCEPT: Final = term("skos:Concept")
CONCEPT_SCHEME: Final = term("skos:ConceptScheme")
IN_SCHEME: Final = term("skos:inScheme")
PREF_LABEL: Final = term("skos:prefLabel")
ALT_LABEL: Final = term("skos:altLabel")
HIDDEN_LABEL: Final = term("skos:hiddenLabel")
NOTATION: Final = term("skos:notation")
EXACT_MATCH: Final = term("skos:exactMatch")
CLOSE_MATCH: Final = term("skos:closeMatch")
DESCRIPTION: Final = term("dct:description")
DCT_TITLE: Final = term("dct:title")
DCT_SUBJECT: Final = term("dct:subject")
SOURCE: Final = term("dct:source")
SPATIAL: Final = term("dct:spatial")
DCT_DATE: Final = term("dct:date")
DCT_IDENTIFIER: Final = term("dct:identifier")
STATUS: Final = term("adms:status")
FOAF_NAME: Final = term("foaf:name")

# ---- org
POST: Final = term("org:Post")
POST_IN: Final = term("org:postIn")
ROLE: Final = term("org:role")
MEMBER: Final = term("org:member")
ORGANIZATION: Final = term("org:organization")
UNIT_OF: Final = term("org:unitOf")
SUB_ORGANIZATION_OF: Final = term("org:subOrganizationOf")

# ---- schema.org
NEWS_ARTICLE: Final = term("schema:NewsArticle")
QUOTATION: Final = term("schema:Quotation")
MONETARY_AMOUNT: Final = term("schema:MonetaryAmount")
IN_LANGUAGE: Final = term("schema:inLanguage")
HEADLINE: Final = term("schema:headline")
URL: Final = term("schema:url")
PUBLISHER: Final = term("schema:publisher")
DATE_PUBLISHED: Final = term("schema:datePublished")
DATELINE: Final = term("schema:dateline")
START_DATE: Final = term("schema:startDate")
END_DATE: Final = term("schema:endDate")
LOCATION: Final = term("schema:location")
SUPER_EVENT: Final = term("schema:superEvent")
ORGANIZER: Final = term("schema:organizer")
ATTENDEE: Final = term("schema:attendee")
CONTAINED_IN_PLACE: Final = term("schema:containedInPlace")
TEXT: Final = term("schema:text")
SPOKEN_BY: Final = term("schema:spokenByCharacter")
IS_PART_OF: Final = term("schema:isPartOf")
VALUE: Final = term("schema:value")
CURRENCY: Final = term("schema:currency")
PROVIDER: Final = term("schema:provider")
FOUNDING_DATE: Final = term("schema:foundingDate")
FOUNDING_LOCATION: Final = term("schema:foundingLocation")
SOFTWARE_VERSION: Final = term("schema:softwareVersion")

# ---- prov, nif, sh
ACTIVITY: Final = term("prov:Activity")
SOFTWARE_AGENT: Final = term("prov:SoftwareAgent")
USED: Final = term("prov:used")
WAS_ASSOCIATED_WITH: Final = term("prov:wasAssociatedWith")
WAS_DERIVED_FROM: Final = term("prov:wasDerivedFrom")
WAS_GENERATED_BY: Final = term("prov:wasGeneratedBy")
CONTEXT: Final = term("nif:Context")
SPAN: Final = term("nif:RFC5147String")
REFERENCE_CONTEXT: Final = term("nif:referenceContext")
BEGIN_INDEX: Final = term("nif:beginIndex")
END_INDEX: Final = term("nif:endIndex")
ANCHOR_OF: Final = term("nif:anchorOf")
IS_STRING: Final = term("nif:isString")
SOURCE_SHAPE: Final = term("sh:sourceShape")
RESULT_MESSAGE: Final = term("sh:resultMessage")
RESULT_SEVERITY: Final = term("sh:resultSeverity")
VIOLATION: Final = term("sh:Violation")
WARNING: Final = term("sh:Warning")
INFO: Final = term("sh:Info")

# ---- qb, sdmx, dcat: datasets in
DATA_SET: Final = term("qb:DataSet")
OBSERVATION: Final = term("qb:Observation")
STRUCTURE: Final = term("qb:structure")
STRUCTURE_DEFINITION: Final = term("qb:DataStructureDefinition")
COMPONENT_SPECIFICATION: Final = term("qb:ComponentSpecification")
COMPONENT: Final = term("qb:component")
COMPONENT_REQUIRED: Final = term("qb:componentRequired")
COMPONENT_ORDER: Final = term("qb:order")
DIMENSION: Final = term("qb:dimension")
MEASURE: Final = term("qb:measure")
ATTRIBUTE: Final = term("qb:attribute")
MEASURE_TYPE: Final = term("qb:measureType")
IN_DATA_SET: Final = term("qb:dataSet")
DIMENSION_PROPERTY: Final = term("qb:DimensionProperty")
MEASURE_PROPERTY: Final = term("qb:MeasureProperty")
ATTRIBUTE_PROPERTY: Final = term("qb:AttributeProperty")
REF_AREA: Final = term("sdmx-dimension:refArea")
REF_PERIOD: Final = term("sdmx-dimension:refPeriod")
OBS_VALUE: Final = term("sdmx-measure:obsValue")
UNIT_MEASURE: Final = term("sdmx-attribute:unitMeasure")
UNIT_MULTIPLIER: Final = term("sdmx-attribute:unitMult")
DCAT_DATASET: Final = term("dcat:Dataset")
DCAT_DISTRIBUTION: Final = term("dcat:distribution")
DISTRIBUTION: Final = term("dcat:Distribution")
LICENSE: Final = term("dct:license")
RDF_PROPERTY: Final = term("rdf:Property")
RANGE: Final = term("rdfs:range")
SCHEMA_SHA256: Final = term("schema:sha256")

# ---- kg: classes
OFFICIAL: Final = term("kg:Official")
TENURE: Final = term("kg:Tenure")
MINISTRY: Final = term("kg:Ministry")
UNIT: Final = term("kg:Unit")
BODY: Final = term("kg:Body")
OUTLET: Final = term("kg:Outlet")
GOVERNMENT: Final = term("kg:Government")
NETWORK: Final = term("kg:Network")
NETWORK_MEMBERSHIP: Final = term("kg:NetworkMembership")
COUNTRY: Final = term("kg:Country")
PROVINCE: Final = term("kg:Province")
PREFECTURE: Final = term("kg:Prefecture")
CITY: Final = term("kg:City")
REGENCY: Final = term("kg:Regency")
DISTRICT: Final = term("kg:District")
VENUE: Final = term("kg:Venue")
PLACE: Final = term("kg:Place")
MEETING: Final = term("kg:Meeting")
MEETING_SERIES: Final = term("kg:MeetingSeries")
DELEGATION: Final = term("kg:Delegation")
FUNDING: Final = term("kg:Funding")
APPOINTMENT_EVENT: Final = term("kg:Appointment")
AGREEMENT: Final = term("kg:Agreement")
AWARD_THING: Final = term("kg:Award")
AWARD_GIVEN: Final = term("kg:AwardGiven")
NETWORK_ROLE: Final = term("kg:NetworkRole")
MEMBER_COUNT: Final = term("kg:MemberCount")
PROGRAMME: Final = term("kg:Programme")
CLAIM: Final = term("kg:Claim")
REFUSED_CLAIM: Final = term("kg:RefusedClaim")

# ---- kg: properties of facts
HAS_POST: Final = term("kg:post")
APPOINTMENT: Final = term("kg:appointment")
AS_OF: Final = term("kg:asOf")
ON_BEHALF_OF: Final = term("kg:onBehalfOf")
MEMBER_PLACE: Final = term("kg:memberPlace")
SINCE: Final = term("kg:since")
UNTIL: Final = term("kg:until")
APPOINTEE: Final = term("kg:appointee")
APPOINTED_TO: Final = term("kg:appointedTo")
APPOINTED_BY: Final = term("kg:appointedBy")
REPLACES: Final = term("kg:replaces")
PARTY: Final = term("kg:party")
RECIPIENT: Final = term("kg:recipient")
AWARD: Final = term("kg:award")
AWARDED_BY: Final = term("kg:awardedBy")
AWARD_YEAR: Final = term("kg:awardYear")
COUNT_OF: Final = term("kg:countOf")
MEMBERS: Final = term("kg:memberCount")
EDITION_NUMBER: Final = term("kg:editionNumber")
HEADED_BY: Final = term("kg:headedBy")
DELEGATED_TO: Final = term("kg:delegatedTo")
AMOUNT: Final = term("kg:amount")
FUNDING_KIND: Final = term("kg:fundingKind")
UNTIL_YEAR: Final = term("kg:untilYear")
SHA256: Final = term("kg:sha256")
KEMENDAGRI_CODE: Final = term("kg:kemendagriCode")
BPS_CODE: Final = term("kg:bpsCode")
ISO_CODE: Final = term("kg:isoCode")

# ---- kg: properties of claims and of the extraction
ABOUT: Final = term("kg:about")
RELATION: Final = term("kg:relation")
RULE: Final = term("kg:rule")
CONFIDENCE: Final = term("kg:confidence")
EVIDENCE: Final = term("kg:evidence")
SUBJECT_EVIDENCE: Final = term("kg:subjectEvidence")
TRIGGER_EVIDENCE: Final = term("kg:triggerEvidence")
OBJECT_EVIDENCE: Final = term("kg:objectEvidence")
STATEMENT: Final = term("kg:statement")
ACCEPTED_BY: Final = term("kg:acceptedBy")
ACCEPTED_ON: Final = term("kg:acceptedOn")
ACCEPTED_BECAUSE: Final = term("kg:acceptedBecause")
REFUSED_TRIPLES: Final = term("kg:refusedTriples")
LEADS: Final = term("kg:leads")
SAID: Final = term("kg:said")
MENTIONS_FUNDING: Final = term("kg:mentionsFunding")
VOICE: Final = term("kg:voice")
RULES_HASH: Final = term("kg:rulesHash")
REFERENCE_HASH: Final = term("kg:referenceHash")
CLAIMS_READ: Final = term("kg:claimsRead")
CLAIMS_ADMITTED: Final = term("kg:claimsAdmitted")
CLAIMS_QUARANTINED: Final = term("kg:claimsQuarantined")
CLAIMS_MERGED: Final = term("kg:claimsMerged")

# ---- kg: concept schemes; the concepts are kg: + the value of Status, Appointment, FundingKind or
# NetworkRole in kg.model
STATUSES: Final = term("kg:statuses")
APPOINTMENTS: Final = term("kg:appointments")
FUNDING_KINDS: Final = term("kg:fundingKinds")
NETWORK_ROLES: Final = term("kg:networkRoles")
THEMES: Final = term("kg:themes")
ROLES: Final = term("kg:roles")
