package com.voidproof.gateway

/** Who works at the counter. */
interface People {
    /** Who is at the counter. Wrong PIN: [Failure.WrongPin]. */
    suspend fun logOn(operator: String, pin: Secret): Operator

    suspend fun logOff()

    suspend fun operators(): List<Operator>

    suspend fun addOperator(operator: NewOperator, approval: Approval): Operator

    suspend fun disableOperator(number: String, approval: Approval)
}
