// What eaps-data writes, by the schema urn:eaps-data:schema:dataset:2.0.0.

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
 * How the program works to improve public safety.
 *
 * - `alternative-investment`: Makes alternative investments, which the page does not specify.
 * - `case-documentation`: Documents cases, so that calls and needs can be tracked.
 * - `co-response`: Police officers and another service respond to a call together.
 * - `collaboration`: Several organizations or departments work together.
 * - `community-engagement`: Involves community members and uses their input.
 * - `community-responders`: Responders whom the page calls community responders or community care responders.
 * - `deflection`: Connects people with services instead of arrest or charge; the page does not separate it from diversion.
 * - `diversion`: Directs people away from criminal legal processing, even after a charge; the page does not define it.
 * - `embedded-staff`: Health or recovery staff work alongside police officers or within a police department.
 * - `evaluation`: Studies the results of the work, or is to study them later.
 * - `interdisciplinary-response`: Several professions or organizations respond together.
 * - `non-police-response`: Response that is not based on the police.
 * - `prevention`: Acts on causes and risks before a response is needed.
 * - `public-health-led`: Public health leads the work.
 * - `public-safety-reform`: Changes how public safety is provided.
 * - `systems-integration`: Integrates public safety systems with other types of response.
 * - `third-tier-response`: Is a third tier to the responses to non-emergency and emergency needs.
 * - `use-of-force-reform`: Addresses the use of force, by its name; the page does not describe it.
 */
export type Approach =
  | "alternative-investment"
  | "case-documentation"
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
 * How the quotation supports the claim.
 *
 * - `stated`: The source says it.
 * - `named`: Only a proper name says it: a program named "Co-Response" is read as co-response.
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
  /** How the phrase carries the claim. */
  readonly basis: Basis;
  /** Why the claim is inferred; for other claims, what qualifies it. */
  readonly note: string | null;
}

/**
 * The values, practices, or models that guide the program.
 *
 * - `accountability`: Being answerable for decisions and actions.
 * - `anti-racism`: Opposing racism: the page calls the response anti-racist.
 * - `equity`: Equity, or equitable approaches, outcomes, or responses.
 * - `fairness`: Fair responses.
 * - `harm-reduction`: Practices that reduce the harms of substance use and other behavior.
 * - `justice`: Justice, or just responses.
 * - `lived-experience`: Valuing or being informed by people with lived experience.
 * - `peer-support-philosophy`: Peer support as a philosophy that guides the work, rather than as a service.
 * - `racial-and-ethnic-equity`: Equity for people of all racial and ethnic groups.
 * - `racial-equity`: Equity for people of all racial groups, or addressing racial inequities.
 * - `sequential-intercept-model`: A model of the points at which people meet the criminal legal system and can be connected with services.
 * - `social-equity`: Equity between social groups, or addressing social inequities.
 * - `social-justice`: Justice in how society treats its members.
 * - `transparency`: Making decisions and actions visible.
 * - `trauma-informed-care`: Care that recognizes the effects of trauma.
 */
export type Framework =
  | "accountability"
  | "anti-racism"
  | "equity"
  | "fairness"
  | "harm-reduction"
  | "justice"
  | "lived-experience"
  | "peer-support-philosophy"
  | "racial-and-ethnic-equity"
  | "racial-equity"
  | "sequential-intercept-model"
  | "social-equity"
  | "social-justice"
  | "transparency"
  | "trauma-informed-care";

/**
 * The grant program's funding, as the page describes it.
 *
 * - `newly-funded`: The page calls the program newly funded; it gives no date.
 */
export type FundingStatus =
  | "newly-funded";

/**
 * The municipality's form of government, as MassGIS classifies it.
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
  /** The division that it is within. */
  readonly division: string | null;
  /** Its funding, as the page describes it. */
  readonly funding_status: FundingStatus | null;
  /** What it is meant to achieve, in our own words. */
  readonly goal: string | null;
  /** The means that it uses, in our own words. */
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
  /** What the page says about it, in our own words. */
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
 * The conditions and situations that the program responds to.
 *
 * - `basic-needs`: Basic needs of daily life that are not met.
 * - `behavioral-health`: Behavioral health needs or issues: the page uses this term next to mental health and substance use.
 * - `conflict`: Conflicts that people have to navigate.
 * - `emotional-distress`: Challenges related to emotional distress.
 * - `homelessness`: Challenges related to homelessness.
 * - `mental-health`: Mental health needs, challenges, issues, or illnesses.
 * - `nonviolent-situations`: Situations without violence or serious crime: the scope of the work, rather than a need.
 * - `opioid-epidemic`: The opioid epidemic.
 * - `public-health`: Public health needs, which the page does not specify.
 * - `substance-use`: Substance use, including substance use disorders and the opioid epidemic.
 * - `substance-use-disorder`: Substance use disorders.
 * - `unexpected-crisis`: Unexpected crises, which the page does not specify.
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
  | "substance-use"
  | "substance-use-disorder"
  | "unexpected-crisis";

/** An organization, or a group of people, that the page names. */
export interface Partner {
  /** Permanent id, never reused. */
  readonly id: string;
  /** The name as the page writes it; where its evidence is inferred, a note says what we added. */
  readonly name: string;
  /** The page's acronym. */
  readonly acronym: string | null;
  /** Other names that the page uses. */
  readonly aliases: ReadonlyArray<string>;
  /** The type of organization or group. */
  readonly kind: PartnerKind | null;
  /** Id of the municipality that it belongs to, where the page says so. */
  readonly municipality: string | null;
  /** Id of the partner that this one is a part of. */
  readonly part_of: string | null;
}

/**
 * The type of organization or group that a partner is.
 *
 * - `city-government`: A city, acting as a whole.
 * - `commission`: A body that the page calls a commission.
 * - `emergency-medical-services`: A service that responds to medical emergencies.
 * - `health-department`: The health department of a municipality.
 * - `office`: An office within a municipality's government.
 * - `police`: A police department or a group of police officers.
 * - `police-department`: The police department of a municipality.
 * - `police-officers`: A group of police officers, rather than their department.
 * - `social-service-provider`: An organization that provides social services.
 * - `state-agency`: A department of the state government.
 */
export type PartnerKind =
  | "city-government"
  | "commission"
  | "emergency-medical-services"
  | "health-department"
  | "office"
  | "police"
  | "police-department"
  | "police-officers"
  | "social-service-provider"
  | "state-agency";

/** The role of a partner in a program. */
export interface Partnership {
  /** Id of the program. */
  readonly program: string;
  /** Id of the partner. */
  readonly partner: string;
  /** The partner's role in the program. */
  readonly role: Role;
  /** True where the page names the partner only as an example, as by `such as`. */
  readonly example: boolean;
}

/**
 * Whom the program serves.
 *
 * - `all-people`: Everyone: the page says "for all people".
 * - `community-members`: The people of the municipality, also called its residents or the wider community.
 * - `people-experiencing-homelessness`: People with challenges related to homelessness.
 * - `people-in-frequent-contact-with-responders`: People who frequently require engagement by police, fire, or emergency medical services.
 * - `people-who-may-harm-themselves-or-others`: People who may harm themselves or others because behavioral health needs are not met.
 * - `people-with-mental-health-challenges`: People with a mental illness or other challenges to their mental health.
 * - `people-with-substance-use-challenges`: People with a substance use disorder, or with challenges related to substance use.
 * - `vulnerable-community-members`: The most vulnerable members of the community.
 * - `youth`: Young people.
 */
export type Population =
  | "all-people"
  | "community-members"
  | "people-experiencing-homelessness"
  | "people-in-frequent-contact-with-responders"
  | "people-who-may-harm-themselves-or-others"
  | "people-with-mental-health-challenges"
  | "people-with-substance-use-challenges"
  | "vulnerable-community-members"
  | "youth";

/** A team, division, unit, initiative, program or set of recommendations in one municipality. */
export interface Program {
  /** Permanent id, never reused. */
  readonly id: string;
  /** The name as the page writes it; ours where `named_by_source` is false. */
  readonly name: string;
  /** False where the page gives no name, so that `name` is ours. */
  readonly named_by_source: boolean;
  /** True where the row represents several programs that the page does not name one by one. */
  readonly plural: boolean;
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
  /** Ids of the programs that its work expands. */
  readonly expands: ReadonlyArray<string>;
  /** Its stage, as the page describes it. */
  readonly status: ProgramStatus | null;
  /** The calendar year in which it began. */
  readonly started_year: number | null;
  /** What it is, in our own words. */
  readonly summary: string | null;
  /** What it is meant to achieve, in our own words. */
  readonly goals: ReadonlyArray<string>;
  /** What it does, has done, or will do, in our own words. */
  readonly activities: ReadonlyArray<string>;
  /** How it works to improve public safety. */
  readonly approaches: ReadonlyArray<Approach>;
  /** What it provides. */
  readonly services: ReadonlyArray<Service>;
  /** Who works in it. */
  readonly staff_roles: ReadonlyArray<StaffRole>;
  /** Whom it serves. */
  readonly populations: ReadonlyArray<Population>;
  /** The conditions and situations that it responds to. */
  readonly needs: ReadonlyArray<Need>;
  /** The values, practices, or models that guide it. */
  readonly frameworks: ReadonlyArray<Framework>;
  /** The lists that the page marks as partial, as by `such as`. `partners` are the program's partnerships. */
  readonly open_ended: ReadonlyArray<"activities" | "aliases" | "approaches" | "expands" | "frameworks" | "goals" | "needs" | "partners" | "populations" | "services" | "staff_roles">;
}

/**
 * What the page calls the program.
 *
 * - `team`: A group of people who respond or serve together.
 * - `division`: A part of a municipality's government that the page calls a division.
 * - `unit`: A part of a department.
 * - `initiative`: Work that the page calls an initiative.
 * - `program`: Work that the page calls a program or programs.
 * - `project`: Work that the page calls a project.
 * - `recommendations`: A set of recommendations that the page lists among a city's programs.
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
 * The program's stage, as the page describes it.
 *
 * - `existing`: Described in the present tense; the page does not mention that it was set up or changed.
 * - `expanding`: Exists already, and is being expanded and enhanced.
 * - `expanded`: Exists already, and has been expanded.
 * - `in-development`: Is being developed.
 * - `established`: Has been created or established.
 * - `planned`: Will be developed.
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
  /** The old id, with its table. */
  readonly old: string;
  /** The new id, with the same table. */
  readonly new: string;
  /** The first version of the data that has the new id. */
  readonly since: string;
}

/** Which edition of the data this is. */
export interface Release {
  /** Semantic version of the data, separate from the versions of code and schema. */
  readonly data_version: string;
  /** The day on which the sources' copies were read. */
  readonly as_of: string;
}

/**
 * The partner's role in the program, as the page describes it.
 *
 * - `lead`: Works on the program with others as its partners; the page does not call it a lead or a developer.
 * - `creator`: Created or established the program, or issued the recommendations.
 * - `developer`: Is developing the program, or will develop it.
 * - `expander`: Is expanding and enhancing the program; the page does not say who leads it.
 * - `partner`: Works on the program "in partnership with" others.
 * - `collaborator`: The program's staff work with it or alongside it.
 */
export type Role =
  | "lead"
  | "creator"
  | "developer"
  | "expander"
  | "partner"
  | "collaborator";

/**
 * What the program provides.
 *
 * - `care-coordination`: Coordinates the services and providers that a person needs.
 * - `community-safety`: Services that the page calls community safety services.
 * - `community-support`: Support that the page calls community support, and lists with follow-up and care coordination.
 * - `comprehensive-services`: Services and resources that the page calls comprehensive and does not list.
 * - `emergency-response`: Response to emergency needs.
 * - `follow-up`: Contact with a person after the first response.
 * - `health-condition-support`: Support for people with a range of health conditions; the page does not say what the support is.
 * - `health-education`: Education about health.
 * - `mental-health-services`: Services of mental health clinicians.
 * - `non-emergency-response`: Response to needs that are not emergencies.
 * - `peer-recovery-support`: Support for recovery from substance use by peers, such as peer recovery coaches.
 * - `peer-support`: Support by peers: people with experience of the same situation.
 * - `preventive-services`: Services meant to help people avoid the need for public safety involvement.
 * - `public-education`: Education for the public.
 * - `resource-coordination`: Finds and arranges the resources that a person needs.
 */
export type Service =
  | "care-coordination"
  | "community-safety"
  | "community-support"
  | "comprehensive-services"
  | "emergency-response"
  | "follow-up"
  | "health-condition-support"
  | "health-education"
  | "mental-health-services"
  | "non-emergency-response"
  | "peer-recovery-support"
  | "peer-support"
  | "preventive-services"
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
 * - `case-worker`: A worker who manages individual cases.
 * - `mental-health-clinician`: A clinician who treats mental health conditions.
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
  /** The removed id, with its table. */
  readonly id: string;
  /** The first version of the data without it. */
  readonly since: string;
  /** Why it was removed, in our own words. */
  readonly why: string;
}

/** All tables together, as one JSON document. */
export interface DatasetDocument {
  /** The version of the schema that the document follows. */
  readonly schema_version: "2.0.0";
  readonly release: Release;
  readonly grant_program: GrantProgram;
  /** The funded towns and cities, in the page's order. */
  readonly municipalities: ReadonlyArray<Municipality>;
  /** What the municipalities do. */
  readonly programs: ReadonlyArray<Program>;
  /** The organizations and groups that the page names. */
  readonly partners: ReadonlyArray<Partner>;
  /** The partners' roles in the programs. */
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
