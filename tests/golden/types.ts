// What eaps-data writes, by the schema urn:eaps-data:schema:dataset:1.0.0.

/** A postal address. */
export interface Address {
  /** House number and street. */
  readonly street: string;
  /** City or town. */
  readonly city: string;
  /** Postal code of the state. */
  readonly state: string;
  /** ZIP code, with leading zeros. */
  readonly postal_code: string;
}

/**
 * How the program goes about public safety.
 *
 * - `alternative-investment`: Makes alternative investments, which the page does not specify.
 * - `co-response`: Police and another service answer a call together.
 * - `collaboration`: Several organizations or departments work together.
 * - `community-engagement`: Brings the community's voice into the work.
 * - `community-responders`: Sends responders whom the page calls community responders.
 * - `deflection`: Leads people to services instead of into the criminal legal system.
 * - `diversion`: Leads people away from the criminal legal system.
 * - `embedded-staff`: Health or recovery staff work alongside police officers or within a police department.
 * - `evaluation`: Studies what the work achieves.
 * - `interdisciplinary-response`: Several professions respond together.
 * - `non-police-response`: Responds without police.
 * - `prevention`: Acts before a harm or a need arises.
 * - `public-health-led`: Public health leads the work.
 * - `public-safety-reform`: Changes how public safety is provided.
 * - `systems-integration`: Joins the public safety systems with other ways to respond.
 * - `third-tier-response`: Adds a third tier of response for emergency and other needs.
 * - `use-of-force-reform`: Changes the rules or practice on using force.
 */
export type Approach =
  | "alternative-investment"
  | "co-response"
  | "collaboration"
  | "community-engagement"
  | "community-responders"
  | "deflection"
  | "diversion"
  | "embedded-staff"
  | "evaluation"
  | "interdisciplinary-response"
  | "non-police-response"
  | "prevention"
  | "public-health-led"
  | "public-safety-reform"
  | "systems-integration"
  | "third-tier-response"
  | "use-of-force-reform";

/**
 * How the phrase carries the claim.
 *
 * - `stated`: The source says it.
 * - `named`: Only a name says it: a program called "Co-Response" is read as co-response.
 * - `inferred`: A careful reader concludes it; the note says why.
 */
export type Basis =
  | "stated"
  | "named"
  | "inferred";

/** How to reach the grant program. */
export interface Contact {
  /** Telephone number, as the page writes it. */
  readonly phone: string | null;
  /** Fax number, as the page writes it. */
  readonly fax: string | null;
  /** Postal address. */
  readonly address: Address | null;
}

/** One claim of one record, and the phrase that supports it. */
export interface Evidence {
  /** The record: its table and id. */
  readonly subject: string;
  /** The record's field that makes the claim. */
  readonly field: string;
  /** Which item of a list, or which part of a field that has parts; else null. */
  readonly item: string | null;
  /** The phrase, exactly as in the source with white space folded; 12 words at most. */
  readonly quote: string;
  /** Id of the source. */
  readonly source: string;
  /** The heading of the source's section. */
  readonly section: string | null;
  /** Which paragraph of the section; 0 is the heading itself. */
  readonly paragraph: number | null;
  /** Which sentence of the paragraph. */
  readonly sentence: number | null;
  readonly basis: Basis;
  /** Why, where the claim is inferred. */
  readonly note: string | null;
}

/**
 * Which values, practices or models the page says guide the program.
 *
 * - `accountability`: Answering for what is done.
 * - `anti-racism`: Acting against racism.
 * - `equity`: Fair access and outcomes for everyone.
 * - `fairness`: Treating people fairly.
 * - `harm-reduction`: Practices that lessen harm.
 * - `justice`: Treating people justly.
 * - `lived-experience`: Valuing or being informed by people who have lived through the matter.
 * - `peer-support`: The philosophy that peers support one another.
 * - `racial-and-ethnic-equity`: Equity across racial and ethnic groups.
 * - `sequential-intercept-mapping-model`: The model that the page abbreviates SIM.
 * - `social-justice`: Justice in how a society treats its members.
 * - `transparency`: Letting others see what is done.
 * - `trauma-informed-care`: Care that reckons with the trauma a person may have lived through.
 */
export type Framework =
  | "accountability"
  | "anti-racism"
  | "equity"
  | "fairness"
  | "harm-reduction"
  | "justice"
  | "lived-experience"
  | "peer-support"
  | "racial-and-ethnic-equity"
  | "sequential-intercept-mapping-model"
  | "social-justice"
  | "transparency"
  | "trauma-informed-care";

/**
 * The form of government by which MassGIS classes the municipality.
 *
 * - `city`: A city (MassGIS type C).
 * - `town-with-city-form`: A town with a city form of government (MassGIS type TC).
 */
export type GovernmentForm =
  | "city"
  | "town-with-city-form";

/** The program that funds the municipalities. */
export interface GrantProgram {
  /** Permanent id, never reused. */
  readonly id: string;
  /** The name as the page writes it. */
  readonly name: string;
  /** The acronym. */
  readonly acronym: string | null;
  /** The body that it is within. */
  readonly division: string | null;
  /** What it is meant to achieve, in our own words. */
  readonly goal: string | null;
  /** How it goes about it, in our own words. */
  readonly means: ReadonlyArray<string>;
  /** The page's contact block. */
  readonly contact: Contact;
  /** Id of the source that describes it. */
  readonly source: string;
}

/** The codes of a municipality elsewhere. Codes are text: their zeros matter. */
export interface Identifiers {
  /** Census GEOID of the county subdivision: state, county, subdivision. */
  readonly county_subdivision_geoid: string | null;
  /** Census GEOID of the place: state, place. */
  readonly place_geoid: string | null;
  /** Census GEOID of the county: state, county. */
  readonly county_geoid: string | null;
  /** ANSI code of the county subdivision (its GNIS feature id), with leading zeros. */
  readonly ansi_code: string | null;
  /** Town id of MassGIS, without leading zeros. */
  readonly massgis_town_id: string | null;
  /** Open Civic Data division id. */
  readonly ocd_id: string | null;
  /** Other Open Civic Data ids of the same division. */
  readonly ocd_aliases: ReadonlyArray<string>;
  /** GeoNames id. */
  readonly geonames_id: string | null;
  /** Wikidata item. */
  readonly wikidata_id: string | null;
}

/** A point on the earth, in decimal degrees (NAD83, compatible with WGS84). */
export interface Location {
  /** Degrees north. */
  readonly latitude: number;
  /** Degrees east. */
  readonly longitude: number;
}

/** A funded town or city, in the page's order. */
export interface Municipality {
  /** Permanent id, never reused. */
  readonly id: string;
  /** The name alone. */
  readonly name: string;
  /** The name as the page styles it. */
  readonly styled_name: string;
  /** How the page styles the municipality; its legal form may differ. */
  readonly style: MunicipalityStyle;
  /** The county as geography, not as a government. */
  readonly county: string | null;
  /** Postal code of the state. */
  readonly state: string | null;
  /** The municipality's place in the page's order. */
  readonly position: number;
  /** The municipality's codes elsewhere. */
  readonly identifiers: Identifiers;
  /** The name by which the Census lists it. */
  readonly census_name: string | null;
  /** The form of government by which MassGIS classes it. */
  readonly government_form: GovernmentForm | null;
  /** The Census internal point: inside the boundary, not a town hall. */
  readonly location: Location | null;
  /** What the page says of it, in our own words. */
  readonly summary: string | null;
}

/**
 * How the page styles the municipality, which may differ from its legal form.
 *
 * - `town`: The page writes "Town of …".
 * - `city`: The page writes "City of …".
 */
export type MunicipalityStyle =
  | "town"
  | "city";

/**
 * Which condition or situation the program answers.
 *
 * - `basic-needs`: Basic needs of daily life that are not met.
 * - `behavioral-health`: Needs of behavioral health, in the page's words.
 * - `conflict`: Conflicts to be navigated.
 * - `emotional-distress`: Emotional distress.
 * - `homelessness`: Being without a home.
 * - `mental-health`: Needs, challenges or illnesses of mental health.
 * - `nonviolent-situations`: Situations without violence or serious crime.
 * - `opioid-epidemic`: The harm done by opioids across a community.
 * - `public-health`: Needs of public health that the page does not specify.
 * - `racial-inequity`: Inequity between racial groups.
 * - `social-inequity`: Inequity between groups of a society.
 * - `substance-use`: Substance use, and the disorders that come of it.
 * - `unexpected-crisis`: A crisis that the page does not specify.
 */
export type Need =
  | "basic-needs"
  | "behavioral-health"
  | "conflict"
  | "emotional-distress"
  | "homelessness"
  | "mental-health"
  | "nonviolent-situations"
  | "opioid-epidemic"
  | "public-health"
  | "racial-inequity"
  | "social-inequity"
  | "substance-use"
  | "unexpected-crisis";

/** An organization that the page names. */
export interface Partner {
  /** Permanent id, never reused. */
  readonly id: string;
  /** The name as the page writes it; where its evidence is inferred, a note says what we added. */
  readonly name: string;
  /** The page's acronym. */
  readonly acronym: string | null;
  /** Other names that the page uses. */
  readonly aliases: ReadonlyArray<string>;
  /** What sort of organization it is. */
  readonly kind: PartnerKind | null;
  /** Id of the municipality that it belongs to, where the page says so. */
  readonly municipality: string | null;
  /** Id of the partner that this one is a part of. */
  readonly part_of: string | null;
}

/**
 * What sort of organization a partner is.
 *
 * - `city-government`: A city, acting as a whole.
 * - `commission`: A body that the page calls a commission.
 * - `emergency-medical-services`: A service that answers medical emergencies.
 * - `health-department`: The health department of a municipality.
 * - `office`: An office within a municipality's government.
 * - `police-department`: The police department of a municipality.
 * - `social-service-provider`: An organization that provides social services in its area.
 * - `state-agency`: A department of the state's government.
 */
export type PartnerKind =
  | "city-government"
  | "commission"
  | "emergency-medical-services"
  | "health-department"
  | "office"
  | "police-department"
  | "social-service-provider"
  | "state-agency";

/** What one partner is to one program. */
export interface Partnership {
  /** Id of the program. */
  readonly program: string;
  /** Id of the partner. */
  readonly partner: string;
  /** What the partner is to the program. */
  readonly role: Role;
  /** True where the page names the partner only as an example, as by `such as`. */
  readonly example: boolean;
}

/**
 * Whom the program serves.
 *
 * - `all-people`: Everyone, without exception.
 * - `community-members`: The members of the municipality's community.
 * - `people-at-risk-of-harm`: Residents who may harm themselves or others because a need is unmet.
 * - `people-in-frequent-contact`: People whom police, fire or emergency medical services are often called to.
 * - `people-with-mental-health-challenges`: People with a mental illness or another challenge to their mental health.
 * - `people-with-substance-use-challenges`: People with a substance use disorder or challenges from one.
 * - `residents`: The municipality's residents.
 * - `vulnerable-community-members`: The most vulnerable members of the community.
 * - `wider-community`: The community at large.
 * - `youth`: Young people.
 */
export type Population =
  | "all-people"
  | "community-members"
  | "people-at-risk-of-harm"
  | "people-in-frequent-contact"
  | "people-with-mental-health-challenges"
  | "people-with-substance-use-challenges"
  | "residents"
  | "vulnerable-community-members"
  | "wider-community"
  | "youth";

/** A team, division, unit, initiative, program or set of recommendations in one municipality. */
export interface Program {
  /** Permanent id, never reused. */
  readonly id: string;
  /** The name as the page writes it; ours where `named_by_source` is false. */
  readonly name: string;
  /** False where the page gives no name, so that `name` is ours. */
  readonly named_by_source: boolean;
  /** The page's acronym. */
  readonly acronym: string | null;
  /** Other names that the page uses. */
  readonly aliases: ReadonlyArray<string>;
  /** Id of the municipality. */
  readonly municipality: string;
  /** What the page calls it. */
  readonly kind: ProgramKind | null;
  /** Id of the program that this one is a part of. */
  readonly part_of: string | null;
  /** How it stands towards Equitable Approaches to Public Safety. */
  readonly status: ProgramStatus | null;
  /** The calendar year in which it began. */
  readonly started_year: number | null;
  /** What it is, in our own words. */
  readonly summary: string | null;
  /** What it is meant to achieve, in our own words. */
  readonly goals: ReadonlyArray<string>;
  /** How it goes about public safety. */
  readonly approaches: ReadonlyArray<Approach>;
  /** What it provides. */
  readonly services: ReadonlyArray<Service>;
  /** Who works in it. */
  readonly staff_roles: ReadonlyArray<StaffRole>;
  /** Whom it serves. */
  readonly populations: ReadonlyArray<Population>;
  /** Which conditions and situations it answers. */
  readonly needs: ReadonlyArray<Need>;
  /** Which values, practices or models guide it. */
  readonly frameworks: ReadonlyArray<Framework>;
  /** The lists that the page says are only a part. `partners` are the program's partnerships; `programs` are the programs that its work takes in. */
  readonly open_ended: ReadonlyArray<"aliases" | "approaches" | "frameworks" | "goals" | "needs" | "partners" | "populations" | "programs" | "services" | "staff_roles">;
}

/**
 * What sort of body or undertaking the page calls the program.
 *
 * - `team`: A group of people who respond or serve together.
 * - `division`: A standing part of a municipality's government.
 * - `unit`: A part of a department.
 * - `initiative`: An undertaking that the page calls an initiative.
 * - `program`: An undertaking that the page calls a program, or programs.
 * - `project`: An undertaking that the page calls a project, and gives no name.
 * - `recommendations`: A set of recommendations that the page counts among a city's programs.
 */
export type ProgramKind =
  | "team"
  | "division"
  | "unit"
  | "initiative"
  | "program"
  | "project"
  | "recommendations";

/**
 * How the program stands towards Equitable Approaches to Public Safety.
 *
 * - `existing`: At work as the page was written; the page says nothing of its being set up or changed.
 * - `expanding`: At work already, and being expanded.
 * - `expanded`: At work already, and expanded through the grant program.
 * - `in-development`: Being developed as the page was written.
 * - `established`: Set up, and in place.
 * - `planned`: To be developed later.
 */
export type ProgramStatus =
  | "existing"
  | "expanding"
  | "expanded"
  | "in-development"
  | "established"
  | "planned";

/** An id that was renamed. Lookups by the old one find the new one, and warn. */
export interface Redirect {
  /** The id that lives no more, with its table. */
  readonly old: string;
  /** The id by which the record lives now, with the same table. */
  readonly new: string;
  /** The first version of the data that has the new id. */
  readonly since: string;
}

/** Which edition of the data this is. */
export interface Release {
  /** Semantic version of the data, apart from the code's and the schema's. */
  readonly data_version: string;
  /** The day on which the sources' copies were read. */
  readonly as_of: string;
}

/**
 * What a partner is to a program, in the page's own terms.
 *
 * - `lead`: The one that acts: the page makes it the subject of the work.
 * - `creator`: The one that created or established the program, or issued it.
 * - `developer`: One that is developing the program, or will.
 * - `partner`: The page says "in partnership with".
 * - `collaborator`: The program's staff work with it.
 */
export type Role =
  | "lead"
  | "creator"
  | "developer"
  | "partner"
  | "collaborator";

/**
 * What the program provides.
 *
 * - `care-coordination`: Brings a person's different providers together.
 * - `case-documentation`: Records cases so that needs can be tracked.
 * - `community-safety`: Services that keep a community safe.
 * - `community-support`: Support in the community.
 * - `comprehensive-services`: A full range of services and resources, which the page does not list.
 * - `emergency-response`: Response to emergency needs.
 * - `follow-up`: Contact with a person after the first response.
 * - `health-education`: Teaching about health.
 * - `individual-support`: Support to a person with a health condition.
 * - `mental-health-services`: Services of mental health clinicians.
 * - `non-emergency-response`: Response to needs that are no emergency.
 * - `peer-recovery`: Help with recovery from people who have lived it.
 * - `peer-support`: Support between peers.
 * - `preventative-services`: Services meant to make the involvement of public safety unnecessary.
 * - `public-education`: Teaching that is open to the public.
 * - `resource-coordination`: Finding and arranging the resources that a person needs.
 */
export type Service =
  | "care-coordination"
  | "case-documentation"
  | "community-safety"
  | "community-support"
  | "comprehensive-services"
  | "emergency-response"
  | "follow-up"
  | "health-education"
  | "individual-support"
  | "mental-health-services"
  | "non-emergency-response"
  | "peer-recovery"
  | "peer-support"
  | "preventative-services"
  | "public-education"
  | "resource-coordination";

/** A document that facts come from. */
export interface Source {
  /** Permanent id, never reused. */
  readonly id: string;
  /** The document's title. */
  readonly title: string;
  /** Who publishes it. */
  readonly publisher: string | null;
  /** Where it is published. */
  readonly url: string | null;
  /** The day on which the copy that was read was taken from its address. */
  readonly retrieved: string | null;
  /** SHA-256 of the bytes of the copy that was read, in hexadecimal. */
  readonly sha256: string | null;
  /** On what terms its facts may be used. */
  readonly licence: string | null;
  /** Which facts it is the source of, in its own terms. */
  readonly fields: ReadonlyArray<string>;
}

/**
 * Who works in the program.
 *
 * - `behavioral-health-specialist`: A specialist in behavioral health.
 * - `case-worker`: A worker who follows a person's case.
 * - `mental-health-clinician`: A clinician who treats mental health.
 * - `peer-recovery-coach`: A trained coach who supports recovery as a peer.
 * - `resource-coordination-staff`: Staff who find and arrange the resources that a person needs.
 */
export type StaffRole =
  | "behavioral-health-specialist"
  | "case-worker"
  | "mental-health-clinician"
  | "peer-recovery-coach"
  | "resource-coordination-staff";

/** An id that was removed, and is not used again. */
export interface Tombstone {
  /** The id that lives no more, with its table. */
  readonly id: string;
  /** The first version of the data without it. */
  readonly since: string;
  /** Why it was removed, in our own words. */
  readonly why: string;
}

/** All tables together, as one JSON document. */
export interface DatasetDocument {
  /** The schema that the document follows. */
  readonly $schema: "urn:eaps-data:schema:dataset:1.0.0";
  readonly release: Release;
  readonly grant_program: GrantProgram;
  /** The funded towns and cities, in the page's order. */
  readonly municipalities: ReadonlyArray<Municipality>;
  /** What the municipalities do. */
  readonly programs: ReadonlyArray<Program>;
  /** The organizations that the page names. */
  readonly partners: ReadonlyArray<Partner>;
  /** What the partners are to the programs. */
  readonly partnerships: ReadonlyArray<Partnership>;
  /** The documents that the facts come from. */
  readonly sources: ReadonlyArray<Source>;
  /** Each claim, and the phrase behind it. */
  readonly evidence: ReadonlyArray<Evidence>;
  /** The ids that were renamed. */
  readonly redirects: ReadonlyArray<Redirect>;
  /** The ids that were removed. */
  readonly tombstones: ReadonlyArray<Tombstone>;
}
