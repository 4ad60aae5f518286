"""The tables of the operators."""

from operators.models.audit_entry import AuditEntry
from operators.models.daily_count import DailyCount
from operators.models.recovery_code import RecoveryCode
from operators.models.second_factor import SecondFactor

__all__ = ["AuditEntry", "DailyCount", "RecoveryCode", "SecondFactor"]
