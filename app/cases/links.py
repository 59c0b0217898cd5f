"""Links up and down the chain: supplier, buyer, landlord, related; seen rightly from either end."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.cases.facts import clean_uscc, position_of
from app.cases.graph import Spot, Tie, lay_out
from app.cases.queries import links as queries
from app.cases.reading import case_in_scope, case_to_change, note_event
from app.cases.schemas.codes import FROM_THE_OTHER_SIDE, RELATIONS
from app.cases.schemas.inputs import LinkIn
from app.cases.schemas.outputs import Graph, GraphEdge, GraphNode, Link, OtherCase
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.settings import Settings

MOST_LINKS = 60
OTHER_CASE = "_other_case"  # in the changes of an event: never told, it decides who reads the words
_HIDDEN = "（管辖范围外）"


class _Ends(NamedTuple):
    actor: Actor
    rows: dict[UUID, Row[Any]]

    def open(self, case_id: UUID) -> bool:
        """Whether the reader may see more than number and county."""
        return self.actor.scope.holds_unit(self.rows[case_id].unit_path)


def link(session: Session, settings: Settings, actor: Actor, case_id: UUID, body: LinkIn) -> None:
    """Tie a case to another, or to somebody by name; noted in both files.

    Raises as `case_to_change` does for either; InvalidInputError for both or neither other end, itself, or a wrong
    code; ConflictError when that link stands already.
    """
    if (body.other_case_id is None) == (body.other_name is None):
        raise InvalidInputError("请选择一个关联案件，或填写对方名称，二者选一。未保存。", problem="other")
    if body.other_case_id == case_id:
        raise InvalidInputError("案件不能与自身关联。未保存。", problem="itself")
    # Both files in one order, so that two who tie the same two cases never wait for each other.
    both = {
        each: case_to_change(session, settings, actor, each)
        for each in sorted(filter(None, (case_id, body.other_case_id)))
    }
    case, other = both[case_id], both.get(body.other_case_id) if body.other_case_id else None
    values = _values(case_id, body, actor)
    stored = queries.one(session, body.id)
    if stored is not None:
        _check_same(stored, values)
        return
    _check_new(session, case_id, body)
    queries.add(session, values)
    name = other.number if other is not None else body.other_name
    _note(session, settings, actor, (case, other), "linked", body.relation, [None, name], body.words)
    if other is not None:
        seen = FROM_THE_OTHER_SIDE[body.relation]
        _note(session, settings, actor, (other, case), "linked", seen, [None, case.number], body.words)


def unlink(session: Session, settings: Settings, actor: Actor, case_id: UUID, link_id: UUID, why: str) -> None:
    """Strike a link out, from either end. Raises NotFoundError, ForbiddenError when an end lies outside the scope."""
    row = queries.one(session, link_id)
    if row is None or case_id not in (row.case_id, row.other_case_id) or row.removed_why is not None:
        case_in_scope(session, settings, actor, case_id)
        raise NotFoundError("本案没有这条关联，或已解除。请刷新后查看。", id=str(link_id))
    ends = sorted(filter(None, (row.case_id, row.other_case_id)))
    both = {each: case_to_change(session, settings, actor, each) for each in ends}
    queries.remove(session, link_id, why)
    case, other = both[row.case_id], both.get(row.other_case_id)
    name = row.other_name if other is None else other.number
    _note(session, settings, actor, (case, other), "unlinked", row.relation, [name, None], why)
    if other is not None:
        seen = FROM_THE_OTHER_SIDE[row.relation]
        _note(session, settings, actor, (other, case), "unlinked", seen, [case.number, None], why)


def links_of(session: Session, actor: Actor, case_id: UUID) -> list[Link]:
    """The links that stand, as this case sees them. Of cases outside the scope: number and county, nothing else."""
    rows = queries.of(session, [case_id])
    ends = _Ends(actor, queries.ends(session, {each for row in rows for each in _cases(row)}))
    return [_seen(row, case_id, ends) for row in rows]


def chain_of(session: Session, actor: Actor, case_id: UUID) -> Graph:
    """The chain up to two links away. What lies behind a case outside the scope is not looked for."""
    first = queries.of(session, [case_id])
    ends = _Ends(actor, queries.ends(session, {case_id, *(each for row in first for each in _cases(row))}))
    near = {each for row in first for each in _cases(row) if ends.open(each)}
    rows = {row.id: row for row in [*first, *queries.of(session, near)]}
    ends = _Ends(actor, queries.ends(session, {case_id, *(each for row in rows.values() for each in _cases(row))}))
    ties = [Tie(str(row.case_id), _key(row), row.relation) for row in rows.values()]
    spots, left_out = lay_out(str(case_id), ties)
    names = {_key(row): row for row in rows.values() if row.other_case_id is None}
    nodes = {key: _node(key, spot, ends, names) for key, spot in spots.items()}
    edges = [_edge(tie, nodes) for tie in dict.fromkeys(ties) if tie.party in spots and tie.other in spots]
    return Graph(nodes=list(nodes.values()), edges=edges, left_out=left_out)


def _values(case_id: UUID, body: LinkIn, actor: Actor) -> dict[str, Any]:
    lon, lat = position_of(body.other_place) or (None, None)
    given = body.model_dump(exclude={"other_place"})
    return {
        **given, "other_uscc": clean_uscc(body.other_uscc), "case_id": case_id, "lon": lon, "lat": lat,
        "added_by": actor.name,
    }  # fmt: skip


def _check_same(stored: Row[Any], values: dict[str, Any]) -> None:
    names = ("case_id", "relation", "other_case_id", "other_name", "words")
    if any(getattr(stored, name) != values[name] for name in names):
        raise ConflictError("这个关联编号已用于另一条关联，本次未保存。请刷新后重试。", id=str(values["id"]))


def _check_new(session: Session, case_id: UUID, body: LinkIn) -> None:
    rows = queries.of(session, [case_id])
    if len(rows) >= MOST_LINKS:
        raise ConflictError(f"每案最多 {MOST_LINKS} 条关联，未保存。", limit=MOST_LINKS)
    wanted = (body.relation, body.other_case_id, body.other_name)
    for row in rows:
        mine = row.case_id == case_id
        relation = row.relation if mine else FROM_THE_OTHER_SIDE[row.relation]
        other = row.other_case_id if mine else row.case_id
        if (relation, other, row.other_name) == wanted:
            raise ConflictError(f"这条关联（{RELATIONS[body.relation]}）已经建立，未重复保存。", reason="exists")


def _note(
    session: Session, settings: Settings, actor: Actor, ends: tuple[Row[Any], Row[Any] | None], kind: Any,
    relation: str, change: list[str | None], words: str | None,
) -> None:  # fmt: skip
    """In the file of the first end. Who reads it later may not be meant to know more of the other than its number."""
    case, other = ends
    changes = {f"link.{relation}": change, **({} if other is None else {OTHER_CASE: str(other.id)})}
    note_event(session, actor, case, kind, settings.today(), words, changes)


def _cases(row: Row[Any]) -> list[UUID]:
    return [each for each in (row.case_id, row.other_case_id) if each is not None]


def _key(row: Row[Any]) -> str:
    if row.other_case_id:
        return str(row.other_case_id)
    return f"name:{row.other_uscc or row.other_name}" + ("" if row.other_uscc else f" {row.other_address or ''}")


def _seen(row: Row[Any], case_id: UUID, ends: _Ends) -> Link:
    mine = row.case_id == case_id
    relation = row.relation if mine else FROM_THE_OTHER_SIDE[row.relation]
    other_id = row.other_case_id if mine else row.case_id
    told: dict[str, Any] = {"id": row.id, "relation": relation, "relation_name": RELATIONS[relation]}
    if other_id is None:
        named = ("other_name", "other_uscc", "other_address", "lon", "lat", "words", "added_by")
        return Link(**told, **{name: getattr(row, name) for name in named}, may_remove=True)
    end = ends.rows[other_id]
    if not ends.open(other_id):
        hidden = OtherCase(number=end.number, county_name=end.county_name, in_scope=False)
        return Link(**told, other_case=hidden, may_remove=False)
    shown = OtherCase(
        number=end.number, county_name=end.county_name, in_scope=True, id=end.id, party_name=end.party_name,
        state=end.state, category=end.category,
    )  # fmt: skip
    return Link(
        **told, other_case=shown, lon=end.lon, lat=end.lat, words=row.words, added_by=row.added_by, may_remove=True
    )


def _node(key: str, spot: Spot, ends: _Ends, names: dict[str, Row[Any]]) -> GraphNode:
    drawn = {"key": key, **spot._asdict()}
    if key in names:
        row = names[key]
        note = row.other_address or "未立案"
        return GraphNode(**drawn, name=row.other_name, note=note, case_id=None, state=None, lon=row.lon, lat=row.lat)
    end = ends.rows[UUID(key)]
    if not ends.open(end.id):
        note = f"{end.county_name or ''}{_HIDDEN}"
        return GraphNode(
            **{**drawn, "key": end.number}, name=end.number, note=note, case_id=None, state=None, lon=None, lat=None
        )
    return GraphNode(
        **drawn, name=end.party_name, note=end.number, case_id=end.id, state=end.state, lon=end.lon, lat=end.lat
    )


def _edge(tie: Tie, nodes: dict[str, GraphNode]) -> GraphEdge:
    """Goods go from supplier to buyer, space from landlord to tenant; a mere relation has no direction."""
    text = {"supplier": "供货", "buyer": "供货", "landlord": "出租", "related": "关联"}[tie.relation]
    towards = tie.relation in ("supplier", "landlord")
    source, target = (tie.other, tie.party) if towards else (tie.party, tie.other)
    return GraphEdge(source=nodes[source].key, target=nodes[target].key, text=text)
