"""The export to JSON-LD is a graph whose words stand where schema.org, and our own shapes, say that they may."""

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
from eaps_data.export.urns import record_urn, term_urn, vocabularies
from eaps_data.models import vocabulary
from eaps_data.models.records import RECORDS, DatasetDocument
from eaps_data.rules import claims
from support.strategies import documents

# rdflib's own reader of JSON-LD uses what rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

SHAPES = Path(__file__).with_name("jsonld_shapes.ttl")
SCHEMA = Namespace("https://schema.org/")
SHACL = Namespace("http://www.w3.org/ns/shacl#")
PROV = Namespace("http://www.w3.org/ns/prov#")
EAPS = Namespace("urn:eaps-data:word:")


def exported(dataset: eaps.Dataset | None = None) -> Graph:
    with TemporaryDirectory() as folder:
        path = Path(folder, "eaps.jsonld")
        eaps.export.write("jsonld", path, dataset)
        return Graph().parse(path, format="json-ld")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return exported()


@cache
def schema_org() -> Graph:
    """The vocabulary of schema.org, with its ranges as shapes, as pySHACL carries it."""
    text = files(pyshacl).joinpath("assets", "schema.ttl").read_text(encoding="utf-8")
    # It has the older of schema.org's two addresses. Its Number is no type of RDF, and JSON's numbers are doubles.
    return Graph().parse(data=text.replace("http://schema.org/", SCHEMA).replace("xsd:float", "xsd:double"))


@cache
def shapes() -> Graph:
    return Graph().parse(SHAPES)


def violations(graph: Graph, by: Graph) -> str:
    """What pySHACL complains of; nothing where the graph conforms."""
    conforms, _, text = pyshacl.validate(graph, shacl_graph=by, ont_graph=by)
    return "" if conforms else str(text)


def out_of_place(graph: Graph) -> list[tuple[Node, Node]]:
    """The properties of schema.org that stand at a thing to none of whose types they belong."""
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
            general = {above for type_ in types for above in vocabulary.transitive_objects(type_, RDFS.subClassOf)}
            if not any((type_, property_) in domains for type_ in general):
                found.append((subject, property_))
    return found


def test_ranges_and_domains_are_schema_orgs(graph: Graph) -> None:
    assert violations(graph, schema_org()) == ""
    assert out_of_place(graph) == []


def test_the_graph_has_the_shapes_that_it_promises(graph: Graph) -> None:
    assert violations(graph, shapes()) == ""


@settings(max_examples=5)
@given(document=documents())
def test_any_dataset_makes_such_a_graph(document: DatasetDocument) -> None:
    graph = exported(eaps.Dataset(document))
    assert violations(graph, shapes()) == ""
    assert out_of_place(graph) == []
    names = {str(name) for name in graph.objects(predicate=SCHEMA.name)}
    for table in (document.municipalities, document.programs, document.partners):
        assert {record.name for record in table} <= names
    assert Graph().parse(data=graph.serialize(format="nt"), format="nt").isomorphic(graph)


BHU = URIRef(record_urn(eaps.load(), "programs", "revere-bhu"))
REVERE = URIRef(record_urn(eaps.load(), "municipalities", "revere"))


def added(*triples: tuple[Node, Node, Node]) -> Callable[[Graph], None]:
    def change(graph: Graph) -> None:
        for triple in triples:
            graph.add(triple)

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda graph: graph.remove((BHU, EAPS.municipality, None)),
        lambda graph: graph.remove((None, PROV.wasDerivedFrom, None)),
        added((BHU, EAPS.status, Literal("established"))),
        added((BHU, EAPS.partner, REVERE)),
        added((REVERE, SCHEMA.geo, Literal("42.4,-71.0"))),
    ],
)
def test_the_shapes_find_what_is_wrong(change: Callable[[Graph], None]) -> None:
    graph = exported()
    change(graph)
    assert violations(graph, shapes())


def test_the_vocabulary_finds_what_is_wrong() -> None:
    graph = exported()
    added((BHU, SCHEMA.latitude, Literal(1.5)), (BHU, SCHEMA.location, BHU))(graph)
    assert out_of_place(graph) == [(BHU, SCHEMA.latitude)]
    assert "location" in violations(graph, schema_org())


def rows(graph: Graph, query: str) -> set[tuple[str, ...]]:
    known = {"schema": SCHEMA, "eaps": EAPS, "prov": PROV}
    return {tuple(str(cell) for cell in row) for row in graph.query(query, initNs=known) if isinstance(row, tuple)}


def test_the_programs_of_a_city_and_their_partners_are_found_by_a_query(graph: Graph) -> None:
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
    assert found == expected
    assert len(found) == 4


def test_what_a_claim_rests_on_is_found_by_a_query(graph: Graph) -> None:
    found = rows(
        graph,
        """
        SELECT ?item ?quote ?source WHERE {
            ?claim schema:about ?program ; eaps:field "staff_roles" ; eaps:item ?item ; eaps:quote ?quote ;
                prov:wasDerivedFrom/schema:url ?source .
            ?program schema:alternateName "BHU" .
        }""",
    )
    page = eaps.sources["funded-municipalities"].url
    assert found == {
        ("behavioral-health-specialist", "behavioral health specialists", page),
        ("case-worker", "case workers", page),
    }


def test_a_municipality_is_found_by_its_geoid_with_its_zeros(graph: Graph) -> None:
    found = rows(
        graph,
        """
        SELECT ?name WHERE {
            ?city schema:name ?name ; schema:identifier [ schema:propertyID "ansi_code" ; schema:value "00619465" ] .
        }""",
    )
    assert found == {("Revere",)}


def test_nothing_is_missing_and_nothing_is_added(graph: Graph) -> None:
    for table, kind in RECORDS.items():
        subjects = set(graph.subjects(RDF.type, EAPS[kind.__name__]))
        assert len(subjects) == len(getattr(eaps, table)), table
    terms = {str(term) for term in graph.subjects(RDF.type, SCHEMA.DefinedTerm)}
    assert terms == {term_urn(term) for kind in vocabularies() for term in kind}


def test_every_claim_of_a_record_is_in_the_graph_in_some_words(graph: Graph) -> None:
    """As many statements about a program's lists as it has items."""
    for program in eaps.programs:
        subject = URIRef(record_urn(eaps.load(), "programs", program.id))
        for field in ("goals", "approaches", "services", "staff_roles", "populations", "needs", "frameworks"):
            assert len(list(graph.objects(subject, EAPS[field]))) == len(getattr(program, field))
        assert len(list(graph.subjects(SCHEMA.about, subject))) >= len(set(claims.claims(program)))


def test_each_kind_of_program_has_a_type_of_its_own(graph: Graph) -> None:
    for program in eaps.programs:
        subject = URIRef(record_urn(eaps.load(), "programs", program.id))
        kinds = {
            str(type_).rpartition("/")[2]
            for type_ in graph.objects(subject, RDF.type)
            if str(type_).startswith(str(SCHEMA))
        }
        assert len(kinds) == 1
        if program.kind is vocabulary.ProgramKind.RECOMMENDATIONS:
            assert kinds == {"CreativeWork"}
        if program.kind is None:
            assert kinds == {"Thing"}


def test_an_address_with_odd_characters_is_escaped() -> None:
    document = json.loads(eaps.load().to_json())
    document["sources"][0]["url"] = "https://example.org/a<b>?c={d}|%20#e"
    graph = exported(eaps.Dataset.from_json(json.dumps(document)))
    assert URIRef("https://example.org/a%3Cb%3E?c=%7Bd%7D%7C%20#e") in set(graph.objects(predicate=SCHEMA.url))


def test_reading_it_needs_no_network() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "eaps.jsonld")
        eaps.export.write("jsonld", path)
        context = json.loads(path.read_text(encoding="utf-8"))["@context"]
    assert isinstance(context, dict)
    assert not any("@import" in str(definition) for definition in context.values())
