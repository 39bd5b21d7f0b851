"""Charts as Vega-Lite data files, filled with a memo's figures; their words and their tables."""

from gevinst.report.charts.charts import (
    BudgetResultRow,
    EstimatorRow,
    budget_result_chart,
    estimator_chart,
    survival_chart,
)
from gevinst.report.charts.effect_charts import BalancePoint, OfHundred, balance_chart, frequency_chart
from gevinst.report.charts.effect_words import describe_balance, describe_flow, describe_hundred
from gevinst.report.charts.flow import FlowArm, FlowBox, flow_chart
from gevinst.report.charts.panels import survival_panels
from gevinst.report.charts.tables import curves_table
from gevinst.report.charts.words import describe_budget_result, describe_curves, describe_estimators

__all__ = [
    "BalancePoint",
    "BudgetResultRow",
    "EstimatorRow",
    "FlowArm",
    "FlowBox",
    "OfHundred",
    "balance_chart",
    "budget_result_chart",
    "curves_table",
    "describe_balance",
    "describe_budget_result",
    "describe_curves",
    "describe_estimators",
    "describe_flow",
    "describe_hundred",
    "estimator_chart",
    "flow_chart",
    "frequency_chart",
    "survival_chart",
    "survival_panels",
]
