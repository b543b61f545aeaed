package com.voidproof.gateway.core

import com.voidproof.gateway.Approval
import com.voidproof.gateway.NewOperator
import com.voidproof.gateway.Operator
import com.voidproof.gateway.People
import com.voidproof.gateway.Secret

internal class CorePeople(private val door: Door) : People {
    override suspend fun logOn(operator: String, pin: Secret): Operator =
        door.ask { bare(pin).use { shape(logOn(operator, it)) } }

    override suspend fun logOff() = door.ask { logOff() }

    override suspend fun operators(): List<Operator> = door.ask { operators().map(::shape) }

    override suspend fun addOperator(operator: NewOperator, approval: Approval): Operator =
        door.ask { bare(operator).use { new -> bare(approval).use { shape(addOperator(new, it)) } } }

    override suspend fun disableOperator(number: String, approval: Approval) =
        door.ask { bare(approval).use { disableOperator(number, it) } }
}
