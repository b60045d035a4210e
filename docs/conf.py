"""How the documentation site is built: `python -m sphinx -W --keep-going -b html docs build/site`."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

import eaps_data

project = "eaps-data"
author = "The eaps-data authors"
project_copyright = "The eaps-data authors; code under MIT, data under CC BY 4.0"
release = eaps_data.__version__
version = release

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "eaps_site",
]
# Quotes of evidence must keep their original quotation marks and dashes.
smartquotes = False

myst_enable_extensions = ["attrs_block", "attrs_inline", "deflist"]
myst_heading_anchors = 4
# The tests run the notebooks and compare the output with the stored output.
nb_execution_mode = "off"
# Examples show fragments of JSON files, which the highlighter rejects.
suppress_warnings = ["misc.highlighting_failure"]

# Links to the documentation of other projects need the network, so only a published build has them.
if os.environ.get("READTHEDOCS") or os.environ.get("EAPS_DATA_INTERSPHINX"):
    intersphinx_mapping = {
        "python": ("https://docs.python.org/3", None),
        "pydantic": ("https://docs.pydantic.dev/latest", None),
        "pandas": ("https://pandas.pydata.org/docs", None),
    }

# Copy the input of an example, without its prompts and its output.
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

default_role = "code"  # for single backticks in docstrings
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True}
napoleon_numpy_docstring = False
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = "eaps-data"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
