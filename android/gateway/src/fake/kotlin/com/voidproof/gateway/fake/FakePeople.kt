package com.voidproof.gateway.fake

import com.voidproof.gateway.Approval
import com.voidproof.gateway.NewOperator
import com.voidproof.gateway.Operator
import com.voidproof.gateway.People
import com.voidproof.gateway.Secret

internal class FakePeople(private val desk: FakeDesk) : People {
    private val shop = desk.shop

    override suspend fun logOn(operator: String, pin: Secret): Operator = desk.asked("logOn") {
        desk.checkPin(operator, pin)
        shop.here = operator
        shop.operators.first { it.number == operator }
    }

    override suspend fun logOff() = desk.asked("logOff") { shop.here = null }

    override suspend fun operators(): List<Operator> = desk.asked("") { shop.operators.toList() }

    override suspend fun addOperator(operator: NewOperator, approval: Approval): Operator = desk.asked("addOperator") {
        desk.checkPin(approval.operator, approval.pin)
        shop.add(operator)
    }

    override suspend fun disableOperator(number: String, approval: Approval) = desk.asked("disableOperator") {
        desk.checkPin(approval.operator, approval.pin)
        shop.operators.replaceAll { if (it.number == number) it.copy(enabled = false) else it }
    }
}
