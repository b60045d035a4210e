"""The JSON-LD export is a graph that conforms to schema.org's vocabulary and to our own SHACL shapes."""

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

pytest.importorskip("pyshacl")
pytest.importorskip("rdflib")

import pyshacl
from hypothesis import given, settings
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

import eaps_data as eaps
from eaps_data.export.metadata import record_urn, term_urn
from eaps_data.models import vocabulary
from eaps_data.models.records import RECORDS, DatasetDocument
from eaps_data.models.vocabulary import VOCABULARIES
from eaps_data.rules import claims
from support.strategies import documents

# rdflib's JSON-LD parser uses a class that rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

SHAPES = Path(__file__).with_name("jsonld_shapes.ttl")
SCHEMA = Namespace("https://schema.org/")
SHACL = Namespace("http://www.w3.org/ns/shacl#")
PROV = Namespace("http://www.w3.org/ns/prov#")
EAPS = Namespace("urn:eaps-data:word:")


def export(dataset: eaps.Dataset | None = None) -> Graph:
    with TemporaryDirectory() as folder:
        path = Path(folder, "eaps.jsonld")
        eaps.export.write("jsonld", path, dataset)
        return Graph().parse(path, format="json-ld")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return export()


@cache
def schema_org() -> Graph:
    """Return schema.org's vocabulary with its ranges as shapes, from the file that pySHACL ships."""
    text = files(pyshacl).joinpath("assets", "schema.ttl").read_text(encoding="utf-8")
    # The file uses schema.org's older address. Its Number is not an RDF type; numbers of JSON are doubles.
    return Graph().parse(data=text.replace("http://schema.org/", SCHEMA).replace("xsd:float", "xsd:double"))


@cache
def shapes() -> Graph:
    return Graph().parse(SHAPES)


def violations(graph: Graph, shapes: Graph) -> str:
    """Return pySHACL's report, or an empty string if the graph conforms."""
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes, ont_graph=shapes)
    return "" if conforms else str(report)


def domain_violations(graph: Graph) -> list[tuple[Node, Node]]:
    """Return the subjects and schema.org properties where no type of the subject has the property."""
    vocabulary = schema_org()
    domains = {
        (type_, path)
        for type_, shape in vocabulary.subject_objects(SHACL.property)
        for path in vocabulary.objects(shape, SHACL.path)
    }
    found: list[tuple[Node, Node]] = []
    for subject, property_ in graph.subject_predicates():
        if str(property_).startswith(str(SCHEMA)):
            types = graph.objects(subject, RDF.type)
            ancestors = {type_ for each in types for type_ in vocabulary.transitive_objects(each, RDFS.subClassOf)}
            if not any((type_, property_) in domains for type_ in ancestors):
                found.append((subject, property_))
    return found


def test_packaged_data_conforms_to_schema_org(graph: Graph) -> None:
    assert violations(graph, schema_org()) == ""
    assert domain_violations(graph) == []


def test_packaged_data_conforms_to_our_shapes(graph: Graph) -> None:
    assert violations(graph, shapes()) == ""


@settings(max_examples=settings().max_examples // 6)
@given(document=documents())
def test_any_dataset_conforms(document: DatasetDocument) -> None:
    graph = export(eaps.Dataset(document))
    assert violations(graph, shapes()) == ""
    assert domain_violations(graph) == []
    names = {str(name) for name in graph.objects(predicate=SCHEMA.name)}
    for table in (document.municipalities, document.programs, document.partners):
        assert {record.name for record in table} <= names
    assert Graph().parse(data=graph.serialize(format="nt"), format="nt").isomorphic(graph)


BHU = URIRef(record_urn(eaps.load(), "programs", "revere-bhu"))
REVERE = URIRef(record_urn(eaps.load(), "municipalities", "revere"))


def add(*triples: tuple[Node, Node, Node]) -> Callable[[Graph], None]:
    def change(graph: Graph) -> None:
        for triple in triples:
            graph.add(triple)

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda graph: graph.remove((BHU, EAPS.municipality, None)),
        lambda graph: graph.remove((None, PROV.wasDerivedFrom, None)),
        add((BHU, EAPS.status, Literal("established"))),
        add((BHU, EAPS.expands, REVERE)),
        lambda graph: graph.remove((BHU, EAPS.plural, None)),
        add((BHU, EAPS.partner, REVERE)),
        add((REVERE, SCHEMA.geo, Literal("42.4,-71.0"))),
    ],
)
def test_our_shapes_reject_invalid_graphs(change: Callable[[Graph], None]) -> None:
    graph = export()
    change(graph)
    assert violations(graph, shapes())


def test_schema_org_rejects_invalid_graphs() -> None:
    graph = export()
    add((BHU, SCHEMA.latitude, Literal(1.5)), (BHU, SCHEMA.location, BHU))(graph)
    assert domain_violations(graph) == [(BHU, SCHEMA.latitude)]
    assert "location" in violations(graph, schema_org())


def rows(graph: Graph, query: str) -> set[tuple[str, ...]]:
    prefixes = {"schema": SCHEMA, "eaps": EAPS, "prov": PROV}
    return {tuple(str(cell) for cell in row) for row in graph.query(query, initNs=prefixes) if isinstance(row, tuple)}


def test_a_query_finds_the_partners_of_a_citys_programs(graph: Graph) -> None:
    found = rows(
        graph,
        """
        SELECT ?name ?role WHERE {
            ?city a schema:City ; schema:name "Revere" .
            ?program schema:location ?city ; eaps:partner ?link .
            ?link schema:roleName ?role ; eaps:partner/schema:name ?name .
        }""",
    )
    expected = {
        (eaps.partners[each.partner].name, each.role.value) for each in eaps.partnerships.where(program="revere-bhu")
    }
    assert expected
    assert found == expected


def test_a_query_finds_the_quote_and_source_of_a_claim(graph: Graph) -> None:
    found = rows(
        graph,
        """
        SELECT ?item ?quote ?source WHERE {
            ?claim schema:about ?program ; eaps:field "staff_roles" ; eaps:item ?item ; eaps:quote ?quote ;
                prov:wasDerivedFrom/schema:url ?source .
            ?program schema:alternateName "BHU" .
        }""",
    )
    evidence = eaps.evidence.where(subject="programs/revere-bhu", field="staff_roles")
    assert evidence
    assert found == {(row.item, row.quote, eaps.sources[row.source].url) for row in evidence}


def test_a_query_finds_a_municipality_by_a_code_with_leading_zeros(graph: Graph) -> None:
    found = rows(
        graph,
        """
        SELECT ?name WHERE {
            ?city schema:name ?name ; schema:identifier [ schema:propertyID "ansi_code" ; schema:value "00619465" ] .
        }""",
    )
    assert found == {("Revere",)}


def test_municipalities_are_the_same_as_their_wikidata_items_and_geonames(graph: Graph) -> None:
    links: dict[str, set[str]] = {}
    for town in eaps.municipalities:
        subject = URIRef(record_urn(eaps.load(), "municipalities", town.id))
        links[town.id] = {str(link) for link in graph.objects(subject, SCHEMA.sameAs)}
    assert links["amherst"] == {"http://www.wikidata.org/entity/Q49164", "https://sws.geonames.org/4929022/"}
    assert links["revere"] == {"https://sws.geonames.org/4832294/"}
    for town in eaps.municipalities:
        codes = (town.identifiers.wikidata_id, town.identifiers.geonames_id)
        assert len(links[town.id]) == len([code for code in codes if code])


def test_the_graph_has_all_records_and_terms_and_no_others(graph: Graph) -> None:
    for table, model in RECORDS.items():
        subjects = set(graph.subjects(RDF.type, EAPS[model.__name__]))
        assert len(subjects) == len(getattr(eaps, table)), table
    terms = {str(term) for term in graph.subjects(RDF.type, SCHEMA.DefinedTerm)}
    assert terms == {term_urn(term) for vocabulary in VOCABULARIES for term in vocabulary}


def test_the_graph_has_all_items_and_claims_of_programs(graph: Graph) -> None:
    for program in eaps.programs:
        subject = URIRef(record_urn(eaps.load(), "programs", program.id))
        for field in (
            "goals",
            "activities",
            "approaches",
            "services",
            "staff_roles",
            "populations",
            "needs",
            "frameworks",
        ):
            assert len(list(graph.objects(subject, EAPS[field]))) == len(getattr(program, field))
        assert len(list(graph.subjects(SCHEMA.about, subject))) >= len(set(claims.claims(program)))


def test_fields_that_refer_to_records_are_links(graph: Graph) -> None:
    whole, part = (URIRef(record_urn(eaps.load(), "programs", id_)) for id_ in ("northampton-dcc", "northampton-ccrt"))
    assert list(graph.objects(part, EAPS.part_of)) == [whole]
    assert list(graph.objects(BHU, EAPS.municipality)) == [REVERE]
    for program in eaps.programs:
        subject = URIRef(record_urn(eaps.load(), "programs", program.id))
        expanded = {URIRef(record_urn(eaps.load(), "programs", id_)) for id_ in program.expands}
        assert set(graph.objects(subject, EAPS.expands)) == expanded


def test_terms_have_their_synonyms_and_broader_terms(graph: Graph) -> None:
    terms = [term for each in VOCABULARIES for term in each]
    for term in terms:
        subject = URIRef(term_urn(term))
        assert {str(name) for name in graph.objects(subject, SCHEMA.alternateName)} == set(term.synonyms)
        assert [*graph.objects(subject, EAPS.broader)] == ([URIRef(term_urn(term.broader))] if term.broader else [])
    assert any(term.synonyms for term in terms)
    assert any(term.broader for term in terms)


def test_each_program_has_one_schema_org_type(graph: Graph) -> None:
    for program in eaps.programs:
        subject = URIRef(record_urn(eaps.load(), "programs", program.id))
        types = {
            str(type_).rpartition("/")[2]
            for type_ in graph.objects(subject, RDF.type)
            if str(type_).startswith(str(SCHEMA))
        }
        assert len(types) == 1
        if program.kind is vocabulary.ProgramKind.RECOMMENDATIONS:
            assert types == {"CreativeWork"}
        if program.kind is None:
            assert types == {"Thing"}


def test_invalid_characters_of_an_address_are_escaped() -> None:
    document = json.loads(eaps.load().to_json())
    document["sources"][0]["url"] = "https://example.org/a<b>?c={d}|%20#e"
    graph = export(eaps.Dataset.from_json(json.dumps(document)))
    assert URIRef("https://example.org/a%3Cb%3E?c=%7Bd%7D%7C%20#e") in set(graph.objects(predicate=SCHEMA.url))


def test_the_context_needs_no_network(tmp_path: Path) -> None:
    path = tmp_path / "eaps.jsonld"
    eaps.export.write("jsonld", path)
    context = json.loads(path.read_text(encoding="utf-8"))["@context"]
    assert isinstance(context, dict)
    assert not any("@import" in str(definition) for definition in context.values())
