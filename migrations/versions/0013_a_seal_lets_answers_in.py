"""A sealed stream of which something is asked lets in what answers it"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

POINTS = (
    "SELECT submission.audit_id, points FROM submission "
    "JOIN assessment_report ON assessment_report.audit_id = submission.audit_id "
    "JOIN assessment ON assessment.id = assessment_report.assessment_id "
    "WHERE stage = 'action-points' AND outcome = 'action-points' AND NOT blinded ORDER BY assessment_report.reported_at"
)
DEFERRALS = (
    "SELECT submission.audit_id, criteria FROM submission JOIN decision ON decision.audit_id = submission.audit_id "
    "WHERE stage = 'deferred' AND outcome = 'deferred' ORDER BY decision.decided_at"
)


def upgrade():
    op.add_column("stream", sa.Column("asked", sa.Text()))
    service = op.get_bind()
    asked = {id: [one["criterion"] for one in json.loads(points)] for id, points in service.execute(sa.text(POINTS))}
    asked |= {id: json.loads(criteria) for id, criteria in service.execute(sa.text(DEFERRALS))}
    for id, criteria in asked.items():
        asking = sa.text("UPDATE stream SET asked = :asked WHERE id = :id")
        service.execute(asking, {"asked": json.dumps(criteria), "id": id})


def downgrade():
    op.drop_column("stream", "asked")
