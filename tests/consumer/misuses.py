"""Misuses of the package: a type checker must reject each marked line, and no other."""

import eaps_data as eaps

eaps.programs["revere-bhu"].name = "another"  # error
eaps.programs.where(statsu="expanding")  # error
eaps.programs.where(municipality=3)  # error
eaps.municipalties  # error
eaps.Program(id="a", name="A")  # error
eaps.evidence[0].quoted  # error
count: int = eaps.municipalities[0]  # error
eaps.programs["revere-bhu"].goals.append("another")  # error
town: eaps.MunicipalityId = "reveer"  # error
eaps.programs[b"revere-bhu"]  # error
eaps.programs.get(b"revere-bhu")  # error
