"""For curators: check a folder that holds the tables as files, and put its files into canonical form.

>>> from eaps_data.curation import check_folder
>>> check_folder("no-such-folder")[0].message
'there is no such folder'
"""

from eaps_data.curation.check import check, check_folder
from eaps_data.curation.fix import fix_folder
from eaps_data.curation.folder import read_folder

__all__ = ["check", "check_folder", "fix_folder", "read_folder"]
