"""The JSON report of a validation: the format that programs may rely on."""

from typing import Annotated, Literal

from pydantic import Field

from eaps_data.models.fields import Id, Model, Text, WholeNumber

# The largest integer that every JSON parser represents exactly (RFC 8259, section 6).
_MOST = 2**53 - 1

Count = Annotated[int, WholeNumber(0, _MOST)]
Position = Annotated[int, WholeNumber(1, _MOST)]


class ReportedProblem(Model, frozen=True):
    """One problem. What does not apply, or is not known, is null."""

    rule: Id = Field(description="The name of the rule that is broken.", examples=["dangling-reference"])
    message: str = Field(description="What is wrong and, if known, how to fix it.")
    severity: Literal["error", "warning"] = Field(
        description="`warning` is what is allowed, but looks like a mistake; only an `error` makes data invalid."
    )
    record: str | None = Field(
        description="Table and id of the record, or the table alone if the record has no id.",
        examples=["programs/revere-bhu"],
    )
    field: str | None = Field(description="The record's field.")
    pointer: str = Field(description="The place in the document, as a JSON Pointer (RFC 6901).")
    file: str | None = Field(description="The file, as it was given or found; `-` is standard input.")
    line: Position | None = Field(description="The line in the file, from 1.")
    column: Position | None = Field(description="The column in the line, from 1, in Unicode code points.")


class ReportSummary(Model, frozen=True):
    """What was checked, and how many problems there are."""

    files: Count = Field(description="How many files were checked, without those that could not be read.")
    records: Count = Field(description="How many records were checked.")
    errors: Count = Field(description="How many errors there are, without the files that could not be read.")
    warnings: Count = Field(description="How many warnings there are.")
    unreadable: Count = Field(description="How many files could not be read; each has a problem `unreadable`.")
    omitted: Count = Field(description="How many of the errors and warnings are not listed.")
    datasets: Count = Field(description="How many datasets were checked, with the references between their records.")
    tables: tuple[Id, ...] = Field(
        description="The tables of the other records, whose references were not checked.", examples=[["programs"]]
    )


class Report(Model, frozen=True):
    """All that a validation found."""

    schema_id: Literal["urn:eaps-data:schema:report:2.0.0"] = Field(
        alias="$schema", description="The schema that the report follows."
    )
    version: Text = Field(description="The version of eaps-data that made the report.", examples=["0.1.0"])
    problems: tuple[ReportedProblem, ...] = Field(description="The problems, in the order in which they were found.")
    summary: ReportSummary = Field(description="What was checked, and how many problems there are.")
