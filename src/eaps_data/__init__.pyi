"""The public names, for type checkers: the modules and names of `_MODULES` in `__init__.py`."""

from eaps_data import export as export, plot as plot, validation as validation
from eaps_data._version import __version__ as __version__
from eaps_data.errors import (
    AmbiguousKeyError as AmbiguousKeyError,
    EapsDataError as EapsDataError,
    ExportError as ExportError,
    InvalidDataError as InvalidDataError,
    KeyNotFoundError as KeyNotFoundError,
    MissingExtraError as MissingExtraError,
    OldSchemaWarning as OldSchemaWarning,
    Problem as Problem,
    RemovedIdError as RemovedIdError,
    RenamedIdWarning as RenamedIdWarning,
    UnknownFilterError as UnknownFilterError,
    UnknownTermError as UnknownTermError,
)
from eaps_data.models.ids import (
    MunicipalityId as MunicipalityId,
    PartnerId as PartnerId,
    ProgramId as ProgramId,
    SourceId as SourceId,
)
from eaps_data.models.not_stated import NotStated as NotStated, not_stated as not_stated
from eaps_data.models.past_ids import (
    Redirect as Redirect,
    Tombstone as Tombstone,
)
from eaps_data.models.records import (
    Address as Address,
    Contact as Contact,
    DatasetDocument as DatasetDocument,
    Evidence as Evidence,
    GrantProgram as GrantProgram,
    Identifiers as Identifiers,
    Location as Location,
    Municipality as Municipality,
    Partner as Partner,
    Partnership as Partnership,
    Program as Program,
    Release as Release,
    Source as Source,
)
from eaps_data.models.vocabulary import (
    Approach as Approach,
    Basis as Basis,
    Framework as Framework,
    FundingStatus as FundingStatus,
    GovernmentForm as GovernmentForm,
    MunicipalityStyle as MunicipalityStyle,
    Need as Need,
    PartnerKind as PartnerKind,
    Population as Population,
    ProgramKind as ProgramKind,
    ProgramStatus as ProgramStatus,
    Role as Role,
    Service as Service,
    StaffRole as StaffRole,
    Term as Term,
)
from eaps_data.provenance.citation import (
    Citation as Citation,
    cite as cite,
)
from eaps_data.provenance.diff import (
    Change as Change,
    Difference as Difference,
    diff as diff,
)
from eaps_data.provenance.draft import (
    Draft as Draft,
    draft as draft,
)
from eaps_data.provenance.saved_page import (
    NotAPageError as NotAPageError,
)
from eaps_data.provenance.verification import (
    Verification as Verification,
    verify as verify,
)
from eaps_data.provenance.why import (
    Claim as Claim,
    Why as Why,
    why as why,
)
from eaps_data.schemas.published import (
    json_schema as json_schema,
)
from eaps_data.tables.base import (
    Collection as Collection,
)
from eaps_data.tables.collections import (
    EvidenceRows as EvidenceRows,
    Municipalities as Municipalities,
    Partners as Partners,
    Partnerships as Partnerships,
    Programs as Programs,
    Sources as Sources,
)
from eaps_data.tables.dataset import (
    Dataset as Dataset,
    load as load,
    search as search,
)
from eaps_data.tables.hits import (
    Hit as Hit,
    Hits as Hits,
    Match as Match,
)

__all__: list[str]

evidence: EvidenceRows
grant_program: GrantProgram
municipalities: Municipalities
partners: Partners
partnerships: Partnerships
programs: Programs
release: Release
sources: Sources
