"""The words from which the synthetic data is built."""

from typing import Final

from eaps_data import ProgramKind

# No two combinations of these parts give the same name.
PREFIXES: Final = ("", "New ", "North ", "South ", "East ", "West ", "Upper ", "Lower ", "Great ", "Old ")
STEMS: Final = (
    *("Ash", "Alder", "Barn", "Birch", "Brad", "Bridge", "Brook", "Cedar", "Charl", "Chester", "Clare", "Clif"),
    *("Dan", "Deer", "Dun", "Elm", "Fair", "Fal", "Fern", "Glen", "Graf", "Green", "Hamp", "Har", "Hazel", "Heath"),
    *("Hol", "Kings", "Lake", "Laurel", "Lex", "Lin", "Maple", "Marl", "Mid", "Mill", "Nor", "Oak", "Pem", "Pine"),
    *("Quin", "Red", "Rock", "Sand", "Shel", "Stan", "Still", "Sud", "Thorn", "Wal", "War", "Way", "Wil", "Win"),
)
ENDINGS: Final = ("ton", "ford", "field", "bury", "ham", "mont", "port", "wick", "dale", "vale", "bridge", "mouth")
SUFFIXES: Final = (
    "",
    " Falls",
    " Springs",
    " Heights",
    " Mills",
    " Center",
    " Harbor",
    " Hills",
    " Corner",
    " Village",
)
STATES: Final = (
    *("AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME"),
    *("MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA"),
    *("RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY"),
)
COUNTIES: Final = ("Adams", "Bristol", "Clay", "Douglas", "Essex", "Franklin", "Grant", "Hampshire", "Jackson", "Lee")
PROGRAMS: Final = (
    ("Behavioral Health Unit", "BHU", ProgramKind.UNIT),
    ("Community Responders", "CR", ProgramKind.TEAM),
    ("Co-Response Program", "CRP", ProgramKind.PROGRAM),
    ("Division of Community Care", "DCC", ProgramKind.DIVISION),
    ("Leading Equitable Approaches to Public Safety", "LEAPS", ProgramKind.INITIATIVE),
    ("Public Health & Safety Team", "PHST", ProgramKind.TEAM),
    ("Recommendations on Use of Force", "RUF", ProgramKind.RECOMMENDATIONS),
    ("Youth Outreach", "YO", None),
)
PARTNERS: Final = (
    ("Police Department", "PD", "police-department"),
    ("Health Department", "HD", "health-department"),
    ("Office of Recovery", "OR", "office"),
    ("Family Services", "FS", "social-service-provider"),
)
GOALS: Final = (
    "Make every public safety response equitable, just and fair.",
    "Help people in crisis without police if there is no violence or serious crime.",
    "Connect residents to care before a need becomes an emergency.",
    "Share records between departments so that no request is lost.",
    "Give young people someone to turn to.",
)
