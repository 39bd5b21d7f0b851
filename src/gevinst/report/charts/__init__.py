"""Charts as Vega-Lite data files, filled with a memo's figures; their words and their tables."""

from gevinst.report.charts.charts import (
    BudgetResultRow,
    EstimatorRow,
    budget_result_chart,
    estimator_chart,
    survival_chart,
)
from gevinst.report.charts.panels import survival_panels
from gevinst.report.charts.tables import curves_table
from gevinst.report.charts.words import describe_budget_result, describe_curves, describe_estimators

__all__ = [
    "BudgetResultRow",
    "EstimatorRow",
    "budget_result_chart",
    "curves_table",
    "describe_budget_result",
    "describe_curves",
    "describe_estimators",
    "estimator_chart",
    "survival_chart",
    "survival_panels",
]
