package com.voidproof.gateway.core

import com.voidproof.gateway.CompletionRequest
import com.voidproof.gateway.Preauth
import com.voidproof.gateway.PreauthPage
import com.voidproof.gateway.PreauthRequest
import com.voidproof.gateway.Preauths
import com.voidproof.gateway.Sale

internal class CorePreauths(private val door: Door) : Preauths {
    override suspend fun preauth(request: PreauthRequest): Sale = door.ask { bare(request).use { shape(preauth(it)) } }

    override suspend fun heldPreauths(after: String?, limit: Int): PreauthPage =
        door.ask { shape(heldPreauths(after, limit.toUInt())) }

    override suspend fun heldPreauth(sale: String): Preauth = door.ask { shape(heldPreauth(sale)) }

    override suspend fun complete(request: CompletionRequest): Sale = door.ask { bare(request).use { shape(complete(it)) } }
}
