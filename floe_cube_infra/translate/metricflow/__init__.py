"""dbt's semantic layer (MetricFlow) becomes members of cubes, joins and views."""

from floe_cube_infra.translate.metricflow.members import SemanticMembers, semantic_members
from floe_cube_infra.translate.metricflow.relations import SemanticRelations, semantic_relations

__all__ = ["SemanticMembers", "SemanticRelations", "semantic_members", "semantic_relations"]
