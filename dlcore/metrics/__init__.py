"""Scores of predictions, with scikit-learn's argument order."""

from dlcore.metrics.agreement import (
    BalancedAccuracy,
    MatthewsCorrcoef,
    balanced_accuracy_score,
    matthews_corrcoef,
)
from dlcore.metrics.bleu import BLEU, bleu_score
from dlcore.metrics.calibration import CalibrationError, calibration_curve, calibration_error
from dlcore.metrics.classification import (
    Accuracy,
    TopKAccuracy,
    accuracy,
    top_k_accuracy_score,
)
from dlcore.metrics.confusion import ConfusionMatrix, confusion_matrix
from dlcore.metrics.coverage import Coverage, ModeCoverage, mode_coverage
from dlcore.metrics.distance import (
    WassersteinDistance,
    sliced_wasserstein_distance,
    wasserstein_distance,
)
from dlcore.metrics.explained import (
    ExplainedVariance,
    R2Score,
    explained_variance_score,
    r2_score,
)
from dlcore.metrics.perplexity import Perplexity, perplexity
from dlcore.metrics.precision import f1_score, fbeta_score, precision_score, recall_score
from dlcore.metrics.precision_recall import (
    AveragePrecision,
    average_precision_score,
    precision_recall_curve,
)
from dlcore.metrics.precision_stream import F1, FBeta, Precision, Recall
from dlcore.metrics.probability import BrierScore, LogLoss, brier_score_loss, log_loss
from dlcore.metrics.regression import (
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    RootMeanSquaredError,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    root_mean_squared_error,
)
from dlcore.metrics.roc import ROCAUC, auc, roc_auc_score, roc_curve

__all__ = [
    "BLEU",
    "F1",
    "ROCAUC",
    "Accuracy",
    "AveragePrecision",
    "BalancedAccuracy",
    "BrierScore",
    "CalibrationError",
    "ConfusionMatrix",
    "Coverage",
    "ExplainedVariance",
    "FBeta",
    "LogLoss",
    "MatthewsCorrcoef",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "ModeCoverage",
    "Perplexity",
    "Precision",
    "R2Score",
    "Recall",
    "RootMeanSquaredError",
    "TopKAccuracy",
    "WassersteinDistance",
    "accuracy",
    "auc",
    "average_precision_score",
    "balanced_accuracy_score",
    "bleu_score",
    "brier_score_loss",
    "calibration_curve",
    "calibration_error",
    "confusion_matrix",
    "explained_variance_score",
    "f1_score",
    "fbeta_score",
    "log_loss",
    "matthews_corrcoef",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mode_coverage",
    "perplexity",
    "precision_recall_curve",
    "precision_score",
    "r2_score",
    "recall_score",
    "roc_auc_score",
    "roc_curve",
    "root_mean_squared_error",
    "sliced_wasserstein_distance",
    "top_k_accuracy_score",
    "wasserstein_distance",
]
