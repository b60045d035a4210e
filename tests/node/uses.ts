// What the types let a user do, and what they refuse: the compiler fails where a line that is expected to be an error is
// none.
import type { Approach, DatasetDocument, Evidence, Partnership, Program } from "./eaps-data.js";

const partnership: Partnership = {
  program: "revere-bhu",
  partner: "revere-police-department",
  role: "lead",
  example: false,
};
export const copied: Partnership = { ...partnership, role: "partner" };

export function approaches(data: DatasetDocument): ReadonlyArray<Approach> {
  return data.programs.flatMap((program) => program.approaches);
}

export function said(rows: DatasetDocument["evidence"], program: Program): ReadonlyArray<Evidence> {
  return rows.filter((row) => row.subject === `programs/${program.id}` && row.basis !== "inferred");
}

// @ts-expect-error: a field is missing
export const missing: Partnership = { program: "revere-bhu", partner: "revere-police-department", role: "lead" };

// @ts-expect-error: no such role
export const wrongTerm: Partnership = { ...partnership, role: "leader" };

// @ts-expect-error: no such field
export const tooMany: Partnership = { ...partnership, since: 2020 };

// @ts-expect-error: not undefined, but null, is what the source does not say
export const absent: Program["acronym"] = undefined;

export function misuse(program: Program): void {
  // @ts-expect-error: a record cannot be changed
  program.name = "another";
  // @ts-expect-error: nor can its lists
  program.goals.push("another");
  // @ts-expect-error: what may be null is no text before one has looked
  program.acronym.toLowerCase();
  // @ts-expect-error: no status has this name, so the comparison is never true
  if (program.status === "growing") return;
}
