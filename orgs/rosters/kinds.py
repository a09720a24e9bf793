"""Kinds of rosters: all that staging, pages and commands need to know of each.

kind = KINDS["MEMBERS"]                     # or kind_of(batch)
batch = open_batch(file, name, organization=…, actor=user, kind=kind)
stage(batch, file)                          # orgs.rosters.staging
kind.presenter(rows)                        # whom rows are about, what they change
kind.commit(batch, actor=user)              # 待核对 → 已入库
kind.undo(batch, actor=user)                # 已入库 → 已撤销
"""

from collections.abc import Callable
from dataclasses import dataclass

from orgs.models.post import Duty
from orgs.models.roster import ImportBatch, importable_by, organizations_importable_by
from orgs.rosters import aliases
from orgs.rosters.aliases import Vocabulary
from orgs.rosters.commit import commit
from orgs.rosters.committees import commit as committees
from orgs.rosters.committees import undo as committees_undo
from orgs.rosters.committees.desk import SeatDesk
from orgs.rosters.committees.presenter import SeatPresenter
from orgs.rosters.committees.words import WIDE, WORDS
from orgs.rosters.desk import Desk
from orgs.rosters.organizations import commit as organizations
from orgs.rosters.organizations import undo as organizations_undo
from orgs.rosters.organizations import words as organization_words
from orgs.rosters.organizations.desk import OrganizationDesk
from orgs.rosters.organizations.presenter import OrganizationPresenter
from orgs.rosters.presenter import Presenter
from orgs.rosters.review import choose_on_duplicate
from orgs.rosters.undo import undo


@dataclass(frozen=True)
class RosterKind:
    code: str
    #: What is counted: 人, 个.
    unit: str
    #: The fields and their headings; `words.label(field)` for pages.
    words: Vocabulary
    #: (batch, table) → what reads and judges rows: `.read(rows)` gives staged rows,
    #: `.decide(staged)` gives these their verdicts.
    desk: Callable
    #: (batch, *, actor) → counts; raises NotAllowed.
    commit: Callable
    #: (batch, *, actor) → Undone.
    undo: Callable
    #: (batch, 跳过/更新/停止) → batch, judged again.
    choose_on_duplicate: Callable
    #: (user) → organizations for which the user may bring such a roster.
    importable_by: Callable
    #: (rows of a page) → what says whom a row is about and what it changes.
    presenter: Callable
    #: Fields of the template that is offered for download, in their order.
    template: tuple[str, ...]
    #: How many rows are judged and held at a time.
    chunk: int = 2000

    def may_import(self, user, organization) -> bool:
        """`organization` None stands for the whole tree, which only the kind itself may open."""
        if organization is None:
            return self.code == ImportBatch.Kind.ORGANIZATIONS and user.duty == Duty.SYSTEM
        return self.importable_by(user).filter(pk=organization.pk).exists()

    @property
    def label(self) -> str:
        return ImportBatch.Kind(self.code).label


MEMBERS = RosterKind(
    code=ImportBatch.Kind.MEMBERS,
    unit="人",
    words=aliases.MEMBERS,
    desk=Desk,
    commit=commit,
    undo=undo,
    choose_on_duplicate=choose_on_duplicate,
    importable_by=importable_by,
    presenter=Presenter,
    template=tuple(name for name in aliases.FIELDS if name not in aliases.BESIDE),
)
COMMITTEES = RosterKind(
    code=ImportBatch.Kind.COMMITTEES,
    unit="人",
    words=WORDS,
    desk=SeatDesk,
    commit=committees.commit,
    undo=committees_undo.undo,
    choose_on_duplicate=committees.choose_on_duplicate,
    importable_by=importable_by,
    presenter=SeatPresenter,
    template=tuple(name for name in WORDS.fields if name not in ("serial", *WIDE)),
)
ORGANIZATIONS = RosterKind(
    code=ImportBatch.Kind.ORGANIZATIONS,
    unit="个",
    words=organization_words.WORDS,
    desk=OrganizationDesk,
    commit=organizations.commit,
    undo=organizations_undo.undo,
    choose_on_duplicate=organizations.choose_on_duplicate,
    importable_by=organizations_importable_by,
    presenter=OrganizationPresenter,
    template=tuple(organization_words.COLUMNS),
    # a superior may stand at the end of the sheet
    chunk=100_000,
)
KINDS = {kind.code: kind for kind in (MEMBERS, COMMITTEES, ORGANIZATIONS)}


def kind_of(batch) -> RosterKind:
    return KINDS[batch.kind]
