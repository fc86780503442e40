"""What a page is, for machines: schema.org JSON-LD, from the publication and nothing else."""

from typing import Any

from django.utils import timezone

from articles.content.records import by_key
from articles.models.board import BoardMember
from articles.models.publication import Publication
from articles.reading.links import absolute, article_link
from articles.states import Level

_AUDIENCES = {Level.CLINICAL: ("Clinician", "Medical researcher"), Level.PLAIN: ("Patient", "Caregiver")}


def medical_web_page(publication: Publication, slug: str, level: str) -> dict[str, Any]:
    """A schema.org MedicalWebPage of the live publication at one reading level. No query."""
    url = article_link(slug, level)
    page: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "@id": url,
        "url": url,
        "name": publication.question,
        "headline": publication.question,
        "description": publication.summary,
        "inLanguage": "en",
        "version": publication.number,
        "dateModified": publication.published_at.isoformat(),
        "lastReviewed": timezone.localdate(publication.reviewed_at).isoformat(),
        "reviewedBy": [_approver(approver) for approver in publication.approvers],
        "author": [{"@type": "Person", "name": name} for name in publication.authors],
        "audience": [
            {"@type": "MedicalAudience", "audienceType": audience} for audience in _AUDIENCES[Level(level)]
        ],
        "publisher": publisher(),
        "publishingPrinciples": absolute("policy"),
        "isPartOf": {"@type": "WebSite", "name": "NetReview", "url": absolute("home")},
        "isAccessibleForFree": True,
    }
    if publication.topic_name:
        page["about"] = {"@type": "MedicalEntity", "name": publication.topic_name}
    rendering = publication.rendering(level) or {"references": []}
    records = by_key(publication.references)
    if cited := [each for each in rendering["references"] if each["key"] in records]:
        page["citation"] = [_work(records[each["key"]], each["links"]) for each in cited]
    return page


def profile_page(member: BoardMember) -> dict[str, Any]:
    """A schema.org ProfilePage of a member of the board."""
    url = absolute("member", member.slug)
    person = _person(member.name, member.credentials, member.affiliation, member.specialty_list, url)
    person["memberOf"] = {"@type": "Organization", "name": "Medical Advisory Board of NetReview"}
    return {"@context": "https://schema.org", "@type": "ProfilePage", "url": url, "mainEntity": person}


def publisher() -> dict[str, Any]:
    return {"@type": "Organization", "name": "NetReview", "url": absolute("home")}


def _approver(approver: dict[str, Any]) -> dict[str, Any]:
    return _person(
        approver["name"],
        approver.get("credentials", ""),
        approver.get("affiliation", ""),
        approver.get("specialties") or [],
        absolute("member", approver["slug"]) if approver.get("slug") else "",
    )


def _person(
    name: str, credentials: str, affiliation: str, specialties: list[str], url: str
) -> dict[str, Any]:
    person: dict[str, Any] = {"@type": "Person", "name": name}
    if url:
        person |= {"@id": url, "url": url}
    if credentials:
        person["honorificSuffix"] = credentials
        person["hasCredential"] = [
            {"@type": "EducationalOccupationalCredential", "name": each.strip()}
            for each in credentials.split(",")
        ]
    if affiliation:
        person["affiliation"] = {"@type": "Organization", "name": affiliation}
    if specialties:
        person["knowsAbout"] = specialties
    return person


def _work(record: dict[str, Any], links: list[list[str]]) -> dict[str, Any]:
    """A reference as a work that can be found: its title, its year, and where it is."""
    work: dict[str, Any] = {
        "@type": "ScholarlyArticle" if record.get("type") == "article-journal" else "CreativeWork",
        "name": record.get("title", ""),
    }
    parts = (record.get("issued") or {}).get("date-parts") or [[]]
    if parts[0]:
        work["datePublished"] = "-".join(f"{int(part):02}" for part in parts[0])
    if links:
        work["url"] = links[0][1]
        work["sameAs"] = [address for _, address in links]
    return work
