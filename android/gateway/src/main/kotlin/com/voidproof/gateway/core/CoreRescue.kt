package com.voidproof.gateway.core

import com.voidproof.gateway.Approval
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Failure
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.ProfileFile
import com.voidproof.gateway.Rescue
import com.voidproof.gateway.Statement

internal class CoreRescue(private val door: Door) : Rescue {
    override suspend fun acceptRestored(approval: Approval) = door.ask { bare(approval).use { acceptRestored(it) } }

    override suspend fun resolve(statement: Statement) = door.ask { bare(statement).use { resolve(it) } }

    override suspend fun clear(item: String, first: Approval, second: Approval) =
        throw GatewayException(Failure.NotFound("clearing"))

    override suspend fun importKeys(profile: ProfileFile, approval: Approval): CoreState =
        door.ask { bare(approval).use { consent -> shape(importKeys(raw(profile), consent)) } }
}
