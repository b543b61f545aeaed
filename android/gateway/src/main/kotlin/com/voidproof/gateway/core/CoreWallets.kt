package com.voidproof.gateway.core

import com.voidproof.gateway.Approval
import com.voidproof.gateway.CodeKind
import com.voidproof.gateway.Frame
import com.voidproof.gateway.Modules
import com.voidproof.gateway.Payment
import com.voidproof.gateway.PaymentStage
import com.voidproof.gateway.Sale
import com.voidproof.gateway.Secret
import com.voidproof.gateway.Wallets
import com.voidproof.core.CodeKind as CoreCodeKind
import com.voidproof.core.Frame as CoreFrame
import com.voidproof.core.Modules as CoreModules
import com.voidproof.core.Payment as CorePayment
import com.voidproof.core.Stage as CoreStage

internal class CoreWallets(private val door: Door) : Wallets {
    override suspend fun recognise(code: Secret): CodeKind = door.ask { bare(code).use { shape(recognise(it)) } }

    override suspend fun readFrame(frame: Frame): List<Secret> = door.ask {
        val picture = CoreFrame(frame.luminance, frame.width.toUInt(), frame.height.toUInt(), frame.stride.toUInt())
        readFrame(picture).map(::secret)
    }

    override suspend fun modules(text: String): Modules = door.ask { shape(modules(text)) }

    override suspend fun handedOver(sale: String, approval: Approval?): Sale = door.ask {
        shape(if (approval == null) handedOver(sale, null) else bare(approval).use { handedOver(sale, it) })
    }
}

private fun shape(kind: CoreCodeKind): CodeKind = when (kind) {
    is CoreCodeKind.Pays -> CodeKind.Pays(shape(kind.rail))
    is CoreCodeKind.Other -> CodeKind.Other(shape(kind.explanation))
}

private fun shape(it: CoreModules) = Modules(it.size.toInt(), BooleanArray(it.dark.size) { at -> it.dark[at] == 1.toByte() })

internal fun shape(it: CorePayment): Payment = Payment(shape(it.stage), it.left, it.canTakeBack, it.canHandOver)

private fun shape(stage: CoreStage): PaymentStage = when (stage) {
    CoreStage.ASKING -> PaymentStage.ASKING
    CoreStage.WAITING -> PaymentStage.CUSTOMER_PASSWORD
    CoreStage.SCANNING -> PaymentStage.CUSTOMER_SCANS
    CoreStage.LOOKING -> PaymentStage.LOOKING_UP
    CoreStage.TAKING_BACK -> PaymentStage.TAKING_BACK
    CoreStage.PAID_LATE -> PaymentStage.PAID_LATE
    CoreStage.HANDED_OVER -> PaymentStage.HANDED_OVER
}
