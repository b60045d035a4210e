"""Misuses of the package: a type checker must reject each marked line, and no other."""

import eaps_data as eaps

eaps.programs["revere-bhu"].name = "another"  # error
eaps.programs.where(statsu="expanding")  # error
eaps.programs.where(municipality=3)  # error
eaps.programs.where(municipality=None)  # error
eaps.programs.where(status="expnding")  # error
eaps.programs.where(need=["substance-use", "oppioids"])  # error
eaps.programs.where(staff_role="police")  # error
eaps.programs.where(open_ended="need")  # error
eaps.partners.where(kind="ofice")  # error
eaps.partnerships.where(role="leader")  # error
eaps.municipalities.where(style="village")  # error
eaps.evidence.where(basis="guessed")  # error
eaps.export.write("jsnl", "out")  # error
eaps.Dataset.from_path("out", "geojson")  # error
eaps.json_schema("Programm")  # error
eaps.programs.to_frame("panda")  # error
eaps.load().to_frames("panda")  # error
eaps.validation.validate(b"[]", "programms")  # error
eaps.why(eaps.evidence[0])  # error
eaps.municipalties  # error
eaps.Program(id="a", name="A")  # error
eaps.evidence[0].quoted  # error
count: int = eaps.municipalities[0]  # error
eaps.programs["revere-bhu"].goals.append("another")  # error
town: eaps.MunicipalityId = "reveer"  # error
eaps.programs[b"revere-bhu"]  # error
eaps.programs.get(b"revere-bhu")  # error
