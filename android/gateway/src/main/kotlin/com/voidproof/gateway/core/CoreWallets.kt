package com.voidproof.gateway.core

import com.voidproof.gateway.Approval
import com.voidproof.gateway.CodeKind
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Frame
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Modules
import com.voidproof.gateway.Sale
import com.voidproof.gateway.Secret
import com.voidproof.gateway.Wallets

/** Not in this core: [com.voidproof.gateway.Ability] says so. */
internal object CoreWallets : Wallets {
    override suspend fun recognise(code: Secret): CodeKind = absent()

    override suspend fun readFrame(frame: Frame): List<Secret> = absent()

    override suspend fun modules(text: String): Modules = absent()

    override suspend fun handedOver(sale: String, approval: Approval?): Sale = absent()
}

internal fun absent(what: String = "payment codes"): Nothing = throw GatewayException(Failure.NotFound(what))
