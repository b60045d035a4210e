"""What a type checker must refuse: each marked line, and no other."""

import eaps_data as eaps

eaps.programs["revere-bhu"].name = "another"  # refuse
eaps.programs.where(statsu="expanding")  # refuse
eaps.programs.where(municipality=3)  # refuse
eaps.municipalties  # refuse
eaps.Program(id="a", name="A")  # refuse
eaps.evidence[0].quoted  # refuse
count: int = eaps.municipalities[0]  # refuse
eaps.programs["revere-bhu"].goals.append("another")  # refuse
town: eaps.MunicipalityId = "reveer"  # refuse
eaps.programs[b"revere-bhu"]  # refuse
eaps.programs.get(3)  # refuse
