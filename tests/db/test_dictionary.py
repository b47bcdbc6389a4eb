"""The README says what the models say, and the models say something of every column."""

from db.dictionary import README, updated
from db.models import Base


def test_the_readme_is_up_to_date() -> None:
    readme = README.read_text(encoding="utf-8")
    assert updated(readme) == readme, "python -m db.dictionary"


def test_every_column_has_a_comment() -> None:
    for table in Base.metadata.tables.values():
        assert table.comment
        assert [column.name for column in table.columns if not column.comment] == []
