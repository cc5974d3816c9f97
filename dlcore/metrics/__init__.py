"""Scores of predictions, with scikit-learn's argument order."""

from dlcore.metrics.classification import (
    Accuracy as Accuracy,
    BalancedAccuracy as BalancedAccuracy,
    ConfusionMatrix as ConfusionMatrix,
    MatthewsCorrcoef as MatthewsCorrcoef,
    accuracy as accuracy,
    balanced_accuracy_score as balanced_accuracy_score,
    confusion_matrix as confusion_matrix,
    matthews_corrcoef as matthews_corrcoef,
)
from dlcore.metrics.generators import (
    Coverage as Coverage,
    ModeCoverage as ModeCoverage,
    WassersteinDistance as WassersteinDistance,
    mode_coverage as mode_coverage,
    sliced_wasserstein_distance as sliced_wasserstein_distance,
    wasserstein_distance as wasserstein_distance,
)
from dlcore.metrics.precision import (
    F1 as F1,
    FBeta as FBeta,
    Precision as Precision,
    Recall as Recall,
    f1_score as f1_score,
    fbeta_score as fbeta_score,
    precision_score as precision_score,
    recall_score as recall_score,
)
from dlcore.metrics.probability import (
    BrierScore as BrierScore,
    CalibrationError as CalibrationError,
    LogLoss as LogLoss,
    brier_score_loss as brier_score_loss,
    calibration_curve as calibration_curve,
    calibration_error as calibration_error,
    log_loss as log_loss,
)
from dlcore.metrics.ranking import (
    ROCAUC as ROCAUC,
    AveragePrecision as AveragePrecision,
    TopKAccuracy as TopKAccuracy,
    auc as auc,
    average_precision_score as average_precision_score,
    precision_recall_curve as precision_recall_curve,
    roc_auc_score as roc_auc_score,
    roc_curve as roc_curve,
    top_k_accuracy_score as top_k_accuracy_score,
)
from dlcore.metrics.regression import (
    ExplainedVariance as ExplainedVariance,
    MeanAbsoluteError as MeanAbsoluteError,
    MeanAbsolutePercentageError as MeanAbsolutePercentageError,
    MeanSquaredError as MeanSquaredError,
    R2Score as R2Score,
    RootMeanSquaredError as RootMeanSquaredError,
    explained_variance_score as explained_variance_score,
    mean_absolute_error as mean_absolute_error,
    mean_absolute_percentage_error as mean_absolute_percentage_error,
    mean_squared_error as mean_squared_error,
    r2_score as r2_score,
    root_mean_squared_error as root_mean_squared_error,
)
from dlcore.metrics.sequences import (
    BLEU as BLEU,
    Perplexity as Perplexity,
    bleu_score as bleu_score,
    perplexity as perplexity,
)
