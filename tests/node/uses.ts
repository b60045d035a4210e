// Valid and invalid uses of the types. Compilation fails if a line below "@ts-expect-error" is not an error.
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

export function stated(rows: DatasetDocument["evidence"], program: Program): ReadonlyArray<Evidence> {
  return rows.filter((row) => row.subject === `programs/${program.id}` && row.basis !== "inferred");
}

// @ts-expect-error: a field is missing
export const missing: Partnership = { program: "revere-bhu", partner: "revere-police-department", role: "lead" };

// @ts-expect-error: no such role
export const wrongTerm: Partnership = { ...partnership, role: "leader" };

// @ts-expect-error: no such field
export const tooMany: Partnership = { ...partnership, since: 2020 };

// @ts-expect-error: an unknown value is null, not undefined
export const absent: Program["acronym"] = undefined;

export function misuse(program: Program): void {
  // @ts-expect-error: a record cannot be changed
  program.name = "another";
  // @ts-expect-error: its lists cannot be changed
  program.goals.push("another");
  // @ts-expect-error: the value may be null
  program.acronym.toLowerCase();
  // @ts-expect-error: there is no such status, so the comparison is never true
  if (program.status === "growing") return;
}
